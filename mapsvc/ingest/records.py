"""Rows of tables and layers as records: cells by our columns, geometry in the local CRS.

What the rows mean is for the reader of each kind: streets, keepers, places, boundaries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from mapsvc.config import Settings
from mapsvc.domain.schedule_columns import ONLY_OF_SCHEDULES
from mapsvc.errors import FileRefused
from mapsvc.ingest.rows import Cell, Row, Sheet
from mapsvc.ingest.sandbox.parent import REFERENCE, read_sheets
from mapsvc.ingest.values.headings import (
    Recognised,
    names_a_calendar,
    recognise,
    recognised_for,
    unread_headings,
)
from mapsvc.ingest.values.names import clean_text
from mapsvc.ingest.values.positions import Bounds, original, placed
from mapsvc.ingest.values.refusals import did_you_mean, first_of, none_usable
from mapsvc.messages.catalogue import Fact, Message, as_message
from mapsvc.problems import Problem, Report

OF_A_SCHEDULE = (ONLY_OF_SCHEDULES - {"keeper"}) | {"stretch", "month", "month_number", "days"}
"""Columns that only a schedule has; two of them, and a file is no gazetteer."""

_LONG = 100
_kept_text = lru_cache(maxsize=65_536)(clean_text)
"""A street's name and town stand in many rows: they are cleaned, and kept in memory, once."""

CHUNK = 10_000
"""Rows turned into the local CRS at a time: files of any size pass through in little memory."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row with what its columns mean.

    Parameters
    ----------
    cells : our column → cell, for the columns that were recognised
    headings : our column → heading in the file
    all_headings : of the sheet, in order
    geometry : in the local CRS; None when the row has none that can be used
    fault : what is wrong with its position, for the report when the row matters
    is_feature : whether the sheet is a map layer
    """

    file: str
    sheet: str
    source: Row
    cells: Mapping[str, Cell]
    headings: Mapping[str, str]
    all_headings: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None
    fault: Problem | None = None
    is_feature: bool = False

    @property
    def row(self) -> int:
        """As the spreadsheet shows it."""
        return self.source.number

    @property
    def original(self) -> dict[str, str]:
        """The row as it came: heading → text."""
        return original(self.all_headings, self.source)

    def text(self, column: str) -> str:
        """The text of a column on one line, empty when there is none."""
        cell = self.cells.get(column)
        if type(cell) is str and len(cell) < _LONG:
            return _kept_text(cell)
        return "" if cell is None else clean_text(cell)

    def problem(self, kind: str, column: str, message: str | Message) -> Problem:
        """A problem with this row; `column` is ours and shown by its heading in the file."""
        return Problem(
            kind,
            as_message(message),
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            column=self.headings.get(column, column),
            value=self.text(column)[:100],
            original=self.original,
        )


def records_of(
    kind: str,
    files: Iterable[Path],
    settings: Settings,
    bounds: Bounds | None,
    report: Report,
    needs: Sequence[str] = ("name",),
) -> Iterator[Record]:
    """The records of all sheets that have one of the columns `needs` (all when it is empty).

    Rows without a usable position come with `geometry` None. Every row counts as read.

    Raises
    ------
    FileRefused : for a file that cannot be read, or looks like one of another kind.
    """
    for file in files:
        with closing(read_sheets(file, profile=REFERENCE, known=report.named)) as sheets:
            yield from _records_of_file(kind, file, sheets, settings, bounds, report, needs)


def _records_of_file(
    kind: str,
    file: Path,
    sheets: Iterable[Sheet],
    settings: Settings,
    bounds: Bounds | None,
    report: Report,
    needs: Sequence[str],
) -> Iterator[Record]:
    passed_over: list[tuple[Sheet, Recognised]] = []
    is_used = False
    for sheet in sheets:
        _refuse_schedule(kind, sheet)
        columns = recognised_for(report, sheet.file, sheet.name, sheet.headings)
        if needs and not any(column in columns.columns for column in needs):
            passed_over.append((sheet, columns))
            continue
        is_used = True
        yield from _records(sheet, columns, settings, bounds, report)
        _tell(sheet, columns, report)
    if not is_used:
        raise FileRefused(_no_columns(kind, file.name, passed_over, needs))


