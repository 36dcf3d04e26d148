"""The verges of all current schedules, as they stand in a year. In memory: a county has 30,000.

The schedules of one service are one edition a season. In a year, a verge is what the newest
season up to that year says it is, with the cuts of all seasons.
"""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import shapely

from mapsvc.domain.schedule import Cut, Programme, Rest, Round, Verge, Window
from mapsvc.domain.schedule_columns import SAID_OF_A_VERGE, VERGE_COLUMNS
from mapsvc.store.database import Store
from mapsvc.store.editions import Edition, ScheduleContent

PlacesOf = Callable[[str], tuple[str, ...]]


class _Season(NamedTuple):
    """One current schedule, read."""

    service: str
    season: int
    verges: tuple[Verge, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class VergeBook:
    """All verges and rounds of a year, by what they are asked for."""

    verges: Mapping[str, Verge]
    rounds: Mapping[str, Round]

    @cached_property
    def shape_digest(self) -> str:
        """Changes with what the map draws (geometry, round, street), not with dates."""
        digest = hashlib.sha256()
        for verge in self.verges.values():
            digest.update(repr((verge.id, verge.round, verge.streets)).encode())
            digest.update(b"" if verge.geometry is None else shapely.to_wkb(verge.geometry))
        return digest.hexdigest()[:10]

    @cached_property
    def by_street(self) -> Mapping[str, tuple[Verge, ...]]:
        found: dict[str, list[Verge]] = defaultdict(list)
        for verge in self.verges.values():
            for street in verge.streets:
                found[street].append(verge)
        return {street: tuple(verges) for street, verges in found.items()}

    @cached_property
    def by_round(self) -> Mapping[str, tuple[Verge, ...]]:
        found: dict[str, list[Verge]] = defaultdict(list)
        for verge in self.verges.values():
            if verge.round:
                found[verge.round].append(verge)
        return {code: tuple(verges) for code, verges in found.items()}

    def of_street(self, street_id: str) -> tuple[Verge, ...]:
        return self.by_street.get(street_id, ())

    def within(self, bounds: tuple[float, float, float, float]) -> list[Verge]:
        """The verges with a geometry whose box meets `bounds` (local CRS)."""
        verges, tree = self._tree
        return [verges[index] for index in sorted(tree.query(shapely.box(*bounds)))]

    @cached_property
    def _tree(self) -> tuple[list[Verge], shapely.STRtree]:
        shapes = {v.id: v.geometry for v in self.verges.values() if v.geometry is not None}
        return [self.verges[verge] for verge in shapes], shapely.STRtree(list(shapes.values()))


class VergeBooks:
    """The book of every year, each made when it is first asked for."""

    def __init__(self, seasons: Sequence[_Season]) -> None:
        self._seasons = seasons
        self._books: dict[tuple[int, ...], VergeBook] = {}
        self._lock = threading.Lock()

    def of(self, year: int) -> VergeBook:
        """The book of a year; years that the same seasons govern share one."""
        governing = [_governing(list(of_service), year) for of_service in self._by_service]
        key = tuple(season.season for season in governing)
        book = self._books.get(key)
        if book is None:
            with self._lock:
                book = self._books.setdefault(key, _book(governing, self._cuts))
        return book

    @cached_property
    def _by_service(self) -> list[list[_Season]]:
        found: dict[str, list[_Season]] = defaultdict(list)
        for season in sorted(self._seasons):
            found[season.service].append(season)
        return list(found.values())

    @cached_property
    def _cuts(self) -> dict[tuple[str, str], tuple[Cut, ...]]:
        """The cuts of all seasons by service and verge."""
        found: dict[tuple[str, str], tuple[Cut, ...]] = {}
        for season in sorted(self._seasons):
            for verge in season.verges:
                key = season.service, verge.id
                before = found.get(key)
                found[key] = verge.programme if before is None else (*before, *verge.programme)
        return found


def verge_books(
    store: Store, editions: Iterable[Edition], places_of: PlacesOf, id_now: Callable[[str], str]
) -> VergeBooks:
    """The books of the schedules among `editions`.

    Parameters
    ----------
    places_of : the places of a street
    id_now : the id of a street now, for one that a schedule names by an id of before
    """
    return VergeBooks(
        [
            _season(edition, store.editions.schedule(edition.number), places_of, id_now)
            for edition in editions
            if edition.kind == "schedule"
        ]
    )


def _season(
    edition: Edition,
    content: ScheduleContent,
    places_of: PlacesOf,
    id_now: Callable[[str], str],
) -> _Season:
    assert edition.season is not None, "a schedule is that of a season"
    # `to_dict` takes three times as long
    columns = [content.verges[name].tolist() for name in VERGE_COLUMNS]
    verges = tuple(
        _verge(
            dict(zip(VERGE_COLUMNS, cells, strict=True)),
            edition.service,
            content.programmes,
            places_of,
            id_now,
        )
        for cells in zip(*columns, strict=True)
    )
    return _Season(edition.service, edition.season, verges, tuple(content.rounds))


def _verge(
    cells: Mapping[str, Any],
    service: str,
    programmes: Sequence[Programme],
    places_of: PlacesOf,
    id_now: Callable[[str], str],
) -> Verge:
    streets = tuple(dict.fromkeys(map(id_now, filter(None, cells["streets"].split(";")))))
    start, end, tracked = cells["rest_from"], cells["rest_until"], cells["tracked"]
    return Verge(
        id=cells["id"],
        streets=streets,
        **{name: cells[name] for name in SAID_OF_A_VERGE},
        rest=Rest(Window(start, end), cells["rest_reason"]) if start and end else None,
        programme=programmes[cells["programme"]],
        tracked=None if tracked is None else bool(tracked),
        service=service,
        places=tuple(dict.fromkeys(place for street in streets for place in places_of(street))),
        geometry=cells["geometry"],
    )


def _governing(seasons: list[_Season], year: int) -> _Season:
    """The newest season up to `year`, else the first one after it."""
    past = [season for season in seasons if season.season <= year]
    return past[-1] if past else seasons[0]


def _book(
    governing: Iterable[_Season], cuts: Mapping[tuple[str, str], tuple[Cut, ...]]
) -> VergeBook:
    governing = list(governing)
    return VergeBook(
        verges={
            verge.id: _with(cuts[season.service, verge.id], verge)
            for season in governing
            for verge in season.verges
        },
        rounds={round_.code: round_ for season in governing for round_ in season.rounds},
    )


def _with(programme: Programme, verge: Verge) -> Verge:
    """The verge with these cuts; most have those of one season and are as they were read."""
    return verge if programme is verge.programme else replace(verge, programme=programme)
