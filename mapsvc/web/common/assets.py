"""Built assets under names that carry a hash of their content, so that browsers keep them."""

import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from mapsvc import resources

blueprint = Blueprint("assets", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The endings of compressed files by the names that browsers have for them, the best first."""


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """The hashed file name of each asset by its plain name; `./run setup` writes it."""
    found: dict[str, str] = json.loads((resources.static_dir() / "manifest.json").read_text())
    return found


def asset_url(name: str) -> str:
    """The address of an asset, such as `main.css`."""
    return f"/static/{manifest()[name]}"


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """One built file, compressed as the browser takes it."""
    file = _file(name)
    if file is None:
        abort(404)
    encoding = next((e for e in ENCODINGS if request.accept_encodings[e] and _packed(file, e)), "")
    content = _content(_packed(file, encoding) or file)
    response = Response(content, content_type=_type(file))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _file(name: str) -> Path | None:
    """The asset's file; None for anything but a name in the manifest."""
    return resources.static_dir() / name if name in manifest().values() else None


@lru_cache(maxsize=256)
def _packed(file: Path, encoding: str) -> Path | None:
    """The compressed file beside the asset, if there is one."""
    packed = file.with_name(file.name + ENCODINGS[encoding]) if encoding else None
    return packed if packed and packed.is_file() else None


@lru_cache(maxsize=64)
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _type(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
