"""What people write in cells of dates: sure, doubtful, a reason, or never a plan."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.domain.schedule import Window
from mapsvc.ingest.values.date_cells import DoubtfulDates, SureDates, may_be_reason, read_date_cell
from mapsvc.ingest.values.date_windows import BadDate, Reason, parse_windows


def windows(text: str) -> tuple[Window, ...]:
    """`2026-06-08/2026-06-12, 2026-06-29` as windows."""
    found = []
    for part in text.split(", "):
        start, _, end = part.partition("/")
        found.append(Window(date.fromisoformat(start), date.fromisoformat(end or start)))
    return tuple(found)


@pytest.mark.parametrize(
    "text",
    [
        # said to be done, in any order and tense
        "Has been cut",
        "Collected today",
        "last cut 8 June",
        "2 cuts done",
        "1 June - done",
        "22/4 cut",
        "OK 8/6",
        "In progress",
        "done",
        "Cut 22/4",
        "mown w/c 8 June",
        "Was cut on 3rd June",
        "strimmed 4/6",
        "Completed - 12/06/2026",
        "50% complete",
        "Finished Tues",
        "Cut by the parish council",
        "previous cut: 1 June 2026",
        "visited 8/6 - too wet",
        "started 8 June",
        "\u2713",
        "Y",
        # relative to the day of reading
        "tomorrow",
        "next week",
        "this Friday",
        "Monday",
        "w/c next Monday",
        "in two weeks",
        "asap",
        # the spreadsheet's own
        "#REF!",
        "#N/A",
        "########",
        '"',
        "do.",
        "as above",
        # people and telephones
        "Dave 07700 900123",
        "Sue, ext 4521",
        "ring 01632 960123",
        "clerk@example.org",
        "8 June (Dave)",
        "Ask Mrs Green",
        # taken back
        "8 June CANCELLED",
        "8 June - not required",
        "8 June (moved)",
        "was 8 June",
        # a part of it cannot be read
        "8-ish June",
        "31/02/2026",
        "12 Juny 2026",
    ],
)
def test_what_is_neither_a_plan_nor_a_reason_is_a_bad_date(text: str) -> None:
    assert isinstance(read_date_cell(text, 2026), BadDate)


@pytest.mark.parametrize(
    ("text", "meant", "remark"),
    [
        ("8 June (weather permitting)", "2026-06-08", "weather permitting"),
        ("w/c 8 June (weather permitting)", "2026-06-08/2026-06-12", "weather permitting"),
        ("8 June (am)", "2026-06-08", "am"),
        ("8/6/26 - weather dependent", "2026-06-08", "weather dependent"),
        ("8 - 12 June, subject to ground conditions", "2026-06-08/2026-06-12",
         "subject to ground conditions"),
        ("(if dry) 8 June", "2026-06-08", "if dry"),
        ("Mon 8 June 2026 pm only", "2026-06-08", "pm only"),
        ("8 June 9.30am", "2026-06-08", "9.30am"),
        ("1st cut 8 June", "2026-06-08", "1st cut"),
        ("8 June, 29 June (ground permitting)", "2026-06-08, 2026-06-29", "ground permitting"),
    ],
)  # fmt: skip
def test_a_remark_that_leaves_the_date_alone_is_kept_beside_it(
    text: str, meant: str, remark: str
) -> None:
    assert read_date_cell(text, 2026) == SureDates(windows(meant), remark)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1st June / 29th June", "2026-06-01, 2026-06-29"),
        ("1 June\n29 June", "2026-06-01, 2026-06-29"),
        ("8 June & 29 June", "2026-06-08, 2026-06-29"),
        ("7/8 June", "2026-06-07/2026-06-08"),
        ("28 Dec - 8 Jan", "2026-12-28/2027-01-08"),
    ],
)
def test_two_dates_in_a_cell_are_two_cuts_or_one_that_runs_over_them(text: str, meant: str) -> None:
    assert read_date_cell(text, 2026) == SureDates(windows(meant))


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("by 12 June", ["2026-06-08/2026-06-12", "2026-06-12"]),
        ("before 12 June", ["2026-06-08/2026-06-12", "2026-06-11"]),
        ("not before 15 July", ["2026-07-15/2026-07-17", "2026-07-15"]),
        ("8 June onwards", ["2026-06-08/2026-06-12", "2026-06-08"]),
        ("approx 8 June", ["2026-06-08"]),
        ("c. 8 June", ["2026-06-08"]),
        ("8 June?", ["2026-06-08"]),
        ("8 June - TBC", ["2026-06-08"]),
        ("8 June (provisional)", ["2026-06-08"]),
        ("8 June or 9 June", ["2026-06-08", "2026-06-09", "2026-06-08/2026-06-09"]),
        ("8 June/10 June", ["2026-06-08/2026-06-10", "2026-06-08, 2026-06-10"]),
        ("wk 24", ["2026-06-08/2026-06-12", "2026-09-07/2026-09-11"]),
        ("Weeks 24-25", ["2026-06-08/2026-06-19", "2026-09-07/2026-09-18"]),
        ("first week of June", ["2026-06-01/2026-06-05", "2026-06-01/2026-06-07"]),
        ("first week of July", ["2026-06-29/2026-07-03", "2026-07-06/2026-07-10",
                                "2026-07-01/2026-07-07"]),
        ("last Monday in June", ["2026-06-29"]),
        ("early June", ["2026-06-01/2026-06-10"]),
        ("8 June (school side)", ["2026-06-08"]),
    ],
)  # fmt: skip
def test_a_doubtful_date_has_the_readings_that_it_may_mean(text: str, readings: list[str]) -> None:
    found = read_date_cell(text, 2026)

    assert isinstance(found, DoubtfulDates)
    assert list(found.readings) == [windows(reading) for reading in readings]
    assert found.is_one_way == (len(readings) == 1)


def test_a_remark_that_names_another_day_cannot_be_taken_as_written() -> None:
    found = read_date_cell("8 June if fine else 15 June", 2026)

    assert isinstance(found, DoubtfulDates)
    assert (found.left_over, found.is_one_way) == ("if fine else 15 June", False)


@pytest.mark.parametrize(
    "text", ["N/A", "Contact Parish Council", "To be cut", "See map", "every 3 weeks", "spring"]
)
def test_other_words_may_be_a_reason(text: str) -> None:
    assert read_date_cell(text, 2026) == Reason(text)


def test_what_can_never_be_confirmed_says_why() -> None:
    assert may_be_reason("Cut 8 June by contractor") == (
        "it says that grass was cut, and a schedule holds what is planned"
    )
    assert may_be_reason("Ring 01632 960123") == "it holds a telephone number or an address"
    assert may_be_reason("Wildflower trial") == ""


DATES = st.sampled_from(
    ["8 June", "08/06/2026", "w/c 8 June", "8 - 12 June", "June", "2026-06-08", "8 and 29 June"]
)
BESIDE = (
    "if dry wet not or by from to cancelled 9 15 June done cut Dave TBC maybe am weather school "
    "team next ( ) - / , ; : ? 07700 900123 wk 24 approx hold moved until and & # % MB"
)
WORDS = st.lists(st.sampled_from(BESIDE.split()), min_size=1, max_size=5).map(" ".join)
SAFE = {"if", "dry", "wet", "or", "am", "weather", "team", "and"}


@given(DATES, WORDS, st.booleans())
def test_nothing_written_beside_a_date_disappears(day: str, words: str, is_first: bool) -> None:
    text = f"{words} {day}" if is_first else f"{day} {words}"

    found = read_date_cell(text, 2026)

    if isinstance(found, SureDates) and not isinstance(parse_windows(text, 2026), tuple):
        left = words.replace("(", " ").replace(")", " ").split()
        kept = found.remark.split()
        assert all(word in kept or not word.strip("-/,;:?&()#%") or word in SAFE or
                   any(letter.isdigit() for letter in word) or word == "June"
                   for word in left)  # fmt: skip


@given(st.text(max_size=40) | WORDS, st.integers(2000, 2098))
def test_any_text_is_read_without_an_error(text: str, season: int) -> None:
    found = read_date_cell(text, season)

    assert isinstance(found, SureDates | DoubtfulDates | Reason | BadDate)
    if isinstance(found, DoubtfulDates):
        assert found.readings
