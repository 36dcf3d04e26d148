"""Corrections: names and places that look like what was typed, weighed together.

The groups of letters bring candidates, the distance in letters decides. What a likeness is worth
is said in `scores`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mapsvc.search import scores
from mapsvc.search.grams import Floats, Likeness
from mapsvc.search.index_files import Shelf, Uses
from mapsvc.search.query import Query, QueryReading
from mapsvc.search.string_table import Ints

MOST_NAMES, MOST_NAMES_IN_PLACE, MOST_PLACES = 56, 24, 24
"""Candidates whose distance in letters is taken."""
MOST_READINGS = 2
"""Ways to tell the place from the name that are followed up."""
LEAST_PLACE = 0.7
"""A place less like than this is not taken to be meant."""

Corrected = tuple[int, int, float, bool]
"""The numbers of a label and of its name, its likeness from 0 to 1, whether the name is an
alternative one.
"""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A reading whose place is like some that are known."""

    reading: QueryReading
    sets: Floats
    """For every set of places how like it is."""
    likeness: float
    """That of the most like."""


def corrections(shelf: Shelf, query: Query, limit: int) -> Iterator[Corrected]:
    """Labels that look like what was typed, in its likeliest readings; a label may come twice."""
    if not query.street.name or not len(shelf.names):
        return
    slipped = [] if _is_known(shelf, query) else _by_one_slip(shelf, query, limit)
    if slipped and slipped[0][2] >= scores.SURE:
        yield from slipped
        return
    for placed in _placed(shelf, query):
        found = _in_place(shelf, placed, limit)
        yield from found
        if found and found[0][2] >= scores.SURE:
            return
    yield from _anywhere(shelf, query, limit)


def _is_known(shelf: Shelf, query: Query) -> bool:
    """Whether a name is spelt so: then what else it may mean is not only what is one slip away."""
    return shelf.names.number(query.street.name) is not None


def _by_one_slip(shelf: Shelf, query: Query, limit: int) -> list[Corrected]:
    """Labels whose name and whose place are as they were typed or one slip away, the most alike
    first. Most misspellings are such, and this looks at a few names where groups of letters bring
    hundreds.
    """
    places = shelf.place_slips.near({reading.place for reading in query.readings if reading.place})
    likely = [reading for reading in query.readings if not reading.place or reading.place in places]
    names = shelf.name_slips.near({reading.name for reading in likely})
    found = []
    for reading in likely:
        if reading.name in names and reading.place:
            near = names[reading.name], places[reading.place]
            found += _slipped_in_place(shelf, reading, *near, limit)
        elif reading.name in names:
            found += _slipped(shelf, reading, names[reading.name], limit)
    return sorted(found, key=lambda one: -one[2])[:limit]


def _slipped(shelf: Shelf, reading: QueryReading, names: Ints, limit: int) -> list[Corrected]:
    uses = shelf.uses_of(names)
    alike = scores.spelt_alike(reading.name, shelf.names.texts(names))
    which = np.searchsorted(names, uses.name)
    worth = alike[which] - scores.NAMESAKE * _nth_of_its_name(uses)
    return _highest(uses, worth * scores.for_words_read(reading.share), limit)


def _slipped_in_place(
    shelf: Shelf, reading: QueryReading, names: Ints, places: Ints, limit: int
) -> list[Corrected]:
    close = scores.alike([reading.place], shelf.places.texts(places))[0]
    sets = shelf.likeness_of_sets(places, close)
    uses = shelf.uses_of(names)
    uses = uses.where(sets[shelf.row_sets[uses.at]] > 0)
    if not len(uses.at):
        return []
    alike = scores.spelt_alike(reading.name, shelf.names.texts(uses.name))
    worth = scores.with_place(alike, sets[shelf.row_sets[uses.at]], _share(reading))
    return _highest(uses, worth * scores.for_words_read(reading.share), limit)


def _share(reading: QueryReading) -> float:
    """How much of a reading is its name."""
    return len(reading.name) / (len(reading.name) + len(reading.place))


def _placed(shelf: Shelf, query: Query) -> list[_Placed]:
    """The readings with the likeliest places, the likeliest first."""
    readings = [reading for reading in query.readings if len(reading.place) > 1]
    if not readings or not len(shelf.places):
        return []
    places = _likely_places(shelf, query, readings)
    alike = scores.alike([reading.place for reading in readings], shelf.places.texts(places))
    if not alike.size:
        return []
    closest = alike.max(axis=1)
    letters = np.array([len(reading.place) * reading.share for reading in readings])
    order = np.argsort(-(closest + 0.002 * letters), kind="stable")[:MOST_READINGS]
    return [
        _Placed(readings[at], shelf.likeness_of_sets(places, alike[at]), float(closest[at]))
        for at in order.tolist()
        if closest[at] >= LEAST_PLACE
    ]


def _likely_places(shelf: Shelf, query: Query, readings: list[QueryReading]) -> Ints:
    """Places as they were typed, one slip away, or like what was typed."""
    near = shelf.place_slips.near({reading.place for reading in readings})
    like = shelf.places.likeness(query.street.name).best(MOST_PLACES)
    return np.unique(np.concatenate([like, *near.values()]))


def _in_place(shelf: Shelf, placed: _Placed, limit: int) -> list[Corrected]:
    """Names like the reading's: those most alike anywhere, and those most alike in its place."""
    reading = placed.reading
    like = shelf.names.likeness(reading.name)
    near = shelf.uses_in(np.flatnonzero(placed.sets >= placed.likeness - 0.05))
    near_names = like.best_among(near.name, MOST_NAMES_IN_PLACE)
    names = np.unique(np.concatenate([_candidates(shelf, reading.name, like), near_names]))
    uses = shelf.uses_of(names)
    name_alike = scores.name_alike(reading.key, shelf.names.texts(names), like.contained(names))
    alike = scores.with_place(
        name_alike[np.searchsorted(names, uses.name)],
        placed.sets[shelf.row_sets[uses.at]],
        _share(reading),
    )
    return _highest(uses, alike * scores.for_words_read(reading.share), limit)


def _anywhere(shelf: Shelf, query: Query, limit: int) -> list[Corrected]:
    """Names like all that was typed."""
    like = shelf.names.likeness(query.street.name)
    names = np.unique(_candidates(shelf, query.street.name, like))
    if not len(names):
        return []
    uses = shelf.uses_of(names)
    alike = scores.name_alike(query.street.key, shelf.names.texts(names), like.contained(names))
    which = np.searchsorted(names, uses.name)
    return _highest(uses, alike[which] - scores.NAMESAKE * _nth_of_its_name(uses), limit)


def _candidates(shelf: Shelf, text: str, like: Likeness) -> Ints:
    """Names that share groups of letters with `text`, and those one slip away from it: that may
    break eight groups, in a short name all of them.
    """
    return np.concatenate([like.best(MOST_NAMES), *shelf.name_slips.near([text]).values()])


def _nth_of_its_name(uses: Uses) -> Ints:
    """0 for the first street of each name, 1 for the second …; uses of a name stand together."""
    first = np.searchsorted(uses.name, uses.name)
    nth: Ints = np.arange(len(uses.name)) - first
    return nth


def _highest(uses: Uses, alike: Floats, limit: int) -> list[Corrected]:
    order = np.argsort(-alike, kind="stable")[:limit]
    chosen = order[alike[order] >= scores.LEAST]
    return list(
        zip(
            uses.at[chosen].tolist(),
            uses.name[chosen].tolist(),
            alike[chosen].tolist(),
            uses.alt[chosen].tolist(),
            strict=True,
        )
    )
