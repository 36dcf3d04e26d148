"""Ordnance Survey's open lists without headings: OS Open Names, OS Locator, Code-Point Open.

Their columns are known by position, as published by Ordnance Survey. All are in EPSG:27700.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from mapsvc.config import Settings
from mapsvc.crs import LOCAL, to_local
from mapsvc.domain.streets import AltName, Place
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.ingest.gazetteer.sources import ORDNANCE_SURVEY, Source
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.sandbox.parent import REFERENCE, read_sheets
from mapsvc.ingest.values.names import clean_text, district_of, road_numbers
from mapsvc.problems import Report

Bounds = tuple[float, float, float, float]

MARGIN = 1000.0
"""Metres beyond the bounds within which lists of the whole country are still taken."""

SETTLEMENTS = {
    "City": "city",
    "Town": "town",
    "Village": "village",
    "Hamlet": "hamlet",
    "Suburban Area": "suburb",
    "Other Settlement": "hamlet",
}

NAMED_ROADS = frozenset({"Named Road", "Section Of Named Road"})
NUMBERED_ROADS = frozenset({"Numbered Road", "Section Of Numbered Road"})
LANGUAGES = {"eng": "", "": "", "cym": "cy", "gla": "gd", "gle": "ga", "cor": "kw"}

_ID, _NAME1, _NAME2, _LOCAL_TYPE, _X, _Y = 0, 2, 4, 7, 8, 9
_DISTRICT, _PLACE, _PLACE_TYPE, _BOROUGH, _COUNTY = 16, 18, 20, 21, 24

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2}")


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list: its fields as text, and where it stands."""

    cells: Sequence[str]
    file: str
    row: int


def is_open_names(cells: Sequence[Cell]) -> bool:
    """Whether a file that begins with these cells is OS Open Names."""
    if len(cells) < 30:
        return False
    start = clean_text(cells[0]).lower(), clean_text(cells[1]).lower()
    return start == ("id", "names_uri") or "ordnancesurvey.co.uk" in start[1]


def is_locator(cells: Sequence[Cell]) -> bool:
    """Whether a file that begins with these cells is OS Locator (15 fields with colons)."""
    fields = _locator_fields([clean_text(cell) for cell in cells])
    return len(fields) == 15 and all(field.isdigit() for field in fields[2:8])


def is_code_point(cells: Sequence[Cell]) -> bool:
    """Whether a file that begins with these cells is Code-Point Open."""
    texts = [clean_text(cell).upper() for cell in cells[:4]]
    if len(texts) < 4:
        return False
    if texts[0] in {"PC", "POSTCODE"}:
        return texts[1] in {"PQ", "POSITIONAL_QUALITY_INDICATOR"}
    numbers = all(text.isdigit() for text in texts[1:4])
    return bool(_POSTCODE.fullmatch(texts[0])) and numbers


def lines(files: Iterable[Path], report: Report) -> Iterator[ListLine]:
    """The lines of the files, each counted as a row read."""
    for file in files:
        for sheet in read_sheets(file, profile=REFERENCE, raw=True):
            for row in sheet.rows:
                cells = [clean_text(cell) for cell in row.cells]
                if any(cells):
                    report.count("rows read")
                    yield ListLine(cells, file.name, row.number)
            report.notes += [f"{file.name}: {note}" for note in sheet.notes]


def read_open_names(
    files: Iterable[Path], settings: Settings, bounds: Bounds | None, report: Report
) -> Source:
    """Named roads as pieces, populated places and postcodes as places.

    A road is known by one point; a numbered road without a name is no street.
    """
    source = Source(credit=replace(ORDNANCE_SURVEY, source="OS Open Names"))
    area = _Area(settings.crs, bounds)
    for line in lines(files, report):
        if len(line.cells) <= _COUNTY or line.cells[_ID].upper() == "ID":
            continue
        point = area.point(line.cells[_X], line.cells[_Y])
        if point is None:
            report.count("outside the area")
        else:
            _take_name(line, point, source, report)
    source.settlements = [place for place in source.places if place.kind != "postcode"]
    return source


class _Area:
    """Which points are taken, and where they are in the local CRS."""

    def __init__(self, crs: str, bounds: Bounds | None) -> None:
        self._crs = crs
        self._box = None if bounds is None else shapely.box(*bounds).buffer(MARGIN)

    def point(self, easting: str, northing: str) -> shapely.Point | None:
        """None for what is no number, lies outside, or is the (0, 0) of an unknown position."""
        try:
            x, y = float(easting), float(northing)
        except ValueError:
            return None
        if not (np.isfinite([x, y]).all() and x > 0 and y > 0):
            return None
        point = shapely.Point(x, y)
        if self._crs != LOCAL:
            point = to_local(np.array([point]), LOCAL, self._crs)[0]
        return point if self._box is None or self._box.intersects(point) else None


