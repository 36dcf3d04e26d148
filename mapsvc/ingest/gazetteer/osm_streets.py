"""OpenStreetMap extracts as a source of streets, settlements, parishes and grass."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.config import Settings
from mapsvc.crs import WGS84, to_local, transform
from mapsvc.domain.streets import AltName, Place
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.ingest.gazetteer.parish_lookup import AREA_COLUMNS
from mapsvc.ingest.gazetteer.sources import OPEN_STREET_MAP, Source
from mapsvc.ingest.sandbox.parent import REFERENCE, Profile, in_child
from mapsvc.ingest.values.geometries import MARGIN, Bounds
from mapsvc.ingest.values.names import clean_text, district_of, road_numbers
from mapsvc.problems import Report

READER = "mapsvc.ingest.formats.osm:read"

KIND_OF_LEVEL = {"10": "parish", "8": "council", "6": "county"}
"""`admin_level` in Great Britain: parishes and communities; districts; counties and unitaries."""

Rows = Sequence[Mapping[str, Any]]


def read_osm(
    files: Iterable[Path],
    settings: Settings,
    bounds: Bounds | None,
    report: Report,
    profile: Profile = REFERENCE,
) -> Source:
    """What the extracts hold; ways of the same name are still apart.

    An extract reaches over the council's edge, so ways outside `bounds` are counted and no
    problems. Without bounds, ways far from the others (members of long routes) are left out.
    """
    source = Source(credit=OPEN_STREET_MAP, ids_are_streets=False)
    areas, grass = [], []
    for file in files:
        rows = _by_what(file, profile, report)
        source.pieces += _near(_pieces(rows["way"], file.name, settings.crs), bounds, report)
        source.settlements += _places(rows["place"], settings.crs)
        source.places += _other_names(rows["place"], settings.crs)
        areas.append(_areas(rows["boundary"], settings.crs))
        grass.append(_grass(rows["grass"], settings.crs))
    source.places = source.settlements + source.places
    source.areas = _together(areas, settings.crs)
    source.grass = _together(grass, settings.crs)
    report.count("grass areas", len(source.grass))
    return source


def _by_what(file: Path, profile: Profile, report: Report) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {
        what: [] for what in ("way", "place", "boundary", "grass", "count")
    }
    for row in in_child(READER, file, profile):
        rows[row["what"]].append(row)
    counts = {row["word"]: row["number"] for row in rows["count"]}
    report.count("rows read", counts.get("rows read", 0))
    report.count("without a name", counts.get("without a name", 0))
    lost = counts.get("grass relations", 0) - counts.get("grass relations assembled", 0)
    if lost > 0:
        report.notes.append(f"{file.name}: {lost} grass areas have broken outlines; left out.")
    return rows


def _shapes(rows: Rows, crs: str) -> NDArray[np.object_]:
    """(n,) geometries in the local CRS; None for what lies outside its grid."""
    shapes = np.asarray(shapely.from_wkb([row["wkb"] for row in rows]), dtype=object)
    points, owners = shapely.get_coordinates(shapes, return_index=True)
    inside = np.isfinite(transform(points[:, 0], points[:, 1], WGS84, crs)).all(axis=1)
    shapes[np.unique(owners[~inside])] = None
    return to_local(shapes, WGS84, crs)


def _pieces(rows: Rows, file: str, crs: str) -> list[Piece]:
    pieces = []
    for row, shape in zip(rows, _shapes(rows, crs), strict=True):
        name = clean_text(row["name"])
        if shape is not None and name:
            pieces.append(_piece(row, name, shape, file))
    return pieces


def _piece(row: Mapping[str, Any], name: str, shape: Any, file: str) -> Piece:
    return Piece(
        name,
        shape,
        file=file,
        row=row["id"],
        alt_names=tuple(AltName(*pair) for pair in row["alt_names"]),
        road_number=";".join(road_numbers(row["road_number"])),
        postcode_district=district_of(row["postcode"]),
    )


def _near(pieces: list[Piece], bounds: Bounds | None, report: Report) -> list[Piece]:
    if bounds is None or not pieces:
        return pieces
    shapes = np.array([piece.geometry for piece in pieces], dtype=object)
    kept = shapely.distance(shapes, shapely.box(*bounds)) <= MARGIN
    report.count("outside the area", int((~kept).sum()))
    return [piece for piece, is_kept in zip(pieces, kept, strict=True) if is_kept]


def _places(rows: Rows, crs: str) -> list[Place]:
    """The places under their main names, in the order of the file."""
    return [
        Place(clean_text(row["name"]), row["kind"], shape.x, shape.y)
        for row, shape in zip(rows, _shapes(rows, crs), strict=True)
        if shape is not None
    ]


def _other_names(rows: Rows, crs: str) -> list[Place]:
    """The same places under their Welsh and other names, to search from."""
    found = []
    for row, shape in zip(rows, _shapes(rows, crs), strict=True):
        names = dict.fromkeys(map(clean_text, row["others"]))
        names.pop(clean_text(row["name"]), None)
        if shape is not None:
            found += [Place(name, row["kind"], shape.x, shape.y) for name in names if name]
    return found


def _areas(rows: Rows, crs: str) -> gpd.GeoDataFrame:
    known = [row for row in rows if row["level"] in KIND_OF_LEVEL]
    records = [
        (clean_text(row["name"]), KIND_OF_LEVEL[row["level"]], row.get("code", ""), shape)
        for row, shape in zip(known, _shapes(known, crs), strict=True)
        if shape is not None
    ]
    return _frame(records, crs)


def _grass(rows: Rows, crs: str) -> gpd.GeoDataFrame:
    shapes = zip(rows, _shapes(rows, crs), strict=True)
    records = [(clean_text(row["name"]), "amenity", "", s) for row, s in shapes if s is not None]
    return _frame(records, crs)


def _frame(records: list[tuple[str, str, str, Any]], crs: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(records, columns=list(AREA_COLUMNS), geometry="geometry", crs=crs)


def _together(frames: Sequence[gpd.GeoDataFrame], crs: str) -> gpd.GeoDataFrame:
    records = [tuple(row) for one in frames for row in one.itertuples(index=False)]
    return _frame(records, crs)
