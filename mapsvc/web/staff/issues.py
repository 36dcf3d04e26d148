"""The staff's pages of what residents reported: the queue, and one page per issue."""

import json
import math
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Response, request
from shapely import Point
from werkzeug.wrappers import Response as AnyResponse

from mapsvc import crs
from mapsvc.domain.issues import STATE_WORDS, Issue, State
from mapsvc.domain.wording import span
from mapsvc.errors import BadRequest, IssueRefused, NotFound
from mapsvc.services.answers.teller import Teller
from mapsvc.services.issues import casework
from mapsvc.services.issues.issue_layer import layer_of
from mapsvc.services.issues.reporting import NEARBY_METRES
from mapsvc.services.outbox import sender
from mapsvc.services.state.back_offices import ISSUE, MAILTO
from mapsvc.services.state.categories import category_name
from mapsvc.services.state.issue_grid import IssueGrid, places_of
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of
from mapsvc.web.residents.maps import map_of_points
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import cut_of, page_number
from mapsvc.web.staff.messages import recipient_in_words

ADDRESS = "/staff/issues"


@blueprint.get("/issues")
@allowed("see")
def issue_queue() -> AnyResponse:
    """The queue with its filters; open issues unless others are asked for."""
    asked = _asked()
    queue = casework.queue(council(), asked)
    atlas = council().moment.atlas
    streets = {issue.street: atlas.street(issue.street) for issue in queue.issues}
    points = places_of(casework.newest(council(), asked), council().settings.crs)
    return page(
        "issues.html",
        asked=asked,
        on_map=len(points),
        map=map_of_points(points.values(), f"{ADDRESS}/points.json?{_filters(asked)}"),
        queue=queue,
        streets={code: found.street for code, found in streets.items() if found},
        categories=council().categories,
        category_name=lambda code: category_name(council().categories, code),
        state_words=STATE_WORDS,
        cut_since=_teller().cut_since,
        zone=council().zone,
    )


@blueprint.get("/issues/points.json")
@allowed("see")
def issue_points() -> Response:
    """What the queue's map shows: the newest issues that fit, each with its staff page."""
    issues = casework.newest(council(), _asked())
    grid = IssueGrid(issues, places_of(issues, council().settings.crs))
    bbox, zoom = request.args.get("bbox", ""), request.args.get("zoom", "")
    document = layer_of(council(), grid, bbox, zoom)
    pages = {issue.reference: f"{ADDRESS}/{issue.id}" for issue in issues}
    for about in (feature["properties"] for feature in document["features"]):
        if "reference" in about:
            about["page"] = pages[about["reference"]]
        else:  # of any state
            about["sentence"] = f"{about['number']} issues"
    return Response(json.dumps(document), content_type="application/geo+json")


def _teller() -> Teller:
    return Teller(council(), council().moment, council().today())


def _asked() -> casework.QueueFilter:
    return casework.QueueFilter(
        state=request.args.get("state", ""),
        category=request.args.get("category", ""),
        street=request.args.get("street", "").strip(),
        assigned=request.args.get("assigned", "").strip(),
        page=page_number(),
    )


def _filters(asked: casework.QueueFilter) -> str:
    """The filter as the end of an address, without the page: a map shows all of them."""
    values = asdict(asked).items()
    return urlencode({name: value for name, value in values if name != "page" and value})


@blueprint.get("/issues/<int:issue_id>")
@allowed("see")
def issue_page(issue_id: int) -> AnyResponse:
    """Everything that is known of an issue, and what can be done."""
    return _page(council().store.issues.get(issue_id))


@blueprint.post("/issues/<int:issue_id>")
@allowed("steer")
def change_issue(issue_id: int) -> AnyResponse:
    """One step; what cannot be done is said above, and nothing changes."""
    issue = council().store.issues.get(issue_id)
    action = request.form.get("action", "")
    if action not in ACTIONS:
        raise BadRequest("action", "form_not_whole")
    try:
        ACTIONS[action](issue)
    except (IssueRefused, NotFound) as refusal:
        return _page(issue, 422, [(_field(issue, action, refusal), words_of(refusal))])
    return done(f"{ADDRESS}/{issue_id}")


