"""Where the links in mails lead: news of an issue confirmed, and ended.

A GET changes nothing, because programs that check mail open links too; the button's POST does.
Mail programs end news with one click by a POST of their own, which may not be redirected
(RFC 8058, 3.2).
"""

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.issues import Issue
from mapsvc.errors import NotFound
from mapsvc.services.issues import subscriptions
from mapsvc.store.subscriptions import Subscription
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of

blueprint = Blueprint("news", __name__)


@blueprint.get("/news/confirm/<token>")
def ask_to_confirm(token: str) -> Response:
    """The button that confirms."""
    return _page("confirm", _issue_of(subscriptions.waiting(council(), token, _now())))


@blueprint.post("/news/confirm/<token>")
def confirm(token: str) -> AnyResponse:
    """Send news from now on."""
    found = subscriptions.confirm(council(), token, _now())
    issue = council().store.issues.get(found.issue)
    return redirect(url_for("news.confirmed", reference=issue.reference), 303)


@blueprint.get("/news/confirmed/<reference>")
def confirmed(reference: str) -> AnyResponse:
    """That news come now, which can be looked at again and confirms nothing."""
    return _page("confirmed", council().store.issues.of_reference(reference))


@blueprint.get("/news/end/<token>")
def ask_to_end(token: str) -> Response:
    """The button that ends news."""
    found = subscriptions.to_end(council(), token)
    return _page("end" if found else "ended", _issue_of(found))


@blueprint.post("/news/end/<token>")
def end(token: str) -> AnyResponse:
    """Send no more news and forget the address."""
    subscriptions.end(council(), token)
    if "List-Unsubscribe" in request.form:
        return _page("ended")
    return redirect(url_for("news.ask_to_end", token=token), 303)


@blueprint.errorhandler(NotFound)
def cannot_be_used(error: NotFound) -> Response:
    """A link that is forged, cut off, used or too old."""
    return _page("gone", sentence=words_of(error), code=404)


def _issue_of(who: Subscription | None) -> Issue | None:
    return council().store.issues.get(who.issue) if who else None


def _page(
    step: str, issue: Issue | None = None, *, sentence: str = "", code: int = 200
) -> Response:
    body = render_template("news.html", step=step, issue=issue, sentence=sentence)
    response = Response(body, code, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _now() -> datetime:
    return council().now()
