"""The accounts page: who may sign in, with which role; new links, disabled and enabled again."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import AccountRefused, BadRequest, NotFound
from mapsvc.services.accounts import people as accounts
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, now, page

ADDRESS = "/staff/accounts"

ROLES = {
    "viewer": "Viewer: sees all staff pages, changes nothing",
    "crew": "Crew: marks the progress of its own rounds",
    "editor": "Editor: publishes schedules, marks all rounds, pauses and writes notices",
    "admin": "Administrator: all that, and accounts",
}


@blueprint.get("/accounts")
@allowed("manage accounts")
def people() -> AnyResponse:
    """All accounts, and the form for a new one."""
    return _list()


@blueprint.post("/accounts")
@allowed("manage accounts")
def add_person() -> AnyResponse:
    """A new account; the page after it shows its one-use link, once."""
    try:
        added = accounts.add_account(
            council(),
            request.form.get("name", ""),
            request.form.get("role", ""),
            rounds=rounds_of_form(),
            by=account().name,
            now=now(),
        )
    except AccountRefused as refusal:
        return _list(422, errors=[(refusal.field, words_of(refusal))])
    return _give_link(added.name)


@blueprint.post("/accounts/<name>")
@allowed("manage accounts")
def change_person(name: str) -> AnyResponse:
    """Disable, enable, change the role, or make a new link."""
    if name == account().name:
        raise BadRequest("name", "own_account")
    by, action = account().name, request.form.get("action", "")
    if action == "link":
        return _give_link(name)
    if action == "role":
        role = request.form.get("role", "")
        accounts.change_role(council(), name, role, rounds_of_form(), by=by, now=now())
        return done(ADDRESS, f"{name} has the role {role} now.")
    if action == "disable":
        accounts.disable_account(council(), name, by=by, now=now())
        return done(ADDRESS, f"{name} is disabled and signed out.")
    if action == "enable":
        accounts.enable_account(council(), name, by=by, now=now())
        return done(ADDRESS, f"{name} is enabled again.")
    raise NotFound("form_not_whole")


def _give_link(name: str) -> AnyResponse:
    """See the accounts, with a new one-use link, once."""
    words = (
        f"Give this link to {name}. With it they set their password. It works once, for 48 hours, "
        "and is not shown again."
    )
    return done(ADDRESS, words, link_for(name))


def rounds_of_form() -> list[str]:
    """The rounds of a crew, as the form gives them: codes with commas or spaces between."""
    return request.form.get("rounds", "").replace(",", " ").replace(";", " ").split()


def link_for(name: str) -> str:
    """The address with which somebody sets their password."""
    base = council().settings.public_url or request.host_url.rstrip("/")
    token = accounts.password_link(council(), name, now(), account().name)
    return f"{base}/staff/password/{token}"


def _list(code: int = 200, **values: object) -> AnyResponse:
    everybody = council().store.accounts.all()
    form = request.form if code != 200 else {}
    return page("people.html", code, people=everybody, roles=ROLES, form=form, **values)
