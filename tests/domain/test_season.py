"""What the table of the season's cuts says was marked."""

from datetime import UTC, date, datetime

import pytest

from mapsvc.domain.answers import CutRecord
from mapsvc.domain.events import Event, parse_target
from mapsvc.domain.schedule import Cut, Window
from mapsvc.domain.season import marked_in_words

ON = date(2026, 6, 17)
JUNE = Window(date(2026, 6, 8), date(2026, 6, 12))


def event(target: str, kind: str, day: int, **more: str) -> Event:
    at = datetime(2026, 6, 16, tzinfo=UTC)
    return Event(day, parse_target(target), kind, date(2026, 6, day), 2026, at, cut=1, **more)


def record(*marks: Event, window: Window = JUNE, is_tracked: bool = True) -> CutRecord:
    return CutRecord(Cut(2026, 1, window), "", None, marks, is_tracked)


@pytest.mark.parametrize(
    ("window", "is_tracked", "words"),
    [
        (JUNE, True, "Not marked as done"),
        (JUNE, False, "We do not mark each cut here"),
        (Window(ON, ON), True, "Due now, not marked as done"),
        (Window(date(2026, 7, 6), date(2026, 7, 10)), True, "Still to come"),
    ],
)
def test_a_cut_without_a_mark_never_reads_as_done(
    window: Window, is_tracked: bool, words: str
) -> None:
    assert marked_in_words(record(window=window, is_tracked=is_tracked), ON) == (words,)


def test_marks_that_differ_say_what_they_spoke_of() -> None:
    missed = event("verge:V1", "missed", 9, reason="vehicles were parked on it")

    assert marked_in_words(record(missed, event("round:R1", "done", 10)), ON) == (
        "Could not be cut on Tuesday 9 June because vehicles were parked on it (this part)",
        "Marked as cut on Wednesday 10 June (the whole round)",
    )


def test_marks_of_one_level_need_no_such_word() -> None:
    marks = record(event("round:R1", "started", 8), event("round:R1", "done", 10))

    assert marked_in_words(marks, ON)[1] == "Marked as cut on Wednesday 10 June"
