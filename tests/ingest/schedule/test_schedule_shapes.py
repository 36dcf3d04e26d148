"""Schedules in other shapes than the plain long table, and the real files that have them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, Point, Polygon, box

from mapsvc.crs import LOCAL, point_to_local, to_wgs84, transform
from mapsvc.errors import FileRefused
from mapsvc.ingest.compare.changes import street_changes
from mapsvc.ingest.compare.identity import carry_verge_ids
from tests.support.schedule_files import COUNTY, Read, gazetteer
from tests.support.workbook_files import zipped

Shared = Callable[[str], Path]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """An XLSX file of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def text_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def layer(path: Path, features: list[tuple[object, dict[str, str]]]) -> Path:
    """A GeoJSON file of geometries in EPSG:27700 and their columns."""
    shapes = to_wgs84([shape for shape, _ in features])
    frame = gpd.GeoDataFrame([cells for _, cells in features], geometry=list(shapes), crs=4326)
    path.write_text(frame.to_json(), encoding="utf-8")
    return path


def test_a_workbook_with_a_column_per_cut(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Road Name", "Village", "Cut 1", "Cut 2", "3rd Cut"],
        ["Church Lane", "Barton", date(2026, 4, 7), "8 June - 12 June", "N/A"],
        ["Topsham Rd", None, "w/c 6 April", None, None],
        ["St Peters Road", None, None, None, None],
    ]

    found = Read([workbook(tmp_path / "cuts.xlsx", {"Verges": rows, "Notes": [["Hello"]]})])

    assert found.cuts("105") == [
        "1: 2026-04-07/2026-04-07",
        "2: 2026-06-08/2026-06-12",
        '3: "N/A"',
    ]
    assert found.cuts("104") == ["1: 2026-04-06/2026-04-10"]
    assert found.cuts("103") == []
    assert found.problems == []
    assert found.report.counts["rows read"] == found.report.counts["matched"] == 3


def test_a_start_and_an_end_column_per_cut(tmp_path: Path) -> None:
    text = "street,Cut 1 Start,Cut 1 End,Cut 2 Start,Cut 2 End\n"
    text += "Church Lane,07/04/2026,10/04/2026,31/06/2026,\n"

    found = Read([text_file(tmp_path / "a.csv", text)])

    assert found.cuts("105") == ["1: 2026-04-07/2026-04-10"]
    (problem,) = found.report.problems
    assert (problem.row, problem.column, problem.value) == (2, "Cut 2 Start", "31/06/2026")


def test_several_dates_in_the_column_of_a_cut_are_that_cut_and_the_next(tmp_path: Path) -> None:
    text = "street,1st Cut,2nd Cut\nChurch Lane,every 4 weeks from 7 April to June,\n"
    text += "Topsham Road,7 April and 5 May,\n"

    found = Read([text_file(tmp_path / "a.csv", text)])

    assert [cut[:13] for cut in found.cuts("105")] == [
        "1: 2026-04-07",
        "2: 2026-05-05",
        "3: 2026-06-02",
        "4: 2026-06-30",
    ]
    assert len(found.cuts("104")) == 2


def test_two_tables_in_two_sheets(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Rounds": [["Round", "Cut 1", "Cut 2"], ["A", date(2026, 4, 7), date(2026, 6, 8)]],
        "Streets": [["Street", "Round"], ["Church Lane", "A"], ["Topsham Road", "A"]],
    }

    found = Read([workbook(tmp_path / "rounds.xlsx", sheets)])

    assert found.cuts("105") == ["1: 2026-04-07/2026-04-07", "2: 2026-06-08/2026-06-08"]
    assert len(found.schedule.programmes) == 1


def test_a_column_per_month(tmp_path: Path) -> None:
    text = 'street,April,May,June\nChurch Lane,x,"4,18",w/c 8 June\n'

    found = Read([text_file(tmp_path / "a.csv", text)])

    assert found.cuts("105") == [
        "1: 2026-04-01/2026-04-30",
        "2: 2026-05-04/2026-05-04",
        "3: 2026-05-18/2026-05-18",
        "4: 2026-06-08/2026-06-12",
    ]


