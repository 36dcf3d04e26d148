#!/usr/bin/env python
"""Measures the street search on two nations of streets: recall, time, size; beside others.

    .venv/bin/python scripts/bench_search.py [--queries 2000] [--seed 1] [--others 200]

addok is compared where it is installed in a Python of its own, as it is no part of the project:

    apt-get install redis-server
    python3 -m venv ADDOK && ADDOK/bin/pip install addok        ADDOK: a new folder elsewhere
    .venv/bin/python scripts/bench_search.py --addok ADDOK/bin/python

The names are those of ../shared/data/streetnames_load. `tuned` is the set of misspellings the
search was tuned on, `held_back` one by other rules. Times are of one thread in process: `wall`
as it passed, `cpu` without what other programs took. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz import process

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mapsvc.search.index import Label, TextIndex, build_text_index  # noqa: E402
from mapsvc.search.normalise import normalise, tokens  # noqa: E402
from tests.support import misspell, misspell_again  # noqa: E402

DATA = ROOT / "../shared/data/streetnames_load"
FIRST = 5
Street = tuple[str, str]
Find = Callable[[str], list[int]]


def read_streets() -> list[Street]:
    """(name, place) of every row."""
    streets = []
    for nation in ("IE", "NO"):
        with gzip.open(DATA / f"stn_{nation}.csv.gz", "rt", encoding="utf-8") as file:
            rows = csv.reader(file, delimiter="$")
            next(rows)
            streets += [(name, place) for _, name, _, _, place, _, _ in rows]
    return streets


def build(folder: Path, streets: Sequence[Street]) -> dict[str, Any]:
    """Build the index into `folder`: how long, how large, how much memory."""
    before = _peak_mb()
    began = time.perf_counter()
    labels = (Label(row, name, (place,)) for row, (name, place) in enumerate(streets))
    build_text_index(folder, labels)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "streets": len(streets),
        "seconds": round(seconds, 1),
        "index_mb": round(size / 1e6, 1),
        "peak_mb_before_and_after": [before, _peak_mb()],
    }


def measure(
    find: Find, queries: Sequence[misspell.Misspelt], keys: Sequence[Street]
) -> dict[str, Any]:
    """Share of queries whose street is among the first five, and what a query takes."""
    rows, wall, cpu = [], [], []
    for query in queries:
        began, worked = time.perf_counter(), time.thread_time()
        rows.append(find(query.text))
        wall.append(time.perf_counter() - began)
        cpu.append(time.thread_time() - worked)
    return _figures(queries, rows, wall, cpu, keys)


def _figures(
    queries: Sequence[misspell.Misspelt],
    rows: Sequence[list[int]],
    wall: list[float],
    cpu: list[float],
    keys: Sequence[Street],
) -> dict[str, Any]:
    found = sum(
        (query.name, query.place) in [keys[row] for row in first]
        for query, first in zip(queries, rows, strict=True)
    )
    return {
        "queries": len(queries),
        "recall_at_5": round(found / len(queries), 4),
        "wall_ms": _spread(wall),
        "cpu_ms": _spread(cpu),
    }


def measure_exact(
    find: Find, streets: Sequence[Street], keys: Sequence[Street], seed: int
) -> dict[str, Any]:
    """Share of correctly spelt names with their place that come first."""
    rows = Random(seed).sample(range(len(streets)), 4000)
    first = [(find(", ".join(streets[row])) or [-1])[0] for row in rows]
    right = sum(hit >= 0 and keys[hit] == keys[row] for hit, row in zip(first, rows, strict=True))
    return {"queries": len(rows), "first": round(right / len(rows), 4)}


def plain_fts5(streets: Sequence[Street]) -> Find:
    """What SQLite does by itself: every word must occur, the last may be a beginning."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE fts USING fts5 (name, place)")
    connection.executemany("INSERT INTO fts (rowid, name, place) VALUES (?, ?, ?)", _rows(streets))

    def find(text: str) -> list[int]:
        words = " AND ".join(f'"{word}"' for word in tokens(text))
        query = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?"
        return [row for (row,) in connection.execute(query, (f"{words}*", FIRST))]

    return find


