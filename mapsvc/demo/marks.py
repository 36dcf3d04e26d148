"""What crews and the office recorded up to the day of the demonstration, in order of recording.

Written so that every status stands somewhere on that day (design, section 4).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mapsvc.demo.council import InventedCouncil
from mapsvc.demo.grass import BULBS, SPLAY, InventedVerge
from mapsvc.demo.keepers import OURS
from mapsvc.demo.rounds import SEASON, DemoRound, PlannedDays

DAY = date(SEASON, 6, 17)
"""The day of the demonstration, a Wednesday. Nothing is recorded on it or later."""

HOLIDAYS = {date(SEASON, *day) for day in ((4, 3), (4, 6), (5, 4), (5, 25))}
"""The bank holidays of the spring, when no crew is out."""

OBSTACLES = (
    "vehicles were parked on it",
    "the ground was too wet for the mower",
    "a skip was standing on it",
    "scaffolding was in the way",
    "a gas main was being repaired",
)
HOLD_UPS = (
    "a mower broke down",
    "two of the crew are ill",
    "the tractor is waiting for a part",
    "wet weather stopped the crews",
)


@dataclass(frozen=True)
class EventRow:
    """One row of the events' file."""

    target: str
    kind: str
    on: date
    at: datetime
    cut: int | None = None
    reason: str = ""
    expected: date | None = None
    until: date | None = None


def make_marks(
    council: InventedCouncil, rounds: Sequence[DemoRound], verges: Sequence[InventedVerge]
) -> list[EventRow]:
    """All marks and pauses, the first recorded first."""
    rng = council.rng("marks")
    marks = [mark for n, r in enumerate(rounds) if r.tracked for mark in _of_round(rng, n, r)]
    marks += _of_streets(rng, rounds, verges)
    marks += _of_single_verges(rng, rounds, verges)
    marks += _pauses(rng, council)
    # A small land has more rounds than grass for them.
    empty = {f"round:{r.code}" for r in rounds} - {f"round:{verge.round}" for verge in verges}
    marks = [mark for mark in marks if mark.target not in empty]
    return sorted(marks, key=lambda mark: (mark.at, mark.target, mark.kind))


def _recorded(rng: random.Random, on: date, late: int = 0) -> datetime:
    """A time of recording: the afternoon of the day, or of a working day `late` days after."""
    day = on + timedelta(days=late)
    return datetime.combine(day, time(14 + rng.randrange(2), rng.randrange(60), rng.randrange(60)))


def _working(day: date, step: int) -> date:
    """The day itself, or the next working day before (-1) or after (1) a holiday."""
    while day in HOLIDAYS or day.weekday() > 4:
        day += timedelta(days=step)
    return day


def _mark(
    rng: random.Random, target: str, kind: str, on: date, cut: int, **rest: object
) -> EventRow:
    """A mark of a cut; Friday's are often recorded on Monday."""
    on = _working(on, 1 if kind == "started" else -1)
    monday = _working(on + timedelta(days=3), 1)
    late = (monday - on).days if on.weekday() == 4 and rng.random() < 0.5 else 0
    return EventRow(target, kind, on, _recorded(rng, on, late), cut, **rest)  # type: ignore[arg-type]


def _of_round(rng: random.Random, n: int, of: DemoRound) -> Iterator[EventRow]:
    """Earlier cuts done, one now and then never marked; the cut of these days as `_current`."""
    begun = [k for k, window in enumerate(of.cuts, 1) if window.start < DAY]
    for k in begun:
        window = of.cuts[k - 1]
        is_current = k == begun[-1] and (DAY - window.end).days < 40
        if is_current:
            yield from _current(rng, n, f"round:{of.code}", k, window)
        elif rng.random() < 0.96:
            yield from _finished(rng, f"round:{of.code}", k, window)


def _finished(rng: random.Random, target: str, cut: int, window: PlannedDays) -> Iterator[EventRow]:
    """Started on the first day in one of three, done on one of the last two."""
    if rng.random() < 0.33:
        yield _mark(rng, target, "started", window.start, cut)
    yield _mark(rng, target, "done", window.end - timedelta(days=rng.randrange(2)), cut)


def _current(
    rng: random.Random, n: int, target: str, cut: int, window: PlannedDays
) -> Iterator[EventRow]:
    """The cut that stands on the day: by turns done, begun, delayed or not marked at all."""
    turn = n % 5
    if window.end >= DAY:
        if turn in (1, 3):
            yield _mark(rng, target, "started", max(window.start, date(SEASON, 6, 15)), cut)
    elif (DAY - window.end).days < 8:
        yield from _last_week(rng, n, turn, target, cut, window)
    elif turn == 2 and n % 4:
        yield _delayed(rng, n, target, cut, window, date(SEASON, 6, 26) if n % 2 else None)
    elif turn in (0, 1, 3):
        yield from _finished(rng, target, cut, window)


