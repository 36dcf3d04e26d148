"""Pieces of streets become streets: rows and ways of one USRN or one name are joined.

No file is read here and nothing is looked up in a published edition.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.streets import STREET_COLUMNS, AltName
from mapsvc.ingest.values.names import alt_names_text, best_spelling
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report
from mapsvc.search.normalise import normalise, street_key

REACH = 300.0
"""Pieces of one name no further apart are one street; 14 of Newport's names are in two places."""

POINT_REACH = 600.0
"""The same for points: the middle of a way says nothing of how far the way goes on either side."""

_CHUNK = 500

_FEW = 8
"""Pieces of one name that may all lie near the first: an R-tree for so few takes longer."""

_normalise = lru_cache(maxsize=65_536)(normalise)
_street_key = lru_cache(maxsize=65_536)(street_key)
"""A name stands on every piece of its street, a place on every street of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One row, feature or way of a source, cleaned; `geometry` is in the local CRS.

    `lang` is the code of the language of its name, empty for English or when it is not said.
    """

    name: str
    geometry: BaseGeometry
    file: str = ""
    row: int = 0
    sheet: str = ""
    id: str = ""
    usrn: str = ""
    lang: str = ""
    alt_names: tuple[AltName, ...] = ()
    locality: str = ""
    town: str = ""
    road_number: str = ""
    postcode_district: str = ""
    parish: str = ""
    ward: str = ""
    authority: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return _normalise(self.locality), _normalise(self.town)


def merged(pieces: Sequence[Piece], report: Report, crs: str) -> gpd.GeoDataFrame:
    """The streets that `pieces` make up, in the order of their first pieces.

    Pieces of one USRN, or else of one `id`, are one street wherever they lie. The others are one
    street when they share name and place and touch or lie within `REACH`.

    Parameters
    ----------
    report : gets a problem for each USRN that two names claim (the later is left out), counts
        and a note of the spellings that were folded

    Returns
    -------
    (n, 12) STREET_COLUMNS in `crs`; `id` is empty where neither USRN nor id was given, see
    `with_ids`. Lines are MultiLineString, a street known by points alone is Point or MultiPoint.
    """
    kept = _without_twins(pieces, report)
    groups = _split_by_distance(_grouped(kept))
    streets = [street for portion in _portions(groups) for street in _streets(portion)]
    report.count("folded", len(kept) - len(streets))
    _note_spellings(groups, report)
    return frame(streets, crs)


def frame(streets: Iterable[dict[str, object]], crs: str) -> gpd.GeoDataFrame:
    """Streets as a frame of STREET_COLUMNS; it has its columns and CRS also when it is empty."""
    rows = [[street.get(column, "") for column in STREET_COLUMNS] for street in streets]
    return gpd.GeoDataFrame(rows, columns=list(STREET_COLUMNS), geometry="geometry", crs=crs)


def _without_twins(pieces: Sequence[Piece], report: Report) -> list[Piece]:
    first: dict[str, Piece] = {}
    kept = []
    for piece in pieces:
        other = first.setdefault(piece.usrn, piece) if piece.usrn else piece
        if other is piece or _street_key(other.name) == _street_key(piece.name):
            kept.append(piece)
        else:
            report.add(_twin(other, piece))
    return kept


def _twin(first: Piece, second: Piece) -> Problem:
    return Problem(
        "twin_usrn",
        Message(
            "twin_usrn",
            usrn=second.usrn,
            first=first.name,
            first_row=first.row,
            second=second.name,
            second_row=second.row,
        ),
        file=second.file,
        sheet=second.sheet,
        row=second.row,
        column="usrn",
        value=second.usrn,
        original={
            "usrn": second.usrn,
            "name": second.name,
            "locality": second.locality,
            "town": second.town,
        },
    )


