"""Tiles that were asked for before, answered before the application is asked again.

A tile is the same for ever under its address, so nothing here has to know whether it still is. The
headers that every response carries are added outside of it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

MOST = 3_000
"""Tiles that are kept, some 3 to 25 KB each."""


class KeptTile(NamedTuple):
    """A response as the application gave it."""

    headers: Headers
    body: bytes


class WarmTiles:
    """Keeps the tiles that the application makes."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._kept: dict[tuple[str, str], KeptTile] = {}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_plain = path.startswith("/tiles/") and environ["REQUEST_METHOD"] == "GET"
        if not is_plain or "HTTP_IF_NONE_MATCH" in environ:
            return self._app(environ, start_response)
        key = path, environ.get("HTTP_ACCEPT_ENCODING", "")
        tile = self._kept.get(key)
        if tile is None:
            return self._made(key, environ, start_response)
        start_response("200 OK", list(tile.headers))
        return (tile.body,)

    def _made(
        self, key: tuple[str, str], environ: "WSGIEnvironment", start_response: "StartResponse"
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
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = KeptTile(list(headers), content)
        return (content,)
