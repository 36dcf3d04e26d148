"""How many rows by name find their street in a council known by its parishes, and how many ask.

    .venv/bin/python scripts/bench_places.py [--rows 929] [--seed 1]

Schedules are invented from real gazetteers in ../shared/data, as councils of villages write them:
a street and its parish, village or ward in a column, in the name or in brackets, with `CP`,
`Parish` or `&`, house numbers, abbreviations and slips. A row is *right* when it is matched to a
street of that name in that place, *wrong* when to any other; *to settle* is what a person settles
with one click, *refused* what has no candidates. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import geopandas as gpd

from mapsvc.config import Settings
from mapsvc.domain.streets import divided_places
from mapsvc.ingest.matching.matcher import Matched, Matcher, WantedStreet
from mapsvc.published.located import streets_in_their_places
from mapsvc.search.normalise import street_key
from mapsvc.search.place_names import place_key
from mapsvc.services.schedules.publishing import propose, publish
from mapsvc.services.state.council import Council

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

COUNCILS = {
    "bath_os": ("bath_os/os_roads.geojson", "bath_os/os_parishes.geojson", "Bath"),
    "newport_osm": (
        "newport_osm/newport-2023-06-13.osm.pbf",
        "newport_boundaries/newport_wards_2013.geojson",
        "Newport",
    ),
    "exeter_bng_streets": (
        "exeter_bng_streets/Exeter_segment_model.zip",
        "exeter_boundaries/exeter_wards_2013.geojson",
        "Exeter",
    ),
}
"""Gazetteer and boundaries of each council, and the town that has no parish."""


class MeantRow(NamedTuple):
    """A row as somebody writes it, and the streets of which any is right."""

    wanted: WantedStreet
    streets: frozenset[str]


def main() -> None:
    """Print the figures of each council."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=929)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps({name: measure(name, asked.rows, asked.seed) for name in COUNCILS}, indent=2))


def measure(name: str, rows: int, seed: int) -> dict[str, int]:
    """What becomes of invented rows for one of COUNCILS."""
    *files, town = COUNCILS[name]
    with tempfile.TemporaryDirectory() as folder:
        council = Council.open(Settings(data=Path(folder)))
        try:
            for kind, file in zip(("gazetteer", "boundaries"), files, strict=True):
                named = _with_a_name(SHARED / file, Path(folder))
                publish(council, propose(council, kind, [named]), by="bench")
            atlas = council.atlas()
            edition = atlas.edition("gazetteer")
            assert edition is not None
            streets = streets_in_their_places(council.store, edition, atlas.edition("boundaries"))
            return outcomes(Matcher(streets, atlas.suggest), invented(streets, rows, seed, town))
        finally:
            council.close()


def _with_a_name(file: Path, folder: Path) -> Path:
    """The file, or a copy in which VectorMap District's names have a heading that says so."""
    if file.suffix != ".geojson":
        return file
    copy = folder / file.name
    copy.write_text(file.read_text("utf-8").replace('"distname"', '"name"'), "utf-8")
    return copy


def outcomes(matcher: Matcher, rows: Sequence[MeantRow]) -> dict[str, int]:
    """How many rows are right, wrong, to settle and refused."""
    counts = Counter({"rows": len(rows), "right": 0, "wrong": 0, "to settle": 0, "refused": 0})
    matcher.learn_places(row.wanted for row in rows)
    for row in rows:
        found = matcher.match(row.wanted)
        if isinstance(found, Matched):
            counts["right" if found.street in row.streets else "wrong"] += 1
        else:
            counts["to settle" if found.candidates else "refused"] += 1
    return dict(counts)


def invented(streets: gpd.GeoDataFrame, count: int, seed: int, town: str) -> list[MeantRow]:
    """Rows for `count` streets, each written in one of a dozen ways."""
    random = Random(seed)
    by_place: dict[tuple[str, str], set[str]] = defaultdict(set)
    columns = ("id", "name", "locality", "town", "parish", "ward")
    known = [tuple(row) for row in streets[list(columns)].itertuples(index=False)]
    for id, name, *places in known:
        for place in _each(places) or [town]:
            by_place[street_key(name), place_key(place)].add(id)
    rows = []
    for at, (id, name, *places) in enumerate(random.sample(known, min(count, len(known)))):
        *others, parish, ward = places
        place = random.choice(_each([parish]) or _each([*others, ward]) or [town])
        right = by_place.get((street_key(name), place_key(place)), set())
        rows.append(MeantRow(_written(random, at, name, place, ward), frozenset(right | {id})))
    return rows


def _each(places: Iterable[str]) -> list[str]:
    return [one for place in places for one in divided_places(place)]


def _written(random: Random, at: int, name: str, place: str, ward: str) -> WantedStreet:
    """A street and its place in one of the ways in which people write them."""
    short = _abbreviated(name)
    ways = (
        WantedStreet(name=name, locality=place),
        WantedStreet(name=name.upper(), locality=place.upper()),
        WantedStreet(name=f"{name}, {place}"),
        WantedStreet(name=f"{name} ({place})"),
        WantedStreet(name=short, locality=place),
        WantedStreet(name=name, parish=f"{place} CP"),
        WantedStreet(name=name, parish=f"{place} Parish"),
        WantedStreet(name=f"{random.randint(1, 60)} {short}", locality=place),
        WantedStreet(name=f"{name} (odd numbers)", town=place),
        WantedStreet(name=name, locality=place.replace(" and ", " & ")),
        WantedStreet(name=name.replace("'", ""), locality=f"{place} Parish"),
        WantedStreet(name=name, locality=place, ward=ward),
    )
    return ways[at % len(ways)]


def _abbreviated(name: str) -> str:
    endings = (("Road", "Rd"), ("Street", "St"), ("Lane", "Ln"), ("Avenue", "Ave"), ("Close", "Cl"))
    for word, short in endings:
        if name.endswith(f" {word}"):
            return name.removesuffix(word) + short
    return name


if __name__ == "__main__":
    main()
