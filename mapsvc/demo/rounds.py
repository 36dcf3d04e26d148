"""The rounds of the season 2026 and which verge is in which; what was done is in `marks`."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mapsvc.demo.council import InventedCouncil
from mapsvc.demo.curves import Point, apart
from mapsvc.demo.grass import BULBS, GREEN, RURAL, SPLAY, URBAN, WILD, InventedVerge
from mapsvc.demo.keepers import NATIONAL, OURS
from mapsvc.demo.land import Settlement

SEASON = 2026
FIRST_MONDAY = date(SEASON, 3, 2)
REASONS = ("Contact Parish Council", "New estate, not yet adopted", "Dates to be agreed", "N/A")
"""What stands in place of dates; staff of the demo have let residents read it."""
KINDS = {"U": URBAN, "R": RURAL, "V": SPLAY, "A": GREEN, "W": WILD, "B": BULBS}


@dataclass(frozen=True)
class PlannedDays:
    """The days a cut is planned for, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class DemoRound:
    """What one crew cuts together, with its cuts in order; none where only a frequency is known."""

    code: str
    frequency: str
    tracked: bool
    cuts: tuple[PlannedDays, ...]


def _weeks(start: int, weeks: int = 1) -> PlannedDays:
    """Monday to Friday, `start` weeks after the season's first Monday."""
    monday = FIRST_MONDAY + timedelta(weeks=start)
    return PlannedDays(monday, monday + timedelta(weeks=weeks, days=-3))


def _urban(n: int) -> DemoRound:
    """Seven cuts five weeks apart, or eight cuts four weeks apart; every fifth is not tracked."""
    gap, count = (4, 8) if n % 3 == 0 else (5, 7)
    cuts = tuple(_weeks(n % gap + gap * k) for k in range(count))
    return DemoRound("U", f"every {gap} weeks from March to October", n % 5 != 4, cuts)


def _rural(n: int) -> DemoRound:
    """Two or three long windows; the first four in ten are tracked."""
    plans = (
        ("three times a year", (_weeks(10, 3), _weeks(19, 3), _weeks(28, 3))),
        ("twice a year", (_weeks(14, 3), _weeks(28, 3))),
        ("twice a year", (_weeks(18, 3), _weeks(29, 3))),
    )
    words, cuts = plans[n % 3]
    return DemoRound("R", words, n % 10 < 4, cuts)


def _splays(n: int) -> DemoRound:
    cuts = (_weeks(6, 2), _weeks(13 - n % 3, 2), _weeks(20, 2), _weeks(28, 2))
    return DemoRound("V", "four times a year", n % 5 != 4, cuts)


def _greens(n: int) -> DemoRound:
    cuts = tuple(_weeks(n % 4 + 4 * k) for k in range(8))
    return DemoRound("A", "every 4 weeks from March to October", True, cuts)


def _wildflowers(n: int) -> DemoRound:
    cuts = (_weeks(18), _weeks(29)) if n % 2 == 0 else (_weeks(24, 3),)
    return DemoRound("W", "once the flowers have seeded", False, cuts)


def _bulbs(n: int) -> DemoRound:
    return DemoRound("B", "before and after the bulbs flower", True, (_weeks(0), _weeks(7)))


def _frequent(n: int) -> DemoRound:
    return DemoRound("F", "every 15 working days from March to October", False, ())


def _of_others(n: int) -> DemoRound:
    return DemoRound("D", "monthly", False, tuple(_weeks(5 * k) for k in range(6)))


PLANS: dict[str, Callable[[int], DemoRound]] = {
    "U": _urban,
    "R": _rural,
    "V": _splays,
    "A": _greens,
    "W": _wildflowers,
    "B": _bulbs,
    "F": _frequent,
    "D": _of_others,
}


def make_rounds(council: InventedCouncil) -> list[DemoRound]:
    """Every round, with codes such as U01."""
    return [
        replace(PLANS[letter](n), code=f"{letter}{n + 1:02d}")
        for letter, count in council.scale.rounds.items()
        for n in range(count)
    ]


