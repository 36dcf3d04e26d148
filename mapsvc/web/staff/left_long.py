"""The page on which grass is left long for some weeks, or no longer, for many pieces at once."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import BadRequest
from mapsvc.services.plan_changes.left_long import (
    REASONS,
    LeftLong,
    checked_rest,
    proposed,
    publish_rest,
    rests_there,
)
from mapsvc.services.plan_changes.moved_dates import schedules_in_force
from mapsvc.services.plan_changes.pauses import in_words
from mapsvc.web.common.context import answers, council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import (
    Problems,
    day_field,
    numbers_field,
    require_confirmed,
    targets_there,
)

ADDRESS = "/staff/left-long"


@blueprint.get("/left-long")
@allowed("steer")
def left_long_page() -> AnyResponse:
    """What is left long this year, and the form."""
    return _list()


@blueprint.get("/left-long/check")
@allowed("steer")
def left_long_check() -> AnyResponse:
    """What would change; nothing is published."""
    try:
        return _preview(_change())
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])


@blueprint.post("/left-long")
@allowed("steer")
def leave_long() -> AnyResponse:
    """Publish what was previewed."""
    try:
        change = _change()
        require_confirmed()
        seen, by = numbers_field("seen"), account().name
        publish_rest(answers(), change, seen=seen, by=by, at=council().now())
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])
    return done(ADDRESS, "Published. Residents read it now. The edition before can be put back.")


def _change() -> LeftLong:
    targets = request.values.getlist("target")
    if not targets:
        raise BadRequest("targets", "no_grass_chosen")
    if request.values.get("what") == "end":
        return proposed(answers(), targets, None)
    reason = request.values.get("own_reason", "").strip() or request.values.get("reason", "")
    today = council().today()
    rest = checked_rest(day_field("starts"), day_field("ends"), reason, today)
    return proposed(answers(), targets, rest)


def _preview(change: LeftLong) -> AnyResponse:
    return page(
        "left_long_preview.html",
        change=change,
        targets=[in_words(target) for target in change.targets],
        seen=schedules_in_force(council()),
        today=council().today(),
    )


def _list(code: int = 200, errors: Problems = []) -> AnyResponse:  # noqa: B006
    return page(
        "left_long.html",
        code,
        rests=rests_there(answers()),
        targets=targets_there(),
        ticked=request.values.getlist("target"),
        reasons=REASONS,
        errors=errors,
        form=request.values,
        today=council().today(),
    )
