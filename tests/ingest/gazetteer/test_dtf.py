"""BS 7666 transfer files: the few real rows there are, and our own in the published layouts."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, MultiLineString, Point

from mapsvc.config import Settings
from mapsvc.domain.streets import STREET_COLUMNS
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.read import GazetteerRead, read_gazetteer
from mapsvc.ingest.gazetteer.updates import with_update
from mapsvc.problems import Report

DATA = Path(__file__).parents[4] / "shared" / "data" / "dtf73_bs7666"

# Two streets and a road number that runs along the first of them, in DTF 8.1.
DTF_81 = """\
10,"RIVERSHIRE",4990,2026-05-01,1,2026-05-01,120000,"8.1.2.10","F"
11,"I",1,44900001,1,4990,2,2008-04-01,1,1,2008-01-10,2008-06-01,2008-04-01,,333000.00,280000.00,333300.00,280000.00,5,2
15,"I",2,44900001,"MILL LANE","UPPER HALE","STANNERMOUTH","RIVERSHIRE","ENG"
15,"I",3,44900001,"LON Y FELIN","","","RIVERSHIRE","CYM"
12,"I",4,44900001,1,333100280000,1
12,"I",5,44900001,1,333250280000,1
11,"I",6,44900002,2,4990,2,2008-04-01,1,1,2008-01-10,2008-06-01,2008-04-01,,334000.00,280000.00,334100.00,280100.00,5,0
15,"I",7,44900002,"TRACK OFF MILL LANE","","STANNERMOUTH","RIVERSHIRE","ENG"
11,"I",8,44900003,3,4990,2,2008-04-01,1,1,2008-01-10,2008-06-01,2008-04-01,,333000.00,280000.00,333200.00,280000.00,5,1
15,"I",9,44900003,"A4990","","","RIVERSHIRE","ENG"
12,"I",10,44900003,1,333100280000,1
11,"I",11,44900004,1,4990,4,2020-04-01,1,1,2008-01-10,2008-06-01,2008-04-01,2020-04-01,335000.00,280000.00,335100.00,280100.00,5,0
15,"I",12,44900004,"GONE CLOSE","","STANNERMOUTH","RIVERSHIRE","ENG"
13,"I",13,333100280000,1,3,5,2004-04-01,2004-04-01,2004-04-04,,1
14,"I",14,333100280000,1,1,333000.00,280000.00
14,"I",15,333100280000,1,3,333200.00,280000.00
14,"I",16,333100280000,1,2,333100.00,280010.00
13,"I",17,333250280000,1,2,5,2004-04-01,2004-04-01,2004-04-04,,1
14,"I",18,333250280000,1,1,333200.00,280000.00
14,"I",19,333250280000,1,2,333300.00,280000.00
99,1,20,2026-05-01,120000
"""

DTF_73 = """\
11,"I",1,44900001,1,4990,2,2008-06-03,1,8,0,2008-01-10,2008-06-03,2008-06-03,,333000.00,280000.00,333300.00,280000.00,1
15,"I",2,44900001,"MILL LANE","UPPER HALE","STANNERMOUTH","RIVERSHIRE","ENG"
11,"I",3,44900002,1,4990,2,2008-06-03,1,8,0,2008-01-10,2008-06-03,2008-06-03,,334000.00,280000.00,334000.00,280000.00,1
15,"I",4,44900002,"DUCK END","","STANNERMOUTH","RIVERSHIRE","ENG"
"""


def read(path: Path, report: Report | None = None, format: str | None = None) -> GazetteerRead:
    return read_gazetteer(
        [path],
        format=format,
        settings=Settings(),
        bounds=None,
        report=report or Report("gazetteer"),
    )


@pytest.fixture
def transfer(tmp_path: Path) -> Path:
    file = tmp_path / "4990_LG.csv"
    file.write_text(DTF_81)
    return file


def test_a_full_supply_gives_streets_with_their_names_and_places(transfer: Path) -> None:
    found = read(transfer)

    assert not found.is_update
    assert found.streets[
        ["id", "usrn", "name", "locality", "town", "authority"]
    ].values.tolist() == [
        ["44900001", "44900001", "Mill Lane", "Upper Hale", "Stannermouth", "Rivershire"],
        ["44900002", "44900002", "Track off Mill Lane", "", "Stannermouth", "Rivershire"],
    ]
    assert "GeoPlace" in found.attribution


def test_the_welsh_name_is_a_second_name_of_the_same_street(transfer: Path) -> None:
    assert read(transfer).streets["alt_names"].tolist()[0] == "cy:Lon y Felin"


def test_geometry_is_that_of_the_units_in_the_order_of_their_points(transfer: Path) -> None:
    line = read(transfer).streets.geometry[0]

    points = [(333000, 280000), (333100, 280010), (333200, 280000), (333300, 280000)]
    assert line.equals(MultiLineString([points]))


def test_without_units_it_is_the_line_from_start_to_end(transfer: Path) -> None:
    line = read(transfer).streets.geometry[1]

    assert line.equals(LineString([(334000, 280000), (334100, 280100)]))


def test_a_numbered_street_gives_its_number_to_the_named_street_it_runs_along(
    transfer: Path,
) -> None:
    assert read(transfer).streets["road_number"].tolist() == ["A4990", ""]


def test_a_closed_street_is_left_out_and_counted(transfer: Path) -> None:
    report = Report("gazetteer")

    read(transfer, report)

    assert report.counts["closed"] == 1
    assert not report.problems


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_the_older_layout_has_other_places_and_any_line_ends_will_do(
    tmp_path: Path, ends: str
) -> None:
    file = tmp_path / "lsg.csv"
    file.write_bytes(DTF_73.replace("\n", ends).encode())

    streets = read(file).streets

    assert streets["name"].tolist() == ["Mill Lane", "Duck End"]
    assert streets.geometry[0].equals(LineString([(333000, 280000), (333300, 280000)]))
    assert streets.geometry[1].equals(Point(334000, 280000))


def test_address_base_rows_with_latitudes_between_the_coordinates(tmp_path: Path) -> None:
    file = tmp_path / "abp.csv"
    file.write_text(
        '11,"I",1,44900001,1,4990,2,2008-06-03,1,8,0,2008-01-10,,2008-06-03,2008-06-03,'
        "333000.00,280000.00,52.41,-2.98,333300.00,280000.00,52.41,-2.97,1\n"
        '15,"I",2,44900001,"MILL LANE","","STANNERMOUTH","RIVERSHIRE","ENG",2008-01-10,,,\n'
    )

    assert read(file).streets.geometry[0].equals(LineString([(333000, 280000), (333300, 280000)]))


def real(name: str) -> Path:
    if not DATA.exists():
        pytest.skip(f"needs the sample data, and {DATA} is not there")
    return DATA / name


def test_real_records_without_names_are_refused_with_what_is_missing() -> None:
    with pytest.raises(FileRefused, match=r"dtf73_insert.csv has street records .* no names"):
        read(real("dtf73_insert.csv"))


def test_a_real_update_moves_a_known_street_and_keeps_its_name() -> None:
    current = edition(("20900161", "Mill Lane", LineString([(534846, 186763), (534933, 186768)])))
    change = read(real("dtf73_update.csv"))

    streets = with_update(current, change.streets, change.deleted, Report("gazetteer"))

    assert change.is_update
    assert streets["name"].tolist() == ["Mill Lane"]
    assert streets.geometry[0].equals(LineString([(666666, 186763), (534933, 186768)]))


def test_a_real_delete_takes_a_street_away() -> None:
    current = edition(("20900162", "Mill Lane", Point(0, 0)), ("20900163", "Duck End", Point(9, 9)))
    change = read(real("dtf73_delete.csv"))

    streets = with_update(current, change.streets, change.deleted, Report("gazetteer"))

    assert change.deleted == ["20900162"]
    assert streets["name"].tolist() == ["Duck End"]


def test_an_update_of_the_name_alone_keeps_the_line(tmp_path: Path) -> None:
    file = tmp_path / "change.csv"
    file.write_text('15,"U",1,44900001,"NEW LANE","","STANNERMOUTH","RIVERSHIRE","ENG"\n')
    line = MultiLineString([[(0, 0), (9, 9)]])
    change = read(file)

    streets = with_update(
        edition(("44900001", "Old Lane", line)), change.streets, [], Report("gazetteer")
    )

    assert streets["name"].tolist() == ["New Lane"]
    assert streets.geometry[0].equals(line)


def test_changes_to_streets_that_nobody_knows_are_problems(tmp_path: Path) -> None:
    file = tmp_path / "change.csv"
    file.write_text('11,"D",1,44900009,1\n11,"U",2,44900008,1,4990,2' + "," * 13 + "\n")
    report = Report("gazetteer")
    change = read(file)

    streets = with_update(edition(), change.streets, change.deleted, report)

    assert streets.empty
    assert [problem.value for problem in report.problems] == ["44900008", "44900009"]


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ('15,"I",2,ABC,"MILL LANE","","","",""', '"ABC" cannot be a USRN'),
        ('11,"I",1', "cannot be read"),
        ('14,"I",14,333100280000,1,1,abc,def', "cannot be read"),
    ],
)
def test_a_broken_record_is_a_problem_with_its_row_and_the_rest_is_read(
    tmp_path: Path, record: str, sentence: str
) -> None:
    file = tmp_path / "lsg.csv"
    file.write_text(DTF_73 + record + "\n")
    report = Report("gazetteer")

    assert len(read(file, report).streets) == 2
    (problem,) = report.problems
    assert sentence in problem.sentence
    assert (problem.file, problem.row) == ("lsg.csv", 5)


def edition(*streets: tuple[str, str, object]) -> gpd.GeoDataFrame:
    rows = [[id, id, name, *[""] * 8, shape] for id, name, shape in streets]
    return gpd.GeoDataFrame(
        rows, columns=list(STREET_COLUMNS), geometry="geometry", crs="EPSG:27700"
    )
