"""Sealed tickets in forms of people who are not signed in: who got a form, when, for what.

No cookie is needed. A ticket sent twice is the same report; a forged or an old one is none.
How fast somebody is says nothing: limits keep floods away.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from mapsvc.errors import IssueRefused

LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a form carries, opened. `id` is another one for each form that was given out."""

    id: str
    subject: str
    at: datetime


def ticket(key: bytes, subject: str, now: datetime) -> str:
    """A new ticket for a form about `subject`."""
    body = f"{int(now.timestamp())}.{secrets.token_hex(12)}"
    return f"{body}.{_seal(key, body, subject)}"


def opened(key: bytes, text: str, subject: str, now: datetime) -> FormToken:
    """The ticket of a form that was sent.

    Raises
    ------
    IssueRefused : when it is not ours, is for something else, or was sent too late
    """
    body, _, seal = text.rpartition(".")
    seconds, _, number = body.partition(".")
    is_ours = hmac.compare_digest(seal.encode(), _seal(key, body, subject).encode())
    if not is_ours:
        raise IssueRefused("report_not_whole")
    at = datetime.fromtimestamp(int(seconds), now.tzinfo)
    if now - at > LASTS:
        raise IssueRefused("report_too_old")
    return FormToken(number, subject, at)


def _seal(key: bytes, body: str, subject: str) -> str:
    return hmac.new(key, f"{body} {subject}".encode(), hashlib.sha256).hexdigest()
