"""What residents reported, and its life. Sending it on is in `outbox`; the rules are in `domain`.

What an issue sends out is written in the transaction that caused it: both are kept, or neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from shapely import Point
from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    select,
    update,
)

from mapsvc.domain.issues import CLOSED, Issue, IssueEvent, State, new_reference, require_next
from mapsvc.errors import IssueRefused, NotFound
from mapsvc.store.connections import Connections
from mapsvc.store.outbox import OutgoingMessage, put
from mapsvc.store.schema.geometry import decode
from mapsvc.store.schema.issue_tables import issue, issue_event, report_attempt
from mapsvc.store.subscriptions import COUNTED, IS_COUNTED, Subscriber, put_news, subscribe

IS_OPEN = issue.c.state.not_in([state.value for state in CLOSED])

JOINED, JOINED_FOR = "joined ", timedelta(days=2)
"""Networks that joined an issue are known for as long as its first mail can be answered."""
JOINED_WITH, CLAIMED = f"{JOINED}with ", f"{JOINED}claimed "
IS_JOINED = report_attempt.c.key.startswith(JOINED)


AS_THEY_ARE = tuple(name for name in Issue.__slots__ if name in issue.c)
_as_they_are = attrgetter(*AS_THEY_ARE)
"""Columns that an issue has by the same name: looked up once, as servers start with thousands."""


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """A report to keep. A `key` makes sending it twice the same as once."""

    category: str
    text: str
    street: str
    stretch: str = ""
    verge: str = ""
    point: Point | None = None
    by: str = ""
    key: str | None = None
    external: str = ""
    reference: str = field(default_factory=new_reference)


class Issues:
    """The issues of a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    # Reporting

    def add(
        self,
        draft: IssueDraft,
        at: datetime,
        messages: Iterable[OutgoingMessage] = (),
        subscriber: Subscriber | None = None,
    ) -> Issue:
        """A new issue with what it sends out; the first one where its key is known already."""
        values = {
            **asdict(draft),
            "is_released": False,
            "state": State.OPEN.value,
            "assigned": "",
            "noticed": 0,
            "at": at,
            "changed_at": at,
            "geom": self._encoded(draft.point),
        }
        by = values.pop("by")
        del values["point"]
        with self._store.writing("issues") as connection:
            known = _of_key(connection, draft.key)
            if known is None:
                made = insert(issue).values(**values).returning(issue.c.fid)
                known = int(connection.execute(made).scalar_one())
                _note(connection, known, "reported", State.OPEN, by=by, at=at)
                put(connection, known, messages, at)
                if subscriber:
                    subscribe(connection, known, draft.reference, subscriber, at)
        return self.get(known)

    def _encoded(self, point: Point | None) -> Any:
        return self._store.ground.encode([point])[0]

    def join(
        self, issue_id: int, network: str, at: datetime, subscriber: Subscriber | None = None
    ) -> Issue:
        """One more who noticed the same; the same network counts once.

        Parameters
        ----------
        network : the network and the day, as nobody can read them
        subscriber : whoever of them wants news; see `count_confirmed`

        Raises
        ------
        IssueRefused : when the issue is closed by now.
        """
        with self._store.writing("issues") as connection:
            row = _row(connection, issue_id)
            if State(row.state) in CLOSED:
                raise IssueRefused("issue_closed", reference=row.reference)
            key = f"{network} {issue_id}"
            if not _was_tried(connection, JOINED + key):
                _forget_attempts(connection, IS_JOINED, at - JOINED_FOR)
                _keep_attempt(connection, JOINED + key, at)
                _count_one_more(connection, issue_id, State(row.state), at)
            number = subscriber and subscribe(connection, issue_id, row.reference, subscriber, at)
            if number:
                _keep_attempt(connection, f"{JOINED_WITH}{number} {key}", at)
        return self.get(issue_id)

    def count_confirmed(self, issue_id: int, number: int, address: str, at: datetime) -> None:
        """Count who joined an issue and confirmed an address since: once for each address.

        The first of a network is the one who was counted when they joined.

        Parameters
        ----------
        number : the subscription; one that came with a report of its own counts nothing
        address : the address, as nobody can read it
        """
        with self._store.writing("issues") as connection:
            row = _row(connection, issue_id)
            began = report_attempt.c.key.startswith(f"{JOINED_WITH}{number} ")
            joined = connection.scalar(select(report_attempt.c.key).where(began).limit(1))
            counted = f"{COUNTED}{address} {issue_id}"
            if joined is None or _was_tried(connection, counted):
                return
            connection.execute(report_attempt.delete().where(began))
            _keep_attempt(connection, counted, at)
            claimed = CLAIMED + joined.split(" ", 3)[3]
            if not _was_tried(connection, claimed):
                _keep_attempt(connection, claimed, at)
            elif State(row.state) not in CLOSED:
                _count_one_more(connection, issue_id, State(row.state), at)

    # The life of an issue

    def move(self, issue_id: int, to: State, *, by: str, at: datetime, **said: Any) -> Issue:
        """The issue in its next state.

        Parameters
        ----------
        said : as for `change`; also season and cut it is planned for, duplicate_of, external

        Raises
        ------
        IssueRefused : when this state may not follow
        """
        return self.change(issue_id, "moved", to=to, by=by, at=at, **said)

    def change(
        self,
        issue_id: int,
        kind: str,
        *,
        by: str,
        at: datetime,
        to: State | None = None,
        sentence: str = "",
        note: str = "",
        messages: Iterable[OutgoingMessage] = (),
        **values: Any,
    ) -> Issue:
        """The issue with other values, and what happened to it on record.

        Parameters
        ----------
        kind : what happened, such as `assigned`, `released`, `answered`, `handed over`
        to : its next state; None leaves it in the one that it has
        sentence : what everybody may read about it
        """
        with self._store.writing("issues") as connection:
            state = State(_row(connection, issue_id).state)
            if to is not None:
                require_next(state, to)
                state = to
                values |= {"state": to.value, "closed_at": at if to in CLOSED else None}
            _set(connection, issue_id, at, **values)
            _note(connection, issue_id, kind, state, sentence=sentence, note=note, by=by, at=at)
            put(connection, issue_id, messages, at)
        return self.get(issue_id)

    # Asking

    def get(self, issue_id: int) -> Issue:
        """The issue with this id. NotFound when there is none."""
        found = self._found(issue.c.fid == issue_id)
        if not found:
            raise NotFound("no_issue", issue=str(issue_id))
        return found[0]

    def of_reference(self, reference: str) -> Issue:
        """The issue with this reference, in whatever case it was typed. NotFound."""
        found = self._found(issue.c.reference == reference.strip().upper())
        if not found:
            raise NotFound("no_issue_of_reference", reference=reference[:40])
        return found[0]

    def of_key(self, key: str) -> Issue | None:
        """The issue that was sent under this key, None when there is none."""
        return next(iter(self._found(issue.c.key == key)), None)

    def newest_event(self) -> int:
        """The id of what happened last to any issue, 0 before the first."""
        with self._store.reading() as connection:
            return int(connection.scalar(select(func.max(issue_event.c.id))) or 0)

    def changed_after(self, event_id: int) -> list[Issue]:
        """The issues to which anything happened after an event, closed ones too."""
        changed = select(issue_event.c.issue).where(issue_event.c.id > event_id)
        return self._found(issue.c.fid.in_(changed))

    def open(self) -> list[Issue]:
        """All that are not closed, oldest first."""
        return self._found(IS_OPEN)

    def of_street(self, street: str, category: str, since: datetime) -> list[Issue]:
        """Those of a street and category that came since then and are not closed, oldest first."""
        return self._found(IS_OPEN, *fitting(street=street, category=category, since=since))

    def of_verges(self, verges: Iterable[str]) -> list[Issue]:
        """Those of some verges that are not closed, oldest first."""
        return self._found(issue.c.verge.in_(list(verges)), IS_OPEN)

    def page(
        self, *conditions: ColumnElement[bool], limit: int = 100, offset: int = 0
    ) -> list[Issue]:
        """Issues that fit, newest first. `store/issues` makes the conditions; see `fitting`."""
        query = _query(*conditions).order_by(None).order_by(issue.c.at.desc(), issue.c.fid.desc())
        return self._read(query.limit(limit).offset(offset))

    def number(self, *conditions: ColumnElement[bool]) -> int:
        """How many fit."""
        query = select(func.count()).select_from(issue).where(*conditions)
        with self._store.reading() as connection:
            return int(connection.scalar(query) or 0)

    def events_of(self, issue_id: int) -> list[IssueEvent]:
        """What happened to an issue, oldest first."""
        of_issue = issue_event.c.issue == issue_id
        query = select(issue_event).where(of_issue).order_by(issue_event.c.id)
        with self._store.reading() as connection:
            return [_event(row) for row in connection.execute(query)]

    def public_events(
        self, since: datetime, before: datetime, limit: int, offset: int = 0
    ) -> list[tuple[str, IssueEvent]]:
        """What everybody may know of all issues in a time, oldest first, each with its reference.

        A report is no event here: it is the issue itself.
        """
        events = issue_event.c
        is_public = (events.kind == "moved") | (events.sentence != "")
        query = (
            select(issue_event, issue.c.reference)
            .join(issue, issue.c.fid == events.issue)
            .where(is_public, events.kind != "reported", events.at >= since, events.at < before)
            .order_by(events.id)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
        return [(row.reference, _event(row)) for row in rows]

    def newest_sentences(self, ids: Sequence[int]) -> dict[int, str]:
        """The newest public sentence of each of these issues that has one."""
        events = issue_event.c
        said = select(events.issue, events.sentence).where(
            events.issue.in_(list(ids)), events.sentence != ""
        )
        with self._store.reading() as connection:
            rows = connection.execute(said.order_by(events.id)).all()
        return {row.issue: row.sentence for row in rows}

    def _found(self, *conditions: ColumnElement[bool]) -> list[Issue]:
        return self._read(_query(*conditions))

    def _read(self, query: Any) -> list[Issue]:
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        points = decode([row.geom for row in rows]) if rows else ()
        return [_issue(row, point) for row, point in zip(rows, points, strict=True)]

    # Limits

    def attempts(self, key: str, since: datetime) -> int:
        """How often something was tried under a key since then."""
        of_key = (report_attempt.c.key == key) & (report_attempt.c.at >= since)
        query = select(func.count()).select_from(report_attempt).where(of_key)
        with self._store.reading() as connection:
            return int(connection.scalar(query) or 0)

    def note_attempt(self, key: str, at: datetime, forget_before: datetime) -> None:
        """Count a try; those that no limit looks at any more go."""
        with self._store.writing("issues") as connection:
            _forget_attempts(connection, ~IS_JOINED & ~IS_COUNTED, forget_before)
            _keep_attempt(connection, key, at)


def fitting(
    *,
    states: Sequence[State] = (),
    category: str = "",
    street: str = "",
    assigned: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    ids: Sequence[int] | None = None,
    categories: Sequence[str] = (),
    references: Sequence[str] = (),
) -> list[ColumnElement[bool]]:
    """Conditions for `page` and `number`; what is empty does not filter."""
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (states, issue.c.state.in_([state.value for state in states])),
        (category, issue.c.category == category),
        (categories, issue.c.category.in_(list(categories))),
        (references, issue.c.reference.in_([text.upper() for text in references])),
        (street, issue.c.street == street),
        (assigned, issue.c.assigned == assigned),
        (since, issue.c.at >= bindparam("since", since, issue.c.at.type)),
        (before, issue.c.at < bindparam("before", before, issue.c.at.type)),
        (ids is not None, issue.c.fid.in_(list(ids or ()))),
    ]
    return [condition for value, condition in asked if value]


