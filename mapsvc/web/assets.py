"""Built assets under names that carry a hash of their content, so that browsers keep them."""

import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file, url_for

from mapsvc import resources

blueprint = Blueprint("assets", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """The hashed file name of each asset by its plain name; `./run setup` writes it."""
    found: dict[str, str] = json.loads((resources.static_dir() / "manifest.json").read_text())
    return found


def asset_url(name: str) -> str:
    """The address of an asset, such as `main.css`."""
    return url_for("assets.asset", name=manifest()[name])


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """One built file, compressed as the browser takes it."""
    file = _file(name)
    if file is None:
        abort(404)
    for encoding, ending in ENCODINGS:
        packed = file.with_name(file.name + ending)
        if request.accept_encodings[encoding] and packed.is_file():
            response = send_file(packed, mimetype=_type(file))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_file(file, mimetype=_type(file))
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _file(name: str) -> Path | None:
    """The asset's file; None for anything but a name in the manifest."""
    return resources.static_dir() / name if name in manifest().values() else None


def _type(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
