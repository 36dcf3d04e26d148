"""Texts in place of dates that staff confirmed as reasons, each until somebody withdraws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, select, update

from mapsvc.errors import NotFound
from mapsvc.store.activity import note
from mapsvc.store.connections import Connections
from mapsvc.store.schema.staff_tables import confirmed_reason

CONFIRMED_REASON, WITHDREW_REASON = "confirmed the reason", "withdrew the reason"


@dataclass(frozen=True, slots=True)
class ConfirmedReason:
    """A text that residents may read in place of dates, and who confirmed it."""

    id: int
    text: str
    key: str
    by: str
    at: datetime


class Reasons:
    """The reasons of a store. They are compared by their keys, which `domain.reasons` makes."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def all(self) -> list[ConfirmedReason]:
        """Those in force, by their text."""
        columns = confirmed_reason.c
        query = select(columns.id, columns.text, columns.key, columns.by, columns.at)
        query = query.where(columns.withdrawn_at.is_(None)).order_by(columns.text, columns.id)
        with self._store.reading() as connection:
            return [ConfirmedReason(*row) for row in connection.execute(query)]

    def confirm(self, reasons: Iterable[tuple[str, str]], *, by: str, at: datetime) -> None:
        """Keep reasons, each given as (key, text); those in force already stay as they are."""
        columns = confirmed_reason.c
        with self._store.writing("uploads") as connection:
            known = set(
                connection.scalars(select(columns.key).where(columns.withdrawn_at.is_(None)))
            )
            for key, text in reasons:
                if key not in known:
                    known.add(key)
                    values = {"key": key, "text": text, "by": by, "at": at, "withdrawn_by": ""}
                    connection.execute(insert(confirmed_reason).values(**values))
                    note(connection, by=by, at=at, action=CONFIRMED_REASON, subject=text)

    def withdraw(self, reason_id: int, *, by: str, at: datetime) -> str:
        """Residents read it no longer; its text. NotFound when it is not in force."""
        columns = confirmed_reason.c
        mine = and_(columns.id == reason_id, columns.withdrawn_at.is_(None))
        values = {"withdrawn_at": at, "withdrawn_by": by}
        changed = update(confirmed_reason).where(mine).values(**values).returning(columns.text)
        with self._store.writing("uploads") as connection:
            text: str | None = connection.execute(changed).scalar_one_or_none()
            if text is None:
                raise NotFound("reason_withdrawn_already")
            note(connection, by=by, at=at, action=WITHDREW_REASON, subject=text)
        return text
