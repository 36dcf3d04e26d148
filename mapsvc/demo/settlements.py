"""The streets of a settlement: main streets where the roads meet, then growth, then names."""

import math
import random
from collections.abc import Callable, Iterator, Sequence

from mapsvc.demo.curves import Path, Point, apart, bearing, smooth, towards, turn
from mapsvc.demo.growth import (
    CLOSE,
    COLLECTOR,
    CORE,
    CRESCENT,
    LANE,
    LOCAL,
    DrawnLines,
    GrowingStreet,
    Habit,
    grow,
    shoot_from,
)
from mapsvc.demo.land import Scale, Settlement, in_outline
from mapsvc.demo.names import FARMS, LANES, VILLAGE_SPINE, StreetNames
from mapsvc.demo.roads import STEP_OF_ROADS, Road, main_streets

SHARES = ((CORE, 0.1), (COLLECTOR, 0.2), (LOCAL, 0.6), (CRESCENT, 0.7), (CLOSE, 1.0))
"""Each habit in its turn, and the share of the settlement's streets that stand when it ends."""


def build_settlement(
    rng: random.Random,
    site: Settlement,
    sites: Sequence[Settlement],
    roads: Sequence[Road],
    ground: DrawnLines,
) -> None:
    """All streets of the settlement, named, added to the ground."""
    names = StreetNames(rng, site.kind == "town")
    first = len(ground.lines)
    _lay_main_streets(rng, site, sites, roads, ground, names)
    if site.kind == "town":
        _lay_ring(rng, site, roads, ground)
    for habit, share in SHARES:
        goal = first + max(1, round(site.streets * share))
        _grow_until(rng, site, ground, habit, first, goal)
    _grow_until(rng, site, ground, CLOSE, first, first + site.streets)
    for number in range(first, len(ground.lines)):
        if not ground.lines[number].name:
            _name(rng, ground, number, names)


def _lay_main_streets(
    rng: random.Random,
    site: Settlement,
    sites: Sequence[Settlement],
    roads: Sequence[Road],
    ground: DrawnLines,
    names: StreetNames,
) -> None:
    arms = main_streets(site, roads)
    spine = _straightest(site, [path for _, path in arms])
    if len(spine) == 2:
        _lay_spine(rng, site, arms[spine[0]], arms[spine[1]], sites, ground, names)
    for i, arm in enumerate(arms):
        if i not in spine or len(spine) == 1:
            _lay_arm(site, arm, sites, ground, names)


def _lay_ring(
    rng: random.Random, site: Settlement, roads: Sequence[Road], ground: DrawnLines
) -> None:
    """Roads from one main street to the next, about half-way out, where the gap is not too wide."""
    at = int(rng.uniform(0.5, 0.65) * site.radius / STEP_OF_ROADS)
    ends = [path[at] for _, path in main_streets(site, roads) if len(path) > at]
    ends.sort(key=lambda end: bearing(site.centre, end))
    for one, other in zip(ends, [*ends[1:], ends[0]], strict=True):
        start = bearing(site.centre, one)
        sweep = (bearing(site.centre, other) - start) % (2 * math.pi)
        if 0.5 < sweep < 1.9:
            path = smooth(_arc(rng, site.centre, one, other, sweep), STEP_OF_ROADS)
            ground.add(GrowingStreet("collector", path, site.number, theme=rng.randrange(1000)))


def _arc(rng: random.Random, centre: Point, one: Point, other: Point, sweep: float) -> Path:
    """Controls round the centre from one point to the other, a little out of true."""
    start, near, far = bearing(centre, one), apart(centre, one), apart(centre, other)
    turns = (0.25, 0.5, 0.75)
    inner = [
        towards(centre, start + sweep * t, (near + (far - near) * t) * rng.uniform(0.93, 1.07))
        for t in turns
    ]
    return [one, *inner, other]


def _straightest(site: Settlement, arms: Sequence[Path]) -> list[int]:
    """The two arms that make the straightest way through the middle."""
    if len(arms) < 2:
        return list(range(len(arms)))
    ahead = [bearing(arm[0], arm[min(6, len(arm) - 1)]) for arm in arms]
    pairs = [(i, j) for i in range(len(arms)) for j in range(i + 1, len(arms))]
    i, j = max(pairs, key=lambda pair: turn(ahead[pair[0]], ahead[pair[1]]))
    return [i, j]


def _lay_spine(
    rng: random.Random,
    site: Settlement,
    one: tuple[Road, Path],
    other: tuple[Road, Path],
    sites: Sequence[Settlement],
    ground: DrawnLines,
    names: StreetNames,
) -> None:
    """The street through the middle; what is beyond it is named for where it leads."""
    half = len(one[1]) + len(other[1])
    half = half if site.kind != "town" else int(260 / STEP_OF_ROADS)
    path = [*one[1][half:0:-1], *other[1][: half + 1]]
    title = "High Street" if site.kind == "town" else _spine_name(rng, site)
    names.take(title)
    number = one[0].number or other[0].number
    ground.add(GrowingStreet("main", path, site.number, name=title, road_number=number))
    for road, arm in (one, other):
        if len(arm) > half + 3:
            _lay_arm(site, (road, arm[half:]), sites, ground, names)


