"""What cells of a schedule say that is not certain, asked before anything is made of them.

Lines go in as they were read and come out with dates that can be read in one way only; what
nobody has answered yet is marked as unread, and no other date takes its place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mapsvc.domain.reasons import KnownReasons, reason_key
from mapsvc.domain.schedule import Window
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.ingest.values import claims
from mapsvc.ingest.values.date_cells import (
    DITTO,
    DoubtfulDates,
    SureDates,
    read_date_cell,
)
from mapsvc.ingest.values.date_windows import BadDate, Reason, is_frequency
from mapsvc.ingest.values.day import clean
from mapsvc.messages.catalogue import Message
from mapsvc.problems import (
    AS_WRITTEN,
    LEAVE_OUT,
    Problem,
    Question,
    QuestionChoice,
    Report,
)

DATE_FIELDS = ("start", "end", "rest_from", "rest_until")
PRIVATE_FIELDS = ("kind", "stretch", "keeper", "round", "round_name", "frequency", "rest_reason")
"""Columns whose words residents read."""
REPEATED_FIELDS = ("usrn", "street", "locality", "town", "keeper", "round", "round_name",
                   "kind", "stretch", "frequency", "tracked")  # fmt: skip
WITHOUT = "without-the-words"
MOST_NAMED = 12


# Ditto marks


def with_dittos(lines: Sequence[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines with what the row above says, wherever they say `"` or `as above`; it is noted.

    A row that repeats nothing is a problem and left out.
    """
    above: dict[tuple[str, str], ScheduleLine] = {}
    taken: dict[tuple[str, str, str], dict[int, None]] = defaultdict(dict)
    found: list[ScheduleLine] = []
    for line in lines:
        sheet = line.file, line.sheet
        marked = [name for name in REPEATED_FIELDS if _is_ditto(line.cells.get(name))]
        if marked:
            before = above.get(sheet)
            if before is None or any(not before.text(name) for name in marked):
                report.add(_nothing_above(line, marked[0]))
                continue
            cells = {**line.cells, **{name: before.cells[name] for name in marked}}
            if "street" in marked:
                places = (name for name in ("locality", "town") if not line.text(name))
                cells |= {name: before.cells.get(name) for name in places}
            line = line.with_cells(cells)
            for name in marked:
                taken[(*sheet, line.headings.get(name, name))][line.row] = None
        found.append(line)
        above[sheet] = line
    for (file, _, heading), rows in taken.items():
        report.notes.append(f"{file}: {heading} is that of the row above in {_rows(list(rows))}.")
    return found


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 24 and bool(DITTO.fullmatch(cell.strip()))


def _nothing_above(line: ScheduleLine, name: str) -> Problem:
    value = str(line.cells.get(name))
    sentence = f"{value} repeats the row above, and there is none that says it. Write it out."
    return line.problem("no_row_above", name, sentence, value)


def _rows(rows: Sequence[int]) -> str:
    named = ", ".join(map(str, rows[:MOST_NAMED])) + (" …" if len(rows) > MOST_NAMED else "")
    return f"row {named}" if len(rows) == 1 else f"rows {named}"


# Dates


@dataclass(slots=True)
class _Text:
    """A text that stands in cells of dates, and where: as (position of the line, field)."""

    text: str
    cells: list[tuple[int, str]] = field(default_factory=list)


def with_sure_dates(
    lines: Sequence[ScheduleLine], season: int, known: KnownReasons, report: Report
) -> list[ScheduleLine]:
    """The lines with dates that are certain. Each distinct text is asked once; bad dates are
    problems; remarks beside dates are noted for staff.
    """
    changes: dict[int, dict[str, str | None]] = defaultdict(dict)
    for one in _texts_of_dates(lines):
        found = read_date_cell(one.text, season)
        if isinstance(found, SureDates) and (found.remark or "\n" in one.text):
            _note_remark(one, found.remark, lines, report)
            _change(changes, one, _canonical(found.windows))
        elif isinstance(found, DoubtfulDates):
            _change(changes, one, _settled(one, found, lines, report))
        elif isinstance(found, BadDate):
            for at, name in one.cells:
                report.add(lines[at].problem("bad_date", name, found.sentence, found.text))
            _change(changes, one, None)
        elif isinstance(found, Reason) and found.text and not is_frequency(found.text):
            _settle_reason(changes, one, lines, known, report)
    return [_changed(line, changes[at]) if at in changes else line for at, line in enumerate(lines)]


