"""Pausing the whole programme or parts of it, and what becomes of the dates when it goes on.

Everything is previewed: what residents would read is worked out as if it were recorded.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mapsvc.domain.events import Event, Target, parse_target
from mapsvc.domain.schedule import Verge
from mapsvc.domain.status import CutKey, Status, counts_for, verdict_of
from mapsvc.domain.wording import full_date
from mapsvc.errors import BadRequest, NotFound
from mapsvc.problems import counted
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.recording import Mark, drafts_of
from mapsvc.services.marks.round_view import marks_of
from mapsvc.services.plan_changes.moved_dates import (
    Moves,
    Replan,
    moved_dates,
    moved_programme,
    require_schedules,
)
from mapsvc.services.state.ledger import folded, targets_of
from mapsvc.store.live import EventDraft

KEEP, MOVE, SKIP = "keep", "move", "skip"
MOST_DAYS = 60
LONGEST_REASON = 120
SENTENCES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """What residents would read: a sentence and for how many pieces of grass, the most first."""

    verges: int
    rounds: int
    sentences: tuple[tuple[str, int], ...]

    @property
    def others(self) -> int:
        """Pieces of grass whose sentence is not among those given."""
        return self.verges - sum(number for _, number in self.sentences)


@dataclass(frozen=True, slots=True)
class Pause:
    """What was paused together: one event for each target. `held` counts grass that it holds."""

    events: tuple[Event, ...]
    held: int

    @property
    def first(self) -> Event:
        return self.events[0]


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which the paused work goes on: what is recorded, and what residents would read."""

    choice: str
    marks: tuple[Mark, ...]
    moves: Moves
    preview: Preview
    cuts: int

    @property
    def going_on(self) -> tuple[str, ...]:
        """What other pauses go on with, in words; single verges are counted."""
        again = [parse_target(mark.target) for mark in self.marks if mark.kind == "suspended"]
        verges = sum(target.level == "verge" for target in again)
        named = tuple(in_words(target) for target in again if target.level != "verge")
        return (*named, counted(verges, "pieces of grass")) if verges else named


# Pausing


def check_pause(marks: Sequence[Mark], today: date) -> None:
    """BadRequest, naming the field, for a pause that cannot be."""
    if not marks:
        raise BadRequest("targets", "Tick what is paused.")
    first = marks[0]
    if not first.reason.strip():
        raise BadRequest("reason", "Give the reason. Residents read it.")
    if len(first.reason) > LONGEST_REASON:
        raise BadRequest(
            "own_reason",
            f"The reason has {len(first.reason)} characters. Write up to {LONGEST_REASON}.",
        )
    if first.on.year != today.year:
        raise BadRequest("on", f"A pause counts in its own year, {today.year}. Check the day.")
    if first.until and first.until < max(today, first.on):
        raise BadRequest("until", f"The last day {full_date(first.until)} is over. Check it.")


def preview_of(answers: Answers, marks: Sequence[Mark]) -> Preview:
    """What residents would read on the first day if these pauses were recorded."""
    council = answers.council
    day = max(council.today(), *(mark.on for mark in marks))
    teller = Teller(council, council.moment, day)
    supposed = _supposed(drafts_of(council.moment, marks, [council.now()] * len(marks)))
    found = []
    for verge in _ours(teller):
        theirs = _concerning(verge, supposed)
        if theirs:
            found.append((verge, teller.words(verge, teller.status(verge, theirs))))
    return preview_from(found)


def preview_from(found: Sequence[tuple[Verge, str]]) -> Preview:
    """The preview of grass with what would be read of it."""
    words = Counter(words for _, words in found)
    rounds = {verge.round for verge, _ in found if verge.round}
    return Preview(len(found), len(rounds), tuple(words.most_common(SENTENCES_SHOWN)))


