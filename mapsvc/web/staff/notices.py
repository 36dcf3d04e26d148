"""The notices page: what residents read above the answers, added after a preview, and removed."""

from contextlib import suppress

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.events import Notice, parse_target
from mapsvc.errors import BadRequest, NotFound
from mapsvc.services.marks.notices import LONGEST_NOTICE, add_notice, checked_notice, state_of
from mapsvc.services.plan_changes.pauses import in_words
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import (
    Problems,
    day_field,
    require_confirmed,
    targets_there,
    when_read,
)

ADDRESS = "/staff/notices"


@blueprint.get("/notices")
@allowed("steer")
def notices() -> AnyResponse:
    """The notices that were not removed, and the form for a new one."""
    return _list()


@blueprint.get("/notices/check")
@allowed("steer")
def notice_check() -> AnyResponse:
    """A notice as residents would read it; nothing is kept."""
    try:
        notice = _notice()
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])
    today = council().today()
    return page("notice_preview.html", notice=notice, area=_area(notice), today=today)


@blueprint.post("/notices")
@allowed("steer")
def new_notice() -> AnyResponse:
    """Keep a notice that was previewed."""
    try:
        notice = _notice()
        require_confirmed()
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])
    add_notice(council(), notice, by=account().name, at=council().now())
    when = when_read(notice.starts or council().today())
    return done(ADDRESS, f"Residents read the notice {when}.")


def _notice() -> Notice:
    """The notice of the form. BadRequest for one that cannot be."""
    return checked_notice(
        council(),
        request.values.get("text", ""),
        request.values.get("area", ""),
        day_field("starts"),
        day_field("ends"),
    )


@blueprint.post("/notices/<int:number>")
@allowed("steer")
def remove_notice(number: int) -> AnyResponse:
    """Show a notice no longer; a double tap does nothing more."""
    with suppress(NotFound):
        council().store.live.remove_notice(number, by=account().name, at=council().now())
    return done(ADDRESS, "The notice is removed. Residents no longer read it.")


def _area(notice: Notice) -> str:
    return "all streets" if notice.area == "all" else in_words(parse_target(notice.area))


def _list(code: int = 200, errors: Problems = []) -> AnyResponse:  # noqa: B006
    groups = targets_there()
    return page(
        "notices.html",
        code,
        notices=council().store.live.notices_by_id(),
        areas={name: groups[name] for name in ("Towns and villages", "Rounds")},
        area_of=_area,
        state_of=state_of,
        errors=errors,
        form=request.values,
        longest=LONGEST_NOTICE,
        today=council().today(),
    )
