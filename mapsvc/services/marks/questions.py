"""What a crew is asked before an unlikely mark is recorded, and what such a mark would make true.

Asked once: whoever says that it is so is believed. What happens every day is never asked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from mapsvc.domain.events import Event
from mapsvc.domain.status import is_held_since_before
from mapsvc.errors import NotFound, UnlikelyMark
from mapsvc.messages.catalogue import Message
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.crew_marks import Order, marks_for
from mapsvc.services.marks.recording import Mark, concerning, drafts_of, supposed
from mapsvc.services.marks.round_view import RoundPart, Work, work_of

CLAIMS = ("started", "done", "part_done")
LONG_AGO_DAYS = 28
SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """Why an order is unlikely, and what residents of how many streets would read of it.

    `is_paused` says that all of the round is paused: the mark would say nothing.
    """

    order: Order
    name: str
    doubts: tuple[Message, ...]
    consequences: tuple[tuple[str, int], ...]
    is_paused: bool = False


def question_of(answers: Answers, order: Order) -> MarkQuestion | None:
    """What to ask before the order is recorded, None where it is normal.

    Raises
    ------
    BadRequest, MarkRefused, NotFound : as `carry_out`
    """
    if order.sure:
        return None
    marks = marks_for(answers, order)
    try:
        work = work_of(answers, order.code, answers.council.today(), order.cut)
    except NotFound:  # recording it says what is wrong
        return None
    if not order.by_street and is_all_paused(answers, work, order):
        paused = (Message("round_is_paused"),)
        return MarkQuestion(order, work.name, paused, (), is_paused=True)
    doubts = (*_about_day(answers, order), *_about_cut(answers, order, marks))
    if not doubts:
        return None
    return MarkQuestion(order, work.name, doubts, _consequences(answers, marks))


def _about_day(answers: Answers, order: Order) -> Iterable[Message]:
    days = (answers.council.today() - order.on).days
    if days > LONG_AGO_DAYS:
        yield Message("mark_long_ago", on=order.on, days=days)


def _about_cut(answers: Answers, order: Order, marks: list[Mark]) -> Iterable[Message]:
    """What recording doubts; else that the cut is neither at hand nor next to it."""
    council = answers.council
    try:
        drafts_of(council, marks, [council.now()] * len(marks))
    except UnlikelyMark as doubt:
        return (doubt.message,)
    at_hand = work_of(answers, order.code, council.today())
    if order.kind == "delayed" or not _is_far_from(at_hand, order):
        return ()
    cut = next(cut for cut in at_hand.cuts if (cut.season, cut.number) == order.cut)
    assert at_hand.cut is not None, "a round with a cut has one at hand"
    assert cut.window is not None, "a cut of a round has dates"
    begins = cut.window.start
    number = at_hand.cut.number
    return (Message("mark_of_another_cut", at_hand=number, cut=cut.number, begins=begins),)


def _is_far_from(at_hand: Work, order: Order) -> bool:
    """Whether the order is of another cut than that at hand, its straggler or what follows it."""
    if order.cut is None or at_hand.cut is None:
        return False
    keys = [(cut.season, cut.number) for cut in at_hand.cuts]
    if order.cut not in keys:
        return False
    steps = keys.index(order.cut) - at_hand.cuts.index(at_hand.cut)
    if steps <= 0:
        return steps < -1
    follows = at_hand.cut_after
    return follows is None or (follows.season, follows.number) != order.cut


def _consequences(answers: Answers, marks: list[Mark]) -> tuple[tuple[str, int], ...]:
    """What residents would read today where it is something else than now: each sentence with its
    number of streets, the most first.
    """
    council = answers.council
    sure = [replace(mark, sure=True) for mark in marks]
    new = supposed(drafts_of(council, sure, [council.now()] * len(sure)))
    teller = Teller(council, council.moment, council.today())
    streets: dict[str, set[str]] = defaultdict(set)
    for verge in teller.book.verges.values():
        theirs = concerning(verge, new)
        if not theirs or not teller.keeper_of(verge).ours:
            continue
        words = teller.words(verge, teller.status(verge, theirs))
        if words != teller.words(verge, teller.status(verge)):
            streets[words].update(verge.streets or (verge.id,))
    counted = sorted(((w, len(s)) for w, s in streets.items()), key=lambda pair: -pair[1])
    return tuple(counted[:SENTENCES_SHOWN])


# Paused grass


def is_all_paused(answers: Answers, work: Work, order: Order) -> bool:
    """Whether the mark of a whole round would say nothing, because all of it is paused."""
    open_parts = [part for part in work.parts if part.state != "resting"]
    left_out = left_out_of(answers, work, order)
    return bool(left_out) and len(left_out) == len(open_parts)


def left_out_of(answers: Answers, work: Work, order: Order) -> list[RoundPart]:
    """The streets of which a mark of the whole round says nothing, because they are paused."""
    if order.streets or order.by_street or order.kind not in CLAIMS:
        return []
    teller = Teller(answers.council, answers.council.moment, answers.council.today())
    return [part for part in work.parts if _is_held(teller, part, order.on)]


def _is_held(teller: Teller, part: RoundPart, day: date) -> bool:
    return part.state != "resting" and all(
        is_held_since_before(day, teller.spells_of(verge)) for verge in part.verges
    )


def streets_done(work: Work, events: Iterable[Event]) -> int:
    """Of how many streets of the round some marks speak whole: never more than it has."""
    marked = {verge for event in events for verge in event.verges}
    return sum(all(verge.id in marked for verge in part.verges) for part in work.parts)
