"""Spellings that are one name, and those that are not."""

from __future__ import annotations

import pytest

from mapsvc.search.normalise import normalise, street_key, tokens

SAME = [
    ("TOPSHAM ROAD", "Topsham Road"),
    (" Lyndon Road", "Lyndon Road"),
    ("St Peter's", "St Peters"),
    ("St Peter’s Road", "Saint Peters Rd."),
    ("St. Peter`s", "SAINT PETER´S"),
    ("High St", "High Street"),
    ("High St North", "High Street North"),
    ("Lower St Helens Rd", "Lower Saint Helens Road"),
    ("St John's St", "Saint Johns Street"),
    ("Dr Martin Luther King Dr", "Doctor Martin Luther King Drive"),
    ("Gt Tower St", "Great Tower Street"),
    ("Mt Pleasant Ave", "Mount Pleasant Avenue"),
    ("Greeba Ave.", "Greeba Avenue"),
    ("Orchard Cl", "Orchard Close"),
    ("Victoria Gdns", "Victoria Gardens"),
    ("Park Cres", "Park Crescent"),
    ("Mill Ln", "Mill Lane"),
    ("Mill La", "Mill Lane"),
    ("Queen Sq", "Queen Square"),
    ("York Pl", "York Place"),
    ("Rose & Crown Yd", "Rose and Crown Yard"),
    ("Maes-y-Coed", "Maes y coed"),
    ("Árd Álainn", "Ard Alainn"),
    ("Skånevikvegen", "Skanevikvegen"),
    ("Krøkebærveien", "Krokebaerveien"),
    ("１２ High Street", "12 High Street"),
    ("5th Ave", "Fifth Avenue"),
    ("High\u200b Street\u200f", "High Street"),
    ("High Street", "High  Street"),
    ("STRASSE", "Straße"),
    ("W Market St", "West Market Street"),
    ("N. Parade", "North Parade"),
    ("High St N", "High Street North"),
    ("Queens Rd. E.", "Queens Road East"),
]

DIFFERENT = [
    ("High Street", "High Road"),
    ("St Peters", "Street Peters"),
    ("La Rue", "Lane Rue"),
    ("Green Field Road", "Greenfield Road"),
    ("Bro Dawel", "Brothers Dawel"),
    ("Queen S Way", "Queen South Way"),
    ("N J Close", "North J Close"),
    ("Ridgeway S", "Ridgeway South"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


def test_normalising_twice_changes_nothing_more() -> None:
    for name, _ in SAME:
        assert normalise(normalise(name)) == normalise(name)


@pytest.mark.parametrize("text", ["", " ", "'", "…", "\x00", "\ud800", '%_"*', "🏖️"])
def test_text_without_a_letter_has_no_key(text: str) -> None:
    assert street_key(text) == ""
    assert tokens(text) == ()


def test_a_lone_st_is_neither_saint_nor_street() -> None:
    assert tokens("St") == ("st",)


def test_welsh_words_for_street_stay_words() -> None:
    assert normalise("Ffordd y Coed") == "ffordd y coed"
    assert normalise("Heol Fawr") == "heol fawr"
    assert normalise("Stryd yr Eglwys") == "stryd yr eglwys"
