"""Opening the store: a GeoPackage file, or PostGIS for several servers. Questions are elsewhere.

`editions` holds what is published, `live` what is recorded from day to day.
"""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from mapsvc import crs
from mapsvc.errors import StoreUnavailable, WrongCrs
from mapsvc.store import schema
from mapsvc.store.accounts import Accounts
from mapsvc.store.activity import Activity
from mapsvc.store.api_keys import ApiKeys
from mapsvc.store.connections import Connections
from mapsvc.store.editions import Editions
from mapsvc.store.engines import postgis, sqlite
from mapsvc.store.engines.failures import plain_errors, unavailable
from mapsvc.store.issues import Issues
from mapsvc.store.jobs import Jobs
from mapsvc.store.live import Live
from mapsvc.store.outbox import Outbox
from mapsvc.store.reasons import Reasons
from mapsvc.store.settled import SettledStreets
from mapsvc.store.subscriptions import Subscriptions
from mapsvc.store.uploads import Uploads

MIGRATIONS = Path(schema.__file__).parent / "migrations" / "versions"
SCHEMA = max(file.name[:4] for file in MIGRATIONS.glob("[0-9]*.py"))
"""The newest migration. A list of files is quicker than loading Alembic at every start."""


def open_store(
    url_or_path: str | Path, *, create: bool = True, local_crs: str = crs.LOCAL
) -> "Store":
    """The store at a path (a GeoPackage) or at a `postgresql://` address (PostGIS), ready for use.

    Raises
    ------
    StoreUnavailable : when it cannot be opened, made or brought up to date.
    WrongCrs : when it holds coordinates of another CRS.
    """
    if is_address(url_or_path):
        store: Store = SharedStore(str(url_or_path), local_crs)
    else:
        store = FileStore(Path(url_or_path), local_crs, create=create)
    try:
        store.bring_up_to_date(create=create)
    except BaseException:
        store.close()
        raise
    return store


def is_address(url_or_path: str | Path) -> bool:
    """Whether this is the address of a database, not a path."""
    return str(url_or_path).startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


class Writes:
    """How many transactions of this process have written, to any store."""

    def __init__(self) -> None:
        self.number = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count one more when the block ends, however it does."""
        try:
            yield
        finally:
            self.number += 1


WRITES = Writes()


class Store(Connections):
    """One council's store: its connections, and a repository for each kind of thing in it."""

    def __init__(self, engine: Engine, url: str, name: str, local_crs: str) -> None:
        super().__init__(engine, url, name, local_crs)
        self.editions = Editions(self)
        self.live = Live(self)
        self.accounts = Accounts(self)
        self.api_keys = ApiKeys(self)
        self.issues = Issues(self)
        self.outbox = Outbox(self)
        self.reasons = Reasons(self)
        self.settled = SettledStreets(self)
        self.subscriptions = Subscriptions(self)
        self.jobs = Jobs(self)
        self.activity = Activity(self)
        self.uploads = Uploads(self, self.editions)

    def bring_up_to_date(self, *, create: bool) -> None:
        """Make the tables, or migrate them, where that is needed."""
        with plain_errors(self.name):
            if self._schema() != SCHEMA:
                with self.publishing():
                    if self._schema() != SCHEMA:
                        self._migrate()
            self._require_crs()

    def _schema(self) -> str | None:
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version: str = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return version

    def _migrate(self) -> None:
        from mapsvc.store.schema.migrations import upgrade  # Alembic is slow to load

        with self.writing("editions") as connection:
            upgrade(connection, self.local_crs, self.name)

    def _require_crs(self) -> None:
        with self.reading() as connection:
            srid = connection.scalar(text(self.SRID_OF_STREETS))
        if srid != self.srid:
            raise WrongCrs("store_of_other_crs", store=self.name, srid=srid, crs=self.local_crs)

    SRID_OF_STREETS = ""


class FileStore(Store):
    """A GeoPackage file."""

    SRID_OF_STREETS = "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'street'"

    def __init__(self, path: Path, local_crs: str, *, create: bool) -> None:
        self.path = path
        if not create and not path.exists():
            raise StoreUnavailable("no_store", path=str(path))
        if create:
            make_folder(path.parent)
        super().__init__(sqlite.geopackage_engine(path), str(path), str(path), local_crs)
        self._held: int | None = sqlite.hold_open(path)

    def close(self) -> None:
        """Let go of all connections, and of the file."""
        super().close()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    @contextmanager
    def writing(self, *topics: str) -> Iterator[Connection]:
        """The one writer of the whole file, whatever the topics."""
        with plain_errors(self.name), self.engine.connect() as connection:
            connection.execution_options(**sqlite.WRITES)
            with WRITES.counted(), connection.begin():
                yield connection

    def publishing(self) -> AbstractContextManager[None]:
        """Nobody else publishes meanwhile, or makes the file."""
        return sqlite.alone(self.path)

    def give_way(self) -> None:
        """Let those who wait for the one writer's place have it; SQLite keeps no queue."""
        time.sleep(sqlite.PAUSE_SECONDS)

    def connect(self) -> Any:
        """A new connection to the file."""
        return sqlite.connect(self.path)

    def bring_up_to_date(self, *, create: bool) -> None:
        """As any store, once the file is known to be a GeoPackage or new."""
        self._require_geopackage()
        super().bring_up_to_date(create=create)

    def _require_geopackage(self) -> None:
        if not self.path.exists():
            return
        try:
            with self.path.open("rb") as file:
                magic = file.read(16)
        except OSError as error:
            raise StoreUnavailable("store_cannot_be_opened", store=self.name) from error
        if magic and magic != b"SQLite format 3\0":
            raise StoreUnavailable("store_not_a_geopackage", store=self.name)
        if magic and not self._is_ours_or_empty():
            raise StoreUnavailable("store_of_other_program", store=self.name)

    def _is_ours_or_empty(self) -> bool:
        try:
            count, ours = sqlite.peek(
                self.path, "SELECT count(*), total(name = 'alembic_version') FROM sqlite_master"
            )
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise unavailable(self.name, error) from error
        return bool(ours or not count)

    def _migrate(self) -> None:
        super()._migrate()
        self.glance("PRAGMA wal_checkpoint")  # GDAL looks for the file's mark outside the log


class SharedStore(Store):
    """A PostGIS database."""

    SRID_OF_STREETS = "SELECT Find_SRID(current_schema()::text, 'street', 'geom')"

    def __init__(self, url: str, local_crs: str) -> None:
        engine = postgis.postgis_engine(url)
        name = f"The database {engine.url.render_as_string(hide_password=True)}"
        super().__init__(engine, url, name, local_crs)

    @contextmanager
    def writing(self, *topics: str) -> Iterator[Connection]:
        """The one writer of the topics, which are locked in one order whoever asks."""
        with plain_errors(self.name), WRITES.counted(), self.engine.begin() as connection:
            for topic in sorted(topics, key=postgis.LOCKS.__getitem__):
                postgis.lock(connection, topic)
            yield connection

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Nobody else publishes meanwhile, or makes the tables."""
        with plain_errors(self.name), postgis.alone(self.engine):
            yield

    def give_way(self) -> None:
        """Nothing: readers and writers of other topics do not wait here."""

    def connect(self) -> Any:
        """A new connection to the database."""
        return postgis.connect(self.url)


def make_folder(folder: Path) -> None:
    """Make a folder. StoreUnavailable when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable("store_cannot_be_opened", store=str(folder)) from error
