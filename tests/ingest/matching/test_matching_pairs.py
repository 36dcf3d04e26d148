"""Real rows against real gazetteers, as somebody decided by hand: `files/matching_pairs.csv`.

The file holds row numbers and ids only. A row's verdict is `street` (one of these ids is meant),
`suggest` (misspelt, or fits several: never a match) or `none` (in no gazetteer, or no street).
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import pytest

from mapsvc.config import Settings
from mapsvc.ingest.gazetteer.read import read_gazetteer
from mapsvc.ingest.matching.matcher import Matched, Matcher, Unmatched, WantedStreet
from mapsvc.problems import Report

PAIRS = Path(__file__).parents[2] / "files" / "matching_pairs.csv"
GAZETTEERS = {
    "named-highways": ("isle_of_man", "named-highways.csv", "EPSG:2157"),
    "newport_osm": ("newport_osm", "newport-2023-06-13.osm.pbf", "EPSG:27700"),
    "exeter_bng_streets": ("exeter_bng_streets", "Exeter_segment_model.zip", "EPSG:27700"),
}
SharedData = Callable[[str], Path]


@dataclass(frozen=True)
class Pair:
    """A row, what it should be matched to, and what it was."""

    source: str
    gazetteer: str
    row: int
    verdict: str
    streets: frozenset[str]
    wanted: WantedStreet
    found: Matched | Unmatched

    @property
    def is_right(self) -> bool:
        return isinstance(self.found, Matched) and self.found.street in self.streets


@pytest.fixture(scope="module")
def pairs(shared_data: SharedData) -> list[Pair]:
    """All of them, matched. A file's rows teach the matcher where its places are."""
    matchers: dict[tuple[str, str], tuple[Matcher, Mapping[int, WantedStreet]]] = {}
    with PAIRS.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    for key in dict.fromkeys((line["source"], line["gazetteer"]) for line in lines):
        rows = ROWS[key[0]](shared_data)
        matcher = Matcher(_streets(key[1], shared_data), suggest=lambda text: [])
        matcher.learn_places(rows.values())
        matchers[key] = matcher, rows
    return [_pair(line, *matchers[line["source"], line["gazetteer"]]) for line in lines]


def _pair(line: Mapping[str, str], matcher: Matcher, rows: Mapping[int, WantedStreet]) -> Pair:
    row = int(line["row"])
    streets = frozenset(filter(None, line["streets"].split(";")))
    unknown = [street for street in streets if matcher.full_name(street) == street]
    assert not unknown, f"{line['gazetteer']} has no {unknown}: have derived ids changed?"
    wanted = rows[row]
    found = matcher.match(wanted)
    return Pair(line["source"], line["gazetteer"], row, line["verdict"], streets, wanted, found)


def _streets(gazetteer: str, shared_data: SharedData) -> gpd.GeoDataFrame:
    folder, file, crs = GAZETTEERS[gazetteer]
    return _read(shared_data(folder) / file, crs)


@cache
def _read(file: Path, crs: str) -> gpd.GeoDataFrame:
    settings, report = Settings(crs=crs), Report("gazetteer")
    return read_gazetteer(
        [file], format=None, settings=settings, bounds=None, report=report
    ).streets


def _addresses(shared_data: SharedData) -> dict[int, WantedStreet]:
    with (shared_data("isle_of_man") / "address_rows_messy.csv").open(encoding="utf-8-sig") as file:
        rows = enumerate(csv.DictReader(file), 2)
        return {
            number: WantedStreet("", row["Street_Name"], row["Locality"], row["Town"])
            for number, row in rows
            if row["Street_Name"].strip()
        }


def _stops(shared_data: SharedData) -> dict[int, WantedStreet]:
    file = shared_data("newport_stops") / "newport-20230613_gtfs.zip"
    with zipfile.ZipFile(file) as archive, archive.open("stops.txt") as stops:
        rows = list(csv.DictReader(io.TextIOWrapper(stops, "utf-8-sig")))
    lon, lat = ([float(row[name]) for row in rows] for name in ("stop_lon", "stop_lat"))
    points = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs("EPSG:27700")
    stated = enumerate(zip(rows, points, strict=True), 2)
    return {
        number: WantedStreet("", row["stop_name"], geometry=point)
        for number, (row, point) in stated
    }


def _lines(shared_data: SharedData) -> dict[int, WantedStreet]:
    file = shared_data("os_uat_addresses") / "test-addresses.csv"
    lines: Iterator[tuple[int, str]] = enumerate(file.read_text("latin-1").split("\n"), 1)
    return {number: WantedStreet("", line.strip()) for number, line in lines if line.strip()}


ROWS: dict[str, Callable[[SharedData], dict[int, WantedStreet]]] = {
    "isle_of_man": _addresses,
    "newport_stops": _stops,
    "os_uat_addresses": _lines,
}


def test_there_are_two_hundred_pairs_of_each_sort(pairs: list[Pair]) -> None:
    verdicts = [pair.verdict for pair in pairs]

    assert len({(pair.source, pair.gazetteer, pair.row) for pair in pairs}) == 200
    assert set(verdicts) == {"street", "suggest", "none"}
    assert verdicts.count("street") >= 60


def test_hardly_any_match_is_wrong(pairs: list[Pair]) -> None:
    matched = [pair for pair in pairs if isinstance(pair.found, Matched)]
    wrong = [pair for pair in matched if not pair.is_right]

    assert 1 - len(wrong) / len(matched) >= 0.995, wrong


def test_most_rows_that_mean_a_street_are_matched_to_it(pairs: list[Pair]) -> None:
    meant = [pair for pair in pairs if pair.verdict == "street"]
    missed = [pair for pair in meant if not pair.is_right]

    assert 1 - len(missed) / len(meant) >= 0.85, missed


def test_rows_that_are_in_no_gazetteer_or_only_nearly_are_refused(pairs: list[Pair]) -> None:
    refused = [pair for pair in pairs if pair.verdict != "street"]

    assert [pair for pair in refused if isinstance(pair.found, Matched)] == []
