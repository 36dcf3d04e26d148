"""Running what waits in the background: one job at a time, its lease held while it runs.

Which kinds of jobs there are is in `operations/job_handlers`.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from mapsvc.errors import MapsvcError, StoreUnavailable
from mapsvc.messages.words import Reader
from mapsvc.services.state.council import Council
from mapsvc.store.jobs import MOST_ATTEMPTS, Job

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""So long a job waits whose worker was killed."""
BEATS_PER_LEASE = 3
LOOK_SECONDS = 1.0
"""How often a worker looks for what other processes added; its own process wakes it."""
PROGRESS_SECONDS = 0.5


class JobProgress(Protocol):
    """How far a job is: so many of so many, and what it is at. LeaseLost stops the job."""

    def __call__(self, done: int, total: int, words: str = "") -> None: ...


Work = Callable[[Council, Job, JobProgress], None]


class LeaseLost(MapsvcError):
    """Another worker has the job: this one was silent for longer than its lease."""


def run_one(council: Council, work: Mapping[str, Work], worker: str) -> Job | None:
    """The oldest job that is due, run to its end; as it stands then. None when none is due."""
    jobs = council.store.jobs
    job = jobs.lease(worker, datetime.now(UTC), LEASE_SECONDS, work.keys())
    if job is None:
        return None
    with _held(council, job):
        sentence = _run(council, work[job.kind], job)
    if sentence is None:
        return jobs.get(job.id)  # left as it is: another worker has it, or will
    now = datetime.now(UTC)
    if sentence:
        jobs.fail(job, sentence, now)
    else:
        jobs.finish(job, now)
    return jobs.get(job.id)


def _run(council: Council, function: Work, job: Job) -> str | None:
    """Why it failed, empty when it is done, None when it is to be left for another attempt."""
    try:
        function(council, job, _Reported(council, job))
    except LeaseLost as lost:
        log.warning("job %s (%s): %s", job.id, job.kind, lost)
        return None
    except StoreUnavailable as busy:  # it may be there again when the lease has run out
        log.warning("job %s (%s), attempt %s: %s", job.id, job.kind, job.attempts, busy)
        return busy.told(Reader.STAFF) if job.attempts >= MOST_ATTEMPTS else None
    except MapsvcError as refusal:
        return refusal.told(Reader.STAFF)
    except Exception:  # our own mistake: the worker goes on, and the log has it
        reference = secrets.token_hex(4)
        log.exception("error %s in job %s (%s)", reference, job.id, job.kind)
        return f"Something went wrong on our side. If you tell us, say the reference {reference}."
    return ""


class _Reported:
    """Progress written to the store, twice a second at most: each time waits for the disk."""

    def __init__(self, council: Council, job: Job) -> None:
        self._jobs, self._job = council.store.jobs, job
        self._said = 0.0

    def __call__(self, done: int, total: int, words: str = "") -> None:
        now = time.monotonic()
        if done < total and now - self._said < PROGRESS_SECONDS:
            return
        self._said = now
        if not self._jobs.progress(self._job, done, total, words):
            raise LeaseLost("lease_lost")


@contextmanager
def _held(council: Council, job: Job) -> Iterator[None]:
    """Hold the lease while the block runs, however long it says nothing."""
    is_over = threading.Event()
    arguments = (council, job, is_over)
    beating = threading.Thread(target=_beat, args=arguments, daemon=True, name=f"job {job.id}")
    beating.start()
    try:
        yield
    finally:
        is_over.set()
        beating.join()


def _beat(council: Council, job: Job, is_over: threading.Event) -> None:
    while not is_over.wait(LEASE_SECONDS / BEATS_PER_LEASE):
        try:
            if not council.store.jobs.heartbeat(job, datetime.now(UTC), LEASE_SECONDS):
                return
        except StoreUnavailable as busy:  # the next beat comes before the lease has run out
            log.warning("job %s: its lease was not renewed: %s", job.id, busy)


class Worker:
    """Runs jobs one after the other until it is stopped, as a thread or in the foreground."""

    def __init__(self, council: Council, work: Mapping[str, Work]) -> None:
        self._council = council
        self._work = work
        self._is_stopped = threading.Event()
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}"

    def start(self) -> threading.Thread:
        """Run in a thread that ends with the process; what it was at is done by another."""
        thread = threading.Thread(target=self.run, daemon=True, name="worker")
        thread.start()
        return thread

    def stop(self) -> None:
        """End after the job that is running."""
        self._is_stopped.set()
        self._council.store.jobs.added.set()

    def run(self) -> None:
        """Run what is due, then wait for more, until stopped."""
        added = self._council.store.jobs.added
        while not self._is_stopped.is_set():
            added.clear()
            if not self._ran():
                added.wait(LOOK_SECONDS)

    def run_due(self) -> int:
        """Run what is due now and stop; how many that were."""
        number = 0
        while not self._is_stopped.is_set() and run_one(self._council, self._work, self.name):
            number += 1
        return number

    def _ran(self) -> bool:
        try:
            return run_one(self._council, self._work, self.name) is not None
        except StoreUnavailable as busy:
            log.warning("the worker waits: %s", busy)
        except Exception:  # a worker that ends would leave every upload waiting
            log.exception("the worker goes on after an error")
        return False
