"""Where on a street some grass lies, in English.

Schedules number the parts of a road (`west side, part 3`, `junction 1`), and nobody but them knows
the numbers: residents read how many parts are meant, and of what.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_NUMBERED = re.compile(
    r"(?:(?P<base>.*?)[\s,;:(–-]*\b)?"
    r"(?P<noun>part|section|stretch|segment|area|plot|patch|site|piece|verge|junction|splay|bed|"
    r"island|green)s?[\s.]*(?:no\.?|number|#)?\s*\d+[a-z]?\s*\)?",
    re.IGNORECASE,
)


class Numbered(NamedTuple):
    """What a stretch with a number is one of: `part` of `west side`, `junction` of nothing."""

    noun: str
    base: str


def stretches_in_words(here: Iterable[str], everywhere: Iterable[str]) -> str:
    """`here` as one phrase; `everywhere` are all stretches of the street, these among them.

    Parts 1 and 2 of a west side that has seven are `west side (2 of 7 parts)`, and all of them are
    the `west side`.
    """
    here = list(dict.fromkeys(filter(None, here)))
    all_of = Counter(filter(None, map(_numbered, dict.fromkeys(everywhere))))
    these = Counter(filter(None, map(_numbered, here)))
    said = (_phrase(one, these, all_of) if (one := _numbered(text)) else text for text in here)
    return "; ".join(dict.fromkeys(said))


def _numbered(stretch: str) -> Numbered | None:
    found = _NUMBERED.fullmatch(stretch.strip())
    return Numbered(found["noun"].lower(), (found["base"] or "").strip()) if found else None


def _phrase(one: Numbered, these: Counter[Numbered], all_of: Counter[Numbered]) -> str:
    number, known = these[one], max(all_of[one], these[one])
    if one.base and one.noun in PARTS and number == known:
        return one.base
    counted = _counted(number, known, one.noun)
    return f"{one.base} ({counted})" if one.base else counted


def _counted(number: int, known: int, noun: str) -> str:
    if number < known:
        return f"{number} of {known} {noun}s"
    return {1: f"one {noun}", 2: f"both {noun}s"}.get(known, f"all {known} {noun}s")


PARTS = {"part", "section", "stretch", "segment", "piece", "verge", "area"}
"""What is nothing but a part: all of them are the whole."""
