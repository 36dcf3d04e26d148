"""Signing in and out, and setting a password from a one-use link."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import AccountRefused, SignInRefused
from mapsvc.services.accounts import people
from mapsvc.services.accounts.passwords import SHORTEST
from mapsvc.services.accounts.single_sign_on import is_configured
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import (
    HOME,
    blueprint,
    clear_cookie,
    cookie_name,
    done,
    next_address,
    now,
    open_to_all,
    page,
    set_cookie,
)


@blueprint.get("/sign-in")
@open_to_all
def sign_in_form() -> AnyResponse:
    """The form."""
    target = next_address(request.args.get("next", ""))
    return done(target) if g.session else form_with(target)


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> AnyResponse:
    """Name and password → a session of its own, whatever the browser had before."""
    target, name = next_address(request.form.get("next", "")), request.form.get("name", "")
    password, address = request.form.get("password", ""), request.remote_addr or ""
    try:
        ticket = people.sign_in(council(), name, password, address, now())
    except SignInRefused as refusal:
        return form_with(target, name, words_of(refusal), 403)
    return signed_in(ticket, target)


def signed_in(ticket: people.NewSession, target: str) -> AnyResponse:
    """The way on for somebody who has shown who they are; the session before ends."""
    people.sign_out(council(), request.cookies.get(cookie_name(), ""))
    response = done(target)
    set_cookie(response, ticket.token)
    return response


def form_with(target: str, name: str = "", error: str = "", code: int = 200) -> Response:
    """The sign-in form, with what went wrong."""
    settings = council().settings
    return page(
        "sign_in.html",
        code,
        next=target,
        name=name[:200],
        error=error,
        is_plain=not settings.is_https,
        has_provider=is_configured(settings),
    )


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session in the store, so that a copy of its cookie is worth nothing."""
    people.sign_out(council(), request.cookies.get(cookie_name(), ""))
    response = done(f"{HOME}/sign-in")
    clear_cookie(response)
    return response


@blueprint.get("/password/<token>")
@open_to_all
def password_form(token: str) -> AnyResponse:
    """Where a one-use link leads."""
    try:
        owner = people.account_of_link(council(), token, now())
    except SignInRefused as refusal:
        return page("password.html", 403, refusal=words_of(refusal))
    return page("password.html", owner=owner, shortest=SHORTEST)


@blueprint.post("/password/<token>")
@open_to_all
def set_password(token: str) -> AnyResponse:
    """Keep the password and use the link up."""
    password = request.form.get("password", "")
    try:
        owner = people.account_of_link(council(), token, now())
        if password != request.form.get("again", ""):
            raise AccountRefused("passwords_differ", field="again")
        people.set_password(council(), token, password, now())
    except SignInRefused as refusal:
        return page("password.html", 403, refusal=words_of(refusal))
    except AccountRefused as refusal:
        errors = [(refusal.field, words_of(refusal))]
        return page("password.html", 422, owner=owner, shortest=SHORTEST, errors=errors)
    g.session = people.session_of(council(), request.cookies.get(cookie_name(), ""), now())
    return done(f"{HOME}/sign-in", f"The password of {owner.name} is set. It is valid from now on.")
