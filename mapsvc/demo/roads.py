"""The roads between the settlements: trunk, A, B and unclassified, before any street grows."""

import heapq
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mapsvc.demo.curves import Path, Point, apart, bearing, smooth, towards, turn, winding
from mapsvc.demo.growth import NO_ENTRY, DrawnLines, GrowingStreet
from mapsvc.demo.land import Scale, Settlement, in_outline, neighbours, with_lobes
from mapsvc.demo.names import LANES, TRUNK

TRUNK_NUMBER = "A4990"


@dataclass(frozen=True)
class Road:
    """A road from the middle of one settlement to that of another; `b` is None for a way out."""

    a: int
    b: int | None
    path: Path
    number: str = ""


def road_network(
    rng: random.Random, scale: Scale, sites: Sequence[Settlement]
) -> tuple[list[Road], list[Settlement]]:
    """All roads, and the settlements stretched along them."""
    numbers = _numbers(neighbours(sites, 1.0), sites, scale.towns)
    roads = [
        Road(a, b, _course(rng, sites[a].centre, sites[b].centre), numbers.get((a, b), ""))
        for a, b in neighbours(sites, 0.74)
    ]
    for site in sites:
        roads += _ways_out(rng, scale, site, [r for r in roads if site.number in (r.a, r.b)])
    return roads, [with_lobes(site, _lobes(site, roads)) for site in sites]


def _course(rng: random.Random, start: Point, end: Point) -> Path:
    return smooth(winding(rng, start, end, 520, 0.2), STEP_OF_ROADS)


STEP_OF_ROADS = 16.0


def _outward(road: Road, site: Settlement) -> Path:
    """The road's path, from this settlement's middle outwards."""
    return road.path if road.a == site.number else road.path[::-1]


def _lobes(site: Settlement, roads: Sequence[Road]) -> list[float]:
    out = [_outward(r, site) for r in roads if site.number in (r.a, r.b)]
    at = max(2, int(site.radius / STEP_OF_ROADS))
    return [bearing(site.centre, path[min(at, len(path) - 1)]) for path in out]


def _ways_out(
    rng: random.Random, scale: Scale, site: Settlement, roads: Sequence[Road]
) -> list[Road]:
    """Further roads into the country, where a settlement has wide gaps between its roads."""
    wanted = {"town": 6, "village": 3 if site.streets < 40 else 4, "hamlet": 2}[site.kind]
    taken = _lobes(site, roads)
    out: list[Road] = []
    for _ in range(40):
        angle = rng.uniform(0, 2 * math.pi)
        if len(taken) >= wanted or min((turn(t, angle) for t in taken), default=9) < 0.75:
            continue
        end = towards(site.centre, angle, 1.7 * site.radius + rng.uniform(200, 700))
        if in_outline(scale, end, 300):
            taken.append(angle)
            out.append(Road(site.number, None, _course(rng, site.centre, end)))
    return out


def _numbers(
    edges: Sequence[tuple[int, int]], sites: Sequence[Settlement], towns: int
) -> dict[tuple[int, int], str]:
    """A numbers on the ways between towns, B numbers on some from the larger villages."""
    links: dict[int, list[int]] = {}
    for a, b in edges:
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    numbers: dict[tuple[int, int], str] = {}
    for town in range(1, towns):
        _number_way(links, sites, town, 0, f"A{4990 + town if town < 10 else 4900 + town}", numbers)
    for village in range(towns, min(len(sites), 3 * towns)):
        nearest = min(range(towns), key=lambda t: apart(sites[t].centre, sites[village].centre))
        number = f"B{4990 + village - towns if village - towns < 10 else 4900 + village}"
        _number_way(links, sites, village, nearest, number, numbers)
    return numbers


def _number_way(
    links: dict[int, list[int]],
    sites: Sequence[Settlement],
    start: int,
    end: int,
    number: str,
    numbers: dict[tuple[int, int], str],
) -> None:
    way = _shortest_way(links, sites, start, end)
    for a, b in pairwise(way):
        numbers.setdefault((min(a, b), max(a, b)), number)


