"""What went wrong, as a status code and a page or a problem document (RFC 9457). One table."""

import json
import logging
import secrets
from urllib.parse import quote

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import (
    AccountRefused,
    BackupRefused,
    BadRequest,
    EditionConflict,
    FileRefused,
    IssueRefused,
    MapsvcError,
    MarkRefused,
    NotAllowed,
    NotFound,
    SignInRefused,
    StoreUnavailable,
    StreetMoved,
    TooMany,
    WrongCrs,
)
from mapsvc.messages.words import Reader
from mapsvc.web.common import open311_xml

log = logging.getLogger(__name__)

CODES: dict[type[MapsvcError], int] = {
    BadRequest: 400,
    WrongCrs: 400,
    FileRefused: 400,
    IssueRefused: 422,
    TooMany: 429,
    AccountRefused: 400,
    SignInRefused: 403,
    NotAllowed: 403,
    MarkRefused: 409,
    EditionConflict: 409,
    NotFound: 404,
    BackupRefused: 409,
    StoreUnavailable: 503,
}
TITLES = {
    400: "Something in the address is not right",
    403: "You cannot do this",
    404: "Page not found",
    405: "Not allowed here",
    409: "This was not done",
    413: "Too large",
    422: "This was not done",
    429: "Too many requests",
    500: "Sorry, there is a problem with the service",
    501: "Not offered",
    503: "Sorry, the service is unavailable",
}
RETRY_AFTER_SECONDS = {429: 3600, 503: 10}
"""What is limited is limited by the hour."""
MACHINE_PATHS = ("/api/", "/tiles/", "/oembed", "/healthz", "/readyz")


def register(app: Flask) -> None:
    """Answer every error of `app` from this table."""
    app.register_error_handler(MapsvcError, _expected)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: MapsvcError) -> AnyResponse:
    if isinstance(error, StreetMoved):
        return _moved(error)
    code = next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), 500)
    parameter = error.parameter if isinstance(error, BadRequest) else ""
    response = _response(code, words_of(error), parameter)
    if code == 503:
        log.error("%s", error)
    if code in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[code])
    return response


def words_of(error: MapsvcError) -> str:
    """The error in the words of whoever asked: a program, staff, or a resident."""
    if request.path.startswith((*MACHINE_PATHS, open311_xml.PREFIX)):
        return error.told(Reader.MACHINE)
    is_staff = request.blueprint == "staff"
    return error.told(Reader.STAFF if is_staff else Reader.RESIDENT)


def _moved(error: StreetMoved) -> AnyResponse:
    """An address that changed leads to the new one, with its parameters."""
    parts = request.path.split("/")
    path = "/".join(
        quote(error.new_id if part == error.old_id else part, safe="") for part in parts
    )
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{path}?{query}" if query else path, 301)


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()  # redirects of the router
    sentence = error.description or TITLES.get(error.code, "")
    if error.code == 404:
        sentence = "If you typed the address, check it. If you followed a link, it may be old."
    if error.code == 413:
        sentence = (
            f"What was sent is larger than {_limit()}. Go back, shorten it and send it again."
        )
    response = _response(error.code, sentence)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _limit() -> str:
    """How much this address takes: `64 KB`, `20 MB`."""
    most = request.max_content_length or 0
    return f"{most / 1e6:.0f} MB" if most >= 1e6 else f"{most / 1024:.0f} KB"


def _unexpected(error: Exception) -> AnyResponse:
    """Our own mistake: logged with its traceback, and a reference for the one who tells us.

    Of the address, the rule is logged: some addresses carry one-use tokens.
    """
    reference = secrets.token_hex(4)
    log.exception("error %s at %s", reference, request.url_rule)
    return _response(500, f"Try again later. If you tell us, say the reference {reference}.")


def _response(code: int, sentence: str, parameter: str = "") -> Response:
    title = TITLES.get(code, TITLES[400] if code < 500 else TITLES[500])
    if request.path.startswith(open311_xml.PREFIX):
        response = open311_xml.error_response(code, sentence)
    elif request.path.startswith(MACHINE_PATHS):
        response = _problem(code, title, sentence, parameter)
    else:
        page = render_template("error.html", code=code, title=title, sentence=sentence)
        response = Response(page, code, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(code: int, title: str, sentence: str, parameter: str) -> Response:
    document = {"type": "about:blank", "title": title, "status": code, "detail": sentence}
    if parameter:
        document["parameter"] = parameter
    return Response(json.dumps(document), code, mimetype="application/problem+json")
