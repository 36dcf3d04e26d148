"""What is recorded from day to day: events, notices and counters. Plans are in `editions`.

Events are append-only; taking one back is an event of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mapsvc.domain.events import Event, Notice, Target
from mapsvc.errors import MarkRefused, NotFound
from mapsvc.store.activity import ADDED_NOTICE, REMOVED_NOTICE, note
from mapsvc.store.connections import Connections
from mapsvc.store.schema.tables import counter, event, event_verge, notice

WITHDRAWN = "withdrawn"
"""The kind of an event that takes another back."""

STAMP = """
SELECT (SELECT max(id) FROM event),
       (SELECT sum(moves) FROM current_edition),
       (SELECT count(*) + count(removed_at) FROM notice),
       (SELECT max(id) FROM issue_event),
       (SELECT count(*) + count(withdrawn_at) FROM confirmed_reason)
"""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to record. A `key` makes recording it twice the same as once.

    `instead_of` is the event whose place in the order of recording it takes.
    """

    target: Target
    kind: str
    on: date
    season: int
    at: datetime
    cut: int | None = None
    verges: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""
    expected: date | None = None
    until: date | None = None
    by: str = ""
    key: str | None = None
    instead_of: int | None = None


class Count(NamedTuple):
    """How often something happened on a day: `searches`, or `answers` by status …"""

    day: date
    name: str
    key: str
    number: int


class Live:
    """The live rows of a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store
        self._kept_notices: tuple[int, dict[int, Notice]] = (-1, {})

    # Events

    def record(self, events: Sequence[EventDraft]) -> list[int]:
        """Append events, all or none; their ids. A key seen before gives its first event's id."""
        with self._store.writing("events") as connection:
            return record_in(connection, events)

    def withdraw(self, event_id: int, *, by: str, at: datetime) -> int:
        """Take an event back; the id of the event that says so.

        Raises
        ------
        NotFound : when there is no such event.
        MarkRefused : when it is withdrawn already, or is itself a withdrawal.
        """
        with self._store.writing("events") as connection:
            return withdraw_in(connection, event_id, by=by, at=at)

    def replace(
        self, event_ids: Sequence[int], events: Sequence[EventDraft], *, by: str, at: datetime
    ) -> list[int]:
        """Take events back and append others, all or none; the new ids. Errors as `withdraw`."""
        with self._store.writing("events") as connection:
            for event_id in event_ids:
                withdraw_in(connection, event_id, by=by, at=at)
            return record_in(connection, events)

    def events_after(self, event_id: int = 0) -> list[Event]:
        """The events recorded after this one, withdrawals included, in the order of recording."""
        query = select(event).where(event.c.id > event_id).order_by(event.c.id)
        pairs = select(event_verge.c.event, event_verge.c.verge).where(
            event_verge.c.event > event_id
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
            verges: dict[int, list[str]] = defaultdict(list)
            for number, verge in connection.execute(pairs):
                verges[number].append(verge)
        return [_event(row._mapping, frozenset(verges.get(row.id, ()))) for row in rows]

    def newest_event_id(self) -> int:
        """The id of the newest event, 0 when there is none; in microseconds."""
        return int(self._store.glance("SELECT max(id) FROM event")[0] or 0)

    def current_stamp(self) -> tuple[int, ...]:
        """A value that changes with whatever any process publishes, records or confirms."""
        return tuple(int(number or 0) for number in self._store.glance(STAMP))

    # Notices

    def notices(self) -> list[Notice]:
        """The notices that were not removed, whatever their dates, oldest first."""
        return list(self.notices_by_id().values())

    def notices_by_id(self) -> dict[int, Notice]:
        """The notices that were not removed, by the id that `remove_notice` takes."""
        stamp = self.current_stamp()[2]
        if self._kept_notices[0] != stamp:
            self._kept_notices = stamp, self._read_notices()
        return dict(self._kept_notices[1])

    def _read_notices(self) -> dict[int, Notice]:
        columns = notice.c
        query = select(columns.id, columns.text, columns.area, columns.starts, columns.ends)
        query = query.where(columns.removed_at.is_(None)).order_by(columns.id)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        return {row.id: Notice(row.text, row.area, row.starts, row.ends) for row in rows}

    def add_notice(self, added: Notice, *, by: str, at: datetime) -> int:
        """Keep a notice; its id."""
        values = {
            "text": added.text,
            "area": added.area,
            "starts": added.starts,
            "ends": added.ends,
        }
        with self._store.writing("notices") as connection:
            made = insert(notice).values(**values, by=by, at=at).returning(notice.c.id)
            number = int(connection.execute(made).scalar_one())
            _note_notice(connection, ADDED_NOTICE, number, added.text, by, at)
        return number

    def remove_notice(self, notice_id: int, *, by: str = "", at: datetime) -> None:
        """Show a notice no longer.

        Raises
        ------
        NotFound : when there is none with this id, or it was removed before.
        """
        there = (notice.c.id == notice_id) & notice.c.removed_at.is_(None)
        with self._store.writing("notices") as connection:
            removed = update(notice).where(there).values(removed_at=at).returning(notice.c.text)
            text = connection.scalar(removed)
            if text is None:
                raise NotFound("no_notice", notice=notice_id)
            _note_notice(connection, REMOVED_NOTICE, notice_id, text, by, at)

    # Counters

    def count(self, day: date, increments: Mapping[tuple[str, str], int]) -> None:
        """Add to the day's counters, each known by a name and a key (empty when it has none)."""
        rows = [
            {"day": day, "name": name, "key": key, "number": number}
            for (name, key), number in sorted(increments.items())
        ]
        if not rows:
            return
        dialect = postgresql if self._store.dialect == "postgresql" else sqlite
        added = dialect.insert(counter)
        upsert = added.on_conflict_do_update(
            index_elements=[counter.c.day, counter.c.name, counter.c.key],
            set_={"number": counter.c.number + added.excluded.number},
        )
        with self._store.writing("counters") as connection:
            connection.execute(upsert, rows)

    def counts(self, first: date, last: date) -> list[Count]:
        """The counters from a day to another, both included, by day, name and key."""
        columns = counter.c
        query = select(columns.day, columns.name, columns.key, columns.number)
        query = query.where(columns.day.between(first, last))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(columns.day, columns.name, columns.key))
            return [Count(*row) for row in rows]


