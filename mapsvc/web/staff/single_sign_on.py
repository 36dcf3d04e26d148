"""The way to the council's identity provider and back."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import AccountRefused, NotFound, SignInRefused
from mapsvc.services.accounts import single_sign_on
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import (
    HOME,
    blueprint,
    cookie_name,
    done,
    now,
    open_to_all,
)
from mapsvc.web.staff.signing_in import form_with, signed_in

FLOW_SECONDS = 600


@blueprint.get("/single-sign-on")
@open_to_all
def leave() -> AnyResponse:
    """Off to the provider."""
    _require_provider()
    try:
        address, flow = single_sign_on.begin(council().settings, _back_to())
    except SignInRefused as refusal:
        return form_with(HOME, error=words_of(refusal), code=403)
    response = done(address)
    response.set_cookie(
        _flow_cookie(),
        single_sign_on.flow_text(flow),
        max_age=FLOW_SECONDS,
        path="/",
        secure=council().settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.get("/single-sign-on/back")
@open_to_all
def come_back() -> AnyResponse:
    """Back from the provider."""
    _require_provider()
    try:
        flow = single_sign_on.read_flow(request.cookies.get(_flow_cookie(), ""))
        ticket = single_sign_on.finish(council(), _back_to(), flow, request.args.to_dict(), now())
    except (AccountRefused, SignInRefused) as refusal:
        response: AnyResponse = form_with(HOME, error=words_of(refusal), code=403)
    else:
        response = signed_in(ticket, HOME)
    response.delete_cookie(_flow_cookie(), path="/", secure=council().settings.is_https)
    return response


def _require_provider() -> None:
    if not single_sign_on.is_configured(council().settings):
        raise NotFound("no_identity_provider")


def _flow_cookie() -> str:
    return f"{cookie_name()}-flow"


def _back_to() -> str:
    base = council().settings.public_url or request.host_url.rstrip("/")
    return f"{base}{HOME}/single-sign-on/back"
