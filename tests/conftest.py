"""What many tests share: the sample data beside the checkout, a browser, a PostGIS."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page, sync_playwright

from mapsvc.services.state.council import Council
from mapsvc.store.database import Store, open_store
from tests.support.copies import copy_of_new_store, forget_kept, kept
from tests.support.postgis import WITH_TABLES, PostgisServer, postgres_programs, running_postgis

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two lengths of a run beside the usual one."""
    parser.addoption(
        "--fast", action="store_true", help="Leave out what needs a browser or PostGIS."
    )
    parser.addoption("--long", action="store_true", help="Kill far more often than in every run.")


@pytest.fixture(scope="session", autouse=True)
def _copies() -> Iterator[None]:
    """What was made once is removed in the end: councils, and templates that were compiled."""
    with pytest.MonkeyPatch.context() as patch:
        compiled = FileSystemBytecodeCache(str(kept()))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": compiled})
        yield
    forget_kept()


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether the long series are asked for."""
    return bool(pytestconfig.getoption("--long"))


def leave_out_if_fast(config: pytest.Config) -> None:
    """Skip the test in a run with `--fast`."""
    if config.getoption("--fast"):
        pytest.skip("Left out by --fast.")


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
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    leave_out_if_fast(pytestconfig)
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
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new store is that holds nothing yet: a file, then a PostGIS database.

    Both are copies of one that was made by the migrations, which take most of a second.
    """
    if request.param == "geopackage":
        yield str(copy_of_new_store(tmp_path / "map.gpkg"))
        return
    server: PostgisServer = request.getfixturevalue("postgis_server")
    with server.database(WITH_TABLES) as url:
        yield url


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A new store at `address`."""
    opened = open_store(address)
    yield opened
    opened.close()


# --- PostGIS ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgis_server(pytestconfig: pytest.Config) -> Iterator[PostgisServer]:
    """A PostgreSQL of our own, or a test that is skipped."""
    leave_out_if_fast(pytestconfig)
    try:
        programs = postgres_programs()
    except FileNotFoundError as missing:
        part_is_missing(str(missing))
    with running_postgis(programs) as server:
        yield server


@pytest.fixture
def postgis_url(postgis_server: PostgisServer) -> Iterator[str]:
    """The URL of an empty PostGIS database, another one for every test."""
    with postgis_server.database() as url:
        yield url
