"""Coordinates come out where Ordnance Survey says they are."""

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely

from mapsvc import crs
from mapsvc.errors import WrongCrs

OFFICIAL = Path(__file__).resolve().parents[2] / "shared/data/ostn15"


def official_points() -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes, and the eastings and northings that OS computed for them."""
    if not OFFICIAL.exists():
        pytest.skip("the official OSTN15 test points are not in ../shared/data/ostn15")
    etrs = _rows("OSTN15_OSGM15_TestInput_ETRStoOSGB.txt")
    osgb = _rows("OSTN15_OSGM15_TestInput_OSGBtoETRS.txt")
    names = [name for name in etrs if name in osgb]
    lonlat = np.array([[float(etrs[n][1]), float(etrs[n][0])] for n in names])
    grid = np.array([[float(osgb[n][0]), float(osgb[n][1])] for n in names])
    return lonlat, grid


def _rows(file_name: str) -> dict[str, list[str]]:
    with (OFFICIAL / file_name).open(newline="") as file:
        return {row[0]: row[1:] for row in csv.reader(file) if row and row[0].startswith("TP")}


def test_all_forty_official_points_come_out_within_a_centimetre_both_ways() -> None:
    lonlat, grid = official_points()

    eastings = crs.transform(lonlat[:, 0], lonlat[:, 1], crs.WGS84, crs.LOCAL)
    back = crs.transform(grid[:, 0], grid[:, 1], crs.LOCAL, crs.WGS84)

    assert len(grid) == 40
    assert np.hypot(*(eastings - grid).T).max() < 0.01
    metres = (back - lonlat) * [111_320 * np.cos(np.radians(54)), 111_320]
    assert np.hypot(*metres.T).max() < 0.01


def test_a_geometry_keeps_its_shape_and_nothing_stays_nothing() -> None:
    line = shapely.LineString([(450000, 300000, 7), (450100, 300000, 7)])

    there = crs.to_wgs84([line, None])
    back = crs.to_local(there, crs.WGS84)

    assert there[1] is None
    assert not shapely.has_z(there[0])
    assert shapely.hausdorff_distance(back[0], shapely.force_2d(line)) < 0.001


def test_a_place_outside_great_britain_works_with_its_own_local_crs() -> None:
    x, y = crs.point_to_local(8.67, 50.58, "EPSG:25832")

    assert (round(x), round(y)) == (476636, 5603173)
    assert crs.point_to_wgs84(x, y, "EPSG:25832") == pytest.approx((8.67, 50.58), abs=1e-7)


@pytest.mark.parametrize(("lon", "lat"), [(float("nan"), 52.0), (430000.0, 290000.0), (13.4, 52.5)])
def test_a_point_that_cannot_be_in_the_local_crs_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(WrongCrs):
        crs.point_to_local(lon, lat)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (-1.9, 52.4, crs.WGS84),
        (52.4, -1.9, "swapped"),
        (430000, 290000, crs.LOCAL),
        (-211000, 6870000, crs.WEB_MERCATOR),
        (0, 0, ""),
        (float("nan"), 1, ""),
    ],
)
def test_a_pair_of_numbers_tells_its_system(x: float, y: float, expected: str) -> None:
    assert crs.looks_like(x, y) == expected


def test_a_frame_in_the_wrong_system_is_refused() -> None:
    with pytest.raises(WrongCrs, match="EPSG:27700 is needed"):
        crs.require_crs("EPSG:4326")
