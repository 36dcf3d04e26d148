"""Tables of any kind as the child's messages: workbooks here, delimited text in `delimited`.

The one user of python-calamine (XLSX, XLSB, XLS, ODS), which reads values and types. What it
cannot say (hidden rows, formulas that were never calculated) and what would kill it (a cell at
XFD1048576) is found by `workbook_parts` first. Runs in the child.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import archives, workbook_parts
from mapsvc.ingest.formats.delimited import Delimited
from mapsvc.ingest.formats.table_layout import ChildMessage, SheetCells, messages
from mapsvc.ingest.formats.workbook_parts import SheetMarks
from mapsvc.ingest.limits import Profile

_LONGEST_CELL = 32_767
"""Characters; Excel's own limit. A string shared by many cells would else multiply."""
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def read(path: Path, options: Mapping[str, Any], kind: str) -> Iterator[ChildMessage]:
    """The messages of every sheet in a file of one of `kinds.TABLES`.

    Raises
    ------
    FileRefused : when it is damaged, protected, without rows, or asks for more than the profile
        allows.
    """
    found = False
    for table in _tables(path, options["name"], options["profile"], kind):
        for message in messages(table, options):
            found = True
            yield message
    if not found:
        raise FileRefused("file_without_rows", file=options["name"])


def _tables(path: Path, name: str, profile: Profile, kind: str) -> Iterator[SheetCells]:
    if kind == "csv":
        text = Delimited(path, name)
        yield SheetCells("", text.rows(), lambda: text.notes)
    else:
        yield from _workbook(path, name, profile, kind)


def _workbook(path: Path, name: str, profile: Profile, kind: str) -> Iterator[SheetCells]:
    """The visible sheets, in the workbook's order."""
    parts = _parts(path, name, profile, kind)
    if kind == "ods":  # calamine reads all its sheets when it opens it
        for title, part in parts.items():
            workbook_parts.require_limits(part, title, name, profile)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        hidden = _hidden(workbook)
        notes = [f"The hidden sheet {sheet!r} was not read." for sheet in hidden]
        for sheet in workbook.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name not in hidden:
                part = parts.get(sheet.name, SheetMarks())
                workbook_parts.require_limits(part, sheet.name, name, profile)
                yield _table(workbook.get_sheet_by_name(sheet.name), part, notes)
                notes = []
    except PasswordError:
        raise FileRefused("file_protected", file=name) from None
    except CalamineError:
        raise FileRefused("workbook_damaged", file=name) from None


def _parts(path: Path, name: str, profile: Profile, kind: str) -> dict[str, SheetMarks]:
    if kind == "xls":
        return {}
    with archives.opened(path, name, profile) as archive:
        archives.verify(archive)
        return workbook_parts.parts_of(archive, name, profile) if kind != "xlsb" else {}


def _hidden(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible != SheetVisibleEnum.Visible
    ]


def _table(sheet: CalamineSheet, part: SheetMarks, notes: list[str]) -> SheetCells:
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = _fill_merged(rows, sheet.merged_cell_ranges or [])
    if merged:
        notes = [*notes, f"{merged} merged cells were read as if each cell held the value."]
    said = [*notes, *part.notes()]
    numbered = list(enumerate(rows, start=1))
    return SheetCells(sheet.name, iter(numbered), lambda: said, part.problems())


def _fill_merged(
    rows: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> int:
    """Write a merged cell's value into all its cells; how many merged cells that were.

    A merge across columns that begins in the first is a title of the sheet or of a section.
    """
    filled = 0
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] is None:
            continue
        if left == 0 and right > 0:
            continue
        filled += 1
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                if row[column] is None:
                    row[column] = rows[top][left]
    return filled


def _cell(value: Any) -> Any:
    """A cell as `rows.Cell`: dates without time, whole numbers as int, errors as empty."""
    if isinstance(value, str):
        text = value.strip()[:_LONGEST_CELL]
        return text if text and text not in _ERRORS else None
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value


def _number(value: float) -> int | float | None:
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
