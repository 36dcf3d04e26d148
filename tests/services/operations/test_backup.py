"""Backups: whole or refused; what is put back is what was there, and what was there is kept."""

import multiprocessing
import resource
import shutil
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from datetime import date, timedelta
from pathlib import Path

import pyogrio
import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, text

from mapsvc.cli import main
from mapsvc.config import Settings
from mapsvc.domain.events import Target
from mapsvc.errors import BackupRefused, MapsvcError, StoreUnavailable
from mapsvc.services.operations.backup import back_up, qgis_copy, restore
from mapsvc.services.state.council import Council
from mapsvc.store.database import Store, open_store
from mapsvc.store.engines import dumps, sqlite
from mapsvc.store.live import EventDraft
from tests.support.store_samples import AT, a_gazetteer, publish, some_keepers, some_streets

MARK = EventDraft(Target("all"), "suspended", date(2026, 6, 17), 2026, AT, by="ann")
LATER = AT + timedelta(hours=1)


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    url = getattr(request, "param", "geopackage")
    url = request.getfixturevalue("postgis_url") if url == "postgis" else ""
    return Settings(data=tmp_path / "data", database_url=url)


on_both = pytest.mark.parametrize("settings", ["geopackage", "postgis"], indirect=True)


def address_of(settings: Settings) -> str:
    return settings.database_url or str(settings.data / "mapsvc.gpkg")


def in_store(settings: Settings, do: Callable[[Store], object]) -> None:
    store = open_store(address_of(settings))
    do(store)
    store.close()


def backup(settings: Settings, file: Path) -> str:
    council = Council.open(settings)
    try:
        return back_up(council, file)
    finally:
        council.close()


def publish_and_mark(store: Store) -> None:
    publish(store, a_gazetteer())
    store.live.record([MARK])
    store.accounts.add("ann", "admin", (), subject=None, by="", at=AT)


def publish_more(store: Store) -> None:
    publish(store, a_gazetteer(some_streets(5)))
    publish(store, some_keepers("A"))
    store.live.record([MARK, MARK])


@on_both
def test_what_is_put_back_is_what_was_there_and_numbers_go_on(
    settings: Settings, tmp_path: Path
) -> None:
    in_store(settings, publish_and_mark)
    said = backup(settings, tmp_path / "night.bak")
    in_store(settings, publish_more)

    lines = restore(settings, tmp_path / "night.bak", by="tests", at=AT)

    store = open_store(address_of(settings))
    assert [edition.number for edition in store.editions.history()] == [1]
    assert len(store.editions.streets(1)) == 3
    assert [event.id for event in store.live.events_after()] == [1]
    assert [person.name for person in store.accounts.all()] == ["ann"]
    assert publish(store, some_keepers("B")).number == 4
    assert store.live.record([MARK]) == [4]
    store.close()
    assert said.startswith(f"Wrote {tmp_path / 'night.bak'} (")
    assert lines[0].startswith(f"The store is as it was in {tmp_path / 'night.bak'}.")


@on_both
def test_the_store_that_was_there_is_kept_and_can_be_put_back(
    settings: Settings, tmp_path: Path
) -> None:
    in_store(settings, publish_and_mark)
    backup(settings, tmp_path / "night.bak")
    in_store(settings, publish_more)
    lines = restore(settings, tmp_path / "night.bak", by="tests", at=AT)
    kept = Path(lines[1].removeprefix("The store that was there is kept as ").removesuffix("."))

    restore(settings, kept, by="tests", at=LATER)

    assert kept.name.startswith("mapsvc.before-2026-06-17T130500Z.")
    assert lines[2] == f"To go back to it: mapsvc restore {kept}"
    store = open_store(address_of(settings))
    assert [edition.number for edition in store.editions.history()] == [3, 2, 1]
    assert [event.id for event in store.live.events_after()] == [1, 2, 3]
    store.close()


@on_both
def test_nothing_is_put_back_while_the_store_is_in_use(settings: Settings, tmp_path: Path) -> None:
    in_store(settings, publish_and_mark)
    backup(settings, tmp_path / "night.bak")
    running = open_store(address_of(settings))
    publish_more(running)

    with pytest.raises(BackupRefused, match=r"is in use, so nothing was put back\. Stop"):
        restore(settings, tmp_path / "night.bak", by="tests", at=AT)

    assert len(running.live.events_after()) == 3
    running.close()


