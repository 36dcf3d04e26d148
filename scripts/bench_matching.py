#!/usr/bin/env python
"""Measures the matching of names to streets: how much is found, and what 20,000 rows take.

    .venv/bin/python scripts/bench_matching.py [--rows 20000] [--seed 1]

The streets are those of ../shared/data/streetnames_load, with the search index of a publication
for suggestions. Of the rows, a third is as the gazetteer writes it, a third has a house number, a
stretch or the place in the name, a sixth names no place, and a sixth is misspelt. `ratio` compares
with what a dictionary of normalised names takes for the same rows. Seconds are of computing, so
that other programs do not count. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
from bench_search import Street, read_streets

from tests.support import misspell  # isort: skip - bench_search has put the checkout on the path
from mapsvc.domain.streets import STREET_COLUMNS
from mapsvc.ingest.matching.matcher import Matched, Matcher, Unmatched, WantedStreet
from mapsvc.search.index import Label, TextIndex, build_text_index
from mapsvc.search.normalise import normalise, street_key


def main() -> None:
    """Build the index, make the rows, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    streets = read_streets()
    rows = written(streets, asked.rows, asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        labels = (Label(row, name, (place,)) for row, (name, place) in enumerate(streets))
        build_text_index(Path(folder), labels)
        index = TextIndex(Path(folder))
        print(json.dumps(measure(streets, rows, index), indent=2))


def measure(
    streets: Sequence[Street], meant: Sequence[tuple[WantedStreet, Street]], index: TextIndex
) -> dict[str, Any]:
    """Seconds of computing from the frame to the last row, and what became of the rows."""

    def suggest(text: str) -> list[str]:
        return [f"s-{hit.row}" for hit in index.suggest(text)]

    frame, rows = as_frame(streets), [row for row, _ in meant]
    began = time.process_time()
    matcher = Matcher(frame, suggest)
    matcher.learn_places(rows)
    found = [matcher.match(row) for row in rows]
    seconds = time.process_time() - began
    plain = by_dictionary(streets, rows)
    kinds = Counter(
        _outcome(streets, one, street) for one, (_, street) in zip(found, meant, strict=True)
    )
    return {
        "streets": len(streets),
        "rows": len(rows),
        "seconds": round(seconds, 2),
        "dictionary_seconds": round(plain, 2),
        "ratio": round(seconds / plain, 1),
        **kinds,
    }


def _outcome(streets: Sequence[Street], found: Matched | Unmatched, meant: Street) -> str:
    if isinstance(found, Unmatched):
        return found.kind
    name, place = streets[int(found.street.removeprefix("s-"))]
    return "right" if (normalise(name), normalise(place)) == meant else "another street"


def as_frame(streets: Sequence[Street]) -> gpd.GeoDataFrame:
    """The streets with their town, as a gazetteer has them; they lie nowhere."""
    columns: dict[str, list[str]] = {name: [""] * len(streets) for name in STREET_COLUMNS}
    columns |= {"id": [f"s-{row}" for row in range(len(streets))]}
    columns |= {"name": [name for name, _ in streets], "town": [place for _, place in streets]}
    columns.pop("geometry")
    nowhere = gpd.GeoSeries([None] * len(streets), crs="EPSG:27700")
    return gpd.GeoDataFrame(columns, geometry=nowhere)


def written(streets: Sequence[Street], count: int, seed: int) -> list[tuple[WantedStreet, Street]]:
    """Rows as people write them, and the name and place that each means."""
    random = Random(seed)
    rows: list[tuple[WantedStreet, Street]] = []
    for slip in misspell.misspellings(streets, count // 6, seed):
        rows.append((WantedStreet("", slip.text, "", slip.place), (slip.name, slip.place)))
    for at, (name, place) in enumerate(random.sample(streets, count - len(rows))):
        house = random.randint(1, 90)
        messy = (f"{house} {name}", f"{name} (odd numbers)", f"{name}, {place}")[at % 3]
        wanted = (
            WantedStreet("", name, "", place),
            WantedStreet("", name, "", place),
            WantedStreet("", messy, "", place),
            WantedStreet("", messy, "", place),
            WantedStreet("", name),
        )[at % 5]
        rows.append((wanted, (normalise(name), normalise(place))))
    return rows


def by_dictionary(streets: Sequence[Street], rows: Sequence[WantedStreet]) -> float:
    """Seconds of computing that the least possible takes: normalise all names, and look up."""
    began = time.process_time()
    known = {street_key(name): row for row, (name, _) in enumerate(streets)}
    for row in rows:
        known.get(street_key(row.name))
    return time.process_time() - began


if __name__ == "__main__":
    main()
