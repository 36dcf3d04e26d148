"""Pausing the programme and letting it go on, each previewed before it is confirmed."""

from collections.abc import Iterable, Sequence

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.events import Event, parse_target
from mapsvc.domain.status import Status
from mapsvc.errors import BadRequest, NotFound, UnlikelyMark
from mapsvc.services.marks.crew_marks import reasons
from mapsvc.services.marks.recording import Mark, withdraw
from mapsvc.services.plan_changes.moved_dates import schedules_in_force
from mapsvc.services.plan_changes.pauses import (
    Pause,
    change_pause,
    changed_mark,
    check_change,
    check_pause,
    in_december,
    in_words,
    open_pauses,
    pause_of,
    pieces_of_grass,
    preview_of,
    record_pause,
)
from mapsvc.services.plan_changes.resuming import (
    KEEP,
    MOST_DAYS,
    MOVE,
    SKIP,
    days_lost,
    ending_of,
    resume,
)
from mapsvc.web.common.context import answers, council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import (
    Problems,
    day_field,
    form_key,
    new_key,
    number_field,
    numbers_field,
    require_confirmed,
    targets_there,
    when_read,
)

ADDRESS = "/staff/pauses"
NAMED = 6
"""Targets that a sentence names one by one."""


@blueprint.get("/pauses")
@allowed("steer")
def pauses() -> AnyResponse:
    """What is paused, and the form for a new pause."""
    return _list()


@blueprint.get("/pauses/check")
@allowed("steer")
def pause_check() -> AnyResponse:
    """What residents would read of a pause; nothing is recorded."""
    try:
        return _preview(_marks())
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])
    except UnlikelyMark as problem:
        return _list(422, errors=[("on", words_of(problem))])


@blueprint.post("/pauses")
@allowed("steer")
def pause() -> AnyResponse:
    """Record a pause that was previewed."""
    try:
        marks = _marks()
        require_confirmed()
        record_pause(answers(), marks, key=form_key(), at=council().now())
    except BadRequest as problem:
        return _list(422, errors=[(problem.parameter, words_of(problem))])
    except UnlikelyMark as problem:
        return _list(422, errors=[("on", words_of(problem))])
    said = f"Paused: {some(_targets(marks))}. Residents read it {when_read(marks[0].on)}."
    return done(ADDRESS, said)


def _marks() -> list[Mark]:
    """The pause of the form, one mark for each target. BadRequest for one that cannot be."""
    reason = request.values.get("own_reason", "").strip() or request.values.get("reason", "")
    on, until = day_field("on") or council().today(), day_field("until")
    targets = request.values.getlist("target")
    if "all" in targets:
        targets = ["all"]
    by = account().name
    marks = [Mark(t, "suspended", on, reason=reason, until=until, by=by) for t in targets]
    check_pause(marks, council().today())
    return marks


def _targets(marks: list[Mark]) -> list[str]:
    return [in_words(parse_target(mark.target)) for mark in marks]


def some(targets: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(targets) - NAMED} more" if len(targets) > NAMED else ""
    return ", ".join(targets[:NAMED]) + more


def _preview(marks: list[Mark]) -> AnyResponse:
    today = council().today()
    is_to_come = marks[0].on > today
    return page(
        "pause_preview.html",
        preview=preview_of(answers(), marks, max(marks[0].on, today)),
        until_then=preview_of(answers(), marks, today) if is_to_come else None,
        marks=marks,
        targets=_targets(marks),
        key=new_key(),
        today=council().today(),
    )


def _list(code: int = 200, errors: Problems = []) -> AnyResponse:  # noqa: B006
    return page(
        "pauses.html",
        code,
        pauses=open_pauses(answers()),
        asked=in_december(answers()),
        targets=targets_there(),
        errors=errors,
        form=request.values,
        ticked=request.values.getlist("target"),
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
        days, errors = days_lost(answers(), pause), [("days", words_of(problem))]
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
        pieces=pieces_of_grass,
    )


def _still_paused(staying: Iterable[tuple[Event, int]]) -> str:
    """What goes on to be paused by others, and by what; empty where nothing is."""
    held = [
        f"{pieces_of_grass(number)} by the pause of {in_words(e.target)}" for e, number in staying
    ]
    if not held:
        return " Residents read it now."
    return f" Still paused: {some(held)}."


def _days(text: str) -> int | None:
    return number_field("days", text, 1, MOST_DAYS) if text else None


@blueprint.post("/pauses/<int:event>")
@allowed("steer")
def end_pause(event: int) -> AnyResponse:
    """Let the work go on as one of the three, or take a pause back that was a mistake."""
    try:
        pause = pause_of(answers(), event)
    except NotFound:  # a double tap
        return done(ADDRESS, "This pause was over already.", is_done=False)
    action = request.form.get("choice", "")
    if action == "take back":
        withdraw(council(), pause.event.id, by=account().name, at=council().now())
        return done(ADDRESS, "The pause is taken back. Residents read what they read before it.")
    if action not in (KEEP, MOVE, SKIP):
        return _ending(pause, errors=[("", "Choose what becomes of the dates.")])
    days = _days(request.form.get("days", "")) or days_lost(answers(), pause)
    by = account().name
    ending = ending_of(answers(), pause, action, days, by)
    still = _still_paused(ending.staying)
    resume(
        answers(),
        ending,
        days,
        seen=numbers_field("seen"),
        key=form_key(str(event)),
        by=by,
        at=council().now(),
    )
    return done(ADDRESS, f"The pause of {in_words(pause.event.target)} is over.{still}")


# Changing


@blueprint.get("/pauses/<int:event>/change")
@allowed("steer")
def change_form(event: int) -> AnyResponse:
    """The last day and the reason of a pause, to change; what residents would read of it."""
    pause = pause_of(answers(), event)
    if "until" not in request.args:
        return _change(pause)
    try:
        return _change(pause, mark=_changed(pause))
    except BadRequest as problem:
        return _change(pause, 422, errors=[(problem.parameter, words_of(problem))])


@blueprint.post("/pauses/<int:event>/change")
@allowed("steer")
def change(event: int) -> AnyResponse:
    """Record the change that was previewed."""
    try:
        pause = pause_of(answers(), event)
    except NotFound:  # a double tap
        return done(ADDRESS, "This pause was changed or ended already.", is_done=False)
    try:
        mark = _changed(pause)
        require_confirmed()
    except BadRequest as problem:
        return _change(pause, 422, errors=[(problem.parameter, words_of(problem))])
    change_pause(answers(), pause, mark, council().now())
    return done(ADDRESS, f"Changed: the pause of {in_words(pause.event.target)}.")


def _changed(pause: Pause) -> Mark:
    reason = request.values.get("reason", "")
    mark = changed_mark(pause.event, reason=reason, until=day_field("until"), by=account().name)
    check_change(pause, mark, council().today())
    return mark


def _change(
    pause: Pause,
    code: int = 200,
    errors: Problems = [],  # noqa: B006 - never changed
    mark: Mark | None = None,
) -> AnyResponse:
    today, old = council().today(), pause.event
    day = max(today, old.on)
    values = request.values if "until" in request.values else {}
    return page(
        "pause_change.html",
        code,
        pause=pause,
        preview=mark and preview_of(answers(), [mark], day, without=[old.id]),
        reason=values.get("reason", old.reason),
        until=values.get("until", old.until),
        errors=errors,
        today=today,
        in_words=in_words,
    )
