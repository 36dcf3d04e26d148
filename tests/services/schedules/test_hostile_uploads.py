"""Files that would harm, sent by staff: one sentence each, and the service goes on."""

import io
import resource
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from mapsvc.services.jobs import Worker
from mapsvc.services.operations.job_handlers import WORK
from mapsvc.services.schedules.uploads import file_name
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.ingest.formats.test_tables import CELL_FAR_AWAY, ENTITIES, bomb, lying
from tests.ingest.formats.test_vectors import (
    BOMB,
    ELSEWHERE,
    ENDLESS,
    KML,
    READS_A_FILE,
    geopackage,
)
from tests.services.schedules.test_uploads import text_of
from tests.support.councils import SCHEDULE, open_council
from tests.support.staff import StaffBrowser, signed_in
from tests.support.staff_uploads import send
from tests.support.workbook_files import HEADINGS, text_row, xlsx, zipped


@pytest.fixture
def council(example_data: Path, tmp_path: Path) -> Iterator[Council]:
    shutil.copytree(example_data, tmp_path / "data")
    council = open_council(tmp_path)
    yield council
    council.close()


@pytest.fixture
def app(council: Council) -> Flask:
    return create_app(council.settings, council)


@pytest.fixture
def editor(app: Flask) -> StaffBrowser:
    return signed_in(app, "editor")


ATTACKS: dict[str, tuple[bytes, str]] = {
    "far.xlsx": (xlsx(HEADINGS + CELL_FAR_AWAY), "has something in cell XFD1048576"),
    "entities.xlsx": (xlsx(HEADINGS, head=ENTITIES), "defines XML entities"),
    "outside.xlsx": (xlsx(HEADINGS, extra={"../evil.xml": b""}), "a path that leads outside"),
    "entries.zip": (zipped({f"{n}.csv": b"" for n in range(20_000)}), "holds 20,000 files"),
    "bomb.xlsx": (
        bomb({"xl/workbook.xml": 1, "xl/worksheets/sheet1.xml": 150}),
        "packed so tightly",
    ),
    "lying.xlsx": (lying(xlsx(HEADINGS), 7), "is damaged or incomplete"),
    "nested.zip": (zipped({"a.json": zipped({"b.shp": b"x"})}), "holds a ZIP file within"),
    "entities.kml": ((BOMB + "<kml>&c;</kml>").encode(), "defines XML entities"),
    "secret.kml": ((READS_A_FILE + "<kml>&a;</kml>").encode(), "defines XML entities"),
    "cut.kml": (KML.format("<Placemark>")[:-30].encode(), "cut.kml"),
    "empty.csv": (b"", "is empty"),
    "noise.xlsx": (bytes(range(256)) * 40, "noise.xlsx"),
    **{
        name: (text.format(url="http://127.0.0.1:9/x").encode(), name)
        for name, text in ELSEWHERE.items()
    },
}


def test_each_is_refused_in_one_sentence_and_the_next_file_is_read(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    before = [edition.number for edition in council.moment.atlas.editions]
    view = geopackage(
        tmp_path / "x.gpkg",
        "ALTER TABLE verges RENAME TO hidden",
        f"CREATE VIEW verges AS {ENDLESS}",
    )
    attacks = {**ATTACKS, "view.gpkg": (view, "is a stored query")}

    for name, (content, words) in attacks.items():
        page = text_of(editor.get(send(editor, content, name)).text)

        assert "This file cannot be used" in page, name
        assert words in page, name
        assert "root:" not in page, name

    assert "Nothing changes" in text_of(editor.get(send(editor, SCHEDULE)).text)
    assert [edition.number for edition in council.moment.atlas.editions] == before


@pytest.mark.parametrize("kind", ["gazetteer", "keepers", "boundaries", "places"])
def test_what_is_sent_has_the_limits_of_an_upload_whatever_its_kind(
    editor: StaffBrowser, kind: str
) -> None:
    content = bomb({"xl/workbook.xml": 1, "xl/worksheets/sheet1.xml": 150})

    page = text_of(editor.get(send(editor, content, "bomb.xlsx", kind=kind)).text)

    assert "packed so tightly" in page


def test_a_file_that_asks_for_all_memory_takes_none_from_the_pages(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    """The check runs as in the service: in a process of its own."""
    cells = "".join(text_row(n, "x" * 9_000, f"{n} {'y' * 900}") for n in range(2, 9_000))
    content = xlsx(HEADINGS + cells)
    Worker(council, WORK).run_due()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    address = send(editor, content, "huge.xlsx", jobs=WORK)

    assert "huge.xlsx" in text_of(editor.get(address).text)
    assert "What would change" not in editor.get(address).text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000
    assert "Nothing changes" in editor.get(send(editor, SCHEDULE, jobs=WORK)).text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("cuts 2026 (final).xlsx", "cuts 2026 (final).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\cuts.csv", "cuts.csv"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\n.csv", "a b .csv"),
        ("é" * 300 + ".xlsx", "é" * 50 + ".xlsx"),
        ("", "file"),
    ],
)
def test_a_name_is_text_and_never_a_path(name: str, kept: str) -> None:
    assert file_name(name) == kept


def test_a_name_that_is_markup_is_shown_as_text(editor: StaffBrowser) -> None:
    address = send(editor, "colour\nred\n", "<script>alert(1)</script>{{7*7}}.csv")

    page = editor.get(address).text

    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_cells_that_are_formulas_come_out_inert_everywhere(editor: StaffBrowser) -> None:
    cells = ["=HYPERLINK(1)", "\t=1+1", "＝1+1", "+1", "-1", "@SUM(1)"]
    rows = "".join(f'"{cell}",R1,2027-05-11\n' for cell in cells)
    address = send(editor, f"street,round,cut 1\n{rows}", season="2027")

    csv = editor.get(f"{address}/problems.csv").text
    book = editor.get(f"{address}/problems.xlsx").data

    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert not [c for line in csv.splitlines() for c in line.split(",") if c[:1] in "=+@＝\t" and c]
