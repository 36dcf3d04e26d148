"""Says where the code breaks the order of the house: floors, circles, libraries, crowded folders.

Standard library only, and reads the files as text, so that it answers before a broken import
does. `./run test` asks it first; `tests/test_layers.py` holds it. Exit 1 when something is wrong.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_MODULES = 20

# From the ground up. A module imports its own part and what stands below its line; the parts
# of one line do not know each other. `ground` is free among itself, as every part is.
FLOORS = [
    {"ground"},
    {"domain"},
    {"demo", "search", "store"},
    {"ingest"},
    {"published", "maps"},
    {"services"},
    {"web"},
    {"cli"},
    {"__main__"},
]
GROUND = {"config", "crs", "errors", "messages", "problems", "resources", "__init__"}

# The same inside a part, lowest first. What no line names is free, and above all named.
ROOMS = {
    "ingest": [
        "rows limits",
        "compare",
        "values",
        "sandbox",
        "formats",
        "matching",
        "records",
        "gazetteer",
        "reference",
        "schedule",
    ],
    "services": [
        "csv_safety workbooks",
        "state",
        "jobs",
        "answers",
        "marks",
        "issues",
        "schedules",
        "plan_changes",
        "accounts",
        "outbox",
        "operations",
    ],
    "store": [
        "schema",
        "engines",
        "schema.migrations",
        "contents leases pointer",
        "connections",
        (
            "secrets activity accounts api_keys editions issues jobs live outbox reasons settled "
            "subscriptions uploads"
        ),
        "database",
        "backups",
    ],
    "web": ["common", "api residents", "staff", "app", "server"],
}
# The repositories know each other's tables; the circle test keeps them in order.
SIDE_BY_SIDE = {"store"}

# Library: the modules (or packages, with all in them) that may import it.
HOMES = {
    "alembic": {"mapsvc.store"},
    "argon2": {"mapsvc.services.accounts.passwords"},
    "authlib": {"mapsvc.services.accounts.single_sign_on"},
    "branca": {"mapsvc.maps"},
    "cachetools": {"mapsvc.services", "mapsvc.web"},
    "click": {"mapsvc.cli"},
    "convertbng": {"mapsvc.crs"},
    "defusedxml": {"mapsvc.services.outbox.open311_client"},
    "flask": {"mapsvc.web"},
    "folium": {"mapsvc.maps"},
    "granian": {"mapsvc.cli", "mapsvc.web"},
    "holidays": {"mapsvc.domain.calendar"},
    "itsdangerous": {"mapsvc.web.staff.notes"},
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


def main() -> None:
    """Print what is wrong, a line each."""
    wrong = [*broken_imports(), *circles(), *crowded_folders()]
    for sentence in wrong:
        print(sentence)
    sys.exit(1 if wrong else 0)


def modules() -> Iterator[tuple[str, Path]]:
    """Dotted names and files of the package."""
    for path in sorted((ROOT / "mapsvc").rglob("*.py")):
        place = path.parent if path.name == "__init__.py" else path.with_suffix("")
        yield ".".join(place.relative_to(ROOT).parts), path


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
    """`store` for `mapsvc.store.live`; `ground` for the package itself and its lowest files."""
    name = [*module.split("."), "__init__"][1]
    known = set().union(*FLOORS)
    return name if name in known and name not in GROUND else "ground"


def floor_of(part: str) -> int:
    """Which line of FLOORS it is on."""
    return next(number for number, parts in enumerate(FLOORS) if part in parts)


def room_of(module: str) -> tuple[int, str]:
    """The line of its part's ROOMS, and the longest name there that fits; above all if none."""
    part, _, rest = module.removeprefix("mapsvc.").partition(".")
    lines = ROOMS.get(part, [])
    rooms = [(number, room) for number, line in enumerate(lines) for room in line.split()]
    fitting = [(number, room) for number, room in rooms if f"{rest}.".startswith(f"{room}.")]
    return max(fitting, key=lambda found: len(found[1]), default=(len(lines), rest))


def may_import(module: str, other: str) -> bool:
    """Whether the floors, and the rooms of one part, allow it."""
    part, wanted = part_of(module), part_of(other)
    if part != wanted:
        return floor_of(wanted) < floor_of(part)
    if part not in ROOMS or other == f"mapsvc.{part}":
        return True
    (height, room), (other_height, other_room) = room_of(module), room_of(other)
    return (
        room == other_room
        or other_height < height
        or (other_height == height and part in SIDE_BY_SIDE)
    )


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    """What one module imports and should not, each with what to do about it."""
    found = []
    for name in imports_of(source, module, is_package):
        library = name.split(".")[0]
        if library == "mapsvc" and not may_import(module, name):
            found.append(
                f"{module} imports {name}, which stands no lower. Move what it needs down, or "
                "hand it in as an argument. The order: scripts/check_house.py."
            )
        if library in HOMES and not _is_at_home(module, HOMES[library]):
            found.append(
                f"{module} imports {name}. {library} is known in "
                f"{', '.join(sorted(HOMES[library]))} alone: ask a function of it."
            )
    return found


def _is_at_home(module: str, homes: set[str]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def broken_imports() -> Iterator[str]:
    """The violations of the whole package."""
    for module, path in modules():
        yield from violations(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")


def circles() -> Iterator[str]:
    """Modules that import each other, at whatever distance."""
    files = dict(modules())
    arrows: dict[str, set[str]] = {}
    for module, path in files.items():
        is_package = path.name == "__init__.py"
        names = imports_of(path.read_text(encoding="utf-8"), module, is_package)
        targets = {name if name in files else name.rpartition(".")[0] for name in names}
        arrows[module] = (targets & set(files)) - {module}
    yield from (
        f"Imports go round in a circle: {' → '.join(circle)}. Take what both need into a module "
        "below them."
        for circle in _circles(arrows)
    )


def _circles(arrows: Mapping[str, set[str]]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in arrows:
        path: list[str] = []
        yield from _walk(start, arrows, path, done)


def _walk(
    here: str, arrows: Mapping[str, set[str]], path: list[str], done: set[str]
) -> Iterator[list[str]]:
    if here in path:
        yield [*path[path.index(here) :], here]
    elif here not in done:
        path.append(here)
        for target in sorted(arrows[here]):
            yield from _walk(target, arrows, path, done)
        path.pop()
        done.add(here)


def crowded_folders() -> Iterator[str]:
    """Folders with more modules than a person takes in."""
    for folder in sorted({path.parent for _, path in modules()}):
        count = len([path for path in folder.glob("*.py") if path.name != "__init__.py"])
        if count > MOST_MODULES:
            place = folder.relative_to(ROOT)
            yield f"{place} holds {count} modules, and {MOST_MODULES} are the most: divide it."


if __name__ == "__main__":
    main()
