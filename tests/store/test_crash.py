"""Killed at any moment, or failing at any statement: nothing acknowledged is lost, nothing torn."""

import multiprocessing
import random
import signal
from contextlib import suppress
from dataclasses import replace
from itertools import count
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from mapsvc.store.database import Store, open_store
from tests.support.crashes import (
    INNER_STEPS,
    STEPS,
    Said,
    damage,
    faults,
    kill_two,
    left_over,
    publish_and_die,
    torn_editions,
)
from tests.support.store_samples import AT, a_gazetteer, publish, some_streets


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes of their own, which have the store imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mapsvc.store.database", "tests.support.store_samples"])
    return context


def a_draft(streets: int) -> Any:
    return a_gazetteer(some_streets(streets), counts={"streets": streets})


def test_a_kill_at_any_moment_loses_nothing_acknowledged_and_tears_nothing(
    address: str, processes: ForkServerContext, is_long: bool
) -> None:
    chance, said = random.Random(6), Said()
    rounds = 3 if address.endswith(".gpkg") else 2

    for seed in range(rounds * 15 if is_long else rounds):
        kill_two(address, processes, chance, seed, said)
        assert faults(address, said) == []

    store = open_store(address)
    assert len(said) > said.kills
    assert left_over(store) == 0
    assert damage(store) == ""
    store.close()


@pytest.mark.parametrize(
    ("step", "moment"),
    [*((step, "before") for step in (*STEPS, *INNER_STEPS)), ("activate", "after")],
)
def test_a_kill_at_a_step_of_publishing_leaves_the_old_edition_or_the_new(
    tmp_path: Path, processes: ForkServerContext, step: str, moment: str
) -> None:
    store = open_store(tmp_path / "map.gpkg")
    publish(store, replace(a_draft(300), files=("old",)))
    for _ in range(9):
        publish(store, a_draft(3))  # so that the tenth leaves and its rows are removed

    process = processes.Process(target=publish_and_die, args=(str(store.url), step, moment))
    process.start()
    process.join(120)

    assert process.exitcode == -signal.SIGKILL
    assert list(torn_editions(store)) == []
    current = store.editions.current("gazetteer")
    assert current is not None
    assert current.counts["streets"] in (3, 2_500)
    assert left_over(store) == 0
    store.close()


class FailureAt:
    """Fails at the n-th statement or commit of a store, and at all after it if it `stays`."""

    def __init__(self, store: Store, number: int, *, stays: bool) -> None:
        self._store, self._number, self._stays = store, number, stays
        self.seen = 0

    def __enter__(self) -> "FailureAt":
        event.listen(self._store.engine, "before_cursor_execute", self._fail)
        event.listen(self._store.engine, "commit", self._fail)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._store.engine, "before_cursor_execute", self._fail)
        event.remove(self._store.engine, "commit", self._fail)

    def _fail(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self._number or (self._stays and self.seen > self._number):
            raise OSError("the disk is away")


@pytest.mark.parametrize("stays", [False, True])
def test_a_failure_at_any_statement_leaves_the_old_edition_or_the_new(
    store: Store, stays: bool
) -> None:
    publish(store, a_draft(3))
    outcomes = []

    for number in count(1):
        before = store.editions.current("gazetteer")
        with FailureAt(store, number, stays=stays) as failure, suppress(OSError):
            store.editions.publish(a_draft(5), base=before and before.number, by="", at=AT)
        outcomes.append(store.editions.current("gazetteer") != before)
        assert list(torn_editions(store)) == []
        if failure.seen < number:
            break

    assert outcomes == sorted(outcomes)  # old up to a point, new from there
    assert outcomes.count(False) > 10
    assert left_over(store) == 0
