"""The `ScheduleLine`: what one row of a schedule says of one verge or round and one cut.

`table_shapes` makes lines of every kind of table; `cuts`, `rounds` and `verges` add them up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from shapely.geometry.base import BaseGeometry

from mapsvc.ingest.rows import Cell
from mapsvc.ingest.values.names import clean_text
from mapsvc.messages.catalogue import Message, as_message
from mapsvc.problems import Problem

YES = frozenset({"yes", "y", "true", "t", "1", "x", "tracked", "marked", "\u2713", "\u2714"})
NO = frozenset({"no", "n", "false", "f", "0", "untracked", "not tracked", "\u2717", "\u2718"})

_QUOTES = re.compile(r"^(['\"\u2018\u201c])(.*)['\"\u2019\u201d]$")


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One statement of a file.

    Parameters
    ----------
    row : as the spreadsheet shows it
    cells : by the FIELDS of `schedule_columns`
    headings : the heading that each field has in the file
    geometry : of the verge, in the local CRS
    is_feature : whether the row is one piece of land of a map layer, and no other row its like
    is_grass : whether it is an unnamed polygon of an OpenStreetMap file
    unread : fields with text that nobody could make dates of, or has not answered yet: they are
        empty, and nothing else takes their place
    original : the row as it came, for the list of problems
    """

    file: str
    row: int
    cells: Mapping[str, Cell]
    sheet: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    is_feature: bool = False
    is_grass: bool = False
    original: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def with_cells(
        self, cells: Mapping[str, Cell], *, unread: frozenset[str] | None = None
    ) -> "ScheduleLine":
        """The same row telling something else."""
        return replace(self, cells=cells, unread=self.unread if unread is None else unread)

    def text(self, name: str) -> str:
        """The text of a field on one line, empty when there is none."""
        cell = self.cells.get(name)
        return "" if cell is None else text_of(cell)  # most cells are empty: not even looked up

    @property
    def names_a_street(self) -> bool:
        return bool(self.text("street") or self.text("usrn"))

    @property
    def is_outline(self) -> bool:
        """Whether it is a piece of land of a layer, drawn as an area."""
        return (
            self.is_feature and self.geometry is not None and "Polygon" in self.geometry.geom_type
        )

    @property
    def names_a_verge(self) -> bool:
        return self.names_a_street or bool(self.text("verge")) or self.geometry is not None

    @property
    def place(self) -> tuple[str, str, int]:
        """Where the row is: one row may make several lines."""
        return self.file, self.sheet, self.row

    def problem(
        self, kind: str, column: str, message: str | Message, value: str | None = None
    ) -> Problem:
        """A problem with this row. `column` is a field, shown by its own heading."""
        return Problem(
            kind,
            as_message(message),
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            column=self.headings.get(column, column),
            value=self.text(column) if value is None else value,
            original=self.original,
        )


@lru_cache(maxsize=200_000, typed=True)  # the steps ask again and again; 1, 1.0 and True differ
def text_of(cell: Cell) -> str:
    """A cell as a person would write it: `7`, not `7.0`; `2026-04-07`; without outer quotes."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _unquoted(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else clean_text(cell)


@lru_cache(maxsize=16_384)
def _unquoted(text: str) -> str:
    """Rounds, places and dates stand in many rows, and each row is asked for them many times."""
    text = clean_text(text)
    quoted = _QUOTES.match(text)
    return quoted[2].strip() if quoted else text


def yes_or_no(text: str) -> bool | None:
    """True, False, or None for a word that is neither."""
    word = text.casefold()
    return True if word in YES else False if word in NO else None


def where(first: ScheduleLine, second: ScheduleLine) -> str:
    """`rows 3 and 9`, with the files where they differ."""
    if first.place[:2] == second.place[:2]:
        return f"rows {first.row} and {second.row}"
    is_one_file = first.file == second.file
    ends = (
        f"row {line.row} of {line.sheet if is_one_file else line.file}" for line in (first, second)
    )
    return " and ".join(ends)
