"""Who did what, and when: marks, which are events, and everything else, which is noted here.

Both are append-only, and written in the transaction that does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    Subquery,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
)

from mapsvc.store.connections import Connections
from mapsvc.store.schema.staff_tables import activity
from mapsvc.store.schema.tables import event

PUBLISHED, PUT_BACK = "published", "put back"
ADDED_NOTICE, REMOVED_NOTICE = "added the notice", "removed the notice"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did.

    `is_mark` tells events from all else; `id` is that of the event or of the note. The last six
    are known of events only, whose `subject` is their target and `detail` their reason.
    """

    is_mark: bool
    id: int
    at: datetime
    by: str
    action: str
    subject: str
    detail: str
    from_edition: int | None
    to_edition: int | None
    on: date | None
    season: int | None
    cut: int | None
    expected: date | None
    until: date | None
    withdraws: int | None


@dataclass(frozen=True, slots=True)
class DeedFilter:
    """Which deeds; what is empty is all. `by` is a part of a name, `since` comes before `until`."""

    by: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class Activity:
    """What was done in a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def deeds(
        self, wanted: DeedFilter = DeedFilter(), *, limit: int | None = None, offset: int = 0
    ) -> list[Deed]:
        """What was done, the newest first."""
        book = _book()
        query = _filtered(select(book), book, wanted)
        newest = (book.c.at.desc(), book.c.is_mark, book.c.id.desc())
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(*newest).limit(limit).offset(offset))
            return list(_deeds(rows))

    def count(self, wanted: DeedFilter = DeedFilter()) -> int:
        """How many there are."""
        book = _book()
        with self._store.reading() as connection:
            query = _filtered(select(func.count()).select_from(book), book, wanted)
            return int(connection.scalar(query) or 0)


def note(
    connection: Connection,
    *,
    by: str,
    at: datetime,
    action: str,
    subject: str = "",
    detail: str = "",
    from_edition: int | None = None,
    to_edition: int | None = None,
) -> None:
    """Append what was done, in the transaction of `connection`: both are kept, or neither.

    Parameters
    ----------
    action : a word or two, such as `published`, `signed in`, `disabled the account`
    subject : whom or what it was done to
    """
    values = {"by": by, "at": at, "action": action, "subject": subject, "detail": detail}
    editions = {"from_edition": from_edition, "to_edition": to_edition}
    connection.execute(insert(activity).values(**values, **editions))


ONLY_OF_EVENTS = ("on", "season", "cut", "expected", "until", "withdraws")


def _book() -> Subquery:
    return _both().subquery("book")


def _both() -> CompoundSelect[Any]:
    """Events first: the types of its columns are those of the whole."""
    marks = select(
        literal(1).label("is_mark"),
        *(event.c.id, event.c.at, event.c.by, event.c.kind.label("action")),
        (event.c.level + ":" + event.c.code).label("subject"),
        event.c.reason.label("detail"),
        *(null().label(name) for name in ("from_edition", "to_edition")),
        *(event.c[name] for name in ONLY_OF_EVENTS),
    )
    columns = activity.c
    notes = select(
        literal(0),
        *(columns.id, columns.at, columns.by, columns.action, columns.subject, columns.detail),
        *(columns.from_edition, columns.to_edition),
        *(null() for _ in ONLY_OF_EVENTS),
    )
    return union_all(marks, notes)


def _filtered(query: Select[Any], book: Subquery, wanted: DeedFilter) -> Select[Any]:
    if wanted.by:
        query = query.where(func.lower(book.c.by).contains(wanted.by.lower(), autoescape=True))
    if wanted.actions:
        query = query.where(book.c.action.in_(wanted.actions))
    if wanted.not_actions:
        query = query.where(book.c.action.not_in(wanted.not_actions))
    if wanted.since:
        query = query.where(book.c.at >= wanted.since)
    if wanted.until:
        query = query.where(book.c.at < wanted.until)
    return query


def _deeds(rows: Any) -> Iterator[Deed]:
    for row in rows:
        values = {name: row._mapping[name] for name in Deed.__slots__}
        yield Deed(**{**values, "is_mark": bool(row.is_mark), "subject": row.subject.rstrip(":")})
