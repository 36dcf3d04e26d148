"""Pausing the whole programme or parts of it: previewed, recorded, listed and changed.

Everything is previewed: what residents would read is worked out as if it were recorded. How the
work goes on is in `resuming`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mapsvc.domain.events import Event, Target
from mapsvc.domain.pauses import said_end
from mapsvc.domain.schedule import Verge
from mapsvc.errors import BadRequest, NotFound
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.recording import Mark, concerning, drafts_of, supposed
from mapsvc.services.state.ledger import folded, targets_of

LONGEST_REASON = 120
FURTHEST_DAYS = 366
DECEMBER = 12
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
    """One pause: how much grass it holds today alone, and how much others hold as well."""

    event: Event
    alone: int
    shared: int

    @property
    def held(self) -> int:
        return self.alone + self.shared


# Pausing


def check_pause(marks: Sequence[Mark], today: date) -> None:
    """BadRequest, naming the field, for a pause that cannot be."""
    if not marks:
        raise BadRequest("targets", "nothing_paused")
    first = marks[0]
    _check_reason(first.reason, "own_reason")
    if abs((first.on - today).days) > FURTHEST_DAYS:
        raise BadRequest("on", "pause_far_away", day=first.on)
    check_last_day(first.on, first.until, today)


def _check_reason(reason: str, field: str) -> None:
    if not reason.strip():
        raise BadRequest("reason", "pause_without_reason")
    if len(reason) > LONGEST_REASON:
        raise BadRequest(field, "reason_too_long", characters=len(reason), most=LONGEST_REASON)


def check_last_day(first: date, last: date | None, today: date) -> None:
    """BadRequest for a last day that is over, or a pause without one whose year is over."""
    if last and last < max(today, first):
        raise BadRequest("until", "last_day_over", day=last)
    if last is None and first.year < today.year:
        raise BadRequest("until", "pause_over_with_its_year", day=first)


def preview_of(
    answers: Answers, marks: Sequence[Mark], day: date, *, without: Sequence[int] = ()
) -> Preview:
    """What residents would read on a day if these pauses were recorded, others taken back."""
    council = answers.council
    teller = Teller(council, council.moment, day)
    new = supposed(drafts_of(council, marks, [council.now()] * len(marks)))
    found = []
    for verge in ours(teller):
        theirs = concerning(verge, new)
        if theirs:
            found.append(
                (verge, teller.words(verge, teller.status(verge, theirs, without=without)))
            )
    return preview_from(found)


def preview_from(found: Sequence[tuple[Verge, str]]) -> Preview:
    """The preview of grass with what would be read of it."""
    words = Counter(words for _, words in found)
    rounds = {verge.round for verge, _ in found if verge.round}
    return Preview(len(found), len(rounds), tuple(words.most_common(SENTENCES_SHOWN)))


def record_pause(
    answers: Answers, marks: Sequence[Mark], *, key: str, at: datetime
) -> tuple[int, ...]:
    """Record the pauses in one transaction; their ids. The same form sent again counts once."""
    drafts = drafts_of(answers.council, keyed(marks, key), [at] * len(marks))
    return tuple(answers.council.store.live.record(drafts))


def keyed(marks: Iterable[Mark], key: str) -> list[Mark]:
    """Marks of a form, each with a key of its own: the same form sent again counts once."""
    return [
        replace(m, key=hashlib.sha256(f"{key}|{m.target}|{m.kind}|{m.cut}".encode()).hexdigest())
        for m in marks
    ]


# What is paused


def open_pauses(answers: Answers) -> list[Pause]:
    """The pauses that hold grass of ours today or are to come, the newest first."""
    council = answers.council
    today, moment = council.today(), council.moment
    events = [
        event
        for event in moment.ledger.pauses()
        if event.kind == "suspended" and said_end(event) >= today
    ]
    alone, shared = _held(answers) if events else (Counter[int](), Counter[int]())
    pauses = [
        Pause(event, alone[event.id], shared[event.id])
        for event in events
        if alone[event.id] or shared[event.id] or event.on > today
    ]
    return sorted(pauses, key=lambda pause: pause.event.order, reverse=True)


def pause_of(answers: Answers, event_id: int) -> Pause:
    """The open pause with this number. NotFound when it is none, or has ended."""
    for pause in open_pauses(answers):
        if pause.event.id == event_id:
            return pause
    raise NotFound("no_open_pause", pause=event_id)


def _held(answers: Answers) -> tuple[Counter[int], Counter[int]]:
    """How many pieces of our grass each pause holds today alone, and how many with others."""
    alone: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    for _, pauses in holding(answers):
        if len(pauses) == 1:
            alone[pauses[0].id] += 1
        else:
            shared.update(pause.id for pause in pauses)
    return alone, shared


def holding(answers: Answers) -> Iterator[tuple[Verge, tuple[Event, ...]]]:
    """Our grass that is paused today, each with the pauses that hold it."""
    teller = Teller(answers.council, answers.council.moment, answers.council.today())
    for verge in ours(teller):
        pauses = tuple(s.pause for s in teller.spells_of(verge) if s.holds_on(teller.on))
        if pauses:
            yield verge, pauses


def in_december(answers: Answers) -> str:
    """What staff are asked of pauses that end with the year for want of a last day, else empty."""
    today = answers.council.today()
    if today.month != DECEMBER:
        return ""
    said = (pause.event for pause in open_pauses(answers))
    found = [event for event in said if event.until is None and event.on.year == today.year]
    if not found:
        return ""
    which = (
        f"The pause of {in_words(found[0].target)} has no last day and ends"
        if len(found) == 1
        else f"{len(found)} pauses have no last day and end"
    )
    return f"{which} with 31 December. Give a last day to what goes on in the new year."


def still_paused(answers: Answers, resumed: Event | None) -> list[tuple[Event, int]]:
    """What holds grass of ours today all the same, after a resumption of it: each pause with how
    much; empty after anything else.
    """
    if resumed is None or resumed.kind != "resumed":
        return []
    target = folded(resumed.target)
    held = Counter(
        pause
        for verge, pauses in holding(answers)
        if target in targets_of(verge)
        for pause in pauses
    )
    return sorted(held.items(), key=lambda pair: pair[0].order)


# A pause that is changed


def changed_mark(old: Event, *, reason: str, until: date | None, by: str) -> Mark:
    """A pause with another reason or last day: from its first day, in its place."""
    return Mark(
        str(old.target),
        "suspended",
        old.on,
        reason=reason,
        until=until,
        by=by,
        instead_of=old.order,
        sure=True,
    )


def check_change(pause: Pause, mark: Mark, today: date) -> None:
    """BadRequest for a change that cannot be, or changes nothing."""
    _check_reason(mark.reason, "reason")
    check_last_day(mark.on, mark.until, today)
    if (mark.reason, mark.until) == (pause.event.reason, pause.event.until):
        raise BadRequest("until", "pause_unchanged")


def change_pause(answers: Answers, pause: Pause, mark: Mark, at: datetime) -> None:
    """Record the changed pause in its place. MarkRefused where somebody was first."""
    council = answers.council
    drafts = drafts_of(council, [mark], [at])
    council.store.live.replace([pause.event.id], drafts, by=mark.by, at=at)


# In words


def ours(teller: Teller) -> list[Verge]:
    """All grass that is ours to cut."""
    return [v for v in teller.book.verges.values() if teller.keeper_of(v).ours]


def pieces_of_grass(number: int) -> str:
    """`1 piece of grass`, `1,061 pieces of grass`."""
    return f"{number:,} {'piece' if number == 1 else 'pieces'} of grass"


def in_words(target: Target) -> str:
    """What is paused: `everything`, `the class urban`, `Ashby`, `the round R12`."""
    level, code = target
    named = {"all": "everything", "place": code, "kind": f"the class {code}"}
    return named.get(level, f"the {level} {code}")
