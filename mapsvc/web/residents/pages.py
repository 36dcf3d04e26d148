"""The pages for residents: search and answer. Complete without JavaScript."""

import zlib
from datetime import date

from flask import Blueprint, Response, render_template, request

from mapsvc.services.answers.streets import LONGEST_QUERY, near_names, search_streets
from mapsvc.services.operations.usage_counters import ANSWERS, NOT_FOUND, SEARCHES
from mapsvc.web.common.body_cache import CLOSING, Body, kept_body
from mapsvc.web.common.context import (
    answers,
    council,
    count,
    day_parameter,
    query_parameter,
    revalidated,
    street_response,
)
from mapsvc.web.residents.maps import map_of_street
from mapsvc.web.residents.season import season_of
from mapsvc.web.residents.sections import alike, sections_of

HTML = "text/html; charset=utf-8"
RESULTS = 20

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """The search form with its results; never picks for a resident."""
    return search_page("search.html")


def search_page(template: str, **more: object) -> Response:
    """A page with the search form and what was found, counted."""
    text = query_parameter()
    found = search_streets(council(), text, RESULTS) if text else []
    if text:
        count(SEARCHES)
    if text and not found:
        count(NOT_FOUND)
    notices = answers().notices(council().today())
    return page_response(
        render_template(
            template,
            query=text,
            asked="q" in request.args,
            found=found,
            near=near_names(council(), text) if text and not found else [],
            most=RESULTS,
            longest=LONGEST_QUERY,
            alike=alike([result.street for result in found]),
            notices=notices,
            **more,
        )
    )


@blueprint.get("/streets/<street_id>")
def street(street_id: str) -> Response:
    """The answer page."""
    return answer_page("page", street_id)


def answer_page(kind: str, street_id: str) -> Response:
    """The answer for a street as a page, counted; each `kind` is kept beside the others."""
    on = day_parameter()
    response, body = street_response(kind, street_id, on, lambda: _answer_page(street_id, on), HTML)
    for status in body.statuses:
        count(ANSWERS, status)
    return response


def _answer_page(street_id: str, on: date) -> Body:
    answer = answers().answer(street_id, on)
    keepers = {group.keeper for group in answer.groups if group.keeper.name}
    body = render_template(
        "street.html",
        answer=answer,
        sections=sections_of(answer),
        season=season_of(answer),
        on=on,
        keeper=keepers.pop() if len(keepers) == 1 else None,
        is_today=on == council().today(),
        closing=CLOSING,
        map=map_of_street(answer.street, on),
    )
    statuses = dict.fromkeys(group.found.status.value for group in answer.groups)
    return kept_body(body, tuple(statuses), answer.holds_until)


def page_response(body: str) -> Response:
    """A page that browsers keep and ask about each time."""
    content = body.encode()
    return revalidated(Response(content, content_type=HTML), f"{zlib.crc32(content):08x}")
