"""The published streets as they come back from the indexes."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from mapsvc import crs
from mapsvc.published.atlas import Atlas
from mapsvc.published.indexes import KEPT_FOLDERS
from mapsvc.store.database import open_store
from tests.support.store_samples import a_gazetteer, a_schedule, publish, some_streets

LABELS = {
    "halfway along a line": (LineString([(0, 0), (0, 10), (90, 10)]), (40, 10)),
    "on the longest part": (
        MultiLineString([[(0, 0), (0, 10)], [(0, 100), (60, 100)], [(5, 5), (5, 15)]]),
        (30, 100),
    ),
    "on the first of parts as long": (
        MultiLineString([[(0, 0), (0, 10)], [(50, 0), (50, 10)]]),
        (0, 5),
    ),
    "at a point": (Point(7, 8), (7, 8)),
    "on a line without length": (LineString([(3, 4), (3, 4)]), (3, 4)),
    "nowhere without a line": (None, None),
}


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    folder = tmp_path_factory.mktemp("atlas")
    store = open_store(folder / "mapsvc.gpkg")
    shapes = [shape and shapely.transform(shape, _moved) for shape, _ in LABELS.values()]
    publish(store, a_gazetteer(some_streets(len(shapes)).set_geometry(shapes, crs="EPSG:27700")))
    return Atlas(store, store.editions.current_all(), folder / "indexes")


def test_a_new_schedule_shares_the_streets_of_the_atlas_before(tmp_path: Path) -> None:
    store, folder = open_store(tmp_path / "mapsvc.gpkg"), tmp_path / "indexes"
    publish(store, a_gazetteer())
    before = Atlas(store, store.editions.current_all(), folder)
    entry = before.search("1 Street", 1)[0].entry
    publish(store, a_schedule())

    atlas = Atlas(store, store.editions.current_all(), folder, before=before)
    del before

    assert atlas.search("1 Street", 1)[0].entry is entry
    assert list(atlas.book(2026).verges) == ["v0", "v1", "v2"]


def test_a_new_gazetteer_shares_no_street(tmp_path: Path) -> None:
    store, folder = open_store(tmp_path / "mapsvc.gpkg"), tmp_path / "indexes"
    publish(store, a_gazetteer(some_streets(town="Exampleton")))
    before = Atlas(store, store.editions.current_all(), folder)
    publish(store, a_gazetteer(some_streets(town="Otherham")))

    atlas = Atlas(store, store.editions.current_all(), folder, before=before)

    towns = [one.search("1 Street", 1)[0].street.town for one in (before, atlas)]
    assert towns == ["Exampleton", "Otherham"]


def test_indexes_that_nobody_opened_lately_are_deleted(tmp_path: Path) -> None:
    store, folder = open_store(tmp_path / "mapsvc.gpkg"), tmp_path / "indexes"
    killed, written = folder / "draft-killed", folder / "draft-written"
    for draft in (killed, written):
        draft.mkdir(parents=True)
    os.utime(killed, (0, 0))
    atlases = []
    for nth in range(1, KEPT_FOLDERS + 3):
        publish(store, a_gazetteer(some_streets(nth)))
        editions = store.editions.current_all()
        atlases.append(Atlas(store, editions, folder))
        (made,) = folder.glob(f"gazetteer-{editions[0].number}-*")
        os.utime(made, (nth, nth))

    assert len(list(folder.glob("gazetteer-*"))) == KEPT_FOLDERS
    assert (written.exists(), killed.exists()) == (True, False)
    assert all(atlas.search("0 Street", 1) for atlas in atlases), "who has one open goes on"


def _moved(points: Any) -> Any:
    return points + np.array([332_000, 188_000])


@pytest.mark.parametrize("place", LABELS)
def test_a_streets_label_is_halfway_along_its_longest_part(atlas: Atlas, place: str) -> None:
    number = list(LABELS).index(place)
    meant = LABELS[place][1]

    found = atlas.street(f"s{number}")

    assert found is not None
    if meant is None:
        assert found.lat != found.lat
        assert found.lon != found.lon
    else:
        (where,) = crs.to_wgs84([shapely.transform(Point(meant), _moved)])
        assert (found.lon, found.lat) == pytest.approx((where.x, where.y), abs=1e-7)


def test_a_street_without_a_line_is_found_by_its_name_and_not_by_position(atlas: Atlas) -> None:
    without = f"s{len(LABELS) - 1}"

    assert without in [found.street.id for found in atlas.search("5 Street", 10)]
    assert without not in [found.street.id for found in atlas.near(332_000, 188_000, 10)]
