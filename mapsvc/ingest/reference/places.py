"""Places to search from: settlements and postcodes, from plain tables and from OS lists."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from mapsvc.config import Settings
from mapsvc.domain.streets import Place
from mapsvc.ingest.gazetteer.detect import beginning
from mapsvc.ingest.gazetteer.os_open import (
    is_code_point,
    is_open_names,
    is_postcode,
    read_code_point,
    read_open_names,
    spaced_postcode,
)
from mapsvc.ingest.gazetteer.sources import CODE_POINT_OPEN, ORDNANCE_SURVEY, Credit
from mapsvc.ingest.records import Record, records_of, refuse_when_empty
from mapsvc.ingest.values.headings import plain
from mapsvc.ingest.values.positions import Bounds
from mapsvc.problems import Report


def read_places(
    files: Sequence[Path], *, settings: Settings, bounds: Bounds | None, report: Report
) -> tuple[list[Place], Credit]:
    """The places of the files, each name, kind and position once, and whom to credit.

    Lists of the whole country are cut to `bounds` with a margin.

    Raises
    ------
    FileRefused : when there is no place in them.
    """
    places: list[Place] = []
    credit = Credit()
    for file in files:
        found, own = _places_of(file, settings, bounds, report)
        places += found
        credit = own if own.source else credit
    unique = list(dict.fromkeys(places))
    refuse_when_empty(unique, "places", files, report)
    report.count("places", len(unique))
    return unique, credit


def _places_of(
    file: Path, settings: Settings, bounds: Bounds | None, report: Report
) -> tuple[Iterable[Place], Credit]:
    _, first = beginning(file)
    if is_code_point(first):
        return read_code_point([file], settings, bounds, report), CODE_POINT_OPEN
    if is_open_names(first):
        return read_open_names([file], settings, bounds, report).places, ORDNANCE_SURVEY
    needs = ("name", "postcode", "locality", "town")
    found: list[Place] = []
    credit = Credit()
    for record in records_of("places", [file], settings, bounds, report, needs):
        found += _places(record, report)
        credit = _credit(record.all_headings)
    return found, credit


@lru_cache(maxsize=16)
def _credit(headings: tuple[str, ...]) -> Credit:
    """Whom to credit for a layer: Ordnance Survey's are known by their headings."""
    known = {plain(heading) for heading in headings}
    if {"pc", "pq"} <= known:
        return CODE_POINT_OPEN
    return ORDNANCE_SURVEY if {"distname", "featcode"} <= known else Credit()


def _places(record: Record, report: Report) -> list[Place]:
    names = list(dict.fromkeys(filter(None, map(record.text, _name_columns(record)))))
    if not names:
        sentence = "This row names no place. Write its name or postcode."
        report.add(record.problem("no_name", "name", sentence))
        return []
    if record.geometry is None:
        report.count("without a position")
        sentence = f"{names[0]} has no position. Write its easting and northing, or lon and lat."
        report.add(record.fault or record.problem("no_position", "easting", sentence))
        return []
    point = record.geometry.representative_point()
    kind = record.text("kind").lower()
    return [_place(name, kind, point.x, point.y) for name in names]


def _name_columns(record: Record) -> tuple[str, ...]:
    """`name` and its Welsh form; without it the one that says what the place is."""
    if "name" in record.headings:
        return "name", "name_cy"
    return (next(c for c in ("postcode", "locality", "town") if c in record.headings),)


def _place(name: str, kind: str, x: float, y: float) -> Place:
    if is_postcode(name):
        return Place(spaced_postcode(name), "postcode", x, y)
    return Place(name, kind or "settlement", x, y)
