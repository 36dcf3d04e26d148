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
from mapsvc.search.query import Query, Reading
from mapsvc.search.shelf import Shelf, Uses
from mapsvc.search.texts import Ints

MOST_NAMES, MOST_NAMES_IN_PLACE, MOST_PLACES = 56, 24, 24
"""Candidates whose distance in letters is taken."""
MOST_TURNS = 24
MOST_READINGS = 2
"""Ways to tell the place from the name that are followed up."""
SHORT_PLACE = 8
LEAST_PLACE = 0.7
"""A place less like than this is not taken to be meant."""

Corrected = tuple[int, int, float, bool]
"""The numbers of a label and of its name, its likeness from 0 to 1, whether the name is an
alternative one.
"""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A reading whose place is like some that are known."""

    reading: Reading
    sets: Floats
    """For every set of places how like it is."""
    likeness: float
    """That of the most like."""


def corrections(shelf: Shelf, query: Query, limit: int) -> Iterator[Corrected]:
    """Labels that look like what was typed, in its likeliest readings; a label may come twice."""
    if not query.street.name or not len(shelf.names):
        return
    for placed in _placed(shelf, query):
        found = _in_place(shelf, placed, limit)
        yield from found
        if found and found[0][2] >= scores.SURE:
            return
    yield from _anywhere(shelf, query, limit)


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


def _likely_places(shelf: Shelf, query: Query, readings: list[Reading]) -> Ints:
    """Places as they were typed, with two letters changed about, or like what was typed."""
    texts = [reading.place for reading in readings]
    turned = [text for place in texts if len(place) <= SHORT_PLACE for text in _turned(place)]
    known = [span[0] for span in shelf.places.spans([*texts, *turned]).values()]
    like = shelf.places.likeness(query.street.name).best(MOST_PLACES)
    return np.union1d(like, np.array(known, np.int64))


def _in_place(shelf: Shelf, placed: _Placed, limit: int) -> list[Corrected]:
    """Names like the reading's: those most alike anywhere, and those most alike in its place."""
    reading = placed.reading
    like = shelf.names.likeness(reading.name)
    near = shelf.uses_in(np.flatnonzero(placed.sets >= placed.likeness - 0.05))
    near_names = like.best_among(near.name, MOST_NAMES_IN_PLACE)
    names = np.unique(np.concatenate([_candidates(shelf, reading.name, like), near_names]))
    uses = shelf.uses_of(names)
    name_alike = scores.name_alike(reading.key, shelf.names.texts(names), like.contained(names))
    share = len(reading.name) / (len(reading.name) + len(reading.place))
    alike = scores.with_place(
        name_alike[np.searchsorted(names, uses.name)], placed.sets[shelf.row_sets[uses.at]], share
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
    """Names that share groups of letters with `text`, and those with two letters of it changed
    about: that breaks eight groups, in a short name all of them.
    """
    known = [
        number for span in shelf.names.spans(_turned(text)).values() for number in range(*span)
    ]
    return np.concatenate([like.best(MOST_NAMES), np.array(known, np.int64)])


def _turned(text: str) -> list[str]:
    """`text` with each two neighbouring letters changed about."""
    pairs = range(min(len(text), MOST_TURNS) - 1)
    return [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in pairs]


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
