"""What a workbook's XML says beside the values: extent, hidden rows, formulas without values.

A streaming pass that keeps numbers only, so that a sheet which claims 17 billion cells costs
nothing. Runs in the child, before calamine.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats.xml import parse
from mapsvc.ingest.limits import Profile
from mapsvc.messages.catalogue import Message, record_of

_MOST_CELLS = 5_000_000
"""Cells of a sheet's rectangle where the profile names no limit: calamine holds it in memory."""
_NAMED = 200
"""Formulas without value that are named; the rest is counted."""


@dataclass(slots=True)
class SheetMarks:
    """One sheet's marks. Rows and columns count from 1; `last_*` of cells with a value."""

    last_row: int = 0
    last_column: int = 0
    last_cell: str = ""
    hidden_rows: int = 0
    hidden_columns: int = 0
    uncalculated: list[tuple[int, str]] = field(default_factory=list)

    def saw_value(self, row: int, column: int) -> None:
        if row > self.last_row or column > self.last_column:
            self.last_cell = f"{_letters(column)}{row}"
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    def notes(self) -> list[str]:
        return [
            f"{count} hidden {word}{'s' if count > 1 else ''} {'were' if count > 1 else 'was'} "
            "read too."
            for count, word in ((self.hidden_rows, "row"), (self.hidden_columns, "column"))
            if count
        ]

    def problems(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": "formula_without_value",
                "row": row,
                "column": column,
                **record_of(Message("formula_without_value", cell=f"{column}{row}")),
            }
            for row, column in self.uncalculated
        ]


def require_limits(part: SheetMarks, sheet: str, name: str, profile: Profile) -> None:
    """Refuse a sheet whose rectangle of cells is too large to be a table."""
    rows, columns = profile.rows, profile.columns
    beyond = (rows is not None and part.last_row > rows + 40) or (
        columns is not None and part.last_column > columns
    )
    if beyond:
        raise FileRefused(
            "cells_beyond_the_table",
            sheet=sheet,
            file=name,
            cell=part.last_cell,
            rows=rows or 0,
            columns=columns or 0,
        )
    if part.last_row * part.last_column > _MOST_CELLS:
        raise FileRefused("sheet_too_large", sheet=sheet, file=name, cell=part.last_cell)


def parts_of(archive: zipfile.ZipFile, name: str, profile: Profile) -> dict[str, SheetMarks]:
    """Sheet name → its marks, for XLSX and ODS."""
    if "content.xml" in archive.namelist():
        reader = _OpenDocument()
        with archive.open("content.xml") as file:
            parse(file, name, reader.start)
        return reader.parts
    return {
        sheet: _excel_part(archive, entry, name)
        for sheet, entry in _excel_sheets(archive, name)
        if entry in archive.NameToInfo
    }


def _excel_sheets(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """Sheet name and the entry that holds it."""
    names: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("sheet") and (key := _relation(attributes)):
            names.append((attributes.get("name", ""), key))

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    for entry, start in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", relation)):
        if entry in archive.NameToInfo:
            with archive.open(entry) as file:
                parse(file, name, start)
    for title, key in names:
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        yield title, posixpath.normpath(path)


def _relation(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _excel_part(archive: zipfile.ZipFile, entry: str, name: str) -> SheetMarks:
    reader = _Excel()
    with archive.open(entry) as file:
        parse(file, name, reader.start, reader.end, reader.text)
    return reader.part


_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class _Excel:
    """Handlers for one worksheet's XML; positions that are not written follow the one before."""

    def __init__(self) -> None:
        self.part = SheetMarks()
        self._row = 0
        self._column = 0
        self._formula = False
        self._in_value = False
        self._value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes.get("r", ""))
        elif tag in ("v", "is"):
            self._in_value = True
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
            self.part.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.part.hidden_columns += 1 if last > 200 else last - first + 1

    def _start_cell(self, reference: str) -> None:
        self._formula = self._value = self._in_value = False
        if found := _REFERENCE.fullmatch(reference):
            self._column, self._row = _column_number(found[1]), int(found[2])
        else:
            self._column += 1

    def text(self, text: str) -> None:
        """An empty `<v/>` is what programs write that do not calculate."""
        self._value = self._value or self._in_value

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "c":
            return
        if self._value:
            self.part.saw_value(self._row, self._column)
        elif self._formula and len(self.part.uncalculated) < _NAMED:
            self.part.uncalculated.append((self._row, _letters(self._column)))


class _OpenDocument:
    """Handlers for content.xml of an ODS file; repeats count as often as they say."""

    def __init__(self) -> None:
        self.parts: dict[str, SheetMarks] = {}
        self._part = SheetMarks()
        self._row = self._rows = self._column = 0
        self._columns = 1
        self._text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._part = self.parts.setdefault(attributes.get("table:name", ""), SheetMarks())
            self._row = self._rows = 0
        elif tag == "table:table-row":
            self._start_row(attributes)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._column += self._columns
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            self._saw(attributes)
        elif tag == "table:table-column" and _is_hidden(attributes):
            self._part.hidden_columns += 1

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row += self._rows
        self._rows = int(attributes.get("table:number-rows-repeated", 1))
        self._column = self._columns = 0
        if _is_hidden(attributes) and self._rows < 10_000:
            self._part.hidden_rows += self._rows

    def _saw(self, attributes: dict[str, str]) -> None:
        if "office:value-type" in attributes:
            self._part.saw_value(self._row + self._rows, self._column + self._columns)
        elif "table:formula" in attributes and len(self._part.uncalculated) < _NAMED:
            self._part.uncalculated.append((self._row + 1, _letters(self._column + 1)))


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility") in ("collapse", "filter")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
