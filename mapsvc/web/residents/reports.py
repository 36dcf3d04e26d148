"""Reporting a problem: the answer first, what is reported already, then one short form.

Four pages at most, no cookie: what was chosen is in the address, and the form carries a ticket.
"""

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.answers import Answer
from mapsvc.domain.issues import CLOSED, STATE_WORDS, Category, Issue, ShownIssue
from mapsvc.domain.status import Status
from mapsvc.errors import IssueRefused, StreetMoved, TooMany
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.teller import Teller
from mapsvc.services.issues import casework, form_tokens, reporting
from mapsvc.services.operations.usage_counters import ANSWERED, JOINED, REPORTS
from mapsvc.services.state.categories import category_of
from mapsvc.web.common.context import answers, council, count
from mapsvc.web.common.errors import RETRY_AFTER_SECONDS, words_of
from mapsvc.web.residents.maps import map_of_street
from mapsvc.web.residents.sections import sections_of

HTML = "text/html; charset=utf-8"

blueprint = Blueprint("reports", __name__)

Refusal = IssueRefused | TooMany
NOTHING_CHOSEN = IssueRefused("nothing_chosen_to_report", field="category")


@blueprint.get("/streets/<street_id>/report")
def report_form(street_id: str) -> AnyResponse:
    """The next question: what it is, whether the answer or an open issue says it, the form."""
    answer, street = _street(street_id)
    if _is_elsewhere(answer):
        return _elsewhere(answer)
    code = request.args.get("category", "")
    if not code:
        return _categories(answer, NOTHING_CHOSEN if "asked" in request.args else None)
    try:
        category = category_of(council().categories, code)
    except IssueRefused as refusal:
        return _categories(answer, refusal)
    has_more_to_say = category.is_about_cutting or category.is_urgent or _nearby(street)
    if has_more_to_say and "go" not in request.args:
        return _known(answer, street, category)
    return _details(answer, category)


@blueprint.post("/streets/<street_id>/report")
def send_report(street_id: str) -> AnyResponse:
    """Keep the report; what cannot be taken is said above the form, with what was typed in it."""
    answer, street = _street(street_id)
    if _is_elsewhere(answer):
        return _elsewhere(answer, 422)
    try:
        category = category_of(council().categories, request.form.get("category", ""))
    except IssueRefused as refusal:
        return _categories(answer, refusal)
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
    except (IssueRefused, TooMany) as refusal:
        return _details(answer, category, refusal)
    count(REPORTS, category.code)
    has_mail = bool(report.email) and council().settings.sends_mail
    return redirect(f"/issues/{issue.reference}?sent=1{'&mail=1' if has_mail else ''}", 303)


@blueprint.post("/streets/<street_id>/report/join")
def join(street_id: str) -> AnyResponse:
    """It is one of these: one more who noticed it, once for each network and day.

    Whoever cannot be counted reads why, with the same buttons again.
    """
    answer, street = _street(street_id)
    try:
        _opened(street_id)
        reference = request.form.get("issue", "")
        known = {issue.reference: issue for issue, _ in reporting.nearby(council(), street)}
        if reference not in known:
            raise IssueRefused("issue_closed_or_elsewhere")
        reporting.join_issue(council(), known[reference], request.remote_addr or "", _now())
    except (IssueRefused, TooMany) as refusal:
        return _again(answer, street, refusal)
    count(JOINED)
    return redirect(f"/issues/{reference}?joined=1", 303)


@blueprint.post("/streets/<street_id>/report/answered")
def answered(street_id: str) -> AnyResponse:
    """The answer was enough: counted, and thanks."""
    answer, street = _street(street_id)
    try:
        _opened(street_id)
    except IssueRefused as refusal:
        return _again(answer, street, refusal)
    count(ANSWERED)
    return redirect(url_for("reports.thanks", street_id=answer.street.id), 303)


@blueprint.get("/streets/<street_id>/report/answered")
def thanks(street_id: str) -> AnyResponse:
    """Thanks to somebody for whom the answer was enough."""
    return _page("report_answered.html", _street(street_id)[0])


