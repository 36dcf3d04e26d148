"""Headings in the wild: which of our columns they mean, and what is said of the others."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from mapsvc.ingest.values.headings import (
    KINDS,
    READ_IN,
    columns_of,
    looks_like_kind,
    nearest,
    recognise,
)
from mapsvc.resources import geodata_dir

PLAIN_SCHEDULE = (
    "usrn,street,locality,town,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end,"
    "rest_from,rest_until,rest_reason"
).split(",")
PLAIN = {
    "gazetteer": ["usrn", "name", "locality", "town", "easting", "northing", "lon", "lat", "wkt"],
    "keepers": ["code", "name", "kind", "ours", "url", "phone", "parishes", "roads"],
    "places": ["name", "kind", "easting", "northing"],
    "schedule": PLAIN_SCHEDULE,
}


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_headings_mean_themselves(kind: str) -> None:
    found = recognise(kind, PLAIN[kind])

    assert found.columns == {column: index for index, column in enumerate(PLAIN[kind])}
    assert found.unrecognised == []


@pytest.mark.parametrize(
    ("kind", "heading", "column"),
    [
        ("gazetteer", "STREET_DESCRIPTOR", "name"),
        ("gazetteer", "street_nam", "name"),
        ("gazetteer", "Street  Name", "name"),
        ("gazetteer", "Road-Name", "name"),
        ("gazetteer", "WD24NM", "ward"),
        ("boundaries", "WD24NM", "name"),
        ("boundaries", "WD24CD", "code"),
        ("boundaries", "Parish", "name"),
        ("schedule", "gml_id", ""),
        ("schedule", "UPRN", "uprn"),
        ("schedule", "Village / Town", "locality"),
        ("gazetteer", "X Coord.", "easting"),
        ("gazetteer", "Longitude", "lon"),
        ("gazetteer", "name:cy", "name_cy"),
        ("gazetteer", "name:gv", "name_gv"),
        ("schedule", "Cut_By", "keeper"),
        ("schedule", "Asset_Id", "verge"),
        ("schedule", "CutType", "kind"),
        ("schedule", "Straße", "street"),
        ("schedule", "VILLAGE", "locality"),
        ("schedule", "Date From", "start"),
        ("schedule", "W/C", "start"),
        ("schedule", "w/e", "end"),
        ("schedule", "Cut 1", "cut 1"),
        ("schedule", "cut_02", "cut 2"),
        ("schedule", "Cut_3 date", "cut 3"),
        ("schedule", "1st cut", "cut 1"),
        ("schedule", "Second Cut", "cut 2"),
        ("schedule", "10th Cut", "cut 10"),
        ("schedule", "Cut 1 start", "cut 1 start"),
        ("schedule", "Cut 1 - End Date", "cut 1 end"),
        ("schedule", "April", "month 4"),
        ("schedule", "Sept 2026", "month 9"),
        ("schedule", "MONTH NAME", "month"),
        ("schedule", "MONTH NUMBER", "month_number"),
        ("schedule", "WARD SECTION (CONCATENATED)", "round"),
    ],
)
def test_headings_in_the_wild_are_recognised(kind: str, heading: str, column: str) -> None:
    assert list(recognise(kind, [heading]).columns) == ([column] if column else [])


def test_numbered_columns_come_in_order_of_their_number() -> None:
    found = recognise("schedule", ["Street", "Cut 2", "Cut 1", "Cut 1 start", "Cut 10"])

    assert found.numbered("cut {n}") == {1: 2, 2: 1, 10: 4}
    assert found.numbered("cut {n} start") == {1: 3}


def test_an_unrecognised_heading_is_named_with_the_nearest_known_one() -> None:
    found = recognise("schedule", ["Stret", "Frequancy", "Colour of mower", ""])

    assert [heading for heading, _ in found.unrecognised] == [
        "Stret",
        "Frequancy",
        "Colour of mower",
    ]
    assert found.unrecognised_sentences()[:2] == [
        "The heading 'Stret' was not recognised and its column not used. Did you mean 'Street'?",
        (
            "The heading 'Frequancy' was not recognised and its column not used. "
            "Did you mean 'Frequency'?"
        ),
    ]
    assert nearest("schedule", "Colour of mower") == ""


def test_of_two_headings_for_one_column_our_own_word_wins_and_both_are_told() -> None:
    found = recognise("schedule", ["Site Name", "Street", "Road"])

    assert found.columns["street"] == 1
    assert found.ambiguous == {"street": ["Street", "Road", "Site Name"]}
    assert list(found.ambiguous_sentences()) == [
        "Street and Road and Site Name all mean street; Street was used."
    ]


def test_of_one_heading_over_two_columns_the_first_was_used() -> None:
    found = recognise("schedule", ["street", "street"])

    assert list(found.ambiguous_sentences()) == [
        "Of the columns headed 'street' the first was used."
    ]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["usrn", "street", "cut", "start", "end"], "schedule"),
        (["Street", "Cut 1", "Cut 2", "Frequency"], "schedule"),
        (["usrn", "name", "locality", "town", "alt_names", "easting", "northing"], "gazetteer"),
        (PLAIN["keepers"], "keepers"),
        (["WD13CD", "WD13CDO", "WD13NM", "WD13NMW"], "boundaries"),
        (["Town", "Postcode"], None),
        (["gml_id", "USRN", "Start"], None),
        ([], None),
    ],
)
def test_the_kind_of_a_file_shows_in_headings_of_its_own(
    headings: Sequence[str], kind: str | None
) -> None:
    assert looks_like_kind(headings) == kind


def test_the_data_is_clean() -> None:
    path: Path = geodata_dir() / "reference" / "columns.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]

    assert rows[0] == ("kind", "column", "heading")
    assert len(set(rows)) == len(rows)
    assert {kind for kind, _, _ in rows[1:]} == {*KINDS, "any"}
    assert all(column and heading == heading.strip() for _, column, heading in rows)


@pytest.mark.parametrize("kind", READ_IN)
def test_only_columns_that_are_read_can_be_chosen(kind: str) -> None:
    assert not {"notes", "area", "section", "uprn", "ignored"} & {*columns_of(kind)}
