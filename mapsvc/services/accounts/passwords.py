"""Passwords: which are good enough, and their hashes (argon2id). Nobody can read one back."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mapsvc.errors import AccountRefused

SHORTEST, LONGEST = 12, 200

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's Password Storage Cheat Sheet: 19 MiB, so that sign-ins do not fill a small server."""

NOBODY = HASHER.hash("the hash that is checked where there is no account")


def hashed(password: str, name: str) -> str:
    """The hash to keep of a new password.

    Raises
    ------
    AccountRefused : when it is too short, too long, or easy to guess for whoever knows the name.
    """
    if len(password) < SHORTEST:
        raise AccountRefused("password_too_short", field="password", least=SHORTEST)
    if len(password) > LONGEST:
        raise AccountRefused("password_too_long", field="password", most=LONGEST)
    if _is_guessable(password.lower(), name.lower()):
        raise AccountRefused("password_easy", field="password")
    return HASHER.hash(password)


def _is_guessable(password: str, name: str) -> bool:
    is_simple = len(set(password)) < 5 or password.isdecimal()
    local = name.partition("@")[0]
    return is_simple or name in password or (len(local) > 3 and local in password)


def fits(password: str, known: str | None) -> bool:
    """Whether the password has this hash. Takes as long where there is none to compare with."""
    try:
        is_right = HASHER.verify(known or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return is_right and known is not None
