"""Cells of a schedule that can be read in several ways: the file, what is asked, what it is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.ingest.matching.matcher import Matcher
from mapsvc.ingest.schedule.line_matching import PlacedLine, place_lines
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.problems import QuestionAnswers, Report
from tests.support.schedule_files import Read, gazetteer

STREETS = gazetteer(
    ("201", "Lapwing Rise", "Ashby, Exampleton", 400_000),
    ("202", "Foxglove Rise", "Ashby, Exampleton", 400_300),
    ("203", "Barn Gardens", "Ashby, Exampleton", 400_600),
    ("204", "Oak Drive", "Ashby, Exampleton", 400_900),
    ("205", "Coopers Gardens", "Ashby, Exampleton", 401_200),
    ("206", "Fieldfare Circle", "Barton, Exampleton", 401_500),
    ("207", "Goldfinch Walk", "Barton, Exampleton", 401_800),
    ("208", "Elm Close", "Barton, Exampleton", 402_100),
    ("209", "Rose and Crown Lane", "Barton, Exampleton", 402_400),
)
WITHOUT_PLACES = STREETS.assign(locality="", town="")

Reader = Callable[..., Read]
Row = Sequence[str | int | date]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """`read(text)` or `read([rows])`, a CSV or a workbook; answers by the kind of question."""

    def read_it(
        content: str | Sequence[Row], answers: Mapping[str, str] | None = None, **more: object
    ) -> Read:
        file = tmp_path / ("a.csv" if isinstance(content, str) else "a.xlsx")
        if isinstance(content, str):
            file.write_text(content, encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for row in content:
                book.worksheets[0].append(row)
            book.save(file)
        options = {"streets": STREETS, **more}
        found = Read([file], **options)  # type: ignore[arg-type]
        if answers is None:
            return found
        chosen = {one.id: answers[one.kind] for one in found.report.questions}
        return Read([file], answers=QuestionAnswers(chosen), **options)  # type: ignore[arg-type]

    return read_it


def asked(found: Read) -> list[str]:
    return [question.sentence for question in found.report.open_questions]


SMALL_DAYS = "usrn,cut,start,end\n201,1,6/1/2026,6/5/2026\n202,1,6/8/2026,6/12/2026\n"


def test_days_up_to_12_alone_are_one_question_with_the_likelier_order(read: Reader) -> None:
    found = read(SMALL_DAYS)

    (question,) = found.report.open_questions
    assert question.sentence == (
        'The dates in start, end can be read in two ways. Is "6/1/2026" 6 January 2026 or '
        "1 June 2026?"
    )
    assert (question.likelier, question.rows) == ("month-first", [2, 3])
    assert found.report.counts["cuts"] == 0


@pytest.mark.parametrize(
    ("choice", "cuts"),
    [
        ("month-first", ["1: 2026-06-01/2026-06-05"]),
        ("day-first", ["1: 2026-01-06/2026-05-06"]),
        ("leave-out", []),
    ],
)
def test_the_order_that_is_chosen_goes_for_the_column(
    read: Reader, choice: str, cuts: list[str]
) -> None:
    found = read(SMALL_DAYS, {"day_or_month": choice})

    assert found.cuts("201") == cuts
    assert asked(found) == []


def test_one_day_above_12_decides_the_whole_column_and_is_said(read: Reader) -> None:
    found = read(SMALL_DAYS + "203,1,6/15/2026,6/19/2026\n")

    assert [found.cuts(street) for street in ("201", "202", "203")] == [
        ["1: 2026-06-01/2026-06-05"],
        ["1: 2026-06-08/2026-06-12"],
        ["1: 2026-06-15/2026-06-19"],
    ]
    assert asked(found) == found.problems == []
    assert (
        "a.csv: the dates in start have the month before the day, as row 4 shows "
        '("6/15/2026"); all were read so.'
    ) in found.report.notes


def test_an_end_before_its_start_decides_too(read: Reader) -> None:
    found = read("usrn,cut,start,end\n201,1,07/04/2026,06/05/2026\n")

    assert found.cuts("201") == ["1: 2026-04-07/2026-05-06"]


def test_a_column_is_decided_by_its_neighbour_on_the_sheet(read: Reader) -> None:
    found = read("usrn,cut 1,cut 2\n201,6/8/2026,7/13/2026\n")

    assert found.cuts("201") == ["1: 2026-06-08/2026-06-08", "2: 2026-07-13/2026-07-13"]


def test_a_column_in_both_orders_is_asked(read: Reader) -> None:
    found = read("usrn,start\n201,6/15/2026\n202,15/6/2026\n203,6/8/2026\n")

    (sentence,) = asked(found)
    assert sentence.startswith(
        'The dates in start are written in two ways: in "15/6/2026" the day comes first, and in '
        '"6/15/2026" the month.'
    )


def test_days_with_dots_have_the_day_first(read: Reader) -> None:
    found = read("usrn,start\n201,01.06.2026\n202,08.06.2026\n")

    assert found.cuts("201") == ["1: 2026-06-01/2026-06-01"]
    assert asked(found) == []


TURNED: list[Row] = [
    ["usrn", "cut", "start"],
    ["201", 1, date(2026, 8, 6)],
    ["202", 1, "6/13/2026"],
    ["203", 1, date(2026, 1, 6)],
]


@pytest.mark.parametrize(
    ("choice", "cuts"),
    [
        ("turned", ["1: 2026-06-08/2026-06-08"]),
        ("as-typed", ["1: 2026-08-06/2026-08-06"]),
        ("leave-out", []),
    ],
)
def test_real_dates_beside_text_that_stayed_text_are_one_question(
    read: Reader, choice: str, cuts: list[str]
) -> None:
    (sentence,) = asked(read(TURNED))
    found = read(TURNED, {"turned_dates": choice})

    assert sentence.endswith("Is 6 August 2026 right, or is 8 June 2026 meant?")
    assert found.cuts("201") == cuts
    assert found.cuts("202") == ["1: 2026-06-13/2026-06-13"]


def test_real_dates_above_12_beside_text_are_not_doubted(read: Reader) -> None:
    found = read([["usrn", "start"], ["201", date(2026, 6, 15)], ["202", "13/06/2026"]])

    assert asked(found) == []


def placed(
    cell: str, matcher: Matcher, answers: Mapping[str, str] | None = None
) -> tuple[list[PlacedLine], Report]:
    """What becomes of a row whose street is written so."""
    line = ScheduleLine("a.csv", 2, {"street": cell, "start": date(2026, 6, 8)})
    report = Report("schedule")
    found = place_lines([line], matcher, report)
    if answers is None:
        return found, report
    chosen = {one.id: answers[one.kind] for one in report.questions}
    report = Report("schedule", answers=QuestionAnswers(chosen))
    return place_lines([line], matcher, report), report


MATCHERS = [
    pytest.param(Matcher(STREETS), id="places"),
    pytest.param(Matcher(WITHOUT_PLACES), id="no places"),
]


@pytest.mark.parametrize("matcher", MATCHERS)
@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("Lapwing Rise, Foxglove Rise", ("201", "202")),
        ("Barn Gdns, Oak Drive & Coopers Gardens", ("203", "204", "205")),
        ("Elm Close / Oak Drive", ("208", "204")),
        ("Elm Close\nOak Drive", ("208", "204")),
    ],
)
def test_a_cell_that_lists_streets_is_offered_as_each_of_them(
    matcher: Matcher, cell: str, ids: tuple[str, ...]
) -> None:
    none, report = placed(cell, matcher)
    (found,), _ = placed(cell, matcher, {"several_streets": "as-written"})

    (question,) = report.open_questions
    assert f"names {len(ids)} streets. Is each of them meant?" in question.sentence
    assert none == []
    assert found.streets == ids


def test_the_place_after_a_list_of_streets_goes_for_each_of_them() -> None:
    (found,), _ = placed(
        "Elm Close and Goldfinch Walk, Barton", Matcher(STREETS), {"several_streets": "as-written"}
    )

    assert found.streets == ("208", "207")


def test_a_list_with_semicolons_needs_no_question() -> None:
    (found,), report = placed("Elm Close; Oak Drive", Matcher(STREETS))

    assert found.streets == ("208", "204")
    assert report.questions == []


@pytest.mark.parametrize("matcher", MATCHERS)
@pytest.mark.parametrize(
    ("cell", "left_over"),
    [
        ("Fieldfare Circle - NOT CUT", "NOT CUT"),
        ("Goldfinch Walk, not ours", "not ours"),
        ("Elm Close [HOLD]", "HOLD"),
        ("Elm Close **on hold**", "on hold"),
        ("Oak Drive (cancelled)", "cancelled"),
        ("Oak Drive - parish cuts", "parish cuts"),
        ("Oak Drive (done 8/6)", "done 8/6"),
        ("Oak Drive: ring 01632 960123", "ring 01632 960123"),
        ("Oak Drive, Dave", "Dave"),
        ("Oak Drive?", "?"),
        ("Oak Drive, Foxglov Rise", "Foxglov Rise"),
    ],
)
def test_words_beside_a_street_that_are_none_of_it_are_a_problem_and_no_plan(
    matcher: Matcher, cell: str, left_over: str
) -> None:
    found, report = placed(cell, matcher)

    assert found == []
    (problem,) = report.problems
    assert f'"{left_over}" in "{cell}" is not part of a street\'s name or place.' in str(problem)


@pytest.mark.parametrize(
    ("choice", "streets", "stretch"),
    [
        ("as-written", ("208",), "by the school"),
        ("without-the-words", ("208",), ""),
        ("leave-out", (), ""),
    ],
)
def test_words_beside_a_street_of_which_nothing_is_known_are_asked(
    choice: str, streets: tuple[str, ...], stretch: str
) -> None:
    found, _ = placed("Elm Close (by the school)", Matcher(STREETS), {"beside_street": choice})

    assert [(one.streets, one.stretch) for one in found] == [(streets, stretch)] * bool(streets)


@pytest.mark.parametrize(
    "cell", ["Rose and Crown Lane", "Elm Close, Barton", "12-18 Elm Close", "Elm Close (odd nos)"]
)
def test_names_places_and_numbers_are_no_question(cell: str) -> None:
    found, report = placed(cell, Matcher(STREETS))

    assert len(found) == 1
    assert report.questions == report.problems == []


@pytest.mark.parametrize("mark", ['"', "do.", "as above", "ditto"])
def test_a_ditto_mark_takes_the_row_above_and_is_said(read: Reader, mark: str) -> None:
    found = read(
        [
            ["street", "stretch", "start"],
            ["Elm Close", "north", "8 June"],
            [mark, "south", "9 June"],
        ]
    )

    assert found.cuts("208", "south") == ["1: 2026-06-09/2026-06-09"]
    assert "a.xlsx: street is that of the row above in row 3." in found.report.notes


def test_a_ditto_mark_with_nothing_above_is_a_problem(read: Reader) -> None:
    found = read([["street", "start"], ["do.", "8 June"], ["Elm Close", "9 June"]])

    assert len(found.schedule.verges) == 1
    assert "do. repeats the row above" in found.problems[0]


def test_two_dates_under_cut_1_and_nothing_under_cut_2_are_two_cuts(read: Reader) -> None:
    found = read("usrn,Cut 1,Cut 2\n201,1st June / 29th June,\n")

    assert found.cuts("201") == ["1: 2026-06-01/2026-06-01", "2: 2026-06-29/2026-06-29"]


@pytest.mark.parametrize("dates", ["28 December,8 January", "28/12,08/01", "2026-12-28,8 Jan"])
def test_a_window_in_two_columns_runs_over_new_year(read: Reader, dates: str) -> None:
    found = read(f"usrn,start,end\n201,{dates}\n", season=2026)

    assert found.cuts("201") == ["1: 2026-12-28/2027-01-08"]


def test_a_verge_whose_date_cannot_be_used_does_not_take_that_of_its_round(read: Reader) -> None:
    found = read("usrn,round,start\n,R1,2026-06-08\n201,R1,\n202,R1,not this one\n203,R1,done\n")

    assert found.cuts("201") == ["1: 2026-06-08/2026-06-08"]
    assert found.cuts("202") == found.cuts("203") == []


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("stretch", "Call Dave on 07700 900123", "it holds a telephone number"),
        ("round_name", "Dave's round", "it may name a person"),
        ("frequency", "every 3 weeks, mail x@example.org", "it holds an address"),
        ("rest_reason", "was cut 8 June", "it says that work was done"),
        ("kind", "Mrs Green's verge", "it may name a person"),
        ("keeper", "J. Smith 01632 960123", "it holds a telephone number"),
    ],
)
def test_words_about_people_or_done_work_are_asked_before_residents_read_them(
    read: Reader, column: str, text: str, why: str
) -> None:
    content: list[Row] = [
        ["usrn", "round", "start", "rest_from", "rest_until", column],
        ["201", "R1", "8 June", "1 May", "30 May", text],
    ]
    (sentence,) = asked(read(content))
    found = read(content, {"private_words": "without-the-words"})

    assert sentence.startswith(f'Residents would read "{text}" from the column {column}, and {why}')
    assert text not in str(found.schedule)
    assert found.cuts("201") == ["1: 2026-06-08/2026-06-08"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("stretch", "from Victoria Road to St John's Church"),
        ("kind", "Amenity cut"),
        ("round_name", "Round 12 north"),
        ("frequency", "8 cuts a year"),
        ("rest_reason", "bees"),
    ],
)
def test_ordinary_words_are_taken_as_they_are(read: Reader, column: str, text: str) -> None:
    found = read([["usrn", "round", "start", column], ["201", "R1", "8 June", text]])

    assert asked(found) == []


PIECES = st.sampled_from(
    "Elm Close|Oak Drive|Barton|, | - | (|) | & |not ours|HOLD|12|odd numbers|/|and|Team B|?|*|Dave"
    "|north side|done|;|[|]".split("|")
)
MATCHER = Matcher(STREETS)


@given(st.lists(PIECES, min_size=1, max_size=6))
def test_no_word_of_a_street_cell_is_dropped_in_silence(pieces: list[str]) -> None:
    cell = " ".join(pieces).strip()
    report = Report("schedule", answers=QuestionAnswers(takes_as_written=True))

    found = place_lines([ScheduleLine("a.csv", 2, {"street": cell})], MATCHER, report)

    for word in ("not ours", "HOLD", "done", "Dave"):
        assert word not in cell or not found or not found[0].streets
    if "Team B" in cell:
        assert all("Team B" in one.stretch or not one.streets for one in found)
