"""Backups of PostGIS with PostgreSQL's own programs. When they are written is in `backups`."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from mapsvc.errors import BackupRefused
from mapsvc.store.engines import postgis  # all tables
from mapsvc.store.schema import issue_tables, staff_tables  # noqa: F401  # all tables
from mapsvc.store.schema.tables import metadata

MAGIC = b"PGDMP"
VIEWS = ("current_street", "current_verge")
SECONDS = 3_600
PLAIN = ("--no-owner", "--no-privileges")
"""Rights belong to the server where it is put back."""


def table_names() -> list[str]:
    """Every table of ours: the database may hold those of PostGIS too."""
    return ["alembic_version", *sorted(metadata.tables)]


def write(url: str, path: Path) -> None:
    """The tables of the store, as of now, in one file of PostgreSQL's custom format."""
    tables = [f"--table={name}" for name in (*table_names(), *VIEWS)]
    _run("pg_dump", "--format=custom", *PLAIN, *tables, f"--file={path}", url=url)


def schema_of(file: Path) -> str:
    """The schema of a backup. BackupRefused when the file is none, or is not whole."""
    with file.open("rb") as content:
        if content.read(len(MAGIC)) != MAGIC:
            raise BackupRefused("not_a_postgis_backup", path=str(file))
    try:
        _run("pg_restore", "--file=/dev/null", str(file))  # reads all of it
        rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    except _Stopped as error:
        raise BackupRefused("backup_damaged", path=str(file), reason=error.reason) from error
    found = re.search(r"^COPY \S*alembic_version .*\n(\d+)$", rows, re.MULTILINE)
    if found is None:
        raise BackupRefused("backup_of_other_program", path=str(file))
    return found[1]


def is_in_use(url: str) -> bool:
    """Whether another process of ours is connected."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
        " AND datname = current_database() AND application_name = %s"
    )
    with closing(postgis.connect(url)) as raw:
        return bool(raw.execute(query, (postgis.APPLICATION,)).fetchone()[0])


NUMBERS = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""


def numbers_given(url: str) -> dict[str, int]:
    """The highest number that each sequence has given; none in a new database."""
    with closing(postgis.connect(url)) as raw:
        return dict(raw.execute(NUMBERS).fetchall())


def raise_numbers(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Let every sequence go on from the higher of its own number and this one."""
    now = {str(row[0]): int(row[1]) for row in connection.execute(text(NUMBERS))}
    for name, number in numbers.items():
        values = {"name": name, "number": max(number, now.get(name, 1))}
        connection.execute(text("SELECT setval(cast(:name AS regclass), :number)"), values)


def load(url: str, file: Path) -> None:
    """The tables of a backup in place of those that are there, in one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        drop, script = Path(folder, "drop.sql"), Path(folder, "load.sql")
        _run("pg_restore", *PLAIN, f"--file={script}", str(file))
        tables = ", ".join(f'"{name}"' for name in table_names())
        drop.write_text(
            f"SET lock_timeout = '30s';\nDROP TABLE IF EXISTS {tables} CASCADE;\n", encoding="utf-8"
        )
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        _run("psql", *options, f"--file={drop}", f"--file={script}", url=url)


class _Stopped(BackupRefused):
    """A program of PostgreSQL's that did not end well; `reason` is its last line."""

    def __init__(self, program: str, reason: str) -> None:
        super().__init__("program_stopped", program=program, reason=reason)
        self.reason = reason


def _run(program: str, *arguments: str, url: str = "") -> str:
    words, environment = [program, *arguments], dict(os.environ)
    if url:  # the password goes where no list of processes shows it
        address = make_url(url).set(drivername="postgresql")
        environment["PGPASSWORD"] = str(address.password or environment.get("PGPASSWORD", ""))
        words.append(f"--dbname={address._replace(password=None).render_as_string()}")
    try:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise BackupRefused("program_missing", program=program) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise _Stopped(
            program, next((line for line in lines if "error" in line.lower()), lines[-1])
        )
    return done.stdout
