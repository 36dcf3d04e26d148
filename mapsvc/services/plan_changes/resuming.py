"""Ending a pause: what becomes of the dates that are left, and what stays paused by others.

Each way is previewed: what residents would read is worked out as if it were recorded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mapsvc.domain.events import Event
from mapsvc.domain.pauses import lifts
from mapsvc.domain.schedule import Verge
from mapsvc.domain.status import CutKey, Status, verdict_of
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.recording import Mark, concerning, drafts_of, supposed
from mapsvc.services.plan_changes.moved_dates import (
    Moves,
    Replan,
    moved_dates,
    moved_programme,
    require_schedules,
)
from mapsvc.services.plan_changes.pauses import (
    Pause,
    Preview,
    changed_mark,
    keyed,
    ours,
    preview_from,
)
from mapsvc.services.state.council import Council
from mapsvc.services.state.ledger import folded, targets_of

KEEP, MOVE, SKIP = "keep", "move", "skip"
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which the paused work goes on: what is recorded, and what residents would read.

    `staying` are the other pauses that go on to hold some of the grass, each with how much.
    """

    choice: str
    marks: tuple[Mark, ...]
    withdrawn: tuple[int, ...]
    moves: Moves
    preview: Preview
    cuts: int
    staying: tuple[tuple[Event, int], ...]


def days_lost(answers: Answers, pause: Pause) -> int:
    """How many working days the pause has taken so far, one at least."""
    council = answers.council
    yesterday = council.today() - timedelta(days=1)
    lost = council.calendar.working_days(pause.event.on, yesterday)
    return min(max(lost, 1), MOST_DAYS)


def ending_of(answers: Answers, pause: Pause, choice: str, days: int, by: str) -> Ending:
    """What one of the three choices would record, and what residents would read today."""
    council = answers.council
    teller = Teller(council, council.moment, council.today())
    grass = [v for v in ours(teller) if folded(pause.event.target) in targets_of(v)]
    staying = _staying(teller, grass, pause)
    marks, withdrawn = _end(teller, pause, staying, by)
    moves = _remaining(teller, grass, pause) if choice == MOVE else {}
    skipped: Mapping[str, CutKey] = {}
    if choice == SKIP:
        goes_on = _supposed(council, marks)
        skipped = _skipped(teller, grass, pause, goes_on, withdrawn)
    marks = (*marks, *_missed(teller, grass, pause, skipped, by))
    new = _supposed(council, marks)
    found = []
    for verge in grass:
        moved = _moved(teller, verge, moves, days)
        status = teller.status(moved, concerning(verge, new), without=withdrawn)
        found.append((verge, teller.words(verge, status)))
    cuts = sum(map(len, moves.values())) or len(skipped)
    return Ending(choice, marks, withdrawn, moves, preview_from(found), cuts, staying)


def _supposed(council: Council, marks: Sequence[Mark]) -> list[Event]:
    return supposed(drafts_of(council, marks, [council.now()] * len(marks)))


def _staying(teller: Teller, grass: Iterable[Verge], pause: Pause) -> tuple[tuple[Event, int], ...]:
    """The other pauses that hold some of the grass today, each with how much."""
    held = Counter(
        spell.pause
        for verge in grass
        for spell in teller.spells_of(verge)
        if spell.holds_on(teller.on) and spell.pause.id != pause.event.id
    )
    return tuple(sorted(held.items(), key=lambda pair: pair[0].order))


def _end(
    teller: Teller, pause: Pause, staying: Iterable[tuple[Event, int]], by: str
) -> tuple[tuple[Mark, ...], tuple[int, ...]]:
    """What ends this pause and no other: a resumption; where that would lift others as well, the
    pause with yesterday as its last day, or nothing of it where it began today.
    """
    old = pause.event
    if not any(lifts(old.target, other.target) for other, _ in staying):
        return (Mark(str(old.target), "resumed", teller.on, by=by, sure=True),), ()
    if old.on == teller.on:
        return (), (old.id,)
    last = teller.on - timedelta(days=1)
    return (changed_mark(old, reason=old.reason, until=last, by=by),), (old.id,)


