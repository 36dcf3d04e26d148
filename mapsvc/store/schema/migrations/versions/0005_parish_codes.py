"""The codes of areas, by which two parishes of one name are two."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Boundaries of before have no codes until they are published again."""
    op.add_column("boundary", Column("code", Text, nullable=False, server_default=""))