def _grouped(pieces: Iterable[Piece]) -> list[list[Piece]]:
    groups: dict[Hashable, list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(_group_key(piece), []).append(piece)
    return list(groups.values())


def _group_key(piece: Piece) -> Hashable:
    if piece.usrn:
        return "usrn", piece.usrn
    if piece.id:
        return "id", piece.id
    return "name", _street_key(piece.name) or piece.name, piece.place


def _split_by_distance(groups: Iterable[list[Piece]]) -> list[list[Piece]]:
    split = []
    for group in groups:
        if len(group) == 1 or group[0].usrn or group[0].id:
            split.append(group)
            continue
        geometries = np.array([piece.geometry for piece in group], dtype=object)
        labels = clusters(geometries, _reach(geometries))
        for label in dict.fromkeys(labels.tolist()):
            split.append([p for p, own in zip(group, labels, strict=True) if own == label])
    return split


def _reach(geometries: NDArray[np.object_]) -> float:
    return POINT_REACH if (shapely.get_dimensions(geometries) == 0).all() else REACH


def clusters(geometries: NDArray[np.object_], reach: float) -> NDArray[np.int64]:
    """A label for each geometry; those within `reach` of each other, by steps, share one.

    The label is the position of the first of them. Found through an R-tree, in chunks: a name
    such as `Footpath` may have thousands of pieces.
    """
    parents = np.arange(len(geometries))
    if len(geometries) <= _FEW and shapely.dwithin(geometries[0], geometries, reach).all():
        return np.zeros_like(parents)
    tree = shapely.STRtree(geometries)
    for start in range(0, len(geometries), _CHUNK):
        chunk = geometries[start : start + _CHUNK]
        left, right = tree.query(chunk, predicate="dwithin", distance=reach)
        for a, b in zip((left + start).tolist(), right.tolist(), strict=True):
            if a < b:
                _unite(parents, a, b)
    return np.array([_root(parents, at) for at in range(len(geometries))])


def _root(parents: NDArray[np.int64], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = int(parents[at])
    return at


def _unite(parents: NDArray[np.int64], a: int, b: int) -> None:
    low, high = sorted((_root(parents, a), _root(parents, b)))
    parents[high] = low


def _portions(groups: Sequence[list[Piece]]) -> Iterator[Sequence[list[Piece]]]:
    return (groups[start : start + _CHUNK] for start in range(0, len(groups), _CHUNK))


def _streets(groups: Sequence[Sequence[Piece]]) -> Iterator[dict[str, object]]:
    shapes = _joined_each([[piece.geometry for piece in group] for group in groups])
    for group, shape in zip(groups, shapes, strict=True):
        yield _street(group, shape)


def _street(group: Sequence[Piece], shape: BaseGeometry) -> dict[str, object]:
    name = best_spelling([piece.name for piece in group]) if len(group) > 1 else group[0].name
    alternatives = (alternative for piece in group for alternative in piece.alt_names)
    return {
        "id": group[0].usrn or group[0].id,
        "usrn": group[0].usrn,
        "name": name,
        "alt_names": alt_names_text(name, alternatives),
        "road_number": _road_numbers(group),
        "geometry": shape,
        **{column: _commonest(getattr(piece, column) for piece in group) for column in _PLACES},
    }


_PLACES = ("locality", "town", "postcode_district", "parish", "ward", "authority")


def _commonest(values: Iterable[str]) -> str:
    filled = [value for value in values if value]
    if len(set(filled)) < 2:
        return filled[0] if filled else ""
    counts = Counter(filled)
    return max(counts, key=lambda value: counts[value]) if counts else ""


def _road_numbers(group: Iterable[Piece]) -> str:
    """The road numbers of a street as a `;` list, that of its longest part first."""
    lengths: Counter[str] = Counter()
    for piece in (piece for piece in group if piece.road_number):
        for number in filter(None, piece.road_number.split(";")):
            lengths[number] += max(1, int(piece.geometry.length))
    return ";".join(sorted(lengths, key=lambda number: (-lengths[number], number)))


def joined(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    """One geometry of several: a MultiLineString where there are lines, else (Multi)Point.

    Areas count as their outlines. Pieces that meet end to end become one part, duplicates go.
    """
    (shape,) = _joined_each([geometries])
    return shape


def _joined_each(groups: Sequence[Sequence[BaseGeometry]]) -> list[BaseGeometry]:
    """`joined` of each group, in calls over all of them: one by one they take ten times as long."""
    owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    outlines = np.array([_outline(shape) for group in groups for shape in group], dtype=object)
    parts, of = shapely.get_parts(outlines, return_index=True)
    owners, is_line = owners[of], shapely.get_dimensions(parts) == 1
    chosen = _first_of_each(parts, owners, is_line | ~np.isin(owners, owners[is_line]))
    parts, owners, is_line = parts[chosen], owners[chosen], is_line[chosen]
    lines = _together(shapely.multilinestrings, parts[is_line], owners[is_line])
    merged = shapely.line_merge(np.array(list(lines.values()), dtype=object))
    pieces, of = shapely.get_parts(merged, return_index=True)
    whole = _together(shapely.multilinestrings, pieces, np.array(list(lines), dtype=int)[of])
    points = _together(shapely.multipoints, parts[~is_line], owners[~is_line])
    found = whole | {at: _alone(shape) for at, shape in points.items()}
    return [found.get(at, NOWHERE) for at in range(len(groups))]


NOWHERE = MultiLineString()
"""Where a street lies whose pieces have no place."""


def _alone(points: MultiPoint) -> BaseGeometry:
    """The point of a MultiPoint that has only one."""
    return points.geoms[0] if len(points.geoms) == 1 else points


def _together(
    make: Callable[..., NDArray[np.object_]],
    parts: NDArray[np.object_],
    owners: NDArray[np.int64],
) -> dict[int, Any]:
    """One geometry for each owner, which come in order."""
    if not len(parts):
        return {}
    different, indices = np.unique(owners, return_inverse=True)
    made = make(parts, indices=indices)
    return dict(zip(different.tolist(), made.tolist(), strict=True))


def _first_of_each(
    shapes: NDArray[np.object_], owners: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> list[int]:
    """The positions of an owner's chosen shapes, each once, also if drawn the other way round."""
    seen: dict[tuple[int, bytes], int] = {}
    wkb = shapely.to_wkb(shapely.normalize(shapes))
    for at in np.flatnonzero(chosen).tolist():
        seen.setdefault((int(owners[at]), wkb[at]), at)
    return list(seen.values())


def _outline(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, GeometryCollection):
        return joined(list(shape.geoms))
    if shape.geom_type == "LinearRing":
        return LineString(shape.coords)
    return shape.boundary if shapely.get_dimensions(shape) == 2 else shape


def _note_spellings(groups: Iterable[Sequence[Piece]], report: Report) -> None:
    folded = []
    for group in groups:
        spellings = sorted({piece.name for piece in group})
        if len(spellings) > 1:
            folded.append(" = ".join(spellings))
    if folded:
        report.count("names with several spellings", len(folded))
        shown = "; ".join(folded[:5])
        more = f" and {len(folded) - 5} more" if len(folded) > 5 else ""
        report.notes.append(f"Spellings of one street were joined: {shown}{more}.")


def with_ids(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same streets, those without an id given one from name, place and 1 km cell.

    The id stays the same while the street does, whatever else is in the file. Where two streets
    come to the same id, the more northerly ones get `-2`, `-3` …
    """
    ids = _without_clashes(streets["id"].tolist(), streets["usrn"].tolist())
    missing = np.array([at for at, id in enumerate(ids) if not id], dtype=np.int64)
    taken = {id for id in ids if id}
    for at, id in _derived_ids(streets.iloc[_south_to_north(streets, missing)]):
        ids[at] = _free(id, taken)
        taken.add(ids[at])
    return streets.assign(id=ids)


def _without_clashes(ids: Sequence[str], usrns: Sequence[str]) -> list[str]:
    """The ids; an `id` of the source that is another street's USRN is taken away."""
    known = set(filter(None, usrns))
    return ["" if id in known and not usrn else id for id, usrn in zip(ids, usrns, strict=True)]


def _south_to_north(streets: gpd.GeoDataFrame, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    bounds = streets.geometry.iloc[rows].bounds.to_numpy()
    return rows[np.lexsort((bounds[:, 0], bounds[:, 1]))]


def _derived_ids(streets: gpd.GeoDataFrame) -> Iterator[tuple[int, str]]:
    """The index of each street and the id that it comes to."""
    cells = shapely.get_coordinates(shapely.centroid(streets.geometry.to_numpy())) // 1000
    named = (streets[column].tolist() for column in ("name", "locality", "town"))
    for at, name, locality, town, (x, y) in zip(
        streets.index.tolist(), *named, cells.tolist(), strict=True
    ):
        key = _street_key(name) or name
        yield at, _derived_id(key, _normalise(locality), _normalise(town), int(x), int(y))


def _derived_id(*what: str | int) -> str:
    digest = hashlib.sha256("\x1f".join(map(str, what)).encode()).digest()
    return "s-" + base64.b32encode(digest).decode().lower()[:10]


def _free(id: str, taken: set[str]) -> str:
    number = 2
    free = id
    while free in taken:
        free, number = f"{id}-{number}", number + 1
    return free


def with_trusted_ids(pieces: Sequence[Piece], report: Report) -> list[Piece]:
    """The pieces without their ids, unless these name streets: one id each, and no id twice.

    The `id` column of a layer from a GIS numbers its features; taken for street ids it would
    tear every street apart.
    """
    if not any(piece.id for piece in pieces):
        return list(pieces)
    bare = [replace(piece, id="") for piece in pieces]
    given = {id(own): piece.id for own, piece in zip(bare, pieces, strict=True)}
    sets = [{given[id(own)] for own in group} for group in _split_by_distance(_grouped(bare))]
    every = Counter(text for ids in sets for text in ids)
    if all(len(ids) == 1 for ids in sets) and all(n == 1 for n in every.values()):
        return list(pieces)
    if any(every):
        report.notes.append("The column id numbers pieces, not streets, and is not used.")
    return bare
