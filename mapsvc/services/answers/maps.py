"""What the map shows: a street with its grass and neighbours, and the tiles of an edition."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc import crs
from mapsvc.domain.answers import Answer
from mapsvc.domain.schedule import Verge
from mapsvc.domain.shares import Share
from mapsvc.domain.status import Status
from mapsvc.domain.streets import Street
from mapsvc.errors import MapsvcError, NotFound
from mapsvc.maps.drawing import Box, DrawnVerge, box_around, street_svg
from mapsvc.maps.tiles import (
    HIGHEST_ZOOM,
    LOWEST_ZOOM,
    ROUNDS_FROM,
    STREETS_FROM,
    WIDE_UP_TO,
    Spot,
    StreetShapes,
    Tile,
    VergeShapes,
    encoded,
    spot_features,
)
from mapsvc.published.areas import Area
from mapsvc.published.atlas import Atlas, FoundStreet
from mapsvc.services.answers.teller import Answers
from mapsvc.services.state.council import Moment

LISTED_NEIGHBOURS = 12
STREETS_ON_A_PAGE = 100
KEPT_TILES = 2_000
MOST_STREETS_SCANNED = 100_000
"""A larger gazetteer is read tile by tile, and shows no main roads below zoom 13."""


@dataclass(frozen=True, slots=True)
class StreetView:
    """A street and what lies around it. `box` is local CRS, None where nothing has a geometry."""

    answer: Answer
    box: Box | None
    neighbours: tuple[FoundStreet, ...]


@dataclass(frozen=True, slots=True)
class AreaPage:
    """Some of the streets of a settlement or town, by name; `number` counts pages from 1."""

    area: Area
    share: Share
    streets: tuple[FoundStreet, ...]
    number: int
    pages: int


class Maps:
    """The map of one council. What an edition looks like is worked out once."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._shapes: tuple[str, EditionShapes] | None = None

    def street_view(self, street_id: str, on: date) -> StreetView:
        """The street with the streets around it, nearest first; errors as `Answers.answer`."""
        answer = self._answers.answer(street_id, on)
        moment = self._answers.council.moment
        line = answer.street.geometry
        verges = moment.atlas.book(on.year).of_street(street_id)
        box = box_around([line, *(verge.geometry for verge in verges)])
        around = moment.atlas.streets_in(box) if box else []
        others = [found for found in around if found.street.id != street_id]
        if line is not None:
            others.sort(key=lambda found: _apart(found.street.geometry, line))
        return StreetView(answer, box, tuple(others))

    def street_drawing(self, street_id: str, on: date) -> str:
        """The street and its grass as SVG. NotFound where neither has a geometry."""
        view = self.street_view(street_id, on)
        street, statuses = view.answer.street, statuses_of(view.answer)
        if view.box is None:
            raise NotFound("street_without_position", street=street.full_name)
        book = self._answers.council.moment.atlas.book(on.year)
        patches = [
            DrawnVerge(shape, statuses[verge.id])
            for verge in book.of_street(street_id)
            if (shape := verge.geometry or street.geometry) is not None and verge.id in statuses
        ]
        said = ", ".join(dict.fromkeys(group.label for group in view.answer.groups if group.verges))
        return street_svg(
            view.box,
            street.geometry,
            patches,
            (found.street.geometry for found in view.neighbours),
            title=f"Map of the grass on {street.full_name}",
            description=f"Shown by colour, line and symbol: {said or 'no recorded grass'}.",
        )

    def neighbours(self, view: StreetView) -> list[tuple[FoundStreet, dict[Status, str]]]:
        """The nearest streets of a view, each with the statuses of its grass and their labels."""
        return [
            (found, self.signs_on(found.street.id, view.answer.on))
            for found in view.neighbours[:LISTED_NEIGHBOURS]
        ]

    def settlements(self, on: date) -> list[tuple[Area, Share]]:
        """The settlements with grass, by name, each with what is true for most of it."""
        shares = self._answers.board(on).areas
        areas = self._answers.council.moment.atlas.areas(on.year).by_key
        return [(area, shares[key]) for key, area in areas.items() if area.is_local]

    def area_page(self, key: str, number: int, on: date) -> AreaPage:
        """The streets of a settlement or town. NotFound for one that nobody knows."""
        atlas = self._answers.council.moment.atlas
        area = atlas.areas(on.year).by_key.get(key)
        pages = 0 if area is None else -(-len(area.streets) // STREETS_ON_A_PAGE)
        if area is None or not 1 <= number <= pages:
            raise NotFound("place_not_in_list", place=key[:60])
        found = [street for street_id in area.streets if (street := atlas.street(street_id))]
        found.sort(key=lambda street: (street.street.name.casefold(), street.street.full_name))
        first = (number - 1) * STREETS_ON_A_PAGE
        share = self._answers.board(on).areas[key]
        return AreaPage(area, share, tuple(found[first:][:STREETS_ON_A_PAGE]), number, pages)

    def signs_on(self, street_id: str, on: date) -> dict[Status, str]:
        """The different statuses of a street's grass, each with its label."""
        return self._answers.answer(street_id, on).signs

    def extent(self, on: date) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the council's grass in EPSG:4326; None without any."""
        return self._edition(self._answers.council.moment, on).verges.bounds

    def edition(self, on: date) -> str:
        """The edition that tiles are asked of, as `/api/status` names it."""
        return self._answers.council.moment.atlas.shapes_name(on.year)

    def tile(self, edition: str, tile: Tile, on: date) -> bytes:
        """A tile as GeoJSON, empty where it lies outside the council.

        Raises
        ------
        NotFound : for an edition that is not current and for an address that no map has
        """
        moment = self._answers.council.moment
        if edition != moment.atlas.shapes_name(on.year):
            raise NotFound("edition_of_tiles_gone", edition=edition[:40])
        if not tile.exists:
            raise NotFound(
                "no_tile", tile=f"{tile.z}/{tile.x}/{tile.y}", least=LOWEST_ZOOM, most=HIGHEST_ZOOM
            )
        return self._edition(moment, on).tile(tile)

    def _edition(self, moment: Moment, on: date) -> "EditionShapes":
        name = moment.atlas.shapes_name(on.year)
        with self._lock:
            kept = self._shapes
            if kept is None or kept[0] != name:
                kept = self._shapes = (name, EditionShapes(moment.atlas, on.year))
            return kept[1]


class EditionShapes:
    """The geometry of one edition, ready to be cut into tiles."""

    def __init__(self, atlas: Atlas, year: int) -> None:
        self._atlas = atlas
        verges = atlas.book(year).verges.values()
        self.verges = VergeShapes(verges, _lines_of(atlas, verges), atlas.local_crs)
        self._wide, self._local, self._named = spots_of(atlas, year)
        self._streets, self._main_roads = _street_shapes(atlas)
        self.tile = lru_cache(maxsize=KEPT_TILES)(self._made_tile)

    def _made_tile(self, tile: Tile) -> bytes:
        """GeoJSON, empty where there is nothing."""
        features = self._streets_of(tile).features(tile)
        features += self.verges.features(tile)
        features += spot_features(self._spots(tile), tile)
        return encoded(features) if features else b""

    def _spots(self, tile: Tile) -> Sequence[Spot]:
        if tile.z >= ROUNDS_FROM:
            return self._named
        return self._wide if tile.z <= WIDE_UP_TO else self._local

    def _streets_of(self, tile: Tile) -> StreetShapes:
        if tile.z < STREETS_FROM:
            return self._main_roads
        return self._streets or _streets_in(self._atlas, tile)


def _street_shapes(atlas: Atlas) -> tuple[StreetShapes | None, StreetShapes]:
    """All streets, and those with a road number. A large gazetteer is not read as a whole."""
    if atlas.street_count > MOST_STREETS_SCANNED:
        return None, StreetShapes((), atlas.local_crs)
    streets = [found.street for found in atlas.all_streets()]
    lines = [s.geometry for s in streets if s.road_number and s.geometry is not None]
    # Far away nobody chooses a main road: as one line they take a third of the bytes.
    roads = [Street("", "", geometry=shapely.line_merge(shapely.union_all(lines)))] if lines else []
    return StreetShapes(streets, atlas.local_crs), StreetShapes(roads, atlas.local_crs)


def _streets_in(atlas: Atlas, tile: Tile) -> StreetShapes:
    try:
        found = atlas.streets_in(_local_box(tile, atlas.local_crs))
    except MapsvcError:  # outside the grid of the local CRS there are no streets
        found = []
    return StreetShapes((item.street for item in found), atlas.local_crs)


def spots_of(atlas: Atlas, year: int) -> tuple[list[Spot], list[Spot], list[Spot]]:
    """What names stand on the map: towns with all around them, settlements, names alone."""
    areas = atlas.areas(year).by_key.values()
    wide = [_spot(area) for area in areas if area.is_wide and area.at]
    local = [_spot(area) for area in areas if area.is_local and area.at]
    taken = {(spot.name.casefold(), spot.lon, spot.lat) for spot in local}
    others = [
        spot
        for spot in _published(atlas)
        if (spot.name.casefold(), spot.lon, spot.lat) not in taken
    ]
    named = [replace(spot, area="", box=()) for spot in local]
    return wide, [*local, *others], [*named, *others]


def _spot(area: Area) -> Spot:
    assert area.at is not None
    assert area.box is not None  # where one is known, both are
    return Spot(area.name, area.kind, *area.at, area.key, area.box)


def _published(atlas: Atlas) -> list[Spot]:
    """The settlements that were published, whether or not they have grass."""
    places = [place for place in atlas.places if place.kind != "postcode"]
    x = np.array([place.easting for place in places])
    y = np.array([place.northing for place in places])
    spots = crs.transform(x, y, atlas.local_crs, crs.WGS84).reshape(-1, 2)
    return [
        Spot(place.name, place.kind, float(lon), float(lat))
        for place, (lon, lat) in zip(places, spots, strict=True)
    ]


def statuses_of(answer: Answer) -> dict[str, Status]:
    """The status of each verge of an answer."""
    return {verge: group.found.status for group in answer.groups for verge in group.verges}


def box_in_degrees(box: Box, local_crs: str) -> tuple[float, float, float, float]:
    """A box of the local CRS as west, south, east, north in EPSG:4326."""
    west, south, east, north = box
    x, y = np.array([west, west, east, east]), np.array([south, north, south, north])
    corners = crs.transform(x, y, local_crs, crs.WGS84)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _local_box(tile: Tile, local_crs: str) -> Box:
    west, south, east, north = tile.bounds()
    corners = [(west, south), (west, north), (east, south), (east, north)]
    local = [crs.point_to_local(lon, lat, local_crs) for lon, lat in corners]
    xs, ys = zip(*local, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _lines_of(atlas: Atlas, verges: Iterable[Verge]) -> dict[str, BaseGeometry]:
    """The street's line for each verge that has no geometry of its own."""
    found: dict[str, BaseGeometry] = {}
    for verge in verges:
        if verge.geometry is None and verge.streets:
            street = atlas.street(verge.streets[0])
            if street and street.street.geometry is not None:
                found[verge.id] = street.street.geometry
    return found


def _apart(shape: BaseGeometry | None, line: BaseGeometry) -> float:
    return float("inf") if shape is None else shape.distance(line)
