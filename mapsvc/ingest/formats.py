"""Which format a gazetteer is in, by its content. Reading it is its reader's."""

from contextlib import closing
from pathlib import Path

from mapsvc.ingest.child import REFERENCE, file_kind, read_sheets
from mapsvc.ingest.dtf import is_dtf
from mapsvc.ingest.kinds import LAYERS
from mapsvc.ingest.os_open import is_locator, is_open_names
from mapsvc.ingest.rows import Cell

FORMATS = ("csv", "osm", "vector", "dtf", "opennames", "openusrn", "locator")
"""What `--format` takes. `openusrn` is OS Open USRN, with OS Open Roads for the names."""


def format_of(file: Path) -> str:
    """One of FORMATS.

    Raises
    ------
    FileRefused : when the file is of a kind that no reader takes.
    """
    kind = file_kind(file, profile=REFERENCE)
    if kind in {"osm", "pbf"}:
        return "osm"
    if kind in LAYERS:
        return "vector"
    return _format_of_text(file) if kind == "csv" else "csv"


def _format_of_text(file: Path) -> str:
    first = first_cells(file)
    if is_dtf(first):
        return "dtf"
    if is_open_names(first):
        return "opennames"
    return "locator" if is_locator(first) else "csv"


def first_cells(file: Path) -> list[Cell]:
    """The cells of the first row that has any, as they stand."""
    with closing(read_sheets(file, profile=REFERENCE, raw=True)) as sheets:
        rows = (row.cells for sheet in sheets for row in sheet.rows)
        filled = (cells for cells in rows if any(cell not in (None, "") for cell in cells))
        return list(next(filled, []))
