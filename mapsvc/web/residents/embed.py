"""The search, the map and the answers as pages for other sites' frames, and who shows them."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request

from mapsvc.errors import BadRequest
from mapsvc.services.operations.usage_counters import EMBEDDED
from mapsvc.web.common.context import council, count
from mapsvc.web.residents.maps import map_of_council, statuses_today
from mapsvc.web.residents.pages import answer_page, page_response, search_page
from mapsvc.web.residents.snippets import (
    HEIGHT,
    LEAST_HEIGHT,
    MOST_HEIGHT,
    frame_of_council,
    frame_of_street,
    height_script,
    public_address,
    public_origin,
    search_form,
)

NOT_LISTED = "a host that is not listed"
"""Browsers refuse to show the page there; invented names would fill the store."""

blueprint = Blueprint("embed", __name__, url_prefix="/embed")


@blueprint.get("")
def home() -> Response:
    """The search and the map of the council."""
    _count_host()
    return search_page("embed.html", map=map_of_council(), statuses=statuses_today())


@blueprint.get("/streets/<street_id>")
def street(street_id: str) -> Response:
    """The answer for a street."""
    _count_host()
    return answer_page("embed", street_id)


@blueprint.get("/help")
def lines() -> Response:
    """The lines that another site needs, for the council or `?street=`, and what they do."""
    street_id, height = request.args.get("street", "").strip(), _height()
    frame = frame_of_street(street_id) if street_id else frame_of_council()
    return page_response(
        render_template(
            "embed_help.html",
            snippet=frame.html("100%", height),
            form=search_form(),
            script=height_script(),
            street=street_id,
            height=height,
            least=LEAST_HEIGHT,
            most=MOST_HEIGHT,
            address=public_address(),
            origin=public_origin(),
            hosts=council().settings.embed_hosts,
        )
    )


def _height() -> int:
    text = request.args.get("height", "").strip() or str(HEIGHT)
    is_number = text.isascii() and text.isdecimal() and len(text) < 7
    if not (is_number and LEAST_HEIGHT <= int(text) <= MOST_HEIGHT):
        raise BadRequest("height", "bad_height", least=LEAST_HEIGHT, most=MOST_HEIGHT)
    return int(text)


def _count_host() -> None:
    settings = council().settings
    own = {request.host, urlsplit(settings.public_url).netloc}
    host = embedding_host(request.referrer or "", own, settings.embed_hosts)
    if host:
        count(EMBEDDED, host)


def embedding_host(referrer: str, own: Iterable[str], listed: Iterable[str]) -> str:
    """The name of the host that shows us in a frame; empty where nobody says so.

    Parameters
    ----------
    own : our names with ports: steps inside the frame are no new embedding
    listed : CSP host sources
    """
    try:
        address = urlsplit(referrer)
    except ValueError:
        return ""
    host = (address.hostname or "").rstrip(".")
    if not host or address.netloc in own:
        return ""
    return host if any(_names(source, host) for source in listed) else NOT_LISTED


def _names(source: str, host: str) -> bool:
    """Whether a CSP host source is about a host, whatever its scheme and port."""
    name = re.sub(r"^https?://|:(\d+|\*)$", "", source.lower())
    return host.endswith(name[1:]) if name.startswith("*.") else host == name
