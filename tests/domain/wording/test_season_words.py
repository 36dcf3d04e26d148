"""The table of a season in words."""

from typing import Any

import pytest

from mapsvc.domain.schedule import Cut
from mapsvc.domain.season import CutRecord, CutState
from mapsvc.domain.wording import became_in_words, planned_in_words
from tests.support.grass import JUNE, day, mark

ON = day("17 June")
VEHICLES = "vehicles were parked on it"


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        ("coming", {}, "Still to come"),
        ("due", {}, "Due now, not marked as done"),
        ("unmarked", {}, "Not marked as done"),
        ("unconfirmed", {}, "We do not mark each cut here"),
        ("undated", {}, ""),
        ("done", {"day": "10 June"}, "Marked as cut on Wednesday 10 June"),
        ("begun", {"day": "10 June"}, "Started on Wednesday 10 June"),
        (
            "missed",
            {"day": "9 June", "reason": VEHICLES},
            "Could not be cut on Tuesday 9 June because vehicles were parked on it",
        ),
        (
            "delayed",
            {"day": "9 June", "reason": "a broken mower", "expected": "26 June"},
            "Delayed on Tuesday 9 June because of a broken mower, expected by Friday 26 June",
        ),
        (
            "paused",
            {"day": "5 June", "until": "30 June", "reason": "flooding"},
            "Paused from Friday 5 June to Tuesday 30 June because of flooding",
        ),
        ("paused", {"day": "5 June"}, "Paused from Friday 5 June"),
        (
            "left_long",
            {"day": "1 June", "until": "30 June", "reason": "so wild flowers can seed"},
            "Left to grow from Monday 1 June to Tuesday 30 June so wild flowers can seed",
        ),
    ],
)
def test_what_became_of_a_cut(state: str, more: dict[str, Any], words: str) -> None:
    dates = {name: day(more.pop(name)) for name in ("day", "until", "expected") if name in more}

    assert became_in_words(CutRecord(JUNE, CutState(state), **dates, **more), ON) == (words,)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (mark("done", "10 June"), "The rest of the round was cut on Wednesday 10 June"),
        (
            mark("missed", "10 June", target="street:s1", reason="wet weather"),
            "The rest of the street could not be cut on Wednesday 10 June because of wet weather",
        ),
    ],
)
def test_what_was_marked_for_the_rest_is_said_after_it(others: Any, words: str) -> None:
    record = CutRecord(JUNE, CutState.PAUSED, day("5 June"), others=others)

    assert became_in_words(record, ON) == ("Paused from Friday 5 June", words)


def test_the_plan_is_its_days_or_what_stands_in_their_place() -> None:
    undated = CutRecord(Cut(2026, 1, None, "N/A"), CutState.UNDATED)
    without = CutRecord(Cut(2026, 1), CutState.UNDATED)

    assert (
        planned_in_words(CutRecord(JUNE, CutState.DUE), ON) == "Between Monday 8 and Friday 12 June"
    )
    assert planned_in_words(undated, ON) == "N/A"
    assert planned_in_words(without, ON) == "No date"