def _shortest_way(
    links: dict[int, list[int]], sites: Sequence[Settlement], start: int, end: int
) -> list[int]:
    queue: list[tuple[float, list[int]]] = [(0.0, [start])]
    seen: set[int] = set()
    while queue:
        gone, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        for to in links[way[-1]]:
            heapq.heappush(
                queue, (gone + apart(sites[way[-1]].centre, sites[to].centre), [*way, to])
            )
    return []


def lay_trunk(scale: Scale, sites: Sequence[Settlement], ground: DrawnLines) -> None:
    """The trunk road, west to east past every settlement on its way, in pieces of its own name."""
    path = smooth(_relaxed(_trunk_controls(scale, sites), sites), STEP_OF_ROADS)
    path = [p for p in path if in_outline(scale, p)]
    ground.occupy(path, NO_ENTRY)
    pieces = max(4, round(len(path) * STEP_OF_ROADS / 5000))
    size = len(path) // pieces
    for k in range(pieces):
        piece = path[k * size : (k + 1) * size + 1 if k < pieces - 1 else None]
        town = min(sites, key=lambda s: apart(s.centre, piece[len(piece) // 2]) - s.radius)
        name = TRUNK[k % len(TRUNK)]
        if town.number == 0 and not any(line.name.endswith("Bypass") for line in ground.lines):
            name = f"{town.name} Bypass"
        ground.lines.append(
            GrowingStreet("trunk", piece, None, name=name, road_number=TRUNK_NUMBER)
        )


def _trunk_controls(scale: Scale, sites: Sequence[Settlement]) -> list[Point]:
    south = sites[0].centre[1] - sites[0].radius - 700
    ends = (scale.west, south - 1500), (scale.east, south + 2500)
    count = max(8, round((scale.east - scale.west) / 1800))
    slope = ends[1][1] - ends[0][1]
    return [
        (ends[0][0] + (ends[1][0] - ends[0][0]) * i / count, ends[0][1] + slope * i / count)
        for i in range(count + 1)
    ]


def _relaxed(controls: list[Point], sites: Sequence[Settlement]) -> list[Point]:
    """The controls, pushed out of settlements and evened out."""
    for _ in range(40):
        controls = [_pushed(spot, sites) for spot in controls]
        inner = [
            (spot[0], (before[1] + 2 * spot[1] + after[1]) / 4)
            for before, spot, after in zip(controls, controls[1:], controls[2:], strict=False)
        ]
        controls = [controls[0], *inner, controls[-1]]
    return controls


def _pushed(spot: Point, sites: Sequence[Settlement]) -> Point:
    near = min(sites, key=lambda s: apart(s.centre, spot) - 1.5 * s.radius)
    lack = 1.5 * near.radius + 350 - apart(near.centre, spot)
    if lack <= 0:
        return spot
    return spot[0], spot[1] + math.copysign(0.6 * lack, spot[1] - near.centre[1])


def lay_roads(
    rng: random.Random, roads: Sequence[Road], sites: Sequence[Settlement], ground: DrawnLines
) -> None:
    """Each road's open country as one line; what lies in settlements is `lay_main_streets`."""
    for road in roads:
        ends = [sites[n] for n in (road.a, road.b) if n is not None]
        cuts = [built_up(_outward(road, site), site) for site in ends]
        middle = road.path[cuts[0] - 1 : len(road.path) - cuts[1] + 1 if len(cuts) > 1 else None]
        if len(middle) > 3:
            name = _open_name(rng, road, ends)
            ground.add(GrowingStreet("road", middle, None, name=name, road_number=road.number))


def _open_name(rng: random.Random, road: Road, ends: Sequence[Settlement]) -> str:
    if road.number.startswith("A"):
        return f"{ends[-1].name} Road"
    return rng.choice(LANES)


def built_up(path: Sequence[Point], site: Settlement) -> int:
    """How many vertices from the middle of the settlement outwards are built-up."""
    return next((i for i, spot in enumerate(path) if not site.holds(spot, 1.1)), len(path))


def main_streets(site: Settlement, roads: Sequence[Road]) -> list[tuple[Road, Path]]:
    """The built-up piece of each road that meets in the settlement, from its middle outwards."""
    mine = [road for road in roads if site.number in (road.a, road.b)]
    out = [(road, _outward(road, site)) for road in mine]
    return [(road, path[: built_up(path, site)]) for road, path in out]
