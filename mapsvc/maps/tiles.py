"""Tiles of GeoJSON: the geometry of streets and grass, generalised by zoom. No status, no day.

A tile is the same for ever under its edition; what is true today comes from `/api/status`.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc import crs
from mapsvc.domain.schedule import Verge
from mapsvc.domain.streets import Street

LOWEST_ZOOM, HIGHEST_ZOOM = 7, 17
DETAIL_FROM = 14
"""Below it grass is merged by round."""
ROUNDS_FROM = 12
"""Below it no grass is drawn: settlements stand for it."""
WIDE_UP_TO = 9
"""Up to it a town stands for all around it."""
STREETS_FROM = 13
"""Below it only roads with a number are drawn."""
BUFFER = 12 / 256
"""How far geometry reaches beyond its tile, in tiles: lines are wider than nothing."""
CELLS = 64
"""A tile below `DETAIL_FROM` shows at most one point per round in each of 64 × 64 cells."""

Feature = str
"""One feature of GeoJSON, written: a dict of each would take longer than all else."""

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Tile(NamedTuple):
    """A tile's address, as web maps number them."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        return LOWEST_ZOOM <= self.z <= HIGHEST_ZOOM and (
            0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z
        )

    def bounds(self, buffer: float = BUFFER) -> tuple[float, float, float, float]:
        """West, south, east, north in EPSG:4326."""
        return (
            _lon(self.x - buffer, self.z),
            _lat(self.y + 1 + buffer, self.z),
            _lon(self.x + 1 + buffer, self.z),
            _lat(self.y - buffer, self.z),
        )

    @property
    def degrees_per_pixel(self) -> float:
        return float(360 / 2**self.z / 256)


def _lon(x: float, z: int) -> float:
    return float(x / 2**z * 360 - 180)


def _lat(y: float, z: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / float(2**z)))))


class StreetShapes:
    """Streets with a geometry, in EPSG:4326 and indexed, ready to be drawn."""

    def __init__(self, streets: Iterable[Street], local_crs: str) -> None:
        known = [street for street in streets if street.geometry is not None]
        self._properties = [_json({"street": s.id, "name": s.name}) for s in known]
        self._lines = crs.to_wgs84([street.geometry for street in known], local_crs)
        self._tree = shapely.STRtree(self._lines)

    def features(self, tile: Tile) -> list[Feature]:
        """The streets in a tile, clipped to it."""
        hits = np.sort(self._tree.query(shapely.box(*tile.bounds())))
        return _features(self._lines[hits], [self._properties[row] for row in hits], tile)


