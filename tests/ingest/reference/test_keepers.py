"""Keepers as people list them."""

from pathlib import Path

import openpyxl
import pytest

from mapsvc.config import Settings
from mapsvc.domain.streets import Keeper
from mapsvc.errors import FileRefused
from mapsvc.ingest.reference.keepers import read_keepers
from mapsvc.problems import Report

HEADINGS = "code,name,kind,ours,url,phone,parishes,roads"


def read(folder: Path, *lines: str, report: Report | None = None) -> list[Keeper]:
    file = folder / "keepers.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_keepers([file], settings=Settings(), report=report or Report("keepers"))


def test_a_keeper_with_everything(tmp_path: Path) -> None:
    contact = "https://lex.example,01632 960001"
    row = f"LEX,Little Example Parish Council,Parish,no,{contact},Lex;Upper Lex,A46; b4455"

    (keeper,) = read(tmp_path, HEADINGS, row)

    assert keeper == Keeper(
        code="LEX",
        name="Little Example Parish Council",
        kind="parish",
        ours=False,
        url="https://lex.example",
        phone="01632 960001",
        parishes=("Lex", "Upper Lex"),
        roads=("A46", "B4455"),
    )


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("1632960123", "01632 960123"),
        ("2079460000", "020 7946 0000"),
        ("1134960000", "0113 496 0000"),
        ("1214960000", "0121 496 0000"),
        ("7700900123", "07700 900123"),
        ("3001230000", "0300 123 0000"),
        ("8081570000", "0808 157 0000"),
        ("120462123", "01204 62123"),
        ("1632 960123", "01632 960123"),
        ("441632960123", "01632 960123"),
        ("1632960123 ext 4", "01632 960123 ext 4"),
        ("1632960123 / 1632960124", "01632 960123 / 01632 960124"),
    ],
)
def test_a_telephone_that_lost_its_zero_is_put_right_and_said(
    tmp_path: Path, written: str, dialled: str
) -> None:
    report = Report("keepers")

    (keeper,) = read(tmp_path, "code,name,phone", f"LE,Little Example,{written}", report=report)

    assert keeper.phone == dialled
    assert report.notes == [
        f"keepers.csv, row 2: the telephone {written} lacks its zero; read as {dialled}."
    ]
    assert report.problems == []


@pytest.mark.parametrize(
    "phone",
    ["01632 960001", "+44 1632 960001", "0300 123 0000", "101", "116123", "ask the clerk", ""],
)
def test_a_telephone_that_lacks_nothing_stays_as_it_is(tmp_path: Path, phone: str) -> None:
    report = Report("keepers")

    (keeper,) = read(tmp_path, "code,name,phone", f"LE,Little Example,{phone}", report=report)

    assert (keeper.phone, report.notes, report.problems) == (phone, [], [])


@pytest.mark.parametrize("phone", ["1.63296E+09", "16329601231234", "4632960123", "9601234"])
def test_what_cannot_be_dialled_is_a_problem_and_told_to_nobody(tmp_path: Path, phone: str) -> None:
    report = Report("keepers")

    (keeper,) = read(tmp_path, "code,name,phone", f"LE,Little Example,{phone}", report=report)

    assert keeper.phone == ""
    assert report.problems[0].for_staff == (
        f'"{phone}" is not a telephone number that can be dialled, so it was left out. '
        "Write it as text with its zero, like 01632 960123."
    )


def test_a_telephone_that_a_workbook_holds_as_a_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Code", "Name", "Telephone"])
    sheet.append(["LE", "Little Example Parish Council", 1632960123])
    book.save(tmp_path / "keepers.xlsx")

    (keeper,) = read_keepers(
        [tmp_path / "keepers.xlsx"], settings=Settings(), report=Report("keepers")
    )

    assert keeper.phone == "01632 960123"


@pytest.mark.parametrize(
    ("word", "kind", "ours"),
    [
        ("yes", "parish", True),
        ("Y", "", True),
        ("TRUE", "", True),
        ("1", "", True),
        ("No", "county", False),
        ("0", "county", False),
        ("", "county", True),
        ("", "", True),
        ("", "parish", False),
        ("", "national highways", False),
    ],
)
def test_words_for_ours(tmp_path: Path, word: str, kind: str, ours: bool) -> None:
    (keeper,) = read(tmp_path, "code,name,kind,ours", f"K,Keeper,{kind},{word}")

    assert keeper.ours is ours


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("K,Keeper,,maybe,,,,", "ours", "neither yes nor no"),
        ("K,Keeper,,,javascript:alert(1),,,", "url", "does not look like a web address"),
        ("K,Keeper,,,ftp://a.example,,,", "url", "does not look like a web address"),
        (
            'K,Keeper,,,"https://a.example/""><script>",,,',
            "url",
            "does not look like a web address",
        ),
        ("K,Keeper,,,http://[,,,", "url", "does not look like a web address"),
        ("K,Keeper,,,,,,Ring Road", "roads", "does not look like a road number"),
        (",,parish,,,,,", "name", "names no keeper"),
        ("good,Other,,,,,,", "code", "used twice"),
    ],
)
def test_a_mistake_is_a_problem_and_the_rest_is_kept(
    tmp_path: Path, row: str, column: str, sentence: str
) -> None:
    report = Report("keepers")

    keepers = read(tmp_path, HEADINGS, "GOOD,Good Keeper,,,,,,", row, report=report)

    (problem,) = report.problems
    assert sentence in problem.sentence
    assert (problem.row, problem.column) == (3, column)
    assert keepers[0].code == "GOOD"
    assert all(keeper.url == "" for keeper in keepers)


def test_an_address_without_its_scheme_is_completed(tmp_path: Path) -> None:
    (keeper,) = read(tmp_path, "name,url", "Keeper,www.example.org/grass")

    assert keeper.url == "https://www.example.org/grass"
    assert keeper.code == "Keeper"


def test_markup_in_a_name_stays_text(tmp_path: Path) -> None:
    (keeper,) = read(tmp_path, "code,name", "K,<b>Keeper</b> ${x}")

    assert keeper.name == "<b>Keeper</b> ${x}"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["colour,size", "red,7"], "no column that names a keeper; its columns are colour, size"),
        ([HEADINGS], "no row that names a keeper"),
        ([HEADINGS, ",,parish,,,,,"], "row 2: This row names no keeper"),
    ],
)
def test_a_file_without_keepers_is_refused(tmp_path: Path, lines: list[str], sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        read(tmp_path, *lines)
