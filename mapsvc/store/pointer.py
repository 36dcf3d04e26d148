"""The pointer: which edition of a kind, service and season is current, and which are kept.

All of it happens within a transaction of `editions`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from mapsvc.errors import EditionConflict, Rival
from mapsvc.store.schema.tables import NO_SEASON, current_edition, edition

KEPT = 10
"""Editions kept of each kind, service and season."""

BUILDING, STAGED, COMPLETE = "building", "staged", "complete"
LEAVING, PRUNED = "leaving", "pruned"
"""States of an edition: being written, whole but only checked, published, its rows going, gone."""


def _pointer_of(row: Any) -> ColumnElement[bool]:
    return and_(
        current_edition.c.kind == row["kind"],
        current_edition.c.service == row["service"],
        current_edition.c.season == (row["season"] or NO_SEASON),
    )


def name_of(row: Mapping[str, Any]) -> str:
    """What an edition is of, in words: `schedule of grass cutting for 2026`."""
    words = [row["kind"], f"of {row['service']}" if row["service"] else ""]
    return " ".join(filter(None, [*words, f"for {row['season']}" if row["season"] else ""]))


def require_base(connection: Connection, row: Any, base: int | None) -> None:
    """EditionConflict when the current edition of what `row` is of is not `base`."""
    pointer = select(current_edition).where(_pointer_of(row))
    now = connection.execute(pointer).one_or_none()
    if (now.edition if now else None) == base:
        return
    if now is None:
        raise EditionConflict("edition_taken_meanwhile", edition=name_of(row))
    raise EditionConflict(
        "edition_published_meanwhile",
        rival=rival_of(now),
        edition=name_of(row),
        by=now.by or "somebody",
        day=now.at.date(),
        time=f"{now.at:%H:%M}",
    )


def rival_of(pointer: Any) -> Rival | None:
    """Who moved a pointer last, None where there is no pointer."""
    return Rival(pointer.edition, pointer.by, pointer.at) if pointer else None


def point(connection: Connection, row: Any, by: str, at: datetime) -> int | None:
    """Make an edition the current one; the number of the one that was, if any."""
    before = connection.scalar(select(current_edition.c.edition).where(_pointer_of(row)))
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
    return before


def mark_old(connection: Connection, row: Any) -> None:
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


def line_of_current_gazetteer(connection: Connection) -> list[int]:
    """The current gazetteer and those that it came from, newest first."""
    pointer = select(current_edition.c.edition).where(current_edition.c.kind == "gazetteer")
    number = connection.scalar(pointer)
    numbers = select(edition.c.number, edition.c.base).where(edition.c.kind == "gazetteer")
    bases = {row.number: row.base for row in connection.execute(numbers)}
    line = []
    while number is not None and number not in line:
        line.append(number)
        number = bases.get(number)
    return line


def resolved(moves: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Where each old id leads in the end, from moves in the order in which they were made."""
    led: dict[str, str] = {}
    reach: dict[str, set[str]] = {}
    for old, new in moves:
        movers = {old, *reach.pop(old, ())}
        reach.setdefault(new, set()).update(movers)
        led.update(dict.fromkeys(movers, new))
    return {old: new for old, new in led.items() if old != new}
