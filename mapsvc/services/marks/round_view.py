"""A round as staff see it on a day: the cut at hand, its streets, and what was marked for them.

Reads, never writes; what staff record is in `crew_marks`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

from mapsvc.domain.events import MARKS, Event, Target
from mapsvc.domain.schedule import Cut, Programme, Round, Verge, cuts_outside_rest
from mapsvc.domain.status import CutKey, Status, VergeStatus, verdict_of
from mapsvc.errors import NotFound
from mapsvc.services.answers.teller import Answers, Teller

Value = TypeVar("Value")
NO_STREET = "Grass without a street"


@dataclass(frozen=True, slots=True)
class RoundPart:
    """The grass of one street within a round, for one cut.

    `state` is `left`, `done`, `missed` or `resting`; `mark` the newest mark that decided it.
    `place` is the village or town, empty where none is known.
    """

    target: Target
    name: str
    verges: tuple[Verge, ...]
    state: str
    mark: Event | None
    place: str
    targets: tuple[Target, ...]
    """What a mark of this part names: its street, or its verges where only they can be meant."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one person recorded at one moment: an event, or those of one tap together."""

    events: tuple[Event, ...]

    @property
    def chief(self) -> Event:
        """The event of the widest target; the others say which streets it left out."""
        return max(self.events, key=lambda event: (event.target.level == "round", -event.id))

    @property
    def at(self) -> datetime:
        return self.chief.at

    @property
    def by(self) -> str:
        return self.chief.by


class Held(NamedTuple):
    """By which pause grass is held on a day: its first day, its last if it is known, and why."""

    since: date | None
    until: date | None
    reason: str


@dataclass(frozen=True)
class Work:
    """A round on a day, for one of its cuts. `cut` is None where the round has no dates.

    `held` are the verges that a pause holds.
    """

    round: Round
    on: date
    status: Status
    words: str
    cut: Cut | None
    cuts: Programme
    parts: tuple[RoundPart, ...]
    steps: tuple[Step, ...]
    held: Mapping[str, Held]

    @cached_property
    def pauses(self) -> Counter[Held]:
        """The pauses that hold grass of this round, each with the number of its streets."""
        return Counter(pause for part in self.parts for pause in self.pauses_of(part))

    @cached_property
    def is_paused(self) -> bool:
        """Whether all of it is held, but for what is left to grow anyway."""
        open_parts = [part for part in self.parts if part.state != "resting"]
        return bool(self.pauses) and all(map(self.is_held, open_parts))

    def is_held(self, part: RoundPart) -> bool:
        """Whether a pause holds all grass of a street."""
        return all(verge.id in self.held for verge in part.verges)

    def pauses_of(self, part: RoundPart) -> set[Held]:
        """The pauses that hold grass of a street."""
        return {self.held[verge.id] for verge in part.verges if verge.id in self.held}

    @cached_property
    def places(self) -> set[str]:
        """The villages and towns of its streets."""
        return {part.place for part in self.parts}

    @cached_property
    def states(self) -> Counter[str]:
        """How many streets are in each state."""
        return Counter(part.state for part in self.parts)

    @property
    def name(self) -> str:
        return self.round.name or self.round.code

    @property
    def cut_after(self) -> Cut | None:
        """The cut that follows, once nothing is left of this one."""
        if self.cut is None or self.states["left"] or self.states["missed"]:
            return None
        later = self.cuts[self.cuts.index(self.cut) + 1 :]
        return later[0] if later else None

    @property
    def newest(self) -> Event | None:
        """The newest mark of this cut."""
        return self.steps[0].chief if self.steps else None


def work_of(answers: Answers, code: str, on: date, cut: CutKey | None = None) -> Work:
    """The round with this code, for the cut at hand unless another is asked for.

    Raises
    ------
    NotFound : when no published schedule has the round, or the round no such cut
    """
    teller = Teller(answers.council, answers.council.moment, on)
    if code not in teller.book.by_round:
        raise NotFound("no_round", round=code[:40])
    ours = our_verges(teller, code)
    found = {verge.id: answers.found(teller, verge) for verge in ours}
    chosen = _chosen(cuts_of(ours), found.values(), cut, code)
    return _work(teller, code, ours, found, chosen)


def _work(
    teller: Teller,
    code: str,
    ours: Sequence[Verge],
    found: dict[str, VergeStatus],
    chosen: Cut | None,
) -> Work:
    status = most(f.status for f in found.values()) or Status.ELSEWHERE
    example = next((v for v in ours if found[v.id].status == status), None)
    key = (chosen.season, chosen.number) if chosen else None
    return Work(
        round=teller.book.rounds.get(code) or Round(code),
        on=teller.on,
        status=status,
        words=teller.words(example, found[example.id]) if example else "",
        cut=chosen,
        cuts=cuts_of(ours),
        parts=tuple(_parts(teller, code, [v for v in ours if _has(v, key)], key)),
        steps=tuple(_steps(event for verge in ours for event in marks_of(teller, verge, key))),
        held={id: _held(f) for id, f in found.items() if f.status is Status.SUSPENDED},
    )


def _held(found: VergeStatus) -> Held:
    return Held(found.since, found.until, found.reason)


def our_verges(teller: Teller, code: str) -> list[Verge]:
    """The grass of a round that is ours to cut."""
    verges = teller.book.by_round.get(code, ())
    return [verge for verge in verges if teller.keeper_of(verge).ours]


