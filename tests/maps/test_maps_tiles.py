"""Tiles: geometry by zoom, clipped, in degrees, without a status; and Folium without records."""

import json
import math
from typing import Any

import pytest
import shapely
from shapely.affinity import translate

from mapsvc import crs
from mapsvc.domain.schedule import Verge
from mapsvc.domain.streets import Street
from mapsvc.maps.folium_map import map_script
from mapsvc.maps.tiles import (
    Spot,
    StreetShapes,
    Tile,
    VergeShapes,
    encoded,
    spot_features,
)

EAST, NORTH = 450_000.0, 300_000.0
AROUND = shapely.box(EAST, NORTH + 4, EAST + 900, NORTH + 9)


def tile_at(zoom: int) -> Tile:
    """The tile with the point (EAST, NORTH)."""
    lon, lat = crs.point_to_wgs84(EAST + 5, NORTH + 5)
    across = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across
    return Tile(zoom, int((lon + 180) / 360 * across), int(y))


def shapes(*verges: Verge) -> VergeShapes:
    return VergeShapes(verges, {}, crs.LOCAL)


def test_a_tile_knows_its_own_corner() -> None:
    west, south, east, north = Tile(1, 0, 0).bounds(0)

    assert (west, east) == (-180, 0)
    assert south == pytest.approx(0)
    assert north == pytest.approx(85.0511, abs=1e-3)


@pytest.mark.parametrize(
    ("tile", "exists"),
    [(Tile(14, 0, 0), True), (Tile(99, 1, 5), False), (Tile(14, 2**14, 0), False),
     (Tile(6, 0, 0), False), (Tile(14, 3, -1), False)],
)  # fmt: skip
def test_tiles_exist_within_the_zooms_and_the_world(tile: Tile, exists: bool) -> None:
    assert tile.exists is exists


def test_a_close_tile_has_each_verge_clipped_to_it() -> None:
    verge = Verge("V1", ("S1",), round="R1", geometry=AROUND)
    tile = tile_at(17)

    (feature,) = map(json.loads, shapes(verge).features(tile))

    west, _, east, _ = shapely.geometry.shape(feature["geometry"]).bounds
    assert tile.bounds()[0] <= west
    assert east <= tile.bounds()[2] + 1e-6
    assert feature["properties"]["verge"] == "V1"
    assert feature["properties"]["round"] == "R1"


def far_features(*verges: Verge) -> list[dict[str, Any]]:
    return [json.loads(feature) for feature in shapes(*verges).features(tile_at(12))]


def test_a_far_tile_has_one_multipoint_for_a_round_whose_points_name_a_verge_each() -> None:
    near = [Verge(f"V{n}", ("S",), round="R1", geometry=AROUND) for n in range(50)]
    far = Verge("V60", ("S",), round="R1", geometry=translate(AROUND, 1_500))
    alone = Verge("V99", ("S",), geometry=AROUND)

    found, others, _ = far_features(*near, far, alone)

    assert found["properties"] == {"round": "R1", "verges": ["V0", "V60"]}
    assert len(found["geometry"]["coordinates"]) == 2
    assert others["properties"] == {"round": "", "verges": ["V99"]}


def test_the_ring_of_a_round_stands_amid_its_grass_in_one_tile() -> None:
    steps = (0, 300, 600, 900, 40_000)
    grass = [
        Verge(f"V{n}", ("S",), round="R1", geometry=translate(AROUND, east))
        for n, east in enumerate(steps)
    ]
    middle = grass[2].geometry.centroid

    all_found = [found for found in far_features(*grass) if "ring" in found["properties"]]

    (ring,) = all_found
    assert ring["properties"] == {"ring": "R1"}
    at = crs.point_to_wgs84(middle.x, middle.y)
    assert ring["geometry"]["coordinates"] == pytest.approx(at, abs=1e-4)


def test_grass_without_a_round_has_no_ring() -> None:
    found = far_features(Verge("V1", ("S",), geometry=AROUND))

    assert [feature["properties"] for feature in found] == [{"round": "", "verges": ["V1"]}]


def test_a_county_tile_has_settlements_in_place_of_grass() -> None:
    verge = Verge("V1", ("S1",), round="R1", geometry=AROUND)
    lon, lat = crs.point_to_wgs84(EAST + 5, NORTH + 5)
    spot = Spot("Oakham", "town", lon, lat, "Oakham and around", (-1.25, 52.5, -1.0, 52.75))

    (feature,) = map(json.loads, spot_features([spot], tile_at(9)))

    assert shapes(verge).features(tile_at(9)) == []
    assert feature["properties"] == {
        "place": "Oakham",
        "kind": "town",
        "area": "Oakham and around",
        "box": [-1.25, 52.5, -1.0, 52.75],
    }


def test_a_verge_without_geometry_is_its_streets_line() -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 100, NORTH)])

    found = VergeShapes([Verge("V1", ("S",))], {"V1": line}, crs.LOCAL)

    assert json.loads(found.features(tile_at(16))[0])["geometry"]["type"] == "LineString"


def test_names_travel_as_they_are() -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 100, NORTH)])
    street = Street("S1", "</script>${x}", geometry=line)
    lon, lat = crs.point_to_wgs84(EAST, NORTH)
    place = Spot("`<img src=x>`", "village", lon, lat)

    tile = tile_at(15)
    features = StreetShapes([street], crs.LOCAL).features(tile)
    features += spot_features([place], tile)

    names = [f["properties"] for f in json.loads(encoded(features))["features"]]
    assert names[0]["name"] == "</script>${x}"
    assert names[1]["place"] == "`<img src=x>`"


def test_the_script_is_the_same_each_time_and_names_no_other_host() -> None:
    script = map_script()

    assert script == map_script()
    assert "http" not in script
    assert "mapsvc.map(" in script
    assert "statusTiles(" in script


def test_the_script_has_the_base_map_that_is_set() -> None:
    script = map_script("https://tiles.example/{z}/{x}/{y}.png")

    assert "https://tiles.example/{z}/{x}/{y}.png" in script
