"""A file of any kind as sheets: recognises it and calls its reader. Runs in the child."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest import kinds


def read(path: Path, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The messages of `sheets` for every table or layer; a reader for `child.in_child`."""
    name = options["name"]
    kind = kinds.kind_of(path, name, options["profile"])
    if kind in kinds.TABLES:
        from mapsvc.ingest import tables

        yield from tables.read(path, options, kind)
    elif kind in kinds.LAYERS:
        from mapsvc.ingest import vectors

        yield from vectors.read(path, options, kind)
    elif kind in kinds.ARCHIVES:
        from mapsvc.ingest import bundles

        yield from bundles.read(path, options)
    else:
        raise FileRefused(
            f"{name} is an OpenStreetMap file, which holds streets and no schedule. "
            "Use it with: mapsvc ingest gazetteer."
        )
