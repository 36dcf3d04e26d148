"""What a find is worth, as pure functions: 1 for the very name, less for everything else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from rapidfuzz.distance import OSA, Postfix, Prefix
from rapidfuzz.process import cdist

from mapsvc.search.grams import Floats
from mapsvc.search.normalise import squash

SAME_LETTERS = 0.99
"""The same but for its spaces."""
ALT_NAME = 0.98
PLACE_BEGUN = 0.97
NAME_BEGUN, ALL_BUT_ENDED = 0.86, 0.1
ONLY_PLACE = 0.6
OTHER_TYPE = 0.82
"""`Oak Street` for `Oak Road`."""
LOOKS_LIKE = 0.95
SURE = 0.86
"""From here on what was typed is taken at its word, and corrections are not looked for."""
LEAST = 0.5
"""Below this it is chance."""
FITS, BEHIND = 0.66, 0.17
"""What a guess must score to be an answer, and how far behind the best one it may be. Of the
misspellings that are found, 99.5 % score 0.73 and stand within 0.03 of the best.
"""
WORDS_MISSING = 0.85
END_MISSING = 0.93
WORDS_TURNED = 0.97
ANY_ORDER = 3
"""Words of which every order is tried."""
HOLED = 0.84
SHORT = 7
OTHER_INITIAL = 0.03
"""What a name loses that begins with another letter: the first is the least often mistaken."""
NAMESAKE = 0.01
"""What each further street of one name loses, so that it does not hide another likely name."""
UNREAD = 0.5
"""What a reading loses that leaves all words unread."""


def begun(typed: int, length: int) -> float:
    """For a name of which so many of its letters were typed."""
    return NAME_BEGUN + ALL_BUT_ENDED * min(1.0, typed / max(1, length))


def least_fitting(best: float) -> float:
    """What a guess must score beside a find of this score."""
    return max(FITS, min(best, LOOKS_LIKE) - BEHIND)


def for_words_read(share: float) -> float:
    """The factor for a reading that takes `share` of the letters into account."""
    return 1 - UNREAD * (1 - share)


def alike(typed: Sequence[str], texts: Sequence[str]) -> Floats:
    """(typed, texts) matrix: 1 less the share of letters added, lost, wrong or changed about."""
    if not typed or not texts:
        return np.zeros((len(typed), len(texts)), np.float32)
    likeness: Floats = cdist(typed, texts, scorer=OSA.normalized_similarity, dtype=np.float32)
    return likeness


def spelt_alike(typed: str, names: Sequence[str]) -> Floats:
    """How like each name is spelt to what was typed, both without spaces."""
    spelt: Floats = alike([typed], names)[0]
    spelt -= [OTHER_INITIAL * (name[:1] != typed[:1]) for name in names]
    return spelt


def name_alike(typed: str, names: Sequence[str], contained: Floats) -> Floats:
    """How well each name fits what was typed, also where its end or other words are missing, or
    its words are in another order.

    `typed` has its spaces, `names` have none; `contained` is how much of `typed` is in each
    name, in groups of letters.
    """
    turned = [squash(words) for words in _orders(typed.split())]
    spelt = spelt_alike(turned[0], names)
    whole = WORDS_TURNED * alike(turned[1:], names)
    cut = _cut(turned[0], names)
    holed = _with_a_hole(turned[0], names)
    ways = np.vstack([spelt, whole, END_MISSING * cut, HOLED * holed, WORDS_MISSING * contained])
    fits: Floats = ways.max(axis=0)
    return fits


def _cut(typed: str, names: Sequence[str]) -> Floats:
    """How like the beginning of each name is to what was typed; a letter that is missing or too
    many makes it a letter longer or shorter.
    """
    lengths = (len(typed) - 1, len(typed), len(typed) + 1)
    ways = [alike([typed], [name[:length] for name in names])[0] for length in lengths]
    best: Floats = np.max(ways, axis=0)
    return best


def _orders(words: Sequence[str]) -> list[Sequence[str]]:
    """The words as they were typed, and in other orders: every one of three words, of more those
    that begin with a later word.
    """
    if len(words) <= ANY_ORDER:
        return list(permutations(words))
    return [[*words[at:], *words[:at]] for at in range(len(words))]


def _with_a_hole(typed: str, names: Sequence[str]) -> Floats:
    """How much of `typed` is the beginning of each name and its end: `Silver Road` for
    `Silver Hill Road`.
    """
    measures = (Prefix.similarity, Postfix.similarity)
    begin, end = (cdist([typed], names, scorer=one, dtype=np.float32)[0] for one in measures)
    part: Floats = np.minimum(1, (begin + end) / max(len(typed), SHORT))
    return part


def with_place(name: Floats, place: Floats, share: float) -> Floats:
    """Name and place weighed by how much was typed of each: `share` is the name's."""
    return share * name + (1 - share) * place
