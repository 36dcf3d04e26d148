"""The office's pages of all rounds: a table to filter and mark from, the map, and what is late."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.domain.status import Status
from mapsvc.domain.wording import label
from mapsvc.errors import BadRequest
from mapsvc.services.marks.crew_marks import Order, carry_out, reasons
from mapsvc.services.marks.questions import MarkQuestion, question_of
from mapsvc.services.marks.rounds_table import (
    RoundFilter,
    RoundRow,
    quiet_services,
    rows_on,
    wards_with_trouble,
)
from mapsvc.services.plan_changes.pauses import open_pauses
from mapsvc.web.common.context import answers, council
from mapsvc.web.common.errors import words_of
from mapsvc.web.residents.maps import map_of_council, map_of_grass
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page
from mapsvc.web.staff.fields import Problems, cut_of, day_field, form_key, new_key
from mapsvc.web.staff.rounds import KINDS, ask

MARKABLE = {kind: words for kind, words in KINDS.items() if kind != "part_done"}
MOST_PICKED = 400
FILTERS = ("service", "status", "place", "kind_of_grass")


@blueprint.get("/progress")
@allowed("see")
def progress() -> AnyResponse:
    """All rounds, or those that the filter lets through."""
    return _page()


@blueprint.post("/progress")
@allowed("steer")
def mark_many() -> AnyResponse:
    """Mark the picked rounds in one transaction, and see the table as it is afterwards."""
    try:
        orders = _orders()
        questions = [found for found in (question_of(answers(), one) for one in orders) if found]
        if questions and not request.form.get("sure"):
            return ask(questions, back="/staff/progress")
        orders = _answered(orders, questions)
        recorded = carry_out(answers(), orders, council().now())
    except BadRequest as problem:
        return _page(422, errors=[(problem.parameter, words_of(problem))], form=request.form)
    words = "1 round" if len(orders) == 1 else f"{len(orders)} rounds"
    said = f"{KINDS[orders[0].kind]}: {words}." if recorded else "This came twice. Nothing is new."
    said += _paused(orders)
    shown = {name: request.form[name] for name in FILTERS if request.form.get(name)}
    return done(f"/staff/progress?{urlencode(shown)}".rstrip("?"), said, is_done=bool(recorded))


def _answered(orders: list[Order], questions: list[MarkQuestion]) -> list[Order]:
    """The orders as somebody said who was asked: paused rounds street by street."""
    paused = {question.order.code for question in questions if question.is_paused}
    is_sure = bool(questions)
    return [replace(order, sure=is_sure, by_street=order.code in paused) for order in orders]


def _paused(orders: list[Order]) -> str:
    """That residents do not read marks of paused rounds yet, where there are such."""
    codes = {order.code for order in orders}
    rows = rows_on(answers(), council().today())
    number = sum(row.round.code in codes and row.status is Status.SUSPENDED for row in rows)
    if not number:
        return ""
    which = "It is" if len(codes) == 1 else f"{number} of them {'is' if number == 1 else 'are'}"
    return f" {which} paused, so residents go on reading that until the pause ends."


def _orders() -> list[Order]:
    kind, picked = request.form.get("kind", ""), request.form.getlist("pick")
    if not picked:
        raise BadRequest("rounds", "no_rounds_chosen")
    if kind not in MARKABLE:
        raise BadRequest("kind", "nothing_happened_chosen")
    on, reason = day_field("on") or council().today(), request.form.get("reason", "")
    expected = day_field("expected") if kind == "delayed" else None
    key = form_key(request.form.get("on", ""))
    pairs = (pick.partition(":") for pick in picked[:MOST_PICKED])
    return [
        Order(
            code=code,
            kind=kind,
            on=on,
            cut=cut_of(cut),
            reason=reason,
            expected=expected,
            by=account().name,
            key=key,
        )
        for cut, _, code in pairs
    ]


def _filter() -> RoundFilter:
    service, status, place, kind = (request.values.get(name, "") for name in FILTERS)
    return RoundFilter(service, status, place, kind)


def _page(
    code: int = 200,
    errors: Problems = [],  # noqa: B006 - never changed
    form: object = None,
) -> AnyResponse:
    today, chosen = council().today(), _filter()
    every = rows_on(answers(), today)
    rows = [row for row in every if chosen.lets_through(row)]
    return page(
        "progress.html",
        code,
        rows=rows,
        chosen=chosen,
        choices=_choices(every),
        map=_map(rows, every),
        kinds=MARKABLE,
        marked=KINDS,
        reasons=reasons(council()),
        errors=errors,
        form=form or {},
        key=new_key(),
        picked=request.form.getlist("pick") if errors else [],
        today=today,
    )


def _map(rows: list[RoundRow], every: list[RoundRow]) -> object:
    if len(rows) in (0, len(every)):
        return map_of_council()
    return map_of_grass(verge for row in rows for verge in row.verges)


def _choices(rows: list[RoundRow]) -> dict[str, list[tuple[str, str]]]:
    """What each field of the filter can be."""
    services = {row.round.service or DEFAULT_SERVICE for row in rows}
    there = {row.status for row in rows}
    kinds = {kind for row in rows for kind in row.kinds}
    places = {place for row in rows for place in row.places}
    return {
        "service": [("", "All"), *((s, s) for s in sorted(services))],
        "status": [("", "All"), *((s.value, label(s)) for s in Status if s in there)],
        "place": [("", "All"), *((p, p) for p in sorted(places))],
        "kind_of_grass": [("", "All"), *((k, k) for k in sorted(kinds))],
    }


@blueprint.get("/late")
@allowed("see")
def late() -> AnyResponse:
    """What is late or has gone quiet, by ward."""
    today = council().today()
    wards = wards_with_trouble(answers(), today)
    return page(
        "late.html",
        wards=wards,
        services=quiet_services(answers(), today),
        today=today,
        is_paused=any(pause.held for pause in open_pauses(answers())),
    )
