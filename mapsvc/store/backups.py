"""Whole copies of the store: written while it is used, and put back when it is not.

Of a GeoPackage here, of PostGIS in `dumps`. What a person is told is in `services/backup`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, text

from mapsvc.errors import BackupRefused, MapsvcError, StoreUnavailable
from mapsvc.messages.catalogue import Message
from mapsvc.store.activity import note
from mapsvc.store.database import (
    SCHEMA,
    FileStore,
    SharedStore,
    Store,
    is_address,
    make_folder,
    open_store,
)
from mapsvc.store.engines import dumps, sqlite
from mapsvc.store.engines.failures import unavailable
from mapsvc.store.schema.staff_tables import password_link, session

DATABASE_ERROR = (sqlite.best_sqlite().Error, OSError)
RESTORED = "put back a backup"
"""The action of the activity log."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What schema was put back, and where the store before is kept, if there was one."""

    schema: str
    kept: Path | None


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A draft for its owner's eyes only, which becomes `path` when the block ends well.

    Raises
    ------
    BackupRefused : when something is there already, or nothing can be written there
    StoreUnavailable : when the disk is full
    """
    if path.exists():
        raise BackupRefused("backup_there_already", path=str(path))
    if not path.parent.is_dir():
        raise BackupRefused("no_folder", path=str(path.parent))
    with _workshop(path) as folder:
        draft = folder / path.name
        draft.touch(0o600)
        yield draft
        _save_to_disk(draft)
        draft.replace(path)
        _save_to_disk(path.parent)


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """A folder beside `path` to make it in, on the same disk, gone afterwards."""
    try:
        beside = tempfile.TemporaryDirectory(prefix="mapsvc-", dir=path.parent)
    except OSError as error:
        raise BackupRefused(
            "backup_unwritable", path=str(path), reason=str(error.strerror)
        ) from error
    with beside as name:
        try:
            yield Path(name)
        except DATABASE_ERROR as error:
            raise unavailable(str(path), error) from error


def _save_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Writing


def back_up(store: Store, path: Path) -> None:
    """The whole store in one new file, as of now, and proven whole."""
    with new_file(path) as draft:
        if isinstance(store, SharedStore):
            dumps.write(store.url, draft)
        elif isinstance(store, FileStore):
            sqlite.copy(store.path, draft)
            if damage := _damage(draft):
                raise StoreUnavailable("store_damaged", store=str(store.path), reason=damage)


def write_desktop_copy(store: Store, path: Path) -> None:
    """What GDAL lists, in a new GeoPackage: nothing of the staff side, nobody's name, and of what
    residents wrote only what staff released.
    """
    if not isinstance(store, FileStore):
        raise BackupRefused("no_copy_of_postgis")
    with new_file(path) as draft:
        sqlite.copy(store.path, draft)
        with closing(sqlite.connect(draft)) as raw:
            raw.execute("PRAGMA foreign_keys = OFF")
            _drop_what_gdal_does_not_list(raw)
            _blank_what_is_private(raw)
            raw.execute("VACUUM")  # what was dropped is in the file until then
            raw.execute("PRAGMA journal_mode = DELETE")


NOT_LISTED = """
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
AND name NOT LIKE 'gpkg%' AND name NOT LIKE 'rtree%'
AND name NOT IN (SELECT table_name FROM gpkg_contents)
"""
PRIVATE = {"by": "''", "assigned": "''", "key": "NULL"}
"""What every layer of a copy loses: names of staff and crews, and what a sender called a report."""
NOT_RELEASED = "UPDATE issue SET text = '', stretch = '' WHERE NOT is_released"
"""What a resident wrote, until staff have looked at it."""
COLUMNS = """
SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
AND m.name IN (SELECT table_name FROM gpkg_contents)
"""


def _drop_what_gdal_does_not_list(raw: Any) -> None:
    for (table,) in raw.execute(NOT_LISTED).fetchall():
        raw.execute(f'DROP TABLE "{table}"')


def _blank_what_is_private(raw: Any) -> None:
    for table, column in raw.execute(COLUMNS).fetchall():
        if column in PRIVATE:
            raw.execute(f'UPDATE "{table}" SET "{column}" = {PRIVATE[column]}')
    raw.execute(NOT_RELEASED)


# Putting back


def restore(
    address: str | Path, file: Path, kept: Path, *, crs: str, by: str, at: datetime
) -> Restored:
    """The store at `address` as it was in `file`; the store that is there is kept as `kept`.

    Nothing changes unless all of the file can be put back. Numbers go on from the higher of both,
    so that no edition or event ever has the number of another; everybody is signed out.

    Raises
    ------
    BackupRefused : when the file is no whole backup of this version or an older one, and while
        a service has the store open
    """
    if not file.is_file():
        raise BackupRefused("no_backup_file", path=str(file))
    if is_address(address):
        return _restore_database(str(address), file, kept, crs, by, at)
    return _restore_file(Path(address), file, kept, crs, by, at)


def _restore_file(path: Path, file: Path, kept: Path, crs: str, by: str, at: datetime) -> Restored:
    make_folder(path.parent)
    with sqlite.nobody_has_open(path) as is_free, _workshop(path) as folder:
        if not is_free:
            raise BackupRefused("store_in_use", store=str(path))
        draft = folder / path.name
        shutil.copyfile(file, draft)
        schema = _schema_of(draft, file)
        _prepare(draft, file, _numbers_given(path), crs, by, at)
        _own_as(path if path.exists() else path.parent, draft)
        is_kept = _keep(path, kept)
        draft.replace(path)
        _save_to_disk(path.parent)
        return Restored(schema, kept if is_kept else None)


def _schema_of(draft: Path, file: Path) -> str:
    """The schema of a copy of `file`. BackupRefused when it is no whole backup that we can read."""
    with draft.open("rb") as content:
        beginning = content.read(16)
    if beginning.startswith(dumps.MAGIC):
        raise BackupRefused("backup_of_postgis", path=str(file))
    if beginning != b"SQLite format 3\0":
        raise BackupRefused("not_a_backup", path=str(file))
    if damage := _damage(draft):
        raise BackupRefused("backup_damaged", path=str(file), reason=damage)
    with closing(sqlite.best_sqlite().connect(draft)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in tables:
            raise BackupRefused(
                "desktop_copy_not_a_backup" if "edition" in tables else "backup_of_other_program",
                path=str(file),
            )
        schema = str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    require_known(schema, file)
    return schema


def require_known(schema: str, file: Path) -> None:
    """BackupRefused when the file was written by a newer version."""
    if schema > SCHEMA:
        raise BackupRefused("backup_newer", path=str(file))


def _damage(draft: Path) -> str:
    """What is wrong with a SQLite file, empty when nothing is."""
    try:
        with closing(sqlite.best_sqlite().connect(draft)) as raw:
            found = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite.best_sqlite().DatabaseError as error:
        found = str(error)
    return "" if found == "ok" else found.splitlines()[-1]


def _named(message: Message, draft: Path, file: Path) -> Message:
    """What is said of a draft, said of the file that it was copied from."""
    facts = {name: str(file) if f == str(draft) else f for name, f in message.facts.items()}
    return Message(message.code, **facts)


def _prepare(
    draft: Path, file: Path, numbers: Mapping[str, int], crs: str, by: str, at: datetime
) -> None:
    """Bring a copy of `file` up to date, and make it fit to go on from."""
    try:
        store = open_store(draft, create=False, local_crs=crs)
    except MapsvcError as error:
        raise BackupRefused(_named(error.message, draft, file)) from error
    try:
        _go_on(store, file, numbers, by, at)
    finally:
        store.close()
    with closing(sqlite.best_sqlite().connect(draft)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _go_on(store: Store, file: Path, numbers: Mapping[str, int], by: str, at: datetime) -> None:
    with store.writing("editions") as connection:
        raise_numbers = _raise_in_file if store.dialect == "sqlite" else dumps.raise_numbers
        raise_numbers(connection, numbers)
        connection.execute(delete(session))
        connection.execute(delete(password_link))
        note(connection, by=by, at=at, action=RESTORED, subject=file.name)


def _raise_in_file(connection: Connection, numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        values = {"name": name, "number": number}
        raised = connection.execute(
            text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :name"), values
        )
        if not raised.rowcount:
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :number)"), values)


def _numbers_given(path: Path) -> dict[str, int]:
    """The highest number that each table has given; none without a store that can be read."""
    if not path.exists():
        return {}
    try:
        with closing(sqlite.best_sqlite().connect(path)) as raw:
            return dict(raw.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    except sqlite.best_sqlite().DatabaseError:  # broken: it may be why a backup is put back
        return {}


def _own_as(model: Path, draft: Path) -> None:
    """Root puts back what the service's own user must be able to write."""
    status = model.stat()
    draft.chmod(status.st_mode & 0o666)
    if os.geteuid() == 0:
        os.chown(draft, status.st_uid, status.st_gid)


