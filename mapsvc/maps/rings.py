"""A ring of the shares of some grass, for pages: the segments that a template draws.

The map's script draws the same ring (`status.js`). Colours and symbols are in `style`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mapsvc.domain.status import Status

GAP = 1.5


class RingSize(NamedTuple):
    """What a ring measures, in pixels: to the middle of its width, and around it there.

    A symbol, whose side is 16, is drawn `scale` times as large.
    """

    width: float
    middle: float
    around: float
    scale: float


def _ring_size(radius: float) -> RingSize:
    width = radius * 0.46
    middle = radius - width / 2 - GAP
    return RingSize(width, middle, round(2 * math.pi * middle, 2), round((width - 1) / 17, 3))


RING = _ring_size(24)


@dataclass(frozen=True, slots=True)
class Segment:
    """A status's part of a ring, clockwise from the top: `drawn` pixels after `before`.

    `x` and `y` are the corner of its symbol, None where there is no room for it.
    """

    status: Status
    drawn: float
    before: float
    x: float | None = None
    y: float | None = None


def segments_of(shares: Mapping[Status, int]) -> list[Segment]:
    """The segments of a ring, in the order of the shares."""
    streets, before, found = sum(shares.values()), 0.0, []
    for status, number in shares.items():
        length = number / streets * RING.around
        drawn = max(length - GAP, 1) if len(shares) > 1 else RING.around
        x, y = _corner(before + drawn / 2) if length > RING.width else (None, None)
        found.append(Segment(status, round(drawn, 2), round(before, 2), x, y))
        before += length
    return found


def _corner(along: float) -> tuple[float, float]:
    """Where a symbol in the middle of the ring's width begins."""
    angle = along / RING.middle - math.pi / 2
    x, y = RING.middle * math.cos(angle), RING.middle * math.sin(angle)
    return round(x - 8 * RING.scale, 2), round(y - 8 * RING.scale, 2)
