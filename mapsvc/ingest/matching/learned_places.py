"""Where places lie that the gazetteer does not name, learnt from the rows that name them.

Rows with a street name that is there only once show where their place is: `Palace Road, Douglas`
and a dozen others say where Douglas is, so that of the many Main Roads none outside it is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

ENOUGH_STREETS = 5
"""Different streets that must agree before a place is known."""

LEAST_RADIUS = 1500.0
"""Metres: a village is no smaller, whatever its first five streets say."""

SPREAD = 3.0
"""A place reaches this many times as far as half of its streets do: wrong ones do not move it."""

NEIGHBOURHOOD = 1000.0
"""Metres around a street in which other sure streets say where it is."""

NEIGHBOURS = 8
"""The nearest of them that are asked."""

REMOTE = 5000.0
"""Metres from all other streets of a place beyond which a street is not in it."""

FAMILIAR = 0.25
"""The part of the names in a place that the gazetteer must know, before it is taken as its own.

`High Street` and `Main Road` are everywhere: of another county's streets a tenth sounds known.
"""

_ANYWHERE = ""


@dataclass(frozen=True, slots=True)
class PlaceCircle:
    """A circle around the streets of a place."""

    x: float
    y: float
    radius: float

    def holds(self, shape: BaseGeometry | None) -> bool:
        return shape is not None and bool(
            shapely.distance(shape, shapely.Point(self.x, self.y)) <= self.radius
        )


class Whereabouts:
    """What the streets that rows name in their places, and that are sure, say of the others."""

    def __init__(self) -> None:
        self._shapes: dict[int, BaseGeometry] = {}
        self._places: dict[int, set[str]] = defaultdict(set)
        self._names: dict[str, dict[str, bool]] = defaultdict(dict)

    def ask(self, places: Iterable[str], name: str, is_known: bool) -> None:
        """A row named a street in these places, and the gazetteer knows its name, or does not."""
        for place in (*places, _ANYWHERE):
            self._names[place][name] = is_known

    def add(self, places: Iterable[str], street: int, shape: BaseGeometry | None) -> None:
        """A row named a street that is sure, in these places."""
        if shape is not None and not shape.is_empty:
            self._shapes[street] = shape
            self._places[street].update(places)

    def fitting(
        self, candidates: Sequence[int], shapes: NDArray[np.object_], places: Sequence[str]
    ) -> list[int]:
        """The candidates that may be in one of `places`, or those whose neighbours say so.

        A place that is known well holds those in its circle. Of a place that is not, a candidate
        remains unless the streets around it are all said to be elsewhere; when all are remote from
        the place's few streets, none does. Nor in places that are strange to the gazetteer.
        """
        if not self._is_familiar(places):
            return []
        if all(self._is_remote(at, shapes[at], places) for at in candidates):
            return []
        area = next((self._areas[place] for place in places if place in self._areas), None)
        if area is not None:
            candidates = [at for at in candidates if area.holds(shapes[at])]
        shares = {at: self._share(at, shapes[at], places) for at in candidates}
        if area is None:
            candidates = [at for at in candidates if shares[at] != 0.0]
        certain = [at for at in candidates if (shares[at] or 0.0) >= 0.5]
        others = [at for at in candidates if at not in certain]
        is_told = all((1.0 if (share := shares[at]) is None else share) < 0.25 for at in others)
        return certain if certain and is_told else list(candidates)

    def _is_familiar(self, places: Sequence[str]) -> bool:
        """Whether the rows speak of this gazetteer's streets: all of them, or those of a place."""
        asked = [self._names[place] for place in (*places, _ANYWHERE) if place in self._names]
        enough = [names for names in asked if len(names) >= ENOUGH_STREETS]
        return not enough or any(sum(names.values()) >= FAMILIAR * len(names) for names in enough)

    def _is_remote(self, street: int, shape: BaseGeometry | None, places: Sequence[str]) -> bool:
        others = [self._shapes[at] for at in self._in_any(places) if at != street]
        if shape is None or len(others) < 2:
            return False
        return not bool((shapely.distance(np.array(others, dtype=object), shape) <= REMOTE).any())

    def _in_any(self, places: Sequence[str]) -> set[int]:
        return {at for place in places for at in self._streets_of.get(place, ())}

    @cached_property
    def _streets_of(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for street, places in self._places.items():
            for place in places:
                found[place].append(street)
        return dict(found)

    def _share(
        self, street: int, shape: BaseGeometry | None, places: Sequence[str]
    ) -> float | None:
        """The part of its neighbours that are in one of `places`; None when there are few."""
        if self._tree is None or shape is None:
            return None
        found = self._tree.query(shape, predicate="dwithin", distance=NEIGHBOURHOOD)
        around = self._streets[found[self._streets[found] != street]]
        if len(around) < ENOUGH_STREETS:
            return None
        apart = shapely.distance(np.array([self._shapes[at] for at in around]), shape)
        asked = around[np.argsort(apart, kind="stable")[:NEIGHBOURS]].tolist()
        return sum(not self._places[at].isdisjoint(places) for at in asked) / len(asked)

    @cached_property
    def _streets(self) -> NDArray[np.int64]:
        return np.array(list(self._shapes), dtype=np.int64)

    @cached_property
    def _tree(self) -> shapely.STRtree | None:
        return shapely.STRtree(list(self._shapes.values())) if self._shapes else None

    @cached_property
    def _areas(self) -> Mapping[str, PlaceCircle]:
        """The places of which enough streets are known."""
        return {
            place: _area([self._shapes[at] for at in streets])
            for place, streets in self._streets_of.items()
            if len(streets) >= ENOUGH_STREETS
        }


def _area(shapes: list[BaseGeometry]) -> PlaceCircle:
    centres = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
    x, y = np.median(centres, axis=0)
    half = float(np.median(np.hypot(centres[:, 0] - x, centres[:, 1] - y)))
    return PlaceCircle(float(x), float(y), max(LEAST_RADIUS, SPREAD * half))
