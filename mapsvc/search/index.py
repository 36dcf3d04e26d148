"""Streets found by what a resident typed, in an index that `build` wrote. Knows no pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mapsvc.search import scores
from mapsvc.search.build import build_text_index
from mapsvc.search.correct import corrections
from mapsvc.search.index_files import Shelf, Uses
from mapsvc.search.models import Hit, Label
from mapsvc.search.normalise import TYPES, squash, street_key, tokens
from mapsvc.search.query import Query, QueryReading, read_query
from mapsvc.search.string_table import Ints, Span

__all__ = ["Hit", "Label", "TextIndex", "build_text_index"]

_NAMESAKES = 20
"""Streets of one name that a list of suggestions is looked through for another."""
_MANY, _MUCH = 3, 6
"""So many different names that begin as typed, or so many letters that one begins with: then
typing on tells which is meant, and a slip is not looked for.
"""


class FoundLabel(NamedTuple):
    """One label that a step found."""

    at: int
    """Its number in the index."""
    name: int
    """The number of the name that was found."""
    score: float
    matched: str
    settled: bool = False
    """A known name was typed with its place, or much of one: nothing else can be meant."""
    guessed: bool = False
    """It is only like what was typed."""


class TextIndex:
    """The text index in `folder`, open for reading by any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder)

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Up to `limit` rows that `text` may mean, the likeliest first; of equals the one in
        the larger place, then the lower row. Any text is taken. What fits nothing well finds
        nothing, and no weak matches stand behind a good one; see `suggest` for those.
        """
        return [
            self._hit(found) for found in self._first(_fitting(self._found(text, limit)), limit)
        ]

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
        """The nearest names to one that is in no gazetteer, one row for each, weak matches too."""
        nearest: dict[int, FoundLabel] = {}
        most = limit * _NAMESAKES
        for found in self._first(self._found(name, most), most):
            nearest.setdefault(found.name, found)
        return [self._hit(found) for found in nearest.values()][:limit]

    def _found(self, text: str, limit: int) -> Collection[FoundLabel]:
        """What the steps found until one of them was sure; each label once."""
        query = read_query(text)
        best: dict[int, FoundLabel] = {}
        for step in STEPS:
            for found in step(self._shelf, query, limit):
                if found.at not in best or found.score > best[found.at].score:
                    best[found.at] = found
            if _is_answered(best.values(), limit):
                break
        return _meant(best.values())

    def _first(self, found: Collection[FoundLabel], limit: int) -> list[FoundLabel]:
        return sorted(found, key=self._order)[: max(0, limit)]

    def _order(self, found: FoundLabel) -> tuple[float, float, int]:
        size, row = self._shelf.size_and_row(found.at)
        return -round(found.score, 4), -size, row

    def _hit(self, found: FoundLabel) -> Hit:
        return Hit(self._shelf.size_and_row(found.at)[1], round(found.score, 4), found.matched)


def find_by_postcode(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    for span in shelf.names.spans([query.postcode] if query.postcode else []).values():
        yield from _found(shelf.uses(span).first(limit), 1.0)


def find_by_exact_name(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    """Readings of which both the name and the place (or no place) are in the index."""
    places = shelf.places.spans(reading.place for reading in query.readings if reading.place)
    likely = [reading for reading in query.readings if _has_place(reading, places)]
    names = shelf.names.spans(reading.name for reading in likely)
    for reading in likely:
        if reading.name in names:
            uses = _in_reading(shelf, shelf.uses(names[reading.name]), reading, places)
            spelt = shelf.keyed(reading.key)
            worth = scores.for_words_read(reading.share)
            settled = bool(reading.place) and reading.share == 1
            yield from _found(uses.first(limit), worth, -1 if spelt is None else spelt, settled)


def find_by_beginning(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    """Readings of which the name, the place or both are the beginning of one in the index."""
    places: dict[str, Span] = {}
    for reading in query.readings:
        if reading.place and reading.place not in places and len(reading.place) > 1:
            span = shelf.places.beginning(reading.place)
            if span[0] < span[1]:
                places[reading.place] = span
    for reading in query.readings:
        if _has_place(reading, places):
            span = shelf.names.beginning(reading.name)
            if span[0] < span[1]:
                uses = _shortest(shelf, span, reading, places, limit)
                yield from _begun(shelf, uses, reading)


def find_by_likeness(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    """What looks like it: misspelt, words joined, swapped or left out. A postcode looks like
    nothing else: one that is not known is not found.
    """
    if query.postcode and query.postcode.startswith(query.street.name):
        return
    for at, name, likeness, alt in corrections(shelf, query, limit):
        score = scores.LOOKS_LIKE * likeness
        yield FoundLabel(at, name, score, "alt" if alt else "name", guessed=True)


def find_by_other_type(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    """Where no name begins as typed: names that differ in the last word only, where that says
    what kind of street it is.
    """
    likely = [reading for reading in query.readings if reading.key.rpartition(" ")[2] in TYPES]
    places = shelf.places.spans(reading.place for reading in likely if reading.place)
    for reading in likely:
        if _has_place(reading, places) and not _is_begun(shelf, reading, places):
            worth = scores.OTHER_TYPE * scores.for_words_read(reading.share)
            for span in _of_other_types(shelf, reading):
                uses = _in_reading(shelf, shelf.uses(span), reading, places).first(limit)
                for nth, found in enumerate(_found(uses, worth)):
                    score = found.score - scores.NAMESAKE * nth
                    yield found._replace(score=score, guessed=True)


def _is_begun(shelf: Shelf, reading: QueryReading, places: dict[str, Span]) -> bool:
    uses = shelf.uses(shelf.names.beginning(reading.name))
    return len(_in_reading(shelf, uses, reading, places).at) > 0


def _of_other_types(shelf: Shelf, reading: QueryReading) -> Collection[Span]:
    stem = reading.key.split()[:-1]
    first, end = shelf.names.beginning(squash(stem)) if stem else (0, 0)
    if first == end:
        return ()
    return shelf.names.spans(squash([*stem, kind]) for kind in TYPES).values()


def find_by_place_alone(shelf: Shelf, query: Query, limit: int) -> Iterator[FoundLabel]:
    """The streets of a village, or of a road number, when nothing else was typed."""
    readings = [reading for reading in query.readings if reading.share == 1]
    named = shelf.places.spans(reading.name for reading in readings)
    within = shelf.places.spans(reading.place for reading in readings if reading.place)
    for reading in readings:
        if reading.name in named and _has_place(reading, within):
            sets = shelf.sets_of(named[reading.name])
            if reading.place:
                sets &= shelf.sets_of(within[reading.place])
            uses = shelf.uses_in(np.flatnonzero(sets)).first(limit)
            for at, name in zip(uses.at.tolist(), uses.name.tolist(), strict=True):
                yield FoundLabel(at, name, scores.ONLY_PLACE, "place")


Step = Callable[[Shelf, Query, int], Iterator[FoundLabel]]
STEPS: tuple[Step, ...] = (
    find_by_postcode,
    find_by_exact_name,
    find_by_beginning,
    find_by_other_type,
    find_by_likeness,
    find_by_place_alone,
)


def _is_answered(found: Collection[FoundLabel], limit: int) -> bool:
    """Whether further steps could only add what was not meant. (A known name without its place
    may still be a slip for another.)
    """
    sure = [one.name for one in found if one.score >= scores.SURE]
    return len(sure) >= limit or len(set(sure)) >= _MANY or any(one.settled for one in found)


def _meant(found: Collection[FoundLabel]) -> Collection[FoundLabel]:
    """What was found, but only what is sure where a known name came with its place."""
    if any(one.settled for one in found):
        return [one for one in found if one.score >= scores.SURE]
    return found


def _fitting(found: Collection[FoundLabel]) -> Collection[FoundLabel]:
    """What was found, without guesses that fit badly or much worse than the best does."""
    least = scores.least_fitting(max((one.score for one in found), default=0))
    return [one for one in found if not one.guessed or one.score >= least]


def _has_place(reading: QueryReading, places: dict[str, Span]) -> bool:
    return not reading.place or reading.place in places


def _in_reading(shelf: Shelf, uses: Uses, reading: QueryReading, places: dict[str, Span]) -> Uses:
    return _in_places(shelf, uses, places[reading.place]) if reading.place else uses


def _in_places(shelf: Shelf, uses: Uses, places: Span) -> Uses:
    return uses.where(shelf.sets_of(places)[shelf.row_sets[uses.at]])


def _place_span(shelf: Shelf, place: str) -> Span:
    key = squash(tokens(place))
    return shelf.places.spans([key]).get(key, (0, 0))


def _found(
    uses: Uses, score: float, name: int | None = None, settled: bool = False
) -> Iterator[FoundLabel]:
    """Each use with its score, less where it is not spelt the same or is not the main name."""
    for at, number, alt in zip(
        uses.at.tolist(), uses.name.tolist(), uses.alt.tolist(), strict=True
    ):
        spelt = score if name is None or number == name else score * scores.SAME_LETTERS
        worth = spelt * scores.ALT_NAME if alt else spelt
        yield FoundLabel(at, number, worth, "alt" if alt else "name", settled)


def _shortest(
    shelf: Shelf, span: Span, reading: QueryReading, places: dict[str, Span], limit: int
) -> Uses:
    """Of the names in a span those of which most is typed: the shortest, in the reading's place."""
    if not reading.place:
        names = span[0] + _by_length(shelf.names.lengths_in(span), limit)
        return shelf.uses_of(names).first(limit)
    uses = _in_places(shelf, shelf.uses(span), places[reading.place])
    return uses.at_positions(_by_length(shelf.names.lengths(uses.name), limit))


def _by_length(lengths: Ints, most: int) -> Ints:
    # Small numbers are sorted much faster; a text has at most some thousand bytes.
    order: Ints = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")[:most]
    return order


def _begun(shelf: Shelf, uses: Uses, reading: QueryReading) -> Iterator[FoundLabel]:
    """Each use with what it is worth that so much of its name is typed."""
    typed, words_read = len(reading.name.encode()), scores.for_words_read(reading.share)
    is_much = typed >= _MUCH and not reading.place and reading.share == 1
    lengths = shelf.names.lengths(uses.name).tolist()
    for at, name, alt, length in zip(
        uses.at.tolist(), uses.name.tolist(), uses.alt.tolist(), lengths, strict=True
    ):
        worth = scores.PLACE_BEGUN if typed == length else scores.begun(typed, length)
        settled = is_much and typed < length
        yield FoundLabel(at, name, worth * words_read, "alt" if alt else "name", settled)
