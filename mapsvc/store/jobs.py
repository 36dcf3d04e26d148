"""Work for the background: queued, leased to one worker at a time, done or failed.

A worker that dies keeps nothing: its lease runs out and the job is leased again, three times at
most. What a job does is in `services/operations/job_handlers`.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from mapsvc.errors import NotFound
from mapsvc.store.connections import Connections
from mapsvc.store.leases import change_held, take
from mapsvc.store.schema.staff_tables import job

MOST_ATTEMPTS = 3
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
GAVE_UP = (
    f"This was begun {MOST_ATTEMPTS} times, and each time the program stopped before the end. "
    "Begin it anew; if it stops again, the server's log says more."
)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `attempts` counts how often it was begun, and tells leases apart."""

    id: int
    kind: str
    state: str
    payload: dict[str, Any]
    by: str
    at: datetime
    words: str
    error: str
    key: str | None
    attempts: int
    worker: str
    lease_until: datetime | None
    run_after: datetime
    done: int
    total: int
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (QUEUED, RUNNING)


class Jobs:
    """The jobs of a store. `added` is set when this process adds one."""

    def __init__(self, store: Connections) -> None:
        self._store = store
        self.added = threading.Event()

    # Asking

    def get(self, job_id: int) -> Job:
        """The job with this id. NotFound when there is none."""
        with self._store.reading() as connection:
            row = connection.execute(select(job).where(job.c.id == job_id)).one_or_none()
        if row is None:
            raise NotFound("no_job", job=job_id)
        return _job(row)

    def newest(self, limit: int = 100) -> list[Job]:
        """The newest jobs, newest first."""
        query = select(job).order_by(job.c.id.desc()).limit(limit)
        with self._store.reading() as connection:
            return [_job(row) for row in connection.execute(query)]

    # Adding

    def add(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        key: str | None = None,
        by: str = "",
        at: datetime,
    ) -> int:
        """Queue a job; its id. A key seen before gives the id of its first job.

        Parameters
        ----------
        payload : names and values that JSON can hold
        at : when it was asked for, and the time from which it is due
        """
        with self._store.writing("jobs") as connection:
            number = _added(connection, kind, payload, key, by, at)
        self.added.set()
        return number

    # Working

    def lease(
        self, worker: str, at: datetime, seconds: float, kinds: Collection[str] | None = None
    ) -> Job | None:
        """The oldest job that is due, now this worker's for some seconds; None when none is.

        Due is what is queued, and what a worker left whose lease ran out. What was begun three
        times fails instead.

        Parameters
        ----------
        kinds : what this worker can do; None is all
        """
        wanted = _due(at) if kinds is None else and_(_due(at), job.c.kind.in_(kinds))
        anything = select(job.c.id).where(or_(wanted, _given_up(at))).limit(1)
        with self._store.reading() as connection:  # looking, as is done all day, locks nobody out
            if connection.scalar(anything) is None:
                return None
        with self._store.writing("jobs") as connection:
            _give_up(connection, at)
            return _leased(connection, wanted, worker, at, seconds)

    def heartbeat(self, leased: Job, at: datetime, seconds: float) -> bool:
        """Hold the lease for some seconds more; whether it was still held."""
        return self._change(leased, lease_until=at + timedelta(seconds=seconds))

    def progress(self, leased: Job, done: int, total: int, words: str = "") -> bool:
        """Say how far it is, `done` of `total`; whether the lease was still held."""
        return self._change(leased, done=done, total=total, words=words)

    def finish(self, leased: Job, at: datetime) -> bool:
        """It is done; whether the lease was still held."""
        return self._change(leased, state=DONE, lease_until=None, finished_at=at, error="")

    def fail(self, leased: Job, sentence: str, at: datetime) -> bool:
        """It will not be done, and why; whether the lease was still held."""
        return self._change(leased, state=FAILED, lease_until=None, finished_at=at, error=sentence)

    def forget(self, kind: str, before: datetime) -> None:
        """Forget what was done or given up before then."""
        old = and_(job.c.kind == kind, job.c.finished_at < before)
        with self._store.writing("jobs") as connection:
            connection.execute(delete(job).where(old))

    def _change(self, leased: Job, **values: Any) -> bool:
        """A worker that lost its lease changes nothing: another has the job."""
        with self._store.writing("jobs") as connection:
            return change_held(connection, job, leased.id, leased.attempts, **values)


def _job(row: Any) -> Job:
    return Job(**{name: row._mapping[name] for name in Job.__slots__})


def _added(
    connection: Connection,
    kind: str,
    payload: Mapping[str, Any],
    key: str | None,
    by: str,
    at: datetime,
) -> int:
    if key is not None:
        first = connection.scalar(select(job.c.id).where(job.c.key == key))
        if first is not None:
            return int(first)
    asked = {
        "kind": kind,
        "payload": dict(payload),
        "key": key,
        "by": by,
        "at": at,
        "run_after": at,
    }
    texts = dict.fromkeys(("words", "error", "worker"), "")
    numbers = dict.fromkeys(("attempts", "done", "total"), 0)
    made = insert(job).values(**asked, **texts, **numbers, state=QUEUED).returning(job.c.id)
    return int(connection.execute(made).scalar_one())


def _left(at: datetime) -> ColumnElement[bool]:
    return and_(job.c.state == RUNNING, job.c.lease_until < at)


def _due(at: datetime) -> ColumnElement[bool]:
    queued = and_(job.c.state == QUEUED, job.c.run_after <= at)
    return or_(queued, and_(_left(at), job.c.attempts < MOST_ATTEMPTS))


def _given_up(at: datetime) -> ColumnElement[bool]:
    return and_(_left(at), job.c.attempts >= MOST_ATTEMPTS)


def _give_up(connection: Connection, at: datetime) -> None:
    gone = {"state": FAILED, "error": GAVE_UP, "lease_until": None, "finished_at": at}
    connection.execute(update(job).where(_given_up(at)).values(**gone))


def _leased(
    connection: Connection, wanted: ColumnElement[bool], worker: str, at: datetime, seconds: float
) -> Job | None:
    oldest = select(job.c.id).where(wanted).order_by(job.c.id).limit(1)
    number = connection.scalar(oldest.with_for_update(skip_locked=True))
    if number is None:
        return None
    take(connection, job, number, worker, at + timedelta(seconds=seconds), state=RUNNING)
    return _job(connection.execute(select(job).where(job.c.id == number)).one())
