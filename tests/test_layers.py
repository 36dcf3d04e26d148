"""Imports point down only, and one outside library is known in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module imports its own part and what stands below its line; the parts
# of one line do not know each other. The ground is free among itself.
GROUND = {"config", "crs", "errors", "problems", "resources", "__init__"}
LAYERS = [
    GROUND,
    {"domain"},
    {"demo"},
    {"search"},
    {"store"},
    {"ingest"},
    {"published", "maps"},
    {"services"},
    {"web"},
    {"cli"},
    {"__main__"},
]

# Library: the modules (or packages, with all in them) that may import it.
HOMES = {
    "alembic": {"mapsvc.store"},
    "argon2": {"mapsvc.services.accounts.passwords"},
    "authlib": {"mapsvc.services.accounts.single_sign_on"},
    "branca": {"mapsvc.maps"},
    "click": {"mapsvc.cli"},
    "convertbng": {"mapsvc.crs"},
    "flask": {"mapsvc.web"},
    "itsdangerous": {"mapsvc.web.staff.notes"},
    "folium": {"mapsvc.maps"},
    "granian": {"mapsvc.cli", "mapsvc.web"},
    "holidays": {"mapsvc.domain.calendar"},
    "joserfc": {"mapsvc.services.accounts.single_sign_on"},
    "odf": {"mapsvc.ingest.formats.tables"},
    "openpyxl": {"mapsvc.ingest.formats.tables"},
    "osmium": {"mapsvc.ingest.formats.osm"},
    "psycopg": {"mapsvc.store"},
    "pyogrio": {"mapsvc.ingest.formats.vectors"},
    "pyproj": {"mapsvc.crs"},
    "python_calamine": {"mapsvc.ingest.formats.tables"},
    "requests": {"mapsvc.services.accounts.single_sign_on"},
    "rtree": {"mapsvc.search.space"},
    "sqlalchemy": {"mapsvc.store"},
    "werkzeug": {"mapsvc.web"},
    "xlsxwriter": {"mapsvc.services.workbooks"},
}


def imports_of(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """The full dotted name of everything that `source`, the text of `module`, imports."""
    base = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = base[: len(base) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{start}.{name.name}" for name in node.names)


def part_of(module: str) -> str:
    """`store` for `mapsvc.store.live`; the package itself is `__init__`."""
    parts = module.split(".")
    known = set().union(*LAYERS)
    return parts[1] if len(parts) > 1 and parts[1] in known else "__init__"


def height_of(part: str) -> int:
    """Which line of LAYERS it is on."""
    return next(height for height, parts in enumerate(LAYERS) if part in parts)


def may_import(part: str, other: str) -> bool:
    """Whether the layers allow it."""
    return part == other or {part, other} <= GROUND or height_of(other) < height_of(part)


def is_at_home(module: str, homes: set[str]) -> bool:
    """Whether a module is one of the homes, or within one."""
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    """What one module imports and should not."""
    found = []
    for name in imports_of(source, module, is_package):
        library = name.split(".")[0]
        if library == "mapsvc" and not may_import(part_of(module), part_of(name)):
            found.append(f"{module} imports {name}, which stands no lower")
        if library in HOMES and not is_at_home(module, HOMES[library]):
            found.append(f"{module} imports {name}; {library} is known in {sorted(HOMES[library])}")
    return found


def test_imports_point_down_and_libraries_stay_at_home() -> None:
    found = []
    for path in sorted((ROOT / "mapsvc").rglob("*.py")):
        is_package = path.name == "__init__.py"
        place = path.parent if is_package else path.with_suffix("")
        module = ".".join(place.relative_to(ROOT).parts)
        found += violations(path.read_text(encoding="utf-8"), module, is_package)

    assert found == []


def test_every_part_has_its_layer() -> None:
    folder = ROOT / "mapsvc"
    files = {path.stem for path in folder.glob("*.py")}
    packages = {path.parent.name for path in folder.glob("*/*.py")}

    assert (files | packages) - set().union(*LAYERS) == set()


@pytest.mark.parametrize(
    ("module", "source", "is_seen"),
    [
        ("mapsvc.store.live", "from mapsvc.services.answers import answer", True),
        ("mapsvc.store.live", "from mapsvc import services", True),
        ("mapsvc.store.live", "from ..services import answers", True),
        ("mapsvc.store.live", "def f():\n    import mapsvc.web.pages", True),
        ("mapsvc.store.live", "from mapsvc.domain.events import Event", False),
        ("mapsvc.store.live", "from . import tables", False),
        ("mapsvc.store.live", "from mapsvc import __version__", False),
        ("mapsvc.domain.status", "from mapsvc.store.live import Live", True),
        ("mapsvc.config", "from mapsvc.errors import SettingError", False),
        ("mapsvc.config", "from mapsvc.domain import calendar", True),
        ("mapsvc.published.atlas", "from mapsvc.maps import svg", True),
        ("mapsvc.web.residents.pages", "from mapsvc.services import answers", False),
        ("mapsvc.web.residents.pages", "from mapsvc.cli import main", True),
        ("mapsvc.services.answers.teller", "from flask import request", True),
        ("mapsvc.web.residents.pages", "from flask import request", False),
        ("mapsvc.ingest.formats.tables_of_rounds", "import openpyxl", True),
        ("mapsvc.ingest.formats.tables", "import openpyxl.utils", False),
        ("mapsvc.domain.streets", "import pyproj", True),
    ],
)
def test_the_check_sees_a_violation(module: str, source: str, is_seen: bool) -> None:
    assert bool(violations(source, module)) is is_seen


def test_the_check_reads_a_package_from_its_own_folder() -> None:
    assert violations("from .live import Live", "mapsvc.store", is_package=True) == []
    assert violations("from ..web import pages", "mapsvc.store", is_package=True) != []
