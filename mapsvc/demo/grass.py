"""The grass beside the streets: strips, visibility splays, greens, with keeper and round."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import substring

from mapsvc.demo.council import InventedCouncil, InventedStreet
from mapsvc.demo.curves import Path, Point, apart, bearing, towards
from mapsvc.demo.keepers import NATIONAL, OURS, Keepers

URBAN, RURAL, SPLAY, GREEN, WILD, BULBS = (
    "urban",
    "rural",
    "visibility splay",
    "amenity",
    "wildflower",
    "spring bulbs",
)


@dataclass(frozen=True)
class Strip:
    """Where the strips of one kind of street lie: metres, and how often a side has one."""

    offset: float
    width: float
    piece: float
    often: float


STRIPS = {
    "trunk": Strip(9, 7, 900, 1.0),
    "road": Strip(3.5, 3, 700, 0.95),
    "lane": Strip(2.5, 2, 900, 0.5),
    "main": Strip(5, 3, 350, 0.9),
    "core": Strip(4.5, 1.5, 400, 0.1),
    "collector": Strip(4.5, 3, 300, 0.85),
    "local": Strip(4.5, 2, 400, 0.65),
    "crescent": Strip(4.5, 2, 400, 0.5),
    "close": Strip(4, 2, 400, 0.16),
}


@dataclass(frozen=True)
class InventedVerge:
    """A piece of grass beside a street; `reason` is text in place of dates."""

    street: InventedStreet
    kind: str
    stretch: str
    shape: Polygon | MultiPolygon
    id: str = ""
    keeper: str = ""
    round: str = ""
    frequency: str = ""
    reason: str = ""
    rest: tuple[str, str, str] = ("", "", "")
    cuts: tuple[tuple[str, str], ...] = ()

    @property
    def spot(self) -> Point:
        centre = self.shape.centroid
        return centre.x, centre.y


def make_grass(council: InventedCouncil, keepers: Keepers) -> list[InventedVerge]:
    """As many verges as the scale says, by street, numbered, each with its keeper."""
    rng = council.rng("grass")
    made = [verge for street in council.streets for verge in _candidates(rng, council, street)]
    kept = sorted(rng.sample(range(len(made)), min(len(made), council.scale.verges)))
    carriageways = Carriageways(council.streets)
    verges = [
        replace(made[n], id=f"V{i:05d}", shape=carriageways.cleared(made[n]))
        for i, n in enumerate(kept, 1)
    ]
    return [replace(verge, keeper=_keeper(rng, verge, keepers)) for verge in verges]


def _candidates(
    rng: random.Random, council: InventedCouncil, street: InventedStreet
) -> Iterator[InventedVerge]:
    for side in (1, -1):
        if rng.random() < STRIPS[street.kind].often:
            yield from _strips(rng, street, side)
    if street.kind in ("road", "main", "lane"):
        yield from _splays(rng, street)
    if street.kind in ("close", "local", "crescent", "collector") and rng.random() < 0.16:
        yield from _green(rng, council, street)


def _strips(rng: random.Random, street: InventedStreet, side: int) -> Iterator[InventedVerge]:
    """The strips along one side, clear of both ends, in pieces that one name describes."""
    place, line = STRIPS[street.kind], LineString(street.path)
    pieces = max(1, round(line.length / place.piece))
    size = (line.length - 22) / pieces
    for k in range(pieces if size > 18 else 0):
        part = _piece(line, 11 + k * size, 11 + (k + 1) * size - (6 if pieces > 1 else 0))
        shape = _band(part, side * place.offset, side * (place.offset + place.width))
        if shape is not None:
            stretch = _stretch(street, part, side) + (f", part {k + 1}" if pieces > 1 else "")
            yield InventedVerge(street, _strip_kind(rng, street), stretch, shape)


def _piece(line: LineString, start: float, end: float) -> LineString:
    piece = substring(line, start, end)
    assert isinstance(piece, LineString)
    return piece


def _band(part: LineString, near: float, far: float) -> Polygon | None:
    """The area between two offsets of a line, or None where it is bent too sharply."""
    inner, outer = part.offset_curve(near), part.offset_curve(far)
    if inner.geom_type != "LineString" or outer.geom_type != "LineString":
        return None
    if inner.is_empty or outer.is_empty:
        return None
    band = Polygon([*inner.coords, *reversed(outer.coords)])
    return band if band.is_valid else None


def _strip_kind(rng: random.Random, street: InventedStreet) -> str:
    wild, bulbs = (0.05, 0.05) if street.is_open else (0.05, 0.075)
    chance = rng.random()
    if street.kind != "trunk" and chance < wild:
        return WILD
    if street.kind in ("main", "collector", "local") and chance < bulbs:
        return BULBS
    return RURAL if street.is_open else URBAN


def _stretch(street: InventedStreet, part: LineString, side: int) -> str:
    """House numbers in a street with houses, a point of the compass in open country."""
    if not street.is_open:
        return "odd numbers" if side > 0 else "even numbers"
    (ax, ay), *_, (bx, by) = part.coords
    heading = bearing((ax, ay), (bx, by)) + side * math.pi / 2
    return ("east", "north", "west", "south")[round(heading / (math.pi / 2)) % 4] + " side"


def _splays(rng: random.Random, street: InventedStreet) -> Iterator[InventedVerge]:
    """The triangles at junctions that must stay short to see past."""
    for joint in street.joints:
        if rng.random() > (0.75 if street.is_open else 0.3):
            continue
        at = min(range(len(street.path)), key=lambda i: apart(street.path[i], joint))
        if 0 < at < len(street.path) - 1:
            along = bearing(joint, street.path[at + 1])
            aside = along + rng.choice((-1, 1)) * math.pi / 2
            corner = towards(joint, aside, 4.5)
            shape = Polygon(
                [towards(corner, along, 5), towards(corner, along, 34), towards(corner, aside, 13)]
            )
            yield InventedVerge(street, SPLAY, f"junction {street.joints.index(joint) + 1}", shape)


def _green(
    rng: random.Random, council: InventedCouncil, street: InventedStreet
) -> Iterator[InventedVerge]:
    """A green beside the street where the houses leave room, round but not a circle."""
    at = rng.randrange(1, len(street.path)) if len(street.path) > 2 else 0
    heading = bearing(street.path[max(0, at - 1)], street.path[max(1, at)])
    spot = towards(
        street.path[at], heading + rng.choice((-1, 1)) * math.pi / 2, rng.uniform(20, 34)
    )
    room = next((r for r in (34.0, 26.0, 18.0) if not council.ground.nearest(spot, r, None)), 0.0)
    if room:
        yield InventedVerge(street, GREEN, "the green", _blob(rng, spot, room - 8))


def _blob(rng: random.Random, centre: Point, radius: float) -> Polygon:
    phase, squash = rng.uniform(0, 6), rng.uniform(0.6, 1)
    ring = []
    for k in range(14):
        angle = k * math.pi / 7
        reach = radius * (0.85 + 0.15 * math.sin(2 * angle + phase) * squash)
        ring.append(towards(centre, angle, reach))
    return Polygon(ring)


class Carriageways:
    """The road surfaces, to keep the grass off them."""

    def __init__(self, streets: Sequence[InventedStreet]) -> None:
        paths: list[Path] = [path for street in streets for path in street.parts]
        self._surfaces = [
            LineString(path).buffer(2.4, quad_segs=1, cap_style="flat") for path in paths
        ]
        self._tree = shapely.STRtree(self._surfaces)

    def cleared(self, verge: InventedVerge) -> Polygon | MultiPolygon:
        """The verge's shape without road surfaces, to 0.1 m; never empty."""
        near = [self._surfaces[i] for i in self._tree.query(verge.shape, "intersects")]
        rest = verge.shape.difference(shapely.unary_union(near)) if near else verge.shape
        for shape in (shapely.set_precision(rest, 0.1), shapely.set_precision(verge.shape, 0.1)):
            if isinstance(shape, Polygon | MultiPolygon) and shape.area > 4:
                return shape
        return verge.shape


def _keeper(rng: random.Random, verge: InventedVerge, keepers: Keepers) -> str:
    """Who looks after the verge: the trunk road's, the parish's, a landlord's, or the council."""
    street = verge.street
    if street.kind == "trunk":
        return NATIONAL
    if verge.kind in (URBAN, GREEN) and street.parish in keepers.parish_codes:
        return keepers.parish_codes[street.parish]
    if street.kind == "close" and rng.random() < 0.12:
        return rng.choice(("HOUS", "PRIV"))
    if verge.kind == GREEN and street.site.number == 1:
        return "DIST"
    return OURS
