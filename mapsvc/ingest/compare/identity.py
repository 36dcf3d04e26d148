"""Ids that last: of verges and streets without an id of their own, carried from edition to edition.

Publishing the same files again changes no id. What else changes is told by `changes`.
"""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.search.normalise import normalise, street_key

REACH = 300.0
"""Metres within which a street of the same name is the same street."""

_DERIVED = re.compile(r"v-[a-z2-7]{10}")
Key = tuple[str, ...]


def derived_verge_id(streets: str, kind: str, stretch: str, ordinal: int = 0) -> str:
    """The id of a verge that has none: the same for the same street, kind, stretch and ordinal.

    `streets` is one street id or a `;` list; `ordinal` counts verges that share all of these.
    """
    what = (*verge_key(streets, kind, stretch), str(ordinal))
    digest = hashlib.sha256("\x1f".join(what).encode()).digest()
    return "v-" + base64.b32encode(digest).decode().lower()[:10]


def is_derived(verge_id: str) -> bool:
    """Whether an id is one that `derived_verge_id` makes, and none of the council's own."""
    return bool(_DERIVED.fullmatch(verge_id))


@lru_cache(maxsize=100_000)
def verge_key(streets: str, kind: str, stretch: str) -> tuple[str, str, str]:
    """What verges without an id share when only their ordinal tells them apart."""
    return ";".join(sorted(streets.split(";"))), normalise(kind), normalise(stretch)