def _texts_of_dates(lines: Sequence[ScheduleLine]) -> Iterable[_Text]:
    texts: dict[str, _Text] = {}
    for at, line in enumerate(lines):
        for name in DATE_FIELDS:
            cell = line.cells.get(name)
            if type(cell) is str and cell and not cell.isspace() and name not in line.unread:
                texts.setdefault(reason_key(cell), _Text(cell.strip())).cells.append((at, name))
    return texts.values()


def _change(changes: dict[int, dict[str, str | None]], one: _Text, to: str | None) -> None:
    for at, name in one.cells:
        changes[at][name] = to


def _changed(line: ScheduleLine, to: Mapping[str, str | None]) -> ScheduleLine:
    """The line with the text of other dates; a field that became None is unread."""
    cells = {**line.cells, **{name: text for name, text in to.items() if text is not None}}
    unread = line.unread.union(name for name, text in to.items() if text is None)
    return line.with_cells(cells, unread=unread)


def _canonical(windows: Iterable[Window]) -> str:
    """Windows as a text that the strict grammar reads in one way."""
    return "; ".join(
        one.start.isoformat()
        if one.start == one.end
        else f"{one.start.isoformat()} - {one.end.isoformat()}"
        for one in windows
    )


def _note_remark(one: _Text, remark: str, lines: Sequence[ScheduleLine], report: Report) -> None:
    if remark:
        rows = list(dict.fromkeys(lines[at].row for at, _ in one.cells))
        report.notes.append(
            f'Kept for staff, not shown to residents: "{remark}" beside the date in '
            f"{lines[one.cells[0][0]].file}, {_rows(rows)}."
        )


def _settled(
    one: _Text, found: DoubtfulDates, lines: Sequence[ScheduleLine], report: Report
) -> str | None:
    """The dates that were chosen, as text; None while nobody has, or when they are left out."""
    ids = [AS_WRITTEN] if found.is_one_way else [f"reading-{n + 1}" for n in range(9)]
    chosen = dict(zip(ids, found.readings, strict=False))
    words = {id: in_words(windows) for id, windows in chosen.items()}
    question = _asked(
        one,
        "doubtful_date",
        _doubt(one.text, found, list(words.values())),
        [*(_take(id, said) for id, said in words.items()), _NO_DATES],
        lines,
    )
    choice = report.ask(question)
    if choice not in chosen:
        return None
    _note_remark(one, found.left_over or one.text, lines, report)
    return _canonical(chosen[choice])


_NO_DATES = QuestionChoice(LEAVE_OUT, Message("leave_out_dates"))


def _take(id: str, dates: str) -> QuestionChoice:
    return QuestionChoice(id, Message("take_dates", dates=dates))


def _doubt(text: str, found: DoubtfulDates, words: Sequence[str]) -> Message:
    text, left_over = _short(text), _short(found.left_over)
    if left_over:
        return Message("ask_beside_date", text=text, left_over=left_over, dates=words[0])
    if len(words) == 1:
        return Message("ask_if_date", text=text, dates=words[0])
    return Message("ask_dates", text=text)


def _settle_reason(
    changes: dict[int, dict[str, str | None]],
    one: _Text,
    lines: Sequence[ScheduleLine],
    known: KnownReasons,
    report: Report,
) -> None:
    """Text in place of a date stays where it is known, or where somebody confirms it."""
    cells = [
        (at, name)
        for at, name in one.cells
        if name == "start" or (name == "end" and not lines[at].text("start"))
    ]
    if not cells or one.text in known:
        return
    mine = _Text(one.text, cells)
    if report.ask(_reason_question(mine, lines)) == AS_WRITTEN:
        report.confirmed.append(one.text)
    else:
        _change(changes, mine, None)


