"""Where the templates, the shipped data and the built assets are. Reads none of them."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """The folder of the page templates."""
    return _inside_or_beside("templates")


def geodata_dir() -> Path:
    """The folder of the data that ships with the code."""
    return _inside_or_beside("geodata")


def static_dir() -> Path:
    """The folder of the built assets; `./run setup` fills it."""
    return _PACKAGE / "static"


def _inside_or_beside(name: str) -> Path:
    """An installed package carries the folder; in a checkout it lies beside the package."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
