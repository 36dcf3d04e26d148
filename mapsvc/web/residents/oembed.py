"""oEmbed 1.0 (https://oembed.com): an address of ours as a frame, for editors that ask for one."""

import json
import re
import zlib
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotImplemented as NotOffered

from mapsvc.errors import BadRequest, NotFound
from mapsvc.web.common.context import council, revalidated
from mapsvc.web.residents.snippets import (
    HEIGHT,
    Frame,
    frame_of_council,
    frame_of_street,
    public_address,
)

WIDTH = 720
CACHE_SECONDS = 3_600
STREET = re.compile(r"/(?:embed/)?streets/([^/]+)")
USUAL_PORTS = {"http": 80, "https": 443}
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""

blueprint = Blueprint("oembed", __name__)


@blueprint.get("/oembed")
def oembed() -> Response:
    """The frame for `?url=`, an address of this service."""
    write = FORMATS.get(request.args.get("format", "json"))
    if write is None:
        raise NotOffered("format_not_offered")
    frame = _frame_for(request.args.get("url", ""))
    width, height = _size("maxwidth", WIDTH), _size("maxheight", HEIGHT)
    return write(
        {
            "version": "1.0",
            "type": "rich",
            "title": frame.title,
            "provider_name": council().settings.council_name,
            "provider_url": public_address(),
            "cache_age": CACHE_SECONDS,
            "html": frame.html(str(width), height),
            "width": width,
            "height": height,
        }
    )


def _size(name: str, usual: int) -> int:
    """The usual size, or what the consumer has room for when that is less."""
    text = request.args.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        raise BadRequest(name, "bad_pixels", name=name, value=text[:40], usual=usual)
    return min(usual, int(text))


def _frame_for(url: str) -> Frame:
    """The frame that shows what a page shows. NotFound for an address that is not ours."""
    if not url:
        raise BadRequest("url", "url_missing")
    path, query = _ours(url)
    street = STREET.fullmatch(path)
    street_id = unquote(street[1]) if street else query.get("street", [""])[0]
    if street or (path == "/map" and street_id):
        return frame_of_street(street_id)
    if path in ("", "/", "/map", "/map/list", "/embed"):
        return frame_of_council()
    raise NotFound("not_to_be_embedded", url=url[:200])


def _ours(url: str) -> tuple[str, Mapping[str, list[str]]]:
    """Path and query of an address of ours, with our name before it or without."""
    own = urlsplit(council().settings.public_url)
    try:
        address = urlsplit(url)
        host = _host(address)
        query = parse_qs(address.query)
    except ValueError:
        raise NotFound("bad_url", url=url[:200]) from None
    is_ours = not address.netloc or host in (_host(own), _host(urlsplit(request.host_url)))
    if not is_ours or address.scheme not in ("", "http", "https"):
        raise NotFound("url_of_others", url=url[:200])
    return address.path.removeprefix(own.path), query


def _host(address: SplitResult) -> tuple[str | None, int | None]:
    """Name and port as RFC 3986, 6.2, compares them: in any case, the usual port said or not.

    ValueError for a port that is no number up to 65535.
    """
    usual = USUAL_PORTS.get(address.scheme)
    return address.hostname, None if address.port == usual else address.port


def _json(document: Mapping[str, str | int]) -> Response:
    return _response(json.dumps(document, ensure_ascii=False).encode(), "application/json")


def _xml(document: Mapping[str, str | int]) -> Response:
    root = ElementTree.Element("oembed")
    for name, value in document.items():
        ElementTree.SubElement(root, name).text = NOT_IN_XML.sub("", str(value))
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return _response(content, "text/xml; charset=utf-8")


def _response(content: bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    return revalidated(response, f"{zlib.crc32(content):08x}")


FORMATS = {"json": _json, "xml": _xml}
