"""What a database says when it cannot go on, as one sentence for people. No SQL is here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from mapsvc.errors import StoreUnavailable

SENTENCES = (
    ("disk is full", "The disk of {store} is full. Free some space and try again."),
    ("no space left", "The disk of {store} is full. Free some space and try again."),
    ("disk i/o error", "{store} could not be written. Check the disk: is it full or failing?"),
    ("is locked", "{store} is busy: somebody else is writing to it. Try again in a minute."),
    ("lock timeout", "{store} is busy: somebody else is writing to it. Try again in a minute."),
    ("is not available", "{store} has no PostGIS. Install it on the database server."),
    ("readonly", "{store} is not writable. Check the permissions of the file and its folder."),
    ("read-only", "{store} cannot be written now: the database is read-only."),
    ("not a database", "{store} is no GeoPackage. Check MAPSVC_DATA."),
    ("malformed", "{store} is damaged. Put back a copy from your backup."),
    ("unable to open", "{store} cannot be opened. Check that its folder exists and is writable."),
    ("password", "{store} refused the user name or password. Check MAPSVC_DATABASE_URL."),
    ("permission denied", "{store} does not let this user do that. Check the user's rights."),
    ("does not exist", "{store} is not there. Check MAPSVC_DATABASE_URL."),
)
"""What an error says (lower case) → the sentence; the first that fits."""


def unavailable(store: str, error: Exception) -> StoreUnavailable:
    """The sentence for an error of the driver."""
    said = str(error).lower()
    fitting = (sentence for part, sentence in SENTENCES if part in said)
    sentence = next(fitting, "{store} does not answer. Is it running, and is the address right?")
    return StoreUnavailable(sentence.format(store=store))


@contextmanager
def plain_errors(store: str) -> Iterator[None]:
    """The driver's errors as StoreUnavailable; those that are our own mistakes stay as they are."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError) as error:
        if "permission denied" not in str(error.orig):
            raise
        raise unavailable(store, error) from error
    except (DBAPIError, NoFreeConnection) as error:
        raise unavailable(store, getattr(error, "orig", None) or error) from error
