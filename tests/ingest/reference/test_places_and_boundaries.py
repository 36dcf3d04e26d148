"""Places to search from, and the areas that streets lie in."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, box

from mapsvc.config import Settings
from mapsvc.domain.streets import STREET_COLUMNS, Place
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.localities import with_localities
from mapsvc.ingest.gazetteer.parish_lookup import AREA_COLUMNS, with_areas
from mapsvc.ingest.gazetteer.read import read_gazetteer
from mapsvc.ingest.reference.boundaries import read_boundaries
from mapsvc.ingest.reference.places import read_places
from mapsvc.problems import Report

DATA = Path(__file__).parents[4] / "shared" / "data"
GRID = "EPSG:27700"
AREA = (330_000.0, 185_000.0, 335_000.0, 190_000.0)


def sample(path: str) -> Path:
    if not (DATA / path).exists():
        pytest.skip(f"needs the sample data, and {DATA / path} is not there")
    return DATA / path


def write(folder: Path, *lines: str, name: str = "places.csv") -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def places(
    file: Path, bounds: tuple[float, ...] | None = None, report: Report | None = None
) -> list[Place]:
    found, _ = read_places(
        [file],
        settings=Settings(),
        bounds=bounds,  # type: ignore[arg-type]
        report=report or Report("places"),
    )
    return found


def test_a_plain_table_of_places(tmp_path: Path) -> None:
    file = write(tmp_path, "name,kind,easting,northing", "Hale,Village,331000,187000")

    assert places(file) == [Place("Hale", "village", 331000, 187000)]


def test_postcodes_are_known_by_their_look_and_spaced(tmp_path: Path) -> None:
    file = write(tmp_path, "postcode,easting,northing", "np204ab,331000,187000")

    assert places(file) == [Place("NP20 4AB", "postcode", 331000, 187000)]


def test_code_point_open_is_known_by_its_columns(tmp_path: Path) -> None:
    rest = '"W92000004","","7A6","","W06000022","W05001699"'
    file = write(
        tmp_path,
        f'"NP204AB",10,331000,187000,{rest}',
        f'"NP20 4AD",90,0,0,{rest}',
        f'"NP108XX",10,400000,187000,{rest}',
    )
    report = Report("places")

    assert places(file, AREA, report) == [Place("NP20 4AB", "postcode", 331000, 187000)]
    assert report.counts == {"rows read": 3, "outside the area": 2, "places": 1}
    assert read_places([file], settings=Settings(), bounds=None, report=report)[1].source == (
        "Code-Point Open"
    )


def open_names_row(name: str, kind: str, x: int, y: int, **cells: str) -> str:
    """A row in the published order of OS Open Names' 34 columns."""
    row = [""] * 34
    row[0], row[1] = f"osgb{x}{y}", f"http://data.ordnancesurvey.co.uk/id/{x}{y}"
    row[2], row[6], row[7], row[8], row[9] = name, "transportNetwork", kind, str(x), str(y)
    at = {"lang": 3, "name2": 4, "lang2": 5, "district": 16, "place": 18, "place_type": 20}
    at |= {"borough": 21, "county": 24}
    for column, text in cells.items():
        row[at[column]] = text
    return ",".join(f'"{cell}"' for cell in row)


LOCAL_TYPE = "http://www.ordnancesurvey.co.uk/xml/codelists/localtype.xml#"


@pytest.fixture
def open_names(tmp_path: Path) -> Path:
    where = {"district": "NP20", "county": "Casnewydd - Newport"}
    return write(
        tmp_path,
        open_names_row(
            "Heol Felin", "Named Road", 331000, 187000, lang="cym", name2="Mill Road",
            lang2="eng", place="Newport", place_type=LOCAL_TYPE + "town", **where,
        ),
        open_names_row(
            "Mill Road", "Section Of Named Road", 331200, 187000, place="Newport",
            place_type=LOCAL_TYPE + "town", **where,
        ),
        open_names_row(
            "Duck End", "Named Road", 332000, 187000, place="Nash",
            place_type=LOCAL_TYPE + "village", borough="Rivershire",
        ),
        open_names_row("A48", "Numbered Road", 331000, 187500),
        open_names_row("Newport", "Town", 331000, 188000),
        open_names_row("NP20 4AB", "Postcode", 331010, 187010),
        open_names_row("Far Road", "Named Road", 431000, 187000),
        open_names_row("Gaer Hill", "Hill Or Mountain", 331000, 187000),
        name="ST28.csv",
    )  # fmt: skip