class VergeShapes:
    """The grass of a council in EPSG:4326, indexed. A verge without geometry is its street's line.

    Parameters
    ----------
    lines : the line of each verge that has no geometry of its own, by verge id; local CRS
    """

    def __init__(
        self, verges: Iterable[Verge], lines: dict[str, BaseGeometry], local_crs: str
    ) -> None:
        shapes = ((verge, verge.geometry or lines.get(verge.id)) for verge in verges)
        known = [(verge, shape) for verge, shape in shapes if shape is not None]
        self.verges = [verge for verge, _ in known]
        self.shapes = crs.to_wgs84([shape for _, shape in known], local_crs)
        self.points = shapely.get_coordinates(shapely.point_on_surface(self.shapes))
        self.tree = shapely.STRtree(self.shapes)
        numbers: dict[str, int] = {}
        self._groups = np.array(
            [numbers.setdefault(verge.round, len(numbers)) for verge in self.verges], dtype=int
        )
        self._rounds = list(numbers)
        self._middles = _middles(self.points, self._groups, len(numbers))
        self._properties = [
            _json({"verge": verge.id, "round": verge.round, "street": _first(verge)})
            for verge in self.verges
        ]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all grass; None where there is none."""
        if not self.verges:
            return None
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)

    def features(self, tile: Tile) -> list[Feature]:
        """The grass in a tile: verges from `DETAIL_FROM`, points and rounds from `ROUNDS_FROM`."""
        if tile.z < ROUNDS_FROM:
            return []
        hits = np.sort(self.tree.query(shapely.box(*tile.bounds())))
        if tile.z >= DETAIL_FROM:
            return self._verges(tile, hits)
        return self._neighbourhoods(tile, hits) + self._round_spots(tile)

    def _verges(self, tile: Tile, hits: Any) -> list[Feature]:
        return _features(self.shapes[hits], [self._about(row, tile) for row in hits], tile)

    def _about(self, row: int, tile: Tile) -> str:
        """What a verge is, and where its symbol stands in the one tile that has the point."""
        (x, y), digits = self.points[row], _digits(tile.z)
        west, south, east, north = tile.bounds(0)
        if not (west <= x < east and south <= y < north):
            return self._properties[row]
        at = _json([round(float(x), digits), round(float(y), digits)])
        return f'{self._properties[row][:-1]},"at":{at}}}'

    def _neighbourhoods(self, tile: Tile, hits: Any) -> list[Feature]:
        """One multipoint per round, a point for a verge of each neighbourhood, which it names."""
        if not len(hits):
            return []
        cell = tile.degrees_per_pixel * 256 / CELLS
        points, groups = self.points[hits], self._groups[hits]
        cells = np.floor(points / (cell, cell * 0.6))
        _, rows = np.unique(np.column_stack([groups, cells]), axis=0, return_index=True)
        found, starts = np.unique(groups[rows], return_index=True)
        parts = np.split(rows, starts[1:])
        shapes = [shapely.multipoints(points[part]) for part in parts]
        about = [
            _json({"round": self._rounds[group], "verges": [self.verges[hits[r]].id for r in part]})
            for group, part in zip(found, parts, strict=True)
        ]
        return _written(np.array(shapes), about, tile)

    def _round_spots(self, tile: Tile) -> list[Feature]:
        """Where the rings of rounds stand, each in one tile."""
        west, south, east, north = tile.bounds(0)
        return [
            _feature(shapely.Point(lon, lat), {"ring": code}, tile)
            for code, (lon, lat) in zip(self._rounds, self._middles, strict=True)
            if code and west <= lon < east and south <= lat < north
        ]


def _middles(points: Any, groups: Any, number: int) -> list[tuple[float, float]]:
    """The point of each group that is nearest to the middle of its points, so amid its grass."""
    order = np.argsort(groups, kind="stable")
    ends = np.searchsorted(groups[order], np.arange(1, number))
    found = []
    for rows in np.split(order, ends) if number else ():
        away = np.abs(points[rows] - np.median(points[rows], axis=0)).sum(axis=1)
        lon, lat = points[rows][away.argmin()]
        found.append((float(lon), float(lat)))
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """A settlement's name on the map: EPSG:4326. `area` and `box` where it stands for grass."""

    name: str
    kind: str
    lon: float
    lat: float
    area: str = ""
    box: tuple[float, ...] = ()


def spot_features(spots: Iterable[Spot], tile: Tile) -> list[Feature]:
    """The names of the settlements in a tile, below `ROUNDS_FROM` with the grass they stand for."""
    west, south, east, north = tile.bounds(0)
    digits = _digits(tile.z)
    return [
        _feature(shapely.Point(spot.lon, spot.lat), _spot_properties(spot, digits), tile)
        for spot in spots
        if west <= spot.lon < east and south <= spot.lat < north
    ]


def _spot_properties(spot: Spot, digits: int) -> dict[str, Any]:
    found: dict[str, Any] = {"place": spot.name, "kind": spot.kind}
    if spot.area:
        found |= {"area": spot.area, "box": [round(edge, digits) for edge in spot.box]}
    return found


def encoded(features: Sequence[Feature]) -> bytes:
    """The features as GeoJSON (RFC 7946)."""
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def _first(verge: Verge) -> str:
    return verge.streets[0] if verge.streets else ""


def _digits(zoom: int) -> int:
    return 6 if zoom >= 16 else 5 if zoom >= 12 else 4


def _features(shapes: Any, properties: Sequence[str], tile: Tile) -> list[Feature]:
    """Shapes clipped to a tile and generalised for it, those that are left, all at once."""
    clipped = shapely.clip_by_rect(shapes, *tile.bounds())
    return _written(shapely.simplify(clipped, tile.degrees_per_pixel * 0.7), properties, tile)


def _feature(shape: BaseGeometry, properties: dict[str, Any], tile: Tile) -> Feature:
    return _written(np.array([shape], dtype=object), [_json(properties)], tile)[0]


def _written(shapes: Any, properties: Sequence[str], tile: Tile) -> list[Feature]:
    digits = _digits(tile.z)
    rounded = shapely.transform(shapes, lambda points: np.round(points, digits))
    return [
        f'{{"type":"Feature","properties":{about},"geometry":{written}}}'
        for about, written, is_empty in zip(
            properties, shapely.to_geojson(rounded), shapely.is_empty(rounded), strict=True
        )
        if not is_empty
    ]