def test_rounds_by_month_with_lists_of_days(tmp_path: Path) -> None:
    rounds = 'round,month,dates\n0101,APRIL,"1,2,15"\n0101,MAY,"24,25,"\n'
    streets = "street,round\nChurch Lane,0101\n"

    found = Read([text_file(tmp_path / "r.csv", rounds), text_file(tmp_path / "s.csv", streets)])

    assert found.cuts("105") == [
        "1: 2026-04-01/2026-04-02",
        "2: 2026-04-15/2026-04-15",
        "3: 2026-05-24/2026-05-25",
    ]


def test_a_calendar_with_a_column_per_service_and_streets_without_headings(tmp_path: Path) -> None:
    days = "Date,mowing,weeding\n07.04.2026,\"'1'\",\n08.04.2026,\"'2','1'\",w\n"
    streets = '"Church Lane 1 - 15",1,W\n"Topsham Rd.",2,W\n"Nowhere",2,W\n'
    files = [text_file(tmp_path / "days.csv", days), text_file(tmp_path / "streets.csv", streets)]

    found = Read(files, service="mowing")

    assert found.cuts("105", "1 - 15") == ["1: 2026-04-07/2026-04-07", "2: 2026-04-08/2026-04-08"]
    assert found.cuts("104") == ["1: 2026-04-08/2026-04-08"]
    assert found.report.counts["unknown"] == 1
    assert Read(files, service="weeding").cuts("104") == ["1: 2026-04-08/2026-04-08"]
    with pytest.raises(FileRefused, match="2 services: mowing, weeding"):
        Read(files)


def test_streets_without_headings_and_one_other_column_have_that_as_their_round(
    tmp_path: Path,
) -> None:
    streets = text_file(tmp_path / "s.csv", "Church Lane,A\nTopsham Road,B\nSt Peters Rd,A\n")
    rounds = text_file(tmp_path / "r.csv", "round,start\nA,2026-04-07\nB,2026-04-14\n")

    assert Read([streets, rounds]).cuts("104") == ["1: 2026-04-14/2026-04-14"]


def test_a_table_without_headings_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    file = text_file(tmp_path / "s.csv", "Church Lane,A,3\nTopsham Road,B,4\nSt Peters Rd,A,3\n")

    with pytest.raises(FileRefused, match=r"no heading row.*street,locality,town,round"):
        Read([file])


def grass(easting: float, width: float = 5) -> Polygon:
    """A piece of grass beside the street at that easting."""
    return box(easting + 2, 300_010, easting + 2 + width, 300_060)


def test_polygons_without_a_street_belong_to_the_nearest_within_30_metres(tmp_path: Path) -> None:
    cells = {"Cut_By": "CC", "Cut_1": "24 April - 28 May", "Cut_2": "12 June - 16 July"}
    far = box(402_000, 300_000, 402_010, 300_010)
    file = layer(
        tmp_path / "verges.geojson",
        [(grass(405_100), cells), (grass(405_100, 9), cells), (far, cells)],
    )

    found = Read([file])

    assert found.schedule.verges["streets"].tolist() == ["105", "105"]
    assert found.schedule.verges["id"].is_unique
    assert found.schedule.verges.geometry.geom_type.tolist() == ["Polygon", "Polygon"]
    assert found.schedule.verges["programme"].tolist() == [0, 0]
    assert [problem.kind for problem in found.report.problems] == ["no_street_near"]
    assert "lies 1,600 m from the nearest street, Topsham Road, Ashby" in found.problems[0]


def test_rows_that_name_just_a_street_speak_of_all_land_along_it(tmp_path: Path) -> None:
    land = layer(
        tmp_path / "land.geojson",
        [(grass(405_100), {"kind": "urban"}), (grass(405_100, 9), {"kind": "urban"})],
    )
    rows = text_file(tmp_path / "r.csv", "street,round,start\nChurch Lane,A,2026-04-07\n"
                     "Topsham Road,A,2026-04-07\n")  # fmt: skip

    found = Read([rows, land])

    assert found.schedule.verges["streets"].tolist() == ["105", "105", "104"]
    assert found.schedule.verges["round"].tolist() == ["A", "A", "A"]
    assert len(found.schedule.programmes) == 1


