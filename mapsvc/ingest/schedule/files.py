"""The files of a schedule, read in the limited child, as lines. `read` says what they mean."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from mapsvc.config import Settings
from mapsvc.domain.schedule_columns import ONLY_OF_SCHEDULES, PLAIN_FIELDS
from mapsvc.errors import FileRefused
from mapsvc.ingest.formats.kinds import OTHERS
from mapsvc.ingest.gazetteer.osm_streets import read_osm
from mapsvc.ingest.matching.matcher import TIED, Matcher
from mapsvc.ingest.rows import Row, Sheet
from mapsvc.ingest.sandbox.parent import SCHEDULE, file_kind, read_sheets
from mapsvc.ingest.schedule.lines import ScheduleLine, text_of
from mapsvc.ingest.schedule.site_numbers import with_ids_per_site, with_usrns_of_sites
from mapsvc.ingest.schedule.table_shapes import (
    HeadedTable,
    codes_of_calendar,
    is_calendar,
    lines_of_table,
    with_cells,
)
from mapsvc.ingest.schedule.unheaded import lines_without_headings, no_headings
from mapsvc.ingest.values.headings import (
    POSITIONS,
    looks_like_kind,
    plain,
    recognised_for,
    unread_headings,
)
from mapsvc.ingest.values.positions import Bounds, placed
from mapsvc.ingest.values.refusals import did_you_mean, first_of
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Report

_NAMES = ("usrn", "street", "verge", "round")

_NUMBERING = frozenset({"fid", "id", "gmlid", "objectid", "ogcfid", "featureid"})
"""Headings under which programs number the features of a layer: no verge keeps such a number."""


@dataclass(frozen=True, slots=True)
class _Unheaded:
    """A table that may be one without headings, and what to say if it is not."""

    sheet: Sheet
    rows: list[Row]
    refusal: Message


@dataclass(slots=True)
class _Read:
    """What the files hold, before tables become lines."""

    tables: list[HeadedTable]
    unheaded: list[_Unheaded]
    lines: list[ScheduleLine]


def lines_of(
    files: Sequence[Path],
    streets: gpd.GeoDataFrame,
    matcher: Matcher,
    settings: Settings,
    report: Report,
) -> list[ScheduleLine]:
    """The lines of all files together.

    Raises
    ------
    FileRefused : for a file that cannot be read, or is no schedule.
    """
    read = _Read([], [], [])
    bounds = _bounds(streets)
    for file in files:
        if file_kind(file, profile=SCHEDULE) in OTHERS:
            read.lines += _grass_lines(file, matcher, settings, report)
        else:
            _read_tables(file, read, settings, bounds, report)
    calendars: dict[str, set[str]] = {}
    for table in filter(is_calendar, read.tables):
        calendars |= codes_of_calendar(table)
    lines = list(read.lines)
    for table in read.tables:
        own = with_ids_per_site(lines_of_table(table), report)
        lines += _with_trusted_ids(_rounds_by_heading(own, table, calendars), report)
    for unheaded in read.unheaded:
        lines += _unheaded_lines(unheaded, read, matcher, calendars, report)
    return lines


def _unheaded_lines(
    unheaded: _Unheaded,
    read: _Read,
    matcher: Matcher,
    calendars: dict[str, set[str]],
    report: Report,
) -> list[ScheduleLine]:
    """The lines of a table without headings; a page of notes beside good sheets has none."""
    sheet = unheaded.sheet
    lines = lines_without_headings(sheet, unheaded.rows, matcher, calendars)
    if lines:
        report.count("rows read", len(unheaded.rows))
    elif any(table.sheet.file == sheet.file for table in read.tables):
        report.notes.append(_not_used(sheet))
    else:
        raise FileRefused(unheaded.refusal)
    return lines


def _not_used(sheet: Sheet) -> str:
    return f"{sheet.file}: the sheet {sheet.name} holds no schedule and was not used."


def _bounds(streets: gpd.GeoDataFrame) -> Bounds | None:
    if streets.empty:
        return None
    west, south, east, north = streets.total_bounds.tolist()
    return west, south, east, north


def _read_tables(
    file: Path, read: _Read, settings: Settings, bounds: Bounds | None, report: Report
) -> None:
    passed_over: list[HeadedTable] = []
    before = len(read.tables) + len(read.unheaded)
    for sheet in read_sheets(file, profile=SCHEDULE, known=report.named):
        rows = list(sheet.rows)
        report.add(*sheet.problems)
        if not any(sheet.headings):
            if rows:
                read.unheaded.append(_Unheaded(sheet, rows, no_headings(sheet.file)))
            continue
        columns = recognised_for(report, sheet.file, sheet.name, sheet.headings)
        table = HeadedTable(sheet, columns, rows, [None] * len(rows))
        table = with_usrns_of_sites(table, report)
        if not _is_schedule(table):
            if table.columns.columns:
                passed_over.append(table)
            else:
                read.unheaded.append(_without_headings(table))
            continue
        read.tables.append(_positioned(table, settings, bounds, report))
        _tell(table, report)
    if len(read.tables) + len(read.unheaded) == before:
        raise FileRefused(_refusal(file.name, passed_over))
    report.notes += [_not_used(table.sheet) for table in passed_over]


def _without_headings(table: HeadedTable) -> _Unheaded:
    """A table whose headings mean nothing: they may be its first row."""
    first = Row(table.rows[0].number - 1 if table.rows else 1, table.sheet.headings)
    return _Unheaded(table.sheet, [first, *table.rows], _refusal(table.sheet.file, [table]))


def _is_schedule(table: HeadedTable) -> bool:
    columns = table.columns
    if is_calendar(table):
        return True
    about = table.has("usrn", "street", "verge", "round", "wkt", "easting", "lon")
    has_land = any(r.geometry is not None and "Polygon" in r.geometry.geom_type for r in table.rows)
    if not (about or has_land):
        return False
    has_dates = any(columns.numbered(name) for name in ("cut {n}", "cut {n} start", "month {n}"))
    if has_dates or table.has("month", "month_number", *ONLY_OF_SCHEDULES, "wkt"):
        return True
    return has_land and looks_like_kind(table.sheet.headings) in (None, "schedule")


def _refusal(file: str, tables: Sequence[HeadedTable]) -> Message:
    if not tables:
        return Message("schedule_without_rows", file=file)
    table = max(tables, key=lambda one: len(one.rows))
    headings = [heading for heading in table.sheet.headings if heading]
    shown = first_of(headings)
    other = looks_like_kind(headings)
    if other in (None, "schedule") and table.has("usrn", "street"):
        other = "gazetteer"
    if other in OTHER_KINDS:
        return Message(
            "nothing_about_cutting", file=file, columns=shown, kind=other, noun=OTHER_KINDS[other]
        )
    always = ",".join(PLAIN_FIELDS)
    if near := did_you_mean("schedule", headings, _NAMES):
        heading, known = near
        return Message(
            "no_column_of_a_schedule_but_one_near",
            file=file,
            columns=shown,
            heading=heading,
            known=known,
            examples=always,
        )
    return Message("no_column_of_a_schedule", file=file, columns=shown, examples=always)


OTHER_KINDS = {
    "gazetteer": Message("of_streets"),
    "keepers": Message("of_keepers"),
    "places": Message("of_places"),
    "boundaries": Message("of_boundaries"),
}


def _positioned(
    table: HeadedTable, settings: Settings, bounds: Bounds | None, report: Report
) -> HeadedTable:
    """The same table with geometries in the local CRS, where it has any."""
    has_columns = table.has(*POSITIONS)
    if not has_columns and all(row.geometry is None for row in table.rows):
        return table
    names = {name: table.sheet.headings[at] for name, at in table.columns.columns.items()}
    cells = [{name: table.cell(row, name) for name in names} for row in table.rows]
    found = placed(list(table.rows), cells, names, table.sheet, settings, bounds)
    report.add(*(one.fault for one in found if one.fault))
    kept = [
        (row, one.geometry)
        for row, own, one in zip(table.rows, cells, found, strict=True)
        if not one.fault or one.geometry is not None or any(map(text_of, map(own.get, _NAMES)))
    ]
    return replace(table, rows=[row for row, _ in kept], geometries=[shape for _, shape in kept])


def _tell(table: HeadedTable, report: Report) -> None:
    sheet = table.sheet
    where = f"{sheet.file}, {sheet.name}" if sheet.name else sheet.file
    rows = sum(row.geometry is not None or any(map(text_of, row.cells)) for row in table.rows)
    report.count("rows read", rows)
    report.notes += [f"{where}: {note}" for note in sheet.notes]
    report.notes += [f"{where}: {sentence}" for sentence in table.columns.ambiguous_sentences()]
    if not is_calendar(table):
        sentences = table.columns.unrecognised_sentences()
        report.notes += [f"{where}: {sentence}" for sentence in sentences]
    if unused := unread_headings("schedule", sheet.headings, table.columns):
        report.notes.append(f"{where}: columns not used: {first_of(unused)}.")


def _rounds_by_heading(
    lines: list[ScheduleLine], table: HeadedTable, calendars: dict[str, set[str]]
) -> list[ScheduleLine]:
    """Where a calendar's column has the heading of a column of the streets, that is the round."""
    services = {plain(service): service for service in calendars}
    shared = {
        services[plain(heading)]: at
        for at, heading in enumerate(table.sheet.headings)
        if plain(heading) in services
    }
    if not shared or is_calendar(table) or table.has("round"):
        return lines
    rows = {row.number: row for row in table.rows}
    return [
        with_cells(line, round=text_of(table.at(rows[line.row], at)), service=service)
        for line in lines
        for service, at in shared.items()
    ]


