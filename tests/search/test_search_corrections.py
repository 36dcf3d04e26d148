"""Misspelt, joined, split, swapped and shortened: the street comes all the same."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from mapsvc.search.index import Label, TextIndex, build_text_index
from mapsvc.search.normalise import normalise
from tests.support.misspell import Misspelt, misspellings

STREETS = [
    Label(1, "Topsham Road", ("Exeter",)),
    Label(2, "Philip Street", ("Newport",)),
    Label(3, "Greeba Avenue", ("Douglas",)),
    Label(4, "Ffordd Tŷ Gwyn", ("Caerleon",)),
    Label(5, "Allt-yr-yn Avenue", ("Newport",)),
    Label(6, "Ballaquayle Road", ("Douglas",), ("Raad Valley Whaiyl",)),
    Label(7, "Bóthar na Trá", ("Salthill",)),
    Label(8, "Krøkebærveien", ("Målselv",)),
    Label(9, "Greenfield Road", ("Ashby",)),
    Label(10, "Saint Margaret's Close", ("Ashby",)),
    Label(11, "Old Station Yard", ("Ashby",)),
    Label(12, "Main Street", ("Oadby",)),
    Label(13, "Main Street", ("Great Glen",)),
    Label(14, "Narborough Road South", ("Leicester",)),
    Label(15, "Ray Close", ("Ashby",)),
    Label(16, "Haugan", ("Audnedal",)),
    Label(17, "Cathedral Approach", ("Newport",), road_number="B4591"),
]

FOUND = [
    ("tospham road", 1),
    ("topsam rd", 1),
    ("toppsham raod", 1),
    ("topshma", 1),
    ("filip street", 2),
    ("phillip st newprot", 2),
    ("newprot philp street", 2),
    ("greba avenue", 3),
    ("greeba avneue dougals", 3),
    ("23 greba ave, douglas", 3),
    ("fford ty gwin", 4),
    ("fordd ty gwyn, carleon", 4),
    ("alltyryn avenue", 5),
    ("alt yr yn ave", 5),
    ("ballaquale road", 6),
    ("raad vally whaiyl", 6),
    ("bothar na tra", 7),
    ("bohar na tra salthil", 7),
    ("krokebarveien", 8),
    ("krøkebærvein målselv", 8),
    ("green feild road", 9),
    ("greenfieldroad", 9),
    ("greenfeildroad ashby", 9),
    ("st margarets clsoe", 10),
    ("saint magarets close", 10),
    ("old yard station", 11),
    ("station yard", 11),
    ("old staton", 11),
    ("mian street oadby", 12),
    ("main street great gln", 13),
    ("main street grate glen", 13),
    ("narbrough road south", 14),
    ("road south narborough", 14),
    ("haguan", 16),
    ("the haugan", 16),
    ("the philip street", 2),
    ("topsham street", 1),
    ("greenfield close ashby", 9),
    ("oadby, main road", 12),
    ("cathedrel aproach", 17),
    ("b4591 cathedrel approach", 17),
]


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    folder = tmp_path_factory.mktemp("streets")
    build_text_index(folder, STREETS)
    return TextIndex(folder)


@pytest.mark.parametrize(("typed", "row"), FOUND)
def test_the_street_meant_comes_first(streets: TextIndex, typed: str, row: int) -> None:
    assert streets.search(typed)[0].row == row


def test_a_correction_never_scores_as_the_very_name(streets: TextIndex) -> None:
    for typed, _ in FOUND:
        exact = streets.exact(typed)
        assert all(hit.score < 1 or hit.row in exact for hit in streets.search(typed))


@pytest.mark.parametrize(
    "typed", ["xqzzjw", "the quick brown fox jumps", "0000", "zzzzzzzzzzz", "a" * 99, "ro " * 30]
)
def test_words_like_no_street_find_nothing(streets: TextIndex, typed: str) -> None:
    assert streets.search(typed) == []


def test_a_suggestion_names_each_near_name_once(tmp_path: Path) -> None:
    labels = [Label(n, "Mill Lane", (f"Village {n}",)) for n in range(9)]
    build_text_index(tmp_path, [*labels, Label(50, "Mile Lane"), Label(60, "Milk Lane")])
    index = TextIndex(tmp_path)

    rows = [hit.row for hit in index.suggest("Mil Lane")]

    assert rows[0] == 0
    assert sorted(rows) == [0, 50, 60]


def test_a_postcode_that_is_not_known_is_not_corrected(streets: TextIndex) -> None:
    assert streets.search("TO1 1AA") == []


def test_a_known_name_with_its_place_is_not_mixed_with_corrections(streets: TextIndex) -> None:
    assert [hit.row for hit in streets.search("main street, oadby")] == [12]


LOAD = Path(__file__).parents[2] / "../shared/data/streetnames_load"


def _gazetteer() -> list[tuple[str, str]]:
    with gzip.open(LOAD / "stn_IE.csv.gz", "rt", encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="$")
        next(rows)
        return [(name, place) for _, name, _, _, place, _, _ in rows]


@pytest.mark.skipif(not LOAD.is_dir(), reason="../shared/data/streetnames_load is not here")
def test_most_misspellings_of_a_nation_of_streets_are_found(tmp_path: Path) -> None:
    """A guard against regressions; the figures proper come from scripts/bench_search.py."""
    streets = _gazetteer()
    labels = (Label(row, name, (place,)) for row, (name, place) in enumerate(streets))
    build_text_index(tmp_path, labels)
    index = TextIndex(tmp_path)

    def is_found(query: Misspelt) -> bool:
        found = (streets[hit.row] for hit in index.search(query.text, 5))
        return any((normalise(n), normalise(p)) == (query.name, query.place) for n, p in found)

    found = [is_found(query) for query in misspellings(streets, 600, seed=3)]

    assert sum(found) / len(found) >= 0.97


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """A town with many roads and lanes, so that any road is a little like many."""
    names = "Mallow Malin Naas Nash Mansel Malt Palmer Ashby Abbey Mill Church Station".split()
    roads = [Label(row, f"{name} Road", ("Ashby",)) for row, name in enumerate(names)]
    lanes = [Label(100 + row, f"{name} Lane", ("Ashby",)) for row, name in enumerate(names)]
    others = [Label(200, "New Abbey Road", ("Ashby",)), Label(201, "Kleppstad", ("Ashby",))]
    folder = tmp_path_factory.mktemp("town")
    build_text_index(folder, [*roads, *lanes, *others])
    return TextIndex(folder)


def test_what_fits_nothing_well_finds_nothing(town: TextIndex) -> None:
    for typed in ("quernmore park way", "penrhyn crescent", "downing street", "zebra crossing"):
        assert town.search(typed) == []


def test_what_is_not_found_has_near_names_to_suggest(town: TextIndex) -> None:
    typed = "malpas crossroad"

    assert town.search(typed) == []
    assert town.suggest(typed)


def test_no_weak_match_stands_behind_a_good_one(town: TextIndex) -> None:
    for typed in ("mallwo road", "statoin road", "chruch lane", "abbey road", "palmer raod"):
        scores = [hit.score for hit in town.search(typed, 100)]
        assert scores
        assert scores[-1] >= scores[0] - 0.25


def test_a_longer_name_that_holds_all_that_was_typed_is_listed_too(town: TextIndex) -> None:
    assert [hit.row for hit in town.search("abbey road")] == [8, 200]


def test_what_begins_a_name_brings_that_name_only(town: TextIndex) -> None:
    assert [hit.row for hit in town.search("station r")] == [11]


def test_three_words_are_found_in_any_order(town: TextIndex) -> None:
    for typed in ("road abbey new", "abbey new road", "new road abbey"):
        assert town.search(typed)[0].row == 200
