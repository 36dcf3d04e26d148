"""The built wheel: what it carries, and that it serves the demo without the checkout."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from mapsvc.resources import geodata_dir, static_dir, templates_dir
from tests.support.postgis import free_port

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, because a build leaves files behind."""
    scratch = tmp_path_factory.mktemp("wheel")
    source = scratch / "source"
    source.mkdir()
    for name in ("mapsvc", "templates", "geodata"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, scratch], cwd=source, check=True, capture_output=True
    )
    (built,) = scratch.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """The programs of an environment that holds the wheel alone, and finds what it requires."""
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    subprocess.run([*_installer(python), "--no-deps", wheel], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A line in a .pth adds one folder; what that folder's own .pth files add (the checkout) it
    # does not
    (packages / "requirements.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def _installer(python: Path) -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--offline", "--python", str(python)]
    return [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]


@contextmanager
def serving(command: list[str], folder: Path, port: int) -> Iterator[str]:
    """A demo that is served until the block ends; its address."""
    process = subprocess.Popen(command, cwd=folder, env=_environment(folder))
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, "the demo ended by itself"
            try:
                urlopen(f"{address}/readyz").close()
                break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _environment(folder: Path) -> dict[str, str]:
    """No variable that could lead to the checkout."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


def page(address: str) -> str:
    with urlopen(address) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_the_wheel_carries_templates_geodata_and_the_built_assets(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"mapsvc/__main__.py", "mapsvc/py.typed"} <= names
    for package, folder in (("templates", templates_dir()), ("geodata", geodata_dir())):
        expected = {f"mapsvc/{package}/{name}" for name in files_below(folder)}
        assert expected - names == {name for name in expected if "/templates/assets/" in name}
    assert {f"mapsvc/static/{name}" for name in files_below(static_dir())} - names == {
        "mapsvc/static/.gitkeep"
    }


def files_below(folder: Path) -> list[str]:
    """The files of a folder as they are named in a wheel."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [
        path.relative_to(folder).as_posix() for path in files if "__pycache__" not in path.parts
    ]


def test_the_wheel_serves_the_demo_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    demo = [str(installed / "mapsvc"), "demo", "--data", str(tmp_path / "demo")]
    ask = "import mapsvc, sys; print(mapsvc.__file__, *sys.path, sep='\\n')"
    said = subprocess.run(
        [installed / "python", "-c", ask], cwd=tmp_path, env=_environment(tmp_path),
        check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    made = subprocess.run(
        [*demo, "--no-serve"], cwd=tmp_path, env=_environment(tmp_path), capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert said[0].startswith(str(tmp_path))
    assert str(ROOT) not in said
    assert made.returncode == 0, made.stdout + made.stderr
    with serving([*demo, "--port", str(port)], tmp_path, port) as address:
        assert "Rivershire County Council" in page(f"{address}/")
        (stylesheet, *_) = re.findall(r'href="(/static/[^"]+\.css)"', page(f"{address}/"))
        assert "govuk" in page(address + stylesheet)
        (street, *_) = re.findall(r'href="(/streets/[^"]+)"', page(f"{address}/?q=church+lane"))
        assert "<h1" in page(address + street)
