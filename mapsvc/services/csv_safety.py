"""What is handed out as a spreadsheet: no text that somebody wrote runs in it as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the start of a formula (OWASP: CSV injection)."""


def inert(text: str) -> str:
    """`text` as a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Headings and rows as CSV, every text inert; numbers stay numbers."""
    target = io.StringIO()
    writer = csv.writer(target)
    for row in (headings, *rows):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return target.getvalue()
