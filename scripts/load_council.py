"""A council with two nations of streets, to measure on. Not for councils: nothing is checked.

The names are those of ../shared/data/streetnames_load, each with its place and its position.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd

from mapsvc.config import Settings
from mapsvc.domain.streets import STREET_COLUMNS
from mapsvc.services.state.council import Council
from mapsvc.store.editions import EditionDraft

DATA = Path(__file__).resolve().parents[1] / "../shared/data/streetnames_load"
LOCAL_CRS = "EPSG:3035"
PUBLISHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def read_rows() -> Iterator[tuple[str, str, float, float]]:
    """(name, place, longitude, latitude) of every row."""
    for nation in ("IE", "NO"):
        with gzip.open(DATA / f"stn_{nation}.csv.gz", "rt", encoding="utf-8") as file:
            rows = csv.reader(file, delimiter="$")
            next(rows)
            for _, name, _, _, place, lon, lat in rows:
                yield name, place, float(lon), float(lat)


def publish_load(data: Path) -> None:
    """Publish the streets into the folder `data`, and make their indexes."""
    council = Council.open(Settings(data=data, crs=LOCAL_CRS))
    streets = _streets()
    draft = EditionDraft(
        kind="gazetteer",
        files=("streetnames_load",),
        sha256="0" * 64,
        counts={"streets": len(streets)},
        problems=0,
        attribution="© OpenStreetMap contributors",
        streets=streets,
    )
    council.store.editions.publish(draft, base=None, by="bench", at=PUBLISHED)
    print(f"{council.moment.atlas.street_count:,} streets are published in {data}")
    council.close()


def _streets() -> gpd.GeoDataFrame:
    names, places, lon, lat = zip(*read_rows(), strict=True)
    columns: dict[str, object] = dict.fromkeys(STREET_COLUMNS[:-1], "")
    columns |= {"id": [f"L{at}" for at in range(len(names))], "name": names, "town": places}
    points = gpd.points_from_xy(lon, lat, crs="EPSG:4326").to_crs(LOCAL_CRS)
    return gpd.GeoDataFrame(columns, geometry=points)
