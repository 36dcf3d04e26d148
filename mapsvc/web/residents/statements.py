"""The accessibility statement and the privacy notice: the council's own texts, else honest ones.

They are plain text: `# ` begins a heading, `- ` an entry of a list, an empty line a paragraph.
"""

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, cast

from flask import Blueprint, Flask, Response, current_app, render_template

from mapsvc.config import Settings
from mapsvc.errors import SettingError
from mapsvc.web.residents.pages import page_response

TITLES = {"accessibility": "Accessibility", "privacy": "Privacy"}
MARKS = {"# ": "heading", "- ": "list"}

blueprint = Blueprint("statements", __name__)


class Block(NamedTuple):
    """Lines of one `kind`: heading, list or paragraph."""

    kind: str
    lines: tuple[str, ...]


def register(app: Flask, settings: Settings) -> None:
    """Read the council's own texts, once. SettingError for a folder or file that cannot be read."""
    app.extensions["statements"] = read_statements(settings.statements)
    app.register_blueprint(blueprint)


def read_statements(folder: Path | None) -> dict[str, str]:
    """The texts that are in a folder, by name; none without a folder."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise SettingError("no_folder_of_statements", folder=str(folder))
    files = {name: folder / f"{name}.txt" for name in TITLES}
    return {name: _text(file) for name, file in files.items() if file.exists()}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError("statement_unreadable", path=str(file), reason=str(error)) from None


def blocks_of(text: str) -> list[Block]:
    """A text as blocks, whatever the ends of its lines."""
    found = []
    for part in re.split(r"\n\s*\n", "\n".join(text.splitlines())):
        lines = filter(None, map(str.strip, part.split("\n")))
        for kind, group in groupby(lines, lambda line: MARKS.get(line[:2], "paragraph")):
            found.append(
                Block(kind, tuple(line if kind == "paragraph" else line[2:] for line in group))
            )
    return found


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """How accessible the service is, and whom to tell when it is not."""
    return _statement("accessibility")


@blueprint.get("/privacy")
def privacy() -> Response:
    """What the service knows of those who use it."""
    return _statement("privacy")


def _statement(name: str) -> Response:
    own = cast(Mapping[str, str], current_app.extensions["statements"]).get(name)
    text = own if own is not None else render_template(f"statements/{name}.txt")
    page = render_template(
        "statement.html", title=TITLES[name], blocks=blocks_of(text), is_own=own is not None
    )
    return page_response(page)
