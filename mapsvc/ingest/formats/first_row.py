"""What a file is and how its first row begins, in one look. Runs in the child."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapsvc.ingest.formats import kinds


def read(path: Path, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One message, `{"kind": ..., "first": [cells]}`; cells of a delimited text only.

    Raises
    ------
    FileRefused : for a file of a kind that no reader takes.
    """
    kind = kinds.kind_of(path, options["name"], options["profile"])
    yield {"kind": kind, "first": _first_cells(path, options) if kind == "csv" else []}


def _first_cells(path: Path, options: Mapping[str, Any]) -> list[Any]:
    """Of the first row that has any, as text."""
    from mapsvc.ingest.formats import tables

    for message in tables.read(path, {**options, "raw": True}, "csv"):
        for row in message.get("rows", ()):
            if any(cell not in (None, "") for cell in row[1]):
                return ["" if cell is None else str(cell) for cell in row[1]]
    return []
