"""The published editions, indexed for reading: streets on disk, verges in memory.

An atlas never changes: a publication makes another one beside it, derived from the store and
rebuilt at will. What changes while it is open (marks, pauses) is not here.
"""

import hashlib
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc import crs
from mapsvc.domain.schedule import Round
from mapsvc.domain.streets import (
    Keeper,
    Place,
    Street,
    divided_places,
    named_places,
    parse_alt_names,
)
from mapsvc.published.areas import Areas, Located, areas_of
from mapsvc.published.indexes import indexes_of
from mapsvc.published.verges import VergeBook, VergeBooks, verge_books
from mapsvc.search.index import Hit, TextIndex
from mapsvc.search.normalise import street_key
from mapsvc.search.place_names import is_code, names_of_several, place_key
from mapsvc.search.records import Records, StreetRecord
from mapsvc.search.space import SpaceIndex
from mapsvc.store.database import Store
from mapsvc.store.editions import Edition

KEPT_STREETS = 50_000
"""Some 100 MB at most; a council has 20,000 streets."""
TILE_FORM = 2
"""Another number when tiles say something else of the same grass: browsers keep them for ever."""


NEAREST_TO_LAND = 2
"""Streets that are found for a park that lies along none."""


class StreetEntry:
    """A street as the edition keeps it. A list of what was found needs no more; the `Street`, with
    its line and its other names, is made when it is asked for.
    """

    def __init__(self, record: StreetRecord) -> None:
        self.record = record

    @cached_property
    def street(self) -> Street:
        fields: dict[str, Any] = {**self.record.fields}
        fields["alt_names"] = parse_alt_names(fields["alt_names"])
        return Street(id=self.record.id, geometry=self.record.geometry, **fields)


@dataclass(frozen=True, slots=True)
class FoundStreet:
    """A street that a search or a position found; `score` is 1 for an exact name."""

    entry: StreetEntry
    score: float = 1.0
    distance_m: float | None = None

    @property
    def street(self) -> Street:
        return self.entry.street

    @property
    def lat(self) -> float:
        return self.entry.record.lat

    @property
    def lon(self) -> float:
        return self.entry.record.lon