def test_the_position_of_a_verge_tells_streets_of_one_name_apart(tmp_path: Path) -> None:
    text = "street,easting,northing,start\nMain Street,405005,300050,2026-04-07\n"
    text += "Main Street,400001,300020,2026-04-08\n"

    found = Read([text_file(tmp_path / "a.csv", text)])

    assert found.cuts("102") == ["1: 2026-04-07/2026-04-07"]
    assert found.cuts("101") == ["1: 2026-04-08/2026-04-08"]
    assert found.schedule.verges.geometry.isna().all()


def test_a_table_may_carry_the_geometry_of_its_verges(tmp_path: Path) -> None:
    text = f'street,verge,start,wkt\nChurch Lane,V1,2026-04-07,"{grass(405_100).wkt}"\n'
    text += "Church Lane,V1,2026-05-07,\n"

    found = Read([text_file(tmp_path / "a.csv", text)])

    assert found.schedule.verges.geometry.iloc[0].equals(grass(405_100))
    assert len(found.cuts("105")) == 2


def test_numbers_of_features_are_no_ids_of_verges(tmp_path: Path) -> None:
    file = layer(
        tmp_path / "v.geojson",
        [(grass(405_100), {"gml_id": "x.", "Cut_1": "June"}),
         (grass(405_100, 9), {"gml_id": "x.", "Cut_1": "June"})],
    )  # fmt: skip

    assert all(id.startswith("v-") for id in Read([file]).schedule.verges["id"])


def test_openstreetmap_grass_has_the_dates_of_a_table_by_street(tmp_path: Path) -> None:
    streets = gazetteer(("1", "Long Lane", "Ashby", 400_000))
    corners = to_wgs84([Point(x, y) for x, y in grass(400_000).exterior.coords[:-1]])
    far = to_wgs84([Point(x, y) for x, y in grass(401_000).exterior.coords[:-1]])
    osm = text_file(tmp_path / "grass.osm", osm_file([list(corners), list(far)]))
    rows = text_file(tmp_path / "r.csv", "street,start\nLong Lane,2026-04-07\n")

    found = Read([osm, rows], streets=streets)

    assert found.verge("1")["kind"] == "grass"
    assert found.cuts("1") == ["1: 2026-04-07/2026-04-07"]
    assert found.schedule.attribution == "© OpenStreetMap contributors"
    assert any("1 of 2 grass areas lie further than 30 m" in note for note in found.report.notes)


def osm_file(rings: list[list[Point]]) -> str:
    """An OpenStreetMap file with `landuse=grass` on these rings of lon and lat."""
    nodes, ways = [], []
    for way, ring in enumerate(rings, 1):
        ids = [way * 100 + n for n in range(len(ring))]
        nodes += [
            f'<node id="{id}" version="1" lat="{p.y:.7f}" lon="{p.x:.7f}"/>'
            for id, p in zip(ids, ring, strict=True)
        ]
        refs = "".join(f'<nd ref="{id}"/>' for id in [*ids, ids[0]])
        ways.append(f'<way id="{way}" version="1">{refs}<tag k="landuse" v="grass"/></way>')
    return f'<osm version="0.6">{"".join(nodes + ways)}</osm>'


def test_ten_thousand_rows_find_their_streets_and_no_others(tmp_path: Path) -> None:
    """What it takes is measured by `scripts/bench_ingest.py schedule`."""
    streets = gazetteer(*((str(n), f"Name{n} Road", "Ashby", 400_000.0) for n in range(1, 7_001)))
    rows = [f"Name{n} Rd,urban,{n},A{n % 40},2026-04-07" for n in range(1, 7_001)]
    rows += [f"Name{n} Raod,urban,{n},A1,2026-04-07" for n in range(3_000)]
    text = "street,kind,stretch,round,start\n" + "\n".join(rows)
    file = text_file(tmp_path / "a.csv", text)

    found = Read([file], streets=streets)

    assert len(found.schedule.verges) == 7_000
    assert len(found.report.problems) == 3_000