def assign_rounds(council: InventedCouncil, verges: Sequence[InventedVerge]) -> list[InventedVerge]:
    """The verges with their round, frequency, rest window, own dates or reason."""
    rng = council.rng("rounds")
    beats = {letter: _beats(council, letter) for letter in KINDS}
    return [_assigned(rng, verge, beats, council.scale.rounds) for verge in verges]


def _assigned(
    rng: random.Random, verge: InventedVerge, beats: dict[str, list[Point]], counts: dict[str, int]
) -> InventedVerge:
    if verge.keeper != OURS:
        return _of_another(rng, verge, counts)
    letter = next(letter for letter, kind in KINDS.items() if kind == verge.kind)
    chance = rng.random()
    if verge.kind == URBAN and chance < 0.035:
        return _without_round(rng, verge)
    if verge.kind in (URBAN, GREEN) and chance < 0.09:
        n = rng.randrange(counts["F"]) + 1
        return replace(verge, round=f"F{n:02d}", frequency=_frequent(n).frequency)
    nearest = min(range(len(beats[letter])), key=lambda n: apart(beats[letter][n], verge.spot))
    return replace(verge, round=f"{letter}{nearest + 1:02d}", rest=_rest(rng, verge))


def _of_another(rng: random.Random, verge: InventedVerge, counts: dict[str, int]) -> InventedVerge:
    """Most keepers give no dates; the district gives its round, some send people to the clerk."""
    if verge.keeper == "DIST":
        return replace(verge, round=f"D{rng.randrange(counts['D']) + 1:02d}")
    if verge.keeper.startswith("PC") and rng.random() < 0.5:
        return replace(verge, reason="Contact Parish Council")
    if verge.keeper == NATIONAL:
        return replace(verge, frequency="twice a year")
    return verge


def _without_round(rng: random.Random, verge: InventedVerge) -> InventedVerge:
    """Own dates, or a reason in their place as schedules have it."""
    if rng.random() < 0.4:
        first = rng.randrange(4, 12)
        windows = (_weeks(first), _weeks(first + 7), _weeks(first + 15))
        cuts = tuple((w.start.isoformat(), w.end.isoformat()) for w in windows)
        return replace(verge, cuts=cuts)
    return replace(verge, reason=rng.choice(REASONS))


def _rest(rng: random.Random, verge: InventedVerge) -> tuple[str, str, str]:
    """No Mow May for some grass in towns; wild flowers until the end of June."""
    if verge.kind == WILD and rng.random() < 0.7:
        return f"{SEASON}-04-01", f"{SEASON}-06-30", "so wild flowers can seed"
    if verge.kind in (URBAN, GREEN) and rng.random() < 0.03:
        return f"{SEASON}-05-01", f"{SEASON}-05-31", "No Mow May"
    if verge.kind == RURAL and rng.random() < 0.04:
        return f"{SEASON}-05-01", f"{SEASON}-07-15", "while ground-nesting birds have their young"
    return "", "", ""


def _beats(council: InventedCouncil, letter: str) -> list[Point]:
    """The middles of the rounds of one kind; each verge goes to the nearest."""
    count = council.scale.rounds[letter]
    if letter == "U":
        return _urban_beats(council.sites, council.scale.towns, count)
    spread = council.sites[:: max(1, len(council.sites) // count)]
    return [site.centre for site in spread[:count]]


def _urban_beats(sites: Sequence[Settlement], towns: int, count: int) -> list[Point]:
    """Two thirds of the rounds in towns by their size, as sectors; the rest among villages."""
    people = sum(site.streets for site in sites[:towns])
    beats: list[Point] = []
    for site in sites[:towns]:
        sectors = max(1, round(site.streets / people * count * 0.66))
        beats += [_sector(site, k, sectors) for k in range(sectors)]
    villages = sites[towns:]
    lack = count - len(beats)
    return beats + [villages[k * len(villages) // lack].centre for k in range(lack)]


def _sector(site: Settlement, k: int, sectors: int) -> Point:
    if sectors == 1:
        return site.centre
    angle, away = 2 * math.pi * k / sectors + site.ripple, 0.6 * site.radius
    return site.centre[0] + away * math.cos(angle), site.centre[1] + away * math.sin(angle)
