"""The shapes that schedules come in, each turned into the lines of the plain long table.

A shape is a named step: a table goes in, its lines come out, or None when it is another shape.
Reading files is `files`; tables without headings are `unheaded`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from mapsvc.domain.schedule_columns import FIELDS
from mapsvc.ingest.rows import Cell, Row, Sheet
from mapsvc.ingest.schedule.lines import ScheduleLine, text_of
from mapsvc.ingest.values.date_windows import parse_windows
from mapsvc.ingest.values.day import MONTH_NUMBERS, MONTHS
from mapsvc.ingest.values.headings import Recognised, names_a_calendar
from mapsvc.ingest.values.names import whole_name

NAME_PARTS = ("street_before", "street_type", "street_after")

NEXT_WORKING_DAY = 3
"""Days of a list that are no further apart are one window: Friday and Monday are neighbours."""

_TICKS = frozenset({"x", "\u2713", "\u2714", "yes", "y", "\u2022"})


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """A sheet or layer with headings, read whole.

    Parameters
    ----------
    geometries : one per row, in the local CRS, or None
    """

    sheet: Sheet
    columns: Recognised
    rows: Sequence[Row]
    geometries: Sequence[BaseGeometry | None]

    def has(self, *columns: str) -> bool:
        return any(column in self.columns.columns for column in columns)

    def cell(self, row: Row, column: str) -> Cell:
        return self.at(row, self.columns.columns.get(column))

    def at(self, row: Row, index: int | None) -> Cell:
        return row.cells[index] if index is not None and index < len(row.cells) else None

    @property
    def filled(self) -> Iterator[tuple[Row, BaseGeometry | None]]:
        """Each row that is not blank, with its geometry."""
        for row, shape in zip(self.rows, self.geometries, strict=True):
            if shape is not None or any(map(text_of, row.cells)):
                yield row, shape

    @property
    def lines(self) -> Iterator[tuple[Row, ScheduleLine]]:
        """Each row that is not blank, with the line of its plain columns."""
        fields = [name for name in FIELDS if self.has(name)]
        headings = {name: self.sheet.headings[self.columns.columns[name]] for name in fields}
        for row, shape in self.filled:
            yield (
                row,
                ScheduleLine(
                    file=self.sheet.file,
                    row=row.number,
                    cells=_with_whole_name({name: self.cell(row, name) for name in fields}),
                    sheet=self.sheet.name,
                    headings=headings,
                    geometry=shape,
                    is_feature=row.geometry is not None and _is_land(shape),
                    original=_original(self.sheet.headings, row),
                ),
            )


def _is_land(shape: BaseGeometry | None) -> bool:
    return shape is not None and "Point" not in shape.geom_type


def _with_whole_name(cells: dict[str, Cell]) -> dict[str, Cell]:
    """The same with a street's name of one cell, where the table has it in parts."""
    parts = [text_of(cells.pop(name, None)) for name in NAME_PARTS]
    name = text_of(cells.get("street"))
    return {**cells, "street": whole_name(name, *parts)} if name and any(parts) else cells


def _original(headings: Sequence[str], row: Row) -> Mapping[str, str]:
    return {
        (headings[at] if at < len(headings) else "") or f"column {at + 1}": text_of(cell)
        for at, cell in enumerate(row.cells)
    }


def lines_of_table(table: HeadedTable) -> list[ScheduleLine]:
    """The lines of a table, by the first shape that it has."""
    for shape in SHAPES:
        lines = shape(table)
        if lines is not None:
            return lines
    return [line for _, line in table.lines]


def with_cells(line: ScheduleLine, **cells: Cell) -> ScheduleLine:
    """The same line with other cells."""
    return _told(line, {**line.cells, **cells}, line.headings)


def _told(
    line: ScheduleLine, cells: Mapping[str, Cell], headings: Mapping[str, str]
) -> ScheduleLine:
    """The same row telling something else. (`dataclasses.replace` takes four times as long.)"""
    return ScheduleLine(
        line.file,
        line.row,
        cells,
        line.sheet,
        headings,
        line.geometry,
        line.is_feature,
        line.is_grass,
        line.original,
        line.unread,
    )


# Cut 1, Cut 2 … side by side


def wide(table: HeadedTable) -> list[ScheduleLine] | None:
    """A row per verge with a column per cut, or two: `Cut 1 Start` and `Cut 1 End`."""
    single, starts, ends = (
        table.columns.numbered(name) for name in ("cut {n}", "cut {n} start", "cut {n} end")
    )
    numbers = sorted({*single, *starts})
    if not numbers:
        return None
    columns = {n: (starts.get(n, single.get(n)), ends.get(n)) for n in numbers}
    lines = list(table.lines)
    plain = lines[0][1].headings if lines else {}
    headings = {n: {**plain, **_headings_of(table, *at)} for n, at in columns.items()}
    found = []
    for row, line in lines:
        cuts = []
        for number, (start_at, end_at) in columns.items():
            start, end = table.at(row, start_at), table.at(row, end_at)
            if text_of(start) or text_of(end):
                cells = {**line.cells, "cut": number, "start": start, "end": end}
                cuts.append(_told(line, cells, headings[number]))
        found += cuts or [with_cells(line, cut=None, start=None, end=None)]
    return found


