"""Messages to send, written in the transaction that caused them. Sending is in `services`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from mapsvc.store.connections import Connections
from mapsvc.store.leases import change_held, is_free, take
from mapsvc.store.schema.issue_tables import circuit, outbox

WAITING, SENT, STOPPED = "waiting", "sent", "stopped"
"""States of a message: to be sent, sent, and given up until staff send it again."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Something to send. `reference` is ours: the same one to the same recipient is sent once."""

    kind: str
    recipient: str
    reference: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in the outbox. `external` is the number that the recipient gave it; `attempts`
    counts how often it was begun, and tells leases apart.
    """

    id: int
    issue: int | None
    message: OutgoingMessage
    state: str
    attempts: int
    error: str
    external: str
    run_after: datetime
    at: datetime
    sent_at: datetime | None


def put(
    connection: Connection, issue_id: int | None, messages: Iterable[OutgoingMessage], at: datetime
) -> None:
    """Put messages in the outbox, in the transaction of `connection`."""
    for message in messages:
        same = and_(
            outbox.c.kind == message.kind,
            outbox.c.recipient == message.recipient,
            outbox.c.reference == message.reference,
        )
        if connection.scalar(select(outbox.c.id).where(same)) is None:
            connection.execute(insert(outbox).values(**_values(message, issue_id, at)))


def _values(message: OutgoingMessage, issue_id: int | None, at: datetime) -> dict[str, Any]:
    return {
        "issue": issue_id,
        "kind": message.kind,
        "recipient": message.recipient,
        "reference": message.reference,
        "payload": message.payload,
        "state": WAITING,
        "error": "",
        "external": "",
        "attempts": 0,
        "worker": "",
        "run_after": at,
        "at": at,
    }


class Outbox:
    """The messages of a store that are waiting, sent or stopped."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def lease(self, worker: str, at: datetime, until: datetime) -> Parcel | None:
        """The oldest message that is due, this worker's until then; None when none is.

        Due is what waits, what nobody else holds, and whose recipient's circuit is closed.
        """
        is_open = select(circuit.c.recipient).where(circuit.c.open_until > at)
        is_due = and_(outbox.c.state == WAITING, outbox.c.run_after <= at, is_free(outbox, at))
        query = select(outbox).where(is_due, outbox.c.recipient.not_in(is_open))
        query = query.order_by(outbox.c.run_after, outbox.c.id).limit(1)
        with self._store.reading() as connection:
            if connection.execute(query).one_or_none() is None:
                return None  # nobody waits for the writer's place to be told so
        with self._store.writing("outbox") as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            take(connection, outbox, row.id, worker, until)
            return _parcel(connection.execute(select(outbox).where(outbox.c.id == row.id)).one())

    def note_sent(self, parcel: Parcel, external: str, at: datetime, payload: Any = None) -> None:
        """It arrived, and the recipient calls it that; its circuit is closed.

        Nothing changes when another worker has the message by now.

        Parameters
        ----------
        payload : what is kept of the message from now on; what it was sent with is forgotten
        """
        values = {"state": SENT, "external": external, "sent_at": at, "error": ""}
        with self._store.writing("outbox") as connection:
            if _let_go(connection, parcel, payload=payload or {}, **values):
                _set_circuit(connection, parcel.message.recipient, 0, None)

    def number_is(self, parcel_id: int, external: str) -> None:
        """What the recipient calls a message that it had given a token before."""
        with self._store.writing("outbox") as connection:
            _set(connection, parcel_id, external=external)

    def keep(self, parcel_id: int, payload: dict[str, Any]) -> None:
        """What the recipient said of a message since it was sent."""
        with self._store.writing("outbox") as connection:
            _set(connection, parcel_id, payload=payload)

    def note_failure(
        self,
        parcel: Parcel,
        error: str,
        again_at: datetime | None,
        open_until: datetime | None,
        *,
        is_outage: bool = True,
    ) -> None:
        """It did not arrive. Nothing changes when another worker has the message by now.

        Parameters
        ----------
        again_at : when to try again; None gives it up until staff send it again
        open_until : till when nothing is sent to this recipient
        is_outage : whether the recipient failed; not so when it refuses this one message
        """
        values = {"error": error, "run_after": again_at or parcel.run_after}
        state = WAITING if again_at else STOPPED
        with self._store.writing("outbox") as connection:
            if _let_go(connection, parcel, state=state, **values) and is_outage:
                failures = _failures(connection, parcel.message.recipient) + 1
                _set_circuit(connection, parcel.message.recipient, failures, open_until)

    def failures(self, recipient: str) -> int:
        """How often sending to a recipient failed since it last worked."""
        with self._store.reading() as connection:
            return _failures(connection, recipient)

    def send_again(self, parcel_id: int, at: datetime) -> None:
        """Try a message again now, whatever stopped it."""
        query = select(outbox.c.recipient).where(outbox.c.id == parcel_id)
        with self._store.writing("outbox") as connection:
            recipient = connection.scalar(query)
            _set(connection, parcel_id, state=WAITING, run_after=at, lease_until=None)
            if recipient is not None:
                _set_circuit(connection, recipient, 0, None)

    def sent_to(self, recipient: str, since: datetime) -> list[Parcel]:
        """What a recipient has got since then, and gave a number."""
        got = and_(outbox.c.state == SENT, outbox.c.external != "", outbox.c.sent_at >= since)
        query = select(outbox).where(got, outbox.c.recipient == recipient).order_by(outbox.c.id)
        with self._store.reading() as connection:
            return [_parcel(row) for row in connection.execute(query)]

    def of_issue(self, issue_id: int) -> list[Parcel]:
        """All that an issue sent out or is to send, oldest first."""
        query = select(outbox).where(outbox.c.issue == issue_id).order_by(outbox.c.id)
        with self._store.reading() as connection:
            return [_parcel(row) for row in connection.execute(query)]

    def failing(self, limit: int = 100) -> list[Parcel]:
        """What was tried and did not arrive, newest first, each with its last error."""
        failed = and_(outbox.c.state != SENT, outbox.c.error != "")
        query = select(outbox).where(failed).order_by(outbox.c.id.desc()).limit(limit)
        with self._store.reading() as connection:
            return [_parcel(row) for row in connection.execute(query)]

    def page(self, state: str = "", limit: int = 100) -> list[Parcel]:
        """The newest messages, newest first."""
        query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        if state:
            query = query.where(outbox.c.state == state)
        with self._store.reading() as connection:
            return [_parcel(row) for row in connection.execute(query)]

    def numbers(self) -> dict[str, int]:
        """How many messages are in each state."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        with self._store.reading() as connection:
            return {state: int(number) for state, number in connection.execute(query)}


def _set(connection: Connection, parcel_id: int, **values: Any) -> None:
    connection.execute(update(outbox).where(outbox.c.id == parcel_id).values(**values))


def _let_go(connection: Connection, parcel: Parcel, **values: Any) -> bool:
    """Whether the worker still had it."""
    return change_held(connection, outbox, parcel.id, parcel.attempts, lease_until=None, **values)


def _failures(connection: Connection, recipient: str) -> int:
    query = select(circuit.c.failures).where(circuit.c.recipient == recipient)
    return int(connection.scalar(query) or 0)


def _set_circuit(
    connection: Connection, recipient: str, failures: int, open_until: datetime | None
) -> None:
    values = {"failures": failures, "open_until": open_until}
    changed = update(circuit).where(circuit.c.recipient == recipient).values(**values)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(circuit).values(recipient=recipient, **values))


def _parcel(row: Any) -> Parcel:
    plain = ("id", "issue", "state", "attempts", "error", "external", "run_after", "at", "sent_at")
    message = OutgoingMessage(row.kind, row.recipient, row.reference, row.payload)
    return Parcel(message=message, **{name: row._mapping[name] for name in plain})