def _supposed(drafts: Iterable[EventDraft]) -> list[Event]:
    """Drafts as the newest events of all, in their order."""
    names = ("target", "kind", "on", "season", "at", "cut", "verges", "reason", "expected", "until")
    return [
        Event(id=10**12 + number, **{name: getattr(draft, name) for name in names})
        for number, draft in enumerate(drafts)
    ]


def _concerning(verge: Verge, events: Sequence[Event]) -> list[Event]:
    """Those of supposed events that have the verge: each was given what its target has now."""
    return [event for event in events if verge.id in event.verges]


def record_pause(
    answers: Answers, marks: Sequence[Mark], *, key: str, at: datetime
) -> tuple[int, ...]:
    """Record the pauses in one transaction; their ids. The same form sent again counts once."""
    drafts = drafts_of(answers.council.moment, _keyed(marks, key), [at] * len(marks))
    return tuple(answers.council.store.live.record(drafts))


def _keyed(marks: Iterable[Mark], key: str) -> list[Mark]:
    return [
        replace(m, key=hashlib.sha256(f"{key}|{m.target}|{m.kind}|{m.cut}".encode()).hexdigest())
        for m in marks
    ]


# What is paused


def open_pauses(answers: Answers) -> list[Pause]:
    """The pauses that hold today or are to come, the newest first."""
    council = answers.council
    today = council.today()
    events = [
        event
        for event in council.moment.ledger.pauses()
        if event.kind == "suspended"
        and event.season == today.year
        and (event.until is None or event.until >= today)
    ]
    held = Counter(event.id for event, _ in _held(answers)) if events else Counter()
    together: dict[tuple[str, datetime, date], list[Event]] = defaultdict(list)
    for event in events:
        if held[event.id] or event.on > today:
            together[event.by, event.at, event.on].append(event)
    pauses = [Pause(tuple(group), sum(held[e.id] for e in group)) for group in together.values()]
    return sorted(pauses, key=lambda pause: pause.first.id, reverse=True)


def pause_of(answers: Answers, event_id: int) -> Pause:
    """The open pause that an event belongs to. NotFound when it is none, or has ended."""
    for pause in open_pauses(answers):
        if any(event.id == event_id for event in pause.events):
            return pause
    raise NotFound(f"There is no open pause {event_id}. It may have ended: look at the list.")


def _held(answers: Answers) -> list[tuple[Event, Verge]]:
    """The pause that holds each piece of our grass that is paused today."""
    teller = Teller(answers.council, answers.council.moment, answers.council.today())
    pairs = ((holder_of(teller, verge), verge) for verge in _ours(teller))
    return [(event, verge) for event, verge in pairs if event]


def holder_of(teller: Teller, verge: Verge, *, but_for: Collection[int] = ()) -> Event | None:
    """The pause that holds a verge on the teller's day; that would, but for some events."""
    said = [
        event
        for event in teller.moment.ledger.events_of(verge)
        if event.kind in ("suspended", "resumed")
        and event.id not in but_for
        and event.season == teller.on.year
        and event.on <= teller.on
    ]
    newest = max(said, key=lambda event: event.newest_key, default=None)
    if newest is None or newest.kind == "resumed":
        return None
    return newest if newest.until is None or newest.until >= teller.on else None


# Going on


def days_lost(answers: Answers, pause: Pause) -> int:
    """How many working days the pause has taken so far, one at least."""
    council = answers.council
    yesterday = council.today() - timedelta(days=1)
    lost = council.calendar.working_days(pause.first.on, yesterday)
    return min(max(lost, 1), MOST_DAYS)


