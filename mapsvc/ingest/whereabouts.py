"""Where places lie that the gazetteer does not name, learnt from the rows that name them.

Rows with a street name that is there only once show where their place is: `Palace Road, Douglas`
and a dozen others say where Douglas is, so that of the many Main Roads none outside it is meant.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ENOUGH_STREETS = 5
"""Different streets that must agree before a place is known."""

LEAST_RADIUS = 1500.0
"""Metres: a village is no smaller, whatever its first five streets say."""

SPREAD = 3.0
"""A place reaches this many times as far as half of its streets do: wrong ones do not move it."""


@dataclass(frozen=True, slots=True)
class Area:
    """A circle around the streets of a place."""

    x: float
    y: float
    radius: float

    def holds(self, shape: BaseGeometry | None) -> bool:
        return shape is not None and bool(
            shapely.distance(shape, shapely.Point(self.x, self.y)) <= self.radius
        )


class Evidence:
    """The streets that rows name in each place, each once."""

    def __init__(self) -> None:
        self._streets: dict[str, dict[int, BaseGeometry]] = defaultdict(dict)

    def add(self, places: Sequence[str], street: int, shape: BaseGeometry | None) -> None:
        """A row named a street that is sure, in these places."""
        if shape is None or shape.is_empty:
            return
        for place in places:
            self._streets[place][street] = shape

    def areas(self) -> Mapping[str, Area]:
        """The places of which enough streets are known."""
        return {
            place: _area(list(shapes.values()))
            for place, shapes in self._streets.items()
            if len(shapes) >= ENOUGH_STREETS
        }


def _area(shapes: list[BaseGeometry]) -> Area:
    centres = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
    x, y = np.median(centres, axis=0)
    half = float(np.median(np.hypot(centres[:, 0] - x, centres[:, 1] - y)))
    return Area(float(x), float(y), max(LEAST_RADIUS, SPREAD * half))
