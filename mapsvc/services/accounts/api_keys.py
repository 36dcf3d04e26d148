"""Keys for programs that send reports: made once, shown once, looked up by their hash."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from mapsvc.errors import AccountRefused, NotAllowed, TooMany
from mapsvc.services.issues.client_address import counted_as
from mapsvc.services.state.council import Council

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
HOUR = timedelta(hours=1)
WRONG_KEYS_PER_ADDRESS = 20
"""In an hour. Nobody guesses 32 random bytes; the limit spares the store the attempts."""


def add_key(council: Council, name: str, *, by: str, now: datetime) -> str:
    """A new key for a program, to be shown once. AccountRefused when the name cannot be had."""
    if not NAME.fullmatch(name):
        raise AccountRefused("bad_key_name", value=name[:40])
    key = secrets.token_urlsafe(32)
    council.store.api_keys.add(name, hashed(key), by=by, at=now)
    return key


def key_name(council: Council, key: str, address: str, now: datetime) -> str:
    """Whose key it is.

    Raises
    ------
    NotAllowed : when it is nobody's, or disabled
    TooMany : when an address keeps guessing
    """
    name = council.store.api_keys.name_of(hashed(key)) if key else None
    if name is not None:
        return name
    guesses = "api key " + hashed(counted_as(address))[:32]
    if council.store.issues.attempts(guesses, now - HOUR) >= WRONG_KEYS_PER_ADDRESS:
        raise TooMany("too_many_wrong_keys")
    council.store.issues.note_attempt(guesses, now, now - HOUR)
    raise NotAllowed("no_working_key")


def hashed(key: str) -> str:
    """What the store keeps of a key; random bytes need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
