"""What makes a SQLite file a GeoPackage: its system tables, registered layers and R-tree triggers.

Written as GDAL writes them (GeoPackage 1.4 and its R-tree extension), so that GDAL and QGIS open
the store as it is; a test compares the triggers with those of a file that GDAL made.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from mapsvc import crs

APPLICATION_ID = 0x47504B47
"""`GPKG`, the mark of the file format in SQLite's header."""
VERSION = 10400

SYSTEM_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic')
"""

NEW_BOX = 'ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")'
SET_BOX = (
    'minx = ST_MinX(NEW."geom"), maxx = ST_MaxX(NEW."geom"),'
    'miny = ST_MinY(NEW."geom"), maxy = ST_MaxY(NEW."geom")'
)
NEW_SHAPE = '(NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))'
NEW_NOTHING = '(NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))'
OLD_SHAPE = '(OLD."geom" NOTNULL AND NOT ST_IsEmpty(OLD."geom"))'
OLD_NOTHING = '(OLD."geom" ISNULL OR ST_IsEmpty(OLD."geom"))'
SAME = 'OLD."fid" = NEW."fid"'
OTHER = 'OLD."fid" != NEW."fid"'

TRIGGERS = {
    "insert": 'AFTER INSERT ON "{t}" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) '
    f'BEGIN INSERT OR REPLACE INTO "{{r}}" VALUES (NEW."fid",{NEW_BOX}); END',
    "update6": f'AFTER UPDATE OF "geom" ON "{{t}}" WHEN {SAME} AND {NEW_SHAPE} AND {OLD_SHAPE} '
    f'BEGIN UPDATE "{{r}}" SET {SET_BOX} WHERE id = NEW."fid";END',
    "update7": f'AFTER UPDATE OF "geom" ON "{{t}}" WHEN {SAME} AND {NEW_SHAPE} AND {OLD_NOTHING} '
    f'BEGIN INSERT INTO "{{r}}" VALUES (NEW."fid",{NEW_BOX}); END',
    "update2": f'AFTER UPDATE OF "geom" ON "{{t}}" WHEN {SAME} AND {NEW_NOTHING} '
    'BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; END',
    "update5": f'AFTER UPDATE ON "{{t}}" WHEN {OTHER} AND {NEW_SHAPE} '
    'BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; '
    f'INSERT OR REPLACE INTO "{{r}}" VALUES (NEW."fid",{NEW_BOX}); END',
    "update4": f'AFTER UPDATE ON "{{t}}" WHEN {OTHER} AND {NEW_NOTHING} '
    'BEGIN DELETE FROM "{r}" WHERE id IN (OLD."fid", NEW."fid"); END',
    "delete": 'AFTER DELETE ON "{t}" WHEN old."geom" NOT NULL '
    'BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; END',
}
"""The triggers of the R-tree extension, by the end of their name; `{t}` table, `{r}` R-tree."""

RTREE_SPEC = "http://www.geopackage.org/spec120/#extension_rtree"


def srid_of(local_crs: str) -> int:
    """The number of an `EPSG:n` code."""
    return int(crs.code_of(local_crs).rpartition(":")[2])


def begin_geopackage(connection: Connection, local_crs: str) -> None:
    """The system tables, with the local CRS known to them."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    for statement in SYSTEM_TABLES.split(";"):
        connection.exec_driver_sql(statement)
    for code in dict.fromkeys((crs.WGS84, crs.code_of(local_crs))):
        connection.execute(
            text("INSERT INTO gpkg_spatial_ref_sys VALUES (:code, :n, 'EPSG', :n, :wkt, '')"),
            {"code": code, "n": srid_of(code), "wkt": crs.wkt_of(code)},
        )


def register_layer(connection: Connection, table: str, description: str, srid: int) -> None:
    """A table or view with the geometry column `geom` as a layer."""
    _register(connection, table, "features", description, srid)
    connection.execute(
        text("INSERT INTO gpkg_geometry_columns VALUES (:t, 'geom', 'GEOMETRY', :srid, 0, 0)"),
        {"t": table, "srid": srid},
    )


def register_attributes(connection: Connection, table: str, description: str) -> None:
    """A table without geometry, so that GDAL and QGIS list it."""
    _register(connection, table, "attributes", description, None)


def _register(
    connection: Connection, table: str, kind: str, description: str, srid: int | None
) -> None:
    connection.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES (:t, :kind, :t, :description, :srid)"
        ),
        {"t": table, "kind": kind, "description": description, "srid": srid},
    )


def index_layer(connection: Connection, table: str) -> None:
    """The R-tree of a layer and the triggers that keep it."""
    rtree = f"rtree_{table}_geom"
    connection.exec_driver_sql(
        f'CREATE VIRTUAL TABLE "{rtree}" USING rtree(id, minx, maxx, miny, maxy)'
    )
    for name, body in TRIGGERS.items():
        statement = body.replace("{t}", table).replace("{r}", rtree)
        connection.exec_driver_sql(f'CREATE TRIGGER "{rtree}_{name}" {statement}')
    connection.execute(
        text("INSERT INTO gpkg_extensions VALUES (:t, 'geom', 'gpkg_rtree_index', :s, :scope)"),
        {"t": table, "s": RTREE_SPEC, "scope": "write-only"},
    )


LAYERS_OF = {
    "gazetteer": ("street", "current_street"),
    "schedule": ("verge", "current_verge"),
    "places": ("place",),
    "boundaries": ("boundary",),
}
"""The layers that an edition of each kind is seen in."""


def note_change(
    connection: Connection, kind: str, at: datetime, boxes: Sequence[Sequence[float]]
) -> None:
    """The extent and the time of change of a kind's layers, as GDAL and QGIS read them.

    Parameters
    ----------
    boxes : west, south, east, north of each edition that is kept
    """
    west, south, east, north = zip(*boxes, strict=True) if boxes else ((None,),) * 4
    values = {
        "at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "west": min(west),
        "south": min(south),
        "east": max(east),
        "north": max(north),
    }
    for layer in LAYERS_OF.get(kind, ()):
        connection.execute(
            text(
                "UPDATE gpkg_contents SET last_change = :at, min_x = :west, min_y = :south,"
                " max_x = :east, max_y = :north WHERE table_name = :layer"
            ),
            {**values, "layer": layer},
        )
