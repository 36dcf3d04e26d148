"""Connections to the one database of a council, as the repositories ask for them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from mapsvc import crs
from mapsvc.store.contents import GeometryStorage
from mapsvc.store.engines.failures import is_outage, plain_errors, unavailable
from mapsvc.store.engines.geopackage import srid_of


class Connections(ABC):
    """How one store is read and written. Safe for threads; open it anew in every process."""

    def __init__(self, engine: Engine, url: str, name: str, local_crs: str) -> None:
        self.engine = engine
        self.url = url
        self.name = name
        self.local_crs = crs.code_of(local_crs)
        self.srid = srid_of(local_crs)
        self.dialect = engine.dialect.name
        self.ground = GeometryStorage(self.local_crs, self.srid, self.dialect)
        self._idle: list[Any] = []

    def close(self) -> None:
        """Let go of all connections."""
        self._close_idle()
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a transaction that only reads."""
        with plain_errors(self.name), self.engine.begin() as connection:
            yield connection

    @abstractmethod
    def writing(self, *topics: str) -> AbstractContextManager[Connection]:
        """A connection in the one transaction that writes; topics are keys of postgis.LOCKS."""

    @abstractmethod
    def publishing(self) -> AbstractContextManager[None]:
        """Nobody else publishes meanwhile; waits up to two minutes."""

    @abstractmethod
    def give_way(self) -> None:
        """Called between the transactions of one publication."""

    @abstractmethod
    def connect(self) -> Any:
        """A new connection of the driver itself."""

    def glance(self, statement: str) -> tuple[Any, ...]:
        """The one row of a small question that is asked all the time, in microseconds."""
        try:
            return self._glance(statement)
        except Exception as error:
            is_of_driver = isinstance(error, self.engine.dialect.loaded_dbapi.Error)
            if not is_of_driver or not is_outage(error):
                raise
            raise unavailable(self.name, error) from error

    def _glance(self, statement: str) -> tuple[Any, ...]:
        try:
            raw = self._idle.pop()
        except IndexError:
            raw = self.connect()
        try:
            row: tuple[Any, ...] = raw.execute(statement).fetchall()[0]
        except BaseException:
            raw.close()
            self._close_idle()  # a database that restarted broke them all
            raise
        self._idle.append(raw)
        return row

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()