@on_both
def test_a_new_machine_begins_from_a_backup(
    settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    in_store(settings, publish_and_mark)
    backup(settings, tmp_path / "night.bak")
    with ExitStack() as stack:
        server = request.getfixturevalue("postgis_server") if settings.database_url else None
        url = stack.enter_context(server.database()) if server else ""
        new = Settings(data=tmp_path / "new", database_url=url)

        lines = restore(new, tmp_path / "night.bak", by="tests", at=AT)

        assert lines[1:] == ["Start the service again."]
        in_store(new, lambda store: store.editions.streets(1))


def test_everybody_has_to_sign_in_again(settings: Settings, tmp_path: Path) -> None:
    in_store(settings, publish_and_mark)
    with closing(sqlite.connect(settings.data / "mapsvc.gpkg")) as raw:
        values = f"'hash', 1, 'csrf', '{AT.isoformat()}', '{AT.isoformat()}'"
        raw.execute(f"INSERT INTO session (token, account, csrf, started, seen) VALUES ({values})")
    backup(settings, tmp_path / "night.gpkg")

    restore(settings, tmp_path / "night.gpkg", by="tests", at=AT)

    with closing(sqlite.connect(settings.data / "mapsvc.gpkg")) as raw:
        assert raw.execute("SELECT count(*) FROM session").fetchone() == (0,)
        row = raw.execute('SELECT "by", subject FROM activity ORDER BY id DESC').fetchone()
        assert row == ("tests", "night.gpkg")


def test_a_backup_is_one_whole_file_that_only_its_owner_reads(
    settings: Settings, tmp_path: Path
) -> None:
    in_store(settings, publish_and_mark)
    (tmp_path / "backups").mkdir()

    backup(settings, tmp_path / "backups" / "night.gpkg")

    (file,) = (tmp_path / "backups").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    settings: Settings, tmp_path: Path
) -> None:
    from alembic import command
    from alembic.config import Config

    import mapsvc.store.schema.migrations as migrations

    store = open_store(settings.data / "mapsvc.gpkg")
    store.close()
    old = tmp_path / "old.gpkg"
    engine = sqlite.geopackage_engine(old)
    with engine.connect() as connection:
        connection.execution_options(**sqlite.WRITES)
        with connection.begin():
            config = Config()
            config.set_main_option("script_location", str(Path(migrations.__file__).parent))
            config.attributes.update(connection=connection, local_crs="EPSG:27700")
            command.upgrade(config, "0001")
    engine.dispose()

    restore(settings, old, by="tests", at=AT)

    in_store(settings, publish_and_mark)


def test_a_damaged_store_is_kept_too_and_the_backup_takes_its_place(
    settings: Settings, tmp_path: Path
) -> None:
    path = settings.data / "mapsvc.gpkg"
    in_store(settings, lambda store: publish(store, a_gazetteer(some_streets(2_000))))
    backup(settings, tmp_path / "night.gpkg")
    damage(path)
    broken = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"is damaged \(.+\), so no backup was written"):
        backup(settings, tmp_path / "next.gpkg")

    lines = restore(settings, tmp_path / "night.gpkg", by="tests", at=AT)

    kept = settings.data / "mapsvc.before-2026-06-17T130500Z.gpkg"
    assert str(kept) in lines[1]
    assert kept.read_bytes()[500_000:] == broken[500_000:]
    in_store(settings, lambda store: store.editions.streets(1))
    assert not (tmp_path / "next.gpkg").exists()


def damage(path: Path) -> None:
    """The last quarter is gone: rows, and none of the pages that say which tables there are."""
    content = bytearray(path.read_bytes())
    whole = len(content) * 3 // 4
    content[whole:] = b"\xff" * (len(content) - whole)
    path.write_bytes(content)


# Files that are no backup


def a_spreadsheet(path: Path, _whole: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(2_000))


def a_half(path: Path, whole: Path) -> None:
    path.write_bytes(whole.read_bytes()[:200_000])


def a_damaged_one(path: Path, whole: Path) -> None:
    shutil.copy(whole, path)
    damage(path)


def one_of_another_program(path: Path, _whole: Path) -> None:
    pyogrio.write_dataframe(some_streets(), path, layer="roads", driver="GPKG")


