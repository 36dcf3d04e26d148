"""Pages and JSON compressed as the browser takes it. Assets are compressed when they are built."""

import zlib
from functools import lru_cache

from flask import Flask, Response, request

WORTH_IT = 600
"""Bytes; a smaller body fits in one packet anyway."""
TYPES = {
    "text/html",
    "text/javascript",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "image/svg+xml",
}
LEVEL = 5
GZIP = 31
"""The window bits that make zlib write gzip."""


def register(app: Flask) -> None:
    """Compress what `app` answers."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """The response with its body compressed, where that is worth it and the browser takes it."""
    if response.mimetype not in TYPES or "Content-Encoding" in response.headers:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if response.status_code == 304 or not request.headers.get("Accept-Encoding"):
        return response
    body = response.get_data()
    if len(body) >= WORTH_IT and request.accept_encodings["gzip"]:
        response.set_data(_packed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=1024)
def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    return packer.compress(body) + packer.flush()
