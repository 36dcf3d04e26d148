"""How some grass divides among the statuses, and what counts as due this week."""

from datetime import date

import pytest

from mapsvc.domain.schedule import Window
from mapsvc.domain.shares import (
    RESIDENTS_ORDER,
    CountedVerge,
    Share,
    is_due_this_week,
    share_of,
)
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.wording import LEGEND, SHARE_WORDS, due_words, shares_words

WEDNESDAY = date(2026, 6, 17)
FRIDAY, SUNDAY, MONDAY = date(2026, 6, 19), date(2026, 6, 21), date(2026, 6, 22)


def next_from(day: date) -> Window:
    return Window(day, date(2026, 6, 26))


def patches(*found: tuple[str, Status]) -> list[CountedVerge]:
    """Grass of streets, such as ("S1 S2", Status.DUE)."""
    return [
        CountedVerge(tuple(streets.split()), status, status is Status.DUE)
        for streets, status in found
    ]


def test_streets_are_counted_once_and_the_shares_add_up() -> None:
    share = share_of(
        patches(
            ("S1", Status.DUE),
            ("S1", Status.CUT),
            ("S1 S2", Status.DUE),
            ("S3", Status.CUT),
            ("S4", Status.DUE),
        )
    )

    assert share == Share(Status.DUE, streets=4, due=3, shares={Status.CUT: 1, Status.DUE: 3})
    assert sum(share.shares.values()) == share.streets


def test_a_town_of_which_a_third_is_cut_is_told_in_shares() -> None:
    town = {Status.CUT: 28, Status.DELAYED: 15, Status.UNDER_WAY: 13, Status.DUE: 17}
    grass = [
        (f"{status} {number}".replace(" ", "-"), status)
        for status, streets in town.items()
        for number in range(streets)
    ]

    share = share_of(patches(*grass))

    assert (share.streets, share.shares) == (73, town)
    assert shares_words(share.shares) == "28 cut, 13 under way, 17 due, 15 delayed"


@pytest.mark.parametrize(
    ("grass", "counted"),
    [
        ([Status.CUT, Status.CUT], Status.CUT),
        ([Status.CUT, Status.DUE, Status.CUT], Status.DUE),
        ([Status.CUT, Status.SUSPENDED], Status.SUSPENDED),
        ([Status.CUT, Status.MISSED], Status.MISSED),
        ([Status.CUT, Status.UNCONFIRMED], Status.UNCONFIRMED),
        ([Status.ELSEWHERE, Status.CUT], Status.CUT),
        ([Status.RESTING, Status.CUT], Status.CUT),
        ([Status.UNKNOWN, Status.ROUTINE], Status.ROUTINE),
        ([Status.DUE, Status.DELAYED], Status.DELAYED),
    ],
)
def test_a_street_of_several_counts_under_what_is_still_to_be_done(
    grass: list[Status], counted: Status
) -> None:
    found = share_of(patches(*(("S1", status) for status in grass)))

    assert found.shares == {counted: 1}


def test_only_the_streets_of_a_place_count_where_grass_reaches_beyond_it() -> None:
    grass = patches(("S1 S9", Status.DUE), ("S2", Status.CUT))

    share = share_of(grass, within={"S1", "S2"})

    assert share == Share(Status.DUE, streets=2, due=1, shares={Status.CUT: 1, Status.DUE: 1})


def test_every_status_has_one_place_in_the_legend_and_words_to_be_counted_with() -> None:
    assert [status for _, group in LEGEND for status in group] == list(RESIDENTS_ORDER)
    assert set(RESIDENTS_ORDER) == set(Status) == set(SHARE_WORDS)
    assert len(RESIDENTS_ORDER) == len(Status)


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