def _headings_of(table: HeadedTable, start_at: int | None, end_at: int | None) -> dict[str, str]:
    """The headings of the columns in which one cut stands."""
    columns = {"start": start_at, "end": end_at}
    return {name: table.sheet.headings[at] for name, at in columns.items() if at is not None}


# Months


def months_and_days(table: HeadedTable) -> list[ScheduleLine] | None:
    """A row per round and month with a list of days: `April`, `1,2,15`."""
    if not table.has("month", "month_number") or table.has("start"):
        return None
    found = []
    for row, line in table.lines:
        month = _month(table.cell(row, "month")) or _month(table.cell(row, "month_number"))
        days = text_of(table.cell(row, "days"))
        name = MONTHS[month - 1][0].title() if month else text_of(table.cell(row, "month"))
        if not days and not table.has("days"):
            found.append(with_cells(line, start=name))
        found += [with_cells(line, start=start) for start in _starts(days, name)]
    return found


def _month(cell: Cell) -> int | None:
    text = text_of(cell).casefold()
    number = int(text) if text.isdecimal() and len(text) < 3 else MONTH_NUMBERS.get(text, 0)
    return number if 1 <= number <= 12 else None


def _starts(days: str, month: str) -> list[str]:
    """`1,2,15,16` of April as `1-2 April` and `15-16 April`; other text as it is."""
    numbers = [int(day) for day in re.split(r"[,;/&\s]+|and", days) if day.isdecimal()]
    if not numbers or re.sub(r"\d{1,2}|[,;/&\s]|and", "", days):
        return [f"{days} {month}" if any(map(str.isdigit, days)) else days] if days else []
    groups: list[list[int]] = []
    for day in sorted(set(numbers)):
        if groups and day - groups[-1][-1] <= NEXT_WORKING_DAY:
            groups[-1].append(day)
        else:
            groups.append([day])
    return [_from_to(group[0], group[-1], month) for group in groups]


def _from_to(first: int, last: int, month: str) -> str:
    return f"{first} {month}" if first == last else f"{first} - {last} {month}"


def month_columns(table: HeadedTable) -> list[ScheduleLine] | None:
    """A row per verge with a column per month that holds days, a tick or a date."""
    months = {
        number: table.columns.columns[f"month {number}"]
        for number in range(1, 13)
        if table.has(f"month {number}")
    }
    if not months:
        return None
    found = []
    for row, line in table.lines:
        starts: list[Cell] = []
        for number, at in months.items():
            starts += _in_month(table.at(row, at), MONTHS[number - 1][0].title())
        found += [with_cells(line, cut=None, end=None, start=start) for start in starts] or [
            with_cells(line, cut=None, start=None, end=None)
        ]
    return found


def _in_month(cell: Cell, month: str) -> list[Cell]:
    text = text_of(cell)
    if not text:
        return []
    if text.casefold() in _TICKS:
        return [month]
    if isinstance(parse_windows(cell, 2000), tuple):
        return [cell]
    return list(_starts(text, month))


# Calendars: a row per day, a column per service or round


def is_calendar(table: HeadedTable) -> bool:
    """Whether a table has dates, names nothing else we know, and has other columns with cells."""
    return (
        names_a_calendar(table.columns)
        and all(shape is None for shape in table.geometries)
        and _has_days(table)
    )


def _has_days(table: HeadedTable) -> bool:
    """Whether most of what stands in the column of dates is one."""
    cells = [cell for row in table.rows if text_of(cell := table.cell(row, "start"))]
    days = sum(isinstance(parse_windows(cell, 2000), tuple) for cell in cells)
    return 2 * days > len(cells)


def calendar(table: HeadedTable) -> list[ScheduleLine] | None:
    """For each day and column, the rounds that its cell names, or that its heading names."""
    if not is_calendar(table):
        return None
    columns = calendar_columns(table)
    found = []
    for row, line in table.lines:
        for heading, at in columns.items():
            for code in codes_in(table.at(row, at)):
                cells = (
                    {"round": heading}
                    if code.casefold() in _TICKS
                    else {"round": code, "service": heading}
                )
                found.append(with_cells(line, **cells))
    return found


def calendar_columns(table: HeadedTable) -> dict[str, int]:
    """The columns of a calendar that are no date: heading → index."""
    strange = {heading for heading, _ in table.columns.unrecognised}
    return {h: at for at, h in enumerate(table.sheet.headings) if h in strange}


def codes_in(cell: Cell) -> list[str]:
    """The codes in a cell: `'1','7'` are two."""
    text = cell if isinstance(cell, str) else text_of(cell)
    return [code for code in map(text_of, text.split(",")) if code]


def codes_of_calendar(table: HeadedTable) -> dict[str, set[str]]:
    """For each column of a calendar the codes that it names, without regard to case."""
    return {
        heading: {code.casefold() for row in table.rows for code in codes_in(table.at(row, at))}
        for heading, at in calendar_columns(table).items()
    }


SHAPES: tuple[Callable[[HeadedTable], list[ScheduleLine] | None], ...] = (
    wide,
    month_columns,
    months_and_days,
    calendar,
)
