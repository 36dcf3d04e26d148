"""Gazetteers in tables and map layers: what comes out, and what is said of each mistake."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import pytest
from shapely import LineString, MultiLineString, Point, box

from mapsvc.config import Settings
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.read import GazetteerRead, read_gazetteer
from mapsvc.problems import Report

DATA = Path(__file__).parents[4] / "shared" / "data"
GRID = "EPSG:27700"


def sample(path: str) -> Path:
    if not (DATA / path).exists():
        pytest.skip(f"needs the sample data, and {DATA / path} is not there")
    return DATA / path


def read(*files: Path, report: Report | None = None, **options: object) -> GazetteerRead:
    return read_gazetteer(
        files,
        format=None,
        settings=Settings(),
        bounds=options.get("bounds"),  # type: ignore[arg-type]
        report=report or Report("gazetteer"),
    )


def csv(folder: Path, *lines: str, name: str = "streets.csv") -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def layer(
    folder: Path, file_name: str, shapes: Sequence[object], **columns: Sequence[object]
) -> Path:
    file = folder / file_name
    gpd.GeoDataFrame(columns, geometry=shapes, crs=GRID).to_file(file, engine="pyogrio")
    return file


PLAIN = "usrn,name,locality,town,easting,northing"


def test_a_plain_table(tmp_path: Path) -> None:
    file = csv(tmp_path, PLAIN, "10000001,Mill Lane,Upper Hale,Stannermouth,333000,280000")
    report = Report("gazetteer")

    found = read(file, report=report)

    row = found.streets.drop(columns="geometry").to_dict("records")[0]
    assert row == {
        **dict.fromkeys(row, ""),
        "id": "10000001",
        "usrn": "10000001",
        "name": "Mill Lane",
        "locality": "Upper Hale",
        "town": "Stannermouth",
    }
    assert found.streets.geometry[0].equals(Point(333000, 280000))
    assert report.counts == {"rows read": 1, "streets": 1}
    assert not report.problems
    assert found.attribution == ""


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("name,lon,lat", "Mill Lane,-2.99,51.58"),
        ("name,latitude,longitude", "Mill Lane,51.58,-2.99"),
        ("Street Name,Eastings,Northings", "Mill Lane,331500,187000"),
        ("name,wkt", 'Mill Lane,"LINESTRING (331500 187000, 331600 187000)"'),
        ("name,wkt", 'Mill Lane,"LINESTRING (-2.99 51.58, -2.98 51.58)"'),
        ("name,wkt", 'Mill Lane,"SRID=4326;POINT (-2.99 51.58)"'),
    ],
)
def test_positions_in_the_three_ways(tmp_path: Path, headings: str, cells: str) -> None:
    streets = read(csv(tmp_path, headings, cells)).streets

    assert streets.geometry[0].distance(Point(331500, 187000)) < 300


def test_all_optional_columns(tmp_path: Path) -> None:
    headings = "id,alt_names,road_number,postcode_district,parish,ward,authority"
    values = "m-1,cy:Lon y Felin;Back Lane,a 48,np20,Hale,Hale Rural,Rivershire"
    file = csv(tmp_path, f"{PLAIN},{headings}", f",Mill Lane,,,333000,280000,{values}")

    row = read(file).streets.to_dict("records")[0]

    assert row["id"] == "m-1"
    assert row["alt_names"] == "cy:Lon y Felin;Back Lane"
    assert (row["road_number"], row["postcode_district"]) == ("A48", "NP20")
    assert (row["parish"], row["ward"], row["authority"]) == ("Hale", "Hale Rural", "Rivershire")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "${x}", "=1+1", "{{ 7 * 7 }}"])
def test_what_looks_like_code_is_a_name_like_any_other(tmp_path: Path, name: str) -> None:
    file = csv(tmp_path, PLAIN, f"10000001,{name},,,333000,280000")

    assert read(file).streets["name"].tolist() == [name]


GOOD = "10000009,Good Row,,,333000,280000"


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        ("12x,Mill Lane,,,333000,280000", "usrn", "12x", '"12x" cannot be a USRN'),
        ("10000001,,,,333000,280000", "name", "", "has no street name"),
        ("10000001,Mill Lane,,,,", "easting", "", "Mill Lane has no position"),
        ("10000001,Mill Lane,,,333000,", "northing", "", "There is no northing"),
        ("10000001,Mill Lane,,,abc,280000", "easting", "abc", "'abc' cannot be the easting"),
        ("10000001,Mill Lane,,,0,0", "easting", "0, 0", "The position is 0, 0"),
        ("10000001,Mill Lane,,,nan,280000", "easting", "nan", "'nan' cannot be the easting"),
        ("10000001,Mill Lane,,,-2.99,51.58", "easting", "-2.99, 51.58", "lon and lat"),
        ("10000001,Mill Lane,,,933000,280000", "", "933000, 280000", "598 km from all other"),
        (f"10000001,{'long ' * 60},,,333000,280000", "name", "long " * 19 + "long", "too long"),
    ],
)
def test_a_mistake_in_one_row_is_a_problem_and_the_others_are_read(
    tmp_path: Path, row: str, column: str, value: str, sentence: str
) -> None:
    report = Report("gazetteer")
    file = csv(tmp_path, PLAIN, GOOD, row, GOOD)

    streets = read(file, report=report).streets

    (problem,) = report.problems
    assert sentence in problem.sentence
    assert (problem.file, problem.row) == ("streets.csv", 3)
    assert (problem.column, problem.value.strip()) == (column, value)
    assert "Good Row" in set(streets["name"])


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (1",
        "POINT EMPTY",
        "CIRCULARSTRING (0 0, 1 1, 1 0)",
        "LINESTRING (nan nan, 1 1)",
        "POINT (1e400 0)",
        "SRID=99999999;POINT (1 2)",
        "GEOMETRYCOLLECTION (" * 50_000,
        "hello",
    ],
)
def test_no_wkt_harms_more_than_its_row(tmp_path: Path, wkt: str) -> None:
    report = Report("gazetteer")
    good = '10000009,Good Row,"LINESTRING (333000 280000, 333100 280000)"'
    file = csv(tmp_path, "usrn,name,wkt", good, f'10000001,Mill Lane,"{wkt}"')

    streets = read(file, report=report).streets

    assert streets["name"].tolist() == ["Good Row"]
    assert [problem.row for problem in report.problems] == [3]


def test_a_street_whose_usrn_is_none_is_kept_without_it(tmp_path: Path) -> None:
    streets = read(csv(tmp_path, PLAIN, "12x,Mill Lane,,,333000,280000")).streets

    assert streets["usrn"].tolist() == [""]
    assert streets["id"][0].startswith("s-")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ["usrn,name,lon,lat", "10000001,Mill Lane,453210,287654"],
            r"row 2: 453210, 287654 .*British National Grid.* Name the columns easting",
        ),
        (
            ["usrn,street,cut,start,end", "10000001,Mill Lane,1,2026-04-01,2026-04-03"],
            (
                r"streets.csv looks like a schedule: it has the columns cut, start, end. "
                r"Use: mapsvc ingest schedule streets.csv"
            ),
        ),
        (["usrn,name,easting,northing"], r"no named street in streets.csv \(0 rows read"),
        (["colour,size", "red,7"], "no column that names a street; its columns are colour, size"),
        (["name,town", "Mill Lane,Hale"], "row 2: Mill Lane has no position"),
        (["\x89PNG\r\n\x1a\n\x00\x00"], "PNG|picture"),
        (['name,easting,northing\n"Mill Lane,1,2'], "quot"),
    ],
)
def test_a_file_without_anything_usable_is_refused_with_the_next_step(
    tmp_path: Path, lines: list[str], sentence: str
) -> None:
    file = csv(tmp_path, *lines)
    if lines[0].startswith("\x89"):
        file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

    with pytest.raises(FileRefused, match=sentence) as refusal:
        read(file)

    assert "streets.csv" in str(refusal.value)


def test_twins_of_one_name_are_merged_and_of_two_names_a_problem(tmp_path: Path) -> None:
    report = Report("gazetteer")
    file = csv(
        tmp_path,
        PLAIN,
        "10000001,Mill Lane,,,333000,280000",
        "1.0000001E7,MILL LANE,,,333100,280000",
        " １００００００１ ,Duck End,,,333200,280000",
    )

    streets = read(file, report=report).streets

    assert streets["name"].tolist() == ["Mill Lane"]
    assert [(p.kind, p.row) for p in report.problems] == [("twin_usrn", 4)]


def test_names_all_in_capitals_are_shown_as_on_signs_and_it_is_said(tmp_path: Path) -> None:
    report = Report("gazetteer")
    rows = [
        f"{10000001 + n},ST PETER'S ROW {n},,STANNERMOUTH,{333000 + n},280000" for n in range(10)
    ]

    row = read(csv(tmp_path, PLAIN, *rows), report=report).streets.iloc[0]

    assert (row["name"], row["town"]) == ("St Peter's Row 0", "Stannermouth")
    assert any("capitals" in note for note in report.notes)


def test_one_name_in_capitals_is_left_as_it_is(tmp_path: Path) -> None:
    file = csv(tmp_path, PLAIN, "10000001,RAF ROAD,,,333000,280000")

    assert read(file).streets["name"].tolist() == ["RAF ROAD"]


def test_a_second_row_in_welsh_is_a_second_name_and_no_twin(tmp_path: Path) -> None:
    report = Report("gazetteer")
    file = csv(
        tmp_path,
        "USRN,STREET_DESCRIPTOR,LANGUAGE,Easting,Northing",
        "10000001,Lon y Felin,CYM,333000,280000",
        "10000001,Mill Lane,ENG,333000,280000",
        "10000002,Heol y Parc,CYM,333500,280000",
    )

    streets = read(file, report=report).streets

    assert streets[["name", "alt_names"]].values.tolist() == [
        ["Mill Lane", "cy:Lon y Felin"],
        ["Heol y Parc", ""],
    ]
    assert not report.problems


def test_a_layer_with_pieces_and_feature_ids(tmp_path: Path) -> None:
    lines = [LineString([(x, 280000), (x + 100, 280000)]) for x in (333000, 333100, 339000)]
    file = layer(tmp_path, "s.gpkg", lines, id=[1, 2, 3], street_nam=["Mill Lane"] * 3)

    streets = read(file).streets

    assert streets["name"].tolist() == ["Mill Lane", "Mill Lane"]
    assert streets.geometry[0].equals(MultiLineString([[(333000, 280000), (333200, 280000)]]))


def test_unnamed_features_are_counted_and_no_problems(tmp_path: Path) -> None:
    lines = [LineString([(x, 280000), (x + 100, 280000)]) for x in (333000, 333100)]
    report = Report("gazetteer")

    read(layer(tmp_path, "s.gpkg", lines, name=["Mill Lane", None]), report=report)

    assert report.counts["without a name"] == 1
    assert not report.problems


def test_a_layer_of_areas_is_no_gazetteer(tmp_path: Path) -> None:
    file = layer(tmp_path, "wards.gpkg", [box(333000, 280000, 334000, 281000)], name=["Hale"])

    with pytest.raises(FileRefused, match=r"1 area and no streets.*ingest boundaries wards.gpkg"):
        read(file)


def test_usrns_get_the_names_of_the_links_that_run_along_them(tmp_path: Path) -> None:
    def line(x: float, y: float, length: float = 100) -> LineString:
        return LineString([(x, y), (x + length, y)])

    usrns = layer(
        tmp_path,
        "osopenusrn.gpkg",
        [line(333000, 280000, 200), line(335000, 280000), line(333000, 280001, 200)],
        usrn=[10000001, 10000002, 10000003],
        street_type=["Designated Street Name", "Designated Street Name", "Numbered Street"],
    )
    links = layer(
        tmp_path,
        "oproad_gb.gpkg",
        [
            line(333000, 280003),
            line(333100, 280003),
            LineString([(333100, 280003), (333100, 280400)]),
            line(337000, 280000),
        ],
        name_1=["Heol Felin", "Heol Felin", "Duck End", "New Close"],
        name_1_lang=["cym", "cym", "eng", None],
        name_2=["Mill Road", "Mill Road", None, None],
        name_2_lang=["eng", "eng", None, None],
        form_of_way=["Single Carriageway"] * 4,
        road_classification_number=["A48", None, None, None],
    )
    report = Report("gazetteer")

    found = read(usrns, links, report=report)

    rows = found.streets[["usrn", "name", "alt_names"]].values.tolist()
    assert rows == [
        ["10000001", "Mill Road", "cy:Heol Felin"],
        ["", "Duck End", ""],
        ["", "New Close", ""],
    ]
    assert report.counts["without a name"] == 1
    assert "OS data" in found.attribution


def test_usrns_alone_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    file = layer(
        tmp_path,
        "osopenusrn.gpkg",
        [LineString([(333000, 280000), (333100, 280000)])],
        usrn=[10000001],
        street_type=["Designated Street Name"],
    )

    with pytest.raises(FileRefused, match="no street names"):
        read(file)


def test_what_lies_outside_the_published_area_is_a_problem(tmp_path: Path) -> None:
    report = Report("gazetteer")
    file = csv(tmp_path, PLAIN, GOOD, "10000001,Far Lane,,,433000,280000")

    streets = read(file, report=report, bounds=(330000, 279000, 340000, 290000)).streets

    assert streets["name"].tolist() == ["Good Row"]
    assert report.problems[0].row == 3


@pytest.mark.parametrize(
    ("path", "streets", "names"),
    [
        ("leeds_centre_osm/leeds_centre_osm_ways_2022.gpkg", 2139, 2126),
        ("exeter_bng_streets/Exeter_segment_model.zip", 1529, 1495),
    ],
)
def test_real_layers_merge(path: str, streets: int, names: int) -> None:
    found = read(sample(path)).streets

    assert len(found) == streets
    assert found["name"].nunique() == names
    assert found["id"].is_unique


def test_spellings_of_exeter_fold(tmp_path: Path) -> None:
    names = set(read(sample("exeter_bng_streets/Exeter_segment_model.zip")).streets["name"])

    assert "Topsham Road" in names
    assert "TOPSHAM ROAD" not in names


def test_manx_names_come_with_their_language() -> None:
    streets = read(sample("isle_of_man/named-highways.csv")).streets

    assert streets["name"].nunique() > 1800
    assert streets["alt_names"].str.contains("gv:").sum() > 200


def test_files_of_two_formats_are_not_read_together(tmp_path: Path) -> None:
    table = csv(tmp_path, PLAIN, GOOD)
    transfer = csv(tmp_path, '15,"I",1,10000001,"MILL LANE","","","","ENG"', name="lsg.csv")

    with pytest.raises(FileRefused, match=r"lsg.csv is of the format dtf and streets.csv of csv"):
        read(table, transfer)


def test_a_format_can_be_forced_and_must_be_known(tmp_path: Path) -> None:
    file = csv(tmp_path, PLAIN, GOOD)

    with pytest.raises(FileRefused, match="not an OpenStreetMap file"):
        read_gazetteer(
            [file], format="osm", settings=Settings(), bounds=None, report=Report("gazetteer")
        )
    with pytest.raises(FileRefused, match=r'There is no format "doc"\. Use one of csv, osm'):
        read_gazetteer(
            [file], format="doc", settings=Settings(), bounds=None, report=Report("gazetteer")
        )


@pytest.mark.parametrize(
    "where", ["lon,lat\nHauptstraße,8.67,50.58", "easting,northing\nHauptstraße,476600,5603000"]
)
def test_other_crs_than_the_british_grid(tmp_path: Path, where: str) -> None:
    file = csv(tmp_path, f"name,{where}")

    found = read_gazetteer(
        [file],
        format=None,
        settings=Settings(crs="EPSG:25832"),
        bounds=None,
        report=Report("gazetteer"),
    )

    assert found.streets.crs.to_epsg() == 25832
    assert found.streets.geometry[0].distance(Point(476600, 5603000)) < 3000


def test_a_feature_without_a_line_is_told_to_be_drawn_not_written(tmp_path: Path) -> None:
    line = LineString([(450_000, 300_000), (450_100, 300_000)])
    file = layer(tmp_path, "streets.gpkg", [line, None], name=["Main Street", "Mill Lane"])
    report = Report("gazetteer")

    read(file, report=report)

    assert [problem.sentence for problem in report.problems] == [
        "Mill Lane has no line and no point in the layer. Draw it there, or take it out."
    ]


def test_a_layer_that_does_not_say_its_system_is_told_which_was_taken(tmp_path: Path) -> None:
    line = LineString([(450_000, 300_000), (450_100, 300_000)])
    folder = tmp_path / "parts"
    folder.mkdir()
    layer(folder, "roads.shp", [line], name=["Main Street"])
    with ZipFile(tmp_path / "roads.zip", "w") as archive:
        for part in folder.iterdir():
            if part.suffix != ".prj":
                archive.write(part, part.name)
    report = Report("gazetteer")

    read(tmp_path / "roads.zip", report=report)

    assert report.notes[:2] == [
        "roads.zip, roads: The shapefile has no .prj part.",
        (
            "roads.zip, roads: The file does not say which coordinates it uses; "
            "read as British National Grid (EPSG:27700)."
        ),
    ]


@pytest.mark.parametrize("rows", [[",450000,300000"], [",450000,300000", ",450100,300000"]])
def test_a_column_of_names_that_is_empty_throughout_is_said_to_be(
    tmp_path: Path, rows: list[str]
) -> None:
    with pytest.raises(FileRefused, match=r"^The column name is empty in every row\."):
        read(csv(tmp_path, "name,easting,northing", *rows))


@pytest.mark.parametrize(
    "lines",
    [
        ("StreetName,StreetType,lon,lat", "OAK,ST,{0}", "OAK,AVE,{1}", "ELM,CT,{2}"),
        ("ST_TYPE,lat,lon,STREET_NAM", "ST,{r0},OAK", "AVE,{r1},OAK", "CT,{r2},ELM"),
    ],
)
def test_names_in_parts_are_joined_whatever_the_order_of_their_columns(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    spots = (("-2.36", "51.38"), ("-2.361", "51.38"), ("-2.37", "51.38"))
    values = [",".join(spot) for spot in spots]
    turned = {f"r{at}": ",".join(reversed(spot)) for at, spot in enumerate(spots)}

    found = read(csv(tmp_path, *(line.format(*values, **turned) for line in lines)))

    assert found.streets["name"].tolist() == ["OAK ST", "OAK AVE", "ELM CT"]
