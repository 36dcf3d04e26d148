"""What two spellings of one place have in common: parishes, wards, villages, towns, councils.

`Ketton CP`, `KETTON PARISH` and `Ketton` are one place; `Exton & Horn` is that parish, and names
Exton and Horn. Search, matching, keepers and boundaries all compare places by these keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from mapsvc.search.normalise import tokens

_CODE = re.compile(r"[EWSN]\d{8}", re.IGNORECASE)

_KIND_WORDS = re.compile(
    r"(?<=\w)[\s(]+(?:(?:civil )?parish(?: council| meeting)?|ncp|cp|ward|electoral division|ed"
    r"|division|(?:town|community) council|community)\)?$",
    re.IGNORECASE,
)

_AFTER = tuple(
    tuple(words.split())
    for words in (
        "civil parish council", "parish council", "civil parish", "parish meeting", "parish",
        "cp", "ncp", "town council", "community council", "community", "city council",
        "county council", "borough council", "district council", "metropolitan borough council",
        "council", "electoral division", "county division", "division", "ed", "ward",
        "district b", "london borough", "metropolitan borough", "borough", "district", "b", "det",
        "unitary authority",
    )
)  # fmt: skip
"""What follows a name and only says what it is the name of; `B` and `Det` are Ordnance Survey's."""

_BEFORE = tuple(
    tuple(words.split())
    for words in (
        "the", "civil parish of", "parish of", "ward of", "community of", "city of", "town of",
        "london borough of", "royal borough of", "metropolitan borough of", "borough of",
        "district of", "county of",
    )
)  # fmt: skip

_JOINTS = frozenset({"and", "with", "cum"})
_SHARED_FIRST_WORDS = frozenset(
    "great little upper lower middle nether over high low north south east west old new".split()
)
"""`Great and Little Hampton` are Great Hampton and Little Hampton."""

NO_NAMES = frozenset(
    {
        "", "none", "null", "nil", "na", "n a", "unknown", "unnamed", "no name", "not named",
        "unparished", "unparished area", "unparished areas", "non parished", "non parished area",
        "non civil parish", "no parish", "not parished", "not applicable", "nan", "tbc",
    }
)  # fmt: skip
"""What stands for a name where there is none."""


@lru_cache(maxsize=65_536)
def place_key(name: str) -> str:
    """What the spellings of one place share; empty for no name."""
    return " ".join(_bare(tokens(name)))


@lru_cache(maxsize=65_536)
def place_keys(name: str) -> tuple[str, ...]:
    """The key of a place, then those of the places that its name is made up of."""
    words = _bare(tokens(name))
    parts = _parts(words)
    keys = (" ".join(words), *(" ".join(part) for part in parts))
    return tuple(dict.fromkeys(filter(None, keys)))


def shown_place(name: str) -> str:
    """A parish or ward as people say it: `Ketton` for `Ketton CP`; `Ward End` stays."""
    return _KIND_WORDS.sub("", name).strip() or name


def is_code(text: str) -> bool:
    """Whether a place is given by the code of the Office for National Statistics."""
    return bool(_CODE.fullmatch(text.strip()))


def names_of_several(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The keys that fit several of the places, given as name and code, each with their codes."""
    codes: dict[str, list[str]] = {}
    for name, code in named:
        codes.setdefault(place_key(name), []).append(code)
    return {key: own for key, own in codes.items() if len(own) > 1}


def is_no_name(text: str) -> bool:
    """Whether a cell says that an area has no name, or nothing: `null`, `Unparished area`."""
    return " ".join(tokens(text)) in NO_NAMES


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """The words without those that say what kind of place it is, while any is left."""
    rest = tuple(words)
    while True:
        after = next((w for w in _AFTER if len(rest) > len(w) and rest[-len(w) :] == w), ())
        before = next((w for w in _BEFORE if len(rest) > len(w) and rest[: len(w)] == w), ())
        if not after and not before:
            return rest
        rest = rest[: -len(after)] if after else rest[len(before) :]


def _parts(words: Sequence[str]) -> list[tuple[str, ...]]:
    """`ketton and tinwell` → ketton, tinwell; nothing for a name of one place."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _JOINTS:
            parts.append([])
        else:
            parts[-1].append(word)
    filled = [part for part in parts if part]
    if len(filled) < 2 or len(filled) != len(parts):
        return []
    shared = filled[-1][1:] if filled[-1][0] in _SHARED_FIRST_WORDS else []
    return [
        tuple(
            _bare((*part, *shared) if len(part) == 1 and part[0] in _SHARED_FIRST_WORDS else part)
        )
        for part in filled
    ]
