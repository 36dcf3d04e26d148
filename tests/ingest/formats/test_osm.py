"""OpenStreetMap files as they come: real extracts, torture tests, and files that only say so."""

from pathlib import Path
from typing import Any

import pytest

from mapsvc.config import Settings
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.read import GazetteerRead, read_gazetteer
from mapsvc.problems import Report
from mapsvc.search.normalise import street_key

DATA = Path(__file__).parents[4] / "shared" / "data"


def sample(path: str) -> Path:
    if not (DATA / path).exists():
        pytest.skip(f"needs the sample data, and {DATA / path} is not there")
    return DATA / path


def read(path: Path, report: Report | None = None) -> GazetteerRead:
    return read_gazetteer(
        [path],
        format=None,
        settings=Settings(),
        bounds=None,
        report=report or Report("gazetteer"),
    )


def osm(*things: str) -> str:
    return f'<?xml version="1.0"?>\n<osm version="0.6">{"".join(things)}</osm>'


def node(id: int, x: float, y: float, **tags: str) -> str:
    """A node `x` and `y` metres, about, from a point in Newport."""
    lat, lon = 51.58 + y / 111_200, -2.99 + x / 69_300
    return f'<node id="{id}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{_tags(tags)}</node>'


def way(id: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    return f'<way id="{id}" version="1">{refs}{_tags(tags)}</way>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())


@pytest.fixture(scope="module")
def newport() -> tuple[GazetteerRead, Report]:
    report = Report("gazetteer")
    return read(sample("newport_osm/newport-2023-06-13.osm.pbf"), report), report


def test_newport_comes_whole_with_its_welsh_names(newport: Any) -> None:
    found, report = newport

    assert report.counts["rows read"] > 8000
    assert found.streets["name"].map(street_key).nunique() == 1423
    assert found.streets["id"].is_unique
    assert "cy:Heol Cas-gwent" in set(found.streets["alt_names"])
    assert (found.attribution, found.licence) == ("© OpenStreetMap contributors", "ODbL 1.0")


def test_names_used_in_two_places_of_newport_are_two_streets(newport: Any) -> None:
    streets = newport[0].streets
    twice = streets["name"].map(street_key).value_counts()
    twice = set(twice[twice == 2].index)

    assert {"church street", "church road", "park avenue", "christchurch road"} <= twice
    assert len(twice) == 14  # 11 among roads, 3 more where one of the two is a footway or towpath


def test_one_street_of_82_ways_is_one(newport: Any) -> None:
    streets = newport[0].streets

    assert len(streets[streets["name"] == "Cardiff Road"]) == 1
    assert len(streets[streets["name"].str.casefold() == "allt-yr-yn heights"]) == 1


def test_streets_of_newport_say_where_they_are(newport: Any) -> None:
    streets = newport[0].streets

    assert set(streets["town"]) == {"Newport"}
    assert (streets["locality"] != "").mean() > 0.9
    assert (streets["parish"] != "").sum() > 500
    assert "A48" in set(";".join(streets["road_number"]).split(";"))
    assert set(streets["postcode_district"]) >= {"NP10", "NP19", "NP20"}


def test_stray_members_do_not_set_the_bounds(newport: Any) -> None:
    west, south, east, north = newport[0].streets.total_bounds

    assert east - west < 20_000
    assert north - south < 20_000


def test_grass_of_newport_is_tied_to_the_nearest_street(newport: Any) -> None:
    grass, streets = newport[0].grass, newport[0].streets

    assert len(grass) == 406
    assert grass.geometry.is_valid.all()
    tied = grass[grass["street"] != ""]
    lines = streets.set_index("id").geometry.loc[tied["street"]]
    assert (tied.geometry.reset_index().distance(lines.reset_index()) <= 30).all()
    assert len(tied) > 300


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("leeds_osm_small/its-example.osm.pbf", 43),
        ("leeds_osm_small/bristol_contraflow_cycleway.osm", 10),
        ("leeds_osm_small/bristol_sausage_links.osm", 6),
    ],
)
def test_small_real_files(path: str, names: int) -> None:
    assert read(sample(path)).streets["name"].nunique() == names


def test_broken_geometry_without_a_single_street_is_refused_and_nothing_crashes() -> None:
    with pytest.raises(FileRefused, match="no named street"):
        read(sample("osm_invalid_geometry/grid_all.osm"))


