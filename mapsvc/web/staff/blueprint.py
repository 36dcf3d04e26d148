"""What every staff page shares: who is signed in, what they may do, and which requests are theirs.

A request that changes something is a POST from one of our own pages, sealed for the session.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.config import Settings
from mapsvc.errors import NotAllowed
from mapsvc.services.accounts import people
from mapsvc.services.accounts.people import MAY
from mapsvc.store.accounts import Account, Session
from mapsvc.web.common.context import council
from mapsvc.web.staff.notes import Note, forget_what_was_told, tell, told

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

SEAL = "seal"
"""The name of the form field that shows that a form is ours."""
SAFE_NEXT = re.compile(r"/staff(/[\w.~-]+)*/?(\?[\w.~%&=+-]*)?", re.ASCII)
HOME = "/staff"
FILE_BUFFER = 512 * 1024
"""Bytes of a form with files that are held in memory; werkzeug reads files in parts of 64 KB."""

View = Callable[..., Any]


def now() -> datetime:
    """The time, in UTC. Sessions run on the real clock, also in a demonstration."""
    return datetime.now(UTC)


def account() -> Account:
    """Who is signed in; only for views that are not open."""
    return session().account


def session() -> Session:
    """Their session."""
    found: Session = g.session
    return found


def open_to_all(view: View) -> View:
    """A view that needs nobody to be signed in: signing in itself."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def takes_files(most: int) -> Callable[[View], View]:
    """A view to which files may be sent, of so many bytes together."""

    def decorate(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return decorate


def allowed(permission: str) -> Callable[[View], View]:
    """A view for roles that have a permission; the others get 403 and nothing happens."""
    assert any(permission in permissions for permissions in MAY.values())

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not people.may(account(), permission):
                raise NotAllowed("role_may_not", name=account().name, role=account().role)
            return view(*args, **kwargs)

        return guarded

    return decorate


def page(template: str, code: int = 200, **values: Any) -> Response:
    """A staff page of `templates/staff/`."""
    return Response(render_template(f"staff/{template}", **values), code, mimetype="text/html")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, mimetype: str) -> Response:
    """A file to keep under this name: always saved, never shown by the browser itself."""
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def done(address: str, words: str = "", link: str = "", *, is_done: bool = True) -> AnyResponse:
    """After a POST: see the page that shows what was done, and says so.

    Reloading that page does nothing again, and going back asks for no form to be sent again.
    """
    response = redirect(address, 303)
    if words:
        tell(response, Note(words, link, is_done))
    return response


# Before and after every request


@blueprint.before_request
def require_safe_address() -> None:
    """Passwords and sessions travel encrypted, or stay on this machine."""
    settings = council().settings
    if settings.is_https or _is_loopback(settings):
        return
    raise NotAllowed("address_not_encrypted")


def _is_loopback(settings: Settings) -> bool:
    """Whether the address is this machine's, and so is whoever asks: a Host is easily forged."""
    host = urlsplit(settings.public_url or request.host_url).hostname or ""
    return all(
        name == "localhost" or _is_loopback_address(name)
        for name in (host, request.remote_addr or "")
    )


def _is_loopback_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


@blueprint.before_request
def require_own_page() -> None:
    """No other site's page may post here (Fetch Metadata; Origin for browsers without it)."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin is not None and not _is_own(origin)):
        raise NotAllowed("form_of_other_site")


def _is_own(origin: str) -> bool:
    known = council().settings.public_url or request.host_url
    ours, theirs = urlsplit(known), urlsplit(origin)
    return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)


@blueprint.before_request
def require_session() -> AnyResponse | None:
    """Load who is signed in, or lead to signing in and back.

    Whoever is signed in sees what is published now, and waits for it where it must be read first.
    """
    g.session = people.session_of(council(), request.cookies.get(cookie_name(), ""), now())
    if g.session:
        council().catch_up()
    if g.session or _is_open():
        return None
    if request.method == "GET":
        return redirect(sign_in_address(), 303)
    return page("signed_out.html", 403, next=HOME)


def _is_open() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_open", False)


@blueprint.before_request
def allow_files() -> None:
    """Before the form is looked into, and only for somebody who is signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", 0)
    if g.session and most:
        request.max_content_length = most
        request.max_form_memory_size = FILE_BUFFER


@blueprint.before_request
def require_seal() -> None:
    """A form of somebody who is signed in carries the seal of their session."""
    is_safe = request.method in ("GET", "HEAD", "OPTIONS")
    if is_safe or g.session is None:
        return
    if not people.is_seal(g.session, request.form.get(SEAL, "")):
        raise NotAllowed("form_of_earlier_session")


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Staff pages are kept nowhere: the next person at this computer does not see them."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie"
    forget_what_was_told(response)
    return response


@blueprint.context_processor
def staff_values() -> dict[str, Any]:
    """What every staff template may use."""
    current = g.get("session")
    return {
        "account": current.account if current else None,
        "may": lambda permission: bool(current) and people.may(current.account, permission),
        "seal_value": people.seal(current) if current else "",
        "told": told,
        "is_behind": council().is_behind,
    }


# The cookie


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host over https; browsers refuse that name over http."""
    return "__Host-mapsvc" if council().settings.is_https else "mapsvc"


def set_cookie(response: AnyResponse, token: str) -> None:
    """Give the browser its session, until it is closed."""
    response.set_cookie(
        cookie_name(),
        token,
        path="/",
        secure=council().settings.is_https,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: AnyResponse) -> None:
    """Take the session from the browser."""
    secure = council().settings.is_https
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")


def sign_in_address() -> str:
    """Where to sign in, and from there back to this page."""
    here = request.full_path.rstrip("?")
    is_home = not SAFE_NEXT.fullmatch(here) or here.rstrip("/") == HOME
    return f"{HOME}/sign-in" + ("" if is_home else "?" + urlencode({"next": here}))


def next_address(text: str) -> str:
    """Where somebody wanted to go; the first staff page when that is not one of ours."""
    return text if SAFE_NEXT.fullmatch(text) else HOME
