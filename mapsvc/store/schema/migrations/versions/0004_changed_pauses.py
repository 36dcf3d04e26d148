"""A pause whose end or reason is changed keeps its place in the order of recording."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The event that a changed one was recorded instead of."""
    op.add_column("event", Column("instead_of", Integer))
