"""What is published: editions written whole, one of each kind current, the newest ten kept.

Rows are written beside the current edition, in transactions short enough for a mark to be
recorded in between; then one transaction moves the pointer, if nobody moved it meanwhile.
A process that dies before leaves rows that no one sees and the next publication removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, final

import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from mapsvc.domain.streets import STREET_COLUMNS, Keeper, Place
from mapsvc.errors import NotFound, StoreUnavailable
from mapsvc.store import contents
from mapsvc.store.activity import PUBLISHED, PUT_BACK, note
from mapsvc.store.connections import Connections
from mapsvc.store.contents import (
    BOUNDARY_COLUMNS,
    KEPT_WHEN_PRUNED,
    TABLES_OF,
    EditionDraft,
    ScheduleContent,
)
from mapsvc.store.engines.geopackage import note_change
from mapsvc.store.live import EventDraft, record_in, withdraw_in
from mapsvc.store.pointer import (
    BUILDING,
    COMPLETE,
    KEPT,
    LEAVING,
    PRUNED,
    STAGED,
    line_of_current_gazetteer,
    mark_old,
    name_of,
    point,
    require_base,
    resolved,
)
from mapsvc.store.schema import tables
from mapsvc.store.schema.geometry import bounds, decode
from mapsvc.store.schema.tables import NO_SEASON, current_edition, edition

__all__ = ["Edition", "EditionDraft", "Editions", "ScheduleContent"]

ROWS_PER_TRANSACTION = 2_000
"""So few that one is written before SQLite lets those who wait ask less often than we pause."""


@final
@dataclass(frozen=True, slots=True)
class Edition:
    """One published gazetteer, schedule of a (service, season), or keepers, places, boundaries."""

    number: int
    kind: str
    service: str
    season: int | None
    files: tuple[str, ...]
    sha256: str
    by: str
    at: datetime
    counts: dict[str, int]
    problems: int
    base: int | None
    source: str
    licence: str
    attribution: str
    is_current: bool


class Editions:
    """The editions of a store."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    # Which editions there are

    def current(self, kind: str, service: str = "", season: int | None = None) -> Edition | None:
        """The edition that residents see, or None when nothing of the kind is published."""
        found = self._found(
            edition.c.kind == kind,
            current_edition.c.service == service,
            current_edition.c.season == (season or NO_SEASON),
        )
        return found[0] if found else None

    def current_all(self) -> list[Edition]:
        """All that are current: one of each kind, and a schedule per (service, season)."""
        return self._found(current_edition.c.edition.is_not(None))[::-1]

    def history(self, kind: str | None = None) -> list[Edition]:
        """The editions kept, newest first; each of them can be rolled back to."""
        return self._found(*([edition.c.kind == kind] if kind else []))

    def get(self, number: int) -> Edition:
        """The edition with this number.

        Raises
        ------
        NotFound : when there is none, or it is no longer kept.
        """
        found = self._found(edition.c.number == number)
        if found:
            return found[0]
        raise NotFound("no_edition", number=number, kept=KEPT)

    def staged(self, number: int) -> Edition:
        """The edition that was checked and waits to be published. NotFound when it does not."""
        found = self._found(edition.c.number == number, state=STAGED)
        if found:
            return found[0]
        raise NotFound("edition_not_waiting", number=number)

    def _found(self, *conditions: ColumnElement[bool], state: str = COMPLETE) -> list[Edition]:
        query = (
            select(edition, current_edition.c.fid.is_not(None).label("is_current"))
            .select_from(edition)
            .outerjoin(current_edition, current_edition.c.edition == edition.c.number)
            .where(edition.c.state == state, *conditions)
            .order_by(edition.c.number.desc())
        )
        with self._store.reading() as connection:
            return [_edition(row._mapping) for row in connection.execute(query)]

    # Publishing

    def publish(self, draft: EditionDraft, *, base: int | None, by: str, at: datetime) -> Edition:
        """The draft as the current edition of its kind, whole.

        Raises
        ------
        EditionConflict : when the current edition is not `base`; nothing of the draft is kept.
        StoreUnavailable : when the store cannot take it; the edition before stays current.
        """
        return self.publish_all([(draft, base)], by=by, at=at)[0]

    def publish_all(
        self,
        drafts: Sequence[tuple[EditionDraft, int | None]],
        *,
        by: str,
        at: datetime,
        events: Sequence[EventDraft] = (),
        withdrawn: Sequence[int] = (),
    ) -> list[Edition]:
        """Several drafts, each with its base, and events recorded and taken back: all at once, or
        none.

        Raises
        ------
        EditionConflict, StoreUnavailable : as `publish`.
        MarkRefused : as `Live.withdraw`.
        """
        with (
            self._building(drafts, by, at) as numbers,
            self._store.writing("editions", "events") as connection,
        ):
            for number, (_, base) in zip(numbers, drafts, strict=True):
                self.activate(connection, number, base=base, by=by, at=at)
            for event_id in withdrawn:
                withdraw_in(connection, event_id, by=by, at=at)
            record_in(connection, events)
        return [self.get(number) for number in numbers]

    def stage(
        self,
        draft: EditionDraft,
        *,
        base: int | None,
        by: str,
        at: datetime,
        note_it: Callable[[Connection, int], None],
    ) -> int:
        """The draft, whole and beside the current edition, for `activate` later; its number.

        Parameters
        ----------
        note_it : keeps the number in the transaction that completes it: whoever dies before
            leaves nothing behind. It runs with the topics `editions` and `uploads`.

        Raises
        ------
        EditionConflict, StoreUnavailable : as `publish`.
        """
        with (
            self._building([(draft, base)], by, at) as (number,),
            self._store.writing("editions", "uploads") as connection,
        ):
            _set_state(connection, number, STAGED)
            note_it(connection, number)
        return number

    def activate(
        self, connection: Connection, number: int, *, base: int | None, by: str, at: datetime
    ) -> None:
        """A whole edition as the current one, in a transaction of the topic `editions`.

        Raises
        ------
        EditionConflict : when the current edition is not `base`.
        """
        row = connection.execute(select(edition).where(edition.c.number == number)).one()._mapping
        require_base(connection, row, base)
        values = {"state": COMPLETE, "by": by, "at": at}
        connection.execute(update(edition).where(edition.c.number == number).values(**values))
        self._move(connection, row, by, at, PUBLISHED)

    def drop(self, connection: Connection, number: int) -> None:
        """A staged edition as one to be swept, in a transaction of the topic `editions`."""
        staged = and_(edition.c.number == number, edition.c.state == STAGED)
        connection.execute(update(edition).where(staged).values(state=BUILDING))

    def sweep(self) -> None:
        """Remove the rows of editions that were never whole, dropped, or are no longer kept."""
        with self._store.publishing():
            self._sweep()

    @contextmanager
    def _building(
        self, drafts: Sequence[tuple[EditionDraft, int | None]], by: str, at: datetime
    ) -> Iterator[list[int]]:
        """The numbers of editions with their rows; what the block does not complete is swept."""
        with self._store.publishing():
            self._sweep()
            try:
                numbers = [self._begin(draft, base, by, at) for draft, base in drafts]
                for number, (draft, _) in zip(numbers, drafts, strict=True):
                    self._write(draft, number)
                yield numbers
            finally:
                with suppress(StoreUnavailable):  # the next publication sweeps it
                    self._sweep()

    def _begin(self, draft: EditionDraft, base: int | None, by: str, at: datetime) -> int:
        values = {
            "kind": draft.kind,
            "service": draft.service,
            "season": draft.season,
            "state": BUILDING,
            "files": list(draft.files),
            "sha256": draft.sha256,
            "by": by,
            "at": at,
            "counts": dict(draft.counts),
            "problems": draft.problems,
            "base": base,
            "source": draft.source,
            "licence": draft.licence,
            "attribution": draft.attribution,
            "extent": bounds(contents.geometries_of(draft)),
        }
        with self._store.writing("editions") as connection:
            require_base(connection, values, base)
            made = connection.execute(insert(edition).returning(edition.c.number), values)
            return int(made.scalar_one())

    def _write(self, draft: EditionDraft, number: int) -> None:
        for table, rows in contents.rows_of(draft, self._store.ground):
            numbered = ({"edition": number, **row} for row in rows)
            while portion := list(islice(numbered, ROWS_PER_TRANSACTION)):
                with self._store.writing("editions") as connection:
                    connection.execute(insert(table), portion)
                if len(portion) == ROWS_PER_TRANSACTION:
                    self._store.give_way()

    def _move(self, connection: Connection, row: Any, by: str, at: datetime, action: str) -> None:
        """Move the pointer, and say who did."""
        before = point(connection, row, by, at)
        mark_old(connection, row)
        note(
            connection,
            by=by,
            at=at,
            action=action,
            subject=name_of(row),
            detail=", ".join(row["files"]),
            from_edition=before,
            to_edition=row["number"],
        )
        if self._store.dialect == "sqlite":
            of_kind = and_(edition.c.kind == row["kind"], edition.c.state == COMPLETE)
            boxes = list(connection.scalars(select(edition.c.extent).where(of_kind)))
            note_change(connection, row["kind"], at, [box for box in boxes if box])

    def _sweep(self) -> None:
        going = select(edition.c.number, edition.c.kind, edition.c.state).where(
            edition.c.state.in_((BUILDING, LEAVING))
        )
        with self._store.reading() as connection:
            rows = connection.execute(going).all()
        for number, kind, state in rows:
            kept = KEPT_WHEN_PRUNED if state == LEAVING else ()
            for table in TABLES_OF[kind]:
                if table not in kept:
                    self._delete(table, number)
            with self._store.writing("editions") as connection:
                _close(connection, number, state)

    def _delete(self, table: Table, number: int) -> None:
        some = select(table.c.fid).where(table.c.edition == number).limit(ROWS_PER_TRANSACTION)
        while True:
            with self._store.writing("editions") as connection:
                deleted = connection.execute(delete(table).where(table.c.fid.in_(some)))
            if deleted.rowcount < ROWS_PER_TRANSACTION:
                return
            self._store.give_way()

    def roll_back(self, number: int, *, by: str, at: datetime) -> Edition:
        """An earlier edition as the current one of its kind again.

        Raises
        ------
        NotFound : when there is none of this number, or it is no longer kept.
        """
        self.get(number)
        with self._store.writing("editions") as connection:
            whole = and_(edition.c.number == number, edition.c.state == COMPLETE)
            row = connection.execute(select(edition).where(whole)).one_or_none()
            if row is not None:
                self._move(connection, row._mapping, by, at, PUT_BACK)
        return self.get(number)

    # What an edition holds

    def streets(self, number: int) -> gpd.GeoDataFrame:
        """(n, 12) STREET_COLUMNS in the local CRS."""
        return self._frame(tables.street, STREET_COLUMNS, number)

    def named_land(self, number: int) -> list[tuple[str, str, BaseGeometry | None]]:
        """Name, streets (ids, with `;`) and outline of the land with names of a schedule."""
        columns = tables.verge.c
        query = select(columns.land_name, columns.streets, columns.geom).where(
            columns.edition == number, columns.land_name != ""
        )
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(columns.fid)).all()
        shapes = decode([row.geom for row in rows])
        return [(row.land_name, row.streets, s) for row, s in zip(rows, shapes, strict=True)]

    def parishes(self, number: int) -> list[tuple[str, str]]:
        """Name and code of each parish of an edition of boundaries."""
        columns = tables.boundary.c
        query = select(columns.name, columns.code).where(
            columns.edition == number, columns.kind == "parish"
        )
        with self._store.reading() as connection:
            return [(row.name, row.code) for row in connection.execute(query)]

    def boundaries(self, number: int) -> gpd.GeoDataFrame:
        """(n, 3) name, kind, geometry in the local CRS."""
        return self._frame(tables.boundary, BOUNDARY_COLUMNS, number)

    def _frame(self, table: Table, columns: Sequence[str], number: int) -> gpd.GeoDataFrame:
        with self._store.reading() as connection:
            return contents.read_frame(connection, table, columns, number, self._store.local_crs)

    def schedule(self, number: int) -> ScheduleContent:
        """The verges (VERGE_COLUMNS), rounds and programmes of a schedule."""
        with self._store.reading() as connection:
            return contents.read_schedule(connection, number, self._store.local_crs)

    def keepers(self, number: int) -> list[Keeper]:
        """The keepers of an edition."""
        with self._store.reading() as connection:
            return contents.read_keepers(connection, number)

    def places(self, number: int) -> list[Place]:
        """The places of an edition."""
        with self._store.reading() as connection:
            return contents.read_places(connection, number)

    def redirects(self) -> dict[str, str]:
        """Old street id → the id that it has in the current gazetteer.

        Only along the line of editions from which the current one came: rolling back a
        gazetteer takes its redirects back too.
        """
        moved = tables.street_redirect.c
        query = select(moved.edition, moved.old_id, moved.new_id).order_by(moved.fid)
        with self._store.reading() as connection:
            line = line_of_current_gazetteer(connection)
            rows = connection.execute(query.where(moved.edition.in_(line))).all()
        return resolved([(row.old_id, row.new_id) for row in rows])


def _edition(row: Any) -> Edition:
    values = {name: row[name] for name in Edition.__slots__}
    return Edition(
        **{**values, "files": tuple(row["files"]), "is_current": bool(row["is_current"])}
    )


def _set_state(connection: Connection, number: int, state: str) -> None:
    connection.execute(update(edition).where(edition.c.number == number).values(state=state))


def _close(connection: Connection, number: int, state: str) -> None:
    this = edition.c.number == number
    if state == BUILDING:
        connection.execute(delete(edition).where(this))
    else:
        _set_state(connection, number, PRUNED)
