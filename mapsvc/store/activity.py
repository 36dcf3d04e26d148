"""What somebody did besides marking: append-only rows, written in the transaction that did it."""

from datetime import datetime

from sqlalchemy import Connection, insert

from mapsvc.store.staff_tables import activity


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