def plain_rapidfuzz(streets: Sequence[Street]) -> Find:
    """Every name and place looked at, by the default scorer."""
    choices = [" ".join(map(normalise, street)) for street in streets]
    return lambda text: [
        row for _, _, row in process.extract(normalise(text), choices, limit=FIRST)
    ]


def addok(
    python: Path, streets: Sequence[Street], asked: Sequence[misspell.Misspelt]
) -> dict[str, Any]:
    """What addok finds, in a process of its own beside a Redis server."""
    if not shutil.which("redis-server"):
        sys.exit("addok needs a Redis server: apt-get install redis-server")
    given = {"streets": streets, "queries": [query.text for query in asked], "most": FIRST}
    words = [str(python), str(ROOT / "scripts/bench_addok.py")]
    with _redis() as socket:
        environment = {**os.environ, "REDIS_SOCKET": str(socket)}
        done = subprocess.run(
            words, input=json.dumps(given), env=environment, stdout=subprocess.PIPE, text=True
        )
    if done.returncode:
        sys.exit(f"addok did not come to its end in {python}.")
    return dict(json.loads(done.stdout))


@contextmanager
def _redis() -> Iterator[Path]:
    """A Redis server that keeps nothing, on a socket; the socket."""
    with tempfile.TemporaryDirectory(prefix="mapsvc-redis-") as folder:
        socket = Path(folder, "socket")
        words = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""]
        process = subprocess.Popen([*words, "--dir", folder], stdout=subprocess.DEVNULL)
        try:
            while not socket.exists() and process.poll() is None:
                time.sleep(0.05)
            yield socket
        finally:
            process.terminate()
            process.wait()


def measure_addok(
    python: Path,
    streets: Sequence[Street],
    asked: Sequence[misspell.Misspelt],
    keys: Sequence[Street],
) -> dict[str, Any]:
    """As `measure`, of what addok answered; `cpu` is without what Redis worked."""
    said = addok(python, streets, asked)
    rows, wall, cpu = zip(*said["answers"], strict=True)
    return {
        "index_seconds": round(said["seconds"], 1),
        **_figures(asked, rows, list(wall), list(cpu), keys),
    }


def _rows(streets: Sequence[Street]) -> Iterator[tuple[int, str, str]]:
    for row, (name, place) in enumerate(streets):
        yield row, normalise(name), normalise(place)


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(second * 1000 for second in seconds)
    at = {"median": 0.5, "p99": 0.99}
    return {name: round(ordered[int(part * len(ordered))], 2) for name, part in at.items()}


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def figures(
    folder: Path, queries: int, seed: int, others: int, addok_python: Path | None
) -> dict[str, Any]:
    """All figures; `others` queries (0: none) are put to the other ways of searching."""
    streets = read_streets()
    result: dict[str, Any] = {"build": build(folder, streets)}
    keys = [(normalise(name), normalise(place)) for name, place in streets]
    index = TextIndex(folder)

    def find(text: str) -> list[int]:
        return [hit.row for hit in index.search(text, FIRST)]

    sets = {
        "tuned": list(misspell.misspellings(streets, queries, seed)),
        "held_back": list(misspell_again.misspellings(streets, queries, seed)),
    }
    for name, asked in sets.items():
        result[name] = measure(find, asked, keys)
    result["exact_name_and_place"] = measure_exact(find, streets, keys, seed)
    if others:
        asked = sets["held_back"][:others]
        result["same_queries"] = measure(find, asked, keys)
        result["plain_fts5"] = measure(plain_fts5(streets), asked, keys)
        result["rapidfuzz_process_extract"] = measure(plain_rapidfuzz(streets), asked, keys)
        if addok_python:
            result["addok"] = measure_addok(addok_python, streets, asked, keys)
    return result


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--others", type=int, default=200)
    parser.add_argument("--addok", type=Path, metavar="PYTHON", help="one that has addok")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mapsvc-bench-") as folder:
        result = figures(Path(folder), options.queries, options.seed, options.others, options.addok)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
