"""Texts and records in memory-mapped files: what goes in comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mapsvc.search import grams
from mapsvc.search.records import Records, StreetRecord, build_records
from mapsvc.search.string_table import SortedTexts, sorted_text_arrays

LATIN = ["abbey", "abbeylane", "abbeyroad", "abbeyroad", "abbeyroadeast", "abbeyroaf", "a", "zoo"]
WORDS = sorted([*LATIN, "æøå", "æøåæøå", "abbé", "東京"])
BEGINNINGS = """a abb abbey abbeyr abbeyroa abbeyroad abbeyroade abbeyroads
æ æøåæ æøåæø 東 zoo zoos b"""


@pytest.fixture
def words() -> SortedTexts:
    return SortedTexts(sorted_text_arrays(WORDS))


def test_every_text_has_its_number(words: SortedTexts) -> None:
    assert words.texts(np.arange(len(WORDS))) == WORDS
    assert words.numbers(WORDS) == {word: WORDS.index(word) for word in WORDS}
    assert words.numbers(["abbe", "", "abbeyroads"]) == {}


def test_a_text_that_stands_there_twice_has_a_span_of_two(words: SortedTexts) -> None:
    first, last = words.spans(["abbeyroad"])["abbeyroad"]
    assert WORDS[first:last] == ["abbeyroad", "abbeyroad"]


@pytest.mark.parametrize("begin", ["", *BEGINNINGS.split()])
def test_texts_that_begin_alike_are_one_span(words: SortedTexts, begin: str) -> None:
    first, last = words.beginning(begin)
    assert WORDS[first:last] == [word for word in WORDS if word.startswith(begin)]


def test_different_texts_with_one_sum_are_told_apart() -> None:
    twins = ["plumless", "buckeroo"]  # the best known pair with one CRC-32
    words = SortedTexts(sorted_text_arrays(sorted(twins)))

    assert words.numbers(twins) == {"buckeroo": 0, "plumless": 1}


def test_records_come_back_by_row_and_by_id(tmp_path: Path) -> None:
    written = [
        StreetRecord(0, "10000001", {"name": "Tŷ Gwyn"}, 51.5, -3.1, b"\x01line"),
        StreetRecord(1, "L-7 é", {"name": ""}, float("nan"), float("nan"), None),
        StreetRecord(2, "x", {"name": "東京"}, 0.0, 0.0, b"\x02"),
    ]
    build_records(tmp_path, written)
    records = Records(tmp_path)

    assert records.count() == 3
    assert [records.row_of(record.id) for record in written] == [0, 1, 2]
    assert records.by_row(0) == written[0]
    assert records.by_row(2) == written[2]
    assert [record.wkb for record in records.all()] == [b"\x01line", None, b"\x02"]
    assert records.row_of("X") is None
    assert records.by_row(3) is None
    assert records.by_row(-1) is None


def test_no_records_are_none(tmp_path: Path) -> None:
    build_records(tmp_path, [])
    records = Records(tmp_path)

    assert (records.count(), records.row_of("1"), records.by_row(0)) == (0, None, None)
    assert list(records.all()) == []


def test_an_index_is_the_same_however_many_texts_are_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = grams.postings(WORDS)
    monkeypatch.setattr(grams, "_TEXTS_AT_ONCE", 3)

    by_portions = grams.postings(WORDS)

    assert {name: values.tolist() for name, values in by_portions.items()} == {
        name: values.tolist() for name, values in at_once.items()
    }
