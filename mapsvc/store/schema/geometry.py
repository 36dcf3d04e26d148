"""Geometry columns: the type, and geometries to and from what each database stores, in bulk.

A GeoPackage stores a header and WKB; PostGIS takes and gives EWKB in hexadecimal.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

HEADER = np.dtype(
    [("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs", "<i4"), ("box", "<f8", 4)]
)
LITTLE_ENDIAN_WITH_BOX = 0b011
"""Flags of the header: little endian, and a box of minx, maxx, miny, maxy follows."""
BOX_BYTES = (0, 32, 48, 48, 64)
"""Bytes of the box by its code in the flags (GeoPackage 1.4, clause 2.1.3)."""

Geometries = NDArray[np.object_]


class Geometry(UserDefinedType[Any]):
    """A column of geometries of one CRS; values are made by `encode` and read by `decode`."""

    cache_ok = True

    def __init__(self, srid: int = 0) -> None:
        self.srid = srid

    def get_col_spec(self, **_: Any) -> str:
        """The type in PostGIS."""
        return f"geometry(Geometry,{self.srid})"


@compiles(Geometry, "sqlite")
def _name_for_gdal(_type: Geometry, _compiler: Any, **_: Any) -> str:
    return "GEOMETRY"


def encode(geometries: Any, srid: int, dialect: str) -> list[bytes | str | None]:
    """What `dialect` stores for (n,) geometries, two-dimensional; None and empty become None."""
    flat = np.array(shapely.force_2d(np.asarray(geometries, dtype=object)))
    flat[shapely.is_empty(flat)] = None
    if dialect == "postgresql":
        return list(shapely.to_wkb(shapely.set_srid(flat, srid), hex=True, include_srid=True))
    bodies = shapely.to_wkb(flat, byte_order=1)
    headers = _headers(flat, srid)
    return [body and head + body for head, body in zip(headers, bodies, strict=True)]


def _headers(geometries: Geometries, srid: int) -> list[bytes]:
    headers = np.zeros(len(geometries), dtype=HEADER)
    headers["magic"], headers["flags"], headers["srs"] = b"GP", LITTLE_ENDIAN_WITH_BOX, srid
    headers["box"] = shapely.bounds(geometries)[:, [0, 2, 1, 3]]
    whole, size = headers.tobytes(), HEADER.itemsize
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def decode(values: Sequence[Any]) -> Geometries:
    """Geometries of (n,) stored values of either database, None kept as None."""
    bodies = [_body(value) if isinstance(value, bytes) else value for value in values]
    return np.asarray(shapely.from_wkb(np.array(bodies, dtype=object)), dtype=object)


def _body(blob: bytes) -> bytes:
    return blob[8 + BOX_BYTES[(blob[3] >> 1) & 0b111] :]


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else (blob[3] >> 4) & 1


def _side(position: int) -> Callable[[bytes | None], float | None]:
    """One side of the box of a blob: minx, maxx, miny, maxy by position."""
    read_side = struct.Struct(f"<{8 + 8 * position}xd").unpack_from

    def side(blob: bytes | None) -> float | None:
        if blob is None or _is_empty(blob):
            return None
        if blob[3] == LITTLE_ENDIAN_WITH_BOX:
            return float(read_side(blob)[0])
        west, south, east, north = shapely.from_wkb(_body(blob)).bounds
        return float((west, east, south, north)[position])

    return side


SQL_FUNCTIONS: dict[str, Callable[[bytes | None], Any]] = {
    "ST_IsEmpty": _is_empty,
    "ST_MinX": _side(0),
    "ST_MaxX": _side(1),
    "ST_MinY": _side(2),
    "ST_MaxY": _side(3),
}
"""The functions that the R-tree triggers of a GeoPackage call, to register on a connection."""


def bounds(geometries: Geometries) -> list[float] | None:
    """West, south, east, north of all geometries, or None when there are none."""
    shapes = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    return [float(side) for side in shapely.total_bounds(shapes)] if len(shapes) else None
