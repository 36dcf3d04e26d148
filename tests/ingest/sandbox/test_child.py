"""The limited child: whatever a file does to it, the parent gets one sentence in good time."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mapsvc.errors import FileRefused
from mapsvc.ingest.sandbox import parent
from mapsvc.ingest.sandbox.parent import (
    REFERENCE,
    SCHEDULE,
    UPLOAD,
    Profile,
    as_upload,
    in_child,
    read_sheets,
)
from mapsvc.messages.words import Reader

QUICK = replace(UPLOAD, cpu_seconds=1, wall_seconds=2.0, idle_seconds=2.0)
PATIENT = replace(UPLOAD, cpu_seconds=60, wall_seconds=120.0, idle_seconds=60.0)
HOSTILE = (
    "surroundings reads_and_lists_modules asks_for_memory aborts crashes is_killed hangs burns "
    "leaves_quietly raises writes_garbage nests_deeply never_ends_a_line talks_without_end "
    "yields_no_dict connects starts_a_program"
).split()

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one of the hostile readers on a small file."""
    allowed = {f"tests.support.hostile_readers:{name}" for name in HOSTILE}
    monkeypatch.setattr(parent, "READERS", parent.READERS | allowed)
    file = tmp_path / "rounds.csv"
    file.write_text("street\nMain Street\n")

    def run_reader(
        reader: str, profile: Profile = QUICK, options: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        return list(in_child(f"tests.support.hostile_readers:{reader}", file, profile, options))

    return run_reader


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        ("asks_for_memory", "asked for more memory than a file of its kind ever needs"),
        ("aborts", "asked for more memory than a file of its kind ever needs"),
        ("crashes", "asked for more memory than a file of its kind ever needs"),
        ("is_killed", "could not be read within 2 seconds"),
        ("hangs", "could not be read within 2 seconds"),
        ("burns", "could not be read within 2 seconds"),
        ("leaves_quietly", "could not be read: it is damaged"),
        ("raises", "could not be read: it is damaged"),
        ("writes_garbage", "could not be read: it is damaged"),
        ("nests_deeply", "could not be read: it is damaged"),
        ("never_ends_a_line", "could not be read"),
        ("talks_without_end", "holds more text than a schedule ever needs"),
        ("yields_no_dict", "could not be read: it is damaged"),
    ],
)
def test_a_child_that_misbehaves_is_one_sentence_about_the_file(
    run: Run, reader: str, sentence: str
) -> None:
    with pytest.raises(FileRefused, match=sentence) as refused:
        run(reader, QUICK if "seconds" in sentence else PATIENT)

    assert str(refused.value).startswith("rounds.csv ")
    assert "\n" not in str(refused.value)


def test_the_child_sees_a_copy_in_a_folder_of_its_own_and_no_environment(run: Run) -> None:
    (seen,) = run("surroundings")

    assert seen["files"] == ["input", "messages.log"]
    assert seen["path"] == "input"
    assert not {"HOME", "PATH", "MAPSVC_SECRET_KEY", "PYTHONPATH"} & set(seen["environment"])


def test_the_child_has_no_network(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        (seen,) = run("connects", UPLOAD, {"port": server.getsockname()[1]})

        if not seen["error"]:
            pytest.skip("This system does not let a process leave the network.")
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.skipif(os.getuid() == 0, reason="root may start processes whatever the limit says")
def test_the_child_starts_no_program(run: Run) -> None:
    (seen,) = run("starts_a_program")

    assert seen["error"]


def test_a_reader_that_nobody_allowed_is_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="READERS"):
        list(in_child("os:system", tmp_path, UPLOAD))


def test_abandoned_reading_ends_the_child_and_removes_its_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    messages: Iterator[dict[str, Any]] = in_child(
        "tests.support.hostile_readers:hangs", tmp_path / "rounds.csv", REFERENCE
    )
    assert next(messages) == {"first": 1}
    assert list(tmp_path.glob("mapsvc-read-*"))

    messages.close()  # type: ignore[attr-defined]

    assert not list(tmp_path.glob("mapsvc-read-*"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.csv", "There is no file missing.csv. Check the name and the folder."),
        ("folder", "folder is not a file. Give the file itself, not its folder."),
        ("empty.csv", "empty.csv is empty. Save it again from the program it came from."),
        (
            "large.csv",
            (
                "large.csv is 22 MB, and at most 20 MB can be read. Leave out what is not part of "
                "the schedule, or save it as CSV."
            ),
        ),
    ],
)
def test_what_is_no_readable_file_is_refused_before_any_child(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(22_000_000)

    with pytest.raises(FileRefused) as refused:
        list(read_sheets(tmp_path / name))

    assert str(refused.value) == sentence


def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")

    with pytest.raises(FileRefused, match="is not a file"):
        list(read_sheets(tmp_path / "pipe.csv"))


def test_the_name_in_sentences_is_the_persons_and_not_the_paths(tmp_path: Path) -> None:
    (tmp_path / "upload-17").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    with pytest.raises(FileRefused) as refused:
        list(read_sheets(tmp_path / "upload-17", name="Round 4.csv"))

    assert str(refused.value).startswith("Round 4.csv is a picture (PNG)")


def test_a_table_is_read_without_the_libraries_that_take_long_to_load(run: Run) -> None:
    (seen,) = run("reads_and_lists_modules", options={"raw": False})

    assert "mapsvc.ingest.formats.tables" in seen["modules"]
    assert not {"numpy", "pandas", "geopandas", "pyogrio", "shapely"} & set(seen["modules"])


def test_a_schedule_of_the_command_line_may_have_more_rows_than_an_upload(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("street,start\n" + "Mill Lane,2026-04-07\n" * 20_100, encoding="utf-8")

    (sheet,) = read_sheets(file, profile=SCHEDULE)

    assert len(list(sheet.rows)) == 20_100
    assert SCHEDULE.rows == 100_000
    with as_upload(), pytest.raises(FileRefused, match="has more than 20,000 rows"):
        list(read_sheets(file, profile=SCHEDULE))


def test_an_openstreetmap_file_in_place_of_another_is_said_to_be_a_gazetteer(
    tmp_path: Path,
) -> None:
    file = tmp_path / "county.osm"
    file.write_text('<?xml version="1.0"?><osm version="0.6"></osm>')

    with pytest.raises(FileRefused) as refused:
        next(read_sheets(file))

    assert str(refused.value).endswith("Use it with: mapsvc ingest gazetteer county.osm")
    assert refused.value.told(Reader.STAFF) == (
        "county.osm is an OpenStreetMap file, which holds streets. Send it as a gazetteer."
    )