def _moved(teller: Teller, verge: Verge, moves: Moves, days: int) -> Verge:
    keys = moves.get(verge.id)
    if not keys:
        return verge
    return replace(verge, programme=moved_programme(verge.programme, keys, days, teller.calendar))


def _remaining(teller: Teller, grass: Iterable[Verge], pause: Pause) -> Moves:
    """The cuts that were not over when the pause began, and have no verdict."""
    found = {
        verge.id: frozenset(
            (cut.season, cut.number)
            for cut in verge.dated_cuts
            if cut.window
            and cut.season == teller.on.year
            and cut.window.end >= pause.event.on
            and not has_verdict(teller, verge, (cut.season, cut.number))
        )
        for verge in grass
    }
    return {verge: cuts for verge, cuts in found.items() if cuts}


def has_verdict(teller: Teller, verge: Verge, key: CutKey) -> bool:
    """Whether a cut was marked as done or missed."""
    of_cut = [mark for mark in teller.marks_of(verge) if (mark.season, mark.cut) == key]
    return verdict_of(of_cut) is not None


def _skipped(
    teller: Teller,
    grass: Iterable[Verge],
    pause: Pause,
    goes_on: Sequence[Event],
    withdrawn: Sequence[int],
) -> Mapping[str, CutKey]:
    """The cut that each verge has at hand: begun, without a verdict, not over before the pause."""
    open_ones = (Status.DUE, Status.UNDER_WAY, Status.LATE, Status.UNCONFIRMED, Status.DELAYED)
    found = {}
    for verge in grass:
        status = teller.status(verge, concerning(verge, goes_on), without=withdrawn)
        is_due = status.window is not None and status.window.end >= pause.event.on
        if status.status in open_ones and is_due and status.season and status.cut is not None:
            found[verge.id] = (status.season, status.cut)
    return found


def _missed(
    teller: Teller, grass: Iterable[Verge], pause: Pause, skipped: Mapping[str, CutKey], by: str
) -> list[Mark]:
    """`missed` for the cut at hand: of a round where it is missed in all of it, else of verges."""
    by_round: dict[tuple[str, CutKey], list[str]] = defaultdict(list)
    for verge in grass:
        if verge.id in skipped:
            by_round[verge.round, skipped[verge.id]].append(verge.id)
    marks = []
    for (code, key), verges in sorted(by_round.items()):
        whole = [v for v in teller.book.by_round.get(code, ()) if _has(v, key)]
        targets = [f"round:{code}"] if len(whole) == len(verges) else [f"verge:{v}" for v in verges]
        marks += [_miss(target, key, teller.on, pause.event.reason, by) for target in targets]
    return marks


def _has(verge: Verge, key: CutKey) -> bool:
    return any((cut.season, cut.number) == key for cut in verge.dated_cuts)


def _miss(target: str, key: CutKey, on: date, reason: str, by: str) -> Mark:
    season, cut = key
    return Mark(target, "missed", on, cut=cut, season=season, reason=reason, by=by)


def replan_of(answers: Answers, ending: Ending, days: int) -> Replan:
    """The editions that an ending makes; none unless dates move."""
    words = f"remaining dates {days} working {'day' if days == 1 else 'days'} later"
    return moved_dates(answers.council, ending.moves, days, words)


def resume(
    answers: Answers,
    ending: Ending,
    days: int,
    *,
    seen: Sequence[int],
    key: str,
    by: str,
    at: datetime,
) -> None:
    """End the pause as previewed: dates and records in one transaction.

    Parameters
    ----------
    seen : the schedules in force when it was previewed

    Raises
    ------
    EditionConflict : when a schedule was published since; nothing is recorded.
    """
    council = answers.council
    marks = keyed(ending.marks, key)
    drafts = drafts_of(council, marks, [at] * len(marks))
    if not ending.moves:
        council.store.live.replace(ending.withdrawn, drafts, by=by, at=at)
        return
    require_schedules(council, seen)
    replan = replan_of(answers, ending, days)
    council.store.editions.publish_all(
        replan.drafts, by=by, at=at, events=drafts, withdrawn=ending.withdrawn
    )