def _take_name(line: ListLine, point: shapely.Point, source: Source, report: Report) -> None:
    kind, name = line.cells[_LOCAL_TYPE], line.cells[_NAME1]
    if kind in NAMED_ROADS:
        source.pieces.append(_road(line, point))
    elif kind in NUMBERED_ROADS:
        report.count("without a name")
    elif kind == "Postcode":
        source.places.append(Place(name, "postcode", point.x, point.y))
    elif kind in SETTLEMENTS:
        for text in filter(None, (name, line.cells[_NAME2])):
            source.places.append(Place(text, SETTLEMENTS[kind], point.x, point.y))


def _road(line: ListLine, point: shapely.Point) -> Piece:
    cells = line.cells
    name, others = english_first((cells[at], cells[at + 1]) for at in (_NAME1, _NAME2))
    place, place_kind = cells[_PLACE], cells[_PLACE_TYPE].rpartition("#")[2].casefold()
    is_town = place_kind in {"town", "city"}
    return Piece(
        name,
        point,
        file=line.file,
        row=line.row,
        alt_names=others,
        locality="" if is_town else place,
        town=place if is_town else "",
        postcode_district=district_of(cells[_DISTRICT]),
        authority=cells[_BOROUGH] or cells[_COUNTY],
    )


def english_first(
    pairs: Iterable[tuple[str, str | None]],
) -> tuple[str, tuple[AltName, ...]]:
    """The name to show, English where there is one, and the others with their language.

    Parameters
    ----------
    pairs : name and Ordnance Survey's code of its language (`cym`); empty names are passed over
    """
    names = [
        AltName(name, LANGUAGES.get((language or "").lower(), ""))
        for name, language in pairs
        if name
    ]
    names.sort(key=lambda name: name.lang != "")
    return (names[0].text, tuple(names[1:])) if names else ("", ())


def read_locator(
    files: Iterable[Path], settings: Settings, bounds: Bounds | None, report: Report
) -> Source:
    """The named roads of OS Locator, each a point; names are in capitals."""
    source = Source(credit=replace(ORDNANCE_SURVEY, source="OS Locator"), is_in_capitals=True)
    area = _Area(settings.crs, bounds)
    for line in lines(files, report):
        fields = _locator_fields(line.cells)
        if len(fields) < 12:
            continue
        point = area.point(fields[2], fields[3])
        if not fields[0]:
            report.count("without a name")
        elif point is None:
            report.count("outside the area")
        else:
            source.pieces.append(_located(fields, point, line))
    return source


def _locator_fields(cells: Sequence[str]) -> list[str]:
    """The 15 fields, whether the colons were taken for dividers or not."""
    fields = cells if len(cells) == 15 else ",".join(cells).split(":")
    return [field.strip() for field in fields]


def _located(fields: Sequence[str], point: shapely.Point, line: ListLine) -> Piece:
    town, locality = fields[8], fields[9]
    return Piece(
        fields[0],
        point,
        file=line.file,
        row=line.row,
        locality=locality if locality != town else "",
        town=town,
        road_number=";".join(road_numbers(fields[1])),
        authority=re.sub(r"\s*\(B\)$|\s+(District|London Boro(ugh)?)\b", "", fields[11]).strip(),
    )


def read_code_point(
    files: Iterable[Path], settings: Settings, bounds: Bounds | None, report: Report
) -> list[Place]:
    """The postcodes with a position; quality 90 means that there is none."""
    area = _Area(settings.crs, bounds)
    places = []
    for line in lines(files, report):
        if len(line.cells) < 4 or not is_postcode(line.cells[0]):
            continue
        point = area.point(line.cells[2], line.cells[3])
        if point is None or line.cells[1] == "90":
            report.count("outside the area")
        else:
            places.append(Place(spaced_postcode(line.cells[0]), "postcode", point.x, point.y))
    return places


def is_postcode(text: str) -> bool:
    """Whether the text is a whole postcode, with or without its space."""
    return bool(_POSTCODE.fullmatch(text.strip().upper()))


def spaced_postcode(text: str) -> str:
    """`NP20 4AB` from `NP204AB` or `NP20  4AB`."""
    squeezed = re.sub(r"\s+", "", text.upper())
    return f"{squeezed[:-3]} {squeezed[-3:]}"
