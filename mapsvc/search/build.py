"""Writes the text index of one edition: a few numpy arrays. Reads nothing."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mapsvc.search import grams
from mapsvc.search.deletions import slip_arrays
from mapsvc.search.models import Label
from mapsvc.search.normalise import squash, tokens
from mapsvc.search.string_table import text_arrays

ARTICLE = ("the",)
"""`The Green` is found as `green` too, as if that were another name of it."""

Ints = NDArray[np.int64]


class _Collected:
    """What is kept of every label while they stream past: numbers, and each text once."""

    def __init__(self) -> None:
        self.rows, self.sizes, self.kinds = array("q"), array("d"), array("B")
        self.sets: dict[tuple[str, ...], int] = {}
        self.row_sets = array("i")
        self.names: dict[str, int] = {}
        self.uses = (array("i"), array("i"), array("B"))
        """Of each use of a name: the name, the label, whether it is an alternative name."""

    def add(self, label: Label) -> None:
        at = len(self.rows)
        self.rows.append(label.row)
        self.sizes.append(label.size)
        places = _place_words(label)
        self.row_sets.append(self.sets.setdefault(places, len(self.sets)))
        for other, name in enumerate((label.name, *label.alt_names)):
            self._use(tokens(name), at, min(other, 1))
            if tokens(name)[:1] == ARTICLE:
                self._use(tokens(name)[1:], at, 1)

    def _use(self, name: tuple[str, ...], at: int, other: int) -> None:
        key = " ".join(name)
        if key:
            use = (self.names.setdefault(key, len(self.names)), at, other)
            for column, value in zip(self.uses, use, strict=True):
                column.append(value)


def _place_words(label: Label) -> tuple[str, ...]:
    """The normalised places of a label, and what stands for one: road number and district."""
    spelt = (*label.place, label.road_number, label.district)
    keys = (tokens(place) for place in spelt)
    return tuple(dict.fromkeys(squash(key) for key in keys if key))


def build_text_index(folder: Path, labels: Iterable[Label]) -> None:
    """Write the index of `labels` into `folder`, which is made if need be. Streams: what stays
    in memory is each different name once and a few numbers per label. No labels make an index
    in which nothing is found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    collected = _Collected()
    for label in labels:
        collected.add(label)
    names, order = _in_order_of_squash(list(collected.names))
    places, place_sets = _places(collected.sets)
    _save(folder, "", dict(_arrays(collected)) | _uses(collected, order) | place_sets)
    del collected, order
    _save(folder, "key_", text_arrays(names))
    for prefix, texts in ("name_", _squashed(names)), ("place_", places):
        _save(folder, prefix, grams.postings(texts))
        _save(folder, prefix, slip_arrays(texts))


def _save(folder: Path, prefix: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    for name, values in arrays.items():
        np.save(folder / f"{prefix}{name}.npy", values)


def _squashed(names: Iterable[str]) -> list[str]:
    return [squash(name.split()) for name in names]


def _in_order_of_squash(names: list[str]) -> tuple[list[str], Ints]:
    """The names sorted, and for each name's first number its place in the sorted list. Names
    that begin alike then stand together, so that a prefix is a range of numbers.
    """
    by_squash = sorted(range(len(names)), key=lambda at: (squash(names[at].split()), names[at]))
    order = np.empty(len(names), np.int64)
    order[by_squash] = np.arange(len(names))
    return [names[at] for at in by_squash], order


def _arrays(collected: _Collected) -> Iterator[tuple[str, NDArray[np.generic]]]:
    yield "rows", np.array(collected.rows, np.int64)
    yield "sizes", np.array(collected.sizes, np.float32)
    yield "row_sets", np.array(collected.row_sets, np.int32)


def _uses(collected: _Collected, order: Ints) -> dict[str, NDArray[np.generic]]:
    """Per name the labels that bear it, the larger place first, then by row; and per set of
    places which of these uses are in it.
    """
    name, at, other = (np.array(column, np.int64) for column in collected.uses)
    sizes, rows = np.array(collected.sizes), np.array(collected.rows, np.int64)
    name = order[name] if len(name) else name
    sequence = np.lexsort((rows[at], -sizes[at], name)) if len(name) else name
    start = np.searchsorted(name[sequence], np.arange(len(order) + 1))
    sets = np.array(collected.row_sets, np.int64)[at[sequence]]
    set_start, set_uses = group(sets, len(collected.sets))
    return {
        "uses_start": start.astype(np.int32),
        "uses_row": at[sequence].astype(np.int32),
        "uses_name": name[sequence].astype(np.int32),
        "uses_alt": other[sequence].astype(np.uint8),
        "set_uses_start": set_start,
        "set_uses": set_uses.astype(np.int32),
    }


def group(owner: Ints, owners: int) -> tuple[NDArray[np.int32], Ints]:
    """Positions sorted by owner, and where each owner's positions start (one more at the end)."""
    sequence = np.argsort(owner, kind="stable")
    start = np.searchsorted(owner[sequence], np.arange(owners + 1))
    return start.astype(np.int32), sequence


def _places(sets: dict[tuple[str, ...], int]) -> tuple[list[str], dict[str, NDArray[np.generic]]]:
    """What a set of places may be called, each place alone and two together, sorted; and which
    sets answer to it.
    """
    pairs = sorted({(text, number) for words, number in sets.items() for text in _said(words)})
    texts = sorted({text for text, _ in pairs})
    numbers = {text: at for at, text in enumerate(texts)}
    owner = np.array([numbers[text] for text, _ in pairs], np.int64)
    start, sequence = group(owner, len(texts))
    members = np.array([number for _, number in pairs], np.int32)
    return texts, {"place_sets_start": start, "place_sets": members[sequence]}


def _said(places: tuple[str, ...]) -> Iterator[str]:
    yield from places
    yield from ("".join(pair) for pair in combinations(places[:4], 2))
