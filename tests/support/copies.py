"""What tests make once in a process and take copies of, because making it takes seconds."""

import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from mapsvc.services.state.council import Council
from mapsvc.store.database import open_store


@functools.cache
def kept() -> Path:
    """The folder of this process for what is copied; `forget_kept` removes it."""
    return Path(tempfile.mkdtemp(prefix="mapsvc-copies-"))


def forget_kept() -> None:
    """Remove the folder, if anything was kept."""
    if kept.cache_info().currsize:
        shutil.rmtree(kept(), ignore_errors=True)


def copy_of(key: str, make: Callable[[Path], Council], folder: Path) -> None:
    """Put into `folder` what `make(other_folder)` leaves there, made once for each key."""
    if key not in _MADE:
        made = Path(tempfile.mkdtemp(dir=kept()))
        make(made).close()
        _MADE[key] = made
    shutil.copytree(_MADE[key], folder, dirs_exist_ok=True)


_MADE: dict[str, Path] = {}


def copy_of_new_store(file: Path) -> Path:
    """Put a store that holds nothing yet at `file`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_new_store(), file)
    return file


@functools.cache
def _new_store() -> Path:
    file = kept() / "new.gpkg"
    open_store(file).close()
    return file
