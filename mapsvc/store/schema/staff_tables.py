"""The tables of the staff side: accounts, sessions, activity, jobs, uploads. The rest is `tables`.

No resident's page reads them, and the copy for QGIS leaves them out: they name people.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from mapsvc.store.schema.tables import JsonText, UtcTime, fid, metadata, texts

account = Table(
    "account",
    metadata,
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

password_link = Table(
    "password_link",
    metadata,
    fid(),
    Column("account", Integer, ForeignKey("account.id"), nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("expires", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    sqlite_autoincrement=True,
)

session = Table(
    "session",
    metadata,
    fid(),
    Column("token", Text, nullable=False, unique=True),
    Column("account", Integer, ForeignKey("account.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("seen", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    fid(),
    Column("key", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

activity = Table(
    "activity",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    *texts("by", "action", "subject", "detail"),
    Column("from_edition", Integer),
    Column("to_edition", Integer),
    sqlite_autoincrement=True,
)

job = Table(
    "job",
    metadata,
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

upload = Table(
    "upload",
    metadata,
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

upload_file = Table(
    "upload_file",
    metadata,
    fid(),
    Column("upload", Integer, ForeignKey("upload.id"), nullable=False),
    *texts("name", "sha256"),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary),
    sqlite_autoincrement=True,
)

heading_choice = Table(
    "heading_choice",
    metadata,
    fid(),
    *texts("kind", "shape", "by"),
    Column("columns", JsonText, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("kind", "shape", name="one_choice_per_shape"),
    sqlite_autoincrement=True,
)

confirmed_reason = Table(
    "confirmed_reason",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *texts("text", "key", "by", "withdrawn_by"),
    Column("at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)

settled_street = Table(
    "settled_street",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *texts("key", "street", "by"),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("key", name="one_street_per_name"),
    sqlite_autoincrement=True,
)

secret = Table(
    "secret",
    metadata,
    fid(),
    *texts("name", "value"),
    UniqueConstraint("name", name="one_secret_per_name"),
    sqlite_autoincrement=True,
)

Index("sign_in_failure_key", sign_in_failure.c.key, sign_in_failure.c.at)
Index("job_state", job.c.state, job.c.run_after)
Index("upload_file_upload", upload_file.c.upload)
