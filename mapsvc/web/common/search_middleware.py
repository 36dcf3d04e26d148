"""The search, asked for at every few letters, answered before the application is asked.

Only what is plainly right is answered here. Everything else goes on to the application, which knows
what to say of it. The headers that every response carries are added outside.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from mapsvc.web.common.compression import packed_for
from mapsvc.web.common.context import checked_query, parse_limit
from mapsvc.web.common.search_cache import Searches

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PATH = "/api/search"
HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-cache"),
    ("Vary", "Accept-Encoding"),
]


class QuickSearch:
    """A layer around the application that answers searches."""

    def __init__(self, app: "WSGIApplication", searches: Searches) -> None:
        self._app = app
        self._searches = searches

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        try:
            text, limit = _asked(environ.get("QUERY_STRING", ""))
            content = self._searches.document(text, limit)
        except Exception:  # the application meets it again, and has a page for it
            log.debug("a search is left to the application", exc_info=True)
            return self._app(environ, start_response)
        body, encoding = packed_for(environ.get("HTTP_ACCEPT_ENCODING", ""), content)
        start_response("200 OK", [*HEADERS, *encoding, ("Content-Length", str(len(body)))])
        return (body,)


def _asked(query: str) -> tuple[str, int]:
    """The text and the limit. ValueError or BadRequest where something is amiss."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    given = dict(pairs)
    if not query.isascii() or len(given) < len(pairs):
        raise ValueError(query)
    text = checked_query(given["q"])
    if not text:
        raise ValueError(query)
    return text, parse_limit(given.get("limit", "10"))