def _note_notice(
    connection: Connection, action: str, number: int, text: str, by: str, at: datetime
) -> None:
    note(connection, by=by, at=at, action=action, subject=str(number), detail=text)


def withdraw_in(connection: Connection, event_id: int, *, by: str, at: datetime) -> int:
    """As `Live.withdraw`, in a transaction of the topic `events`."""
    row = _event_to_withdraw(connection, event_id)
    values = {
        **{name: row[name] for name in ("level", "code", "on", "season", "cut")},
        "kind": WITHDRAWN,
        "reason": "",
        "by": by,
        "at": at,
        "withdraws": event_id,
    }
    return _append(connection, values)


def record_in(connection: Connection, events: Sequence[EventDraft]) -> list[int]:
    """As `Live.record`, in a transaction of the topic `events`."""
    return [_recorded(connection, draft) for draft in events]


def _recorded(connection: Connection, draft: EventDraft) -> int:
    if draft.key is not None:
        first = connection.scalar(select(event.c.id).where(event.c.key == draft.key))
        if first is not None:
            return int(first)
    values = {name: getattr(draft, name) for name in EventDraft.__slots__}
    level, code = values.pop("target")
    verges = values.pop("verges")
    number = _append(connection, {**values, "level": level, "code": code})
    if verges:
        pairs = [{"event": number, "verge": verge} for verge in sorted(verges)]
        connection.execute(insert(event_verge), pairs)
    return number


def _append(connection: Connection, values: Mapping[str, Any]) -> int:
    return int(connection.execute(insert(event).returning(event.c.id), values).scalar_one())


def _event_to_withdraw(connection: Connection, event_id: int) -> Any:
    row = connection.execute(select(event).where(event.c.id == event_id)).one_or_none()
    if row is None:
        newest = connection.scalar(select(func.max(event.c.id)))
        raise (
            NotFound("no_event", event=event_id, newest=newest)
            if newest
            else NotFound("no_events", event=event_id)
        )
    if row.withdraws is not None:
        raise MarkRefused("event_is_a_withdrawal", event=event_id, of=row.withdraws)
    if connection.scalar(select(event.c.id).where(event.c.withdraws == event_id)):
        raise MarkRefused("event_withdrawn", event=event_id)
    return row._mapping


def _event(row: Any, verges: frozenset[str]) -> Event:
    plain = ("id", "kind", "on", "season", "at", "cut", "reason", "expected", "until", "by")
    values = {name: row[name] for name in (*plain, "withdraws", "instead_of")}
    return Event(target=Target(row["level"], row["code"]), verges=verges, **values)
