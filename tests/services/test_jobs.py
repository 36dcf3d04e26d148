"""Work in the background: leased once at a time, begun again after a kill, three times at most."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.config import Settings
from mapsvc.errors import FileRefused, NotFound, SettingError, StoreUnavailable
from mapsvc.services import jobs as running
from mapsvc.services.jobs import JobProgress, Worker, run_one
from mapsvc.services.state.council import Council
from mapsvc.store.database import Store, open_store
from mapsvc.store.jobs import GAVE_UP, Job
from tests.support.councils import open_council
from tests.support.store_samples import AT

LATER = AT + timedelta(seconds=31)


@pytest.fixture
def council(address: str, tmp_path: Path) -> Iterator[Council]:
    opened = open_council(tmp_path, database_url=address)
    yield opened
    opened.close()


def lease(store: Store, *, worker: str = "w", seconds: float = 30, at: object = AT) -> Job:
    job = store.jobs.lease(worker, at, seconds)  # type: ignore[arg-type]
    assert job is not None
    return job


# In the store


def test_a_job_is_as_it_was_added_and_the_newest_is_listed_first(store: Store) -> None:
    first = store.jobs.add("read", {"upload": 7, "name": "été"}, by="ann", at=AT)
    second = store.jobs.add("publish", {}, at=LATER)

    job = store.jobs.get(first)
    assert (job.kind, job.payload, job.by, job.at) == (
        "read",
        {"upload": 7, "name": "été"},
        "ann",
        AT,
    )
    assert (job.state, job.attempts, job.done, job.total, job.error) == ("queued", 0, 0, 0, "")
    assert [job.id for job in store.jobs.newest()] == [second, first]
    assert [job.id for job in store.jobs.newest(limit=1)] == [second]
    with pytest.raises(NotFound, match="There is no job 99"):
        store.jobs.get(99)


def test_the_same_key_is_queued_once_also_after_it_is_done(store: Store) -> None:
    first = store.jobs.add("read", {"n": 1}, key="upload 7", at=AT)
    assert store.jobs.add("read", {"n": 2}, key="upload 7", at=AT) == first
    store.jobs.finish(lease(store), AT)

    assert store.jobs.add("read", {"n": 3}, key="upload 7", at=AT) == first
    assert store.jobs.get(first).payload == {"n": 1}
    assert store.jobs.lease("w", LATER, 30) is None


def test_the_oldest_that_is_due_is_leased_and_nobody_else_has_it(store: Store) -> None:
    first = store.jobs.add("read", {}, at=AT)
    second = store.jobs.add("read", {}, at=AT)
    store.jobs.add("read", {}, at=LATER)

    assert lease(store, worker="a").id == first
    assert lease(store, worker="b").id == second
    assert store.jobs.lease("c", AT, 30) is None
    assert store.jobs.get(first).worker == "a"


def test_a_worker_is_given_only_what_it_can_do(store: Store) -> None:
    store.jobs.add("of a newer version", {}, at=AT)
    known = store.jobs.add("read", {}, at=AT)

    job = store.jobs.lease("w", AT, 30, {"read"})

    assert job is not None
    assert job.id == known
    assert store.jobs.lease("w", AT, 30, {"read"}) is None
    assert store.jobs.lease("w", AT, 30, ()) is None


def test_a_job_left_by_its_worker_is_leased_again_three_times_and_then_failed(
    store: Store,
) -> None:
    number = store.jobs.add("read", {}, at=AT)
    at = AT
    for attempt in (1, 2, 3):
        assert lease(store, at=at).attempts == attempt
        assert store.jobs.lease("w", at + timedelta(seconds=29), 30) is None
        at += timedelta(seconds=31)

    assert store.jobs.lease("w", at, 30) is None
    job = store.jobs.get(number)
    assert (job.state, job.error, job.finished_at) == ("failed", GAVE_UP, at)


def test_a_lease_that_is_held_does_not_run_out(store: Store) -> None:
    store.jobs.add("read", {}, at=AT)
    job = lease(store)

    assert store.jobs.heartbeat(job, AT + timedelta(seconds=25), 30)

    assert store.jobs.lease("other", LATER, 30) is None


def test_a_worker_that_lost_its_lease_changes_nothing(store: Store) -> None:
    number = store.jobs.add("read", {}, at=AT)
    slow = lease(store, worker="slow")
    quick = lease(store, worker="quick", at=LATER)

    assert not store.jobs.heartbeat(slow, LATER, 99)
    assert not store.jobs.progress(slow, 1, 2, "slow")
    assert not store.jobs.fail(slow, "too late", LATER)
    assert not store.jobs.finish(slow, LATER)
    assert store.jobs.get(number) == quick
    assert store.jobs.progress(quick, 3, 4, "rows")
    assert store.jobs.finish(quick, LATER)
    job = store.jobs.get(number)
    assert (job.state, job.done, job.total, job.words) == ("done", 3, 4, "rows")
    assert job.finished_at == LATER


def test_many_workers_never_have_the_same_job(store: Store) -> None:
    numbers = [store.jobs.add("read", {}, at=AT) for _ in range(24)]

    def leased(name: int) -> list[int]:
        found = []
        while (job := store.jobs.lease(str(name), AT, 30)) is not None:
            found.append(job.id)
        return found

    with ThreadPoolExecutor(6) as pool:
        all_leased = [number for found in pool.map(leased, range(6)) for number in found]

    assert sorted(all_leased) == numbers


def lease_and_be_killed(address: str) -> None:
    lease(open_store(address))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_job_survives_the_kill_of_its_worker(address: str, store: Store) -> None:
    number = store.jobs.add("read", {}, at=AT)
    process = multiprocessing.get_context("spawn").Process(
        target=lease_and_be_killed, args=(address,)
    )
    process.start()
    process.join(60)

    assert process.exitcode == -signal.SIGKILL
    assert store.jobs.lease("w", AT, 30) is None
    again = lease(store, at=LATER)
    assert (again.id, again.attempts) == (number, 2)


# Running


def refuse(_council: Council, _job: Job, _report: JobProgress) -> None:
    raise FileRefused("rounds.csv has no street column.")


def break_down(_council: Council, _job: Job, _report: JobProgress) -> None:
    raise ZeroDivisionError


def find_it_busy(_council: Council, _job: Job, _report: JobProgress) -> None:
    raise StoreUnavailable("The store is busy.")


def count_to_four(_council: Council, _job: Job, report: JobProgress) -> None:
    for done in range(5):
        report(done, 4, "streets")


def test_a_job_is_run_with_its_payload_and_says_how_far_it_is(council: Council) -> None:
    number = council.store.jobs.add("count", {}, at=AT)

    job = run_one(council, {"count": count_to_four}, "w")

    assert job is not None
    assert (job.id, job.state, job.done, job.total, job.words) == (number, "done", 4, 4, "streets")
    assert run_one(council, {"count": count_to_four}, "w") is None


def test_a_refusal_is_the_sentence_of_the_job(council: Council) -> None:
    council.store.jobs.add("refuse", {}, at=AT)

    job = run_one(council, {"refuse": refuse}, "w")

    assert job is not None
    assert (job.state, job.error) == ("failed", "rounds.csv has no street column.")


def test_our_own_mistake_is_logged_and_the_job_gives_a_reference(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    council.store.jobs.add("break", {}, at=AT)

    with caplog.at_level(logging.ERROR):
        job = run_one(council, {"break": break_down}, "w")

    assert job is not None
    assert job.state == "failed"
    assert job.error.startswith("Something went wrong on our side.")
    reference = job.error.rstrip(".").rpartition(" ")[2]
    assert f"error {reference} in job {job.id} (break)" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_busy_store_is_tried_again_and_the_third_time_is_the_last(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LEASE_SECONDS", 0)
    council.store.jobs.add("busy", {}, at=AT)

    states = []
    for _ in range(3):
        job = run_one(council, {"busy": find_it_busy}, "w")
        assert job is not None
        states.append((job.state, job.error))
        time.sleep(0.002)  # times are kept to the millisecond

    assert states == [("running", ""), ("running", ""), ("failed", "The store is busy.")]


def test_a_job_that_another_worker_took_stops_at_its_next_report(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PROGRESS_SECONDS", 0)
    steps = []

    def lose(council: Council, _job: Job, report: JobProgress) -> None:
        council.store.jobs.lease("other", AT + timedelta(days=9_999), 30)
        for step in range(3):
            steps.append(step)
            report(step, 3)

    council.store.jobs.add("lose", {}, at=AT)

    job = run_one(council, {"lose": lose}, "w")

    assert job is not None
    assert (job.state, job.worker, steps) == ("running", "other", [0])


def test_a_silent_job_keeps_its_lease(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LEASE_SECONDS", 0.3)
    taken = []

    def say_nothing(council: Council, job: Job, _report: JobProgress) -> None:
        first = council.store.jobs.get(job.id).lease_until
        while council.store.jobs.get(job.id).lease_until == first:
            time.sleep(0.01)
        assert first is not None
        taken.append(council.store.jobs.lease("other", first, 30))

    council.store.jobs.add("silent", {}, at=AT)

    job = run_one(council, {"silent": say_nothing}, "w")

    assert job is not None
    assert (job.state, taken) == ("done", [None])


def test_a_worker_wakes_for_what_its_process_adds_and_stops_when_told(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_SECONDS", 3_600)
    is_done = threading.Event()
    worker = Worker(council, {"tell": lambda *_: is_done.set(), "refuse": refuse})
    thread = worker.start()

    council.store.jobs.add("refuse", {}, at=AT)
    council.store.jobs.add("tell", {}, at=AT)

    assert is_done.wait(30)
    worker.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert {job.state for job in council.store.jobs.newest()} == {"done", "failed"}


def test_the_worker_outlives_a_store_that_is_away(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
    council.store.jobs.add("count", {}, at=AT)
    lease_now = council.store.jobs.lease
    answers = iter([StoreUnavailable("away"), ZeroDivisionError()])

    def lease_later(*arguments: object) -> Job | None:
        for error in answers:
            raise error
        return lease_now(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(council.store.jobs, "lease", lease_later)
    worker = Worker(council, {"count": count_to_four})
    thread = worker.start()

    while council.store.jobs.newest()[0].is_open:
        time.sleep(0.01)
    worker.stop()
    thread.join(30)

    assert council.store.jobs.newest()[0].state == "done"


# At the edges


def test_the_command_does_what_is_due_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))

    result = CliRunner().invoke(main, ["worker", "--once"])

    assert (result.exit_code, result.output) == (
        0,
        "Jobs done or given up: 0.\nMessages sent or tried: 0.\n",
    )


@pytest.mark.parametrize(("worker", "threads"), [("yes", 1), ("no", 0)])
def test_a_server_process_has_a_worker_unless_the_setting_says_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: str, threads: int
) -> None:
    from mapsvc.web import server

    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MAPSVC_WORKER", worker)
    started: list[Worker] = []
    monkeypatch.setattr(Worker, "start", lambda worker: started.append(worker))

    app = server.application()

    assert len(started) == threads
    app.extensions["council"].close()


def test_the_setting_is_yes_or_no_and_goes_to_worker_processes() -> None:
    off = Settings(worker=False)

    assert Settings.from_environment(off.to_environment()) == off
    with pytest.raises(SettingError, match="MAPSVC_WORKER='perhaps' cannot be used: write yes"):
        Settings.from_environment({"MAPSVC_WORKER": "perhaps"})
