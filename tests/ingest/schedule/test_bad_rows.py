"""Schedules as they leave a spreadsheet: what is good in them is read, what is not is named."""

from pathlib import Path

import pytest

from tests.support.schedule_files import Read, gazetteer

STREETS = gazetteer(
    ("10000001", "Main Street", "Ashby, Exampleton", 400_000),
    ("10000002", "Church Lane", "Ashby, Exampleton", 400_200),
    ("10000003", "Mill Road", "Ashby, Exampleton", 400_400),
    ("10000004", "High Road", "Ashby, Exampleton", 400_600),
)


def read(folder: Path, content: str, encoding: str = "utf-8", name: str = "a.csv") -> Read:
    file = folder / name
    file.write_bytes(content.encode(encoding))
    return Read([file], streets=STREETS)


def test_usrns_are_matched_however_the_spreadsheet_left_them(tmp_path: Path) -> None:
    cells = ["1.0000001E7", " 10000002 ", "１００００００３", "1E+07", "10000004.0"]

    found = read(tmp_path, "\n".join(["usrn,start", *(f"{cell},2026-06-08" for cell in cells)]))

    assert sorted(found.schedule.verges["streets"]) == [
        "10000001", "10000002", "10000003", "10000004",
    ]  # fmt: skip
    assert len(found.problems) == 1
    assert found.problems[0].startswith('a.csv, row 5: "1E+07" is a USRN that the spreadsheet')


def test_days_without_a_year_have_the_day_first_also_where_both_would_do(tmp_path: Path) -> None:
    found = read(tmp_path, "usrn,start\n10000001,03/04\n10000002,25/04\n")

    assert found.cuts("10000001") == ["1: 2026-04-03/2026-04-03"]
    assert found.cuts("10000002") == ["1: 2026-04-25/2026-04-25"]
    assert found.problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_one_schedule_is_the_same_in_every_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [
        ("street", "locality", "notes", "start", "notes", ""),
        ("Church Lane", "Ashby", '"beside the café,\nsouth; side"', "8 June", "x", ""),
        ("Main Street", "Ashby", "", "31/02/2026", "", "y"),
        ("High Road", "Ashby", "", "9 June", "", ""),
    ]

    found = read(tmp_path, "\r\n".join(map(separator.join, rows)), encoding, "rounds.txt")

    assert found.cuts("10000002") == ["1: 2026-06-08/2026-06-08"]
    assert found.cuts("10000004") == ["1: 2026-06-09/2026-06-09"]
    assert found.problems == [
        (
            'rounds.txt, row 3: "31/02/2026" cannot be a date: February 2026 has 28 days. '
            "Enter a date, like 07/04/2026 or 2026-04-07."
        )
    ]
