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

Feature = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Label:
    """A street as it is drawn: EPSG:4326."""

    id: str
    name: str
    line: BaseGeometry


def street_labels(streets: Iterable[Street], local_crs: str) -> list[Label]:
    """Streets with a geometry, ready to be drawn."""
    known = [street for street in streets if street.geometry is not None]
    lines = crs.to_wgs84([street.geometry for street in known], local_crs)
    return [Label(street.id, street.name, line) for street, line in zip(known, lines, strict=True)]


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

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all grass; None where there is none."""
        if not self.verges:
            return None
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)

    def features(self, tile: Tile) -> list[Feature]:
        """The grass in a tile: verges from `DETAIL_FROM`, points by round from `ROUNDS_FROM`."""
        if tile.z < ROUNDS_FROM:
            return []
        hits = np.sort(self.tree.query(shapely.box(*tile.bounds())))
        return self._verges(tile, hits) if tile.z >= DETAIL_FROM else self._rounds(tile, hits)

    def _verges(self, tile: Tile, hits: Any) -> list[Feature]:
        box = tile.bounds()
        clipped = _generalised(shapely.clip_by_rect(self.shapes[hits], *box), tile)
        found = []
        for row, shape in zip(hits, clipped, strict=True):
            if not shape.is_empty:
                verge = self.verges[row]
                properties = {"verge": verge.id, "round": verge.round, "street": _first(verge)}
                found.append(_feature(shape, tile, properties, self._label(row, tile)))
        return found

    def _label(self, row: int, tile: Tile) -> dict[str, Any]:
        """Where the symbol stands, in the one tile that has the point."""
        x, y = self.points[row]
        west, south, east, north = tile.bounds(0)
        digits = _digits(tile.z)
        is_here = west <= x < east and south <= y < north
        return {"at": [round(float(x), digits), round(float(y), digits)]} if is_here else {}

    def _rounds(self, tile: Tile, hits: Any) -> list[Feature]:
        """One multipoint per round; a verge without a round stands for itself."""
        cell = tile.degrees_per_pixel * 256 / CELLS
        groups: dict[tuple[str, str], dict[tuple[int, int], tuple[float, float]]] = {}
        for row in hits:
            verge, (x, y) = self.verges[row], self.points[row]
            key = (verge.round, "" if verge.round else verge.id)
            place = (int(x // cell), int(y // (cell * 0.6)))
            groups.setdefault(key, {}).setdefault(place, (float(x), float(y)))
        return [
            _feature(
                shapely.MultiPoint(list(points.values())),
                tile,
                {"round": code} if code else {"verge": verge, "round": ""},
            )
            for (code, verge), points in groups.items()
        ]


def street_features(labels: Sequence[Label], tile: Tile) -> list[Feature]:
    """The streets in a tile, clipped to it."""
    if not labels:
        return []
    lines = np.array([label.line for label in labels], dtype=object)
    clipped = _generalised(shapely.clip_by_rect(lines, *tile.bounds()), tile)
    return [
        _feature(line, tile, {"street": label.id, "name": label.name})
        for label, line in zip(labels, clipped, strict=True)
        if not line.is_empty
    ]


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
        _feature(
            shapely.Point(spot.lon, spot.lat),
            tile,
            {"place": spot.name, "kind": spot.kind},
            {"area": spot.area, "box": [round(edge, digits) for edge in spot.box]}
            if spot.area
            else None,
        )
        for spot in spots
        if west <= spot.lon < east and south <= spot.lat < north
    ]


def encoded(features: Sequence[Feature]) -> bytes:
    """The features as GeoJSON (RFC 7946)."""
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _first(verge: Verge) -> str:
    return verge.streets[0] if verge.streets else ""


def _generalised(shapes: Any, tile: Tile) -> Any:
    return shapely.simplify(shapes, tile.degrees_per_pixel * 0.7)


def _digits(zoom: int) -> int:
    return 6 if zoom >= 16 else 5 if zoom >= 12 else 4


def _feature(
    shape: BaseGeometry,
    tile: Tile,
    properties: dict[str, Any],
    more: dict[str, Any] | None = None,
) -> Feature:
    geometry = shapely.geometry.mapping(shape)
    digits = _digits(tile.z)
    coordinates = _rounded(geometry.get("coordinates", ()), digits)
    return {
        "type": "Feature",
        "properties": {**properties, **(more or {})},
        "geometry": {"type": geometry["type"], "coordinates": coordinates},
    }


def _rounded(coordinates: Any, digits: int) -> Any:
    if coordinates and isinstance(coordinates[0], float):
        return [round(value, digits) for value in coordinates]
    return [_rounded(part, digits) for part in coordinates]