def cuts_of(verges: Iterable[Verge]) -> Programme:
    """The dated cuts of these verges, each once with the window that most have, by start."""
    windows: dict[CutKey, Counter[Cut]] = {}
    for verge in verges:
        for cut in verge.dated_cuts:
            windows.setdefault((cut.season, cut.number), Counter())[cut] += 1
    cuts = (counted.most_common(1)[0][0] for counted in windows.values())
    return tuple(sorted(cuts, key=_start))


def _start(cut: Cut) -> tuple[date, int, int]:
    assert cut.window is not None
    return cut.window.start, cut.season, cut.number


def _chosen(
    cuts: Programme, found: Iterable[VergeStatus], asked: CutKey | None, code: str
) -> Cut | None:
    """The cut asked for, else the one at hand."""
    if asked is None:
        return cut_at_hand(cuts, found)
    for cut in cuts:
        if (cut.season, cut.number) == asked:
            return cut
    season, number = asked
    raise NotFound("no_cut_of_round", round=code, cut=number or "", season=season)


def cut_at_hand(cuts: Programme, found: Iterable[VergeStatus]) -> Cut | None:
    """The current cut of most of the grass, else the first; None where there are no dates."""
    by_key = {(cut.season, cut.number): cut for cut in cuts}
    current = most((f.season, f.cut) for f in found if f.season is not None)
    if current and current in by_key:
        return by_key[current]
    return cuts[0] if cuts else None


def most(values: Iterable[Value]) -> Value | None:
    """The value that is there most often, None of none."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None


def _has(verge: Verge, key: CutKey | None) -> bool:
    """Whether the verge's plan has the cut, also where its rest window drops it."""
    return key is None or any((cut.season, cut.number) == key for cut in verge.dated_cuts)


# Streets


def _parts(
    teller: Teller, code: str, verges: Sequence[Verge], key: CutKey | None
) -> Iterable[RoundPart]:
    of_street: dict[Target, list[Verge]] = {}
    for verge in verges:
        streets = [Target("street", street) for street in verge.streets]
        for target in streets or [Target("verge", verge.id)]:
            of_street.setdefault(target, []).append(verge)
    parts = (_part(teller, code, target, grass, key) for target, grass in of_street.items())
    return sorted(
        parts, key=lambda part: (part.place.casefold(), part.name.casefold(), part.target)
    )


def _part(
    teller: Teller, code: str, target: Target, verges: list[Verge], key: CutKey | None
) -> RoundPart:
    verdicts = {v.id: _verdict(teller, v, key) for v in verges if not _rests(teller, v, key)}
    decided = [verdict for verdict in verdicts.values() if verdict]
    return RoundPart(
        target=target,
        name=_name(teller, target, verges),
        verges=tuple(verges),
        state=_state(list(verdicts.values())),
        mark=max(decided, key=lambda event: event.newest_key, default=None),
        place=_place(teller, target),
        targets=_targets(teller, code, target, verges, decided),
    )


def _state(verdicts: Sequence[Event | None]) -> str:
    if not verdicts:
        return "resting"
    if not all(verdicts):
        return "left"
    return "done" if all(v and v.kind == "done" for v in verdicts) else "missed"


def _rests(teller: Teller, verge: Verge, key: CutKey | None) -> bool:
    if verge.rest and teller.on in verge.rest.window:
        return True
    standing = cuts_outside_rest(verge.dated_cuts, verge.rest)
    return key is not None and key not in {(cut.season, cut.number) for cut in standing}


def _verdict(teller: Teller, verge: Verge, key: CutKey | None) -> Event | None:
    key = key or (teller.on.year, None)
    return verdict_of([e for e in teller.marks_of(verge) if (e.season, e.cut) == key])


def marks_of(teller: Teller, verge: Verge, key: CutKey | None) -> list[Event]:
    """The marks of one cut that a verge has by the day, also those that do not count for it."""
    key = key or (teller.on.year, None)
    return [
        event
        for event in teller.moment.ledger.marks_of(verge.id)
        if (event.season, event.cut) == key and event.on <= teller.on and event.kind in MARKS
    ]


def _name(teller: Teller, target: Target, verges: Sequence[Verge]) -> str:
    if target.level == "verge":
        return f"{NO_STREET} ({verges[0].where or verges[0].id})"
    found = teller.moment.atlas.street(target.code)
    return found.street.full_name if found else target.code


def _place(teller: Teller, target: Target) -> str:
    found = teller.moment.atlas.street(target.code) if target.level == "street" else None
    return (found.street.locality or found.street.town) if found else ""


def _targets(
    teller: Teller, code: str, target: Target, verges: Sequence[Verge], decided: Sequence[Event]
) -> tuple[Target, ...]:
    """The street where it lies in this round alone and no verge of it was marked by itself."""
    is_whole = target.level == "street" and all(
        verge.round == code for verge in teller.book.of_street(target.code)
    )
    if is_whole and all(event.target.level != "verge" for event in decided):
        return (target,)
    return tuple(Target("verge", verge.id) for verge in verges)


# Marks


def _steps(events: Iterable[Event]) -> list[Step]:
    """The marks in steps, the newest recorded first."""
    steps: dict[tuple[str, datetime], dict[int, Event]] = {}
    for event in events:
        steps.setdefault((event.by, event.at), {})[event.id] = event
    found = [Step(tuple(dict(sorted(events.items())).values())) for events in steps.values()]
    return sorted(found, key=lambda step: step.events[-1].id, reverse=True)