def carry_verge_ids(new: gpd.GeoDataFrame, before: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`new` with the ids that its verges had in the edition before.

    Only derived ids change. A verge is the one before of the same street, kind and stretch; of
    several, the one whose geometry it overlaps most, or lies nearest to.

    Parameters
    ----------
    new, before : VERGE_COLUMNS, same CRS
    """
    ids: list[str] = new["id"].tolist()
    fixed = {id for id in ids if not is_derived(id)}
    pool = _by_key(before, [at for at, id in enumerate(before["id"]) if id not in fixed])
    open_rows = _by_key(new, [at for at, id in enumerate(ids) if is_derived(id)])
    carried = {
        at: str(before["id"].iat[old])
        for key, rows in open_rows.items()
        for at, old in _paired(new, rows, before, pool.get(key, []))
    }
    return new.assign(id=_settled(ids, carried, new))


def with_outlines(
    new: gpd.GeoDataFrame, before: gpd.GeoDataFrame, named: Collection[str]
) -> gpd.GeoDataFrame:
    """`new` with the outlines of the edition before, where its files say of none where it lies.

    A spreadsheet changes dates, not land. Only verges that it names by their id keep one.

    Parameters
    ----------
    new, before : VERGE_COLUMNS, same CRS
    named : the ids that the files give
    """
    if not new.geometry.isna().all():
        return new
    known = dict(zip(before["id"], before.geometry, strict=True))
    kept = [known.get(id) if id in named else None for id in new["id"]]
    return new.set_geometry(gpd.GeoSeries(kept, index=new.index, crs=new.crs))


def _by_key(verges: gpd.GeoDataFrame, rows: Iterable[int]) -> dict[Key, list[int]]:
    streets, kinds, stretches = (verges[name].tolist() for name in ("streets", "kind", "stretch"))
    found: dict[Key, list[int]] = defaultdict(list)
    for at in rows:
        found[verge_key(streets[at], kinds[at], stretches[at])].append(at)
    return found


def _paired(
    new: gpd.GeoDataFrame, rows: Sequence[int], before: gpd.GeoDataFrame, old: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs of rows that are one verge, the best fit first, each row once."""
    if not old:
        return []
    if len(rows) == len(old) == 1:
        return [(rows[0], old[0])]
    shapes, old_shapes = new.geometry.to_numpy(), before.geometry.to_numpy()
    fits = sorted((_misfit(shapes[at], old_shapes[was]), at, was) for at in rows for was in old)
    return _greedy(fits)


def _greedy(fits: Iterable[tuple[Any, int, int]]) -> list[tuple[int, int]]:
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, was in fits:
        if at not in pairs and was not in taken:
            pairs[at] = was
            taken.add(was)
    return list(pairs.items())


def _misfit(shape: BaseGeometry | None, old: BaseGeometry | None) -> tuple[float, float]:
    """0 for the same geometry, up to 1 where they only lie near; then their distance."""
    if shape is None or old is None:
        return (1.0, 0.0) if shape is old else (2.0, 0.0)
    if shapely.equals_exact(shape, old):
        return 0.0, 0.0
    shared, whole = shapely.intersection(shape, old), shapely.union(shape, old)
    measure = shapely.area if shapely.area(whole) else shapely.length
    size = float(measure(whole))
    overlap = float(measure(shared)) / size if size else 0.0
    return 1.0 - overlap, float(shapely.distance(shape, old))


def _settled(ids: Sequence[str], carried: Mapping[int, str], new: gpd.GeoDataFrame) -> list[str]:
    """The carried ids, and for the rest derived ones that none of them has."""
    settled = [carried.get(at, id) for at, id in enumerate(ids)]
    taken = {id for at, id in enumerate(settled) if at in carried or not is_derived(id)}
    streets, kinds, stretches = (new[name].tolist() for name in ("streets", "kind", "stretch"))
    for at, id in enumerate(settled):
        if at in carried or not is_derived(id):
            continue
        ordinal = 0
        while id in taken:
            ordinal += 1
            id = derived_verge_id(streets[at], kinds[at], stretches[at], ordinal)
        settled[at] = id
        taken.add(id)
    return settled


def carry_street_ids(
    new: gpd.GeoDataFrame, before: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """`new` with the ids that its streets had before, and where old ids have gone.

    A street without USRN keeps the id of the same-named street before it that is nearest, within
    `REACH`. A street that got a USRN is now known by it: its old id is a key of the second value,
    so that addresses redirect and marks follow.

    Parameters
    ----------
    new, before : STREET_COLUMNS, same CRS
    """
    ids: list[str] = new["id"].tolist()
    was: list[str] = before["id"].tolist()
    known, kept = set(was), set(ids)
    arrived = [at for at, id in enumerate(ids) if id not in known]
    gone = [at for at, id in enumerate(was) if id not in kept]
    usrns, old_usrns = new["usrn"].tolist(), before["usrn"].tolist()
    moved, carried = {}, {}
    for at, old in _same_streets(new, arrived, before, gone):
        if not usrns[at]:
            carried[at] = was[old]
        elif not old_usrns[old]:
            moved[was[old]] = ids[at]
    return new.assign(id=[carried.get(at, id) for at, id in enumerate(ids)]), moved


def _same_streets(
    new: gpd.GeoDataFrame, rows: Sequence[int], before: gpd.GeoDataFrame, old: Sequence[int]
) -> list[tuple[int, int]]:
    by_name: dict[str, list[int]] = defaultdict(list)
    for at in old:
        by_name[_name_key(before["name"].iat[at])].append(at)
    shapes, old_shapes = new.geometry.to_numpy(), before.geometry.to_numpy()
    fits = []
    for at in rows:
        candidates = by_name.get(_name_key(new["name"].iat[at]), [])
        distances = shapely.distance(old_shapes[candidates], shapes[at]) if candidates else ()
        for candidate, metres in zip(candidates, distances, strict=True):
            if metres <= REACH or np.isnan(metres):
                apart = _apart(shapes[at], old_shapes[candidate])
                fits.append(((float(np.nan_to_num(metres)), apart), at, candidate))
    return _greedy(sorted(fits))


def _apart(shape: BaseGeometry | None, old: BaseGeometry | None) -> float:
    """How far the middles are apart: settles which of two touching streets of a name is which."""
    if shape is None or old is None:
        return 0.0
    return float(np.nan_to_num(shapely.distance(shapely.centroid(shape), shapely.centroid(old))))


def _name_key(name: str) -> str:
    return street_key(name) or name
