"""The locality and town of streets whose source has only the points of settlements."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.domain.streets import Place

LOCALITY_REACH = {
    "village": 2500.0,
    "suburb": 2000.0,
    "quarter": 1500.0,
    "hamlet": 1200.0,
    "neighbourhood": 1000.0,
}
"""Metres from the middle of a settlement within which a street may be in it."""

TOWN_REACH = {"city": 12_000.0, "town": 6_000.0}


def with_localities(streets: gpd.GeoDataFrame, places: Sequence[Place]) -> gpd.GeoDataFrame:
    """The same streets, an empty `locality` and `town` filled from the nearest settlement.

    Near is measured against the reach of the kind of settlement, so that a city counts further
    out than a hamlet. A locality that repeats the town stays empty.
    """
    towns = _nearest(streets, places, TOWN_REACH)
    localities = _nearest(streets, places, LOCALITY_REACH)
    town = np.where(streets["town"] == "", towns, streets["town"])
    locality = np.where(streets["locality"] == "", localities, streets["locality"])
    return streets.assign(town=town, locality=np.where(locality == town, "", locality))


def _nearest(
    streets: gpd.GeoDataFrame, places: Sequence[Place], reach: Mapping[str, float]
) -> NDArray[np.object_]:
    """The name of the nearest place for each street, "" where none is within its reach."""
    names = np.full(len(streets), "", dtype=object)
    fitting = [place for place in places if place.kind in reach]
    if not fitting or streets.empty:
        return names
    points = shapely.points([(place.easting, place.northing) for place in fitting])
    radii = np.array([reach[place.kind] for place in fitting])
    lines = streets.geometry.to_numpy()
    place_at, street_at = shapely.STRtree(lines).query(points, "dwithin", radii)
    share = shapely.distance(points[place_at], lines[street_at]) / radii[place_at]
    for at in np.argsort(-share, kind="stable"):
        names[street_at[at]] = fitting[place_at[at]].name
    return names
