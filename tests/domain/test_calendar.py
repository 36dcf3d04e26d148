"""Working days and the bank holidays of each nation, as gov.uk publishes them."""

from datetime import date, timedelta

import pytest

from mapsvc.domain.calendar import Calendar, bank_holidays
from tests.support.grass import day

ENGLAND = Calendar("ENG")

ENGLISH_2026 = "1 January, 3 April, 6 April, 4 May, 25 May, 31 August, 25 December, 28 December"
ENGLISH_2027 = "1 January, 26 March, 29 March, 3 May, 31 May, 30 August, 27 December, 28 December"
ENGLISH_2028 = "3 January, 14 April, 17 April, 1 May, 29 May, 28 August, 25 December, 26 December"


def weekdays_off(year: int, subdivision: str) -> set[date]:
    return {each for each in bank_holidays(year, subdivision) if each.weekday() < 5}


def days(text: str, year: int) -> set[date]:
    return {day(f"{each} {year}") for each in text.split(", ")}


@pytest.mark.parametrize("subdivision", ["ENG", "WLS"])
@pytest.mark.parametrize(
    ("year", "text"), [(2026, ENGLISH_2026), (2027, ENGLISH_2027), (2028, ENGLISH_2028)]
)
def test_england_and_wales_share_their_bank_holidays(
    year: int, text: str, subdivision: str
) -> None:
    assert weekdays_off(year, subdivision) == days(text, year)


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2026, "1 January, 2 January, 3 August, 30 November"),
        (2027, "1 January, 4 January, 2 August, 30 November"),
        (2028, "3 January, 4 January, 7 August, 30 November"),
    ],
)
def test_scotland_has_its_own_and_no_easter_monday(year: int, text: str) -> None:
    off = weekdays_off(year, "SCT")

    assert days(text, year) <= off
    assert not off & {day("6 April 2026"), day("29 March 2027"), day("17 April 2028")}


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2026, f"{ENGLISH_2026}, 17 March, 13 July"),
        (2027, f"{ENGLISH_2027}, 17 March, 12 July"),
        (2028, f"{ENGLISH_2028}, 17 March, 12 July"),
    ],
)
def test_northern_ireland_adds_two(year: int, text: str) -> None:
    assert weekdays_off(year, "NIR") == days(text, year)


def test_a_substitute_day_is_no_working_day() -> None:
    assert not ENGLAND.is_working(day("28 December 2026"))
    assert ENGLAND.is_working(day("29 December 2026"))


def test_weekends_are_no_working_days() -> None:
    week = [day("8 June") + timedelta(days=n) for n in range(7)]

    assert [ENGLAND.is_working(each) for each in week] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        ("8 June", "12 June", 5),
        ("8 June", "8 June", 1),
        ("13 June", "14 June", 0),
        ("30 March", "10 April", 8),
        ("12 June", "8 June", 0),
    ],
)
def test_working_days_are_counted_with_both_ends(start: str, end: str, number: int) -> None:
    assert ENGLAND.working_days(day(start), day(end)) == number


@pytest.mark.parametrize(
    ("past", "today", "most", "number"),
    [
        ("8 June", "8 June", 10, 0),
        ("9 June", "8 June", 10, 0),
        ("8 June", "9 June", 10, 1),
        ("12 June", "14 June", 10, 0),
        ("12 June", "15 June", 10, 1),
        ("2 April", "7 April", 10, 1),
        ("8 June", "22 June", 10, 10),
        ("8 June", "31 December", 10, 10),
        ("8 June", "31 December", 15, 15),
    ],
)
def test_working_days_passed_are_those_after_a_day_up_to_today_and_so_many_at_most(
    past: str, today: str, most: int, number: int
) -> None:
    assert ENGLAND.passed_since(day(past), day(today), most) == number


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("8 June", 1, "8 June"),
        ("8 June", 10, "19 June"),
        ("13 June", 1, "15 June"),
        ("2 April", 2, "7 April"),
        ("24 December 2026", 2, "29 December 2026"),
        ("31 December 2026", 2, "4 January 2027"),
    ],
)
def test_the_nth_working_day_counts_the_first_day_too(
    start: str, number: int, expected: str
) -> None:
    assert ENGLAND.nth_working_day(day(start), number) == day(expected)


def test_there_is_no_zeroth_working_day() -> None:
    assert ENGLAND.nth_working_day(day("8 June"), 0) is None


def test_the_nth_working_day_steps_over_suspended_days() -> None:
    suspended = {day("9 June"), day("10 June")}

    found = ENGLAND.nth_working_day_outside(day("8 June"), 3, suspended.__contains__)

    assert found == day("12 June")


def test_a_suspension_without_end_has_no_nth_working_day() -> None:
    assert ENGLAND.nth_working_day_outside(day("8 June"), 1, lambda each: True) is None


def test_each_nation_counts_by_its_own_holidays() -> None:
    easter_monday = day("6 April")

    assert Calendar("SCT").working_days(easter_monday, easter_monday) == 1
    assert ENGLAND.working_days(easter_monday, easter_monday) == 0
