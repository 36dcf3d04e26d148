"""Streets of a first gazetteer that lie far from all others of it, told by the whole file.

A nation is wider than any distance from a middle: towns far apart are no mistake. A single street
far from everything is one, and so are some whose two coordinates, exchanged, lie among the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc import crs
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report

FAR = 200_000.0
"""Metres without any street: wider than the sea to any island of ours, narrower than a mix-up."""

CELL = 10_000.0
NEAR = 30_000.0
"""Metres from other streets within which exchanged coordinates tell of a mistake."""

FEW = 200
"""Of so many pieces, one may stand alone by mistake."""

FEW_EXCHANGED = 10
"""Of so many pieces, one may have its coordinates in the wrong order."""

Positions = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Region:
    """Pieces with no gap of FAR between them: their positions in the list, and their cells."""

    pieces: NDArray[np.int64]
    cells: Positions


def without_strays(pieces: Sequence[Piece], local_crs: str, report: Report) -> list[Piece]:
    """The pieces without those that cannot be where they are; each of these is a problem."""
    if not pieces:
        return []
    centres = _centres(pieces)
    regions = _regions(centres)
    body = max(regions, key=lambda region: len(region.pieces))
    strays: dict[int, Problem] = {}
    for region in regions:
        if region is not body:
            strays |= _strays_of(region, regions, pieces, centres, local_crs)
    if len(strays) > len(pieces) / 3:  # then nobody can say which of them are the strays
        return list(pieces)
    report.add(*strays.values())
    report.lost += len(strays)
    return [piece for at, piece in enumerate(pieces) if at not in strays]


def _centres(pieces: Sequence[Piece]) -> Positions:
    boxes = shapely.bounds(np.array([piece.geometry for piece in pieces], dtype=object))
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, dtype=float)


def _points(positions: Positions) -> NDArray[np.object_]:
    return np.asarray(shapely.points(positions), dtype=object)


def _regions(centres: Positions) -> list[_Region]:
    cells, cell_of = np.unique(np.floor(centres / CELL), axis=0, return_inverse=True)
    middles = (cells + 0.5) * CELL
    region_of = _connected(middles)
    owners = region_of[cell_of.reshape(-1)]
    return [
        _Region(np.flatnonzero(owners == number), middles[region_of == number])
        for number in np.unique(region_of)
    ]


def _connected(points: Positions) -> NDArray[np.int64]:
    """For each point the number of its region: those that steps below FAR lead to."""
    tree = shapely.STRtree(_points(points))
    region = np.full(len(points), -1, dtype=np.int64)
    for start in range(len(points)):
        edge = np.array([start]) if region[start] < 0 else np.array([], dtype=np.int64)
        while len(edge):
            region[edge] = start
            reached = tree.query(_points(points[edge]), predicate="dwithin", distance=FAR)
            edge = np.unique(reached[1][region[reached[1]] < 0])
    return region


def _strays_of(
    region: _Region,
    regions: Sequence[_Region],
    pieces: Sequence[Piece],
    centres: Positions,
    local_crs: str,
) -> dict[int, Problem]:
    others = np.concatenate([other.cells for other in regions if other is not region])
    count, tree = len(region.pieces), shapely.STRtree(_points(others))
    if count <= max(1, len(pieces) // FEW_EXCHANGED):
        exchanged = [_exchanged(centres[at], local_crs) for at in region.pieces]
        if all(any(_is_near(point, tree) for point in points) for points in exchanged):
            return {int(at): _swapped(pieces[at], centres[at]) for at in region.pieces}
    if count > max(1, len(pieces) // FEW):
        return {}
    return {
        int(at): _far(pieces[at], centres[at], _kilometres(centres[at], tree))
        for at in region.pieces
    }


def _exchanged(centre: Positions, local_crs: str) -> Iterator[shapely.Point]:
    """Where a piece would be with its two numbers in the other order, as metres and as degrees."""
    x, y = centre.tolist()
    yield shapely.Point(y, x)
    degrees = crs.to_wgs84([shapely.Point(x, y)], local_crs)[0]
    if np.isfinite([degrees.x, degrees.y]).all() and abs(degrees.x) <= 90:
        yield crs.to_local([shapely.Point(degrees.y, degrees.x)], crs.WGS84, local_crs)[0]


def _is_near(point: shapely.Point, tree: shapely.STRtree) -> bool:
    if not np.isfinite([point.x, point.y]).all():
        return False
    return len(tree.query(point, predicate="dwithin", distance=NEAR)) > 0


def _kilometres(centre: Positions, tree: shapely.STRtree) -> int:
    _, metres = tree.query_nearest(shapely.Point(*centre), return_distance=True)
    return round(float(metres[0]) / 1000)


def _problem(kind: str, message: Message, piece: Piece, position: str) -> Problem:
    return Problem(kind, message, file=piece.file, sheet=piece.sheet, row=piece.row, value=position)


def _swapped(piece: Piece, centre: Positions) -> Problem:
    position = _position(centre)
    message = Message("swapped", street=piece.name, position=position)
    return _problem("swapped", message, piece, position)


def _far(piece: Piece, centre: Positions, kilometres: int) -> Problem:
    position = _position(centre)
    message = Message("far_from_all", street=piece.name, position=position, kilometres=kilometres)
    return _problem("outside", message, piece, position)


def _position(centre: Positions) -> str:
    return f"{centre[0]:.0f}, {centre[1]:.0f}"
