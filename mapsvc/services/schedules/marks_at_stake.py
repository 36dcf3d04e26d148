"""Marks whose cut or verge a new schedule would take away: each is to be kept or withdrawn."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mapsvc.domain.events import Event
from mapsvc.domain.schedule import Programme, Window
from mapsvc.domain.wording import full_date
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, counted
from mapsvc.services.schedules.publishing import Proposal
from mapsvc.services.state.council import Council, Moment
from mapsvc.store.editions import ScheduleContent

GONE = "gone"
"""In place of a cut's number: the verge itself goes."""

Disturbed = Mapping[str, Mapping[str, str]]
"""Verge id → number of the cut (as text), or GONE → what the file does to it."""


@dataclass(frozen=True, slots=True)
class MarkAtStake:
    """A mark in force, in words, and what the file would do to what it speaks of."""

    event: int
    words: str
    effects: tuple[str, ...]


def disturbed(new: ScheduleContent, before: ScheduleContent | None) -> dict[str, dict[str, str]]:
    """What a schedule moves, renumbers or removes of the verges and cuts of the one before."""
    if before is None:
        return {}
    now = _windows_of(new)
    found = {}
    for verge, old in _windows_of(before).items():
        effects = (
            {GONE: "the verge is not in the file"} if verge not in now else _moves(old, now[verge])
        )
        if effects:
            found[verge] = effects
    return found


def _windows_of(content: ScheduleContent) -> dict[str, dict[int, Window]]:
    dated = [_dated(programme) for programme in content.programmes]
    columns = content.verges["id"], content.verges["programme"]
    return {verge: dated[at] for verge, at in zip(*columns, strict=True)}


def _dated(programme: Programme) -> dict[int, Window]:
    return {cut.number: cut.window for cut in programme if cut.window}


def _moves(old: Mapping[int, Window], now: Mapping[int, Window]) -> dict[str, str]:
    numbers = {window: number for number, window in now.items()}
    effects = {}
    for number, window in old.items():
        if now.get(number) == window:
            continue
        if window in numbers:
            effects[str(number)] = f"cut {number} becomes cut {numbers[window]}"
        elif number in now:
            moved = f"from {_words(window)} to {_words(now[number])}"
            effects[str(number)] = f"cut {number} moves {moved}"
        else:
            effects[str(number)] = f"cut {number} of {_words(window)} is not in the file"
    return effects


def _words(window: Window) -> str:
    start, end = full_date(window.start), full_date(window.end)
    return start if window.start == window.end else f"{start} – {end}"


def marks_at_stake(moment: Moment, effects: Disturbed, season: int | None) -> list[MarkAtStake]:
    """The marks in force that speak of what is disturbed, in the order of recording."""
    events: dict[int, Event] = {}
    of_event: dict[int, Counter[str]] = defaultdict(Counter)
    for verge, of_verge in effects.items():
        for event in moment.ledger.marks_of(verge):
            effect = _effect(event, of_verge, season)
            if effect:
                events[event.id] = event
                of_event[event.id][effect] += 1
    return [
        MarkAtStake(number, _mark_words(events[number]), _effect_words(of_event[number]))
        for number in sorted(events)
    ]


def marks_problem(council: Council, proposal: Proposal) -> Iterator[Problem]:
    """One that blocks, where publishing would take marks in force from their cut or verge."""
    draft, base = proposal.draft, proposal.base
    if draft.schedule is None or base is None:
        return
    effects = disturbed(draft.schedule, council.store.editions.schedule(base))
    found = marks_at_stake(council.moment, effects, draft.season) if effects else []
    if found:
        yield Problem(
            "marks",
            Message(
                "marks_at_stake",
                marks=len(found),
                first=found[0].words,
                effect=found[0].effects[0],
            ),
            blocks=True,
        )


def _effect(event: Event, of_verge: Mapping[str, str], season: int | None) -> str:
    if event.season != season:
        return ""
    return of_verge.get(GONE, "") or of_verge.get(str(event.cut), "")


def _mark_words(event: Event) -> str:
    what = event.kind.replace("_", " ")
    cut = f", cut {event.cut}," if event.cut is not None else ""
    target = f"{event.target.level.capitalize()} {event.target.code}"
    return f"{target}{cut} {what} on {full_date(event.on)}"


def _effect_words(found: Counter[str]) -> tuple[str, ...]:
    return tuple(
        f"{effect} ({counted(number, 'verges')})" for effect, number in found.most_common()
    )
