"""Pages and JSON compressed as the browser takes it. Assets are compressed when they are built."""

import zlib
from functools import lru_cache
from hashlib import blake2b
from threading import Lock

from cachetools import LRUCache, cached
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

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
KEPT_BYTES = 8_000_000
"""Of compressed bodies, under a digest of what they are made of."""
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
    accepted = request.headers.get("Accept-Encoding", "")
    if response.status_code == 304 or not accepted:
        return response
    body, encoding = packed_for(accepted, response.get_data())
    if encoding:
        response.set_data(body)
        response.headers.extend(encoding)
    return response


def packed_for(accepted: str, body: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """The body for a browser that accepts these encodings, and the header that says which it is."""
    if len(body) < WORTH_IT or not takes_gzip(accepted):
        return body, []
    return _packed(body), [("Content-Encoding", "gzip")]


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Whether a browser that sends this Accept-Encoding reads gzip."""
    return bool(parse_accept_header(accepted, Accept)["gzip"])


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


@cached(LRUCache(KEPT_BYTES, getsizeof=len), key=_digest, lock=Lock())
def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    return packer.compress(body) + packer.flush()
