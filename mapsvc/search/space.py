"""Which streets are near a point or inside a box. The only module that knows `rtree`.

Four surprises of that package are dealt with here and nowhere else: a handle used by two threads
aborts the process, even for reading; opening an index for reading still writes to its files; an
index built from an empty stream raises; and `nearest` ranks by box and returns every tie.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from rtree import index
from shapely import Point
from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]

_NAME = "space"
_FILES = (f"{_NAME}.dat", f"{_NAME}.idx")
_ROUNDING = 1e-12
"""Of a coordinate: what a distance computed twice may differ by."""


def build_space_index(folder: Path, boxes: Iterable[tuple[int, Bounds]]) -> None:
    """Write the R-tree of (row, (left, bottom, right, top)) into `folder`, from a stream.

    No boxes make an index in which nothing is found. A box that is none (a coordinate that is
    no finite number, as an empty geometry has; left beyond right) is left out: nothing is near it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in _FILES:
        (folder / file).unlink(missing_ok=True)
    entries = ((row, box, None) for row, box in boxes if _is_box(box))
    first = next(entries, None)
    if first is not None:
        tree = index.Index(str(folder / _NAME), chain([first], entries), interleaved=True)
        tree.close()


def _is_box(box: Bounds) -> bool:
    left, bottom, right, top = box
    return all(map(math.isfinite, box)) and left <= right and bottom <= top


class SpaceIndex:
    """An R-tree that any number of threads may ask: each has a handle of its own.

    The handles work on a private copy in a temporary folder, because libspatialindex opens its
    files for writing and rewrites them on closing, where another process may just be opening
    them. So the published files stay as they were built, and may be read-only.
    """

    def __init__(self, folder: Path) -> None:
        self._own = threading.local()
        self._lock = threading.Lock()
        # Weak, so that a thread that ends takes its handle with it.
        self._handles: weakref.WeakSet[index.Index] = weakref.WeakSet()
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        if all((folder / file).exists() for file in _FILES):
            self._copy = tempfile.TemporaryDirectory(prefix="mapsvc-space-")
            for file in _FILES:
                shutil.copyfile(folder / file, Path(self._copy.name) / file)

    @property
    def handles(self) -> int:
        """How many threads hold an open handle: each costs memory."""
        return len(self._handles)

    def nearest(
        self,
        x: float,
        y: float,
        limit: int,
        geometry_of: Callable[[int], BaseGeometry],
        max_distance_m: float | None = None,
    ) -> list[tuple[int, float]]:
        """Up to `limit` rows with their true distance from (x, y), nearest first, ties by row.

        The nearest by box give a distance that surely suffices; then every box within it is
        measured. (A long diagonal street's box may hold the point while the street is far off.)
        """
        if limit < 1 or not (math.isfinite(x) and math.isfinite(y)):
            return []
        point = Point(x, y)
        distances = {row: geometry_of(row).distance(point) for row in self._by_box(x, y, limit)}
        reach = math.inf if max_distance_m is None else max_distance_m
        if len(distances) >= limit:
            reach = min(reach, sorted(distances.values())[limit - 1])
        if math.isfinite(reach):
            around = reach + _ROUNDING * (1 + abs(x) + abs(y))
            for row in self.intersecting((x - around, y - around, x + around, y + around)):
                if row not in distances:
                    distances[row] = geometry_of(row).distance(point)
        found = sorted((far, row) for row, far in distances.items() if far <= reach)
        return [(row, far) for far, row in found[:limit]]

    def intersecting(self, bounds: Bounds) -> list[int]:
        """The rows whose box meets `bounds`, in order of row; none for bounds out of order."""
        tree = self._tree()
        if tree is None or not _is_box(bounds):
            return []
        return sorted(tree.intersection(bounds))

    def close(self) -> None:
        """Close every thread's handle. No thread may be asking; closing twice does no harm."""
        with self._lock:
            for tree in list(self._handles):
                tree.close()
            self._handles.clear()
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def _by_box(self, x: float, y: float, limit: int) -> list[int]:
        tree = self._tree()
        return [] if tree is None else list(tree.nearest((x, y, x, y), limit))

    def _tree(self) -> index.Index | None:
        """The handle of this thread, opened when it first asks; None for an index without boxes."""
        if self._copy is None:
            return None
        tree: index.Index | None = getattr(self._own, "tree", None)
        if tree is None:
            with self._lock:
                tree = self._own.tree = index.Index(str(Path(self._copy.name) / _NAME))
                self._handles.add(tree)
        return tree
