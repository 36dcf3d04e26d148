"""Connections to a GeoPackage file: which SQLite, its settings, and one publisher at a time.

SQLite before 3.51.3 can lose data when a WAL is reset; there the rollback journal is used.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from mapsvc.errors import StoreUnavailable
from mapsvc.store.schema.geometry import SQL_FUNCTIONS

try:
    import pysqlite3
except ImportError:  # no wheel for this machine
    pysqlite3 = None

BUSY_SECONDS = 5
PAUSE_SECONDS = 0.025
"""Those who wait for a writer ask again every 25 ms at first, then every 100 ms (SQLite's
busy handler); a pause of this length lets them in."""
SAFE_WAL = (3, 51, 3)
"""The first SQLite without the WAL-reset bug (sqlite.org/wal.html, "The WAL-reset bug")."""
PUBLISHING_SECONDS = 120

WRITES = {"mapsvc_writes": True}
"""Execution options of a connection that begins with BEGIN IMMEDIATE."""


def best_sqlite() -> ModuleType:
    """pysqlite3 where it is installed, else Python's own module."""
    return pysqlite3 or sqlite3


def has_safe_wal(module: ModuleType) -> bool:
    """Whether this SQLite may keep a write-ahead log."""
    return tuple(module.sqlite_version_info) >= SAFE_WAL


def geopackage_engine(path: Path, module: ModuleType | None = None) -> Engine:
    """An engine on the file, which need not be there yet."""
    module = module or best_sqlite()
    engine = create_engine(
        "sqlite+pysqlite://",
        module=module,
        creator=lambda: connect(path, module),
        poolclass=QueuePool,
        max_overflow=-1,
    )
    event.listen(engine, "begin", _begin)
    return engine


def connect(path: Path, module: ModuleType | None = None) -> Any:
    """A connection with the settings and functions that each needs; it begins no transactions."""
    module = module or best_sqlite()
    raw = module.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    for name, function in SQL_FUNCTIONS.items():
        raw.create_function(name, 1, function, deterministic=True)
    wal = has_safe_wal(module)
    _set_journal(raw, "wal" if wal else "truncate")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")
    if not wal:
        raw.execute("PRAGMA cache_spill = OFF")
    return raw


def peek(path: Path, statement: str) -> tuple[Any, ...]:
    """One row of a file that may not be ours, which stays as it is."""
    with closing(best_sqlite().connect(path)) as raw:
        row: tuple[Any, ...] = raw.execute(statement).fetchone()
        return row


def copy(path: Path, to: Path) -> None:
    """A whole copy as of now in a new or empty file, without a log beside it."""
    module = best_sqlite()
    with closing(connect(path, module)) as source, closing(module.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def _set_journal(raw: Any, mode: str) -> None:
    # Changing the mode needs the file alone and does not wait: asking first avoids the clash.
    if raw.execute("PRAGMA journal_mode").fetchone()[0] == mode:
        return
    now = raw.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0]
    if now != mode:
        raise sqlite3.OperationalError(f"The journal is {now} and not {mode}: the file is locked")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("mapsvc_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def hold_open(path: Path) -> int:
    """A file descriptor that says, until it is closed, that this store is open here.

    Raises
    ------
    StoreUnavailable : while the store is put back from a backup
    """
    held = _descriptor(path)
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise StoreUnavailable("store_being_put_back", store=str(path)) from None
    return held


@contextmanager
def nobody_has_open(path: Path) -> Iterator[bool]:
    """Whether no process has this store open; if so, none can open it meanwhile."""
    held = _descriptor(path)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_free = True
    except BlockingIOError:
        is_free = False
    try:
        yield is_free
    finally:
        os.close(held)


def _descriptor(path: Path) -> int:
    # Read-only, so that the service can use what root made when it wrote a backup.
    try:
        return os.open(path.with_name(path.name + ".open"), os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreUnavailable("store_cannot_be_opened", store=str(path)) from error


@contextmanager
def alone(path: Path, seconds: float = PUBLISHING_SECONDS) -> Iterator[None]:
    """Nobody else holds the lock of this file meanwhile; a process that dies lets go of it."""
    with _opened(path.with_name(path.name + ".lock")) as lock:
        _wait_for(lock, path, time.monotonic() + seconds)
        yield


def _opened(path: Path) -> Any:
    try:
        return path.open("w")
    except OSError as error:
        raise StoreUnavailable("store_cannot_be_opened", store=str(path.parent)) from error


def _wait_for(lock: Any, path: Path, until: float) -> None:
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise StoreUnavailable("somebody_publishes", store=str(path)) from None
            time.sleep(0.02)