def _records(
    sheet: Sheet, columns: Recognised, settings: Settings, bounds: Bounds | None, report: Report
) -> Iterator[Record]:
    names = {column: sheet.headings[at] for column, at in columns.columns.items()}
    rows = iter(sheet.rows)
    while chunk := list(islice(rows, CHUNK)):
        report.count("rows read", len(chunk))
        cells = [_cells(row, columns) for row in chunk]
        positions = placed(chunk, cells, names, sheet, settings, bounds)
        for row, own, position in zip(chunk, cells, positions, strict=True):
            yield Record(
                sheet.file,
                sheet.name,
                row,
                own,
                names,
                sheet.headings,
                position.geometry,
                position.fault,
                is_feature=bool(sheet.crs) or row.geometry is not None,
            )


def _cells(row: Row, columns: Recognised) -> dict[str, Cell]:
    length = len(row.cells)
    return {column: row.cells[at] for column, at in columns.columns.items() if at < length}


def _tell(sheet: Sheet, columns: Recognised, report: Report) -> None:
    where = f"{sheet.file}, {sheet.name}" if sheet.name else sheet.file
    report.add(*sheet.problems)
    report.lost += len(sheet.problems)
    report.notes += [f"{where}: {note}" for note in sheet.notes]
    report.notes += [f"{where}: {sentence}" for sentence in columns.ambiguous_sentences()]
    unused = [heading for heading, _ in columns.unrecognised]
    unused += unread_headings(report.kind, sheet.headings, columns)
    if unused:
        shown = ", ".join(unused[:8]) + (" …" if len(unused) > 8 else "")
        report.notes.append(f"{where}: columns not used: {shown}.")


def _refuse_schedule(kind: str, sheet: Sheet) -> None:
    if kind != "gazetteer":
        return
    columns = recognise("schedule", sheet.headings)
    own = [at for column, at in columns.columns.items() if column.split()[0] in OF_A_SCHEDULE]
    if (len(own) >= 2 and _says_whose(columns)) or (own and names_a_calendar(columns)):
        named = ", ".join(sheet.headings[at] for at in sorted(own)[:6])
        raise FileRefused(
            "looks_like_a_schedule", file=sheet.file, columns=named, number=len(own[:6])
        )


def _says_whose(columns: Recognised) -> bool:
    """Whether the dates of a schedule can belong to something: a street, a round, a layer's land.

    Road works have a start and an end too, and are none.
    """
    about = {"usrn", "street", "verge", "round"} & columns.columns.keys()
    return bool(about or columns.numbered("cut {n}") or columns.numbered("cut {n} start"))


def _no_columns(
    kind: str, file: str, sheets: Sequence[tuple[Sheet, Recognised]], needs: Sequence[str]
) -> Message:
    headings = [heading for sheet, _ in sheets for heading in sheet.headings if heading]
    examples = EXAMPLES[kind]
    if not headings and kind == "gazetteer":
        return Message("streets_without_headings", file=file, examples=examples)
    if not headings:
        return Message("no_heading_row", file=file, examples=examples)
    facts: dict[str, Fact] = {"file": file, "noun": NOUNS[kind], "columns": first_of(headings)}
    if near := did_you_mean(kind, headings, needs):
        heading, known = near
        return Message(
            "no_such_column_but_one_near", **facts, heading=heading, known=known, examples=examples
        )
    return Message("no_such_column", **facts, examples=examples)


NOUNS = {
    "gazetteer": Message("a_street"),
    "keepers": Message("a_keeper"),
    "places": Message("a_place"),
    "boundaries": Message("an_area"),
}

EXAMPLES = {
    "gazetteer": "usrn,name,locality,town,easting,northing",
    "keepers": "code,name,kind,ours,url,phone,parishes,roads",
    "places": "name,kind,easting,northing",
    "boundaries": "name,kind (with the outlines)",
}


def refuse_when_empty(found: Sized, kind: str, files: Iterable[Path], report: Report) -> None:
    """Nothing, unless nothing was found.

    Raises
    ------
    FileRefused : naming the first problem, or the columns that always work.
    """
    if found:
        return
    named = [file.name for file in files]
    if report.problems:
        raise FileRefused(none_usable(named, report))
    names, rows = ", ".join(named), report.counts.get("rows read", 0)
    raise FileRefused(
        "no_row_names_one", files=names, noun=NOUNS[kind], rows=rows, examples=EXAMPLES[kind]
    )
