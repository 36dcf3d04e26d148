"""How each status looks: colour, line pattern and symbol. One table for pages, SVG and map.

The table itself is `statuses.json` beside this module, because the stylesheet is built from it
too (scripts/build_assets.mjs). Nothing here draws.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mapsvc.domain.status import Status

LAND = "#f3f2ec"
"""The map's background; every status colour has a contrast of 3 to 1 against it."""


@dataclass(frozen=True, slots=True)
class Look:
    """`dash` is an SVG dash array in pixels, empty for a full line; `symbol` a path in 16 × 16."""

    colour: str
    dash: tuple[float, ...]
    symbol: str


def _read() -> dict[Status, Look]:
    table = json.loads(Path(__file__).with_name("statuses.json").read_text(encoding="utf-8"))
    return {
        Status(code): Look(look["colour"], tuple(look["dash"]), look["symbol"])
        for code, look in table.items()
    }


LOOKS: Mapping[Status, Look] = _read()
