"""Whether the day or the month comes first: decided for whole columns, by all their evidence.

One date that can be read in one order only decides its column; one column, its sheet. Where
nothing decides, or where a spreadsheet has turned some dates already, it is asked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from mapsvc.ingest.rows import Cell
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.ingest.values.day import MONTHS
from mapsvc.messages.catalogue import Message
from mapsvc.problems import LEAVE_OUT, Question, QuestionChoice, Report

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
AS_TYPED, TURNED = "as-typed", "turned"
FIELDS_OF_DATES = ("start", "end", "rest_from", "rest_until")

_MONTH_NAMES = "|".join(name for names in MONTHS for name in names)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?:(?P<gap>[/-])(?P<second>\d{1,2})(?P=gap)(?P<year>\d{4}|\d\d)"
    rf"|/(?P<other>\d{{1,2}})(?!\s*(?:{_MONTH_NAMES})))(?![\d/])",
    re.I,
)
"""`6/15/2026`, `6-15-26`, `6/15`; with dots (`15.6.2026`) the day is first everywhere."""

_SEASON = range(3, 11)
"""The months in which grass grows: a reading that stays in them is likelier."""


@dataclass(slots=True)
class _Column:
    """The cells of one column that may be dates, as (position of the line, field)."""

    sheet: tuple[str, str]
    heading: str
    texts: list[tuple[int, str]] = field(default_factory=list)
    typed: list[tuple[int, str]] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    decided_by: dict[str, tuple[int, str]] = field(default_factory=dict)
    has_undecided: bool = False


def with_day_first(lines: Sequence[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines with all dates in numbers turned to day first; what is open is unread."""
    columns = _columns(lines)
    if not columns:
        return list(lines)
    _note_orders(columns, lines)
    by_sheet: dict[tuple[str, str], list[_Column]] = defaultdict(list)
    for column in columns:
        by_sheet[column.sheet].append(column)
    turn: dict[int, set[str]] = defaultdict(set)
    unread: dict[int, set[str]] = defaultdict(set)
    open_columns = []
    for of_sheet in by_sheet.values():
        shared = set().union(*(column.orders for column in of_sheet))
        for column in of_sheet:
            orders = column.orders or (shared if len(shared) == 1 else set())
            if orders == {MONTH_FIRST}:
                _turn(turn, column.texts)
                _say_month_first(column, of_sheet, lines, report)
            elif orders != {DAY_FIRST} and column.has_undecided:
                open_columns.append(column)
            elif len(orders) == 2:
                _turn(turn, [cell for cell in column.texts if _is_month_first(cell, lines)])
    _ask_order(open_columns, lines, turn, unread, report)
    turned = [
        _with_turned(line, turn.get(at, ()), unread.get(at, ())) for at, line in enumerate(lines)
    ]
    return _with_typed_dates(columns, turned, turn, report)


def _columns(lines: Sequence[ScheduleLine]) -> list[_Column]:
    """The columns in which some text is a date in numbers, with the real dates beside them."""
    columns: dict[tuple[str, str, str], _Column] = {}
    for at, line in enumerate(lines):
        for name in FIELDS_OF_DATES:
            cell = line.cells.get(name)
            if cell is None or cell == "":
                continue
            is_text = bool(_numbers(cell))
            if is_text or isinstance(cell, date):
                heading = line.headings.get(name, name)
                key = line.file, line.sheet, heading
                column = columns.get(key)
                if column is None:
                    column = columns[key] = _Column(key[:2], heading)
                (column.texts if is_text else column.typed).append((at, name))
    return [column for column in columns.values() if column.texts]


def _numbers(cell: Cell) -> tuple[tuple[int, int, int | None], ...]:
    """First and second number of each date in a text, and its year."""
    return _numbers_in(cell) if isinstance(cell, str) else ()


@lru_cache(maxsize=65_536)
def _numbers_in(text: str) -> tuple[tuple[int, int, int | None], ...]:
    return tuple(
        (
            int(found["first"]),
            int(found["second"] or found["other"]),
            int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
            if found["year"]
            else None,
        )
        for found in _NUMERIC.finditer(text)
    )


def _note_orders(columns: Iterable[_Column], lines: Sequence[ScheduleLine]) -> None:
    """What each column's cells prove: a number above 12, or an end before its start."""
    for column in columns:
        for at, name in column.texts:
            for first, second, _ in _numbers(lines[at].cells[name]):
                if first > 12 >= second:
                    _prove(column, DAY_FIRST, at, name)
                elif second > 12 >= first:
                    _prove(column, MONTH_FIRST, at, name)
                elif first != second:
                    column.has_undecided = True
    _note_windows(columns, lines)


def _is_month_first(cell: tuple[int, str], lines: Sequence[ScheduleLine]) -> bool:
    at, name = cell
    return any(second > 12 >= first for first, second, _ in _numbers(lines[at].cells[name]))


def _prove(column: _Column, order: str, at: int, name: str) -> None:
    column.orders.add(order)
    column.decided_by.setdefault(order, (at, name))