def one_of_a_newer_version(path: Path, whole: Path) -> None:
    shutil.copy(whole, path)
    with closing(sqlite.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")


def a_dump(path: Path, _whole: Path) -> None:
    path.write_bytes(dumps.MAGIC + bytes(100))


def an_empty_file(path: Path, _whole: Path) -> None:
    path.touch()


def a_qgis_copy(path: Path, whole: Path) -> None:
    settings = Settings(data=path.parent / "of qgis")
    restore(settings, whole, by="", at=AT)
    council = Council.open(settings)
    qgis_copy(council, path)
    council.close()


def nothing(path: Path, _whole: Path) -> None:
    pass


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup with 2,000 streets."""
    folder = tmp_path_factory.mktemp("whole")
    settings = Settings(data=folder / "data")
    in_store(settings, lambda store: publish(store, a_gazetteer(some_streets(2_000))))
    backup(settings, folder / "whole.gpkg")
    return folder / "whole.gpkg"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (nothing, "There is no file {file}. Check the spelling of its path."),
        (an_empty_file, "{file} was not written by `mapsvc backup`. Choose a file that was."),
        (a_spreadsheet, "{file} was not written by `mapsvc backup`. Choose a file that was."),
        (a_half, "{file} is damaged and cannot be used ("),
        (a_damaged_one, "{file} is damaged and cannot be used ("),
        (one_of_another_program, "{file} was made by another program. Choose a file that"),
        (one_of_a_newer_version, "{file} was written by a newer version of mapsvc. Install that"),
        (a_dump, "{file} is a backup of a PostgreSQL database, and the store here is a file."),
        (a_qgis_copy, "{file} is a copy for QGIS and has no accounts in it. Choose a whole backup"),
    ],
)
def test_a_file_that_is_no_backup_is_named_and_the_store_stays(
    settings: Settings,
    tmp_path: Path,
    whole: Path,
    make: Callable[[Path, Path], None],
    sentence: str,
) -> None:
    in_store(settings, publish_and_mark)
    before = sorted(path.name for path in settings.data.iterdir())
    file = tmp_path / "file.gpkg"
    make(file, whole)

    with pytest.raises(BackupRefused) as refused:
        restore(settings, file, by="tests", at=AT)

    assert str(refused.value).startswith(sentence.format(file=file))
    assert sorted(path.name for path in settings.data.iterdir()) == before
    in_store(settings, lambda store: store.editions.streets(1))


@pytest.mark.parametrize("settings", ["postgis"], indirect=True)
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"SQLite format 3\0" + bytes(100), "{file} is not a backup of a PostgreSQL database"),
        (dumps.MAGIC + bytes(100), "{file} is damaged and cannot be used (pg_restore: error"),
    ],
)
def test_a_file_that_is_no_dump_is_named_and_the_database_stays(
    settings: Settings, tmp_path: Path, content: bytes, sentence: str
) -> None:
    in_store(settings, publish_and_mark)
    file = tmp_path / "file.bak"
    file.write_bytes(content)

    with pytest.raises(BackupRefused) as refused:
        restore(settings, file, by="tests", at=AT)

    assert str(refused.value).startswith(sentence.format(file=file))
    in_store(settings, lambda store: store.editions.streets(1))


def test_a_backup_in_another_crs_is_refused(
    settings: Settings, tmp_path: Path, whole: Path
) -> None:
    abroad = Settings(data=tmp_path / "abroad", crs="EPSG:25832")

    with pytest.raises(BackupRefused) as refused:
        restore(abroad, whole, by="tests", at=AT)

    assert str(refused.value).startswith(f"{whole} holds coordinates in EPSG:27700")
    assert not (abroad.data / "mapsvc.gpkg").exists()


# Places where no backup can be written


def exists(tmp_path: Path) -> Path:
    (tmp_path / "there.gpkg").write_text("mine")
    return tmp_path / "there.gpkg"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (exists, "{file} is there already and stays as it is. Give the copy another name."),
        (lambda folder: folder / "no" / "b.gpkg", "There is no folder {file.parent}. Make it, or"),
        (lambda _: Path("/proc/backup.gpkg"), "{file} cannot be written (No such file"),
    ],
)
@pytest.mark.parametrize("write", [back_up, qgis_copy])
def test_a_place_where_nothing_can_be_written_is_named(
    settings: Settings,
    tmp_path: Path,
    write: Callable[[Council, Path], str],
    place: Callable[[Path], Path],
    sentence: str,
) -> None:
    council = Council.open(settings)
    file = place(tmp_path)

    with pytest.raises(BackupRefused) as refused:
        write(council, file)

    council.close()
    assert str(refused.value).startswith(sentence.format(file=file))
    assert not (tmp_path / "there.gpkg").exists() or file.read_text() == "mine"


def back_up_on_a_small_disk(data: Path, file: Path) -> tuple[str, list[str]]:
    council = Council.open(Settings(data=data))
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    try:
        back_up(council, file)
    except MapsvcError as error:
        return str(error), [path.name for path in file.parent.iterdir()]
    return "", []


def test_a_full_disk_leaves_no_half_of_a_backup(settings: Settings, tmp_path: Path) -> None:
    in_store(settings, lambda store: publish(store, a_gazetteer(some_streets(2_000))))
    (tmp_path / "small").mkdir()
    file = tmp_path / "small" / "night.gpkg"
    context = multiprocessing.get_context("forkserver")

    with ProcessPoolExecutor(1, context) as pool:
        sentence, left = pool.submit(back_up_on_a_small_disk, settings.data, file).result(60)

    assert sentence.startswith(str(file)) or str(file) in sentence
    assert "full" in sentence
    assert left == []


def test_a_program_that_is_not_installed_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        BackupRefused, match=r"pg_dump is not installed here\. Install PostgreSQL's"
    ):
        dumps.write("postgresql://u:secret@127.0.0.1:1/map", tmp_path / "b.dump")


def test_a_dump_has_every_table_of_the_store(postgis_url: str) -> None:
    store = open_store(postgis_url)
    with store.reading() as connection:
        of_postgis = {"spatial_ref_sys"}
        found = set(inspect(connection).get_table_names()) - of_postgis
    store.close()

    assert found == set(dumps.table_names())


# For QGIS


def test_a_copy_for_qgis_has_the_layers_and_nobody_in_it(
    settings: Settings, tmp_path: Path
) -> None:
    in_store(settings, publish_and_mark)
    secret = "ann@example.gov.uk"
    store = open_store(settings.data / "mapsvc.gpkg")
    store.accounts.add(secret, "admin", (), subject=None, by=secret, at=AT)
    publish(store, some_keepers("A"), by=secret)
    with store.writing("events") as connection:
        connection.execute(text('UPDATE event SET "by" = :name'), {"name": secret})
    store.close()
    council = Council.open(settings)

    said = qgis_copy(council, tmp_path / "qgis.gpkg")

    council.close()
    assert said.startswith(f"Wrote {tmp_path / 'qgis.gpkg'} (")
    layers = dict(pyogrio.list_layers(tmp_path / "qgis.gpkg").tolist())
    assert {"current_street", "current_verge", "street", "edition", "event"} <= set(layers)
    assert not {"account", "session", "upload", "job", "activity"} & set(layers)
    assert len(pyogrio.read_dataframe(tmp_path / "qgis.gpkg", layer="current_street")) == 3
    assert secret.encode() in (settings.data / "mapsvc.gpkg").read_bytes()
    assert secret.encode() not in (tmp_path / "qgis.gpkg").read_bytes()


@pytest.mark.parametrize("settings", ["postgis"], indirect=True)
def test_a_database_needs_no_copy_for_qgis(settings: Settings, tmp_path: Path) -> None:
    council = Council.open(settings)

    with pytest.raises(BackupRefused, match="a PostGIS database, which QGIS opens as it is"):
        qgis_copy(council, tmp_path / "qgis.gpkg")
    council.close()


# The commands


def test_the_commands_say_what_they_did(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPSVC_DATA", str(settings.data))
    night = str(tmp_path / "night.gpkg")
    run = CliRunner().invoke

    too_early = run(main, ["backup", night])
    in_store(settings, publish_and_mark)
    written = run(main, ["backup", night])
    again = run(main, ["backup", night])
    copied = run(main, ["backup", "--for-qgis", str(tmp_path / "qgis.gpkg")])
    restored = run(main, ["restore", night])

    assert too_early.exit_code == 1
    assert too_early.stderr.startswith(f"mapsvc: There is no store at {settings.data}")
    assert (written.exit_code, again.exit_code, copied.exit_code) == (0, 1, 0)
    assert restored.exit_code == 0
    assert restored.output.splitlines()[-1] == "Start the service again."
