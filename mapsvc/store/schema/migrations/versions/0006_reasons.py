"""Reasons in place of dates that staff confirmed, each until they withdraw it."""

from alembic import op
from sqlalchemy import Column, Integer, Text

from mapsvc.store.schema.tables import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """It is not registered with GDAL: it names people."""
    op.create_table(
        "confirmed_reason",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *(Column(name, Text, nullable=False) for name in ("text", "key", "by", "withdrawn_by")),
        Column("at", UtcTime, nullable=False),
        Column("withdrawn_at", UtcTime),
        sqlite_autoincrement=True,
    )
