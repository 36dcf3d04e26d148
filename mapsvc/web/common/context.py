"""What a request needs of the application, and how its parameters are read."""

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from flask import Response, current_app, request
from werkzeug.http import http_date

from mapsvc.errors import BadRequest, StoreUnavailable
from mapsvc.services.answers.streets import LONGEST_QUERY
from mapsvc.services.answers.teller import Answers
from mapsvc.services.operations.usage_counters import Tally
from mapsvc.services.state.council import Council
from mapsvc.web.common.body_cache import Body, Kept
from mapsvc.web.common.search_cache import Searches

log = logging.getLogger(__name__)


def council() -> Council:
    """The council that this application serves."""
    return cast(Council, current_app.extensions["council"])


def answers() -> Answers:
    """Its answers."""
    return cast(Answers, current_app.extensions["answers"])


def kept() -> Kept:
    """The bodies that this process has made before."""
    return cast(Kept, current_app.extensions["kept"])


def searches() -> Searches:
    """What this process has found before."""
    return cast(Searches, current_app.extensions["searches"])


def tally() -> Tally:
    """Its counters."""
    return cast(Tally, current_app.extensions["tally"])


def count(name: str, key: str = "") -> None:
    """Count one more. A store that is busy loses a counter, never a page."""
    try:
        tally().add(name, key)
    except StoreUnavailable as error:
        log.warning("not counted: %s", error)


def day_parameter() -> date:
    """`?on=`, today when it is not given. BadRequest for no day and for a day to come."""
    today, text = council().today(), request.args.get("on", "")
    if not text:
        return today
    try:
        day = date.fromisoformat(text if len(text) == 10 and "W" not in text else "")
    except ValueError:
        raise BadRequest("on", "bad_day_of_answer", value=text[:40]) from None
    if day > today:
        raise BadRequest("on", "day_to_come", day=day)
    if day.year < 2000:
        raise BadRequest("on", "day_before_records", day=day)
    return day


def limit_parameter() -> int:
    """`?limit=`, a number from 1 to 100."""
    return parse_limit(request.args.get("limit", "10"))


def parse_limit(text: str) -> int:
    """The number that a limit says; BadRequest where it says none from 1 to 100."""
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 100):
        raise BadRequest("limit", "number_out_of_range", value=text[:40], least=1, most=100)
    return int(text)


def query_parameter() -> str:
    """`?q=`, what somebody searches; empty when it is not given."""
    return checked_query(request.args.get("q", ""))


def checked_query(text: str) -> str:
    """The text of a search without the space around it; BadRequest for a very long one."""
    text = text.strip()
    if len(text) > LONGEST_QUERY:
        raise BadRequest("q", "search_too_long", characters=len(text), most=LONGEST_QUERY)
    return text


def number_parameter(name: str) -> float:
    """A number that must be given, such as `?lat=`. Not-a-number and infinity pass."""
    text = request.args.get(name, "")
    try:
        return float(text)
    except ValueError:
        raise BadRequest(name, "bad_number", name=name, value=text[:40]) from None


def street_response(
    kind: str, street_id: str, on: date, make: Callable[[], Body], mimetype: str
) -> tuple[Response, Body]:
    """What is said of a street on a day, kept or made, and what it was made from.

    Parameters
    ----------
    kind : what is made, so that page and JSON are kept beside each other
    """
    moment = council().moment
    is_today = on == council().today()
    body = kept().body(
        (kind, street_id, on, is_today),
        moment.number,
        lambda: answers().answer_stamp(street_id, on),
        make,
    )
    response = Response(body.at(moment.as_at), content_type=mimetype)
    if is_today and body.holds_until:
        response.headers["Expires"] = _end_of(body.holds_until, council().zone)
    return revalidated(response, body.etag(moment.as_at)), body


@lru_cache(maxsize=512)
def _end_of(day: date, zone: ZoneInfo) -> str:
    """The midnight after a day, as a header says it."""
    return http_date(datetime.combine(day + timedelta(days=1), time(), zone))


def revalidated(response: Response, etag: str) -> Response:
    """The response, to be kept by browsers and asked about each time; 304 when it is the same.

    The tag is weak: compressed or not, it is the same.
    """
    response.headers["Cache-Control"] = "no-cache"
    response.headers["ETag"] = f'W/"{etag}"'
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response
