"""A file of any kind as sheets: recognises it and calls its reader. Runs in the child."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import kinds


def read(path: Path, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The messages of every table or layer, as `sandbox/messages` takes them."""
    kind = kinds.kind_of(path, options["name"], options["profile"])
    yield from read_kind(path, options, kind)


def read_kind(path: Path, options: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """The same, of a file whose kind is known."""
    if kind in kinds.TABLES:
        from mapsvc.ingest.formats import tables

        yield from tables.read(path, options, kind)
    elif kind in kinds.BUNDLES:
        from mapsvc.ingest.formats import zip_members

        yield from zip_members.read(path, options, read_kind)
    elif kind in kinds.LAYERS:
        from mapsvc.ingest.formats import vectors

        yield from vectors.read(path, options, kind)
    else:
        raise FileRefused("openstreetmap_for_other", file=options["name"])
