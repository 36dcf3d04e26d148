"""Issues that residents report, their life, and what is to be sent because of them."""

from typing import Any

from alembic import context, op
from sqlalchemy import Boolean, Column, ForeignKey, Integer, Text, UniqueConstraint

from mapsvc.store.engines import geopackage
from mapsvc.store.schema.geometry import Geometry
from mapsvc.store.schema.tables import JsonText, UtcTime

revision = "0003"
down_revision = "0002"


def fid() -> Column[int]:
    """The key that a GeoPackage wants of every table."""
    return Column("fid", Integer, primary_key=True, autoincrement=True)


def texts(*names: str) -> list[Column[Any]]:
    """Text columns that are empty when nothing is known."""
    return [Column(name, Text, nullable=False) for name in names]


def upgrade() -> None:
    """`issue` is a layer; the other tables are not registered, because they name people."""
    connection = op.get_bind()
    srid = geopackage.srid_of(context.get_context().opts["local_crs"])
    create_tables(srid)
    op.create_index("issue_street", "issue", ["street"])
    op.create_index("issue_state", "issue", ["state", "at"])
    op.create_index("issue_event_issue", "issue_event", ["issue"])
    op.create_index("outbox_due", "outbox", ["state", "run_after"])
    op.create_index("report_attempt_key", "report_attempt", ["key", "at"])
    if connection.dialect.name == "sqlite":
        geopackage.register_layer(connection, "issue", "What residents reported", srid)
        geopackage.index_layer(connection, "issue")
    else:
        op.execute("CREATE INDEX issue_geom ON issue USING gist (geom)")


def create_tables(srid: int) -> None:
    """The tables."""
    op.create_table(
        "issue",
        fid(),
        Column("geom", Geometry(srid)),
        *texts("reference", "category", "text", "street", "verge", "stretch", "state"),
        Column("is_released", Boolean, nullable=False),
        Column("season", Integer),
        Column("cut", Integer),
        Column("duplicate_of", Integer, ForeignKey("issue.fid")),
        *texts("assigned", "external"),
        Column("noticed", Integer, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("changed_at", UtcTime, nullable=False),
        Column("closed_at", UtcTime),
        Column("key", Text, unique=True),
        UniqueConstraint("reference", name="one_issue_per_reference"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "issue_event",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("issue", Integer, ForeignKey("issue.fid"), nullable=False),
        *texts("kind", "state", "sentence", "note", "by"),
        Column("at", UtcTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscription",
        fid(),
        Column("issue", Integer, ForeignKey("issue.fid"), nullable=False),
        Column("email", Text, nullable=False),
        Column("confirm_token", Text, unique=True),
        Column("confirm_until", UtcTime, nullable=False),
        Column("confirmed_at", UtcTime),
        Column("end_token", Text, nullable=False, unique=True),
        Column("at", UtcTime, nullable=False),
        UniqueConstraint("issue", "email", name="one_subscription_per_address"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("issue", Integer, ForeignKey("issue.fid")),
        *texts("kind", "recipient", "reference", "state", "error", "external"),
        Column("payload", JsonText, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("worker", Text, nullable=False),
        Column("lease_until", UtcTime),
        Column("run_after", UtcTime, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("sent_at", UtcTime),
        UniqueConstraint("kind", "recipient", "reference", name="one_message_per_reference"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "circuit",
        fid(),
        Column("recipient", Text, nullable=False, unique=True),
        Column("failures", Integer, nullable=False),
        Column("open_until", UtcTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_key",
        fid(),
        *texts("name", "by"),
        Column("token", Text, nullable=False, unique=True),
        Column("at", UtcTime, nullable=False),
        Column("disabled_at", UtcTime),
        UniqueConstraint("name", name="one_key_per_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_attempt",
        fid(),
        Column("key", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        sqlite_autoincrement=True,
    )
