"""What became of each cut of a season, told from the same record as the status."""

import pytest

from mapsvc.domain.events import Event
from mapsvc.domain.schedule import Verge
from mapsvc.domain.season import CutRecord, CutState, season_of
from mapsvc.domain.status import Status, in_force
from tests.support.grass import APRIL, JULY, JUNE, cut, found, mark, pause, undated, verge


def season(
    on: str, *events: Event, grass: Verge | None = None, tracked: bool = True
) -> dict[int, CutRecord]:
    """The cuts of 2026 by number, as they stand on a day."""
    grass = grass or verge()
    status = found(on, *events, grass=grass, tracked=tracked)
    return {
        record.cut.number: record for record in season_of(status, grass, in_force(events), 2026)
    }


def states(on: str, *events: Event, **more: object) -> list[str]:
    return [str(record.state) for record in season(on, *events, **more).values()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "tracked", "said"),
    [
        ("1 April", True, ["coming", "coming", "coming"]),
        ("9 June", True, ["unmarked", "due", "coming"]),
        ("9 June", False, ["unconfirmed", "due", "coming"]),
        ("17 June", True, ["unmarked", "unmarked", "coming"]),
        ("17 June", False, ["unconfirmed", "unconfirmed", "coming"]),
        ("30 June", True, ["unmarked", "unmarked", "coming"]),
    ],
)
def test_a_cut_without_a_mark_never_reads_as_done(on: str, tracked: bool, said: list[str]) -> None:
    assert states(on, tracked=tracked) == said


def test_a_mark_of_the_round_that_this_grass_overrules_is_told_with_the_reason() -> None:
    missed = mark("missed", "9 June", target="verge:v1", reason="vehicles were parked on it")
    done = mark("done", "12 June")

    record = season("17 June", missed, done)[2]

    assert (record.state, record.day) == (CutState.MISSED, missed.on)
    assert record.reason == "vehicles were parked on it"
    assert record.others == done


def test_a_verdict_of_the_same_kind_or_of_the_same_level_is_not_another_story() -> None:
    both_done = mark("done", "9 June", target="verge:v1"), mark("done", "12 June")
    corrected = mark("missed", "9 June"), mark("done", "12 June")

    assert season("17 June", *both_done)[2].others is None
    assert season("17 June", *corrected)[2].others is None
    assert season("17 June", *corrected)[2].state is CutState.DONE


def test_grass_that_was_left_out_of_its_round_says_when_the_rest_was_cut() -> None:
    paused, done = pause("1 June", target="verge:v1", until="30 June"), mark("done", "10 June")

    record = season("17 June", paused, done)[2]

    assert (record.state, record.others) == (CutState.PAUSED, done)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        # Inside the pause: the cut that waits, and one whose days it covers.
        ("9 June", ["unmarked", "paused", "paused"]),
        ("8 July", ["unmarked", "paused", "paused"]),
        # After it, what the sentence says of the cut that is due.
        ("21 July", ["unmarked", "paused", "unmarked"]),
    ],
)
def test_days_inside_a_pause_read_as_paused(on: str, said: list[str]) -> None:
    assert states(on, pause("5 June", until="20 July")) == said


def test_a_pause_does_not_hide_that_the_cut_before_it_was_never_marked() -> None:
    assert states("30 June", pause("25 June"), grass=verge(APRIL, JUNE)) == ["unmarked", "unmarked"]


def test_a_pause_that_ended_within_the_days_leaves_the_cut_due() -> None:
    assert states("11 June", pause("5 June", until="9 June"))[1] == "due"


def test_a_cut_that_the_rest_drops_is_left_to_grow() -> None:
    grass = verge(rest=("1 June", "30 June", "so wild flowers can seed"))

    record = season("17 June", grass=grass)[2]

    assert (record.state, record.reason) == (CutState.LEFT_LONG, "so wild flowers can seed")


def test_a_cut_that_begins_in_the_rest_has_the_days_after_it() -> None:
    grass = verge(cut(1, "29 June", "3 July"), rest=("1 June", "30 June", ""))

    record = season("17 June", grass=grass)[1]

    assert record.cut.window is not None
    assert record.cut.window.start.day == 1


def test_a_reason_in_place_of_dates_stands_in_the_table() -> None:
    record = season("17 June", grass=undated("Contact Parish Council"))[1]

    assert (record.state, record.reason) == (CutState.UNDATED, "Contact Parish Council")


@pytest.mark.parametrize(
    ("events", "state", "reason"),
    [
        ([mark("missed", "8 July", JULY, reason="a fallen tree")], "missed", "a fallen tree"),
        ([mark("delayed", "8 July", JULY, reason="a broken mower")], "delayed", "a broken mower"),
        ([pause("5 July", until="11 July", reason="flooding")], "paused", "flooding"),
        ([], "unmarked", ""),
    ],
)
def test_a_season_that_ended_keeps_the_known_reason(
    events: list[Event], state: str, reason: str
) -> None:
    heard = mark("done", "1 October", None, target="verge:v1")
    status = found("2 October", *events, heard)
    record = season("2 October", *events, heard)[3]

    assert status.status is Status.SEASON_OVER
    assert (record.state, record.reason) == (state, reason)
    assert (status.lapse.reason if status.lapse else "") == reason
