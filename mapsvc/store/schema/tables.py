"""The tables of the store, the same in a GeoPackage and in PostGIS. `migrations` makes them.

Rows of an edition are never changed; `current_edition` says which edition residents see.
Live rows (events, notices, counters) belong to no edition. Those of the staff side are in
`staff_tables`. docs/data-model.md explains each.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from mapsvc.domain.schedule_columns import STORED, ScheduleColumn
from mapsvc.store.schema.geometry import Geometry

NO_SEASON = 0
"""In the pointer's key, for kinds that have no season: a NULL there would not be unique."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, to the millisecond: a GeoPackage keeps no more than those."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A real time in PostgreSQL; in SQLite the type name that GDAL reads as a time."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(_TimeText())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """ISO text with `Z` for SQLite."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        if dialect.name == "postgresql":
            return value
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware UTC time from either."""
        if value is None or isinstance(value, datetime):
            return value and value.astimezone(UTC)
        return datetime.fromisoformat(value)


class _TimeText(Text):
    """ISO text in a column that is declared as DATETIME."""

    __visit_name__ = "DATETIME"

    def bind_processor(self, dialect: Dialect) -> None:
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


class JsonText(TypeDecorator[Any]):
    """Lists and words → numbers as JSON in a text column, which GDAL and QGIS show as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The JSON text."""
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """What the text says."""
        return None if value is None else json.loads(value)


metadata = MetaData()


def fid() -> Column[int]:
    """The key that a GeoPackage wants of every table."""
    return Column("fid", Integer, primary_key=True, autoincrement=True)


def _edition() -> Column[int]:
    return Column("edition", Integer, ForeignKey("edition.number"), nullable=False)


def texts(*names: str) -> list[Column[str]]:
    """Text columns that are empty when nothing is known."""
    return [Column(name, Text, nullable=False) for name in names]


SQL_TYPES = {str: Text, date: Date, bool: Boolean, int: Integer}


def _of_a_verge(column: ScheduleColumn) -> Column[Any]:
    """Days and flags may be unknown; a text is empty then."""
    return Column(column.name, SQL_TYPES[column.type], nullable=column.type in (date, bool))


edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    *texts("kind", "service"),
    Column("season", Integer),
    Column("state", Text, nullable=False),
    Column("files", JsonText, nullable=False),
    *texts("sha256", "by"),
    Column("at", UtcTime, nullable=False),
    Column("counts", JsonText, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("base", Integer),
    *texts("source", "licence", "attribution"),
    Column("extent", JsonText),
    sqlite_autoincrement=True,
)

current_edition = Table(
    "current_edition",
    metadata,
    fid(),
    *texts("kind", "service"),
    Column("season", Integer, nullable=False),
    _edition(),
    Column("moves", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("kind", "service", "season", name="one_current_edition"),
    sqlite_autoincrement=True,
)

street = Table(
    "street",
    metadata,
    fid(),
    Column("geom", Geometry),
    _edition(),
    *texts("id", "usrn", "name", "alt_names", "locality", "town", "road_number"),
    *texts("postcode_district", "parish", "ward", "authority"),
    UniqueConstraint("edition", "id", name="one_street_per_edition"),
    sqlite_autoincrement=True,
)

street_redirect = Table(
    "street_redirect",
    metadata,
    fid(),
    _edition(),
    *texts("old_id", "new_id"),
    UniqueConstraint("edition", "old_id", name="one_redirect_per_edition"),
    sqlite_autoincrement=True,
)

verge = Table(
    "verge",
    metadata,
    fid(),
    Column("geom", Geometry),
    _edition(),
    *(_of_a_verge(column) for column in STORED),
    UniqueConstraint("edition", "id", name="one_verge_per_edition"),
    sqlite_autoincrement=True,
)

schedule_round = Table(
    "schedule_round",
    metadata,
    fid(),
    _edition(),
    *texts("code", "name", "service", "frequency"),
    Column("tracked", Boolean),
    UniqueConstraint("edition", "code", name="one_round_per_edition"),
    sqlite_autoincrement=True,
)

schedule_cut = Table(
    "schedule_cut",
    metadata,
    fid(),
    _edition(),
    Column("programme", Integer, nullable=False),
    Column("season", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("start", Date),
    Column("end", Date),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)

keeper = Table(
    "keeper",
    metadata,
    fid(),
    _edition(),
    *texts("code", "name", "kind"),
    Column("ours", Boolean, nullable=False),
    *texts("url", "phone"),
    Column("parishes", JsonText, nullable=False),
    Column("roads", JsonText, nullable=False),
    UniqueConstraint("edition", "code", name="one_keeper_per_edition"),
    sqlite_autoincrement=True,
)

place = Table(
    "place",
    metadata,
    fid(),
    Column("geom", Geometry),
    _edition(),
    *texts("name", "kind"),
    sqlite_autoincrement=True,
)

boundary = Table(
    "boundary",
    metadata,
    fid(),
    Column("geom", Geometry),
    _edition(),
    *texts("name", "kind"),
    Column("code", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *texts("level", "code", "kind"),
    Column("on", Date, nullable=False),
    Column("season", Integer, nullable=False),
    Column("cut", Integer),
    Column("reason", Text, nullable=False),
    Column("expected", Date),
    Column("until", Date),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("withdraws", Integer, ForeignKey("event.id"), unique=True),
    Column("key", Text, unique=True),
    Column("instead_of", Integer),
    sqlite_autoincrement=True,
)

event_verge = Table(
    "event_verge",
    metadata,
    fid(),
    Column("event", Integer, ForeignKey("event.id"), nullable=False),
    Column("verge", Text, nullable=False),
    UniqueConstraint("event", "verge", name="one_verge_per_event"),
    sqlite_autoincrement=True,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *texts("text", "area"),
    Column("starts", Date),
    Column("ends", Date),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    sqlite_autoincrement=True,
)

counter = Table(
    "counter",
    metadata,
    fid(),
    Column("day", Date, nullable=False),
    *texts("name", "key"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("day", "name", "key", name="one_counter_per_day"),
    sqlite_autoincrement=True,
)

for _table in (schedule_cut, place, boundary):
    Index(f"{_table.name}_edition", _table.c.edition)