def _keep(path: Path, kept: Path) -> bool:
    """The store that is there under another name too, its log with it; whether there was one."""
    if not path.exists():
        return False
    _fold_log_in(path)
    for ending in ("-wal", "-shm", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + ending))
    try:
        os.link(path, kept)  # at no moment is there no store
    except OSError:  # a file system without links
        shutil.copy2(path, kept)
    return True


def _fold_log_in(path: Path) -> None:
    with (
        suppress(sqlite.best_sqlite().DatabaseError),  # broken: then its log goes along
        closing(sqlite.best_sqlite().connect(path)) as raw,
    ):
        raw.execute("PRAGMA journal_mode = DELETE")


def _restore_database(
    url: str, file: Path, kept: Path, crs: str, by: str, at: datetime
) -> Restored:
    schema = dumps.schema_of(file)
    require_known(schema, file)
    if dumps.is_in_use(url):
        raise BackupRefused("store_in_use", store="The database")
    numbers = dumps.numbers_given(url)
    is_kept = bool(numbers)
    if is_kept:
        make_folder(kept.parent)
        with new_file(kept) as draft:
            dumps.write(url, draft)
    open_store(url, local_crs=crs).close()  # a new database gets its PostGIS
    dumps.load(url, file)
    store = open_store(url, local_crs=crs)
    try:
        _go_on(store, file, numbers, by, at)
    finally:
        store.close()
    return Restored(schema, kept if is_kept else None)
