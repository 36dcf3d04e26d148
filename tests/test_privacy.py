"""Every column that could hold something about a person has its row, and QGIS gets no person."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Text

from mapsvc.domain.events import Notice
from mapsvc.services.operations.backup import qgis_copy
from mapsvc.services.state.council import Council
from mapsvc.store.engines import sqlite
from mapsvc.store.issues import IssueDraft
from mapsvc.store.schema import issue_tables, staff_tables
from mapsvc.store.schema.geometry import Geometry
from mapsvc.store.schema.tables import JsonText, UtcTime, metadata
from tests.support.councils import make_council, mark

PAGE = Path(__file__).parents[1] / "docs" / "privacy.md"
AT = datetime(2026, 6, 16, 15, 12, tzinfo=UTC)
assert issue_tables
assert staff_tables  # their tables are in `metadata` once they are imported


def sections() -> tuple[str, str]:
    """The two tables of the page: of personal data, and of the rest."""
    text = PAGE.read_text(encoding="utf-8")
    return text.split("## What names people")[1].split("## What names nobody")[0], text.split(
        "## What names nobody"
    )[1].split("## Backups")[0]


def rows() -> dict[tuple[str, str], list[str]]:
    """The cells of each personal column, by table and column."""
    lines = [line for line in sections()[0].splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        (row[0].strip("`").split(".")[0], row[0].strip("`").split(".")[1]): row for row in cells
    }


def others() -> set[tuple[str, str]]:
    """The columns of text that name nobody."""
    found = re.findall(r"^\| `(\w+)` \| (.*) \|$", sections()[1], re.MULTILINE)
    return {(table, name) for table, names in found for name in re.findall(r"`(\w+)`", names)}


def columns_that_hold_text() -> set[tuple[str, str]]:
    """What people or files could write into: no day, time, number or shape."""
    return {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text | JsonText | LargeBinary)
        and not isinstance(column.type, Geometry | UtcTime)
    }


def test_every_column_of_text_has_a_row_and_every_row_a_column() -> None:
    named = set(rows()) | others()

    assert columns_that_hold_text() - named == set()
    assert named - columns_that_hold_text() == set()
    assert set(rows()) & others() == set()


def test_every_row_says_what_why_how_long_what_erases_it_and_what_a_copy_does() -> None:
    for row in rows().values():
        assert len(row) == 6
        assert all(row), row
        assert row[5] in ("out", "blank", "released", "public"), row


STAFF = "Ann Other-Smith"
RESIDENT = "I am Bob Carter of number 12, ring me on 01632 960555"
SENDER = "Carter-0042"
RELEASED = "By the bus stop"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    """A council in which residents and staff wrote wherever they can."""
    found = make_council(tmp_path)
    issues = found.store.issues
    for text, is_released in ((RESIDENT, False), (RELEASED, True)):
        draft = IssueDraft("grass-too-long", text, "10000002", text, by=STAFF, key=SENDER + text)
        issue = issues.add(draft, AT)
        issues.change(
            issue.id, "assigned", by=STAFF, at=AT, note=RESIDENT, assigned=STAFF,
            is_released=is_released,
        )  # fmt: skip
    mark(found, "round:R1", "done", "2026-06-10", cut=2, by=STAFF)
    found.store.live.add_notice(Notice("The crews are a day behind."), by=STAFF, at=AT)
    found.store.accounts.add(STAFF, "editor", (), subject=None, by=STAFF, at=AT)
    with found.store.writing("editions") as connection:
        for table in ("edition", "current_edition"):
            connection.exec_driver_sql(f'UPDATE "{table}" SET "by" = \'{STAFF}\'')
    yield found
    found.close()


def texts_of(path: Path) -> dict[tuple[str, str], set[str]]:
    """Every text of a SQLite file, whatever its columns say of their type."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with closing(sqlite.best_sqlite().connect(path)) as raw:
        tables = raw.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        for (table,) in tables.fetchall():
            if table.startswith("rtree_"):
                continue
            names = [row[1] for row in raw.execute(f'PRAGMA table_info("{table}")')]
            for row in raw.execute(f'SELECT * FROM "{table}"'):
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str) and value:
                        found[table, name].add(value)
    return found


def test_a_copy_for_qgis_names_nobody_in_any_column(council: Council, tmp_path: Path) -> None:
    qgis_copy(council, tmp_path / "qgis.gpkg")

    before = texts_of(council.settings.data / "mapsvc.gpkg")
    texts = texts_of(tmp_path / "qgis.gpkg")
    content = (tmp_path / "qgis.gpkg").read_bytes()
    for secret in (STAFF, "Bob Carter", "960555", SENDER):
        assert [key for key, values in texts.items() if any(secret in v for v in values)] == []
        assert secret.encode() not in content
        assert any(secret in value for values in before.values() for value in values)


def test_a_copy_for_qgis_is_what_the_page_says_of_each_column(
    council: Council, tmp_path: Path
) -> None:
    qgis_copy(council, tmp_path / "qgis.gpkg")

    texts = texts_of(tmp_path / "qgis.gpkg")
    said = {key: row[5] for key, row in rows().items()}
    tables = {table for table, _ in texts}
    assert {key for key, what in said.items() if what == "out" and key[0] in tables} == set()
    assert {key for key, what in said.items() if what == "blank" and texts.get(key)} == set()
    released = [key for key, what in said.items() if what == "released"]
    assert [texts[key] for key in released] == [{RELEASED}] * 2


def test_no_other_text_is_in_the_copy_than_the_page_names(council: Council, tmp_path: Path) -> None:
    qgis_copy(council, tmp_path / "qgis.gpkg")

    named = set(rows()) | others()
    ours = {table for table, _ in named}
    held = {key for key in texts_of(tmp_path / "qgis.gpkg") if key[0] in ours}
    times = {(t.name, c.name) for t in metadata.tables.values() for c in t.columns} - (
        columns_that_hold_text()
    )
    assert held - named - times == set()
