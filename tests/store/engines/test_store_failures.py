"""What a person reads when the store cannot go on, and that nothing is lost then."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pyogrio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mapsvc.domain.events import Target
from mapsvc.errors import MapsvcError, StoreUnavailable, WrongCrs
from mapsvc.store.database import Store, open_store
from mapsvc.store.engines import sqlite
from mapsvc.store.live import EventDraft
from tests.support.store_samples import (
    AT,
    a_gazetteer,
    publish,
    publish_on_a_small_disk,
    some_streets,
)

MARK = EventDraft(Target("all"), "suspended", date(2026, 6, 17), 2026, AT)


def a_png(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))


def a_cut_off_file(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(20))


def a_file_of_qgis(path: Path) -> None:
    pyogrio.write_dataframe(some_streets(), path, layer="roads", driver="GPKG")


def a_plain_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE t (x)")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_png, "{path} cannot be read as a GeoPackage. Check MAPSVC_DATA."),
        (a_cut_off_file, "{path} cannot be read as a GeoPackage. Check MAPSVC_DATA."),
        (a_file_of_qgis, "{path} was made by another program. Give mapsvc a file of its own"),
        (a_plain_database, "{path} was made by another program. Give mapsvc a file of its own"),
        (a_folder, "{path} cannot be opened. Check that its folder exists and is writable."),
    ],
)
def test_a_file_that_is_no_store_is_named_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "map.gpkg"
    make(path)
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(StoreUnavailable) as failed:
        open_store(path)

    assert str(failed.value).startswith(sentence.format(path=path))
    assert not path.is_file() or path.read_bytes() == before


def test_a_store_that_is_not_there_is_not_made_when_only_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="There is no store at"):
        open_store(tmp_path / "map.gpkg", create=False)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnavailable, match="file/data cannot be opened"):
        open_store(tmp_path / "file" / "data" / "map.gpkg")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path / "map.gpkg")
    with store.writing("editions") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()

    with pytest.raises(StoreUnavailable, match="written by a newer version of mapsvc"):
        open_store(tmp_path / "map.gpkg")


def test_a_store_in_another_crs_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path / "map.gpkg").close()

    with pytest.raises(WrongCrs, match="holds coordinates in EPSG:27700, and MAPSVC_CRS is"):
        open_store(tmp_path / "map.gpkg", local_crs="EPSG:25832")


def test_a_store_that_somebody_holds_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    store = open_store(tmp_path / "map.gpkg")

    with closing(sqlite.connect(tmp_path / "map.gpkg")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match=r"map.gpkg is busy: somebody else is writing"):
            store.live.record([MARK])
        other.execute("ROLLBACK")

    assert store.live.record([MARK]) == [1]
    store.close()


def test_one_publisher_waits_for_another_only_so_long(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"

    with (
        sqlite.alone(path),
        pytest.raises(StoreUnavailable, match="Somebody else is publishing to"),
        sqlite.alone(path, seconds=0.05),
    ):
        pass


@pytest.mark.parametrize(
    "statement", ["SELECT nothing FROM edition", "SELECT 1 FROM nothing", "SELEKT 1"]
)
def test_a_slip_of_ours_in_sql_is_no_outage(store: Store, statement: str) -> None:
    with pytest.raises(DBAPIError), store.reading() as connection:
        connection.execute(text(statement))
    with pytest.raises(Exception) as glanced:  # noqa: PT011 - of the driver
        store.glance(statement)
    assert not isinstance(glanced.value, MapsvcError)
    assert store.live.newest_event_id() == 0


def test_a_full_disk_refuses_the_publication_and_the_edition_before_stays(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    store = open_store(path)
    before = publish(store, a_gazetteer())
    processes = multiprocessing.get_context("forkserver")

    with ProcessPoolExecutor(1, processes) as pool:
        sentence = pool.submit(publish_on_a_small_disk, str(path), 300_000).result(60)

    assert "map.gpkg" in sentence
    assert "full" in sentence
    assert store.editions.current("gazetteer") == before
    assert len(store.editions.streets(before.number)) == 3
    assert publish(store, a_gazetteer(some_streets(4))).base == before.number
    assert len(store.editions.history()) == 2
    store.close()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    store = open_store(path)
    publish(store, a_gazetteer(some_streets(2_000)))
    store.close()
    content = bytearray(path.read_bytes())
    whole = len(content) * 3 // 4  # rows are gone, and none of what says which tables there are
    content[whole:] = b"\xff" * (len(content) - whole)
    path.write_bytes(content)

    store = open_store(path)

    with pytest.raises(StoreUnavailable, match=r"is damaged\. Put back a copy from your backup"):
        store.editions.streets(1)
    store.close()


def test_a_database_that_does_not_run_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as failed:
        open_store("postgresql://mapsvc:secret@127.0.0.1:1/map")

    assert "127.0.0.1:1/map does not answer. Is it running" in str(failed.value)
    assert "secret" not in str(failed.value)


def test_a_database_with_a_restart_goes_on(postgis_url: str) -> None:
    store = open_store(postgis_url)
    store.live.record([MARK])
    store.live.newest_event_id()
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
    with store.reading() as connection:
        connection.execute(text(f"{others} AND datname = current_database()"))

    with pytest.raises(StoreUnavailable):
        store.live.newest_event_id()
    assert store.live.newest_event_id() == 1
    assert len(store.live.events_after()) == 1
    store.close()
