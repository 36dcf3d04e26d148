"""What Open311 GeoReport v2 says of our categories and issues, as plain documents.

The words of the specification are kept: a service is a category, a request is an issue. What a
resident wrote is in them only once staff released it. How a report comes in is in `reporting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from mapsvc import crs
from mapsvc.domain.answers import Answer
from mapsvc.domain.issues import CLOSED, STATE_WORDS, Category, Issue, ShownIssue, State
from mapsvc.domain.streets import Keeper
from mapsvc.errors import BadRequest, IssueRefused, NotFound, StreetMoved
from mapsvc.messages.catalogue import Message
from mapsvc.services.answers.streets import search_streets, streets_near
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.issues import reporting
from mapsvc.services.issues.reporting import ResidentReport
from mapsvc.services.state.council import Council
from mapsvc.store.issues import fitting

LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1_000
CHANGESET = "2026-06-01T00:00:00Z"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
OPEN = tuple(state for state in State if state not in CLOSED)
STATES = {"open": OPEN, "closed": tuple(CLOSED)}

UPDATE_STATES = {
    State.OPEN: "open",
    State.TRIAGED: "investigating",
    State.PLANNED: "action_scheduled",
    State.IN_PROGRESS: "in_progress",
    State.FIXED: "fixed",
    State.NOT_OURS: "not_councils_responsibility",
    State.NO_ACTION: "no_further_action",
    State.DUPLICATE: "duplicate",
}

STRETCH, REFERENCE = "stretch", "reference"
ATTRIBUTES = (
    (STRETCH, "Where on the street, such as “by the bus stop”"),
    (REFERENCE, "Your own reference: what is sent twice under the same one is one request"),
)
"""Codes of the attributes that every service has, none of them required."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """Which requests somebody asks for. Ids ask for those alone, whatever else is said."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    page_size: int = MOST_REQUESTS


@dataclass(frozen=True, slots=True)
class Where:
    """Where a request says it is; one of the three is enough."""

    position: tuple[float, float] | None = None
    address_id: str = ""
    address: str = ""


# What can be asked


def discovery(council: Council, url: str) -> Document:
    """Where the service is and what it speaks."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": CHANGESET,
        "type": "test" if council.settings.today else "production",
        "formats": ["text/xml", "application/json"],
    }
    phone = council.settings.council_phone
    contact = f"{council.settings.council_name}{f', {phone}' if phone else ''}"
    return {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": f"Ask {contact} for an api_key.",
        "endpoints": [endpoint],
    }


def services(council: Council) -> list[Document]:
    """The categories that can be reported now."""
    return [_service(category) for category in council.categories]


def _service(category: Category) -> Document:
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": category.help,
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": "Grass",
    }


def definition(council: Council, code: str) -> Document:
    """What a service asks for beside the description. NotFound for one that is not offered."""
    attributes = [
        {
            "variable": True,
            "code": attribute,
            "datatype": "string",
            "required": False,
            "datatype_description": "",
            "order": order,
            "description": words,
            "values": [],
        }
        for order, (attribute, words) in enumerate(ATTRIBUTES, start=1)
    ]
    return {"service_code": service_of(council, code).code, "attributes": attributes}


def service_of(council: Council, code: str) -> Category:
    """The category of a service_code. NotFound when it is not offered, or no more."""
    found = next((category for category in council.categories if category.code == code), None)
    if found is None:
        raise NotFound("no_service", service=code[:40])
    return found


# Requests


def requests(council: Council, wanted: RequestQuery) -> list[Document]:
    """The requests that are asked for, newest first. BadRequest for more than 90 days."""
    issues = council.store.issues
    if wanted.ids:
        conditions = fitting(references=wanted.ids[:MOST_REQUESTS])
    else:
        since, before = _span(wanted, council.now())
        conditions = fitting(
            categories=wanted.services, states=wanted.states, since=since, before=before
        )
    skipped = (wanted.page - 1) * wanted.page_size
    return documents(council, issues.page(*conditions, limit=wanted.page_size, offset=skipped))


def _span(wanted: RequestQuery, now: datetime) -> tuple[datetime, datetime]:
    """From when until before when; the end asked for is within."""
    if wanted.start and wanted.end and wanted.end - wanted.start > LONGEST_SPAN:
        raise BadRequest("end_date", "span_too_long")
    end = wanted.end or (wanted.start + LONGEST_SPAN if wanted.start else now)
    start = wanted.start or end - LONGEST_SPAN
    return start, end + timedelta(seconds=1)


def updates(council: Council, wanted: RequestQuery) -> list[Document]:
    """What has happened to requests in a time, oldest first, as FixMyStreet reads it.

    Its words for states are finer than open and closed, so that closed never reads as fixed.
    """
    since, before = _span(wanted, council.now())
    skipped = (wanted.page - 1) * wanted.page_size
    events = council.store.issues.public_events(since, before, wanted.page_size, skipped)
    return [
        {
            "update_id": str(event.id),
            "service_request_id": reference,
            "status": UPDATE_STATES[event.state],
            "updated_datetime": _written(event.at.astimezone(council.zone)),
            "description": event.sentence or f"{STATE_WORDS[event.state]}.",
            "media_url": None,
        }
        for reference, event in events
    ]


def documents(council: Council, issues: Sequence[Issue]) -> list[Document]:
    """Issues as everybody may see them, in the specification's words."""
    moment = council.moment
    teller = Teller(council, moment, council.today())
    notes = council.store.issues.newest_sentences([issue.id for issue in issues])
    return [_request(council, teller.shown(one), notes.get(one.id, "")) for one in issues]


