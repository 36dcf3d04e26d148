import pytest

from mapsvc.domain.streets import AltName
from mapsvc.ingest.values.names import (
    best_spelling,
    clean_text,
    district_of,
    is_shouted,
    quiet,
    read_alt_names,
    road_numbers,
    whole_name,
)
from mapsvc.ingest.values.usrn import NoUsrn, Usrn


@pytest.mark.parametrize(
    "cell",
    [
        " 10000001 ",
        "1.0000001E7",
        "1.0000001E+07",
        "10000001.0",
        "１００００００１",
        10000001,
        10000001.0,
        "010000001",
        "10,000,001",
        "USRN 10000001",
        "'10000001",
    ],
)
def test_a_usrn_is_the_same_however_a_spreadsheet_writes_it(cell: object) -> None:
    assert str(Usrn.parse(cell)) == "10000001"


@pytest.mark.parametrize("cell", [None, "", "   "])
def test_no_usrn_is_none(cell: object) -> None:
    assert Usrn.parse(cell) is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("abc", '"abc" cannot be a USRN'),
        ("0", '"0" cannot be a USRN'),
        ("-5", '"-5" cannot be a USRN'),
        ("123456789", "up to 8 digits"),
        ("10000001.5", "cannot be a USRN"),
        ("NaN", "cannot be a USRN"),
        ("1E+07", "the spreadsheet has shortened"),
        ("1.23457E+07", "the spreadsheet has shortened"),
        ("1E999999999", "cannot be a USRN"),
        ("9" * 5000, "cannot be a USRN"),
    ],
)
def test_what_is_no_usrn_says_so(cell: object, sentence: str) -> None:
    with pytest.raises(NoUsrn, match=sentence):
        Usrn.parse(cell)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Mill   Lane\n", "Mill Lane"),
        ("Mill\x00Lane", "Mill Lane"),
        ("Mill\u200b Lane\u202e", "Mill Lane"),
        ("Cafe\u0301 Row", "Café Row"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("${x}", "${x}"),
        (None, ""),
        (float("nan"), ""),
        (12.0, "12"),
    ],
)
def test_names_are_one_line_of_visible_text(written: object, shown: str) -> None:
    assert clean_text(written) == shown


@pytest.mark.parametrize(
    ("shouted", "quiet_name"),
    [
        ("ST PETER'S ROAD", "St Peter's Road"),
        ("STRATFORD-UPON-AVON ROAD", "Stratford-upon-Avon Road"),
        ("KING STREET A713", "King Street A713"),
        ("O'CONNOR CLOSE", "O'Connor Close"),
        ("MCDONALD WAY", "McDonald Way"),
        ("5TH AVENUE", "5th Avenue"),
        ("THE GROVE", "The Grove"),
        ("LANE OF THE OAKS", "Lane of the Oaks"),
        ("A48", "A48"),
        ("Allt-yr-Yn Heights", "Allt-yr-Yn Heights"),
    ],
)
def test_names_in_capitals_become_names_on_signs(shouted: str, quiet_name: str) -> None:
    assert quiet(shouted) == quiet_name


def test_a_source_is_in_capitals_when_nearly_all_its_names_are() -> None:
    assert is_shouted(["MILL LANE"] * 9 + ["Duck End"])
    assert not is_shouted(["MILL LANE", "Duck End"])
    assert not is_shouted(["A48", "B4"])


def test_mixed_case_wins_over_more_frequent_capitals() -> None:
    assert best_spelling(["MILL LANE", "MILL LANE", "mill lane", "Mill Lane"]) == "Mill Lane"


def test_alternative_names_carry_their_language() -> None:
    assert read_alt_names("cy:Heol Fawr; Top Road") == (
        AltName("Heol Fawr", "cy"),
        AltName("Top Road"),
    )


@pytest.mark.parametrize(
    ("postcode", "district"),
    [
        ("NP20", "NP20"),
        ("np20 4ab", "NP20"),
        ("NP204AB", "NP20"),
        ("EC1A 1BB", "EC1A"),
        ("W1A1AA", "W1A"),
        ("Newport", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_district_of_a_postcode(postcode: object, district: str) -> None:
    assert district_of(postcode) == district


def test_road_numbers_of_a_cell() -> None:
    assert road_numbers("A48;b 4591 / A48") == ("A48", "B4591")
    assert road_numbers("A48(M), Route 5") == ("A48(M)",)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("OAK", "", "ST", ""), "OAK ST"),
        (("OAK ST", "", "Street", ""), "OAK ST"),
        (("Oak", "N", "St", "W"), "N Oak St W"),
        (("N Oak St W", "N", "St", "W"), "N Oak St W"),
        (("Elm Park", "", "Avenue", ""), "Elm Park Avenue"),
        (("Mill", "", "Designated Street Name", ""), "Mill"),
        (("Mill", "", "1", ""), "Mill"),
    ],
)
def test_the_parts_of_a_name_make_one(parts: tuple[str, str, str, str], whole: str) -> None:
    assert whole_name(*parts) == whole
