"""The locality and town of streets whose source has only the points of settlements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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

PARTS_OF_A_TOWN = frozenset({"suburb", "quarter", "neighbourhood"})
"""Localities that a street of a town may be in; a village beside the town is another place."""

_NOWHERE = -1


def with_localities(
    streets: gpd.GeoDataFrame, places: Sequence[Place], areas: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """The same streets, an empty `locality` and `town` filled from the nearest settlement.

    Near is measured against the reach of the kind of settlement, so that a city counts further
    out than a hamlet. Outlines come first: a street within a parish is in no village outside it,
    nor a street outside all parishes in a village within one; and its town is that of its parish,
    where there is one. Suburbs know no parishes. A street nearer to its town than to a village
    is in the town alone. A locality that repeats the town stays empty.

    Parameters
    ----------
    areas : AREA_COLUMNS in the CRS of the streets; those of the kind parish count
    """
    if streets.empty or not places:
        return streets
    outlines = _Outlines(streets.geometry.to_numpy(), places, areas)
    towns = _nearest(outlines, TOWN_REACH, must_share=True)
    other_towns = _nearest(outlines, TOWN_REACH, must_share=False)
    localities = _nearest(outlines, LOCALITY_REACH, must_share=True)
    is_in_town = towns.is_nearer_than(localities) & ~localities.is_of(PARTS_OF_A_TOWN)
    found_town = np.where(towns.names != "", towns.names, other_towns.names)
    found_locality = np.where(is_in_town, "", localities.names)
    town = np.where(streets["town"] == "", found_town, streets["town"])
    locality = np.where(streets["locality"] == "", found_locality, streets["locality"])
    return streets.assign(town=town, locality=np.where(locality == town, "", locality))


class _Outlines:
    """Streets and settlements, and which of them lie in one parish."""

    def __init__(
        self,
        lines: NDArray[np.object_],
        places: Sequence[Place],
        areas: gpd.GeoDataFrame | None,
    ) -> None:
        self.lines, self.places = lines, places
        self.points = shapely.points([(place.easting, place.northing) for place in places])
        parishes = None if areas is None else areas[areas["kind"] == "parish"]
        shapes = np.array([] if parishes is None else parishes.geometry.to_numpy(), dtype=object)
        tree = shapely.STRtree(shapes)
        self._place_parish = np.full(len(places), _NOWHERE)
        at, parish = tree.query(self.points, predicate="intersects")
        self._place_parish[at] = parish
        street, parish = tree.query(lines, predicate="intersects")
        self._parishes = len(shapes)
        self._pairs = street * self._parishes + parish
        self._has_parish = np.zeros(len(lines), dtype=bool)
        self._has_parish[street] = True

    def share(self, streets: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each street and settlement lie in one parish, or both in none."""
        parishes = self._place_parish[places]
        is_within = np.isin(streets * self._parishes + parishes, self._pairs)
        shared: NDArray[np.bool_] = np.where(
            parishes == _NOWHERE, ~self._has_parish[streets], is_within
        )
        return shared


@dataclass(frozen=True, slots=True)
class _Nearest:
    """For each street the name and kind of a settlement, and its distance as a share of its reach;
    "" and infinity where there is none.
    """

    names: NDArray[np.object_]
    kinds: NDArray[np.object_]
    shares: NDArray[np.float64]

    def is_nearer_than(self, other: "_Nearest") -> NDArray[np.bool_]:
        nearer: NDArray[np.bool_] = self.shares < other.shares
        return nearer

    def is_of(self, kinds: Iterable[str]) -> NDArray[np.bool_]:
        return np.isin(self.kinds.astype(str), list(kinds))


def _nearest(outlines: _Outlines, reach: Mapping[str, float], *, must_share: bool) -> _Nearest:
    """The nearest settlement of each street, of those in the same parish if that must be."""
    size = len(outlines.lines)
    names, kinds = np.full(size, "", dtype=object), np.full(size, "", dtype=object)
    found = _Nearest(names, kinds, np.full(size, np.inf))
    rows = [at for at, place in enumerate(outlines.places) if place.kind in reach]
    if not rows:
        return found
    radii = np.array([reach[outlines.places[at].kind] for at in rows])
    points = outlines.points[rows]
    place_at, street_at = shapely.STRtree(outlines.lines).query(points, "dwithin", radii)
    if must_share:
        is_part = np.array([outlines.places[at].kind in PARTS_OF_A_TOWN for at in rows])
        is_kept = is_part[place_at] | outlines.share(street_at, np.array(rows)[place_at])
        place_at, street_at = place_at[is_kept], street_at[is_kept]
    shares = shapely.distance(points[place_at], outlines.lines[street_at]) / radii[place_at]
    for at in np.argsort(-shares, kind="stable"):
        place = outlines.places[rows[place_at[at]]]
        found.names[street_at[at]], found.kinds[street_at[at]] = place.name, place.kind
        found.shares[street_at[at]] = shares[at]
    return found
