"""The one shape in which every file's content arrives from the limited child: sheets of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # shapely takes 0.1 s to import, and a table needs none
    from shapely.geometry.base import BaseGeometry

    from mapsvc.problems import Problem

Cell = str | int | float | bool | date | None
"""A cell as the file types it. CSV gives text only; empty is None. No datetime: its date."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row or feature; `number` as the spreadsheet shows it (features count from 1)."""

    number: int
    cells: Sequence[Cell]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table or layer of one file. `rows` may be read once only: reference files stream.

    Parameters
    ----------
    file : the name that the person gave, never a path
    name : sheet or layer, empty for CSV
    headings : as written, in order, trimmed; blank ones are "". Empty when the table has no
        heading row: then `rows` begin with the first row of the file
    crs : what the file claims, as `EPSG:4326` or WKT; empty when it does not say
    notes : sentences about how it was read ("read as cp1252", "2 hidden rows were read too");
        complete when `rows` are read to their end
    problems : rows that could not be read and were left out, cells that hold a formula without
        a value; complete when `rows` are read to their end
    """

    file: str
    name: str
    headings: tuple[str, ...]
    rows: Iterator[Row]
    crs: str = ""
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