@blueprint.get("/issues/<reference>")
def issue(reference: str) -> AnyResponse:
    """What everybody may see of an issue, and what has happened to it."""
    return _issue_page(council().store.issues.of_reference(reference))


@blueprint.post("/issues/<reference>/news")
def ask_for_news(reference: str) -> AnyResponse:
    """News of an issue that somebody joined: a mail that asks to confirm the address."""
    found = council().store.issues.of_reference(reference)
    email = request.form.get("email", "").strip()
    try:
        _opened(found.reference)
        if not email:
            raise IssueRefused("no_email", field="email")
        reporting.join_issue(council(), found, request.remote_addr or "", _now(), email)
    except (IssueRefused, TooMany) as refusal:
        return _issue_page(found, refusal)
    return redirect(f"/issues/{found.reference}?mail=1", 303)


def _issue_page(found: Issue, refusal: Refusal | None = None) -> Response:
    today = council().today()
    events = [e for e in council().store.issues.events_of(found.id) if e.kind != "noticed"]
    is_joined = "joined" in request.args or refusal is not None
    body = render_template(
        "issue.html",
        shown=Teller(council(), council().moment, today).shown(found),
        issue=found,
        street=casework.street_of(council(), found),
        original=casework.original_of(council(), found),
        events=[e for e in events if e.kind in ("reported", "moved") or e.sentence],
        zone=council().zone,
        today=today,
        state_words=STATE_WORDS,
        is_closed=found.state in CLOSED,
        is_sent="sent" in request.args,
        is_joined=is_joined,
        has_mail="mail" in request.args,
        sends_mail=council().settings.sends_mail,
        erase_months=council().settings.erase_months,
        ticket=_ticket(found.reference) if is_joined else "",
        email=request.form.get("email", ""),
        errors=_said(refusal),
    )
    response = Response(body, _code(refusal), content_type=HTML)
    response.headers["Cache-Control"] = "no-store" if is_joined else "no-cache"
    return _with_patience(response)


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
    return _with_patience(response)


def _with_patience(response: Response) -> Response:
    """The same; where a limit was reached, it says when to try again."""
    if response.status_code in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[response.status_code])
    return response


def _said(refusal: Refusal | None) -> list[tuple[str, str]]:
    """What the error summary says: the field and the sentence."""
    if refusal is None:
        return []
    return [(refusal.field if isinstance(refusal, IssueRefused) else "", words_of(refusal))]


def _code(refusal: Refusal | None) -> int:
    return 200 if refusal is None else 429 if isinstance(refusal, TooMany) else 422


def _is_elsewhere(answer: Answer) -> bool:
    return all(group.found.status is Status.ELSEWHERE for group in answer.groups)


def _elsewhere(answer: Answer, code: int = 200) -> Response:
    return _page("report_elsewhere.html", answer, code, sections=sections_of(answer))


def _categories(answer: Answer, refusal: Refusal | None = None) -> Response:
    others = [g.words for g in answer.groups if g.found.status is Status.ELSEWHERE]
    return _page(
        "report_category.html",
        answer,
        _code(refusal),
        categories=council().categories,
        others=list(dict.fromkeys(others)),
        form=request.form,
        errors=_said(refusal),
    )


def _again(answer: Answer, street: FoundStreet, refusal: Refusal) -> Response:
    """The page with the buttons again, for the category that its form was about."""
    code = request.form.get("category", "")
    category = next((c for c in council().categories if c.code == code), None)
    if category is None:
        return _categories(answer, refusal)
    return _known(answer, street, category, refusal)


def _known(
    answer: Answer, street: FoundStreet, category: Category, refusal: Refusal | None = None
) -> Response:
    return _page(
        "report_known.html",
        answer,
        _code(refusal),
        category=category,
        known=_nearby(street),
        sections=sections_of(answer),
        ticket=_ticket(answer.street.id),
        errors=_said(refusal),
    )


def _details(answer: Answer, category: Category, refusal: Refusal | None = None) -> Response:
    return _page(
        "report_details.html",
        answer,
        _code(refusal),
        category=category,
        map=map_of_street(answer.street, council().today()),
        form=request.form,
        errors=_said(refusal),
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
            "bad_position_of_report", lat=lat[:20], lon=lon[:20], field="point"
        ) from None
