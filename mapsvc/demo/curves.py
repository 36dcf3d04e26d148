"""Smooth lines through points, in metres; nothing here knows a road from a river."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
Path = list[Point]


def apart(a: Point, b: Point) -> float:
    """Metres between two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def length(path: Sequence[Point]) -> float:
    """Metres along `path`."""
    return sum(map(apart, path, path[1:]))


def towards(start: Point, bearing: float, metres: float) -> Point:
    """The point `metres` from `start`; `bearing` in radians from east, anticlockwise."""
    return start[0] + metres * math.cos(bearing), start[1] + metres * math.sin(bearing)


def bearing(a: Point, b: Point) -> float:
    """The direction from `a` to `b`, radians from east, anticlockwise."""
    return math.atan2(b[1] - a[1], b[0] - a[0])


def turn(a: float, b: float) -> float:
    """The smallest angle between two bearings, 0 to pi."""
    return abs((a - b + math.pi) % (2 * math.pi) - math.pi)


def smooth(controls: Sequence[Point], step: float) -> Path:
    """A Catmull-Rom curve through every control, with a vertex about every `step` metres."""
    padded = [controls[0], *controls, controls[-1]]
    path = [controls[0]]
    for i in range(len(controls) - 1):
        pieces = max(1, round(apart(padded[i + 1], padded[i + 2]) / step))
        path += [_catmull(padded[i : i + 4], k / pieces) for k in range(1, pieces + 1)]
    return path


def _catmull(four: Sequence[Point], t: float) -> Point:
    """The uniform Catmull-Rom spline between the second and third of `four` points."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = four
    return _spline(ax, bx, cx, dx, t), _spline(ay, by, cy, dy, t)


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    bend = (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    return 0.5 * (2 * b + (c - a) * t + bend)


def winding(rng: random.Random, start: Point, end: Point, reach: float, sway: float) -> Path:
    """Controls from `start` to `end`, one about every `reach` metres, off the straight by `sway`.

    `sway` is a share of `reach`; the offsets follow each other, so that the line bends, not shakes.
    """
    count = max(2, round(apart(start, end) / reach))
    aside = bearing(start, end) + math.pi / 2
    offset, controls = 0.0, [start]
    for i in range(1, count):
        offset = 0.6 * offset + rng.uniform(-sway, sway) * reach
        along = (
            start[0] + (end[0] - start[0]) * i / count,
            start[1] + (end[1] - start[1]) * i / count,
        )
        controls.append(towards(along, aside, offset))
    return [*controls, end]


def at_distance(path: Sequence[Point], metres: float) -> Point:
    """The point `metres` along `path`, its last where the path is shorter."""
    for a, b in pairwise(path):
        piece = apart(a, b)
        if metres <= piece and piece:
            return a[0] + (b[0] - a[0]) * metres / piece, a[1] + (b[1] - a[1]) * metres / piece
        metres -= piece
    return path[-1]
