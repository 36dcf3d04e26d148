"""The right of one worker to a row for a while, known by the number of its attempt.

A worker that was thought dead and comes back finds another attempt in its row, and changes
nothing. Tables with leases have `id`, `worker`, `attempts` and `lease_until`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, update


def is_free(table: Table, at: datetime) -> ColumnElement[bool]:
    """Whether nobody holds a row at that time."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until < at)


def take(
    connection: Connection, table: Table, number: int, worker: str, until: datetime, **values: Any
) -> None:
    """Give a row to a worker until then, as its next attempt."""
    attempt = {"worker": worker, "lease_until": until, "attempts": table.c.attempts + 1}
    connection.execute(update(table).where(table.c.id == number).values(**attempt, **values))


def change_held(
    connection: Connection, table: Table, number: int, attempt: int, **values: Any
) -> bool:
    """Change a row if this attempt still has it; whether it did. `lease_until=None` lets it go."""
    is_held = and_(
        table.c.id == number, table.c.attempts == attempt, table.c.lease_until.is_not(None)
    )
    return bool(connection.execute(update(table).where(is_held).values(**values)).rowcount)
