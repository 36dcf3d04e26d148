"""The names of parks and greens, which are cut like verges."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Schedules of before have none until they are published again."""
    op.add_column("verge", Column("land_name", Text, nullable=False, server_default=""))
