"""What a form did, said on the page that is seen after it; once, to whoever sent the form.

A cookie carries it for a minute, sealed for their session: an address would be kept by browsers
and logs, and a one-use link must be in neither.
"""

from typing import NamedTuple

from flask import g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.web.common.context import council

LASTS_SECONDS = 60


class Note(NamedTuple):
    """What is said; `link` is shown below it, to be copied. `is_done`: whether anything changed."""

    words: str
    link: str = ""
    is_done: bool = True


def tell(response: AnyResponse, note: Note) -> None:
    """Have the next page say it."""
    is_https = council().settings.is_https
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps(note),
        max_age=LASTS_SECONDS,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="Lax",
    )


def told() -> Note | None:
    """What this page has to say."""
    text = request.cookies.get(_cookie_name())
    if text is None:
        return None
    g.is_told = True
    try:
        return Note(*_serializer().loads(text, max_age=LASTS_SECONDS))
    except BadSignature:  # of an earlier session, or forged
        return None


def forget_what_was_told(response: AnyResponse) -> None:
    """Reloading a page says nothing again."""
    if g.get("is_told"):
        secure = council().settings.is_https
        response.delete_cookie(
            _cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax"
        )


def _cookie_name() -> str:
    return "__Host-mapsvc-note" if council().settings.is_https else "mapsvc-note"


def _serializer() -> URLSafeTimedSerializer:
    session = g.get("session")
    return URLSafeTimedSerializer(council().secret_key("notes"), session.csrf if session else "")
