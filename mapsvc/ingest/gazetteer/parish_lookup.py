"""Which parish, ward and authority each street lies in, found through an R-tree. No file here."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

COLUMN_OF_KIND: Mapping[str, str] = {
    "parish": "parish",
    "ward": "ward",
    "division": "ward",
    "council": "authority",
    "county": "authority",
}
"""The kinds of area, in the order in which they are asked, and the street's column for each."""

AREA_COLUMNS = ("name", "kind", "geometry")


def with_areas(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same streets, an empty `parish`, `ward` and `authority` filled from the areas.

    A street in several areas of a kind is in that with the largest share of its length. Where
    both wards and divisions are known, `ward` is the ward.

    Parameters
    ----------
    areas : (n, 3) AREA_COLUMNS in the CRS of the streets
    """
    filled = streets
    for kind, column in COLUMN_OF_KIND.items():
        own = areas[areas["kind"] == kind]
        if len(own) and len(filled):
            names = _largest_share(filled.geometry.to_numpy(), own)
            values = np.where(filled[column] == "", names, filled[column])
            filled = filled.assign(**{column: values})
    return filled


def _largest_share(lines: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.object_]:
    shapes = areas.geometry.to_numpy()
    shapely.prepare(shapes)
    line_at, area_at = shapely.STRtree(shapes).query(lines, predicate="intersects")
    is_shared = np.bincount(line_at, minlength=len(lines))[line_at] > 1
    shares = np.ones(len(line_at))
    shares[is_shared] = _within(lines[line_at[is_shared]], shapes[area_at[is_shared]])
    names = np.full(len(lines), "", dtype=object)
    texts = areas["name"].to_numpy()
    for at in np.argsort(shares, kind="stable"):
        names[line_at[at]] = texts[area_at[at]]
    return names


def _within(lines: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """The length within each shape; for what has no length, a trifle per point."""
    inside = shapely.intersection(lines, shapes)
    measured: NDArray[np.float64] = np.maximum(
        shapely.length(inside), shapely.get_num_coordinates(inside) * 1e-6
    )
    return measured
