"""Excel workbooks for people to keep. Text is always text: no cell is ever a formula or a link."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
WIDEST, LENGTH_OF_A_DAY = 60, 10
LONGEST_TEXT = 32_767
"""Characters that a cell of Excel may have."""


Cell = str | date


def workbook(sheet: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: bold headings that stay in sight; cells of text, and of days."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    widths = [len(heading) for heading in headings]
    for at, heading in enumerate(headings):
        page.write_string(0, at, heading[:LONGEST_TEXT], bold)
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, at, cell, day)
                widths[at] = max(widths[at], LENGTH_OF_A_DAY)
            elif cell:
                page.write_string(number, at, cell[:LONGEST_TEXT])
                widths[at] = max(widths[at], len(cell))
    for at, width in enumerate(widths):
        page.set_column(at, at, min(width + 2, WIDEST))
    page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()
