"""The GeoPackage as GDAL and QGIS see it, and as an older SQLite writes it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from sqlalchemy import create_engine, text

from mapsvc.errors import EditionConflict
from mapsvc.store.backups import write_desktop_copy
from mapsvc.store.database import SCHEMA, FileStore, Store, open_store
from mapsvc.store.engines import sqlite
from mapsvc.store.engines.geopackage import TRIGGERS
from mapsvc.store.schema import issue_tables, staff_tables
from mapsvc.store.schema.geometry import decode
from mapsvc.store.schema.tables import metadata
from tests.support.store_samples import (
    AT,
    a_gazetteer,
    a_schedule,
    publish,
    some_keepers,
    some_streets,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    opened = open_store(tmp_path / "map.gpkg")
    assert isinstance(opened, FileStore)
    yield opened
    opened.close()


@pytest.fixture
def copy(store: FileStore, tmp_path: Path) -> Path:
    """Two gazetteers (the second further east and current) and a schedule, in a copy."""
    publish(store, a_gazetteer(some_streets(2)))
    east = some_streets(3)
    east["geometry"] = east.translate(1_000, 500)
    publish(store, a_gazetteer(east))
    publish(store, a_schedule())
    write_desktop_copy(store, tmp_path / "copy.gpkg")
    return tmp_path / "copy.gpkg"


# GDAL


def test_gdal_lists_layers_and_tables(copy: Path) -> None:
    layers = dict(pyogrio.list_layers(copy).tolist())

    assert {name for name, kind in layers.items() if kind} == {
        *("street", "verge", "place", "boundary", "current_street", "current_verge", "issue")
    }
    assert {"edition", "event", "keeper", "schedule_cut"} <= set(layers)
    assert "alembic_version" not in layers


def test_gdal_reads_an_edition_and_a_box_through_the_r_tree(copy: Path) -> None:
    first = pyogrio.read_dataframe(copy, layer="street", where="edition = 1")
    boxed = pyogrio.read_dataframe(copy, layer="street", bbox=(1050, 500, 1150, 600))

    assert first["id"].tolist() == ["s0", "s1"]
    assert (boxed["id"].tolist(), boxed["edition"].tolist()) == (["s1"], [2])
    assert boxed.crs == "EPSG:27700"


def test_gdal_reads_what_residents_see(copy: Path) -> None:
    streets = pyogrio.read_dataframe(copy, layer="current_street")
    boxed = pyogrio.read_dataframe(copy, layer="current_street", bbox=(0, 0, 10, 10))
    verges = pyogrio.read_dataframe(copy, layer="current_verge")

    assert (streets["id"].tolist(), streets["edition"].tolist()) == (["s0", "s1", "s2"], [2] * 3)
    assert len(boxed) == 0
    assert [shape and shape.geom_type for shape in verges.geometry] == [
        *("Polygon", "LineString", None)
    ]
    assert str(verges["rest_until"][0])[:10] == "2026-06-30"


def test_gdal_reads_tables_with_their_types(copy: Path) -> None:
    editions = pyogrio.read_dataframe(copy, layer="edition")
    cuts = pyogrio.read_dataframe(copy, layer="schedule_cut")

    assert editions["kind"].tolist() == ["gazetteer", "gazetteer", "schedule"]
    assert editions["at"][0].tz_convert("UTC") == AT
    assert str(cuts["start"][0])[:10] == "2026-04-07"
    assert cuts["reason"].tolist() == ["", "Contact Parish Council", ""]


def test_the_extent_of_a_layer_is_that_of_the_editions_kept(store: FileStore, copy: Path) -> None:
    assert pyogrio.read_info(copy, layer="street")["total_bounds"] == (0, 0, 1200, 550)

    for _ in range(10):
        publish(store, a_gazetteer(some_streets(2)))
    copy.unlink()
    write_desktop_copy(store, copy)

    info = pyogrio.read_info(copy, layer="current_street")
    assert info["total_bounds"] == (0, 0, 100, 50)
    assert len(pyogrio.read_dataframe(copy, layer="street")) == 20


def test_gdal_reads_the_live_file_beside_us(store: FileStore) -> None:
    publish(store, a_gazetteer())

    assert len(pyogrio.read_dataframe(store.path, layer="street")) == 3
    assert publish(store, a_gazetteer()).is_current


def test_the_r_tree_triggers_are_those_that_gdal_makes(store: FileStore, tmp_path: Path) -> None:
    theirs = tmp_path / "gdal.gpkg"
    pyogrio.write_dataframe(some_streets(), theirs, layer="street", geometry_type="Unknown")

    assert triggers(store.path) == triggers(theirs)
    assert len(triggers(theirs)) == len(TRIGGERS)


def triggers(path: Path) -> dict[str, str]:
    query = (
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'trigger' AND name LIKE 'rtree_street_geom_%'"
    )
    with closing(sqlite3.connect(path)) as raw:
        return {name: " ".join(sql.split()) for name, sql in raw.execute(query)}


def test_r_tree_and_keys_hold_after_publishing_pruning_and_another_programs_edits(
    store: FileStore, copy: Path
) -> None:
    drawn = gpd.GeoDataFrame(
        {"edition": [2], **{name: ["new"] for name in ("id", "usrn", "name", "alt_names")}},
        geometry=some_streets(1).geometry,
        crs="EPSG:27700",
    )
    others = ("locality", "town", "road_number", "postcode_district", "parish", "ward", "authority")
    pyogrio.write_dataframe(drawn.assign(**dict.fromkeys(others, "")), copy, "street", append=True)

    with closing(sqlite.connect(copy)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("SELECT rtreecheck('rtree_street_geom')").fetchall() == [("ok",)]
        boxes = "SELECT id, minx, maxx, miny, maxy FROM rtree_street_geom ORDER BY id"
        shapes = (
            "SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom) FROM street"
        )
        assert raw.execute(boxes).fetchall() == raw.execute(shapes).fetchall()


def test_geometries_that_another_program_wrote_are_read(tmp_path: Path) -> None:
    points = gpd.GeoSeries.from_xy([1.5, 7], [2.5, 8], crs="EPSG:27700")
    shapes = [*points, shapely.box(0, 1, 2, 3), None]
    theirs = gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs="EPSG:27700")
    pyogrio.write_dataframe(theirs, tmp_path / "theirs.gpkg", geometry_type="Unknown")

    with closing(sqlite.connect(tmp_path / "theirs.gpkg")) as raw:
        blobs = [row[0] for row in raw.execute("SELECT geom FROM theirs ORDER BY fid")]
        boxes = "SELECT ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom) FROM theirs"
        found = raw.execute(f"{boxes} ORDER BY fid").fetchall()

    assert list(decode(blobs)) == shapes
    assert found == [(1.5, 1.5, 2.5, 2.5), (7, 7, 8, 8), (0, 2, 1, 3), (None,) * 4]


# Opening


def test_opening_again_changes_nothing(store: FileStore, tmp_path: Path) -> None:
    publish(store, a_gazetteer())

    again = open_store(store.path, create=False)

    assert again.editions.history() == store.editions.history()
    again.close()


def test_many_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    opened: list[Store] = []

    def open_it() -> None:
        opened.append(open_store(tmp_path / "new" / "map.gpkg"))

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [store.editions.history() for store in opened] == [[]] * 4
    for store in opened:
        store.close()


def test_the_migrations_make_the_tables_that_the_code_knows(
    store: FileStore, tmp_path: Path
) -> None:
    assert {issue_tables.issue.name, staff_tables.account.name} < set(metadata.tables)
    known = create_engine(f"sqlite:///{tmp_path / 'known.sqlite'}")
    metadata.create_all(known)
    known.dispose()

    assert {name: columns(store.path, name) for name in metadata.tables} == {
        name: columns(tmp_path / "known.sqlite", name) for name in metadata.tables
    }
    with store.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA


def columns(path: Path, table: str) -> tuple[list[object], int]:
    """By name: a migration can only add at the end."""
    with closing(sqlite3.connect(path)) as raw:
        described = raw.execute(
            "SELECT name, type, [notnull], pk FROM pragma_table_info(?)", [table]
        )
        indexes = raw.execute("SELECT count(*) FROM pragma_index_list(?)", [table])
        return sorted(described.fetchall()), indexes.fetchone()[0]


def test_another_local_crs_than_british_is_kept_with_the_file(tmp_path: Path) -> None:
    streets = some_streets().set_crs("EPSG:25832", allow_override=True)
    store = open_store(tmp_path / "map.gpkg", local_crs="EPSG:25832")
    number = publish(store, a_gazetteer(streets)).number

    assert store.editions.streets(number).crs == "EPSG:25832"
    assert pyogrio.read_info(tmp_path / "map.gpkg", layer="street")["crs"] == "EPSG:25832"
    store.close()


# An older SQLite


def test_where_pysqlite3_cannot_be_had_a_rollback_journal_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sqlite, "pysqlite3", None)
    monkeypatch.setattr(sqlite, "SAFE_WAL", (99, 0, 0))
    store = open_store(tmp_path / "map.gpkg")
    first = publish(store, a_gazetteer(some_streets(5_000)))

    with pytest.raises(EditionConflict):
        store.editions.publish(a_gazetteer(), base=None, by="", at=AT)

    assert len(store.editions.streets(first.number)) == 5_000
    with store.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "truncate"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA cache_spill")) == 0
    store.close()


@pytest.mark.skipif(
    sqlite.has_safe_wal(sqlite3), reason="Python's own SQLite is new here: there is no old one."
)
def test_a_store_moves_from_a_new_sqlite_to_an_old_one_and_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pysqlite3 = pytest.importorskip("pysqlite3", reason="There is no pysqlite3 here.")
    for module, mode in ((pysqlite3, "wal"), (None, "truncate"), (pysqlite3, "wal")):
        monkeypatch.setattr(sqlite, "pysqlite3", module)
        store = open_store(tmp_path / "map.gpkg")
        publish(store, some_keepers(mode))
        with store.reading() as connection:
            assert connection.scalar(text("PRAGMA journal_mode")) == mode
        store.close()
