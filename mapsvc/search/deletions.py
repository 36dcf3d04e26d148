"""Texts that are one slip away from what was typed: a letter too many, missing, wrong, or changed
about with the next.

Two such texts are the same once a letter is taken from each, so every text is kept under what is
left of it then. What a slip is worth, and which candidate wins, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Literal
from zlib import crc32

import numpy as np

from mapsvc.search.string_table import Array, Ints

Side = Literal["left", "right"]

LONGEST = 32
"""Letters of which one is taken away; in a longer text the first so many."""


def slip_arrays(texts: Sequence[str]) -> dict[str, Array]:
    """What `Slips` reads: sums of each text and of what is left of it, sorted, and whose they are.

    Sum and number are sorted as one integer: two columns and their order would take three times
    the memory.
    """
    counts = np.fromiter((1 + min(len(text), LONGEST) for text in texts), np.int64, len(texts))
    sums = (total for text in texts for total in _sums(text))
    kept = np.fromiter(sums, "<u8", int(counts.sum()))
    kept <<= np.uint64(32)
    kept |= np.repeat(np.arange(len(texts), dtype=np.uint64), counts)
    kept.sort()
    halves = kept.view(np.uint32).reshape(-1, 2)  # of a number the lower half comes first
    return {
        "slip_sums": np.ascontiguousarray(halves[:, 1]),
        "slip_texts": halves[:, 0].astype(np.int32),
    }


def _sums(text: str) -> Iterator[int]:
    """The sum of the text, and of what is left without each of its letters."""
    yield crc32(text.encode())
    for at in range(min(len(text), LONGEST)):
        yield crc32((text[:at] + text[at + 1 :]).encode())


class Slips:
    """Finds texts by what is left of them. Safe for many threads: only reads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._sums, self._texts = arrays["slip_sums"], arrays["slip_texts"].data

    def near(self, asked: Collection[str]) -> dict[str, Ints]:
        """Of each of these texts that has any: the numbers of the texts that are it or one slip
        away from it, in order; now and then of another that looks like it.
        """
        sums = [list(_sums(text)) for text in asked]
        held = iter(self._held(np.fromiter(chain.from_iterable(sums), np.uint32)))
        near: dict[str, Ints] = {}
        for text, own in zip(asked, sums, strict=True):
            numbers = set(chain.from_iterable(islice(held, len(own))))
            if numbers:
                near[text] = np.array(sorted(numbers), np.int32)
        return near

    def _held(self, sums: Array) -> list[Sequence[int]]:
        """Of each sum the texts that are kept under it."""
        sides: tuple[Side, Side] = ("left", "right")
        starts, ends = (np.searchsorted(self._sums, sums, side).tolist() for side in sides)
        spans = zip(starts, ends, strict=True)
        return [self._texts[at:end] if at < end else () for at, end in spans]
