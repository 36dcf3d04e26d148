"""Names near to one that is in no gazetteer, for the sentence that refuses it. No match is made.

What a row means is decided in `matcher`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from mapsvc.ingest.matching.street_index import StreetIndex
from mapsvc.search.normalise import TYPES, street_key, tokens
from mapsvc.search.place_names import place_key

Suggest = Callable[[str], list[str]]

LIKE = 70.0
"""Likeness (0-100) from which another name is worth suggesting."""

LIKE_WITHOUT_TYPE = 75.0
"""The same of what is left without `Close` or `Road`, which makes strangers look alike."""

MOST = 3

MOST_SUGGESTIONS = 1000
"""Names for which near ones are looked up; a file with more that are unknown is another area's."""

MOST_COMPARISONS = 50
"""The same without an index: comparing with all names takes a hundred times as long."""


class Suggestions:
    """What a name may have meant.

    Parameters
    ----------
    suggest : gives the ids of streets whose names are near to one that is not there, the nearest
        first; without it, names are compared one by one
    """

    def __init__(self, streets: StreetIndex, suggest: Suggest | None = None) -> None:
        self._streets = streets
        self._suggest = suggest or self._nearest_spelling
        self._left = MOST_SUGGESTIONS if suggest else MOST_COMPARISONS

    def near(self, name: str, place: str) -> list[int]:
        """Up to three streets, those in the place first, then the nearest."""
        if self._left <= 0:
            return []
        self._left -= 1
        streets = self._streets
        ids = self._suggest(", ".join(filter(None, (name, place))))
        rows = dict.fromkeys(streets.by_id[id] for id in ids if id in streets.by_id)
        found = likely(name, {at: streets.names[at] for at in rows})
        wanted = {place_key(part) for part in place.split(",")}
        return sorted(found, key=lambda at: wanted.isdisjoint(streets.places_of(at)))[:MOST]

    def _nearest_spelling(self, text: str) -> list[str]:
        key = street_key(text.partition(",")[0])
        found = process.extract(
            key, self._streets.by_key.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=MOST
        )
        return [self._streets.ids[at] for hit in found for at in self._streets.by_key[hit[0]]]


def likely(name: str, suggestions: Mapping[int, str]) -> list[int]:
    """The streets whose name is much like the one written."""
    written = tokens(name)
    likeness = {at: _likeness(written, tokens(own)) for at, own in suggestions.items()}
    least = max([LIKE, *(score - 15 for score in likeness.values())])
    return [at for at, score in likeness.items() if score >= least]


def listed(names: Iterable[str], joint: str = "and") -> str:
    """`A, Ashby and B, Barton`; `A, Ashby; B, Barton and 3 more`."""
    all_names = list(names)
    if len(all_names) > MOST:
        all_names = [*all_names[:MOST], f"{len(all_names) - MOST} more"]
    return f" {joint} ".join(filter(None, ("; ".join(all_names[:-1]), all_names[-1])))


def _likeness(written: Sequence[str], other: Sequence[str]) -> float:
    """Of the whole names; none when they are alike only for being a `Road` both.

    `North Street Car Park` is like `North Street`, which it holds whole.
    """
    bare = fuzz.ratio(_without_type(written), _without_type(other))
    if bare < LIKE_WITHOUT_TYPE and not set(other) <= set(written):
        return 0.0
    return fuzz.ratio(" ".join(written), " ".join(other))


def _without_type(words: Sequence[str]) -> str:
    rest = list(words)
    while len(rest) > 1 and _is_type(rest[-1]):
        rest.pop()
    return " ".join(rest)


def _is_type(word: str) -> bool:
    """Also `raod`."""
    return word in TYPES or bool(
        process.extractOne(word, TYPES, scorer=fuzz.ratio, score_cutoff=LIKE_WITHOUT_TYPE)
    )
