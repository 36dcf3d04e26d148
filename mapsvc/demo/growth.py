"""How streets grow off one another, one at a time, keeping clear of what is there already.

A street leaves its parent at about a right angle, bends as its habit says, and ends where it
meets another ahead of it, at its length (a close), or at the edge of what is built-up.
"""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mapsvc.demo.curves import Path, Point, bearing, length, towards, turn

CELL = 48
STEP = 16.0
NO_ENTRY = -1
"""The owner of ground that is kept clear of and never joined: the river, the trunk road."""


@dataclass(frozen=True)
class Habit:
    """How streets of one kind grow: metres, and radians a metre."""

    kind: str
    clearance: float
    shortest: float
    longest: float
    bend: float
    wobble: float
    joins: float = 1.0


CORE = Habit("core", 46, 70, 330, 1 / 700, 0.03)
COLLECTOR = Habit("collector", 135, 220, 1200, 1 / 900, 0.02)
LOCAL = Habit("local", 60, 100, 460, 1 / 330, 0.025)
CRESCENT = Habit("crescent", 50, 150, 520, 1 / 85, 0.0)
CLOSE = Habit("close", 40, 60, 170, 1 / 110, 0.04, joins=0.12)
LANE = Habit("lane", 190, 300, 2600, 1 / 700, 0.09)


@dataclass
class GrowingStreet:
    """One street while it grows; `settlement` is None in the open country.

    `joints` are the vertices where others meet it, which simplifying must keep.
    """

    kind: str
    path: Path
    settlement: int | None
    parent: int | None = None
    name: str = ""
    road_number: str = ""
    theme: int = 0
    spurs: list[Path] = field(default_factory=list)
    joints: set[Point] = field(default_factory=set)


class DrawnLines:
    """All lines so far, with a grid over their vertices to find what is near."""

    def __init__(self) -> None:
        self.lines: list[GrowingStreet] = []
        self._cells: dict[tuple[int, int], list[tuple[float, float, int]]] = {}

    def add(self, line: GrowingStreet) -> int:
        """The number of the line, now part of the ground."""
        self.lines.append(line)
        self.occupy(line.path, len(self.lines) - 1)
        return len(self.lines) - 1

    def occupy(self, path: Iterable[Point], owner: int) -> None:
        for x, y in path:
            self._cells.setdefault((int(x // CELL), int(y // CELL)), []).append((x, y, owner))

    def nearest(self, spot: Point, within: float, but: int | None) -> tuple[Point, int] | None:
        """The nearest vertex less than `within` metres away that is not of line `but`."""
        x, y = spot
        best, found = within * within, None
        span = range(-int(within // CELL) - 1, int(within // CELL) + 2)
        column, row = int(x // CELL), int(y // CELL)
        for i in span:
            for j in span:
                for px, py, owner in self._cells.get((column + i, row + j), ()):
                    gap = (px - x) ** 2 + (py - y) ** 2
                    if gap < best and owner != but:
                        best, found = gap, ((px, py), owner)
        return found


@dataclass(frozen=True)
class Shoot:
    """Where a street may begin: a vertex of its parent, and a bearing away from it."""

    parent: int
    start: Point
    bearing: float


def shoot_from(rng: random.Random, ground: DrawnLines, parent: int) -> Shoot | None:
    """A place on the parent to leave from, to either side, not at its ends."""
    path = ground.lines[parent].path
    if len(path) < 5:
        return None
    at = rng.randrange(2, len(path) - 2)
    along = bearing(path[at - 1], path[at + 1])
    side = rng.choice((-1, 1)) * math.pi / 2
    return Shoot(parent, path[at], along + side + rng.gauss(0, 0.08))


def grow(
    rng: random.Random,
    ground: DrawnLines,
    shoot: Shoot,
    habit: Habit,
    is_open: Callable[[Point], bool],
) -> Path | None:
    """The path of a new street from `shoot`, or None where there is no room for one."""
    probe = towards(shoot.start, shoot.bearing, habit.clearance)
    if not is_open(probe) or ground.nearest(probe, 0.8 * habit.clearance, shoot.parent):
        return None
    path, meeting = _advance(rng, ground, shoot, habit, is_open)
    if meeting and rng.random() < habit.joins:
        path.append(meeting[0])
        ground.lines[meeting[1]].joints.add(meeting[0])
    return path if length(path) >= habit.shortest else None


def _advance(
    rng: random.Random,
    ground: DrawnLines,
    shoot: Shoot,
    habit: Habit,
    is_open: Callable[[Point], bool],
) -> tuple[Path, tuple[Point, int] | None]:
    """The steps until something is in the way, and what can be joined there."""
    path, heading = [shoot.start], shoot.bearing
    bend = _bend(rng, habit)
    for count in range(1, int(rng.uniform(habit.shortest, habit.longest) / STEP) + 1):
        heading += bend * STEP + rng.gauss(0, habit.wobble)
        spot = towards(path[-1], heading, STEP)
        if not is_open(spot):
            break
        near = ground.nearest(spot, habit.clearance, _ignored(shoot, habit, count))
        if near:
            return path, near if _can_join(ground, path[-1], heading, near) else None
        path.append(spot)
    return path, None


def _bend(rng: random.Random, habit: Habit) -> float:
    """A crescent turns all the way; others by chance."""
    if habit.kind == "crescent":
        return rng.choice((-1, 1)) * habit.bend * rng.uniform(0.8, 1.2)
    return rng.uniform(-1, 1) * habit.bend


def _ignored(shoot: Shoot, habit: Habit, steps: int) -> int | None:
    """The parent, until the street has come far enough to meet it again."""
    return shoot.parent if steps * STEP < 2.2 * habit.clearance else None


def _can_join(ground: DrawnLines, spot: Point, heading: float, near: tuple[Point, int]) -> bool:
    """Whether what is near lies ahead, at no corner of other streets."""
    joint, owner = near
    if owner == NO_ENTRY or turn(bearing(spot, joint), heading) > 0.9:
        return False
    return ground.nearest(joint, 24, owner) is None
