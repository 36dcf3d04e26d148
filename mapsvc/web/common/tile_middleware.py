"""Tiles that were asked for before, answered before the application is asked again.

A tile is the same for ever under its address, so nothing here has to know whether it still is. The
headers that every response carries are added outside of it.
"""

from collections.abc import Iterable
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from cachetools import LRUCache

from mapsvc.web.common.body_cache import OVERHEAD
from mapsvc.web.common.compression import takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

KEPT_BYTES = 40_000_000
"""Of tiles, some 3 to 25 KB each."""


class KeptTile(NamedTuple):
    """A response as the application gave it."""

    headers: Headers
    body: bytes


class WarmTiles:
    """Keeps the tiles that the application makes."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._kept: LRUCache[tuple[str, bool], KeptTile] = LRUCache(KEPT_BYTES, getsizeof=_weight)
        self._lock = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_plain = path.startswith("/tiles/") and environ["REQUEST_METHOD"] == "GET"
        if not is_plain or "HTTP_IF_NONE_MATCH" in environ:
            return self._app(environ, start_response)
        key = path, takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        with self._lock:
            tile = self._kept.get(key)
        if tile is None:
            return self._made(key, environ, start_response)
        start_response("200 OK", list(tile.headers))
        return (tile.body,)

    def _made(
        self, key: tuple[str, bool], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        said: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *rest)

        body = self._app(environ, start)
        status, headers = said[0]
        if not status.startswith("200 "):
            return body
        content = b"".join(body)
        close = getattr(body, "close", None)
        if close:
            close()
        with self._lock, suppress(ValueError):  # a tile larger than the whole is not kept
            self._kept[key] = KeptTile(list(headers), content)
        return (content,)


def _weight(tile: KeptTile) -> int:
    return len(tile.body) + OVERHEAD
