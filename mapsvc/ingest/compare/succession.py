"""What becomes of streets that a new gazetteer calls otherwise or has no more; ids: `identity`."""

from collections.abc import Collection, Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from mapsvc.domain.streets import AltName, format_alt_names, parse_alt_names
from mapsvc.search.normalise import street_key

BESIDE = 15.0
"""Metres around a street that is gone, within which a new one runs where it ran."""

NEAR = 200.0
"""Metres within which a street may have the grass of one that is gone."""

MOST_SUCCESSORS = 5


def with_former_names(
    new: gpd.GeoDataFrame, before: gpd.GeoDataFrame, moved: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """`new` with the names that its streets bore before, as former names.

    Parameters
    ----------
    new, before : STREET_COLUMNS; streets are known to each other by id
    moved : the ids of before that are others now, two of one if streets were joined
    """
    kept: dict[str, list[AltName]] = {}
    columns = (before[name].tolist() for name in ("id", "name", "alt_names"))
    for id, name, others in zip(*columns, strict=True):
        former = [other for other in parse_alt_names(others) if other.is_former]
        kept.setdefault(moved.get(id, id), []).extend([*former, AltName(name, is_former=True)])
    names, others = new["name"].tolist(), new["alt_names"].tolist()
    texts = [
        _with(text, name, kept.get(id, ()))
        for id, name, text in zip(new["id"], names, others, strict=True)
    ]
    return new.assign(alt_names=texts)


def _with(text: str, name: str, former: Sequence[AltName]) -> str:
    """The other names with the former ones that are not among them, nor the name spelt anew."""
    own = parse_alt_names(text) if text else ()
    known = {street_key(name), *(street_key(other.text) for other in own)}
    more: dict[str, AltName] = {}
    for one in former:
        if (key := street_key(one.text)) not in known:
            more.setdefault(key, one)
    return format_alt_names((*own, *more.values())) if more else text


def successors(
    gone: str, new: gpd.GeoDataFrame, before: gpd.GeoDataFrame, known: Collection[str]
) -> list[str]:
    """The ids of streets that may have the grass of one that is gone, the likeliest first.

    That is the one that runs where it ran; of those that run there equally, a new one.

    Parameters
    ----------
    new, before : STREET_COLUMNS, same CRS
    known : the ids of `before`
    """
    line = before.geometry[before["id"] == gone].iloc[0]
    if line is None or line.is_empty or new.empty:
        return []
    shapes = new.geometry.to_numpy()
    rows = shapely.STRtree(shapes).query(line, predicate="dwithin", distance=NEAR)
    around = shapely.buffer(line, BESIDE)
    shared = shapely.length(shapely.intersection(shapes[rows], around))
    apart = shapely.distance(shapes[rows], line)
    ids = new["id"].to_numpy()[rows]
    is_known = np.array([id in known for id in ids], dtype=bool)
    order = np.lexsort((apart, is_known, -np.round(shared)))
    return [str(id) for id in ids[order][:MOST_SUCCESSORS]]
