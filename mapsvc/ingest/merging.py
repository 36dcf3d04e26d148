"""Pieces of streets become streets: rows and ways of one USRN or one name are joined.

No file is read here and nothing is looked up in a published edition.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.streets import STREET_COLUMNS, AltName
from mapsvc.ingest.naming import alt_names_text, best_spelling
from mapsvc.problems import Problem, Report
from mapsvc.search.normalise import normalise, street_key

REACH = 300.0
"""Pieces of one name no further apart are one street; 14 of Newport's names are in two places."""

POINT_REACH = 600.0
"""The same for points: the middle of a way says nothing of how far the way goes on either side."""

_CHUNK = 500


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
        return normalise(self.locality), normalise(self.town)


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
    streets = [_street(group) for group in groups]
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
        if street_key(other.name) == street_key(piece.name):
            kept.append(piece)
        else:
            report.add(_twin(other, piece))
    return kept


def _twin(first: Piece, second: Piece) -> Problem:
    return Problem(
        "twin_usrn",
        f"USRN {second.usrn} stands for {first.name} in row {first.row} and for {second.name} "
        f"in row {second.row}. {second.name} is left out: give it its own USRN.",
        file=second.file,
        sheet=second.sheet,
        row=second.row,
        column="usrn",
        value=second.usrn,
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
    return "name", street_key(piece.name) or piece.name, piece.place


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


def _street(group: Sequence[Piece]) -> dict[str, object]:
    name = best_spelling([piece.name for piece in group])
    alternatives = (alternative for piece in group for alternative in piece.alt_names)
    return {
        "id": group[0].usrn or group[0].id,
        "usrn": group[0].usrn,
        "name": name,
        "alt_names": alt_names_text(name, alternatives),
        "road_number": _road_numbers(group),
        "geometry": joined([piece.geometry for piece in group]),
        **{column: _commonest(getattr(piece, column) for piece in group) for column in _PLACES},
    }


_PLACES = ("locality", "town", "postcode_district", "parish", "ward", "authority")


def _commonest(values: Iterable[str]) -> str:
    counts = Counter(value for value in values if value)
    return max(counts, key=lambda value: counts[value]) if counts else ""


def _road_numbers(group: Iterable[Piece]) -> str:
    """The road numbers of a street as a `;` list, that of its longest part first."""
    lengths: Counter[str] = Counter()
    for piece in group:
        for number in filter(None, piece.road_number.split(";")):
            lengths[number] += max(1, int(piece.geometry.length))
    return ";".join(sorted(lengths, key=lambda number: (-lengths[number], number)))


def joined(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    """One geometry of several: a MultiLineString where there are lines, else (Multi)Point.

    Areas count as their outlines. Pieces that meet end to end become one part, duplicates go.
    """
    if len(geometries) == 1 and isinstance(geometries[0], LineString):
        return MultiLineString([geometries[0]])
    outlines = np.array([_outline(shape) for shape in geometries], dtype=object)
    parts = shapely.get_parts(outlines)
    lines = parts[shapely.get_dimensions(parts) == 1]
    chosen = lines if len(lines) else parts
    _, first = np.unique(shapely.to_wkb(shapely.normalize(chosen)), return_index=True)
    unique = chosen[np.sort(first)].tolist()
    if not len(lines):
        return unique[0] if len(unique) == 1 else MultiPoint(unique)
    line = shapely.line_merge(MultiLineString(unique))
    return MultiLineString(shapely.get_parts(line).tolist())


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
    streets = streets.assign(id=ids)
    taken = {id for id in ids if id}
    for at in _south_to_north(streets):
        if not ids[at]:
            ids[at] = _free(_derived_id(streets.iloc[at]), taken)
            taken.add(ids[at])
    return streets.assign(id=ids)


def _without_clashes(ids: Sequence[str], usrns: Sequence[str]) -> list[str]:
    """The ids; an `id` of the source that is another street's USRN is taken away."""
    known = set(filter(None, usrns))
    return ["" if id in known and not usrn else id for id, usrn in zip(ids, usrns, strict=True)]


def _south_to_north(streets: gpd.GeoDataFrame) -> list[int]:
    missing = np.flatnonzero((streets["id"] == "").to_numpy())
    bounds = streets.geometry.bounds.to_numpy()
    return sorted(missing.tolist(), key=lambda at: (bounds[at][1], bounds[at][0]))


def _derived_id(street: "gpd.GeoSeries") -> str:
    centre = street.geometry.centroid
    cell = (int(centre.x // 1000), int(centre.y // 1000))
    key = street_key(street["name"]) or street["name"]
    what = (key, normalise(street["locality"]), normalise(street["town"]), *cell)
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
