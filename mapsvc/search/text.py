"""Streets found by what a resident typed, in an index that `build` wrote. Knows no pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from mapsvc.search.build import build_text_index
from mapsvc.search.correct import corrected
from mapsvc.search.labels import Hit, Label
from mapsvc.search.normalise import squash, street_key, tokens
from mapsvc.search.query import Query, Reading, read_query
from mapsvc.search.shelf import Shelf, Span, Uses

__all__ = ["Hit", "Label", "TextIndex", "build_text_index"]

# What each way of being found is worth. Within a way, more of the name typed is worth more.
SAME_NAME, SAME_LETTERS, ALT_NAME = 1.0, 0.99, 0.98
PLACE_BEGUN, NAME_BEGUN, ONLY_PLACE = 0.97, 0.8, 0.6
LIKE = 0.95

Found = tuple[int, float, str]
"""The number of a label, its score, what it was found by."""


class TextIndex:
    """The text index in `folder`, open for reading by any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder)

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Up to `limit` rows that `text` may mean, the likeliest first; of equals the one in
        the larger place, then the lower row. Any text is taken; most nonsense finds nothing.
        """
        query = read_query(text)
        best: dict[int, Found] = {}
        for step in STEPS:
            for found in step(self._shelf, query, limit):
                if found[1] > best.get(found[0], (0, 0.0, ""))[1]:
                    best[found[0]] = found
            if len(best) >= limit:
                break
        return self._hits(best, limit)

    def exact(self, name: str, place: str = "") -> list[int]:
        """The rows that bear this very name (as main or other name), in order, where `place` is
        given only those in it. A place that no label names finds nothing.
        """
        number = self._shelf.keyed(street_key(name))
        if number is None:
            return []
        uses = self._shelf.uses((number, number + 1))
        if place:
            uses = _in_places(self._shelf, uses, _place_span(self._shelf, place))
        return sorted(set(self._shelf.rows[uses.at].tolist()))

    def suggest(self, name: str, limit: int = 3) -> list[Hit]:
        """The nearest names to one that is in no gazetteer, a row for each."""
        return self.search(name, limit)

    def close(self) -> None:
        """Close the files. No thread may be searching; closing twice does no harm."""
        self._shelf.close()

    def _hits(self, best: dict[int, Found], limit: int) -> list[Hit]:
        shelf = self._shelf
        hits = [
            (-round(score, 4), -float(shelf.sizes[at]), int(shelf.rows[at]), matched)
            for at, score, matched in best.values()
        ]
        return [Hit(row, -score, matched) for score, _, row, matched in sorted(hits)[:limit]]


def find_by_postcode(shelf: Shelf, query: Query, limit: int) -> Iterator[Found]:
    for span in shelf.named([query.postcode] if query.postcode else []).values():
        yield from _found(shelf.uses(span).first(limit), SAME_NAME)


def find_by_exact_name(shelf: Shelf, query: Query, limit: int) -> Iterator[Found]:
    """Readings of which both the name and the place (or no place) are in the index."""
    places = shelf.placed(reading.place for reading in query.readings if reading.place)
    likely = [reading for reading in query.readings if _has_place(reading, places)]
    names = shelf.named(reading.name for reading in likely)
    for reading in likely:
        if reading.name in names:
            uses = _in_reading(shelf, shelf.uses(names[reading.name]), reading, places)
            spelt = shelf.keyed(reading.key)
            yield from _found(uses.first(limit), SAME_NAME, -1 if spelt is None else spelt)


def find_by_beginning(shelf: Shelf, query: Query, limit: int) -> Iterator[Found]:
    """Readings of which the name, the place or both are the beginning of one in the index."""
    places: dict[str, Span] = {}
    for reading in query.readings:
        if reading.place and reading.place not in places and len(reading.place) > 1:
            span = shelf.places_beginning(reading.place)
            if span[0] < span[1]:
                places[reading.place] = span
    for reading in query.readings:
        if _has_place(reading, places):
            span = shelf.names_beginning(reading.name)
            uses = _in_reading(shelf, shelf.uses(span), reading, places)
            yield from _begun(shelf, uses, reading, limit)


def find_by_place_alone(shelf: Shelf, query: Query, limit: int) -> Iterator[Found]:
    """The streets of a village, or of a road number, when nothing else was typed."""
    named = shelf.placed(reading.name for reading in query.readings)
    within = shelf.placed(reading.place for reading in query.readings if reading.place)
    for reading in query.readings:
        if reading.name in named and _has_place(reading, within):
            sets = shelf.sets_of(named[reading.name])
            if reading.place:
                sets &= shelf.sets_of(within[reading.place])
            yield from ((at, ONLY_PLACE, "place") for at in shelf.labels_in(sets, limit).tolist())


def find_by_likeness(shelf: Shelf, query: Query, limit: int) -> Iterator[Found]:
    """What looks like it: misspelt, words joined, swapped or left out."""
    for at, likeness, alt in corrected(shelf, query, limit):
        yield at, LIKE * likeness, "alt" if alt else "name"


Step = Callable[[Shelf, Query, int], Iterator[Found]]
STEPS: tuple[Step, ...] = (
    find_by_postcode,
    find_by_exact_name,
    find_by_beginning,
    find_by_place_alone,
    find_by_likeness,
)


def _has_place(reading: Reading, places: dict[str, Span]) -> bool:
    return not reading.place or reading.place in places


def _in_reading(shelf: Shelf, uses: Uses, reading: Reading, places: dict[str, Span]) -> Uses:
    return _in_places(shelf, uses, places[reading.place]) if reading.place else uses


def _in_places(shelf: Shelf, uses: Uses, places: Span) -> Uses:
    return uses.where(shelf.sets_of(places)[shelf.row_sets[uses.at]])


def _place_span(shelf: Shelf, place: str) -> Span:
    key = squash(tokens(place))
    return shelf.placed([key]).get(key, (0, 0))


def _found(uses: Uses, score: float, name: int | None = None) -> Iterator[Found]:
    """Each use with its score, less where it is not spelt the same or is not the main name."""
    for at, number, alt in zip(
        uses.at.tolist(), uses.name.tolist(), uses.alt.tolist(), strict=True
    ):
        spelt = score if name is None or number == name else score * SAME_LETTERS
        yield at, spelt * ALT_NAME if alt else spelt, "alt" if alt else "name"


def _begun(shelf: Shelf, uses: Uses, reading: Reading, limit: int) -> Iterator[Found]:
    """The names of which most is typed."""
    if not len(uses.at):
        return
    lengths = shelf.names.lengths(uses.name)
    for at in np.argsort(lengths, kind="stable")[:limit].tolist():
        share = len(reading.name.encode()) / max(1, int(lengths[at]))
        score = PLACE_BEGUN if share == 1 else NAME_BEGUN + 0.15 * share
        yield int(uses.at[at]), score, "alt" if uses.alt[at] else "name"