def _last_week(
    rng: random.Random, n: int, turn: int, target: str, cut: int, window: PlannedDays
) -> Iterator[EventRow]:
    if turn in (0, 1):
        yield _mark(rng, target, "done", window.end - timedelta(days=1), cut)
    elif turn == 2:
        yield _mark(rng, target, "started", window.start + timedelta(days=1), cut)
    elif turn == 3:
        yield _delayed(rng, n, target, cut, window, date(SEASON, 6, 26))


def _delayed(
    rng: random.Random, n: int, target: str, cut: int, window: PlannedDays, expected: date | None
) -> EventRow:
    reason = HOLD_UPS[n % len(HOLD_UPS)]
    return _mark(rng, target, "delayed", window.end, cut, reason=reason, expected=expected)


def _last_begun(of: DemoRound, before: date) -> tuple[int, PlannedDays] | None:
    """The last cut that began before the day, with its number."""
    begun = [(k, window) for k, window in enumerate(of.cuts, 1) if window.start < before]
    return begun[-1] if begun else None


def _of_streets(
    rng: random.Random, rounds: Sequence[DemoRound], verges: Sequence[InventedVerge]
) -> Iterator[EventRow]:
    """Single streets that were missed, or done while the rest of the round was not."""
    by_code = {of.code: of for of in rounds}
    streets = _streets_of_one_round(verges)
    for usrn in rng.sample(sorted(streets), min(36, len(streets))):
        found = _last_begun(by_code[streets[usrn]], date(SEASON, 6, 12))
        if found is None:
            continue
        cut, window = found
        on = min(window.start + timedelta(days=rng.randrange(4)), date(SEASON, 6, 16))
        kind = rng.choice(("missed", "missed", "done", "part_done"))
        reason = rng.choice(OBSTACLES) if kind == "missed" else ""
        yield _mark(rng, f"street:{usrn}", kind, on, cut, reason=reason)


def _streets_of_one_round(verges: Sequence[InventedVerge]) -> dict[str, str]:
    """USRN → round, for streets whose grass is all ours, in one round, by its dates."""
    rounds: dict[str, set[str]] = {}
    for verge in verges:
        is_plain = verge.keeper == OURS and verge.round[:1] in ("U", "R", "A") and not verge.rest[0]
        rounds.setdefault(verge.street.usrn, set()).add(verge.round if is_plain else "")
    return {
        usrn: codes.pop() for usrn, codes in rounds.items() if len(codes) == 1 and "" not in codes
    }


def _of_single_verges(
    rng: random.Random, rounds: Sequence[DemoRound], verges: Sequence[InventedVerge]
) -> Iterator[EventRow]:
    """Junctions that were blocked on the day, some cut a few days later; own dates, marked."""
    by_code = {of.code: of for of in rounds}
    splays = [verge for verge in verges if verge.kind == SPLAY and verge.keeper == OURS]
    for n, verge in enumerate(rng.sample(splays, min(20, len(splays)))):
        found = _last_begun(by_code[verge.round], date(SEASON, 6, 9))
        if found:
            cut, window = found
            target, on = f"verge:{verge.id}", window.start + timedelta(days=1)
            reason = rng.choice(OBSTACLES)
            yield _mark(rng, target, "missed", on, cut, reason=reason)
            if n % 2:
                yield _mark(rng, target, "done", on + timedelta(days=2), cut)
    for verge in [verge for verge in verges if verge.kind == BULBS and verge.round][::5]:
        last = len(by_code[verge.round].cuts)
        on = by_code[verge.round].cuts[-1].start
        yield _mark(rng, f"verge:{verge.id}", "missed", on, last, reason=OBSTACLES[1])
    for verge in [verge for verge in verges if verge.cuts][::3]:
        start = date.fromisoformat(verge.cuts[0][0])
        if start < date(SEASON, 6, 12):
            yield _mark(rng, f"verge:{verge.id}", "done", start, 1)


def _pauses(rng: random.Random, council: InventedCouncil) -> Iterator[EventRow]:
    """Pauses with an end and without, of everything, a kind, places and a round."""
    villages = [site.name for site in council.sites[council.scale.towns :]]

    def pause(target: str, on: date, reason: str, until: date | None = None) -> EventRow:
        return EventRow(target, "suspended", on, _recorded(rng, on), None, reason, None, until)

    def june(day: int) -> date:
        return date(SEASON, 6, day)

    yield pause("all", date(SEASON, 5, 13), "crews were clearing storm damage", date(SEASON, 5, 14))
    yield pause("kind:amenity", june(15), "the summer fairs use the greens", june(19))
    yield pause(f"place:{villages[0]}", june(5), "the ground is waterlogged", june(30))
    yield pause(f"place:{villages[2]}", june(8), "a water main is being replaced")
    yield pause(f"place:{villages[4]}", date(SEASON, 5, 18), "the river was in flood")
    on = date(SEASON, 5, 27)
    yield EventRow(f"place:{villages[4]}", "resumed", on, _recorded(rng, on))
    yield pause("round:R02", june(10), "a pair of skylarks is nesting", june(26))