def test_reading_the_same_files_again_changes_nothing(tmp_path: Path) -> None:
    land = [(grass(405_100), {"Cut_1": "June"}), (grass(405_100, 9), {"Cut_1": "July"})]
    files = [
        layer(tmp_path / "v.geojson", [*land]),
        text_file(tmp_path / "r.csv", "street,stretch,round,start\nTopsham Road,odd,A,7 April\n"),
    ]
    before, again = Read(files).schedule, Read(files).schedule

    carried = carry_verge_ids(again.verges, before.verges)

    assert_geodataframe_equal(carried, before.verges)
    assert (again.programmes, again.rounds) == (before.programmes, before.rounds)
    assert not any(street_changes(again, before).values())


def test_rows_of_two_files_of_one_name_in_an_archive_are_not_each_others(tmp_path: Path) -> None:
    heading, archive = "street,locality,verge,start\n", tmp_path / "all.zip"
    files = {
        "north/r.csv": f"{heading}Main Street,Ashby,V1,7 April\n",
        "south/r.csv": f"{heading}Topsham Road,Ashby,V2,8 June\n",
    }
    archive.write_bytes(zipped({name: text.encode() for name, text in files.items()}))

    verges = Read([archive]).schedule.verges

    assert list(zip(verges["id"], verges["streets"], strict=True)) == [("V1", "101"), ("V2", "104")]


# Real files


def test_lincolnshire_verges_are_read_as_they_are_served(shared_data: Shared) -> None:
    folder = shared_data("lincs_grass_wfs")
    ((x, y),) = transform(np.array([-56_881.0]), np.array([6_919_547.0]), "EPSG:3857", LOCAL)
    line = LineString([(x + 25, y - 90), (x + 25, y + 90)])
    streets = gazetteer(("1", "Somercotes Road", "North Somercotes", 0)).set_geometry([line])
    streets = streets.set_crs(LOCAL)

    dated = Read([folder / "lincs_grass_lcc_withDates.xml"], streets=streets)
    parish = Read([folder / "lincs_grass_contact_parish.xml"], streets=streets)

    assert dated.cuts("1") == [
        "1: 2026-04-24/2026-05-28",
        "2: 2026-06-12/2026-07-16",
        "3: 2026-09-04/2026-10-08",
    ]
    assert dated.verge("1")["kind"] == "CountyUrban"
    assert parish.cuts("1") == [f'{n}: "Contact Parish Council"' for n in (1, 2, 3)]
    assert parish.verge("1")["keeper"] == "PAR"


def test_a_gazetteer_layer_is_no_schedule(shared_data: Shared) -> None:
    with pytest.raises(FileRefused, match="mapsvc ingest gazetteer"):
        Read([shared_data("lincs_grass_wfs") / "shropshire_gazetteer.xml"])


@pytest.mark.parametrize("calendar", ["monday.csv", "monday.ods"])
@pytest.mark.parametrize("streets", ["Straßenverzeichnis_2014.csv", "Straßenverzeichnis_2014.xlsx"])
def test_giessen_streets_have_the_dates_of_their_round(
    shared_data: Shared, calendar: str, streets: str
) -> None:
    folder = shared_data("giessen_rounds")
    names = ("Achstattring", "Adalbert-Stifter-Straße", "Alicenstraße", "Ahornweg", "Anger")
    # Half of a table's streets must be known for it to be told without headings.
    lines = (folder / "Straßenverzeichnis_2014.csv").read_text(encoding="utf-8").splitlines()
    known = dict.fromkeys([*names, *(line.split('"')[1] for line in lines[::2])])
    rows = [(str(n), name, "", 400_000.0) for n, name in enumerate(known, 1)]

    found = Read([folder / streets, folder / calendar], service="grey (big)",
                 streets=gazetteer(*rows))  # fmt: skip

    assert found.schedule.season == 2014
    assert len(found.cuts("1")) == 26
    assert found.cuts("1")[0] == "1: 2014-01-06/2014-01-06"
    assert found.verge("3", "1 - 15")["round"] == "2"


