"""Who asked for news of an issue. Tokens are here as hashes; the only place with addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from mapsvc.store.connections import Connections
from mapsvc.store.outbox import OutgoingMessage, put
from mapsvc.store.schema.issue_tables import issue, issue_event, report_attempt, subscription

MAIL = "mail"
"""The recipient of all mail to residents: one server, so one circuit."""
CONFIRM, NEWS = "confirm", "news"
COUNTED = "counted "
"""Confirmed addresses that count among those who noticed an issue, as nobody can read them."""
IS_COUNTED = report_attempt.c.key.startswith(COUNTED)
DAY = timedelta(days=1)
MOST_UNCONFIRMED = 3
"""Mails in a day that ask an address to confirm: a form must not be a way to pester others."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who asks for news. `token` is in the mail that asks to confirm, until it is sent."""

    email: str
    token: str
    confirm_hash: str
    confirm_until: datetime
    end_hash: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is kept of it."""

    id: int
    issue: int
    email: str
    confirmed_at: datetime | None
    confirm_until: datetime
    at: datetime


def subscribe(
    connection: Connection, issue_id: int, reference: str, who: Subscriber, at: datetime
) -> int | None:
    """The number of a new subscription, kept with the mail that asks to confirm it; None where
    this address asked before, or too often in a day.
    """
    same = (subscription.c.issue == issue_id) & (subscription.c.email == who.email)
    if connection.scalar(select(subscription.c.fid).where(same)) is not None:
        return None
    pending = (subscription.c.email == who.email) & subscription.c.confirmed_at.is_(None)
    recent = select(func.count()).where(pending, subscription.c.at > at - DAY)
    if int(connection.scalar(recent) or 0) >= MOST_UNCONFIRMED:
        return None
    values = {
        "issue": issue_id,
        "email": who.email,
        "confirm_token": who.confirm_hash,
        "confirm_until": who.confirm_until,
        "end_token": who.end_hash,
        "at": at,
    }
    made = insert(subscription).values(**values).returning(subscription.c.fid)
    number = int(connection.execute(made).scalar_one())
    payload = {"subscription": number, "token": who.token}
    put(
        connection, issue_id, [OutgoingMessage(CONFIRM, MAIL, f"{reference} {number}", payload)], at
    )
    return number


def put_news(connection: Connection, issue_id: int, event_id: int, at: datetime) -> None:
    """Put what happened into the outbox for everybody who confirmed."""
    asked = (subscription.c.issue == issue_id) & subscription.c.confirmed_at.is_not(None)
    numbers = connection.scalars(select(subscription.c.fid).where(asked)).all()
    if numbers:
        reference = connection.scalar(select(issue.c.reference).where(issue.c.fid == issue_id))
        messages = [
            OutgoingMessage(
                NEWS,
                MAIL,
                f"{reference} {number} {event_id}",
                {"subscription": number, "event": event_id},
            )
            for number in numbers
        ]
        put(connection, issue_id, messages, at)


class Subscriptions:
    """The subscriptions of a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def get(self, number: int) -> Subscription | None:
        """The subscription, None when it was ended or erased."""
        return self._one(subscription.c.fid == number)

    def to_confirm(self, token_hash: str) -> Subscription | None:
        """The one that waits for this token."""
        return self._one(subscription.c.confirm_token == token_hash)

    def to_end(self, token_hash: str) -> Subscription | None:
        """The one that this token ends."""
        return self._one(subscription.c.end_token == token_hash)

    def _one(self, condition: ColumnElement[bool]) -> Subscription | None:
        with self._store.reading() as connection:
            row = connection.execute(select(subscription).where(condition)).one_or_none()
        return None if row is None else _subscription(row)

    def confirm(self, number: int, at: datetime) -> bool:
        """Send news from now on; whether its token was still unused."""
        waits = (subscription.c.fid == number) & subscription.c.confirm_token.is_not(None)
        changed = update(subscription).where(waits).values(confirm_token=None, confirmed_at=at)
        with self._store.writing("issues") as connection:
            return bool(connection.execute(changed).rowcount)

    def end(self, number: int) -> None:
        """Forget it, address and all."""
        with self._store.writing("issues") as connection:
            connection.execute(delete(subscription).where(subscription.c.fid == number))

    def erase(self, email: str, address: str, at: datetime) -> int:
        """Forget an address wherever it stands; in how many places it stood in clear.

        Parameters
        ----------
        address : the same, as nobody can read it
        """
        counted = report_attempt.c.key.startswith(f"{COUNTED}{address} ")
        with self._store.writing("issues") as connection:
            connection.execute(delete(report_attempt).where(counted))
            same = func.lower(subscription.c.email) == email.lower()
            number = int(connection.execute(delete(subscription).where(same)).rowcount)
            return number + _erase_from_texts(connection, email, at)

    def erase_closed(self, before: datetime, at: datetime) -> int:
        """Forget who asked about issues closed before then, those never confirmed, and texts that
        nobody released; how many rows that were.
        """
        old = issue.c.closed_at < before
        of_old = subscription.c.issue.in_(select(issue.c.fid).where(old))
        unused = subscription.c.confirmed_at.is_(None) & (subscription.c.confirm_until < at)
        unread = old & issue.c.is_released.is_(False) & (issue.c.text + issue.c.stretch != "")
        blank = update(issue).where(unread).values(text="", stretch="", changed_at=at)
        with self._store.writing("issues") as connection:
            counted = IS_COUNTED & (report_attempt.c.at < before)
            connection.execute(delete(report_attempt).where(counted))
            gone = connection.execute(delete(subscription).where(of_old | unused)).rowcount
            return int(gone + connection.execute(blank).rowcount)


def _erase_from_texts(connection: Connection, email: str, at: datetime) -> int:
    """Take an address out of what people wrote, and tell the processes that keep it in memory."""
    number, changed = 0, set()
    for table, key, names in (
        (issue, issue.c.fid, ("text", "stretch")),
        (issue_event, issue_event.c.id, ("sentence", "note")),
    ):
        for column in (table.c[name] for name in names):
            holds = func.lower(column).contains(email.lower(), autoescape=True)
            for row in connection.execute(select(key, column).where(holds)).all():
                said = {column.name: _without(row[1], email)}
                connection.execute(update(table).where(key == row[0]).values(**said))
                number += 1
                changed |= {row[0]} if table is issue else set()
    for issue_id in changed:
        _note_erasing(connection, issue_id, at)
    return number


def _note_erasing(connection: Connection, issue_id: int, at: datetime) -> None:
    state = connection.scalar(select(issue.c.state).where(issue.c.fid == issue_id))
    said = {"kind": "address erased", "state": state, "sentence": "", "note": "", "by": ""}
    connection.execute(insert(issue_event).values(issue=issue_id, at=at, **said))


def _without(text: str, email: str) -> str:
    at = text.lower().find(email.lower())
    while at >= 0:
        text = text[:at] + "[erased]" + text[at + len(email) :]
        at = text.lower().find(email.lower())
    return text


def _subscription(row: Any) -> Subscription:
    return Subscription(row.fid, row.issue, row.email, row.confirmed_at, row.confirm_until, row.at)