def test_roads_of_open_names_are_streets_with_place_and_district(open_names: Path) -> None:
    report = Report("gazetteer")

    found = read_gazetteer(
        [open_names], format=None, settings=Settings(), bounds=AREA, report=report
    )

    columns = ["name", "alt_names", "locality", "town", "postcode_district", "authority"]
    assert found.streets[columns].values.tolist() == [
        ["Mill Road", "cy:Heol Felin", "", "Newport", "NP20", "Casnewydd - Newport"],
        ["Duck End", "", "Nash", "Newport", "", "Rivershire"],
    ]
    assert report.counts["outside the area"] == 1
    assert report.counts["without a name"] == 1
    assert "OS data" in found.attribution
    assert {place.name for place in found.places} == {"Newport", "NP20 4AB"}


def test_settlements_and_postcodes_of_open_names_are_places(open_names: Path) -> None:
    assert places(open_names, AREA) == [
        Place("Newport", "town", 331000, 188000),
        Place("NP20 4AB", "postcode", 331010, 187010),
    ]


def test_os_locator_gives_points_with_place_and_road_number(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "MILL ROAD:B4591:331000:187000:330900:331100:186900:187100:NEWPORT:Stow Hill:Gwent:"
        "Newport District (B):ST38NW:ST38:Roads",
        ":A48:331000:187000:330900:331100:186900:187100:NEWPORT:Stow Hill:Gwent:"
        "Newport District (B):ST38NW:ST38:Roads",
        name="OS_Locator.txt",
    )
    report = Report("gazetteer")

    found = read_gazetteer([file], format=None, settings=Settings(), bounds=None, report=report)

    columns = ["name", "locality", "town", "road_number", "authority"]
    assert found.streets[columns].values.tolist() == [
        ["Mill Road", "Stow Hill", "Newport", "B4591", "Newport"]
    ]
    assert report.counts["without a name"] == 1


@pytest.mark.parametrize(
    "name", ["OS_Locator2014_2_OPEN_xaa.txt", "OS_Locator2013_1_OPEN_sample.txt"]
)
def test_real_rows_of_os_locator(name: str) -> None:
    file = sample(f"os_locator_format/{name}")

    found = read_gazetteer(
        [file], format=None, settings=Settings(), bounds=None, report=Report("gazetteer")
    )

    assert len(found.streets) >= 10


def test_a_file_without_places_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="row 2: Hale has no position"):
        places(write(tmp_path, "name,kind", "Hale,village"))


def boundaries(file: Path, report: Report | None = None) -> gpd.GeoDataFrame:
    return read_boundaries(
        [file], settings=Settings(), bounds=None, report=report or Report("boundaries")
    )


@pytest.mark.parametrize(
    ("path", "number", "kind", "name"),
    [
        ("newport_boundaries/newport_wards_2013.geojson", 20, "ward", "Allt-yr-yn"),
        ("exeter_boundaries/exeter_wards_2013.geojson", 18, "ward", "Alphington"),
        ("lancashire_divisions_roadworks/lancaster_wards.geojson", 27, "ward", "Bare"),
        (
            "lancashire_divisions_roadworks/lancashire_county_divisions.geojson",
            80,
            "division",
            "Accrington North",
        ),
        ("lancashire_divisions_roadworks/council_outlines.geojson", 15, "council", "Blackpool"),
    ],
)
def test_kinds_of_real_areas_are_recognised(path: str, number: int, kind: str, name: str) -> None:
    areas = boundaries(sample(path))

    assert len(areas) == number
    assert set(areas["kind"]) == {kind}
    assert name in set(areas["name"])
    assert areas.crs.to_epsg() == 27700


def layer(folder: Path, file_name: str, **columns: list[object]) -> Path:
    file = folder / file_name
    number = len(next(iter(columns.values())))
    shapes = [box(x, 0, x + 1000, 1000) for x in range(330_000, 330_000 + number * 1000, 1000)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=GRID).to_file(file, engine="pyogrio")
    return file


def test_an_area_of_unclear_kind_is_a_problem_with_what_to_do(tmp_path: Path) -> None:
    report = Report("boundaries")
    file = layer(tmp_path, "a.gpkg", name=["Hale", "Nash"], kind=["parish", "zone"])

    areas = boundaries(file, report)

    assert areas["name"].tolist() == ["Hale"]
    assert "not clear what Nash is" in report.problems[0].sentence