@pytest.mark.parametrize("year", [2024, 2025])
def test_chicago_sections_are_rounds_with_lists_of_days(
    shared_data: Shared, tmp_path: Path, year: int
) -> None:
    folder = shared_data("chicago_sweeping")
    streets = text_file(tmp_path / "s.csv", "street,round\nChurch Lane,0101\nTopsham Road,0304\n")

    found = Read([folder / f"Street_Sweeping_Schedule_-_{year}.csv", streets])

    assert found.schedule.season == year
    expected = {2024: "1: 2024-04-01/2024-04-02", 2025: "1: 2025-04-01/2025-04-02"}
    assert found.cuts("105")[0] == expected[year]
    assert found.problems == []
    assert json.dumps(found.report.counts).count("rounds") == 1


def test_newport_grass_becomes_verges(shared_data: Shared) -> None:
    file = shared_data("newport_osm") / "newport-centre-small.osm.pbf"

    with pytest.raises(FileRefused, match=r"None of the|No row"):
        Read([file], streets=COUNTY)


def test_an_export_by_site_has_the_verges_of_its_usrns(tmp_path: Path) -> None:
    """Made in the layout of exports of grounds software, with invented sites."""
    export = text_file(
        tmp_path / "jobs.csv",
        "Site Code,Feature ID,Programmed w/c,Contract Area\n"
        "1000101,GV01,08/06/2026,North\n1000102,GV01,08/06/2026,North\n"
        "1000105,GV01,15/06/2026,North\n1000105,GV02,22/06/2026,North\n",
    )
    streets = gazetteer(
        ("1000101", "Main Street", "Ashby, Exampleton", 400_000),
        ("1000102", "Main Street", "Barton, Exampleton", 405_000),
        ("1000105", "Church Lane", "Barton, Exampleton", 405_100),
    )

    found = Read([export], streets=streets)

    verges = found.schedule.verges
    assert dict(zip(verges["id"], verges["streets"], strict=True)) == {
        "1000101-GV01": "1000101",
        "1000102-GV01": "1000102",
        "1000105-GV01": "1000105",
        "1000105-GV02": "1000105",
    }
    assert found.cuts("1000101") == ["1: 2026-06-08/2026-06-12"]
    assert found.problems == []


def test_site_codes_that_are_no_usrns_are_left_as_they_were(tmp_path: Path) -> None:
    export = text_file(
        tmp_path / "jobs.csv",
        "Site Code,Street,Locality,Job Due Date\nGM-17,Main Street,Ashby,15/06/2026\n",
    )

    found = Read([export])

    assert found.cuts("101") == ["1: 2026-06-15/2026-06-15"]
    assert "the column Site Code was read as the USRN" not in " ".join(found.report.notes)


def test_a_placemark_without_a_name_is_counted(tmp_path: Path) -> None:
    placemarks = "".join(
        f"<Placemark>{name}<Polygon><outerBoundaryIs><LinearRing><coordinates>{west},52.6 "
        f"{west + 0.0002},52.6 {west + 0.0002},52.6002 {west},52.6</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark>"
        for name, west in (("<name>High Street</name>", -2.0), ("", -1.998))
    )
    file = text_file(
        tmp_path / "land.kml",
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{placemarks}</Document></kml>',
    )
    streets = gazetteer(("101", "High Street", "Ashby, Exampleton", 400_000))
    streets["geometry"] = transform_line(-2.0001, 52.6, -1.9999, 52.6)

    found = Read([file], streets=streets)

    assert found.report.counts["rows read"] == 2
    assert (found.report.counts["matched"], found.report.counts["unknown"]) == (1, 1)


def transform_line(*lon_lat: float) -> list[LineString]:
    """A line given in longitude and latitude, in EPSG:27700."""
    return [LineString([point_to_local(*lon_lat[:2]), point_to_local(*lon_lat[2:])])]
