"""A PostgreSQL with PostGIS of our own: started once, a copied database for every test."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mapsvc.store.database import open_store

EMPTY, WITH_TABLES = "with_postgis", "with_tables"
"""The databases that new ones are copied from."""

# Nothing here needs to survive a power cut, so it need not wait for the disk.
SPEED = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
)


@dataclass(frozen=True)
class PostgresPrograms:
    """Debian's `initdb` and `pg_ctl`; `user` runs them, because root may not."""

    folder: Path
    user: str | None

    def run(self, program: str, *arguments: str) -> None:
        """Run it to its end; its words become the error."""
        as_user: dict[str, Any] = (
            {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        )
        done = subprocess.run(
            [self.folder / program, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **as_user,
        )
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stdout}", pytrace=False)


@dataclass
class PostgisServer:
    """A running, private PostgreSQL."""

    port: int
    owner: "psycopg.Connection[Any]"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    has_tables: bool = False

    @contextmanager
    def database(self, template: str = EMPTY) -> Iterator[str]:
        """The SQLAlchemy URL of a new database, dropped when the block ends.

        Hundreds that stay would take a minute to remove with the server.
        """
        if template == WITH_TABLES and not self.has_tables:
            self._make_tables()
        name = f"mapsvc_{next(self.numbers)}"
        self._create(name, template)
        try:
            yield self.url(name)
        finally:
            self.owner.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://mapsvc@127.0.0.1:{self.port}/{name}"

    def _make_tables(self) -> None:
        self._create(WITH_TABLES, EMPTY)
        open_store(self.url(WITH_TABLES)).close()
        self.has_tables = True

    def _create(self, name: str, template: str) -> None:
        self.owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


@contextmanager
def running_postgis(programs: PostgresPrograms) -> Iterator[PostgisServer]:
    """A PostgreSQL of our own on a free port of the loopback."""
    folder = Path(tempfile.mkdtemp(prefix="mapsvc-postgres-"))
    if programs.user:
        shutil.chown(folder, programs.user, programs.user)
    cluster = f"--pgdata={folder / 'cluster'}"
    port = free_port()
    speed = " ".join(f"-c {setting}" for setting in SPEED)
    place = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    access = ["--auth=trust", "--username=mapsvc", "--encoding=UTF8", "--locale=C.UTF-8"]
    try:
        programs.run("initdb", cluster, "--no-sync", *access)
        log = f"--log={folder / 'log'}"
        programs.run("pg_ctl", "start", cluster, log, "--wait", "-o", f"{speed} {place}")
        try:
            with _owner(port, "postgres") as owner:
                owner.execute(f"CREATE DATABASE {EMPTY}")
                with _owner(port, EMPTY) as inside:
                    inside.execute("CREATE EXTENSION postgis")
                yield PostgisServer(port, owner)
        finally:
            programs.run("pg_ctl", "stop", cluster, "--mode=immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(port: int, database: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(
        host="127.0.0.1", port=port, user="mapsvc", dbname=database, autocommit=True
    )


def postgres_programs() -> PostgresPrograms:
    """The newest PostgreSQL installed the way Debian does, with PostGIS; else FileNotFoundError."""
    extensions = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    versions = sorted((int(path.parent.parent.name) for path in extensions), reverse=True)
    for version in versions:
        folder = Path(f"/usr/lib/postgresql/{version}/bin")
        if (folder / "initdb").exists():
            return PostgresPrograms(folder, "postgres" if os.geteuid() == 0 else None)
    raise FileNotFoundError("There is no PostGIS. Install it: apt-get install postgresql-postgis")


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
