"""Where the links in mails lead: news of an issue confirmed, and ended.

A GET changes nothing, because programs that check mail open links too; the button's POST does.
Mail programs end news with one click by a POST of their own (RFC 8058).
"""

from datetime import datetime

from flask import Blueprint, Response, render_template

from mapsvc.errors import NotFound
from mapsvc.services import news
from mapsvc.store.subscriptions import Subscription
from mapsvc.web.context import council

blueprint = Blueprint("news", __name__)


@blueprint.get("/news/confirm/<token>")
def ask_to_confirm(token: str) -> Response:
    """The button that confirms."""
    try:
        return _page("confirm", news.waiting(council(), token, _now()))
    except NotFound as gone:
        return _page("gone", sentence=str(gone), code=404)


@blueprint.post("/news/confirm/<token>")
def confirm(token: str) -> Response:
    """Send news from now on."""
    try:
        return _page("confirmed", news.confirm(council(), token, _now()))
    except NotFound as gone:
        return _page("gone", sentence=str(gone), code=404)


@blueprint.get("/news/end/<token>")
def ask_to_end(token: str) -> Response:
    """The button that ends news."""
    found = news.to_end(council(), token)
    return _page("end" if found else "ended", found)


@blueprint.post("/news/end/<token>")
def end(token: str) -> Response:
    """Send no more news and forget the address."""
    news.end(council(), token)
    return _page("ended")


def _page(
    step: str, who: Subscription | None = None, *, sentence: str = "", code: int = 200
) -> Response:
    issue = council().store.issues.get(who.issue) if who else None
    body = render_template("news.html", step=step, issue=issue, sentence=sentence)
    response = Response(body, code, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _now() -> datetime:
    return council().now()
