"""What is true for most of some grass, and what counts as due this week."""

from datetime import date

import pytest

from mapsvc.domain.schedule import Window
from mapsvc.domain.shares import CountedVerge, Share, is_due_this_week, share_of
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.wording import due_words

WEDNESDAY = date(2026, 6, 17)
FRIDAY, SUNDAY, MONDAY = date(2026, 6, 19), date(2026, 6, 21), date(2026, 6, 22)


def next_from(day: date) -> Window:
    return Window(day, date(2026, 6, 26))


def test_most_of_the_grass_speaks_and_streets_are_counted_once() -> None:
    share = share_of(
        [
            CountedVerge(("S1",), Status.DUE, is_due=True),
            CountedVerge(("S1",), Status.CUT, is_due=False),
            CountedVerge(("S1", "S2"), Status.DUE, is_due=True),
            CountedVerge(("S3",), Status.CUT, is_due=False),
            CountedVerge(("S4",), Status.DUE, is_due=True),
        ]
    )

    assert share == Share(Status.DUE, streets=4, due=3)


@pytest.mark.parametrize(
    ("found", "is_due"),
    [
        (VergeStatus(Status.DUE, WEDNESDAY), True),
        (VergeStatus(Status.UNDER_WAY, WEDNESDAY), True),
        (VergeStatus(Status.CUT, WEDNESDAY), False),
        (VergeStatus(Status.CUT, WEDNESDAY, next=next_from(FRIDAY)), True),
        (VergeStatus(Status.PLANNED, WEDNESDAY, next=next_from(SUNDAY)), True),
        (VergeStatus(Status.PLANNED, WEDNESDAY, next=next_from(MONDAY)), False),
        (VergeStatus(Status.PLANNED, SUNDAY, next=next_from(MONDAY)), False),
        (VergeStatus(Status.LATE, WEDNESDAY), False),
        (VergeStatus(Status.DELAYED, WEDNESDAY, expected=FRIDAY), True),
        (VergeStatus(Status.DELAYED, WEDNESDAY, expected=MONDAY), False),
        (VergeStatus(Status.DELAYED, WEDNESDAY, next=next_from(FRIDAY)), False),
        (VergeStatus(Status.SUSPENDED, WEDNESDAY, next=next_from(FRIDAY)), False),
        (VergeStatus(Status.RESTING, WEDNESDAY, next=next_from(FRIDAY)), False),
        (VergeStatus(Status.ELSEWHERE, WEDNESDAY, next=next_from(FRIDAY)), False),
    ],
)
def test_due_this_week_is_what_a_crew_is_planned_for_by_sunday(
    found: VergeStatus, is_due: bool
) -> None:
    assert is_due_this_week(found) is is_due


@pytest.mark.parametrize(
    ("due", "streets", "words"),
    [
        (12, 40, "12 of 40 streets due this week"),
        (1, 1, "1 of 1 street due this week"),
        (0, 1, "None of 1 street due this week"),
        (0, 1200, "None of 1,200 streets due this week"),
        (1200, 3900, "1,200 of 3,900 streets due this week"),
    ],
)
def test_how_much_is_due_in_words(due: int, streets: int, words: str) -> None:
    assert due_words(due, streets) == words
