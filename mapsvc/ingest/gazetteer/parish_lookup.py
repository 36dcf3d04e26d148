"""Which parish, ward and authority each street lies in, found through an R-tree. No file here."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.domain.streets import listed_places
from mapsvc.search.place_names import place_key, place_keys

COLUMN_OF_KIND: Mapping[str, str] = {
    "parish": "parish",
    "ward": "ward",
    "division": "ward",
    "council": "authority",
    "county": "authority",
}
"""The kinds of area, in the order in which they are asked, and the street's column for each."""

AREA_COLUMNS = ("name", "kind", "code", "geometry")

LEAST_SHARE = 0.1
"""The part of a street that must lie in a second parish before it is said to be in both."""

LEAST_LENGTH = 100.0
"""Metres of a street in a second parish that do as well: long roads run through several."""

TRIFLE = 10.0
"""Metres that never do: boundaries and streets are drawn by different hands."""


def with_areas(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same streets, an empty `parish`, `ward` and `authority` filled from the areas.

    A street that runs through two parishes or wards has both, `Ketton; Tinwell`, that with most
    of its length first; of authorities it has one. Where both wards and divisions are known,
    `ward` is the ward.

    Parameters
    ----------
    areas : (n, 4) AREA_COLUMNS in the CRS of the streets

    Returns
    -------
    The streets with one more column: `parish_code`, the codes of their parishes in the same order
    """
    codes = np.full(len(streets), "", dtype=object)
    filled = streets
    for kind, column in COLUMN_OF_KIND.items():
        own = areas[areas["kind"] == kind]
        if not len(own) or not len(filled):
            continue
        found = _areas_of_lines(filled.geometry.to_numpy(), own, several=column != "authority")
        names, own_codes = own["name"].tolist(), own["code"].tolist()
        if kind == "parish":
            codes = _codes(filled["parish"].tolist(), found, names, own_codes)
        texts = [listed_places(names[at] for at in rows) for rows in found]
        values = np.where(filled[column] == "", np.array(texts, dtype=object), filled[column])
        filled = filled.assign(**{column: values})
    return filled.assign(parish_code=codes)


def _codes(
    stated: Sequence[str],
    found: Sequence[Sequence[int]],
    names: Sequence[str],
    codes: Sequence[str],
) -> NDArray[np.object_]:
    """The codes of the parishes of each street, without those that the gazetteer contradicts."""
    keys = [place_key(name) for name in names]
    values = np.full(len(stated), "", dtype=object)
    for at, rows in enumerate(found):
        said = {key for name in stated[at].split(";") for key in place_keys(name)}
        values[at] = listed_places(codes[row] for row in rows if not said or keys[row] in said)
    return values


def _areas_of_lines(
    lines: NDArray[np.object_], areas: gpd.GeoDataFrame, *, several: bool
) -> list[list[int]]:
    """The areas of each line by position, that with the largest share of its length first."""
    shapes = areas.geometry.to_numpy()
    shapely.prepare(shapes)
    line_at, area_at = shapely.STRtree(shapes).query(lines, predicate="intersects")
    is_shared = np.bincount(line_at, minlength=len(lines))[line_at] > 1
    within = np.full(len(line_at), np.inf)
    within[is_shared] = _within(lines[line_at[is_shared]], shapes[area_at[is_shared]])
    lengths = shapely.length(lines)
    found: list[list[int]] = [[] for _ in range(len(lines))]
    for at in np.argsort(-within, kind="stable").tolist():
        own = found[line_at[at]]
        if not own or (several and _counts(float(within[at]), float(lengths[line_at[at]]))):
            own.append(int(area_at[at]))
    return found


def _counts(within: float, length: float) -> bool:
    """Whether so many metres of a street make it one of a second area too."""
    return within >= TRIFLE and (within >= LEAST_LENGTH or within >= LEAST_SHARE * length)


def _within(lines: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """The length within each shape; for what has no length, a trifle per point."""
    inside = shapely.intersection(lines, shapes)
    measured: NDArray[np.float64] = np.maximum(
        shapely.length(inside), shapely.get_num_coordinates(inside) * 1e-6
    )
    return measured
