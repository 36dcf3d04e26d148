"""The one shape in which every file's content arrives from the limited child: sheets of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry.base import BaseGeometry

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
    headings : as written, in order; blank ones are ""
    crs : what the file claims, as `EPSG:4326` or WKT; empty when it does not say
    notes : sentences about how it was read ("read as cp1252", "2 hidden rows were read too")
    """

    file: str
    name: str
    headings: tuple[str, ...]
    rows: Iterator[Row]
    crs: str = ""
    notes: list[str] = field(default_factory=list)
