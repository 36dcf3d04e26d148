"""A setting, a command or a route that docs/ does not mention fails here."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from mapsvc.cli import main
from mapsvc.config import Settings

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture(scope="module")
def docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md")))


def command_names(command: click.Command, name: str = "mapsvc") -> Iterator[str]:
    """`mapsvc search`, `mapsvc user add` … of every command that does something."""
    if isinstance(command, click.Group):
        for word, below in command.commands.items():
            if not below.hidden:
                yield from command_names(below, f"{name} {word}")
    else:
        yield name


def command_options(command: click.Command) -> Iterator[str]:
    """The long names of the options of a command and of those below it."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from command_options(below)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield from (name for name in parameter.opts if name.startswith("--"))


def readable(rule: str) -> str:
    """A route as docs write it: `/streets/<id>`, whatever converter Flask is told to use."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"<\1>", rule)


def is_mentioned(term: str, text: str) -> bool:
    """Whether the term stands there as a whole, not as the beginning of a longer one."""
    return re.search(rf"(?<![\w/-]){re.escape(term)}(?![\w/<-])", text) is not None


def test_every_setting_is_in_the_docs(docs: str) -> None:
    names = [f"MAPSVC_{field.name.upper()}" for field in fields(Settings)]

    assert [name for name in names if not is_mentioned(name, docs)] == []


def test_every_setting_in_the_docs_exists(docs: str) -> None:
    names = {f"MAPSVC_{field.name.upper()}" for field in fields(Settings)}

    assert set(re.findall(r"\bMAPSVC_[A-Z_]+[A-Z]\b", docs)) - names == set()


def test_every_command_is_in_the_docs(docs: str) -> None:
    assert [name for name in command_names(main) if not is_mentioned(name, docs)] == []


def test_every_option_of_a_command_is_in_the_docs(docs: str) -> None:
    options = sorted(set(command_options(main)))

    assert [name for name in options if not is_mentioned(name, docs)] == []


def test_every_route_is_in_the_docs(docs: str, tmp_path: Path) -> None:
    from mapsvc.web.app import create_app

    app = create_app(Settings(data=tmp_path))
    routes = sorted({readable(rule.rule) for rule in app.url_map.iter_rules()} - {"/"})

    assert [route for route in routes if not is_mentioned(route, docs)] == []


def test_a_longer_name_is_no_mention_of_a_shorter_one() -> None:
    assert is_mentioned("/map", "see `/map`, the map")
    assert not is_mentioned("/map", "see `/map/list`")
    assert not is_mentioned("MAPSVC_DATA", "MAPSVC_DATABASE_URL")
    assert readable("/tiles/<int:edition>/<z>.json") == "/tiles/<edition>/<z>.json"
