"""What is asked of a schedule as a whole: (file, question, what each answer makes of it)."""

from pathlib import Path

import pytest

from mapsvc.problems import QuestionAnswers
from tests.support.schedule_files import Read, gazetteer

STREETS = gazetteer(
    *(
        (str(201 + n), name, "Ashby, Exampleton", 400_000 + 300 * n)
        for n, name in enumerate(("Main Street", "Mill Road", "High Road", "Oak Drive"))
    )
)
OUT_OF_ORDER = "usrn,round,cut 1,cut 2\n,R1,6 July,8 June\n201,R1,,\n"
ONE_LONG = (
    "usrn,start,end\n201,8 June,12 June\n202,8 June,12 June\n203,1 June,5 June\n"
    "204,8 June,12 September\n"
)
DRAGGED = "usrn,round,start\n201,R1,8 June\n202,R1,9 June\n203,R1,10 June\n204,R1,11 June\n"
APART = "usrn,round,start\n,A,8 June\n,B,9 June\n201,A,\n204,C,\n"


def read(folder: Path, text: str, **answers: str) -> Read:
    file = folder / "a.csv"
    file.write_text(text, encoding="utf-8")
    return Read([file], streets=STREETS, answers=QuestionAnswers(answers))


@pytest.mark.parametrize(
    ("text", "kind", "rows", "sentence"),
    [
        (
            OUT_OF_ORDER,
            "cut_order",
            [2],
            (
                "The cuts of round R1 are not in the order of their numbers: cut 1 is on 6 July "
                "2026 and cut 2 on 8 June 2026. Are the dates right?"
            ),
        ),
        (
            ONE_LONG,
            "long_windows",
            [5],
            (
                "1 window is far longer than the others, such as 8 June to 12 September 2026: 97 "
                "days, where 5 are usual. Is that right?"
            ),
        ),
        (
            DRAGGED,
            "counting_up",
            [2, 3, 4, 5],
            (
                "The dates of round R1 count up from row to row, from 8 June 2026 to 11 June 2026, "
                "as when a cell is dragged down. Are the dates of these 4 rows right?"
            ),
        ),
        (
            APART,
            "rounds_apart",
            [3, 5],
            (
                "Rounds B have dates and no street, and 1 street is of rounds C, which have none. "
                "Is that right?"
            ),
        ),
    ],
)
def test_what_looks_like_a_slip_is_one_question_and_no_date_until_it_is_answered(
    tmp_path: Path, text: str, kind: str, rows: list[int], sentence: str
) -> None:
    found = read(tmp_path, text)

    (question,) = found.report.open_questions
    assert (question.id, question.rows, question.sentence) == (kind, rows, sentence)
    assert {"as-written", "leave-out"} <= {choice.id for choice in question.choices}
    assert "204" not in set(found.schedule.verges["streets"]) or found.cuts("204") == []


@pytest.mark.parametrize(
    ("text", "answer", "street", "cuts"),
    [
        (OUT_OF_ORDER, "by-date", "201", ["1: 2026-06-08/2026-06-08", "2: 2026-07-06/2026-07-06"]),
        (OUT_OF_ORDER, "as-written", "201",
         ["1: 2026-07-06/2026-07-06", "2: 2026-06-08/2026-06-08"]),
        (ONE_LONG, "as-written", "204", ["1: 2026-06-08/2026-09-12"]),
        (DRAGGED, "first-dates", "204", ["1: 2026-06-08/2026-06-08"]),
        (DRAGGED, "as-written", "204", ["1: 2026-06-11/2026-06-11"]),
        (DRAGGED, "leave-out", "204", []),
        (APART, "as-written", "204", []),
    ],
)  # fmt: skip
def test_each_answer_makes_something_else_of_it(
    tmp_path: Path, text: str, answer: str, street: str, cuts: list[str]
) -> None:
    (question,) = read(tmp_path, text).report.questions

    found = read(tmp_path, text, **{question.id: answer})

    assert found.cuts(street) == cuts
    assert found.report.open_questions == []


@pytest.mark.parametrize(
    "text",
    [
        "usrn,round,cut 1,cut 2\n,R1,8 June,6 July\n201,R1,,\n",
        "usrn,start,end\n201,8 June,12 June\n202,1 June,30 June\n",
        "usrn,round,start\n201,R1,8 June\n202,R1,9 June\n203,R1,9 June\n204,R1,10 June\n",
        "usrn,round,start\n201,R1,8 June\n202,R2,9 June\n203,R3,10 June\n204,R4,11 June\n",
    ],
)
def test_ordinary_files_are_not_asked_about(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).report.questions == []


def test_rounds_whose_codes_differ_in_noughts_are_one_and_it_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, "usrn,round,start\n,01,8 June\n,02,9 June\n201,1,\n202,2,\n")

    assert found.cuts("201") == ["1: 2026-06-08/2026-06-08"]
    assert found.report.questions == []
    assert "01 and 1 are taken for one round, 01." in found.report.notes


def test_weekends_bank_holidays_and_lonely_months_are_said(tmp_path: Path) -> None:
    rows = [f"201,{day} June 2026" for day in (1, 3, 8, 10, 12)]
    text = "\n".join(["usrn,start", *rows, "202,7 June 2026", "203,25 May 2026", "204,3 Dec 2026"])

    notes = "\n".join(read(tmp_path, text).report.notes)

    assert "On weekends or bank holidays alone: 25 May 2026, 7 June 2026." in notes
    assert "Far from the months of the other dates: 3 December 2026." in notes
