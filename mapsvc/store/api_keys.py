"""Who may send reports by machine. Keys are here as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from mapsvc.errors import AccountRefused, NotFound
from mapsvc.store.activity import note
from mapsvc.store.connections import Connections
from mapsvc.store.schema.issue_tables import api_key


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that was given to somebody, under the name that it has here."""

    name: str
    by: str
    at: datetime
    disabled_at: datetime | None


class ApiKeys:
    """The keys of a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def add(self, name: str, token: str, *, by: str, at: datetime) -> None:
        """A new key; `token` is the hash of it. AccountRefused when the name is taken."""
        values = {"name": name, "token": token, "by": by, "at": at}
        try:
            with self._store.writing("accounts") as connection:
                connection.execute(insert(api_key).values(**values))
                note(connection, by=by, at=at, action="added the API key", subject=name)
        except IntegrityError as error:
            raise AccountRefused("key_taken", name=name) from error

    def disable(self, name: str, *, by: str, at: datetime) -> None:
        """It works no more. NotFound when there is none of this name."""
        changed = update(api_key).where(api_key.c.name == name).values(disabled_at=at)
        with self._store.writing("accounts") as connection:
            if not connection.execute(changed).rowcount:
                raise NotFound("no_key", name=name)
            note(connection, by=by, at=at, action="disabled the API key", subject=name)

    def all(self) -> list[ApiKey]:
        """All keys by name, disabled ones included."""
        with self._store.reading() as connection:
            rows = connection.execute(select(api_key).order_by(api_key.c.name)).all()
        return [ApiKey(row.name, row.by, row.at, row.disabled_at) for row in rows]

    def name_of(self, token: str) -> str | None:
        """Whose key has this hash; None when nobody's, or it is disabled."""
        works = (api_key.c.token == token) & api_key.c.disabled_at.is_(None)
        with self._store.reading() as connection:
            name: str | None = connection.scalar(select(api_key.c.name).where(works))
        return name
