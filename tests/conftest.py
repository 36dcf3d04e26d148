"""What many tests share: the sample data beside the checkout, a browser, a PostGIS."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from mapsvc.services.state.council import Council
from mapsvc.store.database import Store, open_store

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VALIDATOR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def part_is_missing(reason: str) -> NoReturn:
    """Fail where the whole suite must run (`CI=true`), skip elsewhere."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI must have it: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("newport_osm")`: that folder of real data; skips where it is absent."""

    def folder(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.is_dir():
            pytest.skip(f"The sample data ../shared/data/{name} is not beside this checkout.")
        return path

    return folder


# --- browser ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    if not CHROMIUM.exists():
        part_is_missing(f"There is no {CHROMIUM}. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, headless=True
        )
        yield chromium
        chromium.close()


SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime !== Infinity)
    .map(one => one.finished)).then(() => null)"""
"""What fades in has other colours until it is there."""


@pytest.fixture
def axe_violations() -> Callable[..., list[dict[str, Any]]]:
    """`axe_violations(page)`: what axe finds wrong in a Playwright page, [] when it is clean.

    `with_sizes` adds the one rule of WCAG 2.2 AA that axe leaves out: how large targets are.
    """

    def violations(page: Page, *, with_sizes: bool = False) -> list[dict[str, Any]]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        options = {"rules": {"target-size": {"enabled": with_sizes}}}
        page.evaluate(SETTLED)
        run = "async options => (await axe.run(options)).violations"
        found: list[dict[str, Any]] = page.evaluate(run, options)
        return found

    return violations


@pytest.fixture
def html_mistakes(tmp_path: Path) -> Callable[[Mapping[str, str]], list[str]]:
    """`html_mistakes({"name": html})`: what the validator of HTML finds wrong in these pages."""
    if not (Path("/usr/bin/java").exists() and VALIDATOR.exists()):
        part_is_missing("There is no Java for the validator: apt-get install default-jre-headless")

    def mistakes(pages: Mapping[str, str]) -> list[str]:
        files = [tmp_path / f"{re.sub('[^a-z0-9]+', '-', name)}.html" for name in pages]
        for file, html in zip(files, pages.values(), strict=True):
            file.write_text(html, encoding="utf-8")
        words = ["java", "-Xss1m", "-jar", str(VALIDATOR), "--format", "gnu", *map(str, files)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
        return done.stderr.splitlines()

    return mistakes


# --- a council for the staff pages -----------------------------------------------------------


@pytest.fixture(scope="session")
def made_web_council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `tests.support.web_council`, made once; tests take copies of it."""
    from tests.support.web_council import make_web_council

    folder = tmp_path_factory.mktemp("made")
    make_web_council(folder).close()
    return folder


@pytest.fixture
def app(made_web_council: Path, tmp_path: Path) -> Iterator[Flask]:
    """The real application over a copy of that council."""
    from mapsvc.web.app import create_app
    from tests.support.web_council import copied_council

    council = copied_council(made_web_council, tmp_path)
    yield create_app(council.settings, council)
    council.close()


@pytest.fixture
def council(app: Flask) -> Council:
    """The council that `app` serves."""
    from tests.support.web_council import council_of

    return council_of(app)


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of `councils.make_council`, made once; tests take copies of it."""
    from tests.support.councils import make_council

    folder = tmp_path_factory.mktemp("example")
    make_council(folder).close()
    return folder / "data"


# --- the store on both databases -----------------------------------------------------------


@pytest.fixture(params=["geopackage", "postgis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store goes: a file, then a PostGIS database."""
    if request.param == "postgis":
        return str(request.getfixturevalue("postgis_url"))
    return str(tmp_path / "map.gpkg")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A new store at `address`."""
    opened = open_store(address)
    yield opened
    opened.close()


# --- PostGIS ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostgresPrograms:
    """Debian's `initdb`, `pg_ctl` and `psql`; `user` runs them, because root may not."""

    folder: Path
    user: str | None

    def run(self, program: str, *arguments: str) -> None:
        """Run it to its end; its words become the error."""
        as_user: dict[str, Any] = (
            {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        )
        done = subprocess.run(
            [self.folder / program, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **as_user,
        )
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stdout}", pytrace=False)


@dataclass(frozen=True)
class PostgisServer:
    """A running, private PostgreSQL whose databases are thrown away with it."""

    programs: PostgresPrograms
    port: int
    numbers: Iterator[int]

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty database with PostGIS."""
        name = f"mapsvc_{next(self.numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE with_postgis")
        return f"postgresql+psycopg://mapsvc@127.0.0.1:{self.port}/{name}"

    def sql(self, database: str, statement: str) -> None:
        """Run one statement as the owner."""
        connection = ["--host=127.0.0.1", f"--port={self.port}", "--username=mapsvc"]
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        self.programs.run("psql", *connection, *options, "--command", statement, database)


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[PostgisServer]:
    """A PostgreSQL of our own, or a test that is skipped."""
    try:
        programs = postgres_programs()
    except FileNotFoundError as missing:
        part_is_missing(str(missing))
    with running_postgis(programs) as server:
        yield server


@contextmanager
def running_postgis(programs: PostgresPrograms) -> Iterator[PostgisServer]:
    """A PostgreSQL of our own on a free port of the loopback."""
    folder = Path(tempfile.mkdtemp(prefix="mapsvc-postgres-"))
    if programs.user:
        shutil.chown(folder, programs.user, programs.user)
    cluster = f"--pgdata={folder / 'cluster'}"
    port = free_port()
    # Nothing here needs to survive a power cut, so it need not wait for the disk.
    speed = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    place = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    access = ["--auth=trust", "--username=mapsvc", "--encoding=UTF8", "--locale=C.UTF-8"]
    try:
        programs.run("initdb", cluster, "--no-sync", *access)
        log = f"--log={folder / 'log'}"
        programs.run("pg_ctl", "start", cluster, log, "--wait", "-o", f"{speed} {place}")
        try:
            server = PostgisServer(programs, port, count(1))
            server.sql("postgres", "CREATE DATABASE with_postgis")
            server.sql("with_postgis", "CREATE EXTENSION postgis")
            yield server
        finally:
            programs.run("pg_ctl", "stop", cluster, "--mode=immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgis_url(postgis_server: PostgisServer) -> str:
    """The URL of an empty PostGIS database, another one for every test."""
    return postgis_server.new_database()


def postgres_programs() -> PostgresPrograms:
    """The newest PostgreSQL installed the way Debian does, with PostGIS; else FileNotFoundError."""
    extensions = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    versions = sorted((int(path.parent.parent.name) for path in extensions), reverse=True)
    for version in versions:
        folder = Path(f"/usr/lib/postgresql/{version}/bin")
        if (folder / "initdb").exists():
            return PostgresPrograms(folder, "postgres" if os.geteuid() == 0 else None)
    raise FileNotFoundError("There is no PostGIS. Install it: apt-get install postgresql-postgis")


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
