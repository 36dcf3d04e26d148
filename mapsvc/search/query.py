"""The ways in which what a resident typed can be read: which words name the street, which the
place. Knows words only, no index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mapsvc.search.normalise import expand, fold, squash, words

# Nobody types a longer address; a longer text is somebody trying the door.
MOST_LETTERS = 200
MOST_WORDS = 12

_BREAK = re.compile(r"[,;\t\r\n]")
_HOUSE = re.compile(r"\d+[a-z]?")
_DWELLINGS = frozenset({"flat", "apartment", "apt", "unit", "no", "number", "house", "plot"})
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_ROAD = re.compile(r"\b([abcdemnru])\s*(\d{1,4})(?:\s*\(?(m)\)?)?(?![\w])")


class QueryReading(NamedTuple):
    """One way to read a query: these words are the name, those the place (perhaps none)."""

    name: str
    place: str
    """Both squashed, as the index keeps them."""
    key: str
    """The name with its spaces."""
    share: float = 1.0
    """How much of what was typed it takes into account."""


NOTHING = QueryReading("", "", "")

ARTICLE = "the"
LESS_ARTICLE = 0.97
"""The share of a reading that leaves `The` out."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, with every way to read it."""

    readings: tuple[QueryReading, ...]
    """The likeliest first; empty where nothing can be searched for."""
    postcode: str = ""
    """A whole postcode in the text, squashed."""
    street: QueryReading = NOTHING
    """All that was typed but the house number, as a name."""


@lru_cache(maxsize=4096)
def read_query(text: str) -> Query:
    """Every way to read `text`. Never raises; text without a letter or digit has no reading."""
    folded = fold(text[:MOST_LETTERS])[:MOST_LETTERS]
    postcode, folded = _take_postcode(folded)
    folded = _ROAD.sub(lambda road: "".join(filter(None, road.groups())), folded)
    segments = _segments(folded)
    whole = [word for segment in segments for word in segment]
    street = _without_house(whole)
    return Query(_readings(segments, whole, street), postcode, _reading(street, []))


def _take_postcode(folded: str) -> tuple[str, str]:
    """The postcode, and the text with its outward half only: `np20` is a place, `4ea` is not."""
    found = _POSTCODE.search(folded)
    if not found:
        return "", folded
    outward, inward = found.groups()
    return outward + inward, f"{folded[: found.start()]} {outward} {folded[found.end() :]}"


def _segments(folded: str) -> list[list[str]]:
    """The words between commas, at most `MOST_WORDS` of them."""
    left = MOST_WORDS
    segments = []
    for part in _BREAK.split(folded):
        segment = words(part)[:left]
        left -= len(segment)
        if segment:
            segments.append(segment)
    return segments


def _readings(
    segments: list[list[str]], whole: list[str], street: list[str]
) -> tuple[QueryReading, ...]:
    as_typed = [_reading(whole, [])] if whole else []
    found = [*as_typed, *_by_commas(segments), *_by_words(street)]
    if street[:1] == [ARTICLE]:
        bare = _by_words(street[1:])
        found += [reading._replace(share=LESS_ARTICLE) for reading in bare]
    return tuple(dict.fromkeys(found))


def _by_commas(segments: list[list[str]]) -> list[QueryReading]:
    """`Rose Cottage, High Street, Newport`: any part may be the name, what follows the place."""
    if len(segments) < 2:
        return []
    parts = [part for part in map(_without_house, segments) if not _is_house(part)]
    following = [[word for part in parts[at:] for word in part] for at in range(1, len(parts) + 1)]
    found = [_reading(part, rest) for part, rest in zip(parts, following, strict=True)]
    letters = [len(reading.name) + len(reading.place) for reading in found]
    most = max(letters, default=0)
    return [
        reading._replace(share=read / most) for reading, read in zip(found, letters, strict=True)
    ]


def _by_words(street: list[str]) -> list[QueryReading]:
    """All words the name; then the place behind it; then the place in front."""
    if not street:
        return []
    cuts = range(len(street) - 1, 0, -1)
    halves = [(expand(street[:cut]), expand(street[cut:])) for cut in cuts]
    behind = [_written_out(first, last) for first, last in halves]
    in_front = [_written_out(last, first) for first, last in halves]
    return [_reading(street, []), *behind, *in_front]


def _reading(name: list[str], place: list[str]) -> QueryReading:
    return _written_out(expand(name), expand(place))


def _written_out(name: tuple[str, ...], place: tuple[str, ...]) -> QueryReading:
    return QueryReading(squash(name), squash(place), " ".join(name))


def _is_house(part: list[str]) -> bool:
    return all(word in _DWELLINGS or _HOUSE.fullmatch(word) for word in part)


def _without_house(typed: list[str]) -> list[str]:
    """`flat 2 14 high street` without what stands before the street's name."""
    at = 0
    while at < len(typed) - 1 and _is_house([typed[at]]):
        at += 1
    return typed[at:] if at and typed[at - 1] not in _DWELLINGS else typed
