"""Imports point down only, in no circle; one outside library is known in one place."""

import ast
from pathlib import Path

import pytest

from scripts import check_house as house

TESTS = Path(__file__).resolve().parent


def test_imports_point_down_and_libraries_stay_at_home() -> None:
    assert list(house.broken_imports()) == []


def test_no_imports_go_round_in_a_circle() -> None:
    assert list(house.circles()) == []


def test_no_folder_is_crowded() -> None:
    assert list(house.crowded_folders()) == []


def test_every_part_has_its_floor() -> None:
    parts = {module.split(".")[1] for module, _ in house.modules() if "." in module}

    assert parts - house.GROUND - set().union(*house.FLOORS) == set()


@pytest.mark.parametrize("part", house.ROOMS)
def test_every_room_of_a_part_has_its_line(part: str) -> None:
    named = " ".join(house.ROOMS[part]).split()
    modules = [module for module, _ in house.modules() if module.startswith(f"mapsvc.{part}.")]

    assert [m for m in modules if house.room_of(m)[0] == len(house.ROOMS[part])] == []
    assert [
        room for room in named if not any(house.room_of(module)[1] == room for module in modules)
    ] == []


def test_the_tests_have_the_folders_of_the_code() -> None:
    rooms = {
        path.parent.relative_to(house.ROOT / "mapsvc")
        for module, path in house.modules()
        if path.name != "__init__.py" and not {"migrations", "english"} & set(module.split("."))
    }
    tested = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}

    assert tested == rooms


@pytest.mark.parametrize(
    ("module", "source", "is_seen"),
    [
        ("mapsvc.store.live", "from mapsvc.services.answers.teller import answer", True),
        ("mapsvc.store.live", "from mapsvc import services", True),
        ("mapsvc.store.live", "from ..services import answers", True),
        ("mapsvc.store.live", "def f():\n    import mapsvc.web.residents.pages", True),
        ("mapsvc.store.live", "from mapsvc.domain.events import Event", False),
        ("mapsvc.store.live", "from . import connections", False),
        ("mapsvc.store.live", "from mapsvc.store.database import Store", True),
        ("mapsvc.store.schema.tables", "from mapsvc.store.engines import sqlite", True),
        ("mapsvc.store.schema.migrations.env", "from mapsvc.store.engines import sqlite", False),
        ("mapsvc.store.live", "from mapsvc import __version__", False),
        ("mapsvc.domain.status", "from mapsvc.store.live import Live", True),
        ("mapsvc.config", "from mapsvc.errors import SettingError", False),
        ("mapsvc.config", "from mapsvc.domain import calendar", True),
        ("mapsvc.published.atlas", "from mapsvc.maps import svg", True),
        ("mapsvc.ingest.values.day", "from mapsvc.ingest.schedule.read import read", True),
        ("mapsvc.ingest.schedule.read", "from mapsvc.ingest.values.day import day", False),
        ("mapsvc.services.state.council", "from mapsvc.services.answers import teller", True),
        ("mapsvc.web.residents.pages", "from mapsvc.services import answers", False),
        ("mapsvc.web.residents.pages", "from mapsvc.web.staff import rounds", True),
        ("mapsvc.web.residents.pages", "from mapsvc.web.api import routes", True),
        ("mapsvc.web.residents.pages", "from mapsvc.cli import main", True),
        ("mapsvc.services.answers.teller", "from flask import request", True),
        ("mapsvc.web.residents.pages", "from flask import request", False),
        ("mapsvc.ingest.formats.tables_of_rounds", "import openpyxl", True),
        ("mapsvc.ingest.formats.tables", "import openpyxl.utils", False),
        ("mapsvc.domain.streets", "import pyproj", True),
    ],
)
def test_the_check_sees_a_violation(module: str, source: str, is_seen: bool) -> None:
    assert bool(house.violations(source, module)) is is_seen


def test_the_check_reads_a_package_from_its_own_folder() -> None:
    assert house.violations("from .live import Live", "mapsvc.store", is_package=True) == []
    assert house.violations("from ..web import pages", "mapsvc.store", is_package=True) != []


def test_the_check_finds_a_circle_of_three_and_no_other() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}

    assert list(house._circles(arrows)) == [["a", "b", "c", "a"]]


def test_the_check_needs_nothing_installed() -> None:
    source = Path(house.__file__).read_text(encoding="utf-8")
    imported = {name.split(".")[0] for name in house.imports_of(source, "scripts.check_house")}

    assert imported == {"ast", "sys", "collections", "pathlib"}
    assert ast.parse(source)


def test_no_class_name_means_two_things() -> None:
    homes: dict[str, set[str]] = {}
    for module, path in house.modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, set()).add(module)

    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
