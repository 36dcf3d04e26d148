"""Counters: by day, without anything about a person."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mapsvc.errors import BadRequest
from mapsvc.services.operations.usage_counters import (
    ANSWERS,
    CALLS,
    EMBEDDED,
    MOST_KEYS,
    SEARCHES,
    Tally,
    counts_by,
    counts_csv,
    enter_calls,
)
from mapsvc.services.state.council import Council
from tests.support.councils import TODAY, open_council

EVER = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    council = open_council(tmp_path)
    yield council
    council.close()


def test_what_several_processes_count_adds_up(council: Council) -> None:
    for tally in (Tally(council), Tally(council)):
        tally.add(SEARCHES)
        tally.add(ANSWERS, "due")
        tally.flush()

    assert counts_by(council, *EVER, month=False) == {
        TODAY.isoformat(): {SEARCHES: 2, f"{ANSWERS}: due": 2}
    }


def test_monthly_calls_stand_beside_the_counters_and_can_be_corrected(council: Council) -> None:
    tally = Tally(council)
    tally.add(SEARCHES)
    tally.flush()
    enter_calls(council, "2026-06=400")
    enter_calls(council, "2026-06=412")

    text = counts_csv(counts_by(council, *EVER, month=True), "month")

    assert text.split() == ["month,searches,calls", "about", "grass", "2026-06,1,412"]
    assert text.splitlines()[0].endswith(CALLS)


def test_invented_hosts_cannot_fill_the_memory(council: Council) -> None:
    tally = Tally(council)
    for number in range(MOST_KEYS + 50):
        tally.add(EMBEDDED, f"host{number}.example")
    tally.flush()

    counted = counts_by(council, *EVER, month=False)[TODAY.isoformat()]

    assert len(counted) == MOST_KEYS + 1
    assert counted[f"{EMBEDDED}: other"] == 50


@pytest.mark.parametrize("text", ["May=412", "2026-13=1", "2026-05=-1", "2026-05", "2026-05=x"])
def test_a_figure_that_is_none_is_refused(council: Council, text: str) -> None:
    with pytest.raises(BadRequest, match="Enter them like 2026-05=412"):
        enter_calls(council, text)