def _note_windows(columns: Iterable[_Column], lines: Sequence[ScheduleLine]) -> None:
    """Rows whose end would come before its start in one of the two orders."""
    by_cell = {cell: column for column in columns for cell in column.texts}
    for (at, name), column in by_cell.items():
        if name != "start" or column.orders or (at, "end") not in by_cell:
            continue
        start, end = (_only_date(lines[at].cells[one]) for one in ("start", "end"))
        if start and end:
            fits = {order: _runs_on(start, end, order) for order in (DAY_FIRST, MONTH_FIRST)}
            for order, other in ((DAY_FIRST, MONTH_FIRST), (MONTH_FIRST, DAY_FIRST)):
                if fits[order] and fits[other] is False:
                    _prove(column, order, at, name)


def _only_date(cell: Cell) -> tuple[int, int, int | None] | None:
    found = _numbers(cell)
    return found[0] if len(found) == 1 and found[0][2] else None


def _day(numbers: tuple[int, int, int | None], order: str, year: int = 2000) -> date | None:
    first, second, own = numbers
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    try:
        return date(own or year, month, day)
    except ValueError:
        return None


def _runs_on(
    start: tuple[int, int, int | None], end: tuple[int, int, int | None], order: str
) -> bool | None:
    first, last = _day(start, order), _day(end, order)
    return None if first is None or last is None else first <= last


# What is asked, and what is said


def _ask_order(
    columns: Sequence[_Column],
    lines: Sequence[ScheduleLine],
    turn: dict[int, set[str]],
    unread: dict[int, set[str]],
    report: Report,
) -> None:
    """One question for all columns that nothing decides."""
    if not columns:
        return
    cells = [cell for column in columns for cell in column.texts]
    choice = report.ask(_order_question(columns, cells, lines))
    if choice == MONTH_FIRST:
        _turn(turn, cells)
    elif choice != DAY_FIRST:
        for at, name in cells:
            unread[at].add(name)


def _order_question(
    columns: Sequence[_Column],
    cells: Sequence[tuple[int, str]],
    lines: Sequence[ScheduleLine],
) -> Question:
    at, name = next(
        (at, name)
        for at, name in cells
        if any(a != b and max(a, b) <= 12 for a, b, _ in _numbers(lines[at].cells[name]))
    )
    text = str(lines[at].cells[name]).strip()
    numbers = next(one for one in _numbers(text) if one[0] != one[1])
    year = numbers[2]
    days = {order: _day(numbers, order) for order in (DAY_FIRST, MONTH_FIRST)}
    said = {order: _in_words(day, year) for order, day in days.items()}
    likelier = _likelier(cells, lines)
    is_contradicted = any(len(column.orders) > 1 for column in columns)
    heading = ", ".join(dict.fromkeys(column.heading for column in columns))
    ways = {"day_first": said[DAY_FIRST], "month_first": said[MONTH_FIRST]}
    message = Message("ask_order", text=text, column=heading, **ways)
    if is_contradicted:
        examples = _examples(columns, lines)
        message = Message("ask_order_contradicted", text=text, column=heading, **ways, **examples)
    return Question(
        "day_or_month",
        "",
        message,
        (
            QuestionChoice(DAY_FIRST, Message("order_day_first", day=said[DAY_FIRST])),
            QuestionChoice(MONTH_FIRST, Message("order_month_first", day=said[MONTH_FIRST])),
            QuestionChoice(LEAVE_OUT, Message("leave_out_these_dates")),
        ),
        tuple(dict.fromkeys(lines[at].place for at, _ in cells)),
        column=columns[0].heading,
        value=text,
        likelier=likelier,
    )


def _examples(columns: Sequence[_Column], lines: Sequence[ScheduleLine]) -> dict[str, str]:
    column = next(column for column in columns if len(column.orders) > 1)
    found = {}
    for order, fact in ((DAY_FIRST, "one"), (MONTH_FIRST, "other")):
        at, name = column.decided_by[order]
        found[fact] = str(lines[at].cells[name]).strip()
    return found


def _in_words(day: date | None, year: int | None) -> str:
    if day is None:
        return "no day"
    return f"{day:%-d %B}" + (f" {year}" if year else "")


def _likelier(cells: Sequence[tuple[int, str]], lines: Sequence[ScheduleLine]) -> str:
    """The order whose dates lie in the growing months and make short windows; empty if alike."""
    scores = {order: _score(cells, lines, order) for order in (DAY_FIRST, MONTH_FIRST)}
    if scores[DAY_FIRST] == scores[MONTH_FIRST]:
        return ""
    return max(scores, key=lambda order: scores[order])


