"""The settlements that a county is shown by where its streets are too small to see.

Every street with grass lies in one settlement (its locality, else its town), and in the area of a
town with all around it. What is true for the grass there is not known here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mapsvc import crs
from mapsvc.domain.streets import Place, Street

NOWHERE = "Streets without a place"
DEFAULT_KIND = "village"

Degrees = tuple[float, float]
Box = tuple[float, float, float, float]


class Located(NamedTuple):
    """A street and the point that stands for it: longitude and latitude, NaN when unknown."""

    street: Street
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Area:
    """Streets that are shown as one. `key` names it among the areas of an edition, in words.

    `at` and `box` (west, south, east, north) are EPSG:4326, None where no street has a geometry.
    A wide area is a town with all around it, a local one a settlement; one may be both.
    """

    key: str
    name: str
    kind: str
    streets: tuple[str, ...]
    at: Degrees | None
    box: Box | None
    is_wide: bool
    is_local: bool


class Areas:
    """The areas of some streets, and those of each street."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.by_key = {area.key: area for area in sorted(areas, key=lambda area: area.key)}
        found: dict[str, list[str]] = defaultdict(list)
        for area in areas:
            for street in area.streets:
                found[street].append(area.key)
        self._of_street = {street: tuple(keys) for street, keys in found.items()}

    def of_streets(self, streets: Sequence[str]) -> Iterable[str]:
        """The keys of the areas that the streets lie in, each once."""
        if len(streets) == 1:
            return self._of_street.get(streets[0], ())
        return {key for street in streets for key in self._of_street.get(street, ())}


def areas_of(streets: Iterable[Located], places: Sequence[Place], local_crs: str) -> Areas:
    """The areas of the streets, by key; `places` say where a settlement lies and of what kind."""
    known = _Settlements(places, local_crs)
    towns: dict[str, dict[tuple[str, str], list[Located]]] = defaultdict(lambda: defaultdict(list))
    for located in streets:
        name, town = _names(located, known)
        towns[town or name][name, town].append(located)
    found: list[Area] = []
    for town, settlements in towns.items():
        is_alone = len(settlements) == 1
        for (name, _), there in settlements.items():
            found.append(_local_area(name, town, there, known, is_wide=is_alone))
        if not is_alone:
            found.append(_wide_area(town, [s for there in settlements.values() for s in there]))
    return Areas(found)


def _names(located: Located, known: "_Settlements") -> tuple[str, str]:
    """The settlement and the town of a street; the nearest place where it names neither."""
    street = located.street
    if name := street.locality or street.town:
        return name, street.town
    return known.nearest(located) or street.parish or NOWHERE, ""


def _local_area(
    name: str, town: str, streets: Sequence[Located], known: "_Settlements", *, is_wide: bool
) -> Area:
    key = name if town == name else f"{name}, {town}"
    middle = _middle(streets)
    spot, kind = known.spot(name, middle) or (middle, DEFAULT_KIND)
    return Area(key, name, kind, _ids(streets), spot, _box(streets), is_wide, is_local=True)


def _wide_area(town: str, streets: Sequence[Located]) -> Area:
    key = f"{town} and around"
    spot, box = _middle(streets), _box(streets)
    return Area(key, town, "town", _ids(streets), spot, box, is_wide=True, is_local=False)


def _ids(streets: Iterable[Located]) -> tuple[str, ...]:
    return tuple(located.street.id for located in streets)


def _points(streets: Iterable[Located]) -> crs.Coordinates:
    points = np.array([(located.lon, located.lat) for located in streets], dtype=float)
    found: crs.Coordinates = points[np.isfinite(points).all(axis=1)]
    return found


def _middle(streets: Iterable[Located]) -> Degrees | None:
    """The point of the street in the middle, which no far-off street can move to open country."""
    points = _points(streets)
    if not len(points):
        return None
    away = np.abs(points - np.median(points, axis=0)).sum(axis=1)
    lon, lat = points[away.argmin()]
    return float(lon), float(lat)


def _box(streets: Iterable[Located]) -> Box | None:
    points = _points(streets)
    if not len(points):
        return None
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(south), float(east), float(north)


class _Settlements:
    """The published settlements, in degrees."""

    def __init__(self, places: Sequence[Place], local_crs: str) -> None:
        self._places = [place for place in places if place.kind != "postcode"]
        x = np.array([place.easting for place in self._places])
        y = np.array([place.northing for place in self._places])
        self._points = crs.transform(x, y, local_crs, crs.WGS84).reshape(-1, 2)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for row, place in enumerate(self._places):
            self._by_name[place.name.casefold()].append(row)

    def spot(self, name: str, near: Degrees | None) -> tuple[Degrees, str] | None:
        """Where the settlement of that name nearest to `near` lies, and its kind."""
        rows = self._by_name.get(name.casefold(), [])
        row = self._nearest(rows, near)
        if row is None:
            return None
        lon, lat = self._points[row]
        return (float(lon), float(lat)), self._places[row].kind

    def nearest(self, located: Located) -> str:
        """The name of the settlement nearest to a street, empty without any."""
        row = self._nearest(range(len(self._places)), (located.lon, located.lat))
        return "" if row is None else self._places[row].name

    def _nearest(self, rows: Sequence[int], near: Degrees | None) -> int | None:
        if not len(rows) or near is None or not np.isfinite(near).all():
            return None
        away = self._points[list(rows)] - near
        away[:, 0] *= np.cos(np.radians(near[1]))
        squares = (away**2).sum(axis=1)
        return None if np.isnan(squares).all() else rows[int(np.nanargmin(squares))]
