"""Marking rounds and streets: what a tap on a staff page records, undone or corrected.

What a mark may say is checked in `recording`; how a round stands is in `round_view`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from mapsvc import resources
from mapsvc.domain.events import PAUSES, Event
from mapsvc.domain.status import CutKey
from mapsvc.errors import BadRequest, MarkRefused, NotFound
from mapsvc.services.answers.teller import Answers
from mapsvc.services.marks.recording import Mark, drafts_of
from mapsvc.services.marks.round_view import RoundPart, Step, Work, work_of
from mapsvc.services.state.council import Council

UNDO_LASTS = timedelta(minutes=10)
NEEDS_REASON = ("missed", "delayed")


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants recorded of a round.

    `streets` are targets of the round's parts: those that the mark speaks of, none for the
    whole round; with `part_done`, those that are left. `key` is of the form that was sent, with
    the day if one was written: the same order from the same form counts once. `sure` records
    what cannot well be true; `by_street` marks each street of a whole round, paused or not.
    """

    code: str
    kind: str
    on: date
    cut: CutKey | None = None
    streets: frozenset[str] = frozenset()
    reason: str = ""
    expected: date | None = None
    by: str = ""
    key: str = ""
    sure: bool = False
    by_street: bool = False


def reasons(council: Council) -> tuple[str, ...]:
    """Why a cut may be missed or delayed: the council's list, else the one that ships."""
    return _read_reasons(
        council.settings.reasons or resources.geodata_dir() / "reference" / "reasons.txt"
    )


@lru_cache(maxsize=4)
def _read_reasons(file: Path) -> tuple[str, ...]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def carry_out(answers: Answers, orders: Sequence[Order], at: datetime) -> tuple[Event, ...]:
    """Record orders in one transaction, all or none; the events in force that came of them.

    An order that was sent before records nothing again: its events are those of the first time,
    none where they have been taken back since.

    Raises
    ------
    BadRequest : naming the field that cannot be used
    MarkRefused, NotFound : when a round or cut is no longer what the page showed
    """
    council = answers.council
    marks = [mark for order in orders for mark in marks_for(answers, order)]
    ids = council.store.live.record(drafts_of(council, marks, [at] * len(marks)))
    ledger = council.moment.ledger
    return tuple(event for event in map(ledger.event, ids) if event)


def check_order(council: Council, order: Order) -> None:
    """BadRequest when a day or a reason cannot be."""
    check_day(council, order.on, order.cut)
    if order.kind in NEEDS_REASON and order.reason not in reasons(council):
        raise BadRequest("reason", "no_reason_chosen")
    if order.expected and order.expected <= council.today():
        raise BadRequest("expected", "new_date_over", day=order.expected)


def check_day(council: Council, on: date, cut: CutKey | None) -> None:
    """BadRequest for a day to come, or one that lies before the cut's year."""
    today = council.today()
    if on > today:
        raise BadRequest("on", "mark_of_day_to_come", day=on)
    if on.year < (cut[0] if cut else today.year - 1):
        raise BadRequest("on", "mark_before_its_cut", day=on)


def marks_for(answers: Answers, order: Order) -> list[Mark]:
    """What an order records; errors as in `carry_out`."""
    check_order(answers.council, order)
    if order.by_street:
        work = work_of(answers, order.code, order.on, order.cut)
        parts = [part for part in work.parts if part.state != "resting"]
        marks = [mark for part in parts for mark in _of_part(order, part, order.kind)]
    elif not order.streets and order.kind != "part_done":
        marks = [_mark(order, f"round:{order.code}", order.kind)]
    else:
        marks = _of_streets(work_of(answers, order.code, order.on, order.cut), order)
    return [replace(mark, key=_key(order.key, mark)) for mark in marks]


def _of_streets(work: Work, order: Order) -> list[Mark]:
    if order.kind == "part_done":
        return _part_done(work, order)
    return [mark for part in _chosen(work, order) for mark in _of_part(order, part, order.kind)]


