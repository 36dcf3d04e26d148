"""The set-up: what is locked, what is built, what the wheel carries, and what the tests drive."""

import ast
import configparser
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, text

from mapsvc.resources import static_dir

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "scripts/test.lock", "scripts/node.lock", "scripts/uv.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()

    requirements = re.findall(r"^[a-z0-9].*==[^\s]+", text, re.MULTILINE)
    assert requirements
    assert text.count("==") - text.count("python_full_version ==") >= len(requirements)
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text.strip())[1:])
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_locks_have_every_requirement_of_setup_cfg() -> None:
    config = setup_cfg()
    program, tests = locked("requirements.lock"), locked("scripts/test.lock")

    assert names(config["options"]["install_requires"]) - program == set()
    assert names(config["options.extras_require"]["test"]) - program - tests == set()
    assert "setuptools" in program


def test_what_the_program_needs_is_not_locked_twice() -> None:
    program, tests = locked("requirements.lock"), locked("scripts/test.lock")

    assert program & tests == set()
    assert {"playwright", "mypy", "pytest", "ruff"} <= tests


def names(requirements: str) -> set[str]:
    """The names in a list of requirements, as setup.cfg has them."""
    lines = [line for line in requirements.splitlines() if line[:1].isalpha()]
    return {re.split(r"[<>=;\[ ]", line)[0] for line in lines}


def locked(name: str) -> set[str]:
    """The names in a lock file."""
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.M))


def test_a_lock_leaves_out_only_what_another_has_word_for_word(tmp_path: Path) -> None:
    one, other = tmp_path / "test.lock", tmp_path / "requirements.lock"
    one.write_text("# Made.\na==1 \\\n    --hash=x\nb==2 \\\n    --hash=y\nc==3 \\\n    --hash=z\n")
    other.write_text("# Made.\na==1 \\\n    --hash=x\nb==2 ; os == 'mac' \\\n    --hash=y\n")

    run_script().leave_out(one, other)

    assert one.read_text() == "# Made.\nb==2 \\\n    --hash=y\nc==3 \\\n    --hash=z\n"


def test_the_lock_of_the_front_end_names_no_address_of_a_download() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert not [name for name, package in packages.items() if "resolved" in package]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((static_dir() / "manifest.json").read_text())

    wanted = {
        "main.css",
        "map.css",
        "map.js",
        "map-list.js",
        "map-loader.js",
        "embed.css",
        "embed.js",
    }
    assert wanted <= set(manifest)
    assert [name for name in manifest.values() if not (static_dir() / name).is_file()] == []


def test_the_stylesheet_of_the_residents_pages_is_small_and_has_no_crown() -> None:
    name = json.loads((static_dir() / "manifest.json").read_text())["main.css"]
    css = (static_dir() / name).read_text()

    assert (static_dir() / f"{name}.gz").stat().st_size <= 12_000
    assert "GDS Transport" not in css
    assert "crest" not in css


def test_setup_cfg_names_every_package_there_is() -> None:
    folders = {path.parent for path in (ROOT / "mapsvc").rglob("*.py")}
    found = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    named = set(setup_cfg()["options"]["packages"].split())

    assert named == found | {"mapsvc.templates", "mapsvc.geodata"}


def test_run_says_which_python_it_needs_before_it_uses_anything_newer() -> None:
    tree = ast.parse((ROOT / "run").read_text(), feature_version=(3, 6))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    check = next(node for node in tree.body if isinstance(node, ast.If))

    assert [name.name for node in imports if node.lineno < check.lineno for name in node.names] == [
        "sys"
    ]


def test_run_explains_itself_when_it_is_called_wrongly() -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "run", "dmeo"], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 2
    assert "./run demo" in answer.stderr


def test_a_part_is_set_up_again_only_when_one_of_its_files_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = run_script()
    monkeypatch.setattr(script, "VENV", tmp_path)
    source, result = tmp_path / "source", tmp_path / "result"
    source.write_text("one")
    result.touch()

    assert script.is_stale("part", [source], result)
    script.stamp("part", [source])
    assert not script.is_stale("part", [source], result)
    source.write_text("two")
    assert script.is_stale("part", [source], result)
    source.write_text("one")
    result.unlink()
    assert script.is_stale("part", [source], result)


@pytest.mark.parametrize("uv_exits", [0, 1])
def test_pip_installs_where_uv_cannot(
    uv_exits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, asked = run_script(), tmp_path / "asked"
    programs = {"uv": f'[ "$1" = --version ] || exit {uv_exits}', "python": f'echo "$@" >> {asked}'}
    (tmp_path / "bin").mkdir()
    for name, lines in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{lines}\n")
        program.chmod(0o755)
    monkeypatch.setattr(script, "VENV", tmp_path)
    monkeypatch.setattr(script, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    script.install("thing==1")

    said = asked.read_text().splitlines() if asked.exists() else []
    assert [line for line in said if "install" in line] == (
        ["-m pip install -qq --use-pep517 thing==1"] if uv_exits else []
    )


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["tests/test_crs.py"], "pytest tests/test_crs.py"),
        (["tests/test_crs.py::test_x", "-x"], "pytest tests/test_crs.py::test_x -x"),
        (["tests/store"], "pytest -n 2 tests/store"),
        (["-k", "search"], "pytest -n 2 --dist worksteal -k search"),
        (["--fast"], "pytest -n 2 --dist worksteal --fast"),
    ],
)
def test_workers_start_only_where_there_is_much_to_test(words: list[str], command: str) -> None:
    assert " ".join(run_script().pytest_command(words, workers="2")) == command


def test_run_names_the_command_where_python_cannot_make_environments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = run_script()
    monkeypatch.setattr(script, "has_venv_module", lambda: False)
    monkeypatch.setattr(script, "can_apt_install", lambda: False)

    with pytest.raises(SystemExit, match="sudo apt-get install python3-venv"):
        script.require_venv_module()


def test_the_browser_opens_a_page_and_axe_judges_it(
    browser: Browser, axe_violations: Callable[[Page], list[dict[str, Any]]]
) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>Grass</title><main><h1>Grass</h1><img src='data:,'></main>"
    )

    assert page.title() == "Grass"
    assert [violation["id"] for violation in axe_violations(page)] == ["image-alt"]
    page.close()


def test_every_test_gets_a_postgis_of_its_own(postgis_url: str) -> None:
    engine = create_engine(postgis_url)
    with engine.connect() as connection:
        length = connection.execute(text("SELECT ST_Length('LINESTRING(0 0, 3 4)'::geometry)"))

        assert length.scalar_one() == 5
    engine.dispose()


def setup_cfg() -> configparser.ConfigParser:
    """The parsed setup.cfg."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg")
    return config


def run_script() -> ModuleType:
    """`run`, which has no ending, as a module."""
    loader = SourceFileLoader("run_script", str(ROOT / "run"))
    module = module_from_spec(spec_from_loader("run_script", loader))
    loader.exec_module(module)
    return module
