"""Where issues lie: those in a box or near a point, or counted in cells where they are too many.

Built once for each change of the issues; a question then costs what it answers, however many
there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import Point

from mapsvc import crs
from mapsvc.domain.issues import Issue
from mapsvc.maps.tiles import DETAIL_FROM

MOST = 200
"""Issues and clusters of one answer: some 5 KB compressed."""
CELL = 128 / 256
"""A side of a cell in tiles: room for a marker with its number, and for what lies under it."""
HIGHEST = 22
"""No web map comes closer."""

Box = tuple[float, float, float, float]
"""West, south, east, north in EPSG:4326."""
Places = dict[int, tuple[float, float]]
"""Longitude and latitude by issue id."""
WORLD: Box = (-180.0, -85.0, 180.0, 85.0)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Issues that lie together, and the middle of them; `newest` is one of them."""

    place: tuple[float, float]
    number: int
    newest: Issue


@dataclass(frozen=True, slots=True)
class Seen:
    """What a map shows: each issue by itself, and those that are merged."""

    issues: Sequence[Issue]
    clusters: Sequence[Cluster] = ()


class IssueGrid:
    """Issues, newest first, indexed by their places."""

    def __init__(self, issues: Iterable[Issue], places: Places) -> None:
        self.places = places
        self.newest = sorted(issues, key=lambda issue: issue.id, reverse=True)
        self._placed = [issue for issue in self.newest if issue.id in places]
        self._points = np.array([places[issue.id] for issue in self._placed]).reshape(-1, 2)
        self._tree = shapely.STRtree(np.asarray(shapely.points(self._points)))
        self._levels: dict[int, dict[tuple[int, int], Cluster]] = {}

    def within(self, box: Box) -> list[Issue]:
        """The issues that have a point in a box, newest first."""
        rows = np.sort(self._tree.query(shapely.box(*box)))
        return [self._placed[row] for row in rows]

    def near(self, point: Point, metres: float) -> list[tuple[Issue, float]]:
        """The issues within a distance, nearest first, each with it. `point` in the local CRS."""
        rows = self._ground.query(point, predicate="dwithin", distance=metres)
        apart = shapely.distance(point, self._ground.geometries[rows])
        found = [(self._placed[row], far) for row, far in zip(rows, apart.tolist(), strict=True)]
        return sorted(found, key=lambda pair: (pair[1], pair[0].id))

    @cached_property
    def _ground(self) -> shapely.STRtree:
        """The same points in the local CRS, where metres are measured."""
        there = np.array([(issue.x, issue.y) for issue in self._placed], dtype=float)
        return shapely.STRtree(np.asarray(shapely.points(there.reshape(-1, 2))))

    def seen(self, box: Box, zoom: int) -> Seen:
        """What a map of the box shows at a zoom: at most `MOST` things, whatever the number."""
        if zoom >= DETAIL_FROM:
            issues = self.within(box)
            if len(issues) <= MOST:
                return Seen(issues)
        cells = self._cells(box, zoom)
        return Seen(
            [cell.newest for cell in cells if cell.number == 1],
            [cell for cell in cells if cell.number > 1],
        )

    def _cells(self, box: Box, zoom: int) -> list[Cluster]:
        """The cells that a box touches, larger ones where there would be too many."""
        level, (left, bottom), (right, top) = zoom, *_corners(box, zoom)
        while (right - left + 1) * (top - bottom + 1) > MOST:
            level -= 1
            (left, bottom), (right, top) = _corners(box, level)
        known = self._level(level)
        addresses = ((x, y) for x in range(left, right + 1) for y in range(bottom, top + 1))
        return [known[address] for address in addresses if address in known]

    def _level(self, zoom: int) -> dict[tuple[int, int], Cluster]:
        """Every cell of a zoom that has an issue, worked out when it is first asked for."""
        if zoom not in self._levels:
            members: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
            for row, (x, y) in enumerate(_cells_of(self._points, zoom).tolist()):
                members[x, y].append(row)
            self._levels[zoom] = {cell: self._cluster(rows) for cell, rows in members.items()}
        return self._levels[zoom]

    def _cluster(self, rows: Sequence[int]) -> Cluster:
        lon, lat = self._points[rows].mean(axis=0)
        return Cluster((float(lon), float(lat)), len(rows), self._placed[rows[0]])


def places_of(issues: Iterable[Issue], local_crs: str) -> Places:
    """Longitude and latitude of each issue that has a point within the local CRS, by its id."""
    points = [(issue.id, issue.x, issue.y) for issue in issues if issue.x is not None]
    if not points:
        return {}
    ids, x, y = zip(*points, strict=True)
    there = crs.transform(np.array(x), np.array(y, dtype=float), local_crs, crs.WGS84)
    return {
        number: (lon, lat)
        for number, (lon, lat) in zip(ids, there.tolist(), strict=True)
        if np.isfinite(lon) and np.isfinite(lat)
    }


def _corners(box: Box, zoom: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The cells of a box's south-west and north-east corner."""
    low, high = (np.clip(box[side : side + 2], WORLD[:2], WORLD[2:]) for side in (0, 2))
    (left, bottom), (right, top) = _cells_of(np.array([low, high]), zoom).tolist()
    return (left, bottom), (right, top)


def _cells_of(points: np.ndarray, zoom: int) -> np.ndarray:
    """The cell of each longitude and latitude: squares in Web Mercator, counted from 0, 0."""
    lon, lat = points[:, 0], points[:, 1]
    north = np.degrees(np.arcsinh(np.tan(np.radians(lat))))
    cells: np.ndarray = np.floor(np.column_stack([lon, north]) * (2**zoom / CELL / 360))
    return cells.astype(int)