class _Indexes:
    """The indexes in a folder, opened, and the streets that were read from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records, self.text = Records(folder), TextIndex(folder)
        self.space = SpaceIndex(folder)
        self.entry_at = lru_cache(maxsize=KEPT_STREETS)(partial(_read_entry, self.records))
        self.close = weakref.finalize(self, self.space.close)


def _read_entry(records: Records, row: int) -> StreetEntry | None:
    record = records.by_row(row)
    return StreetEntry(record) if record else None


class Atlas:
    """All editions that are current at one moment. Safe for threads.

    `before` is another atlas, whose streets are shared where they are the same: most publications
    are schedules.
    """

    def __init__(
        self,
        store: Store,
        editions: Sequence[Edition],
        folder: Path,
        local_crs: str = crs.LOCAL,
        before: "Atlas | None" = None,
    ) -> None:
        self.editions = tuple(editions)
        self.local_crs = local_crs
        gazetteer, places = self.edition("gazetteer"), self.edition("places")
        self.places = _places(store, gazetteer, places)
        boundaries = self.edition("boundaries")
        self._keepers = _keepers(store, self.edition("keepers"), boundaries)
        where = indexes_of(store, gazetteer, boundaries, self.places, folder, local_crs)
        shared = before._indexes if before else None
        self._indexes: _Indexes = shared if shared and shared.folder == where else _Indexes(where)
        self._store = store
        self._areas: dict[int, Areas] = {}  # by the book, which lives as long as this
        self._redirects = store.editions.redirects()
        self._former: dict[str, tuple[str, ...]] = {}
        for old, new in self._redirects.items():
            self._former[new] = (*self._former.get(new, ()), old)
        self.street_count = self._indexes.records.count()

    def edition(self, kind: str) -> Edition | None:
        """The current edition of a kind that has one only."""
        return next((edition for edition in self.editions if edition.kind == kind), None)

    @cached_property
    def attributions(self) -> tuple[str, ...]:
        """What the sources of the editions want said, each once."""
        return tuple(dict.fromkeys(e.attribution for e in self.editions if e.attribution))

    # Streets

    def street(self, street_id: str) -> FoundStreet | None:
        row = self._indexes.records.row_of(street_id)
        entry = None if row is None else self._indexes.entry_at(row)
        return FoundStreet(entry) if entry else None

    def moved(self, street_id: str) -> str | None:
        """The id that a street of an earlier edition has now, or None."""
        new = self._redirects.get(street_id)
        return new if new and self._indexes.records.row_of(new) is not None else None

    def _id_now(self, street_id: str) -> str:
        """The id that a street has now, also one that it had when a schedule was published."""
        is_here = self._indexes.records.row_of(street_id) is not None
        return street_id if is_here else self.moved(street_id) or street_id

    def as_they_are_now(self, streets: Mapping[str, str]) -> dict[str, str]:
        """What is said of streets by ids of any gazetteer, with the ids that they have now."""
        return {key: self._id_now(street) for key, street in streets.items()}

    def ids_of(self, street_id: str) -> tuple[str, ...]:
        """The street's id, and those that it had before."""
        return street_id, *self._former.get(street_id, ())

    def search(self, text: str, limit: int) -> list[FoundStreet]:
        """The streets that `text` names, best first; those nearest to a place that it names.

        A park or green that is called so comes first, by its street or the nearest ones.
        """
        found = self._streets_of(self._indexes.text.search(text, limit), limit)
        of_land = self._along_land(text)
        first = {one.entry.record.id: one for one in (*of_land, *found)} if of_land else {}
        return list(first.values())[:limit] if first else found

    def _along_land(self, text: str) -> list[FoundStreet]:
        """The streets of the land with this name; of land without a street the two nearest."""
        found: list[FoundStreet] = []
        for streets, shape in self._named_land.get(street_key(text), ()):
            named = filter(None, map(self.street, streets))
            if own := list(named):
                found += own
            elif shape is not None:
                found += self.near(shape.centroid.x, shape.centroid.y, NEAREST_TO_LAND)
        return found

    @cached_property
    def _named_land(self) -> dict[str, list[tuple[tuple[str, ...], BaseGeometry | None]]]:
        """The land of current schedules by the key of its name: its streets and its outline."""
        found: dict[str, list[tuple[tuple[str, ...], BaseGeometry | None]]] = {}
        for edition in self.editions:
            if edition.kind != "schedule":
                continue
            for name, streets, shape in self._store.editions.named_land(edition.number):
                now = tuple(map(self._id_now, filter(None, streets.split(";"))))
                found.setdefault(street_key(name), []).append((now, shape))
        return found

    def near_names(self, text: str, limit: int = 3) -> list[FoundStreet]:
        """Streets of the names that look most like `text`, one of each, weak matches too."""
        return self._streets_of(self._indexes.text.suggest(text, limit), limit)

    def _streets_of(self, hits: Iterable[Hit], limit: int) -> list[FoundStreet]:
        found: dict[str, FoundStreet] = {}
        for hit in hits:
            if hit.row < self.street_count:
                named: Iterable[FoundStreet] = self._found(hit.row, hit.score)
            else:
                place = self.places[hit.row - self.street_count]
                named = self.near(place.easting, place.northing, limit, hit.score)
            for street in named:
                found.setdefault(street.entry.record.id, street)
        return list(found.values())[:limit]

    def near(self, x: float, y: float, limit: int, score: float = 1.0) -> list[FoundStreet]:
        """The streets closest to a point of the local CRS, nearest first, with distances."""
        nearest = self._indexes.space.nearest(x, y, limit, self._line)
        return [
            FoundStreet(found.entry, score, round(distance, 1))
            for row, distance in nearest
            for found in self._found(row, score)
        ]

    def streets_in(self, bounds: tuple[float, float, float, float]) -> list[FoundStreet]:
        """The streets whose box meets `bounds` (local CRS)."""
        rows = sorted(self._indexes.space.intersecting(bounds))
        return [found for row in rows for found in self._found(row, 1.0)]

    def all_streets(self) -> Iterator[FoundStreet]:
        return (FoundStreet(StreetEntry(record)) for record in self._indexes.records.all())

    def suggest(self, name: str) -> list[str]:
        """The ids of streets that `name` may have meant, for reports."""
        return [found.entry.record.id for found in self.near_names(name)]

    def places_of(self, street_id: str) -> tuple[str, ...]:
        found = self.street(street_id)
        if found is None:
            return ()
        fields = found.entry.record.fields
        return named_places(fields["locality"], fields["town"], fields["parish"])

    def _found(self, row: int, score: float) -> list[FoundStreet]:
        entry = self._indexes.entry_at(row)
        return [FoundStreet(entry, score)] if entry else []

    def _line(self, row: int) -> BaseGeometry:
        entry = self._indexes.entry_at(row)
        line = entry.street.geometry if entry else None
        return shapely.Point() if line is None else line

    # Grass

    @cached_property
    def _books(self) -> VergeBooks:
        """Read when first asked for, as a check of a file needs streets and no grass. Who makes an
        atlas for several threads asks before they have it.
        """
        return verge_books(self._store, self.editions, self.places_of, self._id_now)

    def book(self, year: int) -> VergeBook:
        """The verges and rounds as the schedules that govern `year` have them."""
        return self._books.of(year)

    def areas(self, year: int) -> Areas:
        """The settlements and towns in which the streets with grass of a year lie."""
        book = self.book(year)
        known = self._areas.get(id(book))
        if known is None:
            known = self._areas[id(book)] = areas_of(
                (
                    Located(found.street, found.lon, found.lat)
                    for street in book.by_street
                    if (found := self.street(street))
                ),
                self.places,
                self.local_crs,
            )
        return known

    def shapes_name(self, year: int) -> str:
        """A name of everything that the map draws; a publication of dates alone leaves it."""
        editions = [e and (e.number, e.sha256) for e in map(self.edition, ("gazetteer", "places"))]
        drawn = repr((TILE_FORM, editions, self.book(year).shape_digest))
        return hashlib.sha256(drawn.encode()).hexdigest()[:12]

    @property
    def keepers(self) -> tuple[Keeper, ...]:
        """All keepers, in the order of their file."""
        return tuple(self._keepers.by_code.values())

    def keeper(self, code: str) -> Keeper | None:
        return self._keepers.by_code.get(code.casefold())

    def keepers_of_street(self, street: Street) -> dict[Keeper, tuple[str, ...]]:
        """The keepers that name the street's road number, or its parishes, with these parishes.

        The road says more. A parish is known by its code where keepers give one, else by its
        name; a name that several keepers give is nobody's.
        """
        for number in street.road_number.split(";"):
            if keeper := self._keepers.by_road.get(_road(number)):
                return {keeper: ()}
        parishes, codes = divided_places(street.parish), divided_places(street.parish_code)
        found: dict[Keeper, tuple[str, ...]] = {}
        for parish, code in zip_longest(parishes, codes, fillvalue=""):
            known = self._keepers.by_parish
            if keeper := known.get(code) or known.get(place_key(parish)):
                found[keeper] = (*found.get(keeper, ()), parish or parishes[-1])
        return found

    @property
    def default_keeper(self) -> Keeper | None:
        """Whose grass it is where the schedule does not say: the first keeper that is us."""
        return next((k for k in self._keepers.by_code.values() if k.ours), None)

    def round(self, code: str, year: int) -> Round | None:
        return self.book(year).rounds.get(code)

    def close(self) -> None:
        """Give back the index handles, also of atlases that share the streets; reading after it is
        an error. Streets that no atlas has any more give them back by themselves.
        """
        self._indexes.close()


