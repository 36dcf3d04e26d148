"""What two spellings of one name have in common: folding, abbreviations, keys. No index here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that NFKD leaves whole. The Norwegian, Icelandic, Polish and Sami ones occur in real
# gazetteers; residents type them on a British keyboard.
LETTERS = {
    "æ": "ae",
    "ø": "o",
    "œ": "oe",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ŋ": "n",
    "ŧ": "t",
    "ı": "i",
    "&": " and ",
    "+": " and ",
}
# Dropped without leaving a gap, so that `St Peter's` and `St Peters` are one name. Everything
# else that is neither letter nor digit is a gap. The last four are marks that cannot be seen.
APOSTROPHES = "'’‘`´ʼʻʹ′＇\u200b\u200e\u200f\ufeff"
_FOLDS = str.maketrans({**LETTERS, **dict.fromkeys(APOSTROPHES, "")})
_WORD = re.compile(r"[^\W_]+")

# Abbreviations that mean one word wherever they stand in a name.
ANYWHERE = {
    "rd": "road",
    "ave": "avenue",
    "avn": "avenue",
    "aven": "avenue",
    "ln": "lane",
    "cres": "crescent",
    "cresc": "crescent",
    "crs": "crescent",
    "crt": "court",
    "clo": "close",
    "drv": "drive",
    "dve": "drive",
    "gdn": "garden",
    "gdns": "gardens",
    "grdns": "gardens",
    "grv": "grove",
    "gro": "grove",
    "grn": "green",
    "sq": "square",
    "terr": "terrace",
    "tce": "terrace",
    "trce": "terrace",
    "blvd": "boulevard",
    "boul": "boulevard",
    "bldgs": "buildings",
    "cotts": "cottages",
    "cott": "cottage",
    "est": "estate",
    "esp": "esplanade",
    "emb": "embankment",
    "hts": "heights",
    "ind": "industrial",
    "jct": "junction",
    "mkt": "market",
    "mws": "mews",
    "pde": "parade",
    "pk": "park",
    "prom": "promenade",
    "sth": "south",
    "nth": "north",
    "stn": "station",
    "strt": "street",
    "vw": "view",
    "wlk": "walk",
    "wy": "way",
    "yd": "yard",
    "lwr": "lower",
    "upr": "upper",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "7th": "seventh",
    "8th": "eighth",
    "9th": "ninth",
    "10th": "tenth",
}
# Those that mean one thing at the end of a name, and another (or nothing) before it.
AT_END = {
    "st": "street",
    "str": "street",
    "dr": "drive",
    "av": "avenue",
    "cl": "close",
    "ct": "court",
    "gr": "grove",
    "la": "lane",
    "pl": "place",
    "ter": "terrace",
}
BEFORE = {
    "st": "saint",
    "dr": "doctor",
    "mt": "mount",
    "gt": "great",
    "lt": "little",
}
TYPES = frozenset({*ANYWHERE.values(), *AT_END.values(), "hill", "mall", "rise", "row", "villas"})
"""Words that say what kind of street it is, or which part of one."""

_ABBREVIATIONS = frozenset({*ANYWHERE, *AT_END, *BEFORE, *"nsew"})
# `High St North` is a street; `Lower St Helens` is a saint.
TRAILING = frozenset({"north", "south", "east", "west", "upper", "lower", "central", *"nsew"})
# `W Market St`, `High St N`; not an initial (`H P Road`, `N J Close`) or the s of `Queen s Way`.
DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west"}


def fold(text: str) -> str:
    """`text` in plain small letters: no accents, no apostrophes, full-width digits narrowed."""
    text = text.casefold().translate(_FOLDS)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of `text`, folded, with abbreviations left as they were typed."""
    return _WORD.findall(fold(text))


def expand(typed: Iterable[str]) -> tuple[str, ...]:
    """The same words with abbreviations written out by their place in the name.

    A word alone stays as it is: `St` by itself is neither a saint nor a street.
    """
    parts = tuple(typed)
    if len(parts) < 2 or _ABBREVIATIONS.isdisjoint(parts):
        return parts
    end = _last_that_is_no_direction(parts)
    expanded = [_expand_one(word, at, end) for at, word in enumerate(parts)]
    if len(parts[1]) > 1:
        expanded[0] = DIRECTIONS.get(parts[0], expanded[0])
    if end > 0 and expanded[end] in TYPES:
        expanded[end + 1 :] = [DIRECTIONS.get(word, word) for word in expanded[end + 1 :]]
    return tuple(expanded)


def _last_that_is_no_direction(parts: tuple[str, ...]) -> int:
    end = len(parts) - 1
    while end > 1 and parts[end] in TRAILING:
        end -= 1
    return end


def _expand_one(word: str, at: int, end: int) -> str:
    if word in ANYWHERE:
        return ANYWHERE[word]
    return AT_END.get(word, word) if at == end else BEFORE.get(word, word)


@lru_cache(maxsize=4_096)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a name as the index knows them, abbreviations written out.

    Matching asks for a row's name a dozen times, and places stand in thousands of rows.
    """
    return expand(words(text))


def normalise(text: str) -> str:
    """`text` as the index knows it: `TOPSHAM RD.` and ` Topsham Road` both `topsham road`."""
    return " ".join(tokens(text))


def street_key(name: str) -> str:
    """What two spellings of the same street name share; the empty string for no name at all."""
    return normalise(name)


def squash(typed: Iterable[str]) -> str:
    """The words run together, so that `Green Field Road` and `Greenfield Road` are alike.

    A saint is shortened again: `stpeters`, typed as one word, cannot be told to be a saint.
    """
    parts = tuple(typed)
    joined = "".join(parts)
    if "saint" not in joined:
        return joined
    return "".join("st" + word[5:] if word.startswith("saint") else word for word in parts)
