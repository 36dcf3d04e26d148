"""The layout of a table: where its headings are, which rows count; sent as the child's messages.

How the cells are got out of a file is in `delimited` and `tables`; what headings mean is in
`headings`. Runs in the child.
"""

import functools
import operator
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.limits import Profile
from mapsvc.ingest.values.headings import is_known, plain
from mapsvc.messages.catalogue import Message, record_of

Numbered = tuple[int, Sequence[Any]]
ChildMessage = dict[str, Any]

_SEARCHED = 40
"""Rows in which headings are looked for: letter heads and notes above a table are shorter."""
_BATCH = 500
_IS_FILLED = functools.partial(operator.is_not, None)


@dataclass(slots=True)
class SheetCells:
    """One sheet as its reader gives it: rows with None for empty cells.

    `notes` and `problems` are asked for when `rows` are at their end.
    """

    name: str
    rows: Iterator[Numbered]
    notes: Callable[[], list[str]] = list
    problems: list[ChildMessage] = field(default_factory=list)


def messages(table: SheetCells, options: Mapping[str, Any]) -> Iterator[ChildMessage]:
    """A sheet's messages; none when it has no row."""
    rows = _within_limits(table, options["name"], options["profile"])
    first = list(islice(rows, _SEARCHED))
    if not first:
        return
    named = frozenset(map(plain, options.get("known", ())))
    place = None if options.get("raw") else heading_place(first, named)
    headings, body, notes = _split(first, place)
    yield {"sheet": {"name": table.name, "headings": headings, "crs": ""}}
    ragged: list[ChildMessage] = []
    everything = chain(body, rows)
    most = max(len(headings), len(first[place][1])) if place is not None else 0
    yield from batches(_even(everything, len(headings), most, ragged) if headings else everything)
    for note in chain(notes, table.notes()):
        yield {"note": note}
    for problem in chain(table.problems, ragged):
        yield {"problem": problem}


def batches(rows: Iterable[Numbered]) -> Iterator[ChildMessage]:
    """Rows in messages of a few hundred each."""
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield {"rows": [[number, _plain(cells)] for number, cells in batch]}


def _plain(cells: Sequence[Any]) -> Sequence[Any]:
    """Cells as JSON can hold them; of a text file they are so already."""
    if date not in map(type, cells):
        return cells
    return [{"d": cell.isoformat()} if isinstance(cell, date) else cell for cell in cells]


def _within_limits(table: SheetCells, name: str, profile: Profile) -> Iterator[Numbered]:
    where = f"Sheet {table.name} of {name}" if table.name else name
    for count, (number, cells) in enumerate(table.rows, start=1):
        if not any(map(_IS_FILLED, cells)):
            continue
        if profile.rows is not None and count > profile.rows + _SEARCHED:
            raise FileRefused("too_many_rows", file=where, most=profile.rows)
        if profile.columns is not None and len(cells) > profile.columns < _used(cells):
            raise FileRefused(
                "too_many_columns",
                file=where,
                columns=_used(cells),
                row=number,
                most=profile.columns,
            )
        yield number, cells


def _used(cells: Sequence[Any]) -> int:
    """How many cells there are up to the last that is not empty."""
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1] is not None), 0)


def heading_place(rows: Sequence[Numbered], named: frozenset[str] = frozenset()) -> int | None:
    """The index of the heading row among the first rows, or None.

    The row with the most known headings wins, of two or more, and of equals the first: what stands
    above it is a cover. Else the first that is about as wide as the table, all text and without
    repeats, with nothing but narrower rows above it. A row with a date over a date holds data.

    Parameters
    ----------
    named : headings as they are compared, that a person said the meaning of
    """
    known = [_known_headings(cells, named) for _, cells in rows]
    widths = sorted(_filled(cells) for _, cells in rows)
    width = widths[len(widths) * 3 // 4]
    enough = min(2, width)
    able = [
        index
        for index, (_, cells) in enumerate(rows)
        if known[index] >= enough
        and _reads_as_headings(cells, dates=True)
        and not _is_data(rows, index)
    ]
    if able:
        return max(able, key=known.__getitem__)
    for index, (_, cells) in enumerate(rows):
        if _filled(cells) > 0.6 * width:
            return index if _reads_as_headings(cells) and len(rows) > 1 else None
    return None


def _known_headings(cells: Sequence[Any], named: frozenset[str]) -> int:
    """How many different known headings a row has: the `y` of a tick twice is one and no more."""
    words = {plain(cell): cell for cell in cells if isinstance(cell, str)}
    if not {"x", "y"} <= words.keys():  # alone, either of them is a tick
        words = {word: cell for word, cell in words.items() if word not in {"x", "y"}}
    return sum(word in named or is_known(cell) for word, cell in words.items())


_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def _is_data(rows: Sequence[Numbered], index: int) -> bool:
    """Whether a date stands in the row and another right below it."""
    if index + 1 >= len(rows):
        return False
    below = rows[index + 1][1]
    pairs = zip(rows[index][1], below, strict=False)
    return any(_is_day(cell) and _is_day(under) for cell, under in pairs)


def _is_day(cell: Any) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and bool(_DAY.fullmatch(cell.strip())))


