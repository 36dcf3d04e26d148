"""The streets of an edition by row and by id, in one read-only SQLite file beside the indexes.

A council's gazetteer fits into memory, a nation's does not: a lookup here takes microseconds.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

FILE_NAME = "records.sqlite"

_COLUMNS = "row, id, fields, lat, lon, wkb"


class Record(NamedTuple):
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


def build_records(folder: Path, records: Iterable[Record]) -> None:
    """Write the records of an edition into `folder`; rows count from 0."""
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    try:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE record (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
            " fields TEXT NOT NULL, lat REAL, lon REAL, wkb BLOB); BEGIN;"
        )
        connection.executemany(
            f"INSERT INTO record ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (r.row, r.id, json.dumps(r.fields, ensure_ascii=False), r.lat, r.lon, r.wkb)
                for r in records
            ),
        )
        connection.execute("COMMIT")
    finally:
        connection.close()


class Records:
    """The records in `folder`. Safe for threads: one connection each."""

    def __init__(self, folder: Path) -> None:
        self._address = f"{(folder / FILE_NAME).resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()

    def by_id(self, street_id: str) -> Record | None:
        found = self._select("WHERE id = ?", street_id)
        return next(found, None)

    def by_row(self, row: int) -> Record | None:
        found = self._select("WHERE row = ?", row)
        return next(found, None)

    def count(self) -> int:
        found = self._connection().execute("SELECT count(*) FROM record").fetchone()
        return int(found[0])

    def all(self) -> Iterator[Record]:
        return self._select("WHERE row >= ?", 0)

    def _select(self, where: str, value: str | int) -> Iterator[Record]:
        rows = self._connection().execute(f"SELECT {_COLUMNS} FROM record {where}", (value,))
        for row, street_id, fields, lat, lon, wkb in rows:
            yield Record(row, street_id, json.loads(fields), lat, lon, wkb)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            self._local.connection = connection
        return connection
