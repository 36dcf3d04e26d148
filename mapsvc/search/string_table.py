"""Many short texts in memory-mapped arrays: read by number, found by what they say or begin with.

Not in SQLite, because a question to it lets go of the interpreter, and threads that search side by
side then take turns for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ints = NDArray[np.integer[Any]]

_BEYOND = b"\xff"
"""Sorts behind every letter: the end of the range of texts with a common beginning."""

_HEAD = 8
"""Bytes that fit into one number: most of what somebody has typed."""

Span = tuple[int, int]
"""A range of numbers: the first, and the one after the last."""


def text_arrays(texts: Sequence[str]) -> dict[str, Array]:
    """What `Texts` reads: all texts one after another, where each starts, their sums sorted."""
    encoded = [text.encode() for text in texts]
    start = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=start[1:])
    sums = np.fromiter(map(crc32, encoded), np.uint32, len(encoded))
    order = np.argsort(sums, kind="stable")
    return {
        "text": np.frombuffer(b"".join(encoded), np.uint8),
        "text_start": start,
        "sums": sums[order],
        "sums_text": order.astype(np.int32),
    }


def sorted_text_arrays(texts: Sequence[str]) -> dict[str, Array]:
    """What `SortedTexts` reads: the same, and how each text begins, as a number."""
    arrays = text_arrays(texts)
    heads = np.fromiter((_head(text.encode(), 0) for text in texts), np.uint64, len(texts))
    return {**arrays, "heads": heads}


def _head(text: bytes, beyond: int) -> int:
    """The first eight bytes as a number that sorts as they do, `beyond` where there are fewer."""
    return int.from_bytes(text[:_HEAD].ljust(_HEAD, bytes([beyond])), "big")


class Texts:
    """Texts by number. Safe for many threads: only reads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._text, self._start = arrays["text"].data, arrays["text_start"].data
        self._starts = arrays["text_start"]
        self._sums, self._of_sum = arrays["sums"].data, arrays["sums_text"].data

    def __len__(self) -> int:
        return len(self._start) - 1

    def texts(self, numbers: Ints) -> list[str]:
        starts = self._starts[numbers].tolist()
        ends = self._starts[numbers + 1].tolist()
        text = self._text
        return [str(text[at:end], "utf-8") for at, end in zip(starts, ends, strict=True)]

    def lengths(self, numbers: Ints) -> Ints:
        """Of each text its length in bytes."""
        lengths: Ints = self._starts[numbers + 1] - self._starts[numbers]
        return lengths

    def numbers(self, asked: Iterable[str]) -> dict[str, int]:
        """Of these texts, those that are here, with their number: the first where one stands
        here several times.
        """
        found: dict[str, int] = {}
        for text in asked:
            if text not in found and (number := self.number(text)) is not None:
                found[text] = number
        return found

    def number(self, text: str) -> int | None:
        """The number of this very text: the first, or None where it is not here."""
        said = text.encode()
        total = crc32(said)
        at = bisect_left(self._sums, total)
        while at < len(self) and self._sums[at] == total:
            number = self._of_sum[at]
            if self.said(number) == said:
                return number
            at += 1
        return None

    def said(self, number: int) -> bytes:
        """One text, in UTF-8."""
        return self._text[self._start[number] : self._start[number + 1]].tobytes()


class SortedTexts(Texts):
    """Texts in order of their letters: those that begin alike stand together."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        super().__init__(arrays)
        self._heads = arrays["heads"].data

    def spans(self, asked: Iterable[str]) -> dict[str, Span]:
        """Of these texts, those that are here, with the span of all that say the same."""
        return {text: self._span(text, at) for text, at in self.numbers(asked).items()}

    def _span(self, text: str, first: int) -> Span:
        same, last = text.encode(), first + 1
        while last < len(self) and self.said(last) == same:
            last += 1
        return first, last

    def beginning(self, text: str) -> Span:
        """The span of the texts that begin with `text`; an empty one where none does."""
        start = text.encode()
        first = bisect_left(self._heads, _head(start, 0))
        last = bisect_right(self._heads, _head(start, 0xFF), lo=first)
        if len(start) <= _HEAD or first == last:
            return first, last
        every = range(len(self))
        first = bisect_left(every, start, first, last, key=self.said)
        return first, bisect_left(every, start + _BEYOND, first, last, key=self.said)

    def lengths_in(self, span: Span) -> Ints:
        """Of each text of a span its length in bytes."""
        lengths: Ints = np.diff(self._starts[span[0] : span[1] + 1])
        return lengths
