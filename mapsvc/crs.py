"""Coordinate reference systems: the one place that knows pyproj and the OSTN15 grid.

Everything is stored and measured in the local CRS (EPSG:27700 unless MAPSVC_CRS says else) and
turned to EPSG:4326 at the edges. pyproj without the OSTN15 grid is silently up to 5 m off, so
the British National Grid goes through `convertbng`, which carries the grid.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from convertbng.cutil import convert_bng, convert_lonlat
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from mapsvc.errors import WrongCrs

LOCAL = "EPSG:27700"
WGS84 = "EPSG:4326"
WEB_MERCATOR = "EPSG:3857"

BRITISH_GRID_BOUNDS = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""West, south, east, north of the National Grid in EPSG:27700 (Ordnance Survey)."""

_GEOGRAPHIC_LIKE_WGS84 = {"EPSG:4326", "EPSG:4258", "EPSG:4979", "OGC:CRS84"}

Coordinates = NDArray[np.float64]
Geometries = NDArray[np.object_]


def code_of(crs: str) -> str:
    """The `EPSG:n` code of a code or WKT, or the text as it is when it has none.

    Raises
    ------
    WrongCrs : when the text describes no coordinate reference system.
    """
    try:
        authority = _crs(crs).to_authority(min_confidence=25)
    except CRSError:
        raise WrongCrs(
            f"There is no coordinate reference system {crs[:60]!r}. Enter a code, like EPSG:27700."
        ) from None
    return ":".join(authority) if authority else crs


def wkt_of(crs: str) -> str:
    """The description of a CRS in WKT 1, which a GeoPackage keeps."""
    return str(_crs(crs).to_wkt("WKT1_GDAL"))


@lru_cache(maxsize=32)
def _crs(crs: str) -> CRS:
    return CRS.from_user_input(crs)


@lru_cache(maxsize=32)
def _transformer(from_crs: str, to_crs: str) -> Transformer:
    return Transformer.from_crs(from_crs, to_crs, always_xy=True)


def transform(x: Coordinates, y: Coordinates, from_crs: str, to_crs: str) -> Coordinates:
    """Coordinates of `from_crs` in `to_crs`, x (or longitude) first.

    Parameters
    ----------
    x, y : (n,) each

    Returns
    -------
    (n, 2); NaN where the point lies outside the grid of either system.
    """
    x, y = np.ascontiguousarray(x, dtype=float), np.ascontiguousarray(y, dtype=float)
    source, target = code_of(from_crs), code_of(to_crs)
    if source == target or {source, target} <= _GEOGRAPHIC_LIKE_WGS84:
        return np.column_stack([x, y])
    if target == LOCAL:
        lon, lat = transform(x, y, source, WGS84).T
        return np.column_stack(convert_bng(lon.copy(), lat.copy()))
    if source == LOCAL:
        lon, lat = convert_lonlat(x, y)
        return transform(np.asarray(lon), np.asarray(lat), WGS84, target)
    return np.column_stack(_transformer(source, target).transform(x, y))


def convert(geometries: Any, from_crs: str, to_crs: str) -> Geometries:
    """Geometries of `from_crs` in `to_crs`, two-dimensional, None kept as None.

    Parameters
    ----------
    geometries : (n,) shapely geometries or None

    Returns
    -------
    (n,) geometries; coordinates outside the grid of either system are infinite
    """
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    if code_of(from_crs) == code_of(to_crs):
        return np.asarray(flat, dtype=object)

    def moved(points: Coordinates) -> Coordinates:
        there = transform(points[:, 0], points[:, 1], from_crs, to_crs)
        # NaN is not equal to itself, and GEOS refuses a ring whose ends are not
        return np.where(np.isfinite(there), there, np.inf)

    return np.asarray(shapely.transform(flat, moved), dtype=object)


def to_local(geometries: Any, from_crs: str, local_crs: str = LOCAL) -> Geometries:
    """Geometries in the local CRS; see `convert`."""
    return convert(geometries, from_crs, local_crs)


def to_wgs84(geometries: Any, local_crs: str = LOCAL) -> Geometries:
    """Geometries of the local CRS as longitude and latitude; see `convert`."""
    return convert(geometries, local_crs, WGS84)


def point_to_local(lon: float, lat: float, local_crs: str = LOCAL) -> tuple[float, float]:
    """A longitude and latitude in the local CRS.

    Raises
    ------
    WrongCrs : when the point is none on earth or lies outside the local CRS.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise WrongCrs(f"{lat}, {lon} cannot be a latitude and longitude.")
    x, y = transform(np.array([lon]), np.array([lat]), WGS84, local_crs)[0]
    if not (np.isfinite(x) and np.isfinite(y)):
        raise WrongCrs(f"{lat}, {lon} lies outside the area of {local_crs}.")
    return float(x), float(y)


def point_to_wgs84(x: float, y: float, local_crs: str = LOCAL) -> tuple[float, float]:
    """A point of the local CRS as (longitude, latitude); NaN outside its grid."""
    lon, lat = transform(np.array([x]), np.array([y]), local_crs, WGS84)[0]
    return float(lon), float(lat)


def require_crs(actual: Any, expected: str = LOCAL) -> None:
    """Nothing, when `actual` is the expected CRS.

    Raises
    ------
    WrongCrs : when it is another one, or none.
    """
    if actual is None or code_of(str(actual)) != code_of(expected):
        raise WrongCrs(f"Coordinates are in {actual}, and {expected} is needed here.")


def looks_like(x: float, y: float) -> str:
    """The system that one pair of numbers is plausible in, judged for Great Britain.

    `EPSG:4326` (longitude, latitude), `swapped` (latitude, longitude), `EPSG:27700`,
    `EPSG:3857`, or empty. The National Grid and Web Mercator do not overlap there: Mercator
    northings of Great Britain begin at 6,400,000.
    """
    if not (np.isfinite(x) and np.isfinite(y)):
        return ""
    if -9.5 <= x <= 2.5 and 49 <= y <= 61.5:
        return WGS84
    if 49 <= x <= 61.5 and -9.5 <= y <= 2.5:
        return "swapped"
    if -1_100_000 <= x <= 280_000 and 6_300_000 <= y <= 8_800_000:
        return WEB_MERCATOR
    west, south, east, north = BRITISH_GRID_BOUNDS
    if west < x <= east and south < y <= north and max(x, y) > 1000:
        return LOCAL
    return ""