def test_the_kind_is_in_the_heading_or_the_name_of_the_file(tmp_path: Path) -> None:
    assert boundaries(layer(tmp_path, "a.gpkg", PAR24NM=["Hale"]))["kind"].tolist() == ["parish"]
    assert boundaries(layer(tmp_path, "wards.gpkg", name=["Hale"]))["kind"].tolist() == ["ward"]


def test_parts_of_one_name_are_one_area(tmp_path: Path) -> None:
    areas = boundaries(layer(tmp_path, "parishes.gpkg", name=["Hale", "Hale"]))

    assert len(areas) == 1
    assert areas.geometry[0].area == pytest.approx(2_000_000)


def test_a_street_lies_where_most_of_it_is() -> None:
    areas = gpd.GeoDataFrame(
        [
            ("West", "parish", "E1", box(0, 0, 100, 1000)),
            ("East", "parish", "E2", box(100, 0, 1000, 1000)),
            ("All", "division", "", box(0, 0, 1000, 1000)),
            ("East Ward", "ward", "", box(150, 0, 1000, 1000)),
        ],
        columns=list(AREA_COLUMNS),
        geometry="geometry",
        crs=GRID,
    )
    lines = [
        LineString([(95, 50), (180, 50)]),
        LineString([(10, 50), (20, 50)]),
        LineString([(5000, 0), (6000, 0)]),
    ]

    found = with_areas(streets_of(lines), areas)

    assert found["parish"].tolist() == ["East", "West", ""]
    assert found["parish_code"].tolist() == ["E2", "E1", ""]
    assert found["ward"].tolist() == ["East Ward", "All", ""]


def test_a_street_through_two_parishes_is_in_both() -> None:
    areas = gpd.GeoDataFrame(
        [
            ("West", "parish", "E1", box(0, 0, 1000, 1000)),
            ("East", "parish", "E2", box(1000, 0, 9000, 1000)),
            ("County", "council", "", box(0, 0, 4000, 1000)),
            ("Next County", "council", "", box(4000, 0, 9000, 1000)),
        ],
        columns=list(AREA_COLUMNS),
        geometry="geometry",
        crs=GRID,
    )
    lines = [
        LineString([(850, 50), (6000, 50)]),  # 3 % of it, but 150 m
        LineString([(940, 50), (1090, 50)]),  # 60 m, but 40 % of it
        LineString([(995, 50), (1008, 50)]),  # 5 m: drawn by another hand
    ]

    found = with_areas(streets_of(lines), areas)

    assert found["parish"].tolist() == ["East; West", "East; West", "East"]
    assert found["parish_code"].tolist() == ["E2; E1", "E2; E1", "E2"]
    assert found["authority"].tolist() == ["County", "County", "County"]


def test_what_the_gazetteer_says_itself_stays() -> None:
    areas = gpd.GeoDataFrame(
        [("West", "parish", "E1", box(0, 0, 100, 100))],
        columns=list(AREA_COLUMNS),
        geometry="geometry",
        crs=GRID,
    )
    streets = streets_of([LineString([(10, 50), (20, 50)])]).assign(parish="Own")

    assert with_areas(streets, areas)["parish"].tolist() == ["Own"]


def test_a_locality_that_repeats_the_town_stays_empty_and_far_places_are_none() -> None:
    streets = streets_of([LineString([(0, 0), (9, 0)]), LineString([(90_000, 0), (90_009, 0)])])
    settlements = [Place("Hale", "town", 0, 100), Place("Hale", "suburb", 0, 100)]

    found = with_localities(streets, settlements)

    assert found[["locality", "town"]].values.tolist() == [["", "Hale"], ["", ""]]


def streets_of(lines: list[LineString]) -> gpd.GeoDataFrame:
    rows = [[str(at), "", f"Street {at}", *[""] * 8, line] for at, line in enumerate(lines)]
    return gpd.GeoDataFrame(rows, columns=list(STREET_COLUMNS), geometry="geometry", crs=GRID)


def test_every_street_of_newport_in_a_ward_gets_it() -> None:
    found = read_gazetteer(
        [sample("newport_osm/newport-centre-small.osm.pbf")],
        format=None,
        settings=Settings(),
        bounds=None,
        report=Report("gazetteer"),
    )

    streets = with_areas(
        found.streets, boundaries(sample("newport_boundaries/newport_wards_2013.geojson"))
    )

    assert (streets["ward"] != "").all()
