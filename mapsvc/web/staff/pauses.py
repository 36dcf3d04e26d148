"""Pausing the programme and letting it go on, each previewed before it is confirmed."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.events import parse_target
from mapsvc.domain.status import Status
from mapsvc.errors import BadRequest, NotFound
from mapsvc.services.marking import reasons
from mapsvc.services.pauses import (
    KEEP,
    MOST_DAYS,
    MOVE,
    SKIP,
    Pause,
    check_pause,
    days_lost,
    ending_of,
    in_words,
    open_pauses,
    pause_of,
    preview_of,
    record_pause,
    resume,
)
from mapsvc.services.progress import Mark, withdraw
from mapsvc.services.replanning import schedules_in_force
from mapsvc.web.context import answers, council
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import (
    Problems,
    day_field,
    form_key,
    new_key,
    number_field,
    numbers_field,
    targets_there,
)

ADDRESS = "/staff/pauses"


@blueprint.get("/pauses")
@allowed("steer")
def pauses() -> AnyResponse:
    """What is paused, and the form for a new pause."""
    return _list()


@blueprint.post("/pauses")
@allowed("steer")
def pause() -> AnyResponse:
    """Show what residents would read, then record it."""
    try:
        marks = _marks()
        check_pause(marks, council().today())
        if request.form.get("step") != "confirm":
            return _preview(marks)
        record_pause(answers(), marks, key=form_key(), at=council().now())
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, str(problem))], form=request.form)
    return done(ADDRESS)


def _marks() -> list[Mark]:
    reason = request.form.get("own_reason", "").strip() or request.form.get("reason", "")
    on, until = day_field("on") or council().today(), day_field("until")
    targets = request.form.getlist("target")
    if "all" in targets:
        targets = ["all"]
    by = account().name
    return [Mark(t, "suspended", on, reason=reason, until=until, by=by) for t in targets]


def _preview(marks: list[Mark]) -> AnyResponse:
    return page(
        "pause_preview.html",
        preview=preview_of(answers(), marks),
        marks=marks,
        targets=[in_words(parse_target(mark.target)) for mark in marks],
        key=new_key(),
        today=council().today(),
    )


def _list(code: int = 200, errors: Problems = [], form: object = None) -> AnyResponse:  # noqa: B006
    return page(
        "pauses.html",
        code,
        pauses=open_pauses(answers()),
        targets=targets_there(),
        errors=errors,
        form=form or {},
        ticked=request.form.getlist("target"),
        reasons=reasons(council()),
        today=council().today(),
        in_words=in_words,
        status=Status.SUSPENDED,
    )


# Going on


@blueprint.get("/pauses/<int:event>")
@allowed("steer")
def ending(event: int) -> AnyResponse:
    """The three ways to go on, each with what residents would read."""
    return _ending(pause_of(answers(), event))


def _ending(pause: Pause, code: int = 200, errors: Problems = []) -> AnyResponse:  # noqa: B006
    try:
        days = _days(request.values.get("days", "")) or days_lost(answers(), pause)
    except BadRequest as problem:
        days, errors = days_lost(answers(), pause), [("days", str(problem))]
    return page(
        "resume.html",
        422 if errors else code,
        pause=pause,
        days=days,
        endings=[
            ending_of(answers(), pause, choice, days, account().name)
            for choice in (KEEP, MOVE, SKIP)
        ],
        seen=schedules_in_force(council()),
        errors=errors,
        key=new_key(),
        today=council().today(),
        in_words=in_words,
    )


def _days(text: str) -> int | None:
    return number_field("days", text, 1, MOST_DAYS) if text else None


@blueprint.post("/pauses/<int:event>")
@allowed("steer")
def end_pause(event: int) -> AnyResponse:
    """Let the work go on as one of the three, or take a pause back that was a mistake."""
    try:
        pause = pause_of(answers(), event)
    except NotFound:  # a double tap
        return done(ADDRESS)
    action = request.form.get("choice", "")
    if action == "take back":
        for one in pause.events:
            withdraw(council(), one.id, by=account().name, at=council().now())
        return done(ADDRESS)
    if action not in (KEEP, MOVE, SKIP):
        return _ending(pause, errors=[("", "Choose what becomes of the dates.")])
    days = _days(request.form.get("days", "")) or days_lost(answers(), pause)
    by = account().name
    resume(
        answers(),
        ending_of(answers(), pause, action, days, by),
        days,
        seen=numbers_field("seen"),
        key=form_key(str(event)),
        by=by,
        at=council().now(),
    )
    return done(ADDRESS)
