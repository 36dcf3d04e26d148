"""What a database says when it cannot go on, as a message for people. No SQL is here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from mapsvc.errors import StoreUnavailable
from mapsvc.messages.catalogue import Message

OUTAGES = {
    "disk is full": "disk_full",
    "no space left": "disk_full",
    "disk i/o error": "disk_error",
    "is locked": "store_busy",
    "lock timeout": "store_busy",
    "is not available": "no_postgis",
    "readonly": "store_not_writable",
    "read-only": "store_read_only",
    "not a database": "store_not_a_geopackage",
    "malformed": "store_malformed",
    "unable to open": "store_cannot_be_opened",
    "password": "password_refused",
    "permission denied": "permission_denied",
    "does not exist": "no_database",
}
"""What an error says (lower case) → the code of what is told; the first that fits."""

OURS = {"DataError", "IntegrityError", "ProgrammingError"}
"""Errors of the DB-API that come of what we asked, not of the state of the database."""
SQLITE_ERROR = 1
"""What SQLite answers to SQL that cannot be: a table or column that is not there, a slip."""


def unavailable(store: str, error: Exception) -> StoreUnavailable:
    """What is told of an error of the driver."""
    return StoreUnavailable(Message(_outage(error) or "store_silent", store=store))


def _outage(error: Exception) -> str:
    """The code of an outage that the error names, empty when it names none that we know."""
    said = str(error).lower()
    return next((code for part, code in OUTAGES.items() if part in said), "")


def is_outage(error: Exception) -> bool:
    """Whether the database cannot go on; all else is a mistake of ours, and told to nobody."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & OURS:
        return "permission denied" in str(error).lower()
    if getattr(error, "sqlite_errorcode", None) == SQLITE_ERROR:
        return False
    return bool(_outage(error)) or "InternalError" not in kinds


@contextmanager
def plain_errors(store: str) -> Iterator[None]:
    """The driver's errors as StoreUnavailable; those that are our own mistakes stay as they are."""
    try:
        yield
    except NoFreeConnection as error:
        raise unavailable(store, error) from error
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, Exception) else error
        if not is_outage(cause):
            raise
        raise unavailable(store, cause) from error
