"""Who gets news of an issue: asked for with a report, confirmed by a link, ended by another."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from mapsvc.errors import NotFound
from mapsvc.services.state.council import Council
from mapsvc.store.subscriptions import Subscriber, Subscription

CONFIRM_WITHIN = timedelta(hours=48)

WHOLE = re.compile("[0-9a-f]{64}")
"""A token that ends news. A forgotten one is known by nothing else."""


def subscriber(council: Council, email: str, reference: str, now: datetime) -> Subscriber | None:
    """Somebody who asks for news of a new issue; None without an address, or a mail server."""
    email = email.strip()
    if not email or not council.settings.sends_mail:
        return None
    token = secrets.token_urlsafe(32)
    end = _hashed(_end_token(council, email, reference))
    return Subscriber(email, token, _hashed(token), now + CONFIRM_WITHIN, end)


def waiting(council: Council, token: str, now: datetime) -> Subscription:
    """The subscription that a link confirms. NotFound when it is used or too old."""
    found = council.store.subscriptions.to_confirm(_hashed(token))
    if found is None or found.confirm_until < now:
        raise NotFound("news_link_used")
    return found


def confirm(council: Council, token: str, now: datetime) -> Subscription:
    """The subscription, confirmed: its token works once. NotFound as in `waiting`."""
    found = waiting(council, token, now)
    if not council.store.subscriptions.confirm(found.id, now):
        raise NotFound("news_link_used")
    address = address_key(council, found.email)
    council.store.issues.count_confirmed(found.issue, found.id, address, now)
    return found


def address_key(council: Council, email: str) -> str:
    """What stands for an address where it only has to be known again."""
    key = council.secret_key("counted")
    return hmac.new(key, email.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


def to_end(council: Council, token: str) -> Subscription | None:
    """The subscription that a link ends, None when it is forgotten already.

    Raises
    ------
    NotFound : when the link was cut off: nothing is forgotten by it
    """
    if not WHOLE.fullmatch(token):
        raise NotFound("news_link_broken")
    return council.store.subscriptions.to_end(_hashed(token))


def end(council: Council, token: str) -> None:
    """Forget a subscription; one that is forgotten already is no mistake. NotFound as above."""
    found = to_end(council, token)
    if found is not None:
        council.store.subscriptions.end(found.id)


def end_token(council: Council, who: Subscription) -> str:
    """The token that ends a subscription: in each mail, so it is made anew and not kept."""
    issue = council.store.issues.get(who.issue)
    return _end_token(council, who.email, issue.reference)


def _end_token(council: Council, email: str, reference: str) -> str:
    """Sealed with a key of 32 random bytes."""
    key = council.secret_key("news")
    return hmac.new(key, f"{reference} {email}".encode(), hashlib.sha256).hexdigest()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
