"""The whole land put together: from a seed and a scale to named streets with their places.

What is done to the grass beside them is in `grass` and `season`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely

from mapsvc.demo.areas import DemoAreas, nearest_site
from mapsvc.demo.curves import Path, Point, apart, at_distance, bearing, length, towards
from mapsvc.demo.growth import NO_ENTRY, DrawnLines, GrowingStreet
from mapsvc.demo.land import Scale, Settlement, place_settlements, river
from mapsvc.demo.names import SUBURBS, WELSH
from mapsvc.demo.roads import lay_roads, lay_trunk, road_network
from mapsvc.demo.settlements import build_settlement, lay_lanes

FIRST_USRN = 44_900_000
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

DEMO = Scale(
    west=330_000,
    south=270_000,
    east=360_000,
    north=295_000,
    sizes=(480, 215, 190, 165, 72, 66, 60, 54, 50, 46, *range(36, 21, -1)[:13], 14, 12),
    towns=4,
    streets=2_000,
    verges=3_000,
    postcodes=300,
    rounds={"U": 16, "R": 10, "V": 5, "A": 3, "W": 2, "B": 1, "F": 2, "D": 1},
)
COUNTY = Scale(
    west=305_000,
    south=240_000,
    east=385_000,
    north=305_000,
    sizes=(3_900,) + (1_350,) * 3 + (640,) * 8 + (260,) * 20 + (95,) * 60 + (26,) * 108,
    towns=32,
    streets=30_000,
    verges=30_000,
    postcodes=4_000,
    rounds={"U": 120, "R": 60, "V": 30, "A": 16, "W": 6, "B": 2, "F": 4, "D": 2},
)


@dataclass(frozen=True)
class InventedStreet:
    """One gazetteer entry; `site` is the settlement it lies in or nearest to."""

    usrn: str
    name: str
    locality: str
    town: str
    alt_names: str
    road_number: str
    district: str
    parish: str
    ward: str
    kind: str
    site: Settlement
    parts: tuple[Path, ...]
    joints: tuple[Point, ...] = ()

    @property
    def path(self) -> Path:
        return self.parts[0]

    @property
    def middle(self) -> Point:
        return at_distance(self.path, length(self.path) / 2)

    @property
    def is_open(self) -> bool:
        """Whether it runs through open country."""
        return self.kind in ("trunk", "road", "lane")


@dataclass(frozen=True)
class InventedCouncil:
    """The invented council: land and streets."""

    scale: Scale
    seed: str
    sites: tuple[Settlement, ...]
    streets: tuple[InventedStreet, ...]
    areas: DemoAreas
    ground: DrawnLines

    def rng(self, subject: str) -> random.Random:
        """A stream of chance for one subject, so that more of one changes nothing of another."""
        return random.Random(f"{self.seed} {subject}")


def make_council(scale: Scale, seed: str) -> InventedCouncil:
    """The same council for the same scale and seed."""
    rng = random.Random(f"{seed} land")
    roads, sites = road_network(rng, scale, place_settlements(rng, scale))
    ground = DrawnLines()
    ground.occupy(river(rng, scale, sites), NO_ENTRY)
    lay_trunk(scale, sites, ground)
    lay_roads(rng, roads, sites, ground)
    for site in sites:
        build_settlement(rng, site, sites, roads, ground)
    lay_lanes(rng, scale, sites, ground, scale.streets)
    _add_spurs(rng, ground)
    areas = DemoAreas(scale, sites)
    streets = tuple(_streets(rng, ground, sites, areas, scale.towns))
    return InventedCouncil(scale, seed, tuple(sites), streets, areas, ground)


def _add_spurs(rng: random.Random, ground: DrawnLines) -> None:
    """A second piece for a few closes, as gazetteers have them (MULTILINESTRING)."""
    for number, line in enumerate(ground.lines):
        if line.kind != "close" or len(line.path) < 7 or rng.random() > 0.25:
            continue
        start = line.path[3]
        end = towards(start, bearing(line.path[2], start) + rng.choice((-1.5, 1.5)), 32)
        if ground.nearest(end, 24, number) is None:
            ground.occupy([end], number)
            line.joints.add(start)
            line.spurs.append([start, end])


def _streets(
    rng: random.Random,
    ground: DrawnLines,
    sites: Sequence[Settlement],
    areas: DemoAreas,
    towns: int,
) -> list[InventedStreet]:
    usrn, streets = FIRST_USRN, []
    for line in ground.lines:
        usrn += rng.randint(1, 3)
        streets.append(_street(str(usrn), line, sites, areas, towns))
    return streets


def _street(
    usrn: str, line: GrowingStreet, sites: Sequence[Settlement], areas: DemoAreas, towns: int
) -> InventedStreet:
    middle = line.path[len(line.path) // 2]
    site = nearest_site(middle, sites) if line.settlement is None else sites[line.settlement]
    town = min(sites[:towns], key=lambda town: apart(town.centre, site.centre))
    return InventedStreet(
        usrn=usrn,
        name=line.name,
        locality=_locality(site, middle, line.settlement is None),
        town=town.name,
        alt_names=_alt_names(line, site, sites),
        road_number=line.road_number,
        district=f"RV{town.number + 1}",
        parish=areas.parish_of(middle),
        ward=areas.ward_of(middle),
        kind=line.kind,
        site=site,
        parts=tuple(_tidy(path, line.joints) for path in (line.path, *line.spurs)),
        joints=tuple(sorted(line.joints)),
    )


def _locality(site: Settlement, middle: Point, is_open: bool) -> str:
    """The village, or the suburb of the county town; empty in the middle of a town."""
    if site.kind != "town":
        return site.name
    is_middle = apart(middle, site.centre) < 0.6 * site.radius
    if site.number or is_middle or is_open:
        return ""
    return SUBURBS[int((bearing(site.centre, middle) + 3.1416) / 6.2833 * 5) % 5]


def _alt_names(line: GrowingStreet, site: Settlement, sites: Sequence[Settlement]) -> str:
    """A Welsh name in the western villages; the road's number where it has one."""
    west = sorted(s.centre[0] for s in sites if s.kind != "town")[len(sites) // 5]
    if site.kind != "town" and site.centre[0] < west and line.name in WELSH:
        return f"cy:{WELSH[line.name]}"
    return ""


def _tidy(path: Path, joints: set[Point]) -> Path:
    """The path with fewer vertices, within half a metre, to 0.1 m; its joints stay."""
    ends = [0, *(i for i, spot in enumerate(path[1:-1], 1) if spot in joints), len(path) - 1]
    tidy: Path = [path[0]]
    for a, b in pairwise(ends):
        piece = shapely.LineString(path[a : b + 1]).simplify(0.5)
        tidy += [(float(x), float(y)) for x, y in list(piece.coords)[1:]]
    return [(round(x, 1), round(y, 1)) for x, y in tidy]
