"""Reports as people take them away: lines, and the list of all problems as CSV."""

import csv
import io

import pytest

from mapsvc.messages.catalogue import said
from mapsvc.messages.words import Reader
from mapsvc.problems import Problem, Report, counted
from mapsvc.services.schedules.ingest_reports import inert, problems_csv, report_lines


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A",
    ],
)
def test_a_cell_that_a_spreadsheet_may_run_is_made_text(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Main Street", "2026-06-08", "St Mary's = Lane", "1-2"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_the_list_has_every_problem_with_its_row_as_it_came() -> None:
    report = Report("schedule", ("a.csv", "b.csv"))
    for row in range(2, 12):
        original = {"Street": f"Road {row}", "=Note": "@x"}
        report.add(
            Problem("bad", said("It is bad."), "a.csv", "Rounds", row, "Street", "v", original)
        )
    report.add(Problem("other", said("It is strange."), "b.csv", original={"Name": "B"}))

    rows = list(csv.reader(io.StringIO(problems_csv(report, Reader.TERMINAL))))

    heading = ["file", "sheet", "row", "column", "value", "reason", "Street", "'=Note", "Name"]
    assert rows[0] == heading
    assert rows[1] == ["a.csv", "Rounds", "2", "Street", "v", "It is bad.", "Road 2", "'@x", ""]
    assert rows[-1] == ["b.csv", "", "", "", "", "It is strange.", "", "", "B"]
    assert len(rows) == 12


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, "rows read", "1 row read"),
        (0, "rows read", "0 rows read"),
        (2010, "verges", "2,010 verges"),
        (1, "verges", "1 verge"),
        (1, "names with several spellings", "1 name with several spellings"),
        (1, "areas of the kind parish", "1 area of the kind parish"),
        (1, "without a name", "1 without a name"),
    ],
)
def test_one_of_a_kind_is_said_in_the_singular(number: int, words: str, said: str) -> None:
    assert counted(number, words) == said


def test_lines_show_the_first_problems_of_each_kind_and_count_the_others() -> None:
    report = Report("gazetteer", ("a.csv",), {"rows read": 20})
    report.add(*(Problem("bad", said("It is bad."), "a.csv", row=row) for row in range(2, 10)))
    report.add(Problem("other", said("It is strange."), "a.csv", row=12))
    report.changes = {"streets removed": [f"Road {n}" for n in range(7)], "streets moved": []}

    lines = list(report_lines(report))

    assert lines[:4] == [
        "Read a.csv as gazetteer.",
        "        20  rows read",
        "Streets removed (7): Road 0; Road 1; Road 2; Road 3; Road 4; and 2 more",
        "9 problems:",
    ]
    assert lines[-3:] == [
        "  a.csv, row 6: It is bad.",
        "  a.csv, row 12: It is strange.",
        "  … and 3 more of the kind 'bad'",
    ]
