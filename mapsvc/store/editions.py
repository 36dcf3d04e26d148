"""What is published: editions written whole, one of each kind current, the newest ten kept.

Rows are written beside the current edition, in transactions short enough for a mark to be
recorded in between; then one transaction moves the pointer, if nobody moved it meanwhile.
A process that dies before leaves rows that no one sees and the next publication removes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, final

import geopandas as gpd
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select, update

from mapsvc.domain.streets import STREET_COLUMNS, Keeper, Place
from mapsvc.errors import EditionConflict, NotFound, StoreUnavailable
from mapsvc.store import contents, tables
from mapsvc.store.activity import PUBLISHED, PUT_BACK, note
from mapsvc.store.contents import (
    BOUNDARY_COLUMNS,
    KEPT_WHEN_PRUNED,
    TABLES_OF,
    EditionDraft,
    ScheduleContent,
)
from mapsvc.store.geometry import bounds
from mapsvc.store.geopackage import note_change
from mapsvc.store.tables import NO_SEASON, current_edition, edition

if TYPE_CHECKING:
    from mapsvc.store.database import Store

__all__ = ["Edition", "EditionDraft", "Editions", "ScheduleContent"]

KEPT = 10
"""Editions kept of each kind, service and season."""
ROWS_PER_TRANSACTION = 2_000
"""So few that one is written before SQLite lets those who wait ask less often than we pause."""

BUILDING, COMPLETE, LEAVING, PRUNED = "building", "complete", "leaving", "pruned"
"""States of an edition: being written, whole, its rows going, its rows gone."""


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

    def __init__(self, store: Store) -> None:
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
        raise NotFound(
            f"There is no edition {number}, or it is no longer kept: of each kind the newest "
            f"{KEPT} are. Write mapsvc editions to see them."
        )

    def _found(self, *conditions: ColumnElement[bool]) -> list[Edition]:
        query = (
            select(edition, current_edition.c.fid.is_not(None).label("is_current"))
            .select_from(edition)
            .outerjoin(current_edition, current_edition.c.edition == edition.c.number)
            .where(edition.c.state == COMPLETE, *conditions)
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
        with self._store.publishing():
            self._sweep()
            number = self._begin(draft, base, by, at)
            try:
                self._write(draft, number)
                self._make_current(draft, number, base, by, at)
            except BaseException:
                with suppress(StoreUnavailable):  # the next publication sweeps it
                    self._sweep()
                raise
            with suppress(StoreUnavailable):  # published all the same
                self._sweep()
        return self.get(number)

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
            _require_base(connection, values, base)
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

    def _make_current(
        self, draft: EditionDraft, number: int, base: int | None, by: str, at: datetime
    ) -> None:
        with self._store.writing("editions") as connection:
            row = connection.execute(select(edition).where(edition.c.number == number)).one()
            _require_base(connection, row._mapping, base)
            connection.execute(
                update(edition).where(edition.c.number == number).values(state=COMPLETE)
            )
            _point(connection, row._mapping, by, at, PUBLISHED)
            _mark_old(connection, row._mapping)
            self._note_change(connection, draft.kind, at)

    def _note_change(self, connection: Connection, kind: str, at: datetime) -> None:
        if self._store.dialect != "sqlite":
            return
        of_kind = and_(edition.c.kind == kind, edition.c.state == COMPLETE)
        boxes = list(connection.scalars(select(edition.c.extent).where(of_kind)))
        note_change(connection, kind, at, [box for box in boxes if box])

    def _sweep(self) -> None:
        """Remove the rows of editions that were never whole or are no longer kept."""
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
                _point(connection, row._mapping, by, at, PUT_BACK)
                self._note_change(connection, row.kind, at)
        return self.get(number)

    # What an edition holds

    def streets(self, number: int) -> gpd.GeoDataFrame:
        """(n, 12) STREET_COLUMNS in the local CRS."""
        return self._frame(tables.street, STREET_COLUMNS, number)

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
            line = _line_of_current_gazetteer(connection)
            rows = connection.execute(query.where(moved.edition.in_(line))).all()
        return _resolved([(row.old_id, row.new_id) for row in rows])


def _edition(row: Any) -> Edition:
    values = {name: row[name] for name in Edition.__slots__}
    return Edition(
        **{**values, "files": tuple(row["files"]), "is_current": bool(row["is_current"])}
    )


def _pointer_of(row: Any) -> ColumnElement[bool]:
    return and_(
        current_edition.c.kind == row["kind"],
        current_edition.c.service == row["service"],
        current_edition.c.season == (row["season"] or NO_SEASON),
    )


def _require_base(connection: Connection, row: Any, base: int | None) -> None:
    pointer = select(current_edition).where(_pointer_of(row))
    now = connection.execute(pointer).one_or_none()
    if (now.edition if now else None) == base:
        return
    when = f" on {now.at:%-d %B %Y at %H:%M} UTC" if now else ""
    who = f"Somebody ({now.by})" if now and now.by else "Somebody"
    raise EditionConflict(
        f"{who} published the {_title(row)}{when}, after you read your files. Nothing of yours was "
        "published. Read your files again to see what they would change now."
    )


def _title(row: Any) -> str:
    of = f" of {row['service']}" if row["service"] else ""
    return f"{row['kind']}{of}" + (f" for {row['season']}" if row["season"] else "")


def _point(connection: Connection, row: Any, by: str, at: datetime, action: str) -> None:
    before = connection.scalar(select(current_edition.c.edition).where(_pointer_of(row)))
    _move(connection, row, by, at)
    note(
        connection,
        by=by,
        at=at,
        action=action,
        subject=_title(row),
        detail=", ".join(row["files"]),
        from_edition=before,
        to_edition=row["number"],
    )


def _move(connection: Connection, row: Any, by: str, at: datetime) -> None:
    values = {"edition": row["number"], "by": by, "at": at}
    moved = connection.execute(
        update(current_edition)
        .where(_pointer_of(row))
        .values(**values, moves=current_edition.c.moves + 1)
    )
    if not moved.rowcount:
        season = row["season"] or NO_SEASON
        key = {"kind": row["kind"], "service": row["service"], "season": season}
        connection.execute(insert(current_edition).values(**key, **values, moves=1))


def _mark_old(connection: Connection, row: Any) -> None:
    """Mark for removal all but the newest of the same kind, service and season."""
    season = func.coalesce(edition.c.season, NO_SEASON)
    same = and_(
        edition.c.kind == row["kind"],
        edition.c.service == row["service"],
        season == (row["season"] or NO_SEASON),
        edition.c.state == COMPLETE,
    )
    newest = select(edition.c.number).where(same).order_by(edition.c.number.desc()).limit(KEPT)
    keep = [*connection.scalars(newest), *connection.scalars(select(current_edition.c.edition))]
    old = and_(same, edition.c.number.not_in(keep))
    connection.execute(update(edition).where(old).values(state=LEAVING))


def _close(connection: Connection, number: int, state: str) -> None:
    this = edition.c.number == number
    if state == BUILDING:
        connection.execute(delete(edition).where(this))
    else:
        connection.execute(update(edition).where(this).values(state=PRUNED))


def _line_of_current_gazetteer(connection: Connection) -> list[int]:
    pointer = select(current_edition.c.edition).where(current_edition.c.kind == "gazetteer")
    number = connection.scalar(pointer)
    numbers = select(edition.c.number, edition.c.base).where(edition.c.kind == "gazetteer")
    bases = {row.number: row.base for row in connection.execute(numbers)}
    line = []
    while number is not None and number not in line:
        line.append(number)
        number = bases.get(number)
    return line


def _resolved(moves: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Where each old id leads in the end, from moves in the order in which they were made."""
    led: dict[str, str] = {}
    reach: dict[str, set[str]] = {}
    for old, new in moves:
        movers = {old, *reach.pop(old, ())}
        reach.setdefault(new, set()).update(movers)
        led.update(dict.fromkeys(movers, new))
    return {old: new for old, new in led.items() if old != new}