def _score(cells: Sequence[tuple[int, str]], lines: Sequence[ScheduleLine], order: str) -> float:
    days = [
        day
        for at, name in cells
        for numbers in _numbers(lines[at].cells[name])
        if (day := _day(numbers, order))
    ]
    in_season = sum(day.month in _SEASON for day in days) / (len(days) or 1)
    at_work = sum(day.weekday() < 5 for day in days) / (len(days) or 1)
    lengths = []
    for at in {at for at, _ in cells}:
        ends = [_only_date(lines[at].cells.get(name)) for name in ("start", "end")]
        first, last = (_day(one, order) if one else None for one in ends)
        if first and last:
            lengths.append((last - first).days)
    short = sum(0 <= length <= 14 for length in lengths) / len(lengths) if lengths else 0.0
    return 2 * in_season + 3 * short + at_work


def _say_month_first(
    column: _Column, of_sheet: Iterable[_Column], lines: Sequence[ScheduleLine], report: Report
) -> None:
    proof = next(
        one.decided_by[MONTH_FIRST] for one in (column, *of_sheet) if MONTH_FIRST in one.decided_by
    )
    line = lines[proof[0]]
    report.notes.append(
        f"{line.file}: the dates in {column.heading} have the month before the day, as row "
        f'{line.row} shows ("{str(line.cells[proof[1]]).strip()}"); all were read so.'
    )


def _turn(turn: dict[int, set[str]], cells: Iterable[tuple[int, str]]) -> None:
    for at, name in cells:
        turn[at].add(name)


def _with_turned(line: ScheduleLine, turn: Iterable[str], unread: Iterable[str]) -> ScheduleLine:
    cells = {name: _turned(line.cells[name]) for name in turn}
    if not cells and not unread:
        return line
    return line.with_cells({**line.cells, **cells}, unread=line.unread.union(unread))


def _turned(cell: Cell) -> Cell:
    """A text with the month and day of each date in numbers exchanged."""
    if not isinstance(cell, str):
        return cell
    return _NUMERIC.sub(_exchange, cell)


def _exchange(found: re.Match[str]) -> str:
    first, second = found["first"], found["second"] or found["other"]
    year = f"{found['gap']}{found['year']}" if found["year"] else ""
    return f"{second}{found['gap'] or '/'}{first}{year}"


# Real dates beside text


def _with_typed_dates(
    columns: Sequence[_Column],
    lines: list[ScheduleLine],
    turn: Mapping[int, set[str]],
    report: Report,
) -> list[ScheduleLine]:
    """A spreadsheet of another country turns what it can into real dates, wrongly, and leaves
    the rest as text: then no real date has a day above 12, and every text has a number above it.
    """
    cells = [cell for column in columns if _is_mixed(column, lines, turn) for cell in column.typed]
    if not cells:
        return lines
    choice = report.ask(_mixed_question(columns, cells, lines))
    if choice == AS_TYPED:
        return lines
    found = list(lines)
    for at, name in cells:
        line = found[at]
        if choice == TURNED:
            found[at] = line.with_cells({**line.cells, name: _exchanged(line.cells[name])})
        else:
            found[at] = line.with_cells(line.cells, unread=line.unread | {name})
    return found


def _is_mixed(column: _Column, lines: Sequence[ScheduleLine], turn: Mapping[int, set[str]]) -> bool:
    typed = [_date_of(lines[at].cells[name]) for at, name in column.typed]
    if not any(day.day != day.month and day.day <= 12 for day in typed):
        return False
    is_month_first = any(name in turn.get(at, ()) for at, name in column.texts)
    all_low = all(day.day <= 12 for day in typed)
    all_high = all(
        max(first, second) > 12
        for at, name in column.texts
        for first, second, _ in _numbers(lines[at].cells[name])
    )
    return is_month_first or (all_low and all_high)


def _date_of(cell: Cell) -> date:
    assert isinstance(cell, date)
    return cell.date() if isinstance(cell, datetime) else cell


def _exchanged(cell: Cell) -> date:
    day = _date_of(cell)
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def _mixed_question(
    columns: Sequence[_Column], cells: Sequence[tuple[int, str]], lines: Sequence[ScheduleLine]
) -> Question:
    at, name = next(cell for cell in cells if _exchanged(lines[cell[0]].cells[cell[1]]) !=
                    _date_of(lines[cell[0]].cells[cell[1]]))  # fmt: skip
    day = _date_of(lines[at].cells[name])
    column = next(column for column in columns if (at, name) in column.typed)
    text = str(lines[column.texts[0][0]].original.get(column.heading, "")).strip()
    text = text or str(lines[column.texts[0][0]].cells[column.texts[0][1]]).strip()
    other = _exchanged(day)
    return Question(
        "turned_dates",
        "",
        Message("ask_turned", text=text, column=column.heading, day=day, other=other),
        (
            QuestionChoice(TURNED, Message("dates_turned", day=other)),
            QuestionChoice(AS_TYPED, Message("dates_as_typed", day=day)),
            QuestionChoice(LEAVE_OUT, Message("leave_out_these_dates")),
        ),
        tuple(dict.fromkeys(lines[at].place for at, _ in cells)),
        column=column.heading,
        value=day.isoformat(),
        likelier=TURNED if other.month in _SEASON and day.month not in _SEASON else "",
    )
