"""What people said that the names of streets in their files mean."""

from alembic import op
from sqlalchemy import Column, Integer, Text, UniqueConstraint

from mapsvc.store.schema.tables import UtcTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """It is not registered with GDAL: it names people."""
    op.create_table(
        "settled_street",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *(Column(name, Text, nullable=False) for name in ("key", "street", "by")),
        Column("at", UtcTime, nullable=False),
        UniqueConstraint("key", name="one_street_per_name"),
        sqlite_autoincrement=True,
    )
