"""The invented land: its outline, where the settlements lie, the river and who touches whom.

Streets are grown on it elsewhere (`roads`, `growth`).
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from mapsvc.demo.curves import Path, Point, apart, bearing, smooth, towards, turn, winding
from mapsvc.demo.names import WELSH_VILLAGES, place_names


@dataclass(frozen=True)
class Scale:
    """How large a council: the box in EPSG:27700, streets by settlement, and totals."""

    west: float
    south: float
    east: float
    north: float
    sizes: tuple[int, ...]
    towns: int
    streets: int
    verges: int
    postcodes: int
    rounds: dict[str, int] = field(hash=False)

    @property
    def centre(self) -> Point:
        return (self.west + self.east) / 2, (self.south + self.north) / 2


NEVER_LESS, NEVER_MORE = 0.4, 1.4
"""Bounds of a settlement's reach, in radii: most questions are far outside and end there."""


@dataclass(frozen=True)
class Settlement:
    """One town, village or hamlet; `lobes` are the roads out, along which it stretches."""

    number: int
    name: str
    kind: str
    streets: int
    centre: Point
    lobes: tuple[float, ...] = ()
    ripple: float = 0.0

    @cached_property
    def radius(self) -> float:
        """Metres: a hectare for each street in a town, more in a village."""
        hectares = 1.05 if self.kind == "town" else 1.7
        return math.sqrt(self.streets * hectares * 10_000 / math.pi)

    def reach(self, towards_bearing: float) -> float:
        """Metres from the centre to the last house in that direction."""
        swell = 0.1 * math.sin(3 * towards_bearing + self.ripple)
        swell += 0.07 * math.sin(7 * towards_bearing + 2 * self.ripple)
        nearest = min((turn(towards_bearing, lobe) for lobe in self.lobes), default=math.pi)
        return self.radius * (0.9 + swell + 0.3 * math.exp(-((nearest / 0.22) ** 2)))

    def holds(self, point: Point, stretch: float = 1.0) -> bool:
        """Whether the point is built-up; `stretch` grows the settlement when it is full."""
        away = apart(self.centre, point) / self.radius
        if away < NEVER_LESS or away > NEVER_MORE * stretch:
            return away < NEVER_LESS
        return away * self.radius < stretch * self.reach(bearing(self.centre, point))


def in_outline(scale: Scale, point: Point, margin: float = 0.0) -> bool:
    """Whether the point is in the council's area: a wavy, rounded rectangle in the box."""
    middle = scale.centre
    x = (point[0] - middle[0]) / ((scale.east - scale.west) / 2 - margin)
    y = (point[1] - middle[1]) / ((scale.north - scale.south) / 2 - margin)
    angle = math.atan2(y, x)
    wave = 0.05 * math.sin(5 * angle + 1.3) + 0.03 * math.sin(11 * angle)
    return math.cbrt(abs(x) ** 3 + abs(y) ** 3) < 0.92 + wave


def place_settlements(rng: random.Random, scale: Scale) -> list[Settlement]:
    """The settlements, largest first, each with room around it."""
    placed: list[Settlement] = []
    names = place_names(rng, len(scale.sizes), scale.towns)
    for number, streets in enumerate(scale.sizes):
        kind = "town" if number < scale.towns else "village" if streets > 15 else "hamlet"
        site = Settlement(number, names[number], kind, streets, scale.centre, (), rng.uniform(0, 6))
        placed.append(_settled(rng, scale, site, placed))
    return _with_welsh_names_in_the_west(placed)


def _with_welsh_names_in_the_west(sites: Sequence[Settlement]) -> list[Settlement]:
    """The Welsh village names, given in exchange to the westernmost villages."""
    villages = sorted((s for s in sites if s.kind != "town"), key=lambda s: s.centre[0])
    names = {site.number: site.name for site in sites}
    for west, name in zip(villages, WELSH_VILLAGES, strict=False):
        holder = next((number for number, held in names.items() if held == name), west.number)
        names[holder], names[west.number] = names[west.number], name
    return [replace(site, name=names[site.number]) for site in sites]


def _settled(
    rng: random.Random, scale: Scale, site: Settlement, others: Sequence[Settlement]
) -> Settlement:
    """`site` where it fits; the wish for room shrinks with every hundred tries."""
    if not others:
        return _at(site, (scale.centre[0] - 1800, scale.centre[1] + 900))
    box = math.sqrt((scale.east - scale.west) * (scale.north - scale.south))
    room = 1.15 * box / math.sqrt(scale.towns if site.kind == "town" else len(scale.sizes))
    while True:
        for _ in range(100):
            spot = rng.uniform(scale.west, scale.east), rng.uniform(scale.south, scale.north)
            if in_outline(scale, spot, 1500) and _has_room(_at(site, spot), others, room):
                return _at(site, spot)
        room *= 0.95


def _at(site: Settlement, spot: Point) -> Settlement:
    return replace(site, centre=spot)


def _has_room(site: Settlement, others: Sequence[Settlement], room: float) -> bool:
    for other in others:
        wish = room if site.kind == "town" or other.kind != "town" else 0.8 * room
        if apart(site.centre, other.centre) < max(wish, 1.5 * (site.radius + other.radius) + 500):
            return False
    return True


def with_lobes(site: Settlement, lobes: Sequence[float]) -> Settlement:
    """The settlement, stretched along the roads that leave it."""
    return replace(site, lobes=tuple(lobes))


def neighbours(settlements: Sequence[Settlement], width: float) -> list[tuple[int, int]]:
    """The pairs that no third settlement lies between.

    `width` 1: between is nearer to both (the relative-neighbourhood graph, few roads); 0.72:
    about the circle on the two (the Gabriel graph, with the lanes that cut corners).
    """
    spots = [site.centre for site in settlements]
    return [
        (a, b)
        for a in range(len(spots))
        for b in range(a + 1, len(spots))
        if not _is_between(spots, a, b, width)
    ]


def _is_between(spots: Sequence[Point], a: int, b: int, width: float) -> bool:
    gap = width * apart(spots[a], spots[b])
    return any(
        apart(spots[a], spot) < gap and apart(spots[b], spot) < gap
        for c, spot in enumerate(spots)
        if c not in (a, b)
    )


def river(rng: random.Random, scale: Scale, settlements: Sequence[Settlement]) -> Path:
    """The river, north to south past the edge of the county town's middle."""
    town = settlements[0]
    ford = towards(town.centre, -0.4, 0.28 * town.radius)
    source = scale.west + 0.3 * (scale.east - scale.west), scale.north
    mouth = scale.west + 0.68 * (scale.east - scale.west), scale.south
    upper = winding(rng, source, ford, 900, 0.5)
    return smooth([*upper, *winding(rng, ford, mouth, 900, 0.5)[1:]], 15)
