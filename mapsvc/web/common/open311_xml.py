"""Documents of Open311 as JSON and as XML, errors included. What they say is in `services`."""

import json
import re
from typing import Any
from xml.etree import ElementTree

from flask import Response, request

PREFIX = "/open311/"
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
"""What XML calls each entry of a list; JSON has a bare array."""
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CODES = {422: 400}
"""Status codes that the specification does not have, and those it has for them."""


def rendered(format_: str, root: str, document: Any, code: int = 200) -> Response:
    """A document in one of the two formats. `root` is what XML calls it."""
    body = _json(document) if format_ == "json" else _xml(root, document)
    mimetype = "application/json" if format_ == "json" else "text/xml"
    response = Response(body, code, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def error_response(code: int, sentence: str) -> Response:
    """An error as the specification writes it, in the format of the address."""
    code = CODES.get(code, code)
    format_ = "json" if request.path.endswith(".json") else "xml"
    return rendered(format_, "errors", [{"code": code, "description": sentence}], code)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def _xml(root: str, document: Any) -> bytes:
    element = _element(root, document)
    body: bytes = ElementTree.tostring(
        element, encoding="utf-8", xml_declaration=True, short_empty_elements=False
    )
    return body


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        element.extend(_element(key, part) for key, part in value.items())
    elif isinstance(value, list):
        element.extend(_element(ITEMS[name], part) for part in value)
    else:
        element.text = _text(value)
    return element


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else NOT_IN_XML.sub("", str(value))
