"""The headers that every response carries, in one place: a WSGI layer around the application."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mapsvc.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

CROSS_ORIGIN = ("/api/", "/tiles/", "/static/", "/map/script.js", "/oembed", "/open311/")
"""What other sites may read. An embed in a sandbox is another site to its own files."""

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page. A map loads a dozen such files, each with its headers."""

COMMON: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]


STAFF = {"Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}
"""What differs on staff pages: their addresses carry one-use tokens."""


def content_security_policy(settings: Settings, frame_ancestors: str) -> str:
    """What a page may load: its own files only, and tiles of the configured base map."""
    tiles = urlsplit(settings.tiles_url)
    tile_host = f" {tiles.scheme}://{tiles.netloc}".replace("{s}", "*") if tiles.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{tile_host}",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {frame_ancestors}",
        )
    )


def is_embed(path: str) -> bool:
    """Whether a path is a page that other sites may put into a frame."""
    return path == "/embed" or path.startswith("/embed/streets/")


class SecureHeaders:
    """Adds the headers; which ones, the path alone decides."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self._app = app
        hosts = " ".join(("'self'", *settings.embed_hosts))
        page = [("Content-Security-Policy", content_security_policy(settings, "'none'"))]
        embed = [("Content-Security-Policy", content_security_policy(settings, hosts))]
        self._page = [*COMMON, *page, ("Cross-Origin-Resource-Policy", "same-origin")]
        self._embed = [*COMMON, *embed, ("Cross-Origin-Resource-Policy", "cross-origin")]
        self._staff = [*((n, v) for n, v in self._page if n not in STAFF), *STAFF.items()]
        self._shared = [
            COMMON[0],
            ("Content-Security-Policy", NOTHING),
            ("Access-Control-Allow-Origin", "*"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
        ]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        extra = self._headers_of(environ.get("PATH_INFO", ""))

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, headers + extra, *rest)

        return self._app(environ, start)

    def _headers_of(self, path: str) -> Headers:
        if path == "/staff" or path.startswith("/staff/"):
            return self._staff
        if path.startswith(CROSS_ORIGIN) or path.endswith("/map.svg"):
            return self._shared
        return self._embed if is_embed(path) else self._page
