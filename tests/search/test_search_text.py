"""What residents type and which streets they get. See test_search_corrections for misspellings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mapsvc.search.index import Label, TextIndex, build_text_index

GWENT = [
    Label(1, "High Street", ("Newport",), district="NP20", size=150_000),
    Label(2, "High Street", ("Caerleon", "Newport"), district="NP18", size=8_000),
    Label(3, "High Street", ("Abersychan",), district="NP4", size=7_000),
    Label(4, "Risca Road", ("Rogerstone", "Newport"), road_number="B4591", size=9_000),
    Label(5, "Risca Road", ("Newport",), size=150_000),
    Label(6, "Heidenheim Drive", ("Newport",), road_number="A4042", size=150_000),
    Label(7, "St Peter's Close", ("Newport",), size=150_000),
    Label(8, "Allt-yr-yn Avenue", ("Newport",), size=150_000),
    Label(9, "Church Road", ("Newport",), ("Heol yr Eglwys",), size=150_000),
    Label(10, "Greenfield Road", ("Caerleon", "Newport"), size=8_000),
    Label(11, "Greeba Avenue", ("Newport",), size=150_000),
    Label(12, "Maes-y-Coed", ("Abersychan",), size=7_000),
    Label(13, "Main Street", ("Little Mill",), size=900),
    Label(14, "Main Street", ("Great Mill",), size=400),
    Label(15, "39 Steps", ("Newport",), size=150_000),
    Label(16, "Ridgeway", ("Newport",), size=150_000),
    Label(17, "Ridge Hill", ("Caerleon", "Newport"), size=8_000),
    Label(18, "Caerleon Road", ("Newport",), size=150_000),
    Label(19, "The Moorings", ("Newport",), size=150_000),
    Label(20, "Moorings Lane", ("Newport",), size=150_000),
    Label(50, "NP20 4EA", kind="postcode"),
    Label(60, "Caerleon", ("Newport",), kind="settlement", size=8_000),
]

# (what is typed, the rows in order; where more rows follow, only the first are named)
FOUND = [
    ("High Street", [1, 2, 3]),
    ("high st", [1, 2, 3]),
    ("HIGH ST.", [1, 2, 3]),
    ("high street newport", [1, 2]),
    ("High Street, Newport", [1, 2]),
    ("newport high street", [1, 2]),
    ("high st caerleon", [2]),
    ("High Street, Caerleon, Newport", [2]),
    ("High Street, NP18", [2]),
    ("High Street, NP18 1AA", [2]),
    ("high street aber", [3]),
    ("A4042", [6]),
    ("A 4042", [6]),
    ("a4042 newport", [6]),
    ("B4591", [4]),
    ("B4591 Risca Road", [4]),
    ("risca road b4591", [4]),
    ("risca", [5, 4]),
    ("risca rogerstone", [4]),
    ("Risca Rd, Rogerstone", [4]),
    ("st peters", [7]),
    ("st peters cl", [7]),
    ("Saint Peter's Close", [7]),
    ("stpeters", [7]),
    ("allt yr yn", [8]),
    ("alltyryn ave", [8]),
    ("heol yr eglwys", [9]),
    ("church rd", [9]),
    ("green field road", [10]),
    ("greenfield rd caerleon", [10]),
    ("23 Greeba Avenue", [11]),
    ("23a greeba ave newport", [11]),
    ("Flat 2, 14 Greeba Avenue, Newport", [11]),
    ("Rose Cottage, Greeba Avenue, Newport", [11]),
    ("maes y coed", [12]),
    ("maesycoed", [12]),
    ("main street litt", [13]),
    ("main street", [13, 14]),
    ("39 steps", [15]),
    ("ridg", [16, 17]),
    ("ridge h", [17]),
    ("np20 4ea", [50]),
    ("NP204EA", [50]),
    ("caerleon", [60]),
    ("caerleon road", [18]),
    ("rogerstone", [4]),
    ("the moorings", [19]),
    ("moorings", [19, 20]),
    ("7 moorings, newport", [19]),
    ("risca road, rogerstone,", [4]),
    ("RISCA ROAD ROGERSTONE NP10 9AA", [4]),
    ("4-6 risca rd. rogerstone", [4]),
    ("st. peter's cl.", [7]),
    ("B 4591", [4]),
    ("high street (newport)", [1, 2]),
]


@pytest.fixture(scope="module")
def gwent(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    folder = tmp_path_factory.mktemp("gwent")
    build_text_index(folder, iter(GWENT))
    return TextIndex(folder)


@pytest.mark.parametrize(("typed", "rows"), FOUND)
def test_what_is_typed_finds_the_street(gwent: TextIndex, typed: str, rows: list[int]) -> None:
    hits = gwent.search(typed)

    assert [hit.row for hit in hits[: len(rows)]] == rows


def test_the_very_name_scores_one_and_everything_else_less(gwent: TextIndex) -> None:
    assert {hit.score for hit in gwent.search("High Street") if hit.row < 4} == {1.0}
    assert all(hit.score < 1 for hit in gwent.search("ridg"))
    assert all(hit.score < 1 for hit in gwent.search("green field road"))


def test_a_hit_says_by_what_it_was_found(gwent: TextIndex) -> None:
    assert gwent.search("church road")[0].matched == "name"
    assert gwent.search("heol yr eglwys")[0].matched == "alt"
    assert gwent.search("b4591")[0].matched == "place"


def test_no_more_than_the_limit_comes_back(gwent: TextIndex) -> None:
    assert len(gwent.search("high street", limit=2)) == 2
    assert gwent.search("high street", limit=0) == []


def test_every_row_comes_once(gwent: TextIndex) -> None:
    for typed, _ in FOUND:
        rows = [hit.row for hit in gwent.search(typed, 100)]
        assert len(rows) == len(set(rows))


def test_exact_knows_names_and_other_names_and_no_near_ones(gwent: TextIndex) -> None:
    assert gwent.exact("HIGH ST") == [1, 2, 3]
    assert gwent.exact("high street", "caerleon") == [2]
    assert gwent.exact("high street", "Newport") == [1, 2]
    assert gwent.exact("high street", "Cardiff") == []
    assert gwent.exact("Heol yr Eglwys") == [9]
    assert gwent.exact("hihg street") == []
    assert gwent.exact("green field road") == []
    assert gwent.exact("") == []


HOSTILE = [
    "",
    " ",
    "%",
    "_",
    '"',
    "'",
    "';--",
    "\x00",
    "high\x00street",
    "\u200f\u202e",
    "🏖️",
    "\ud800",
    "!?.,;:-()",
    "AND OR NOT NEAR * : ^",
    "high* OR (street)",
    'name:"high"',
    "a" * 10_000,
    "a " * 5_000,
    "high street " * 900,
    "," * 10_000,
    "ﷺ" * 10_000,
    "1" * 10_000,
    "\n\r\t",
    "улица Ленина",
    "東京",
    "||||",
    "nan",
    "é" * 500,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_text_whatever_raises(gwent: TextIndex, typed: str) -> None:
    assert isinstance(gwent.search(typed), list)
    assert isinstance(gwent.exact(typed, typed), list)


@pytest.mark.parametrize("typed", ["", " ", '"', "\x00", "!?.,;:-()", "🏖️", "," * 10_000, "東京"])
def test_text_that_is_no_street_finds_nothing(gwent: TextIndex, typed: str) -> None:
    assert gwent.search(typed) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    build_text_index(tmp_path, iter([]))
    index = TextIndex(tmp_path)

    assert index.search("high street") == []
    assert index.exact("high street", "newport") == []
    assert index.suggest("high street") == []


def test_labels_without_name_or_place_do_no_harm(tmp_path: Path) -> None:
    build_text_index(tmp_path, [Label(1, ""), Label(2, "…"), Label(3, "Mill Lane", ("", "—"))])
    index = TextIndex(tmp_path)

    assert [hit.row for hit in index.search("mill lane")] == [3]


def test_building_again_replaces_what_was_there(tmp_path: Path) -> None:
    build_text_index(tmp_path, [Label(1, "Mill Lane", ("Ashby",)), Label(2, "Oak Road")])
    build_text_index(tmp_path, [Label(9, "Elm Road")])
    index = TextIndex(tmp_path)

    assert index.search("mill lane, ashby") == []
    assert [hit.row for hit in index.search("elm road")] == [9]


def test_many_threads_get_the_answers_one_gets(gwent: TextIndex) -> None:
    typed = [text for text, _ in FOUND] * 20
    alone = [gwent.search(text) for text in typed]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(gwent.search, typed))

    assert together == alone


def test_the_files_of_the_index_are_only_read(gwent: TextIndex, tmp_path: Path) -> None:
    build_text_index(tmp_path, GWENT)
    for path in tmp_path.iterdir():
        path.chmod(0o400)
    tmp_path.chmod(0o500)
    index = TextIndex(tmp_path)

    assert index.search("high street") == gwent.search("high street")
    tmp_path.chmod(0o700)
