"""The JSON of the contract: search, near, answers, today's colours."""

import json
import zlib
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from mapsvc.errors import BadRequest
from mapsvc.services.answers.documents import answer_body, board_document, search_document
from mapsvc.services.answers.streets import streets_near
from mapsvc.services.issues.issue_layer import layer_of
from mapsvc.web.common.body_cache import AS_AT, CLOSING, Body, kept_body
from mapsvc.web.common.context import (
    answers,
    council,
    day_parameter,
    kept,
    limit_parameter,
    number_parameter,
    query_parameter,
    revalidated,
    searches,
    street_response,
)

blueprint = Blueprint("api", __name__, url_prefix="/api")

JSON = "application/json"
PLACES = "places"
"""What `/api/status?part=` can be: all that a map of the whole county shows."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_response(document: Any, *, status: int = 200) -> Response:
    """A document as JSON, to be asked for anew each time."""
    response = Response(_encode(document), status, content_type=JSON)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/search")
def search() -> Response:
    """Streets by what somebody types; most requests are answered by `search_middleware` before."""
    text = query_parameter()
    if not text:
        raise BadRequest("q", "nothing_to_search_for")
    response = Response(searches().document(text, limit_parameter()), content_type=JSON)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/near")
def near() -> Response:
    """Streets by position, nearest first."""
    lat, lon = number_parameter("lat"), number_parameter("lon")
    found = streets_near(council(), lat, lon, limit_parameter())
    return json_response(search_document("", found))


@blueprint.get("/issues")
def issues() -> Response:
    """Open issues as points of the map; `?bbox=` keeps to a part of it, `?zoom=` merges them."""
    bbox, zoom = request.args.get("bbox", ""), request.args.get("zoom", "")
    content = _encode(layer_of(council(), council().moment.issues.grid, bbox, zoom)).encode()
    response = Response(content, content_type="application/geo+json")
    return revalidated(response, f"{zlib.crc32(content):08x}")


@blueprint.get("/streets/<street_id>")
def street(street_id: str) -> Response:
    """The answer for a street on a day."""
    on = day_parameter()
    return street_response("json", street_id, on, lambda: _answer(street_id, on), JSON)[0]


def _answer(street_id: str, on: date) -> Body:
    answer = answers().answer(street_id, on)
    return kept_body(_encode(answer_body(answer, AS_AT, CLOSING)), holds_until=answer.holds_until)


@blueprint.get("/status")
def status() -> Response:
    """The status of every round, of the verges that differ from theirs, and of every place."""
    on, moment, part = day_parameter(), council().moment, request.args.get("part", "")
    if part not in ("", PLACES):
        raise BadRequest("part", "unknown_part", value=part[:40], choices=PLACES)
    body = kept().body(
        ("status", on, part), moment.number, lambda: moment.number, lambda: _board(on, part)
    )
    response = Response(body.content, content_type=JSON)
    return revalidated(response, body.etag(moment.as_at))


def _board(on: date, part: str) -> Body:
    document = board_document(answers().board(on))
    if part == PLACES:
        del document["verges"], document["round_streets"]
    return kept_body(_encode(document))
