"""The pages of crews: their rounds, one round to mark, and one mark to take back or correct.

A tap is one request, for the sake of slow lines: the answer to it is the page as it is afterwards.
Sending it again does no harm, because each form has a key of its own.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.events import MARKS, Event
from mapsvc.domain.reasons import because
from mapsvc.domain.status import CutKey
from mapsvc.domain.wording import day_in
from mapsvc.errors import BadRequest, MarkRefused, NotAllowed, NotFound
from mapsvc.messages.words import Reader
from mapsvc.services.accounts.people import may
from mapsvc.services.issues.casework import settle
from mapsvc.services.issues.of_round import open_issues_of
from mapsvc.services.marks.crew_marks import (
    NEEDS_REASON,
    UNDO_LASTS,
    Order,
    carry_out,
    correct,
    may_undo,
    reasons,
    rounds_of,
    step_of,
    take_back,
)
from mapsvc.services.marks.questions import MarkQuestion, left_out_of, question_of, streets_done
from mapsvc.services.marks.round_view import Step, Work, work_of
from mapsvc.web.common.context import answers, council
from mapsvc.web.common.errors import words_of
from mapsvc.web.staff.blueprint import account, allowed, blueprint, page
from mapsvc.web.staff.fields import Problems, cut_of, day_field, form_key, new_key
from mapsvc.web.staff.notes import Note, told

TAPS = {
    "started": ("started", False),
    "done": ("done", False),
    "missed": ("missed", False),
    "delayed": ("delayed", False),
    "streets-done": ("done", True),
    "streets-missed": ("missed", True),
    "streets-left": ("part_done", True),
}
"""What a button sends → the kind of mark, and whether it speaks of the ticked streets."""

LONGEST_WAIT = timedelta(days=14)
"""How long a tap may wait on a phone and still count with its own time."""

AGAIN = "This came twice and was taken back in between. Nothing was recorded again."
GONE = "This was taken back already."


def require_round(code: str) -> None:
    """NotAllowed for a crew that has another round."""
    own = {name.casefold() for name in account().rounds}
    if not may(account(), "steer") and code.casefold() not in own:
        raise NotAllowed("round_of_others", name=account().name, round=code[:40])


@blueprint.get("/rounds")
@allowed("mark")
def crew_rounds() -> AnyResponse:
    """The rounds that this account marks."""
    today = council().today()
    known = council().moment.atlas.book(today.year).by_round
    own = {name.casefold() for name in account().rounds}
    codes = [code for code in sorted(known) if may(account(), "steer") or code.casefold() in own]
    works = [work_of(answers(), code, today) for code in codes]
    there = {code.casefold() for code in codes}
    missing = [code for code in account().rounds if code.casefold() not in there]
    return page("rounds.html", works=works, today=today, missing=missing)


@blueprint.get("/rounds/<path:code>")
@allowed("mark")
def crew_round(code: str) -> AnyResponse:
    """One round, to mark."""
    require_round(code)
    return _round(code, cut=cut_of(request.args.get("cut", "")))


@blueprint.post("/rounds/<path:code>")
@allowed("mark")
def mark_round(code: str) -> AnyResponse:
    """Record a tap; the page as it is afterwards."""
    require_round(code)
    try:
        order = _order(code)
        question = question_of(answers(), order)
        if question:
            return ask([question], back=f"/staff/rounds/{quote(code)}")
        recorded = carry_out(answers(), [order], _tapped() or council().now())
    except BadRequest as problem:
        return _round(code, 422, errors=[(_field(problem), words_of(problem))], form=request.form)
    except MarkRefused as refusal:  # a cut that is not there any more, or none that was named
        return _round(code, 409, errors=[("", words_of(refusal))], form=request.form)
    cut = cut_of(request.form.get("cut", ""))
    if not recorded:
        response = _round(code, cut=cut, note=Note(AGAIN, is_done=False))
    else:
        response = _round(code, cut=cut, recorded=Step(recorded), order=order)
    response.headers["X-Mark"] = "recorded"  # a tap that waited on the phone is forgotten there
    return response


def _tapped() -> datetime | None:
    """When a tap was made that waited for reception; None for one that just came, or whose phone
    has a clock that cannot be right.
    """
    try:
        tapped = datetime.fromisoformat(request.form.get("tapped", ""))
    except ValueError:
        return None
    if tapped.tzinfo is None or not timedelta() <= council().now() - tapped <= LONGEST_WAIT:
        return None
    return tapped


def _day_of_tap() -> date:
    tapped = _tapped()
    return tapped.astimezone(council().zone).date() if tapped else council().today()


@blueprint.post("/rounds-issues/<int:issue_id>")
@allowed("mark")
def settle_issue(issue_id: int) -> AnyResponse:
    """An issue of a street of the round is done too, says its crew; the round afterwards."""
    code, cut = request.form.get("round", ""), cut_of(request.form.get("cut", ""))
    require_round(code)
    work = work_of(answers(), code, council().today(), cut)
    if issue_id not in {shown.issue.id for _, shown in open_issues_of(answers(), work)}:
        return _round(code, cut=cut, note=Note("This issue is closed already.", is_done=False))
    settle(council(), issue_id, by=account().name, at=council().now())
    words = "The issue is done. Whoever asked for news of it gets a message."
    return _round(code, cut=cut, note=Note(words))


def ask(questions: Sequence[MarkQuestion], back: str) -> AnyResponse:
    """The page that asks whether unlikely marks are right; its form is the same once more."""
    return page(
        "unlikely.html",
        questions=questions,
        fields=[pair for pair in request.form.items(multi=True) if pair[0] not in ("seal", "sure")],
        is_paused=any(question.is_paused for question in questions),
        back=back,
        kinds=KINDS,
        told_staff=lambda message: message.told(Reader.STAFF),
        today=council().today(),
    )


def _field(problem: BadRequest) -> str:
    """The id of the field on the page: streets have a list of reasons of their own."""
    of_streets = TAPS.get(request.form.get("tap", ""), ("", False))[1]
    return "street_reason" if of_streets and problem.parameter == "reason" else problem.parameter


def _order(code: str) -> Order:
    kind, is_of_streets = TAPS.get(request.form.get("tap", ""), ("", False))
    if not kind:
        raise BadRequest("tap", "form_not_whole")
    streets = frozenset(request.form.getlist("street")) if is_of_streets else frozenset()
    if is_of_streets and not streets:
        raise BadRequest("streets", "no_streets_chosen")
    prefix = "street_" if is_of_streets else ""
    return Order(
        code=code,
        kind=kind,
        on=day_field("on") or _day_of_tap(),
        cut=cut_of(request.form.get("cut", "")),
        streets=streets,
        reason=request.form.get(f"{prefix}reason", ""),
        expected=day_field("expected") if kind == "delayed" else None,
        by=account().name,
        key=form_key(request.form.get("on", "")),
        sure=bool(request.form.get("sure")),
        by_street=request.form.get("sure") == "streets",
    )


def _round(
    code: str,
    status_code: int = 200,
    *,
    cut: CutKey | None = None,
    errors: Problems = [],  # noqa: B006 - never changed
    form: object = None,
    note: Note | None = None,
    recorded: Step | None = None,
    order: Order | None = None,
) -> AnyResponse:
    today, now = council().today(), council().now()
    try:
        work = work_of(answers(), code, today, cut)
    except NotFound:  # a cut that the newest schedule has no more
        work = work_of(answers(), code, today)
    return page(
        "round.html",
        status_code,
        work=work,
        next_cut=work.cut_after,
        today=today,
        errors=errors,
        form=form or {},
        told=lambda: note or told(),
        recorded=recorded,
        issues=open_issues_of(answers(), work),
        left_out=left_out_of(answers(), work, order) if order else [],
        key=new_key(),
        reasons=reasons(council()),
        is_undoable=lambda step: may_undo(step, account().name, now),
        clock=_clock,
        in_words=lambda step: step_in_words(step, work),
    )


def step_in_words(step: Step, work: Work) -> str:
    """`Missed, Main Street, Exampleton, on Tuesday 9 June because vehicles were parked on it`."""
    chief = step.chief
    day = day_in(council().today().year, chief.on)
    words = f"{KINDS[chief.kind]}: {_scope(step, work)}, on {day}{because(chief.reason)}"
    if chief.expected:
        words += f", expected by {day_in(council().today().year, chief.expected)}"
    return words


def _scope(step: Step, work: Work) -> str:
    chief = step.chief
    others = [event for event in step.events if event is not chief]
    if chief.target.level != "round":
        done = streets_done(work, step.events)
        return f"{done} streets" if others and done > 1 else _street_name(chief)
    if not others:
        return "the whole round"
    all_streets = len(work.parts)
    streets = "street" if all_streets == 1 else "streets"
    return f"the round, {streets_done(work, others)} of {all_streets} {streets} done"


def _clock(step: Step, lasts: timedelta = UNDO_LASTS) -> str:
    """Until when a step can be undone: `14:15`."""
    return (step.at + lasts).astimezone(council().zone).strftime("%H:%M")


# One mark


@blueprint.get("/marks/<int:event>")
@allowed("mark")
def mark(event: int) -> AnyResponse:
    """A mark, to take back or to correct."""
    step = _own_step(event)
    return _mark(step)


@blueprint.post("/marks/<int:event>")
@allowed("mark")
def change_mark(event: int) -> AnyResponse:
    """Undo, take back or correct, and see the round afterwards."""
    action = request.form.get("action", "")
    try:
        step = _own_step(event)
    except NotFound:
        return _gone()
    code, cut = _code_of(step), _cut_of(step.chief)
    if action == "undo" and not may_undo(step, account().name, council().now()):
        raise MarkRefused("too_late_to_undo")
    if action == "correct":
        return _correct(step, code)
    if action not in ("undo", "take back"):
        raise BadRequest("action", "form_not_whole")
    try:
        take_back(council(), step, by=account().name, at=council().now())
    except MarkRefused:  # a double tap
        return _round(code, cut=cut, note=Note(GONE, is_done=False))
    return _round(code, cut=cut, note=Note("Taken back. Residents no longer read it."))


def _correct(step: Step, code: str) -> AnyResponse:
    try:
        order = _correction(step, code)
        correct(answers(), step, order, council().now())
    except BadRequest as problem:
        return _mark(step, 422, errors=[(problem.parameter, words_of(problem))], form=request.form)
    return _round(code, cut=order.cut, note=Note("Corrected. Residents read the new mark."))


def _correction(step: Step, code: str) -> Order:
    kind = request.form.get("kind", "")
    if kind not in MARKS:
        raise BadRequest("kind", "nothing_happened_chosen")
    needs = kind in NEEDS_REASON
    return Order(
        code=code,
        kind=kind,
        on=day_field("on") or step.chief.on,
        cut=cut_of(request.form.get("cut", "")),
        reason=request.form.get("reason", "") if needs else "",
        expected=day_field("expected") if needs else None,
        by=account().name,
        key=form_key(str(step.chief.id)),
    )


def _gone() -> AnyResponse:
    """A second tap on something that is taken back: the round as it is."""
    code = request.form.get("round", "")
    require_round(code)
    return _round(code, note=Note(GONE, is_done=False))


def _own_step(event: int) -> Step:
    step = step_of(answers(), event)
    for code in rounds_of(answers(), step):
        require_round(code)
    return step


def _code_of(step: Step) -> str:
    """The round to show afterwards: the one that the form came from, where the step is of it."""
    codes, asked = rounds_of(answers(), step), request.values.get("round", "")
    return asked if asked in codes else min(codes)


def _cut_of(event: Event) -> CutKey | None:
    return (event.season, event.cut) if event.cut is not None else None


def _mark(step: Step, status_code: int = 200, **values: object) -> AnyResponse:
    chief, code = step.chief, _code_of(step)
    work: Work = work_of(answers(), code, council().today(), _cut_of(chief))
    return page(
        "mark.html",
        status_code,
        **{"errors": [], "form": None, **values},
        step=step,
        chief=chief,
        work=work,
        key=new_key(),
        reasons=reasons(council()),
        kinds=KINDS,
        today=council().today(),
        in_words=lambda step: step_in_words(step, work),
    )


KINDS = {
    "started": "Started",
    "done": "Done",
    "part_done": "Part done",
    "missed": "Missed",
    "delayed": "Delayed",
}


def _street_name(event: Event) -> str:
    """The street that a mark names, or the street of the verge that it names."""
    level, code = event.target
    if level == "verge":
        verge = council().moment.atlas.book(event.season).verges.get(code)
        code = verge.streets[0] if verge and verge.streets else code
    found = council().moment.atlas.street(code)
    return found.street.full_name if found else str(event.target)