def _field(issue: Issue, action: str, refusal: IssueRefused | NotFound) -> str:
    """The id of the field that a refusal is about; the heading of its form where it is no field."""
    field = refusal.field if isinstance(refusal, IssueRefused) else ""
    if field == "sentence":
        return f"{action}-sentence"
    if field == "cut" and not _cuts(issue):
        return "state"
    return field or {"pass on": "pass"}.get(action, action)


def _move(issue: Issue) -> None:
    to = request.form.get("state", "")
    if to not in set(State):
        raise IssueRefused("no_next_state_chosen", field="state")
    cut = request.form.get("cut", "") if to == State.PLANNED else ""
    if cut and cut not in dict(_cuts(issue)):
        raise IssueRefused("cut_not_in_list", field="cut")
    casework.move(
        council(),
        issue,
        State(to),
        sentence=request.form.get("sentence", "") or request.form.get("saved", ""),
        note=request.form.get("note", "").strip()[:2000],
        by=account().name,
        at=council().now(),
        cut=cut_of(cut),
        other=request.form.get("other", ""),
    )


def _answer(issue: Issue) -> None:
    said = request.form.get("sentence", "") or request.form.get("saved", "")
    casework.answer(council(), issue, said, by=account().name, at=council().now())


def _release(issue: Issue) -> None:
    casework.release(council(), issue, True, by=account().name, at=council().now())


def _withhold(issue: Issue) -> None:
    casework.release(council(), issue, False, by=account().name, at=council().now())


def _assign(issue: Issue) -> None:
    to = request.form.get("assigned", "")
    casework.assign(council(), issue, to, by=account().name, at=council().now())


def _pass_on(issue: Issue) -> None:
    to = request.form.get("recipient", "")
    sender.hand_over(council(), issue, to, by=account().name, at=council().now())


ACTIONS = {
    "pass on": _pass_on,
    "move": _move,
    "answer": _answer,
    "release": _release,
    "withhold": _withhold,
    "assign": _assign,
}


def _page(
    issue: Issue, code: int = 200, errors: list[tuple[str, str]] | None = None
) -> AnyResponse:
    teller = Teller(council(), council().moment, council().today())
    return page(
        "issue.html",
        code,
        issue=issue,
        shown=teller.shown(issue),
        street=casework.street_of(council(), issue),
        original=casework.original_of(council(), issue),
        passed_on=[
            one for one in council().store.outbox.of_issue(issue.id) if one.message.kind == ISSUE
        ],
        recipient_in_words=recipient_in_words,
        recipients=[
            (name, name.removeprefix(MAILTO)) for name in sender.known_recipients(council())
        ],
        events=council().store.issues.events_of(issue.id),
        next_states=casework.next_states(issue),
        cuts=_cuts(issue),
        nearby=[(teller.shown(one), metres) for one, metres in _nearby(issue)],
        replies=casework.SAVED_REPLIES,
        people=[one.name for one in council().store.accounts.all() if not one.is_disabled],
        state_words=STATE_WORDS,
        position=_position(issue),
        zone=council().zone,
        form=request.form,
        errors=errors or [],
    )


def _cuts(issue: Issue) -> list[tuple[str, str]]:
    """The street's cuts of this year that can be planned for: value and words of each."""
    today = council().today()
    verges = council().moment.atlas.book(today.year).of_street(issue.street)
    windows = {
        (cut.season, cut.number): cut.window
        for verge in verges
        for cut in verge.dated_cuts
        if cut.window and cut.window.end >= today
    }
    return [
        (f"{season}-{number}", f"Cut {number}: {span(window, today.year, 'to')}")
        for (season, number), window in sorted(windows.items())
    ]


def _nearby(issue: Issue) -> list[tuple[Issue, float]]:
    if issue.x is None or issue.y is None:
        return []
    found = council().moment.issues.grid.near(Point(issue.x, issue.y), NEARBY_METRES)
    return [(one, metres) for one, metres in found if one.id != issue.id][:10]


def _position(issue: Issue) -> tuple[float, float] | None:
    """Latitude and longitude in degrees."""
    if issue.x is None or issue.y is None:
        return None
    lon, lat = crs.point_to_wgs84(issue.x, issue.y, council().settings.crs)
    return (round(lat, 5), round(lon, 5)) if math.isfinite(lat) else None
