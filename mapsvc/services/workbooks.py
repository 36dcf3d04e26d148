"""Excel workbooks for people to keep. Text is always text: no cell is ever a formula or a link."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
WIDEST = 60
LONGEST_TEXT = 32_767
"""Characters that a cell of Excel may have."""


def workbook(sheet: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet: bold headings that stay in sight, and cells of text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True})
    widths = [len(heading) for heading in headings]
    for at, heading in enumerate(headings):
        page.write_string(0, at, heading[:LONGEST_TEXT], bold)
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row):
            if text:
                page.write_string(number, at, text[:LONGEST_TEXT])
                widths[at] = max(widths[at], len(text))
    for at, width in enumerate(widths):
        page.set_column(at, at, min(width + 2, WIDEST))
    page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()