def _request(council: Council, shown: ShownIssue, note: str) -> Document:
    issue, zone = shown.issue, council.zone
    street = council.moment.atlas.street(issue.street)
    lon, lat = _position(council, issue)
    planned = datetime.combine(shown.planned, time(), zone) if shown.planned else None
    return {
        "service_request_id": issue.reference,
        "status": "closed" if issue.is_closed else "open",
        "status_notes": status_notes(issue.state, note),
        "service_name": shown.category,
        "service_code": issue.category,
        "description": issue.public_text or shown.category,
        "agency_responsible": council.settings.council_name,
        "service_notice": None,
        "requested_datetime": _written(issue.at.astimezone(zone)),
        "updated_datetime": _written(issue.changed_at.astimezone(zone)),
        "expected_datetime": _written(planned) if planned and not issue.is_closed else None,
        "address": street.street.full_name if street else None,
        "address_id": issue.street,
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": None,
    }


def status_notes(state: State, sentence: str) -> str:
    """The state in a word and the newest public sentence: closed alone never reads as fixed."""
    return f"{STATE_WORDS[state]}. {sentence}".strip()


def _position(council: Council, issue: Issue) -> tuple[float | None, float | None]:
    if issue.x is None or issue.y is None:
        return None, None
    lon, lat = crs.point_to_wgs84(issue.x, issue.y, council.settings.crs)
    return round(lon, 6), round(lat, 6)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


# A request that comes in


def submit(council: Council, sender: str, where: Where, report: ResidentReport, reference: str,
           now: datetime) -> Issue:  # fmt: skip
    """The issue that a program's request becomes; the same reference is the same issue.

    Parameters
    ----------
    sender : the name of its API key

    Raises
    ------
    BadRequest, IssueRefused, NotFound : naming what cannot be used
    TooMany : when more came in an hour than is taken
    """
    answer = _answer(council, _street_of(council, where))
    keepers = [group.keeper for group in answer.groups if group.keeper.name]
    if keepers and not any(keeper.ours for keeper in keepers):
        raise IssueRefused(_of_others(keepers[0]))
    street = council.moment.atlas.street(answer.street.id)
    assert street is not None
    return reporting.report_by_machine(council, street, report, sender, reference, now)


def _of_others(keeper: Keeper) -> Message:
    if contact := keeper.phone or keeper.url:
        return Message("grass_of_others", keeper=keeper.name, contact=contact)
    return Message("grass_of_others_unreached", keeper=keeper.name)


def _answer(council: Council, street_id: str) -> Answer:
    """Today's answer for a street, also by an id that it had before."""
    answers = Answers(council)
    try:
        return answers.answer(street_id, council.today())
    except StreetMoved as moved:
        return answers.answer(moved.new_id, council.today())


def _street_of(council: Council, where: Where) -> str:
    """The id of the street that a request is about.

    An id that is not ours counts for nothing where the place is said in another way too.
    """
    is_known = council.moment.atlas.street(where.address_id) is not None
    if is_known or (where.address_id and not where.position and not where.address):
        return where.address_id
    if where.position:
        lon, lat = where.position
        near = streets_near(council, lat, lon, 1)
        if near and (near[0].distance_m or 0.0) <= reporting.FARTHEST_METRES:
            return near[0].street.id
        raise BadRequest("lat", "far_from_streets", lat=str(lat), lon=str(lon))
    found = search_streets(council, where.address, 2) if where.address else []
    if not found or (len(found) > 1 and found[1].score >= found[0].score):
        raise (
            BadRequest("lat", "no_one_street", address=where.address[:60])
            if where.address
            else BadRequest("lat", "no_place")
        )
    return found[0].street.id