def _chosen(work: Work, order: Order) -> list[RoundPart]:
    known = {str(part.target): part for part in work.parts}
    gone = order.streets - known.keys()
    if gone:
        raise BadRequest("streets", "street_not_in_round", street=min(gone)[:60])
    return [known[street] for street in sorted(order.streets)]


def _part_done(work: Work, order: Order) -> list[Mark]:
    """The round as part done, and each street that is not left as done."""
    left = {part.target for part in _chosen(work, order)}
    done = [p for p in work.parts if p.target not in left and p.state == "left"]
    if not left:
        raise BadRequest("streets", "no_streets_left_named")
    if not done and not work.states["done"]:
        raise BadRequest("streets", "every_street_left")
    streets = [mark for part in done for mark in _of_part(order, part, "done")]
    return [_mark(order, f"round:{order.code}", "part_done"), *streets]


def _of_part(order: Order, part: RoundPart, kind: str) -> Iterable[Mark]:
    return (_mark(order, str(target), kind) for target in part.targets)


def _mark(order: Order, target: str, kind: str) -> Mark:
    season, cut = order.cut or (None, None)
    return Mark(
        target=target,
        kind=kind,
        on=order.on,
        cut=cut,
        season=season,
        reason=order.reason if kind in NEEDS_REASON else "",
        expected=order.expected if kind in NEEDS_REASON else None,
        by=order.by,
        sure=order.sure,
    )


def _key(form: str, mark: Mark) -> str | None:
    """The same for the same mark from the same form, on whatever day it comes again.

    What is marked belongs to it: a page that is left open on a slow line may send `started` and
    then `done`, and both count.
    """
    what = (form, mark.target, mark.kind, mark.season, mark.cut, mark.reason, mark.expected)
    return hashlib.sha256(repr(what).encode()).hexdigest() if form else None


# Undone and corrected


def step_of(answers: Answers, event_id: int) -> Step:
    """The step that an event belongs to. NotFound when it is none, or was taken back."""
    moment = answers.council.moment
    event = moment.ledger.event(event_id)
    if event is None or event.kind in PAUSES:
        raise NotFound("no_mark", mark=event_id)
    book = moment.atlas.book(event.season)
    verges = {v.id: v for code in rounds_of(answers, Step((event,))) for v in book.by_round[code]}
    together = {
        other.id: other
        for verge in verges.values()
        for other in moment.ledger.marks_of(verge.id)
        if (other.by, other.at) == (event.by, event.at)
    }
    return Step(tuple(together[id] for id in sorted(together)) or (event,))


def rounds_of(answers: Answers, step: Step) -> set[str]:
    """The codes of the published rounds that a step concerns."""
    book = answers.council.moment.atlas.book(step.chief.season)
    codes = {event.target.code for event in step.events if event.target.level == "round"}
    verges = {verge for event in step.events for verge in event.verges}
    codes |= {book.verges[verge].round for verge in verges if verge in book.verges}
    return codes & book.by_round.keys()


def may_undo(step: Step, by: str, now: datetime) -> bool:
    """Whether this person may undo it with one tap: who marked, within ten minutes."""
    return step.by == by and now - step.at <= UNDO_LASTS


def take_back(council: Council, step: Step, *, by: str, at: datetime) -> None:
    """Withdraw all of a step; MarkRefused when somebody did meanwhile."""
    council.store.live.replace([event.id for event in step.events], [], by=by, at=at)


def correct(answers: Answers, step: Step, order: Order, at: datetime) -> None:
    """Take a step back and record another one in its place, both or neither.

    Raises
    ------
    BadRequest, MarkRefused, NotFound : as in `carry_out`
    """
    council = answers.council
    if len(step.events) > 1:
        raise MarkRefused("mark_of_several_streets")
    check_order(council, order)
    mark = _mark(order, str(step.chief.target), order.kind)
    drafts = drafts_of(council, [replace(mark, key=_key(order.key, mark))], [at])
    council.store.live.replace([step.chief.id], drafts, by=order.by, at=at)