def _spine_name(rng: random.Random, site: Settlement) -> str:
    """Main Street in two villages of three, so that its name alone finds none of them."""
    return VILLAGE_SPINE[(site.number + rng.randrange(2)) % len(VILLAGE_SPINE)]


def _lay_arm(
    site: Settlement,
    arm: tuple[Road, Path],
    sites: Sequence[Settlement],
    ground: DrawnLines,
    names: StreetNames,
) -> None:
    """A main street from the middle outwards: the old part, then the road to where it leads."""
    road, path = arm
    inner = min(len(path), int(320 / STEP_OF_ROADS)) if site.kind == "town" else 0
    if inner > 6 and len(path) - inner > 6 and apart(path[0], site.centre) < 50:
        title = names.stock()
        ground.add(
            GrowingStreet("main", path[: inner + 1], site.number, None, title or "", road.number)
        )
        path = path[inner:]
    title = names.take(_leads_to(site, road, sites)) or names.stock()
    ground.add(GrowingStreet("main", path, site.number, None, title or "", road.number))


def _leads_to(site: Settlement, road: Road, sites: Sequence[Settlement]) -> str:
    if road.b is None:
        return "Station Road"
    return f"{sites[road.b if road.a == site.number else road.a].name} Road"


def _grow_until(
    rng: random.Random, site: Settlement, ground: DrawnLines, habit: Habit, first: int, goal: int
) -> None:
    """Streets of one habit until there are `goal`, or this habit finds no more room.

    Closes fill what is left, so they alone stretch the settlement until the goal is met.
    """
    stretch, misses = 1.0, 0
    patience = 60 + 4 * (len(ground.lines) - first) ** 0.5
    while len(ground.lines) < goal:
        if _grow_one(rng, site, ground, habit, first, stretch):
            misses = 0
            continue
        misses += 1
        if misses > patience and habit is not CLOSE:
            return
        if misses > patience:
            stretch, misses = stretch * 1.08, 0
            habit_of_fringe = LOCAL if rng.random() < 0.5 else CLOSE
            _grow_one(rng, site, ground, habit_of_fringe, first, stretch)
            if stretch > 3:
                return


def _grow_one(
    rng: random.Random,
    site: Settlement,
    ground: DrawnLines,
    habit: Habit,
    first: int,
    stretch: float,
) -> bool:
    parent = rng.randrange(first, len(ground.lines))
    shoot = shoot_from(rng, ground, parent)
    if shoot is None or (
        habit is CORE and apart(shoot.start, site.centre) > max(120, 0.4 * site.radius)
    ):
        return False
    path = grow(rng, ground, shoot, habit, lambda spot: site.holds(spot, stretch))
    if path is None:
        return False
    _plant(rng, ground, habit, parent, path, site.number)
    return True


def _plant(
    rng: random.Random, ground: DrawnLines, habit: Habit, parent: int, path: Path, where: int | None
) -> None:
    """The path as a line of its parent's estate; one in twenty starts a new estate."""
    ground.lines[parent].joints.add(path[0])
    theme = ground.lines[parent].theme
    if habit in (COLLECTOR, CORE) or rng.random() < 0.05:
        theme = rng.randrange(1000)
    ground.add(GrowingStreet(habit.kind, path, where, parent, theme=theme))


def _name(rng: random.Random, ground: DrawnLines, number: int, names: StreetNames) -> None:
    """Old names near the middle, the parent's family for some closes, else the estate's theme."""
    line = ground.lines[number]
    kind = line.kind if line.kind != "main" else "collector"
    if kind in ("core", "collector") and (old := names.stock()):
        line.name = old
        return
    parent = ground.lines[line.parent] if line.parent is not None else line
    stem = parent.name.rpartition(" ")[0]
    if kind == "close" and parent.kind in ("local", "crescent") and rng.random() < 0.35:
        line.name = names.family(stem, kind) or ""
    line.name = line.name or names.fresh(line.theme, kind)[1]


def lay_lanes(
    rng: random.Random, scale: Scale, sites: Sequence[Settlement], ground: DrawnLines, goal: int
) -> None:
    """Farm lanes off the open roads until the ground has `goal` lines."""
    is_open = _open_country(scale, sites)
    farms = _farm_names(rng)
    roads = [i for i, line in enumerate(ground.lines) if line.kind == "road"]
    while len(ground.lines) < goal:
        parent = rng.choice(roads)
        shoot = shoot_from(rng, ground, parent)
        path = grow(rng, ground, shoot, LANE, is_open) if shoot else None
        if path:
            _plant(rng, ground, LANE, parent, path, None)
            ground.lines[-1].name = next(farms)
            roads.append(len(ground.lines) - 1)


def _open_country(scale: Scale, sites: Sequence[Settlement]) -> Callable[[Point], bool]:
    """Whether a point is clear of all settlements; those near a square are looked up once."""
    near: dict[tuple[int, int], list[Settlement]] = {}

    def is_open(spot: Point) -> bool:
        square = int(spot[0] // 1000), int(spot[1] // 1000)
        if square not in near:
            near[square] = [s for s in sites if apart(s.centre, spot) < 2 * s.radius + 1500]
        return in_outline(scale, spot, 250) and not any(s.holds(spot, 1.25) for s in near[square])

    return is_open


def _farm_names(rng: random.Random) -> Iterator[str]:
    while True:
        yield rng.choice(LANES) if rng.random() < 0.5 else f"{rng.choice(FARMS)} Farm Lane"
