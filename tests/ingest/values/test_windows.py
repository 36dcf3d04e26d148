"""What the text in a date cell means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.domain.schedule import Window
from mapsvc.ingest.values.date_windows import (
    BadDate,
    Reason,
    is_frequency,
    parse_window,
    parse_windows,
)


def window(text: str) -> Window:
    start, _, end = text.partition("/")
    return Window(date.fromisoformat(start), date.fromisoformat(end or start))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-04-07", "2026-04-07"),
        ("2026-04-07T00:00:00", "2026-04-07"),
        ("2026-04-07 00:00", "2026-04-07"),
        ("07/04/2026", "2026-04-07"),
        ("7/4/26", "2026-04-07"),
        ("03/04/2026", "2026-04-03"),
        ("01.01.2014", "2014-01-01"),
        ("7-4-2026", "2026-04-07"),
        ("25/04", "2026-04-25"),
        ("7 April", "2026-04-07"),
        ("7th of April 2026", "2026-04-07"),
        ("3rd June 2026", "2026-06-03"),
        ("Tuesday 7 April 2026", "2026-04-07"),
        ("Tue, 7 Apr", "2026-04-07"),
        ("7-Apr-26", "2026-04-07"),
        ("April 7, 2026", "2026-04-07"),
        ("7 Ebrill 2026", "2026-04-07"),
        ("\uff17 April", "2026-04-07"),
        ("24 April - 28 May", "2026-04-24/2026-05-28"),
        ("24 April \u2013 28 May", "2026-04-24/2026-05-28"),
        ("24 April to 28 May 2027", "2027-04-24/2027-05-28"),
        ("24th April until 28th May", "2026-04-24/2026-05-28"),
        ("from 24 April to 28 May", "2026-04-24/2026-05-28"),
        ("between 3 and 7 June", "2026-06-03/2026-06-07"),
        ("7-11 April", "2026-04-07/2026-04-11"),
        ("April 7 - 11", "2026-04-07/2026-04-11"),
        ("24/04 - 28/05", "2026-04-24/2026-05-28"),
        ("2026-04-07 - 2026-04-11", "2026-04-07/2026-04-11"),
        ("07/04/2026-11/04/2026", "2026-04-07/2026-04-11"),
        ("Mon 6 - Fri 10 July", "2026-07-06/2026-07-10"),
        ("15 November - 10 February", "2026-11-15/2027-02-10"),
        ("15 November - 10 February 2027", "2026-11-15/2027-02-10"),
        ("June", "2026-06-01/2026-06-30"),
        ("Feb 2028", "2028-02-01/2028-02-29"),
        ("June - July", "2026-06-01/2026-07-31"),
        ("June/July", "2026-06-01/2026-07-31"),
        ("w/c 3 June", "2026-06-01/2026-06-05"),
        ("W/C 01/06/2026", "2026-06-01/2026-06-05"),
        ("w/c Sunday 7 June", "2026-06-08/2026-06-12"),
        ("week commencing Monday 1 June", "2026-06-01/2026-06-05"),
        ("w/c 1 June - w/c 15 June", "2026-06-01/2026-06-19"),
    ],
)
def test_days_weeks_months_and_ranges_are_read_with_the_day_first(text: str, meant: str) -> None:
    assert parse_window(text, 2026) == window(meant)


def test_a_week_commencing_on_a_monday_runs_to_friday() -> None:
    assert parse_window("w/c 3 June", 2024) == window("2024-06-03/2024-06-07")


def test_a_date_that_the_spreadsheet_types_is_taken_as_it_is() -> None:
    assert parse_window(date(2026, 4, 7), 2020) == window("2026-04-07")


@pytest.mark.parametrize(
    ("text", "count", "first", "last"),
    [
        ("every 3 weeks from 8 April", 10, "2026-04-08", "2026-10-14"),
        ("every 3 weeks from 8 April to 1 July", 5, "2026-04-08", "2026-07-01"),
        ("Every 2 weeks from 8 April until September", 13, "2026-04-08", "2026-09-23"),
        ("fortnightly from 8 April to 6 May", 3, "2026-04-08", "2026-05-06"),
        ("every other week from 8 April to 6 May", 3, "2026-04-08", "2026-05-06"),
        ("3 weekly from 8 April to 1 July", 5, "2026-04-08", "2026-07-01"),
        ("monthly starting 31 March to June", 4, "2026-03-31", "2026-06-30"),
        ("every 15 working days from 8 April to 20 May", 3, "2026-04-08", "2026-05-20"),
        (
            "every 4 weeks from w/c 6 April to 1 June",
            3,
            "2026-04-06/2026-04-10",
            "2026-06-01/2026-06-05",
        ),
        ("7 April, 5 May and 2 June", 3, "2026-04-07", "2026-06-02"),
        ("7, 21 April & 5 May 2027", 3, "2027-04-07", "2027-05-05"),
        ("7-11 April; 5-9 May", 2, "2026-04-07/2026-04-11", "2026-05-05/2026-05-09"),
    ],
)
def test_repeats_and_lists_give_a_window_each(text: str, count: int, first: str, last: str) -> None:
    windows = parse_windows(text, 2026)

    assert isinstance(windows, tuple)
    assert (len(windows), windows[0], windows[-1]) == (count, window(first), window(last))


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "tbc",
        "Contact Parish Council",
        "Contact LCC on 01632 960000",
        "early June",
        "as and when",
        "<script>alert(1)</script>",
        "every 3 weeks",
        "every 3 weeks from April to October",
        "not before 15 July",
        "Cut regularly",
        "To be cut",
        "Not cut",
    ],
)
def test_other_text_is_a_reason_in_place_of_dates(text: str) -> None:
    assert parse_window(text, 2026) == Reason(text)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "\u2014", "?", float("nan")])
def test_an_empty_cell_has_no_reason(cell: str | float | None) -> None:
    assert parse_window(cell, 2026) == Reason("")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/02/2026", "February 2026 has 28 days"),
        ("2026-13-01", "there is no month 13"),
        ("04/25/2026", "The day comes before the month."),
        ("45123", "bare number, which Excel might show as 16 July 2023"),
        (45123, "bare number"),
        (45123.0, "bare number"),
        ("6.5", "bare number"),
        ("2026", "bare number"),
        (True, "a tick"),
        ("32nd May", "May 2026 has 31 days"),
        ("12 Juny 2026", "cannot be read as one"),
        ("28 May - 24 April", "ends before it starts"),
        ("28/05/2026 - 24/04/2026", "ends before it starts"),
        ("1 April 2026 - 1 May 2027", "lasts longer than a year"),
        ("Monday 7 April 2026", "7 April 2026 is a Tuesday"),
        ("Jun-26", "a day or as a year"),
        ("07/04/3026", "the year 3026 cannot be right"),
        ("week 23", "cannot be read as one"),
        ("done", "it says that grass was cut"),
        ("Done 12 June", "it says that grass was cut"),
        ("Cut 22/4", "it says that grass was cut"),
        ("Completed - 12/06/2026", "it says that grass was cut"),
        ("\u2713", "it says that grass was cut"),
    ],
)
def test_what_was_meant_as_a_date_and_is_none_says_why(cell: str | float | bool, why: str) -> None:
    found = parse_window(cell, 2026)

    assert isinstance(found, BadDate)
    assert why in found.sentence
    assert "2026-04-07" in found.sentence


def test_several_dates_where_one_is_wanted_are_a_bad_date() -> None:
    assert isinstance(parse_window("7 April and 5 May", 2026), BadDate)


def test_how_often_is_told_from_other_reasons() -> None:
    assert is_frequency("Every 3 weeks")
    assert is_frequency("6 cuts per year")
    assert not is_frequency("Contact Parish Council")


PIECES = st.from_regex(
    r"7|31|12/06|2026|june|w/c|every|weeks|from|to|-|and|,|;|2026-04-07|/|monday|3rd|week|until|0|99"
    r"|fortnightly|\u2013|29|feb|45123|\.|e9|\u00b2|\u0967",
    fullmatch=True,
)


@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(PIECES, max_size=9).map(" ".join),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.dates(),
    ),
    st.integers(2000, 2098),
)
def test_any_cell_is_windows_in_order_or_a_reason_or_a_bad_date(
    cell: str | float | bool | date, season: int
) -> None:
    found = parse_windows(cell, season)

    if isinstance(found, tuple):
        assert all(one.start <= one.end for one in found)
        assert all(one.end - one.start <= timedelta(days=366) for one in found)
    else:
        assert isinstance(found, Reason | BadDate)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(2000, 2098))
def test_every_day_is_read_back_from_how_people_write_it(day: date, season: int) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%-d %B %Y", "%A %-d %b %Y", "%d.%m.%Y"):
        assert parse_window(day.strftime(form), season) == Window(day, day)