def _query(*conditions: ColumnElement[bool]) -> Any:
    return select(issue).where(*conditions).order_by(issue.c.fid)


def _row(connection: Connection, issue_id: int) -> Any:
    row = connection.execute(select(issue).where(issue.c.fid == issue_id)).one_or_none()
    if row is None:
        raise NotFound("no_issue", issue=str(issue_id))
    return row


def _of_key(connection: Connection, key: str | None) -> int | None:
    return None if key is None else connection.scalar(select(issue.c.fid).where(issue.c.key == key))


def _forget_attempts(connection: Connection, which: ColumnElement[bool], before: datetime) -> None:
    connection.execute(report_attempt.delete().where(which, report_attempt.c.at < before))


def _keep_attempt(connection: Connection, key: str, at: datetime) -> None:
    connection.execute(insert(report_attempt).values(key=key, at=at))


def _count_one_more(connection: Connection, issue_id: int, state: State, at: datetime) -> None:
    _set(connection, issue_id, at, noticed=issue.c.noticed + 1)
    _note(connection, issue_id, "noticed", state, at=at)


def _was_tried(connection: Connection, key: str) -> bool:
    query = select(report_attempt.c.fid).where(report_attempt.c.key == key).limit(1)
    return connection.scalar(query) is not None


def _set(connection: Connection, issue_id: int, at: datetime, **values: Any) -> None:
    changed = update(issue).where(issue.c.fid == issue_id)
    connection.execute(changed.values(changed_at=at, **values))


def _note(
    connection: Connection,
    issue_id: int,
    kind: str,
    state: State,
    *,
    sentence: str = "",
    note: str = "",
    by: str = "",
    at: datetime,
) -> None:
    """Record what happened; whoever asked for news gets it where it is for everybody to read."""
    values = {"issue": issue_id, "kind": kind, "state": state.value, "sentence": sentence}
    made = insert(issue_event).values(**values, note=note, by=by, at=at)
    number = int(connection.execute(made.returning(issue_event.c.id)).scalar_one())
    if kind == "moved" or sentence:
        put_news(connection, issue_id, number, at)


def _issue(row: Any, point: Point | None) -> Issue:
    values = dict(zip(AS_THEY_ARE, _as_they_are(row), strict=True))
    x, y = (point.x, point.y) if point is not None else (None, None)
    values |= {"state": State(row.state), "is_released": bool(row.is_released)}
    return Issue(id=row.fid, x=x, y=y, **values)


def _event(row: Any) -> IssueEvent:
    values = {name: row._mapping[name] for name in IssueEvent.__slots__}
    return IssueEvent(**{**values, "state": State(row.state)})