def _reason_question(one: _Text, lines: Sequence[ScheduleLine]) -> Question:
    shown = QuestionChoice(AS_WRITTEN, Message("show_reason", text=_short(one.text)))
    message = Message("ask_reason", text=_short(one.text))
    return _asked(one, "reason", message, [shown, _NO_DATES], lines)


def _asked(
    one: _Text,
    kind: str,
    message: Message,
    choices: Sequence[QuestionChoice],
    lines: Sequence[ScheduleLine],
) -> Question:
    at, name = one.cells[0]
    return Question(
        kind,
        reason_key(one.text),
        message,
        tuple(choices),
        tuple(dict.fromkeys(lines[at].place for at, _ in one.cells)),
        column=lines[at].headings.get(name, name),
        value=one.text,
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."


def in_words(windows: Iterable[Window]) -> str:
    """`8 June 2026`, `8 to 12 June 2026 and 6 July 2026`."""
    return " and ".join(map(_window_in_words, windows))


def _window_in_words(window: Window) -> str:
    start, end = window.start, window.end
    if start == end:
        return f"{end:%-d %B %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%-d} to {end:%-d %B %Y}"
    return f"{start:%-d %B}{f' {start.year}' if start.year != end.year else ''} to {end:%-d %B %Y}"


# Words that residents would read


def without_private_words(lines: Sequence[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines without words that nobody confirmed and that are about people or work done."""
    texts: dict[tuple[str, str], _Text] = {}
    for at, line in enumerate(lines):
        for name in _fields_read(line):
            text = line.text(name)
            if text and _is_private(text):
                key = name, reason_key(text)
                texts.setdefault(key, _Text(text)).cells.append((at, name))
    changes: dict[int, dict[str, None]] = defaultdict(dict)
    dropped: set[int] = set()
    for one in texts.values():
        choice = report.ask(_private_question(one, lines))
        if choice == WITHOUT:
            for at, name in one.cells:
                changes[at][name] = None
        elif choice != AS_WRITTEN:
            dropped.update(at for at, _ in one.cells)
    return [
        line.with_cells({**line.cells, **changes[at]}) if at in changes else line
        for at, line in enumerate(lines)
        if at not in dropped
    ]


def _fields_read(line: ScheduleLine) -> Iterator[str]:
    yield from (name for name in PRIVATE_FIELDS if line.cells.get(name) is not None)
    start = line.cells.get("start")
    if type(start) is str and is_frequency(start):  # it becomes the frequency
        yield "start"


@lru_cache(maxsize=16_384)
def _is_private(text: str) -> bool:
    return _why_private(text) is not None


def _why_private(text: str) -> Message | None:
    """Why residents should not read it unasked; None for most."""
    if text.isdecimal():
        return None
    if claims.has_telephone(text):
        return Message("has_telephone")
    if claims.has_address(text):
        return Message("has_address")
    if claims.says_work_was_done(clean(text)):
        return Message("says_done")
    return Message("may_name_person") if claims.names_a_person(text) else None


def _private_question(one: _Text, lines: Sequence[ScheduleLine]) -> Question:
    at, name = one.cells[0]
    heading, why = lines[at].headings.get(name, name), _why_private(one.text)
    assert why is not None
    rows = len({lines[at].place for at, _ in one.cells})
    return _asked(
        one,
        "private_words",
        Message("ask_private", text=_short(one.text), column=heading, why=why),
        [
            QuestionChoice(AS_WRITTEN, Message("show_words")),
            QuestionChoice(WITHOUT, Message("leave_out_words")),
            QuestionChoice(LEAVE_OUT, Message("leave_out_rows", rows=rows)),
        ],
        lines,
    )
