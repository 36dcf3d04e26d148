"""Open311 GeoReport v2: what other systems ask of us and send to us. Addresses and parameters."""

import re
from datetime import datetime

from flask import Blueprint, Response, request

from mapsvc.domain.issues import State
from mapsvc.errors import BadRequest
from mapsvc.services.accounts.api_keys import key_name
from mapsvc.services.issues import open311_server as documents
from mapsvc.services.issues.open311_server import MOST_REQUESTS, STATES, RequestQuery, Where
from mapsvc.services.issues.reporting import ResidentReport
from mapsvc.services.operations.usage_counters import REPORTS
from mapsvc.web.common.context import council, count
from mapsvc.web.common.open311_xml import rendered

blueprint = Blueprint("open311", __name__)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FORMAT = "<any(json, xml):format>"
BASE = "/open311/v2"


@blueprint.get(f"/open311/discovery.{FORMAT}")
@blueprint.get(f"{BASE}/discovery.{FORMAT}")
def discovery(format: str) -> Response:
    """Where this is and what it speaks."""
    base = council().settings.public_url or request.host_url.rstrip("/")
    return rendered(format, "discovery", documents.discovery(council(), base + BASE))


@blueprint.get(f"{BASE}/services.{FORMAT}")
def services(format: str) -> Response:
    """What can be reported now; a category that is missing was deleted."""
    return rendered(format, "services", documents.services(council()))


@blueprint.get(f"{BASE}/services/<code>.{FORMAT}")
def definition(code: str, format: str) -> Response:
    """What a service asks for."""
    return rendered(format, "service_definition", documents.definition(council(), code))


@blueprint.get(f"{BASE}/requests.{FORMAT}")
def requests(format: str) -> Response:
    """The requests that the parameters ask for."""
    found = documents.requests(council(), _wanted())
    return rendered(format, "service_requests", found)


@blueprint.get(f"{BASE}/requests/<reference>.{FORMAT}")
def one_request(reference: str, format: str) -> Response:
    """One request, in a list all the same."""
    issue = council().store.issues.of_reference(reference)
    return rendered(format, "service_requests", documents.documents(council(), [issue]))


@blueprint.get(f"{BASE}/servicerequestupdates.{FORMAT}")
def updates(format: str) -> Response:
    """What has happened to requests: an extension that FixMyStreet reads."""
    return rendered(format, "service_request_updates", documents.updates(council(), _wanted()))


@blueprint.post(f"{BASE}/requests.{FORMAT}")
def submit(format: str) -> Response:
    """A report of another system, which has an api_key."""
    now = council().now()
    if request.mimetype not in FORMS:
        raise BadRequest("Content-Type", "body_of_other_kind")
    form = request.form
    sender = key_name(council(), form.get("api_key", ""), request.remote_addr or "", now)
    code = form.get("service_code", "")
    if not code:
        raise BadRequest("service_code", "service_code_missing")
    where = Where(_position(), form.get("address_id", "").strip(), form.get("address_string", ""))
    report = ResidentReport(
        documents.service_of(council(), code),
        form.get("description", ""),
        _attribute(documents.STRETCH),
        form.get("email", "").strip(),
        where.position,
    )
    reference = _attribute(documents.REFERENCE)
    issue = documents.submit(council(), sender, where, report, reference, now)
    count(REPORTS, code)
    made = {
        "service_request_id": issue.reference,
        "service_notice": "What was written is public once staff have read it.",
        "account_id": None,
    }
    return rendered(format, "service_requests", [made], 201)


# Parameters


def _attribute(code: str) -> str:
    return request.form.get(f"attribute[{code}]", "").strip()


def _position() -> tuple[float, float] | None:
    """`lat` and `long`, where both were sent."""
    lat, lon = request.form.get("lat", "").strip(), request.form.get("long", "").strip()
    if not lat and not lon:
        return None
    try:
        return float(lon), float(lat)
    except ValueError:
        raise BadRequest("lat", "bad_position", lat=lat[:20], lon=lon[:20]) from None


def _wanted() -> RequestQuery:
    return RequestQuery(
        ids=_list("service_request_id"),
        services=_list("service_code"),
        states=_states(),
        start=_time("start_date"),
        end=_time("end_date"),
        page=_number("page", 1, 1_000_000),
        page_size=_number("page_size", MOST_REQUESTS, MOST_REQUESTS),
    )


def _list(name: str) -> tuple[str, ...]:
    """A parameter of values with commas between; it may be given more than once."""
    words = ",".join(request.args.getlist(name)).split(",")
    return tuple(word.strip() for word in words if word.strip())


def _states() -> tuple[State, ...]:
    asked = _list("status")
    unknown = next((word for word in asked if word.lower() not in STATES), None)
    if unknown:
        raise BadRequest("status", "bad_open311_status", value=unknown[:20])
    return tuple(state for word in asked for state in STATES[word.lower()])


def _time(name: str) -> datetime | None:
    """A time such as 2026-01-01T00:00:00Z; without a zone it is the council's."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", text))
    except ValueError:
        at = datetime.min
    if not 2000 <= at.year <= 2100:
        raise BadRequest(name, "bad_time", name=name, value=text[:40])
    return at if at.tzinfo else at.replace(tzinfo=council().zone)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most):
        raise BadRequest(name, "number_out_of_range", value=text[:20], least=1, most=most)
    return int(text)