def _with_trusted_ids(lines: list[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines without the numbers of features, unless these can be told to name verges."""
    features = [line for line in lines if line.is_feature and line.text("verge")]
    if not features:
        return lines
    heading = features[0].headings["verge"]
    shapes = {(line.text("verge").casefold(), line.row) for line in features}
    times = Counter(id for id, _ in shapes)
    if plain(heading) not in _NUMBERING and max(times.values()) == 1:
        return lines
    if plain(heading) not in _NUMBERING:
        report.notes.append(
            f"{features[0].file}: the column {heading} does not tell verges apart; it was not used."
        )
    return [with_cells(line, verge=None) for line in lines]


def _grass_lines(
    file: Path, matcher: Matcher, settings: Settings, report: Report
) -> list[ScheduleLine]:
    """A line for each `landuse=grass` polygon within reach of a street."""
    reading = Report("schedule")
    source = read_osm([file], settings, None, reading, SCHEDULE)
    report.notes += reading.notes
    shapes = [] if source.grass is None else source.grass.geometry.tolist()
    lines = [
        ScheduleLine(file.name, number, {"usrn": street, "kind": "grass"}, geometry=shape,
             is_feature=True, is_grass=True)
        for number, (shape, (street, metres)) in enumerate(
            zip(shapes, matcher.nearest(shapes), strict=True), 1)
        if metres <= TIED
    ]  # fmt: skip
    report.count("rows read", len(shapes))
    if len(lines) < len(shapes):
        report.notes.append(
            f"{file.name}: {len(shapes) - len(lines)} of {len(shapes)} grass areas lie further "
            f"than {TIED:.0f} m from every street and were left out."
        )
    return lines
