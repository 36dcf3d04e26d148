"""The pages for residents: search, answer, map. Complete without JavaScript."""

import zlib

from flask import Blueprint, Response, render_template

from mapsvc.services.streets import search_streets
from mapsvc.web.context import answers, council, day_parameter, query_parameter, revalidated

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """The search form with its results; never picks for a resident."""
    text = query_parameter()
    found = search_streets(council(), text, 20) if text else []
    notices = answers().notices(council().today())
    return _page("search.html", query=text, found=found, notices=notices)


@blueprint.get("/streets/<street_id>")
def street(street_id: str) -> Response:
    """The answer page."""
    on = day_parameter()
    answer = answers().answer(street_id, on)
    return _page("street.html", answer=answer, on=on, is_today=on == council().today())


def _page(template: str, **values: object) -> Response:
    body = render_template(template, **values)
    response = Response(body, mimetype="text/html")
    return revalidated(response, f"{zlib.crc32(body.encode()):08x}")
