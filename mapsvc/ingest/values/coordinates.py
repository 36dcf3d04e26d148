"""The position of a row from its columns: easting and northing, lon and lat, WKT, or two ends.

Whether the numbers are where they claim to be is checked in `geometries`.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from mapsvc.crs import WGS84, code_of
from mapsvc.errors import WrongCrs
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.values.names import clean_text

PAIRS = (("easting", "northing"), ("lon", "lat"))
ENDS = ("start_easting", "start_northing", "end_easting", "end_northing")

DEEPEST = 4
"""Brackets within brackets: GEOMETRYCOLLECTION (MULTIPOLYGON (((…))))."""

_WKT = re.compile(
    r"\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(ZM|Z|M)?\s*\(", re.IGNORECASE
)
_SRID = re.compile(r"^\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[,\s](?=\d{3}\b)")


@dataclass(frozen=True, slots=True)
class WrittenPosition:
    """A position as the row has it.

    Parameters
    ----------
    geometry : in `crs`; None when there is none, or it cannot be read
    crs : that of the columns; empty when the row does not say (WKT)
    column, value : where it stands, for a problem
    fault : a sentence about what is there and cannot be read; empty otherwise
    """

    geometry: BaseGeometry | None = None
    crs: str = ""
    column: str = ""
    value: str = ""
    fault: str = ""


def written_position(cells: Mapping[str, Cell], local_crs: str) -> WrittenPosition:
    """The first of WKT, easting and northing, lon and lat, and start and end that is filled.

    Eastings and northings are those of the local CRS.
    """
    if clean_text(cells.get("wkt")):
        return _of_wkt(str(cells["wkt"]))
    fault = WrittenPosition()
    for x, y in PAIRS:
        found = _of_pair(cells, x, y, WGS84 if x == "lon" else local_crs)
        if found.geometry is not None:
            return found
        fault = fault if fault.fault else found
    ends = _of_ends(cells, local_crs)
    return ends if ends.geometry is not None or not fault.fault else fault


def _of_pair(cells: Mapping[str, Cell], x: str, y: str, crs: str) -> WrittenPosition:
    texts = [clean_text(cells.get(column)) for column in (x, y)]
    if not any(texts):
        return WrittenPosition()
    value = ", ".join(texts)
    numbers = [_number(text, crs == WGS84) for text in texts]
    for column, text, number in zip((x, y), texts, numbers, strict=True):
        if number is None:
            return WrittenPosition(column=column, value=text, fault=_no_number(column, text))
    if not any(numbers):
        return WrittenPosition(column=x, value=value, fault=f"The position is 0, 0. {_WRITE}")
    return WrittenPosition(Point([number or 0.0 for number in numbers]), crs, x, value)


_WRITE = "Write its easting and northing, or its lon and lat."


def _no_number(column: str, text: str) -> str:
    if not text:
        return f"There is no {column}. {_WRITE}"
    return f"{text[:40]!r} cannot be the {column}. {_WRITE}"


def _number(text: str, is_degrees: bool = False) -> float | None:
    """A finite number. `453,210` and `453 210` have thousands; in degrees a comma is decimal."""
    plain = text.replace(",", ".") if is_degrees else _THOUSANDS.sub("", text).replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _of_ends(cells: Mapping[str, Cell], local_crs: str) -> WrittenPosition:
    numbers = [number for column in ENDS if (number := _metres(cells, column)) is not None]
    if len(numbers) < len(ENDS):
        return WrittenPosition()
    start, end = (numbers[0], numbers[1]), (numbers[2], numbers[3])
    shape = Point(start) if start == end else LineString([start, end])
    return WrittenPosition(shape, local_crs, ENDS[0], ", ".join(map(str, numbers)))


def _metres(cells: Mapping[str, Cell], column: str) -> float | None:
    return _number(clean_text(cells.get(column)))


def _of_wkt(text: str) -> WrittenPosition:
    srid = _SRID.match(text)
    shape = wkt_geometry(text[srid.end() :] if srid else text)
    if shape is None:
        fault = (
            f"{clean_text(text)[:40]!r} cannot be read as WKT, such as POINT (453210 287654). "
            "Write it again or use easting and northing."
        )
        return WrittenPosition(column="wkt", value=clean_text(text)[:60], fault=fault)
    try:
        crs = code_of(f"EPSG:{srid[1]}") if srid else ""
    except WrongCrs as error:
        return WrittenPosition(column="wkt", value=clean_text(text)[:60], fault=str(error))
    return WrittenPosition(shape, crs, "wkt", clean_text(text)[:60])


def wkt_geometry(text: str) -> BaseGeometry | None:
    """The geometry of a cell in WKT; None for what is none, is empty, has curves or is nested.

    Curves are unknown to shapely, and collections within collections could overflow the stack
    of its parser, which runs in this process: the depth is counted first.
    """
    if not _WKT.match(text) or _depth(text) > DEEPEST:
        return None
    try:
        with np.errstate(all="ignore"):
            shape = shapely.from_wkt(text, on_invalid="ignore")
    except (NotImplementedError, TypeError, ValueError):
        return None
    return None if shape is None or shape.is_empty else shape


def _depth(text: str) -> int:
    """How deep brackets are nested."""
    deepest = depth = 0
    for bracket in re.findall(r"[()]", text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest
