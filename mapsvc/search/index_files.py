"""The files of a text index, opened for reading: labels by their words, and what hangs on them.

Answers one small question per method; which questions to ask, and in which order, is `index`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mapsvc.search.deletions import Slips
from mapsvc.search.grams import Floats, Grams
from mapsvc.search.string_table import Array, Ints, Span, Texts


@dataclass(frozen=True, slots=True)
class Uses:
    """Labels that bear a name: `at` numbers the label, `name` the name."""

    at: Ints
    name: Ints
    alt: NDArray[np.bool_]

    def where(self, mask: NDArray[np.bool_]) -> Uses:
        return Uses(self.at[mask], self.name[mask], self.alt[mask])

    def at_positions(self, positions: Ints) -> Uses:
        return Uses(self.at[positions], self.name[positions], self.alt[positions])

    def first(self, most: int) -> Uses:
        return Uses(self.at[:most], self.name[:most], self.alt[:most])


class Shelf:
    """Any number of threads may read."""

    def __init__(self, folder: Path) -> None:
        arrays = {path.stem: _open(path) for path in sorted(folder.glob("*.npy"))}
        self.rows = arrays["rows"]
        self._rows, self._sizes = self.rows.data, arrays["sizes"].data
        self.row_sets = arrays["row_sets"]
        names, places = _part(arrays, "name_"), _part(arrays, "place_")
        self.names, self.name_slips = Grams(names), Slips(names)
        self.places, self.place_slips = Grams(places), Slips(places)
        self._keys = Texts(_part(arrays, "key_"))
        self._uses_start, self._uses_at = arrays["uses_start"], arrays["uses_row"]
        self._uses_name, self._uses_alt = arrays["uses_name"], arrays["uses_alt"]
        self._place_sets_start, self._place_sets = arrays["place_sets_start"], arrays["place_sets"]
        self._set_uses_start, self._set_uses = arrays["set_uses_start"], arrays["set_uses"]

    def size_and_row(self, at: int) -> tuple[float, int]:
        """How large the place of one label is, and its row."""
        return self._sizes[at], self._rows[at]

    def keyed(self, key: str) -> int | None:
        """The number of the name that is spelt exactly so."""
        return self._keys.number(key)

    def uses(self, names: Span) -> Uses:
        """The labels that bear one of `names`; for each name the larger place first."""
        return self._uses(slice(self._uses_start[names[0]], self._uses_start[names[1]]))

    def uses_of(self, names: Ints) -> Uses:
        """The same for names that do not stand together."""
        return self._uses(_ranges(self._uses_start, names))

    def uses_in(self, sets: Ints) -> Uses:
        """The labels in these sets of places, under every name."""
        return self._uses(self._set_uses[_ranges(self._set_uses_start, sets)])

    def sets_of(self, places: Span) -> NDArray[np.bool_]:
        """For every set of places whether it answers to one of `places`."""
        answers = np.zeros(len(self._set_uses_start) - 1, np.bool_)
        first, last = self._place_sets_start[places[0]], self._place_sets_start[places[1]]
        answers[self._place_sets[first:last]] = True
        return answers

    def likeness_of_sets(self, places: Ints, likeness: Floats) -> Floats:
        """For every set of places the best likeness among those of `places` it answers to."""
        like = np.zeros(len(self._set_uses_start) - 1, np.float32)
        counts = self._place_sets_start[places + 1] - self._place_sets_start[places]
        sets = self._place_sets[_ranges(self._place_sets_start, places)]
        np.maximum.at(like, sets, np.repeat(likeness, counts))
        return like

    def _uses(self, which: slice | Ints) -> Uses:
        return Uses(self._uses_at[which], self._uses_name[which], self._uses_alt[which] > 0)


def _ranges(start: Ints, owners: Ints) -> Ints:
    """The positions of everything that belongs to `owners`, in their order."""
    first = start[owners].astype(np.int64)
    counts = start[owners + 1] - first
    within = np.arange(counts.sum())
    positions: Ints = within + np.repeat(first - np.cumsum(counts) + counts, counts)
    return positions


def _open(path: Path) -> Array:
    """The array, mapped into memory: nothing is read before it is asked for."""
    return np.asarray(np.load(path, mmap_mode="r"))


def _part(arrays: dict[str, Array], prefix: str) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): values
        for name, values in arrays.items()
        if name.startswith(prefix)
    }
