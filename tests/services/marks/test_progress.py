"""Which marks are recorded, with what, and which are refused with a clear sentence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mapsvc.errors import MapsvcError, UnlikelyMark
from mapsvc.services.marks.recording import Mark, record_all, withdraw
from mapsvc.services.state.council import Council
from tests.support.councils import SCHEDULE, TODAY, make_council, mark, publish_text


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("council")
    council = make_council(folder)
    text = SCHEDULE.replace("2026-", "2025-")
    publish_text(council, folder, "schedule", text, season=2025)
    yield council
    council.close()


@pytest.mark.parametrize(
    ("target", "kind", "more", "sentence"),
    [
        ("round:R1", "done", {}, "must name one. Add --cut with 1, 2, 3 of 2025; 1, 2, 3 of 2026"),
        ("round:R1", "done", {"cut": 9}, "round:R1 has no cut 9. It has 1, 2, 3 of 2025; 1, 2, 3"),
        ("round:R1", "done", {"cut": 1, "season": 2024}, "has no cut 1 of 2024"),
        ("round:NONE", "done", {"cut": 1}, 'has the round "NONE"'),
        ("verge:V9", "missed", {"cut": 1}, 'has the verge "V9"'),
        ("street:10000009", "done", {"cut": 1}, 'There is no street "10000009"'),
        ("street:10000002", "done", {"cut": 1}, r"lies in several rounds \(R1, R2\)"),
        ("street:10000001", "done", {}, 'has the street "10000001"'),
        ("verge:V4", "done", {"cut": 1}, "has no dated cuts, so there is no cut 1"),
        ("all", "done", {"cut": 1}, "speaks of one cut, so it needs a verge"),
        (
            "round:R1",
            "mown",
            {"cut": 1},
            'Nothing can be marked as "mown". Use one of: started, done',
        ),
        ("round:R1", "suspended", {"cut": 1}, "Leave --cut out"),
        ("place:Atlantis", "suspended", {}, 'has the place "Atlantis"'),
        ("lawn:5", "done", {}, '"lawn:5" does not say what is meant'),
        ("verge:", "done", {}, '"verge:" does not say what is meant'),
        (
            "all",
            "suspended",
            {"until": date(2026, 6, 1)},
            "The last day, Monday 1 June 2026, lies before",
        ),
        (
            "round:R1",
            "delayed",
            {"cut": 2, "expected": date(2026, 1, 1)},
            "The new date, Thursday 1 January 2026, lies before",
        ),
    ],
)
def test_a_mark_that_cannot_be_is_refused_in_one_sentence(
    council: Council, target: str, kind: str, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(MapsvcError, match=sentence):
        mark(council, target, kind, "2026-06-16", **more)


@pytest.fixture
def unmarked(council: Council) -> Iterator[Council]:
    """The council, from which what a test records is taken back."""
    before = council.store.live.newest_event_id()
    yield council
    for event in council.store.live.events_after(before):
        if council.moment.ledger.event(event.id):
            withdraw(council, event.id)


def test_a_mark_before_an_earlier_cut_was_done_is_refused_unless_somebody_is_sure(
    unmarked: Council,
) -> None:
    for verge in ("V1", "V3"):
        mark(unmarked, f"verge:{verge}", "done", "2026-06-12", cut=1)

    with pytest.raises(UnlikelyMark, match="Cut 1 of 2026 comes before cut 2 and was done on 12"):
        mark(unmarked, "round:R1", "done", "2026-06-11", cut=2)
    assert mark(unmarked, "round:R1", "done", "2026-06-11", cut=2, sure=True)


def test_a_straggler_of_the_cut_before_is_normal(unmarked: Council) -> None:
    mark(unmarked, "verge:V1", "done", "2026-06-11", cut=2)

    assert mark(unmarked, "round:R1", "done", "2026-06-16", cut=1)


def test_an_earlier_cut_that_only_some_grass_had_later_is_no_doubt(unmarked: Council) -> None:
    mark(unmarked, "verge:V1", "done", "2026-06-12", cut=1)

    assert mark(unmarked, "round:R1", "done", "2026-06-11", cut=2)


def test_a_delay_of_a_cut_that_is_done_is_refused_and_one_announced_weeks_ahead_is_not(
    unmarked: Council,
) -> None:
    mark(unmarked, "verge:V2", "done", "2026-06-03", cut=1)

    with pytest.raises(UnlikelyMark, match="Cut 1 of 2026 is marked as done since 3 June 2026"):
        mark(unmarked, "round:R2", "delayed", "2026-06-16", cut=1)
    assert mark(unmarked, "round:R1", "delayed", "2026-04-01", cut=3)


def test_a_pause_that_a_later_resumption_overrules_is_refused(unmarked: Council) -> None:
    mark(unmarked, "round:R3", "suspended", "2026-06-01")
    mark(unmarked, "round:R3", "resumed", "2026-06-10")

    with pytest.raises(UnlikelyMark, match="resumed on 10 June 2026, after 5 June 2026"):
        mark(unmarked, "round:R3", "suspended", "2026-06-05")
    assert mark(unmarked, "round:R3", "suspended", "2026-06-05", until=date(2026, 6, 9))
    assert mark(unmarked, "round:R3", "suspended", "2026-06-05", sure=True)


def test_a_resumption_that_a_later_pause_overrules_is_refused(unmarked: Council) -> None:
    mark(unmarked, "all", "suspended", "2026-06-12")

    with pytest.raises(UnlikelyMark, match="paused again on 12 June 2026, after 11 June 2026"):
        mark(unmarked, "all", "resumed", "2026-06-11")
    assert mark(unmarked, "all", "resumed", "2026-06-12")


@pytest.mark.parametrize(
    ("on", "season"), [("2025-06-11", 2025), ("2026-06-11", 2026), ("2026-01-05", 2026)]
)
def test_the_season_is_that_of_the_cut_whose_window_is_nearest(
    council: Council, on: str, season: int
) -> None:
    event = mark(council, "round:R1", "done", on, cut=2, sure=True)

    recorded = {e.id: e for e in council.store.live.events_after()}

    assert recorded[event].season == season


def test_an_event_keeps_the_verges_that_its_target_had(council: Council) -> None:
    event = mark(council, "round:R1", "started", "2026-06-09", cut=2, by="crew")

    recorded = {e.id: e for e in council.store.live.events_after()}[event]

    assert (recorded.verges, recorded.cut, recorded.by) == ({"V1", "V3"}, 2, "crew")


def test_a_mark_with_a_key_is_recorded_once(council: Council) -> None:
    first = mark(council, "round:R1", "done", "2026-06-10", cut=2, key="tap")
    again = mark(council, "round:R1", "done", "2026-06-10", cut=2, key="tap")

    assert first == again


def test_several_marks_are_recorded_all_or_none(council: Council) -> None:
    before = council.store.live.newest_event_id()
    good, bad = Mark("all", "suspended", TODAY), Mark("round:R1", "done", TODAY, cut=9)

    with pytest.raises(MapsvcError):
        record_all(council, [good, bad], [datetime(2026, 6, 16, tzinfo=UTC)] * 2)

    assert council.store.live.newest_event_id() == before
