"""The tables of what residents report: issues, their life, who asked for news, what is to be sent.

`issue` is a layer that QGIS shows; whatever names a person is in tables that it does not.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from mapsvc.store.schema.geometry import Geometry
from mapsvc.store.schema.tables import JsonText, UtcTime, fid, metadata, texts

issue = Table(
    "issue",
    metadata,
    fid(),
    Column("geom", Geometry),
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

issue_event = Table(
    "issue_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("issue", Integer, ForeignKey("issue.fid"), nullable=False),
    *texts("kind", "state", "sentence", "note", "by"),
    Column("at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
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

outbox = Table(
    "outbox",
    metadata,
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

circuit = Table(
    "circuit",
    metadata,
    fid(),
    Column("recipient", Text, nullable=False, unique=True),
    Column("failures", Integer, nullable=False),
    Column("open_until", UtcTime),
    sqlite_autoincrement=True,
)

api_key = Table(
    "api_key",
    metadata,
    fid(),
    *texts("name", "by"),
    Column("token", Text, nullable=False, unique=True),
    Column("at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    UniqueConstraint("name", name="one_key_per_name"),
    sqlite_autoincrement=True,
)

report_attempt = Table(
    "report_attempt",
    metadata,
    fid(),
    Column("key", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

Index("issue_street", issue.c.street)
Index("issue_state", issue.c.state, issue.c.at)
Index("issue_event_issue", issue_event.c.issue)
Index("outbox_due", outbox.c.state, outbox.c.run_after)
Index("report_attempt_key", report_attempt.c.key, report_attempt.c.at)
