"""Reporting a problem: the answer first, what is reported already, then one short form.

Four pages at most, no cookie: what was chosen is in the address, and the form carries a ticket.
"""

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.answers import Answer
from mapsvc.domain.issues import CLOSED, STATE_WORDS, Category, ShownIssue
from mapsvc.domain.status import Status
from mapsvc.errors import IssueRefused, StreetMoved
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.teller import Teller
from mapsvc.services.issues import casework, form_tokens, reporting
from mapsvc.services.operations.usage_counters import ANSWERED, JOINED, REPORTS
from mapsvc.services.state.categories import category_of
from mapsvc.web.common.context import answers, council, count
from mapsvc.web.common.errors import words_of
from mapsvc.web.residents.maps import map_of_street
from mapsvc.web.residents.sections import sections_of

HTML = "text/html; charset=utf-8"

blueprint = Blueprint("reports", __name__)


@blueprint.get("/streets/<street_id>/report")
def report_form(street_id: str) -> AnyResponse:
    """The next question: what it is, whether the answer or an open issue says it, the form."""
    answer, street = _street(street_id)
    code = request.args.get("category", "")
    if not code:
        return _page("report_category.html", answer, categories=council().categories)
    try:
        category = category_of(council().categories, code)
    except IssueRefused as refusal:
        return _page(
            "report_category.html",
            answer,
            422,
            categories=council().categories,
            errors=[(refusal.field, words_of(refusal))],
        )
    if all(group.found.status is Status.ELSEWHERE for group in answer.groups):
        return _page("report_elsewhere.html", answer, sections=sections_of(answer))
    known = _nearby(street)
    has_more_to_say = category.is_about_cutting or category.is_urgent or known
    if has_more_to_say and "go" not in request.args:
        return _page(
            "report_known.html",
            answer,
            category=category,
            known=known,
            sections=sections_of(answer),
            ticket=_ticket(street_id),
        )
    return _details(answer, category)


@blueprint.post("/streets/<street_id>/report")
def send_report(street_id: str) -> AnyResponse:
    """Keep the report; what cannot be taken is said above the form, with what was typed in it."""
    answer, street = _street(street_id)
    category = category_of(council().categories, request.form.get("category", ""))
    try:
        report = reporting.ResidentReport(
            category,
            request.form.get("text", ""),
            request.form.get("stretch", ""),
            request.form.get("email", "").strip(),
            _position(),
            request.form.get("website", ""),
            request.remote_addr or "",
        )
        issue = reporting.report_issue(council(), street, report, _opened(street_id), _now())
    except IssueRefused as refusal:
        return _details(answer, category, refusal)
    count(REPORTS, category.code)
    return redirect(f"/issues/{issue.reference}?sent=1", 303)


@blueprint.post("/streets/<street_id>/report/join")
def join(street_id: str) -> AnyResponse:
    """It is one of these: one more who noticed it, once for each form."""
    _, street = _street(street_id)
    ticket = _opened(street_id)
    reference = request.form.get("issue", "")
    issue = council().store.issues.of_reference(reference)
    if issue.id not in {known.id for known, _ in reporting.nearby(council(), street)}:
        raise IssueRefused("This issue is closed by now, or somewhere else. Start again.")
    reporting.join_issue(council(), issue, ticket, request.remote_addr or "", _now())
    count(JOINED)
    return redirect(f"/issues/{issue.reference}?joined=1", 303)


@blueprint.post("/streets/<street_id>/report/answered")
def answered(street_id: str) -> AnyResponse:
    """The answer was enough: counted, and thanks."""
    answer, _ = _street(street_id)
    _opened(street_id)
    count(ANSWERED)
    return redirect(url_for("reports.thanks", street_id=answer.street.id), 303)


@blueprint.get("/streets/<street_id>/report/answered")
def thanks(street_id: str) -> AnyResponse:
    """Thanks to somebody for whom the answer was enough."""
    return _page("report_answered.html", _street(street_id)[0])


@blueprint.get("/issues/<reference>")
def issue(reference: str) -> AnyResponse:
    """What everybody may see of an issue, and what has happened to it."""
    found = council().store.issues.of_reference(reference)
    today = council().today()
    street = casework.street_of(council(), found)
    shown = Teller(council(), council().moment, today).shown(found)
    events = [e for e in council().store.issues.events_of(found.id) if e.kind != "noticed"]
    body = render_template(
        "issue.html",
        shown=shown,
        issue=found,
        street=street,
        original=casework.original_of(council(), found),
        events=[e for e in events if e.kind in ("reported", "moved") or e.sentence],
        zone=council().zone,
        today=today,
        state_words=STATE_WORDS,
        is_closed=found.state in CLOSED,
        is_sent="sent" in request.args,
        is_joined="joined" in request.args,
    )
    response = Response(body, content_type=HTML)
    response.headers["Cache-Control"] = "no-cache"
    return response


# What the pages have in common


def _street(street_id: str) -> tuple[Answer, FoundStreet]:
    """A street and its answer; also of a form that was open while the street got another id.

    A redirect would turn its POST into a GET, and lose what was written.
    """
    try:
        answer = answers().answer(street_id, council().today())
    except StreetMoved as moved:
        if request.method != "POST":
            raise
        answer = answers().answer(moved.new_id, council().today())
    street = council().moment.atlas.street(answer.street.id)
    assert street is not None
    return answer, street


def _page(template: str, answer: Answer, code: int = 200, **values: object) -> Response:
    values = {"errors": [], **values}
    phone = council().settings.emergency_phone
    body = render_template(
        template, answer=answer, street=answer.street, emergency_phone=phone, **values
    )
    response = Response(body, code, content_type=HTML)
    response.headers["Cache-Control"] = "no-store"
    return response


def _details(answer: Answer, category: Category, refusal: IssueRefused | None = None) -> Response:
    return _page(
        "report_details.html",
        answer,
        422 if refusal else 200,
        category=category,
        map=map_of_street(answer.street, council().today()),
        form=request.form,
        errors=[(refusal.field, words_of(refusal))] if refusal else [],
        ticket=_ticket(answer.street.id),
        sends_mail=council().settings.sends_mail,
        erase_months=council().settings.erase_months,
        longest=reporting.LONGEST_TEXT,
        longest_stretch=reporting.LONGEST_STRETCH,
    )


def _nearby(street: FoundStreet) -> list[tuple[ShownIssue, float]]:
    teller = Teller(council(), council().moment, council().today())
    pairs = reporting.nearby(council(), street)
    return [(teller.shown(issue), round(metres, -1)) for issue, metres in pairs[:10]]


def _ticket(street_id: str) -> str:
    return form_tokens.ticket(_key(), street_id, _now())


def _opened(street_id: str) -> form_tokens.FormToken:
    return form_tokens.opened(_key(), request.form.get("ticket", ""), street_id, _now())


def _key() -> bytes:
    return council().secret_key("tickets")


def _now() -> datetime:
    return council().now()


def _position() -> tuple[float, float] | None:
    """The point of the form, where one was chosen."""
    lat, lon = request.form.get("lat", "").strip(), request.form.get("lon", "").strip()
    if not lat and not lon:
        return None
    try:
        return float(lon), float(lat)
    except ValueError:
        raise IssueRefused(
            f"{lat[:20]}, {lon[:20]} is no position. Leave it out.", "point"
        ) from None
