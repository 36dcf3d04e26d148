"""Puts the queries of bench_search.py to addok, in a Python of its own that has addok installed.

Started by bench_search.py with a Redis server ready (REDIS_SOCKET). Reads one JSON document from
standard input: `streets` (name, place), `queries` and `most`, the finds wanted of each. Writes
one: the seconds that indexing took, and of each query the rows found, the seconds that passed and
those that this process worked. What the Redis server works is in the former only.

addok is set up as it comes, but for the filters, which nobody asks for here, and the keys next to
each other, which are those of a British keyboard.
"""

import json
import sys
import time
from typing import Any

from addok.batch import process_documents  # type: ignore[import-not-found]
from addok.config import config  # type: ignore[import-not-found]
from addok.core import search  # type: ignore[import-not-found]

PORTION = 1000
NEIGHBOURS = {
    "q": "wa", "w": "qeas", "e": "wrsd", "r": "etdf", "t": "ryfg", "y": "tugh", "u": "yihj",
    "i": "uojk", "o": "ipkl", "p": "ol", "a": "qwsz", "s": "adwezx", "d": "sferxc", "f": "dgrtcv",
    "g": "fhtyvb", "h": "gjyubn", "j": "hkuinm", "k": "jliom", "l": "kop", "z": "asx", "x": "zcsd",
    "c": "xvdf", "v": "cbfg", "b": "vngh", "n": "bmhj", "m": "njk",
}  # fmt: skip


def index_streets(streets: list[tuple[str, str]]) -> float:
    """Give addok the streets, their row as id; the seconds that it took."""
    began = time.perf_counter()
    lines = [
        json.dumps({"_id": str(row), "type": "street", "name": name, "city": place, **NOWHERE})
        for row, (name, place) in enumerate(streets)
    ]
    for start in range(0, len(lines), PORTION):
        process_documents(*lines[start : start + PORTION])
    return time.perf_counter() - began


NOWHERE = {"lat": 0, "lon": 0}
"""addok wants a position; nothing is asked by it."""


def asked(query: str, most: int) -> tuple[list[int], float, float]:
    """The rows found, the seconds that passed, and those of them that this process worked."""
    began, worked = time.perf_counter(), time.process_time()
    found = search(query, limit=most, autocomplete=True)
    passed, work = time.perf_counter() - began, time.process_time() - worked
    return [int(result._id) for result in found], passed, work


def main() -> None:
    """Index, ask, and write down what came of it."""
    given: dict[str, Any] = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # addok prints what it loads
    config.load()
    config["FUZZY_KEY_MAP"], config["FILTERS"] = NEIGHBOURS, []
    seconds = index_streets(given["streets"])
    answers = [asked(query, given["most"]) for query in given["queries"]]
    json.dump({"seconds": seconds, "answers": answers}, out)


if __name__ == "__main__":
    main()
