"""The streets of an edition by row and by id, in memory-mapped files beside the indexes.

A council's gazetteer fits into memory, a nation's does not: a lookup here takes microseconds.
"""

import json
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.search.string_table import Texts, text_arrays

CONTENT = "records.bin"
_PREFIX = "record_"


class StreetRecord(NamedTuple):
    """One street: its fields as text by name, its label point (EPSG:4326), its line as WKB."""

    row: int
    id: str
    fields: dict[str, str]
    lat: float
    lon: float
    wkb: bytes | None

    @property
    def geometry(self) -> BaseGeometry | None:
        return None if self.wkb is None else shapely.from_wkb(self.wkb)


def build_records(folder: Path, records: Iterable[StreetRecord]) -> None:
    """Write the records of an edition into `folder`; rows count from 0, in order. Streams: ids
    and positions stay in memory, texts and lines do not.
    """
    ids: list[str] = []
    points, ends = array("d"), array("q", [0])
    with (folder / CONTENT).open("wb") as content:
        for record in records:
            ids.append(record.id)
            points.extend((record.lat, record.lon))
            content.write(json.dumps(record.fields, ensure_ascii=False).encode())
            ends.append(content.tell())
            content.write(record.wkb or b"")
            ends.append(content.tell())
    arrays = {"points": np.array(points).reshape(-1, 2), "ends": np.array(ends, np.int64)}
    arrays |= {f"id_{part}": value for part, value in text_arrays(ids).items()}
    for name, values in arrays.items():
        np.save(folder / f"{_PREFIX}{name}.npy", values)


class Records:
    """The records in `folder`. Safe for threads: only reads."""

    def __init__(self, folder: Path) -> None:
        paths = folder.glob(f"{_PREFIX}*.npy")
        arrays = {path.stem.removeprefix(_PREFIX): np.load(path, mmap_mode="r") for path in paths}
        self._ids = Texts({name.removeprefix("id_"): values for name, values in arrays.items()})
        self._points, self._ends = np.asarray(arrays["points"]), arrays["ends"].data
        content = folder / CONTENT
        self._content = np.memmap(content, mode="r").data if content.stat().st_size else b""

    def row_of(self, street_id: str) -> int | None:
        """The row of the street with this id; None for an id that no street has."""
        return self._ids.number(street_id)

    def by_row(self, row: int) -> StreetRecord | None:
        if not 0 <= row < len(self._ids):
            return None
        start, middle, end = self._ends[2 * row : 2 * row + 3]
        fields = json.loads(bytes(self._content[start:middle]))
        wkb = bytes(self._content[middle:end]) or None
        lat, lon = self._points[row].tolist()
        return StreetRecord(row, self._ids.said(row).decode(), fields, lat, lon, wkb)

    def count(self) -> int:
        return len(self._ids)

    def all(self) -> Iterator[StreetRecord]:
        records = map(self.by_row, range(len(self._ids)))
        return (record for record in records if record)
