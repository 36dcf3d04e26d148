"""Parishes and wards: a honeycomb with uneven corners, so that borders wind and leave no gap."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry

from mapsvc.demo.curves import Path, Point, apart, bearing
from mapsvc.demo.land import Scale, Settlement, in_outline

CORNERS = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1))
"""A cell's corners, in halves of its width and of its side."""
QUARTERS = ("East", "North", "West", "South")


@dataclass(frozen=True)
class DemoArea:
    """A parish or ward in EPSG:27700."""

    name: str
    kind: str
    shape: BaseGeometry


class DemoAreas:
    """All parishes and wards, and which of them a point lies in."""

    def __init__(self, scale: Scale, sites: Sequence[Settlement]) -> None:
        parishes: dict[str, list[Path]] = {}
        wards: dict[str, list[Path]] = {}
        groups = _ward_seeds(sites, scale.towns)
        for centre, cell in _cells(scale):
            site = nearest_site(centre, sites)
            parishes.setdefault(site.name, []).append(cell)
            wards.setdefault(_ward(centre, site, groups), []).append(cell)
        self.parishes = _merged(parishes, "parish")
        self.wards = _merged(wards, "ward")
        self._trees = {
            kind: shapely.STRtree([area.shape for area in areas])
            for kind, areas in (("parish", self.parishes), ("ward", self.wards))
        }

    def parish_of(self, spot: Point) -> str:
        return self.parishes[int(self._trees["parish"].nearest(Spot(spot)))].name

    def ward_of(self, spot: Point) -> str:
        return self.wards[int(self._trees["ward"].nearest(Spot(spot)))].name


def nearest_site(spot: Point, sites: Sequence[Settlement]) -> Settlement:
    """The settlement to which a point belongs; a town reaches further than a hamlet."""
    return min(sites, key=lambda site: apart(spot, site.centre) / (700 + site.radius))


def _cells(scale: Scale) -> list[tuple[Point, Path]]:
    side = max(330.0, (scale.east - scale.west) / 110)
    half = side * math.sqrt(3) / 2
    cells = []
    for row in range(int((scale.north - scale.south) / side / 1.5) + 2):
        for column in range(int((scale.east - scale.west) / half / 2) + 2):
            x, y = 2 * column + row % 2, 3 * row
            centre = scale.west + x * half, scale.south + y * side / 2
            if in_outline(scale, centre):
                ring = [_corner(scale, x + dx, y + dy, half, side) for dx, dy in CORNERS]
                cells.append((centre, ring))
    return cells


def _corner(scale: Scale, x: int, y: int, half: float, side: float) -> Point:
    """The corner that up to three cells share, moved the same way for each of them."""
    rng = random.Random(f"{x} {y}")
    shift = 0.28 * side
    return (
        round(scale.west + x * half + rng.uniform(-shift, shift), 1),
        round(scale.south + y * side / 2 + rng.uniform(-shift, shift), 1),
    )


def _merged(cells: dict[str, list[Path]], kind: str) -> list[DemoArea]:
    return [
        DemoArea(name, kind, shapely.unary_union([shapely.Polygon(ring) for ring in cells[name]]))
        for name in sorted(cells)
    ]


def _ward_seeds(sites: Sequence[Settlement], towns: int) -> list[Settlement]:
    """Every third village gives its name to a ward."""
    return list(sites[towns::3])


def _ward(spot: Point, site: Settlement, seeds: Sequence[Settlement]) -> str:
    """Four wards in a large town, else one; villages share the ward of the nearest seed."""
    if site.kind == "town" and site.streets > 300:
        return f"{site.name} {quarter(spot, site)}"
    if site.kind == "town":
        return site.name
    seed = min(seeds, key=lambda seed: apart(seed.centre, site.centre))
    return f"{seed.name} Rural"


def quarter(spot: Point, site: Settlement) -> str:
    """North, East, South or West of the settlement's middle."""
    return QUARTERS[round(bearing(site.centre, spot) / (math.pi / 2)) % 4]
