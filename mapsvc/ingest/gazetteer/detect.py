"""Which format a gazetteer is in, by its content. Reading it is its reader's."""

from contextlib import closing
from pathlib import Path

from mapsvc.ingest.formats.kinds import LAYERS
from mapsvc.ingest.gazetteer.dtf import is_dtf
from mapsvc.ingest.gazetteer.os_open import is_locator, is_open_names
from mapsvc.ingest.sandbox.parent import REFERENCE, in_child

FORMATS = ("csv", "osm", "vector", "dtf", "opennames", "openusrn", "locator")
"""What `--format` takes. `openusrn` is OS Open USRN, with OS Open Roads for the names."""


def format_of(file: Path) -> str:
    """One of FORMATS.

    Raises
    ------
    FileRefused : when the file is of a kind that no reader takes.
    """
    kind, first = beginning(file)
    if kind in {"osm", "pbf"}:
        return "osm"
    if kind in LAYERS:
        return "vector"
    if is_dtf(first):
        return "dtf"
    if is_open_names(first):
        return "opennames"
    return "locator" if is_locator(first) else "csv"


def beginning(file: Path) -> tuple[str, list[str]]:
    """A key of `kinds.KINDS`, and the cells of the first row of a delimited text.

    Raises
    ------
    FileRefused : when the file is of a kind that no reader takes.
    """
    with closing(in_child("mapsvc.ingest.formats.first_row:read", file, REFERENCE)) as messages:
        message = next(messages)
        return str(message["kind"]), [str(cell) for cell in message["first"]]
