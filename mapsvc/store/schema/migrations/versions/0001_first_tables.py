"""The first tables."""

from typing import Any

from alembic import context, op
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Text, UniqueConstraint

from mapsvc.store.engines import geopackage
from mapsvc.store.schema.geometry import Geometry
from mapsvc.store.schema.tables import JsonText, UtcTime

revision = "0001"
down_revision = None

LAYERS = {
    "street": "Streets of all editions kept",
    "verge": "Verges of all editions kept",
    "place": "Postcodes and settlements of all editions kept",
    "boundary": "Boundaries of all editions kept",
}
VIEWS = {
    "current_street": ("street", "gazetteer", "The streets that residents see"),
    "current_verge": ("verge", "schedule", "The verges that residents see"),
}
"""View → its table, the kind of its editions, what it shows."""

ATTRIBUTES = {
    "edition": "What was published, when and by whom",
    "current_edition": "The edition of each kind that residents see",
    "street_redirect": "Street ids that changed",
    "schedule_round": "Rounds of all editions kept",
    "schedule_cut": "Cuts planned, of all editions kept",
    "keeper": "Who looks after grass",
    "event": "What staff recorded",
    "event_verge": "The verges that an event concerned when it was recorded",
    "notice": "Sentences for residents",
    "counter": "Numbers per day, nothing personal",
}


def upgrade() -> None:
    """Going back is a copy from the backup."""
    connection = op.get_bind()
    local_crs = context.get_context().opts["local_crs"]
    srid = geopackage.srid_of(local_crs)
    is_file = connection.dialect.name == "sqlite"
    if is_file:
        geopackage.begin_geopackage(connection, local_crs)
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    create_editions()
    create_contents(srid)
    create_live_rows()
    for table in ("schedule_cut", "place", "boundary"):
        op.create_index(f"{table}_edition", table, ["edition"])
    create_views(is_file)
    if is_file:
        register(srid)
    else:
        for table in LAYERS:
            op.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")


def create_views(is_file: bool) -> None:
    """The current streets and verges; GDAL takes a view's OGC_FID for its key."""
    fid = "fid AS OGC_FID" if is_file else "fid"
    for view, (table, kind, _) in VIEWS.items():
        columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
        op.execute(
            f"CREATE VIEW {view} AS SELECT {fid}, geom, edition, {columns} FROM {table} "
            f"WHERE edition IN (SELECT edition FROM current_edition WHERE kind = '{kind}')"
        )


COLUMNS = {
    "street": (
        *("id", "usrn", "name", "alt_names", "locality", "town", "road_number"),
        *("postcode_district", "parish", "ward", "authority"),
    ),
    "verge": (
        *("id", "streets", "kind", "keeper", "round", "stretch", "rest_from", "rest_until"),
        *("rest_reason", "frequency", "tracked", "programme"),
    ),
}


def register(srid: int) -> None:
    """Make layers and attributes known to GDAL and QGIS."""
    connection = op.get_bind()
    for table, description in LAYERS.items():
        geopackage.register_layer(connection, table, description, srid)
        geopackage.index_layer(connection, table)
    for view, (_, _, description) in VIEWS.items():
        geopackage.register_layer(connection, view, description, srid)
    for table, description in ATTRIBUTES.items():
        geopackage.register_attributes(connection, table, description)


def _fid() -> Column[int]:
    return Column("fid", Integer, primary_key=True, autoincrement=True)


def _edition() -> Column[int]:
    return Column("edition", Integer, ForeignKey("edition.number"), nullable=False)


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def create_editions() -> None:
    """What was published, and which of it is current."""
    op.create_table(
        "edition",
        Column("number", Integer, primary_key=True, autoincrement=True),
        *_texts("kind", "service"),
        Column("season", Integer),
        Column("state", Text, nullable=False),
        Column("files", JsonText, nullable=False),
        *_texts("sha256", "by"),
        Column("at", UtcTime, nullable=False),
        Column("counts", JsonText, nullable=False),
        Column("problems", Integer, nullable=False),
        Column("base", Integer),
        *_texts("source", "licence", "attribution"),
        Column("extent", JsonText),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "current_edition",
        _fid(),
        *_texts("kind", "service"),
        Column("season", Integer, nullable=False),
        _edition(),
        Column("moves", Integer, nullable=False),
        Column("by", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        UniqueConstraint("kind", "service", "season", name="one_current_edition"),
        sqlite_autoincrement=True,
    )


def create_contents(srid: int) -> None:
    """What editions hold."""
    op.create_table(
        "street",
        _fid(),
        Column("geom", Geometry(srid)),
        _edition(),
        *_texts("id", "usrn", "name", "alt_names", "locality", "town", "road_number"),
        *_texts("postcode_district", "parish", "ward", "authority"),
        UniqueConstraint("edition", "id", name="one_street_per_edition"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "street_redirect",
        _fid(),
        _edition(),
        *_texts("old_id", "new_id"),
        UniqueConstraint("edition", "old_id", name="one_redirect_per_edition"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "verge",
        _fid(),
        Column("geom", Geometry(srid)),
        _edition(),
        *_texts("id", "streets", "kind", "keeper", "round", "stretch"),
        Column("rest_from", Date),
        Column("rest_until", Date),
        *_texts("rest_reason", "frequency"),
        Column("tracked", Boolean),
        Column("programme", Integer, nullable=False),
        UniqueConstraint("edition", "id", name="one_verge_per_edition"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schedule_round",
        _fid(),
        _edition(),
        *_texts("code", "name", "service", "frequency"),
        Column("tracked", Boolean),
        UniqueConstraint("edition", "code", name="one_round_per_edition"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schedule_cut",
        _fid(),
        _edition(),
        Column("programme", Integer, nullable=False),
        Column("season", Integer, nullable=False),
        Column("number", Integer, nullable=False),
        Column("start", Date),
        Column("end", Date),
        Column("reason", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "keeper",
        _fid(),
        _edition(),
        *_texts("code", "name", "kind"),
        Column("ours", Boolean, nullable=False),
        *_texts("url", "phone"),
        Column("parishes", JsonText, nullable=False),
        Column("roads", JsonText, nullable=False),
        UniqueConstraint("edition", "code", name="one_keeper_per_edition"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "place",
        _fid(),
        Column("geom", Geometry(srid)),
        _edition(),
        *_texts("name", "kind"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "boundary",
        _fid(),
        Column("geom", Geometry(srid)),
        _edition(),
        *_texts("name", "kind"),
        sqlite_autoincrement=True,
    )


def create_live_rows() -> None:
    """What is recorded from day to day."""
    op.create_table(
        "event",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *_texts("level", "code", "kind"),
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
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event_verge",
        _fid(),
        Column("event", Integer, ForeignKey("event.id"), nullable=False),
        Column("verge", Text, nullable=False),
        UniqueConstraint("event", "verge", name="one_verge_per_event"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notice",
        Column("id", Integer, primary_key=True, autoincrement=True),
        *_texts("text", "area"),
        Column("starts", Date),
        Column("ends", Date),
        Column("by", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("removed_at", UtcTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counter",
        _fid(),
        Column("day", Date, nullable=False),
        *_texts("name", "key"),
        Column("number", Integer, nullable=False),
        UniqueConstraint("day", "name", "key", name="one_counter_per_day"),
        sqlite_autoincrement=True,
    )
