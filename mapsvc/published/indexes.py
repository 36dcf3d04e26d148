"""The folders with the indexes of what is published: made when one is missing, deleted when unused.

What is asked of the indexes is in `atlas` and `search`.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc import crs
from mapsvc.domain.streets import STREET_COLUMNS, Place, divided_places, parse_alt_names
from mapsvc.published.located import streets_in_their_places
from mapsvc.search.index import Label, build_text_index
from mapsvc.search.records import StreetRecord, build_records
from mapsvc.search.space import build_space_index
from mapsvc.store.database import Store
from mapsvc.store.editions import Edition

FIELDS = (*STREET_COLUMNS[1:-1], "parish_code")
"""What an index keeps of a street besides its id and its line."""

_LABEL_COLUMNS = (
    "name", "locality", "town", "parish", "alt_names", "road_number", "postcode_district"
)  # fmt: skip

FORMAT = 7
"""Raised when the indexes of an older version cannot be read any more."""

KEPT_FOLDERS = 4
"""Those opened last. Another process may still answer from the one before the newest."""

DAY = 86_400
"""Seconds after which a draft is what a process left that was killed."""


def indexes_of(
    store: Store,
    gazetteer: Edition | None,
    boundaries: Edition | None,
    places: Sequence[Place],
    folder: Path,
    local_crs: str,
) -> Path:
    """The folder with the indexes of a gazetteer, made when it is not there yet; then those are
    deleted that nobody opened lately.
    """
    where = folder / _folder_name(gazetteer, boundaries, places)
    if not where.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
        try:
            streets = _no_streets()
            if gazetteer is not None:
                streets = streets_in_their_places(store, gazetteer, boundaries)
            _build(draft, streets, places, local_crs)
            _move_into_place(draft, where)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _delete_unused(folder)
    with suppress(OSError):  # not ours to write: then nobody deletes here
        os.utime(where)  # opened now
    return where


def _delete_unused(folder: Path) -> None:
    """Keep the folders that were opened last, and drafts that somebody may be writing."""
    made = sorted(folder.glob("gazetteer-*"), key=_opened_at, reverse=True)
    left = [draft for draft in folder.glob("draft-*") if _opened_at(draft) < time.time() - DAY]
    for unused in [*made[KEPT_FOLDERS:], *left]:
        shutil.rmtree(unused, ignore_errors=True)


def _opened_at(folder: Path) -> float:
    """When, in seconds of the system's clock; 0 for one that another process has just deleted."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0


def _folder_name(
    gazetteer: Edition | None, boundaries: Edition | None, places: Sequence[Place]
) -> str:
    """A name that no other content has: a new store counts its editions from 1 again."""
    editions = [e and (e.number, e.sha256, e.at) for e in (gazetteer, boundaries)]
    content = FORMAT, editions, places
    digest = hashlib.sha256(repr(content).encode()).hexdigest()[:12]
    return f"gazetteer-{gazetteer.number if gazetteer else 0}-{digest}"


def _move_into_place(draft: Path, where: Path) -> None:
    try:
        os.rename(draft, where)
    except OSError:  # another process was first, with the same content
        if not where.exists():
            raise


def _no_streets() -> gpd.GeoDataFrame:
    columns = dict.fromkeys(("id", *FIELDS), ())
    return gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=crs.LOCAL)


def _build(
    folder: Path, streets: gpd.GeoDataFrame, places: Sequence[Place], local_crs: str
) -> None:
    lines = np.asarray(streets.geometry.array, dtype=object)
    build_records(folder, _records(streets, lines, local_crs))
    build_text_index(folder, _labels(streets, places))
    rows = _with_a_line(lines)
    boxes = zip(rows.tolist(), map(tuple, shapely.bounds(lines[rows]).tolist()), strict=True)
    build_space_index(folder, boxes)


def _with_a_line(lines: crs.Geometries) -> NDArray[np.intp]:
    return np.flatnonzero(~(shapely.is_missing(lines) | shapely.is_empty(lines)))


def _records(
    streets: gpd.GeoDataFrame, lines: crs.Geometries, local_crs: str
) -> Iterator[StreetRecord]:
    points = _label_points(lines, local_crs)
    lons, lats = shapely.get_x(points).tolist(), shapely.get_y(points).tolist()
    texts = zip(*(streets[name].tolist() for name in FIELDS), strict=True)
    columns = streets["id"].tolist(), texts, lats, lons, shapely.to_wkb(lines)
    for row, (street_id, said, lat, lon, wkb) in enumerate(zip(*columns, strict=True)):
        yield StreetRecord(row, street_id, dict(zip(FIELDS, said, strict=True)), lat, lon, wkb)


def _label_points(lines: crs.Geometries, local_crs: str) -> crs.Geometries:
    """A point on each line, halfway along its longest part; in EPSG:4326. None where is no line."""
    rows, points = _with_a_line(lines), np.full(len(lines), None, dtype=object)
    points[rows] = _halfway(_longest_parts(lines[rows]))
    return crs.to_wgs84(points, local_crs)


def _longest_parts(lines: crs.Geometries) -> crs.Geometries:
    """Of each geometry its longest part, of equals the first."""
    parts, owners = shapely.get_parts(lines, return_index=True)
    longest_first = np.lexsort((-shapely.length(parts), owners))
    starts = np.searchsorted(owners, np.arange(len(lines)))
    return np.asarray(parts[longest_first[starts]], dtype=object)


def _halfway(parts: crs.Geometries) -> crs.Geometries:
    """The middle of each line; of a point, and of a line without length, where it is."""
    middles = np.array(shapely.centroid(parts), dtype=object)
    long = shapely.length(parts) > 0
    middles[long] = shapely.line_interpolate_point(parts[long], 0.5, normalized=True)
    return middles


def _labels(streets: gpd.GeoDataFrame, places: Sequence[Place]) -> Iterator[Label]:
    sizes = Counter(streets["town"].tolist())
    columns = (streets[name].tolist() for name in _LABEL_COLUMNS)
    for row, texts in enumerate(zip(*columns, strict=True)):
        name, locality, town, parish, alt_names, road_number, district = texts
        yield Label(
            row=row,
            name=name,
            place=tuple(filter(None, (locality, town, *divided_places(parish)))),
            alt_names=tuple(other.text for other in parse_alt_names(alt_names)),
            road_number=road_number,
            district=district,
            size=float(sizes[town]),
        )
    for row, place in enumerate(places, start=len(streets)):
        kind = "postcode" if place.kind == "postcode" else "settlement"
        yield Label(row=row, name=place.name, kind=kind)