def ending_of(answers: Answers, pause: Pause, choice: str, days: int, by: str) -> Ending:
    """What one of the three choices would record, and what residents would read today."""
    council = answers.council
    teller = Teller(council, council.moment, council.today())
    grass = _grass_of(teller, pause)
    resumed = [Mark(str(event.target), "resumed", teller.on, by=by) for event in pause.events]
    opened = [*resumed, *_going_on(teller, grass, pause, by)]
    moves = _remaining(teller, grass, pause) if choice == MOVE else {}
    skipped: Mapping[str, CutKey] = {}
    if choice == SKIP:
        skipped = _skipped(teller, grass, pause, opened)
    marks = (*opened, *_missed(teller, grass, pause, skipped, by))
    supposed = _supposed(drafts_of(council.moment, marks, [council.now()] * len(marks)))
    found = [
        (verge, teller.words(verge, teller.status(_moved(teller, verge, moves, days), theirs)))
        for verge in grass
        if (theirs := _concerning(verge, supposed))
    ]
    cuts = sum(map(len, moves.values())) or len(skipped)
    return Ending(choice, marks, moves, preview_from(found), cuts)


def _going_on(teller: Teller, grass: Iterable[Verge], pause: Pause, by: str) -> list[Mark]:
    """Other pauses that hold this grass without the one that ends: said again, since the newest
    word decides. They are said of this grass alone, whose pause then reads as begun today; of their
    whole target where all its grass is here.
    """
    ends = {event.id for event in pause.events}
    under: dict[Event, list[Verge]] = defaultdict(list)
    for verge in grass:
        if other := holder_of(teller, verge, but_for=ends):
            under[other].append(verge)
    marks = []
    for other, held in sorted(under.items(), key=lambda pair: pair[0].id):
        here = {verge.id for verge in held}
        everything = (v.id for v in _ours(teller) if folded(other.target) in targets_of(v))
        is_whole = here.issuperset(everything)
        targets = [str(other.target)] if is_whole else [f"verge:{v.id}" for v in held]
        marks += [
            Mark(target, "suspended", teller.on, reason=other.reason, until=other.until, by=by)
            for target in targets
        ]
    return marks


def _grass_of(teller: Teller, pause: Pause) -> list[Verge]:
    """Our grass that belongs to the pause's targets now."""
    return [verge for verge in _ours(teller) if _concerning_now(verge, pause)]


def _ours(teller: Teller) -> list[Verge]:
    return [v for v in teller.book.verges.values() if teller.keeper_of(v).ours]


def _concerning_now(verge: Verge, pause: Pause) -> bool:
    targets = set(targets_of(verge))
    return any(folded(event.target) in targets for event in pause.events)


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
            and cut.window.end >= pause.first.on
            and not has_verdict(teller, verge, (cut.season, cut.number))
        )
        for verge in grass
    }
    return {verge: cuts for verge, cuts in found.items() if cuts}


def has_verdict(teller: Teller, verge: Verge, key: CutKey) -> bool:
    """Whether a cut was marked as done or missed."""
    marks = marks_of(teller, verge, key)
    return verdict_of([event for event in marks if counts_for(event, verge)]) is not None


def _skipped(
    teller: Teller, grass: Iterable[Verge], pause: Pause, opened: Sequence[Mark]
) -> Mapping[str, CutKey]:
    """The cut that each verge has at hand: begun, without a verdict, not over before the pause."""
    council = teller.council
    resumed = _supposed(drafts_of(council.moment, opened, [council.now()] * len(opened)))
    open_ones = (Status.DUE, Status.UNDER_WAY, Status.LATE, Status.UNCONFIRMED, Status.DELAYED)
    found = {}
    for verge in grass:
        status = teller.status(verge, _concerning(verge, resumed))
        is_due = status.window is not None and status.window.end >= pause.first.on
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
        marks += [_miss(target, key, teller.on, pause.first.reason, by) for target in targets]
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
    drafts = drafts_of(council.moment, _keyed(ending.marks, key), [at] * len(ending.marks))
    if not ending.moves:
        council.store.live.record(drafts)
        return
    require_schedules(council, seen)
    replan = replan_of(answers, ending, days)
    council.store.editions.publish_all(replan.drafts, by=by, at=at, events=drafts)


def in_words(target: Target) -> str:
    """What is paused: `everything`, `the class urban`, `Ashby`, `the round R12`."""
    level, code = target
    named = {"all": "everything", "place": code, "kind": f"the class {code}"}
    return named.get(level, f"the {level} {code}")