def test_what_is_no_street_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    kinds = {10: "residential", 11: "proposed", 12: "construction", 13: "footway", 14: "bus_stop"}
    file.write_text(
        osm(
            node(1, 0, 0),
            node(2, 50, 0),
            *(way(id, [1, 2], highway=kind, name=f"{kind} Row") for id, kind in kinds.items()),
            way(15, [1, 2], highway="primary", ref="A48"),
        )
    )
    report = Report("gazetteer")

    assert set(read(file, report).streets["name"]) == {"residential Row", "footway Row"}
    assert report.counts["without a name"] == 1


def test_names_and_road_number_of_a_way(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    tags = {"name": "&lt;script&gt;${x}", "name__cy": "Heol Fawr", "alt_name": "Top;Old Top"}
    file.write_text(
        osm(
            node(1, 0, 0),
            node(2, 50, 0),
            way(9, [1, 2], highway="primary", ref="A48;B4237", postal_code="NP20 4AB", **tags),
        )
    )

    (street,) = read(file).streets.to_dict("records")

    assert street["name"] == "<script>${x}"
    assert street["alt_names"] == "cy:Heol Fawr;Top;Old Top"
    assert street["road_number"] == "A48;B4237"
    assert street["postcode_district"] == "NP20"


def test_locality_and_town_come_from_the_nearest_settlements(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    file.write_text(
        osm(
            node(1, 0, 0),
            node(2, 50, 0),
            node(3, 0, 400, place="suburb", name="Maindee"),
            node(4, 0, 900, place="suburb", name="Beechwood"),
            node(5, 0, 3000, place="city", name="Newport", name__cy="Casnewydd"),
            node(6, 0, 9000, place="village", name="Far Away"),
            way(9, [1, 2], highway="residential", name="Mill Lane"),
        )
    )

    found = read(file)

    assert found.streets[["locality", "town"]].values.tolist() == [["Maindee", "Newport"]]
    names = {place.name for place in found.places}
    assert names == {"Maindee", "Beechwood", "Newport", "Casnewydd", "Far Away"}


def test_grass_that_crosses_itself_is_mended_and_far_grass_has_no_street(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    bow = [node(i, *p) for i, p in enumerate([(0, 5), (20, 25), (20, 5), (0, 25)], 10)]
    far = [node(i, *p) for i, p in enumerate([(0, 50), (9, 50), (9, 60)], 20)]
    file.write_text(
        osm(
            node(1, 0, 0),
            node(2, 50, 0),
            *bow,
            *far,
            way(7, [10, 11, 12, 13, 10], landuse="grass"),
            way(8, [20, 21, 22, 20], landuse="grass"),
            way(9, [1, 2], highway="residential", name="Mill Lane"),
        )
    )

    found = read(file)

    assert found.grass is not None
    assert found.grass.geometry.is_valid.all()
    assert found.grass["street"].tolist() == [found.streets["id"][0], ""]


def test_a_way_far_from_all_others_is_left_out_and_named(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    ways = [way(id, [1, 2], highway="residential", name=f"Row {id}") for id in range(10, 13)]
    file.write_text(
        osm(
            node(1, 0, 0),
            node(2, 50, 0),
            node(3, 0, 400_000),
            node(4, 50, 400_000),
            *ways,
            way(9, [3, 4], highway="residential", name="Far Row"),
        )
    )
    report = Report("gazetteer")

    assert "Far Row" not in set(read(file, report).streets["name"])
    assert [problem.kind for problem in report.problems] == ["outside"]


def test_things_in_any_order_as_queries_answer_them(tmp_path: Path) -> None:
    file = tmp_path / "overpass.osm"
    street = way(9, [2, 1], highway="residential", name="Mill Lane")
    file.write_text(osm(street, way(8, [1, 2], landuse="grass"), node(2, 50, 0), node(1, 0, 0)))

    assert read(file).streets["name"].tolist() == ["Mill Lane"]


VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>'
HTML = "<!DOCTYPE html><html><body>Please sign in</body></html>"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (VRT.encode(), "GDAL file"),
        (HTML.encode(), "web page"),
        (osm(node(1, 0, 0)).encode()[:90], "cut|read"),
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        (osm(node(1, 0, 0)).encode(), "no named street"),
    ],
)
def test_a_file_that_only_calls_itself_osm_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "streets.osm"
    file.write_bytes(content)

    with pytest.raises(FileRefused, match=sentence) as refusal:
        read(file)

    assert "streets.osm" in str(refusal.value)
