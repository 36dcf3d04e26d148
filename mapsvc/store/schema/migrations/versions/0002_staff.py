"""Accounts, sessions, activity, jobs and uploads: the staff side."""

from typing import Any

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint

from mapsvc.store.schema.tables import JsonText, UtcTime

revision = "0002"
down_revision = "0001"


def fid() -> Column[int]:
    """The key that a GeoPackage wants of every table."""
    return Column("fid", Integer, primary_key=True, autoincrement=True)


def texts(*names: str) -> list[Column[Any]]:
    """Text columns that are empty when nothing is known."""
    return [Column(name, Text, nullable=False) for name in names]


def upgrade() -> None:
    """None of them is registered with GDAL: they name people."""
    op.create_table(
        "account",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *texts("name", "role"),
        Column("password", Text),
        Column("subject", Text, unique=True),
        Column("rounds", JsonText, nullable=False),
        Column("disabled_at", UtcTime),
        Column("by", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        UniqueConstraint("name", name="one_account_per_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "password_link",
        fid(),
        Column("account", Integer, ForeignKey("account.id"), nullable=False),
        Column("token", Text, nullable=False, unique=True),
        Column("expires", UtcTime, nullable=False),
        Column("used_at", UtcTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "session",
        fid(),
        Column("token", Text, nullable=False, unique=True),
        Column("account", Integer, ForeignKey("account.id"), nullable=False),
        Column("csrf", Text, nullable=False),
        Column("started", UtcTime, nullable=False),
        Column("seen", UtcTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_failure",
        fid(),
        Column("key", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "activity",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("at", UtcTime, nullable=False),
        *texts("by", "action", "subject", "detail"),
        Column("from_edition", Integer),
        Column("to_edition", Integer),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "job",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *texts("kind", "state", "by", "words", "error"),
        Column("payload", JsonText, nullable=False),
        Column("key", Text, unique=True),
        Column("attempts", Integer, nullable=False),
        Column("worker", Text, nullable=False),
        Column("lease_until", UtcTime),
        Column("run_after", UtcTime, nullable=False),
        Column("done", Integer, nullable=False),
        Column("total", Integer, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("finished_at", UtcTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "upload",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *texts("kind", "service", "state", "by"),
        Column("season", Integer),
        Column("options", JsonText, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("base", Integer),
        Column("edition", Integer, ForeignKey("edition.number")),
        Column("job", Integer, ForeignKey("job.id")),
        Column("report", JsonText),
        Column("refusal", Text, nullable=False),
        Column("erased_at", UtcTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "upload_file",
        fid(),
        Column("upload", Integer, ForeignKey("upload.id"), nullable=False),
        *texts("name", "sha256"),
        Column("size", Integer, nullable=False),
        Column("content", LargeBinary),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "heading_choice",
        fid(),
        *texts("kind", "shape", "by"),
        Column("columns", JsonText, nullable=False),
        Column("at", UtcTime, nullable=False),
        UniqueConstraint("kind", "shape", name="one_choice_per_shape"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "secret",
        fid(),
        *texts("name", "value"),
        UniqueConstraint("name", name="one_secret_per_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("sign_in_failure_key", "sign_in_failure", ["key", "at"])
    op.create_index("job_state", "job", ["state", "run_after"])
    op.create_index("upload_file_upload", "upload_file", ["upload"])
