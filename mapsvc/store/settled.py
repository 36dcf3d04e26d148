"""What people said that names of streets in their files mean, for the council's next file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from mapsvc.store.activity import note
from mapsvc.store.connections import Connections
from mapsvc.store.schema.staff_tables import settled_street

SETTLED = "said which street is meant"


class SettledStreets:
    """Name with place, by its key (`ingest.matching`) → the id of the street that is meant."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def all(self) -> dict[str, str]:
        """Everything that was said and not said otherwise since."""
        query = select(settled_street.c.key, settled_street.c.street)
        with self._store.reading() as connection:
            return {row.key: row.street for row in connection.execute(query)}

    def remember(self, streets: Mapping[str, str], *, by: str, at: datetime) -> None:
        """Keep what was said last of each name."""
        if not streets:
            return
        with self._store.writing("uploads") as connection:
            for key, street in streets.items():
                connection.execute(delete(settled_street).where(settled_street.c.key == key))
                values = {"key": key, "street": street, "by": by, "at": at}
                connection.execute(insert(settled_street).values(**values))
                note(connection, by=by, at=at, action=SETTLED, subject=key, detail=street)
