"""The JSON of the contract: search, near, answers, today's colours."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from flask import Blueprint, Response, current_app

from mapsvc.errors import BadRequest
from mapsvc.services.documents import answer_document, board_document, search_document
from mapsvc.services.streets import search_streets, streets_near
from mapsvc.web.context import (
    answers,
    council,
    day_parameter,
    limit_parameter,
    number_parameter,
    query_parameter,
    revalidated,
)

blueprint = Blueprint("api", __name__, url_prefix="/api")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_response(document: Any, *, status: int = 200) -> Response:
    """A document as JSON, not kept by anybody."""
    response = Response(_encode(document), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/search")
def search() -> Response:
    """Streets by what somebody types."""
    text = query_parameter()
    if not text:
        raise BadRequest("q", "Write what to search for in q, such as q=main+street.")
    return json_response(search_document(text, search_streets(council(), text, limit_parameter())))


@blueprint.get("/near")
def near() -> Response:
    """Streets by position, nearest first."""
    lat, lon = number_parameter("lat"), number_parameter("lon")
    found = streets_near(council(), lat, lon, limit_parameter())
    return json_response(search_document("", found))


@blueprint.get("/streets/<street_id>")
def street(street_id: str) -> Response:
    """The answer for a street on a day."""
    body = _encode(answer_document(answers().answer(street_id, day_parameter())))
    response = Response(body, mimetype="application/json")
    return revalidated(response, f"{zlib.crc32(body.encode()):08x}")


@blueprint.get("/status")
def status() -> Response:
    """The status of every round, and of the verges that differ from theirs."""
    on = day_parameter()
    kept: OrderedDict[Hashable, str] = current_app.extensions.setdefault("boards", OrderedDict())
    moment = council().moment
    key = (on, id(moment.atlas), moment.ledger.newest_id)
    body = kept.get(key)
    if body is None:
        body = kept[key] = _encode(board_document(answers().board(on)))
        if len(kept) > 8:
            kept.popitem(last=False)
    response = Response(body, mimetype="application/json")
    return revalidated(response, f"{zlib.crc32(body.encode()):08x}")
