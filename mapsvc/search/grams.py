"""Texts that look like another: groups of letters, which texts hold them, and how rare they are.

Knows letters only; what a name or a place is, and which candidate wins, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapsvc.search.string_table import Array, Ints, SortedTexts, sorted_text_arrays

Floats = NDArray[Any]
Portion = tuple[Ints, Ints]
"""Groups, and the texts that hold them."""

# Each letter takes six bits, so a group of three is a number below 2^18 and finding its postings
# needs no look-up but an array. Letters of other scripts share numbers with ours: a clash only
# adds a candidate, which the distance in letters then refuses.
_BITS = 6
_TRIPLES = 1 << (3 * _BITS)
_PAIRS = 1 << (2 * _BITS)
_GROUPS = _TRIPLES + _PAIRS
_EDGE = 37
_OTHERS = 38
_CODES = _OTHERS + np.arange(256) % (64 - _OTHERS)
_CODES[ord("0") : ord("9") + 1] = np.arange(10)
_CODES[ord("a") : ord("z") + 1] = 10 + np.arange(26)
_CODES[ord("|")] = _EDGE

_NOTHING = np.empty(0, np.int32)
_LEAST_OF_HIGHEST = 0.2
"""A text that shares less than this of what the best one does is not looked at."""

_TEXTS_AT_ONCE = 10_000
"""When an index is built; all at once would take some 200 bytes for each letter."""

MOST_POSTINGS = 15_000
"""How many postings one question reads: the rare groups first, the common ones tell little."""


def _letters(text: str) -> Ints:
    codes: Ints = _CODES[np.frombuffer(text.encode("utf-16-le"), np.uint16) & 0xFF]
    return codes


def _groups(letters: Ints) -> Ints:
    """Three letters in a row; then two with one between them, which a wrong letter cannot break."""
    first, second, third = letters[:-2], letters[1:-1], letters[2:]
    triples = (first << 2 * _BITS) | (second << _BITS) | third
    pairs = _TRIPLES + ((first << _BITS) | third)
    return np.concatenate([triples, pairs])


def postings(texts: Sequence[str]) -> dict[str, Array]:
    """What `Grams` reads: the texts, which are sorted, the texts that hold each group, each
    text's weight.
    """
    portions = [_held(texts, start) for start in range(0, len(texts), _TEXTS_AT_ONCE)]
    held_by = sum((_held_by(group) for group, _ in portions), np.zeros(_GROUPS, np.int64))
    group_start = np.concatenate([[0], np.cumsum(held_by)])
    weight = _weights(portions, _rarity(held_by, len(texts)), len(texts))
    return {
        **sorted_text_arrays(texts),
        "group_start": group_start.astype(np.int32),
        "group_texts": _merged(portions, group_start),
        "lightness": (1 / np.sqrt(np.maximum(weight, 1e-9))).astype(np.float32),
    }


def _held(texts: Sequence[str], start: int) -> Portion:
    """Of the texts from number `start` on, as many as are taken at once: every different (group,
    number of the text that holds it), sorted.
    """
    taken = texts[start : start + _TEXTS_AT_ONCE]
    letters = _letters("".join(f"|{text}|" for text in taken))
    lengths = np.array([len(text.encode("utf-16-le")) // 2 + 2 for text in taken], np.int64)
    owner = np.repeat(np.arange(start, start + len(taken)), lengths)
    inside = np.flatnonzero(owner[:-2] == owner[2:])
    held = _groups(letters).reshape(2, -1)[:, inside].ravel()
    held <<= 32
    held |= np.tile(owner[inside], 2)
    held.sort()  # numpy.unique would keep them all in a hash table first
    held = held[np.diff(held, prepend=-1) != 0]
    return (held >> 32).astype(np.int32), held.astype(np.int32)


def _held_by(group: Ints) -> Ints:
    """Of each group how often it is there."""
    return np.bincount(group, minlength=_GROUPS)


def _merged(portions: Sequence[Portion], group_start: Ints) -> Ints:
    """The texts of all portions by group, those of a group in order."""
    merged = np.empty(group_start[-1], np.int32)
    free = group_start[:-1].copy()
    for group, text in portions:
        held_by = _held_by(group)
        before = np.cumsum(held_by) - held_by
        merged[np.arange(len(group)) + np.repeat(free - before, held_by)] = text
        free += held_by
    return merged


def _weights(portions: Sequence[Portion], rarity: Floats, texts: int) -> Floats:
    """Of each text what all its groups count together."""
    weight = np.zeros(texts)
    for group, text in portions:
        first = int(text.min(initial=texts))
        found = np.bincount(text - first, rarity[group])
        weight[first : first + len(found)] = found
    return weight


def _rarity(held_by: Ints, texts: int) -> Floats:
    """What a group counts that so many texts hold. The groups that a slip makes are the rarest,
    so rarity must not count too much.
    """
    rarity: Floats = np.log((texts + 1) / np.maximum(held_by, 1))
    return rarity


class Grams(SortedTexts):
    """Finds among its texts those that look like another. Safe for many threads: only reads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        super().__init__(arrays)
        self._group_start = arrays["group_start"]
        self._group_texts = arrays["group_texts"]
        self._lightness = arrays["lightness"]

    def likeness(self, text: str) -> Likeness:
        """How alike each of the texts is to `text`; rare groups count more."""
        groups = np.unique(_groups(_letters(f"|{text}|")))
        starts, ends = self._group_start[groups], self._group_start[groups + 1]
        held_by = ends - starts
        order = _rare_first(held_by)
        worth = _rarity(held_by[order], len(self))
        spans = zip(starts[order].tolist(), ends[order].tolist(), strict=True)
        pieces = [self._group_texts[at:end] for at, end in spans]
        shared: Floats = np.bincount(
            np.concatenate([_NOTHING, *pieces]),
            np.repeat(worth, held_by[order]),
            minlength=len(self),
        )
        unknown = np.count_nonzero(held_by == 0) * float(
            _rarity(np.ones(1, np.int64), len(self))[0]
        )
        return Likeness(shared, float(worth.sum()) + unknown, self._lightness)


def _rare_first(held_by: Ints) -> Ints:
    """The order in which to read groups: rare ones first, as many as may be read, at least four."""
    order = np.argsort(held_by, kind="stable")
    order = order[held_by[order] > 0]
    return order[: max(4, int(np.searchsorted(np.cumsum(held_by[order]), MOST_POSTINGS)))]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What every text shares with the one that was asked for."""

    shared: Floats
    most: float
    """What a text would share that has every group of it."""
    lightness: Floats

    def best(self, most: int) -> Ints:
        """The numbers of the texts most alike, in order of number; some more than `most` where
        several are equally so.
        """
        if not len(self.shared):
            return np.empty(0, np.int64)
        enough = max(_LEAST_OF_HIGHEST * float(self.shared.max()), 1e-9)
        return self.best_among(np.flatnonzero(self.shared >= enough), most)

    def best_among(self, numbers: Ints, most: int) -> Ints:
        """The same, from these texts only."""
        shared = self.shared[numbers]
        alike = shared * self.lightness[numbers]
        if len(numbers) > most:
            cut = np.partition(alike, len(alike) - most)[len(alike) - most]
            numbers, alike = numbers[alike >= cut], alike[alike >= cut]
        return numbers[alike > 0][: 2 * most]

    def contained(self, numbers: Ints) -> Floats:
        """How much of the text that was asked for is in each of these: nought to 1."""
        part: Floats = self.shared[numbers] / max(self.most, 1e-9)
        return part