@dataclass(frozen=True, slots=True)
class _Keepers:
    by_code: dict[str, Keeper]
    by_parish: dict[str, Keeper]
    by_road: dict[str, Keeper]


def _keepers(store: Store, edition: Edition | None, boundaries: Edition | None) -> _Keepers:
    keepers = store.editions.keepers(edition.number) if edition else []
    several = names_of_several(store.editions.parishes(boundaries.number) if boundaries else ())
    by_parish: dict[str, Keeper | None] = dict.fromkeys(several)
    for keeper in keepers:
        for parish in keeper.parishes:
            key = parish.upper() if is_code(parish) else place_key(parish)
            is_twice = by_parish.get(key, keeper) != keeper
            by_parish[key] = None if is_twice else keeper
    return _Keepers(
        {keeper.code.casefold(): keeper for keeper in keepers},
        {key: keeper for key, keeper in by_parish.items() if keeper},
        {_road(road): keeper for keeper in keepers for road in keeper.roads},
    )


def _places(store: Store, *editions: Edition | None) -> tuple[Place, ...]:
    """The settlements of the gazetteer's source, and the places that were published as such."""
    found = [place for one in editions if one for place in store.editions.places(one.number)]
    return tuple(dict.fromkeys(found))


def _road(number: str) -> str:
    return "".join(number.upper().split())