def _filled(cells: Sequence[Any]) -> int:
    return sum(cell is not None for cell in cells)


def _reads_as_headings(cells: Sequence[Any], *, dates: bool = False) -> bool:
    """Text without repeats; `dates` allows some columns to be headed by a date or a year."""
    filled = [cell for cell in cells if cell is not None]
    words = [cell for cell in filled if isinstance(cell, str) and not _is_number(cell)]
    if len(words) < len(filled) * (0.5 if dates else 1):
        return False
    return len(set(filled)) > 0.5 * len(filled)


def _is_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def _split(first: list[Numbered], place: int | None) -> tuple[list[str], list[Numbered], list[str]]:
    """Headings, rows after them and notes; no headings when there is no heading row."""
    if place is None:
        return [], first, []
    headings, body = _texts(first[place][1]), first[place + 1 :]
    if body and _is_second_heading_row(headings, body[0][1]):
        headings, body = _joined(headings, _texts(body[0][1])), body[1:]
    headings += [""] * (_usual_width(body) - len(headings))
    above = "row 1" if first[0][0] == 1 and place == 1 else f"{place} rows"
    notes = [f"Left out {above} above the headings."] if place else []
    return headings, body, notes + _odd_headings(headings)


def _texts(cells: Sequence[Any]) -> list[str]:
    return [str(cell).strip() if cell is not None else "" for cell in cells[: _used(cells)]]


def _usual_width(rows: Sequence[Numbered]) -> int:
    """Of few rows one may be long by mistake; the last columns of many may lack a heading."""
    widths = [_used(cells) for _, cells in rows]
    return statistics.mode(widths) if len(widths) > 4 else 0


_SECOND = frozenset({"start", "end", "from", "to", "date", "begin", "finish", "wc", "w/c", "until"})


def _is_second_heading_row(headings: Sequence[str], cells: Sequence[Any]) -> bool:
    """Whether the row divides the headings above it: `Cut 1` into `Start` and `End`."""
    words = [str(cell).strip().casefold() for cell in cells if cell is not None]
    halves = sum(word in _SECOND for word in words)
    return halves >= 2 and halves >= len(words) / 2


def _joined(above: list[str], below: list[str]) -> list[str]:
    """Two heading rows as one; a blank above `Start` belongs to the heading left of it."""
    joined, last = [], ""
    width = max(len(above), len(below))
    for top, sub in zip(_padded(above, width), _padded(below, width), strict=True):
        last = top or last
        joined.append(top if sub in ("", top) else f"{last} {sub}".strip())
    return joined


def _padded(texts: list[str], width: int) -> list[str]:
    return texts + [""] * (width - len(texts))


def _odd_headings(headings: Sequence[str]) -> list[str]:
    notes = []
    blank = [column_letters(n) for n, heading in enumerate(headings) if not heading]
    if blank:
        notes.append(f"Column {', '.join(blank[:10])} has no heading.")
    for heading in dict.fromkeys(heading for heading in headings if heading):
        places = [column_letters(n) for n, other in enumerate(headings) if other == heading]
        if len(places) > 1:
            notes.append(f"The heading {heading!r} stands over columns {' and '.join(places)}.")
    return notes


def column_letters(index: int) -> str:
    """`A` for 0, `AA` for 26, as spreadsheets call their columns."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _even(
    rows: Iterable[Numbered], width: int, most: int, problems: list[ChildMessage]
) -> Iterator[Numbered]:
    """Rows as wide as the headings; those with more than `most` cells are a problem and left out.

    A cell too many is nearly always a comma inside a name, which shifts every cell after it. The
    row of headings may itself go on with blank cells: what stands under these has no heading.
    """
    for number, cells in rows:
        if len(cells) == width:
            yield number, cells
            continue
        if _used(cells) <= most:
            yield number, [*cells[:width], *[None] * (width - len(cells))]
            continue
        problems.append(
            {
                "kind": "too_many_cells",
                "row": number,
                "value": str(cells[_used(cells) - 1])[:80],
                **record_of(Message("too_many_cells", cells=_used(cells), headings=width)),
            }
        )
