import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point

from mapsvc.domain.streets import STREET_COLUMNS, AltName
from mapsvc.ingest.gazetteer.merging import REACH, Piece, joined, merged, with_ids, with_trusted_ids
from mapsvc.problems import Report

CRS = "EPSG:27700"


def line(x: float, y: float = 0, length: float = 100) -> LineString:
    return LineString([(x, y), (x + length, y)])


def streets_of(*pieces: Piece, report: Report | None = None) -> gpd.GeoDataFrame:
    return merged(pieces, report or Report("gazetteer"), CRS)


def test_pieces_of_one_name_that_touch_are_one_street() -> None:
    streets = streets_of(Piece("Mill Lane", line(0)), Piece("Mill Lane", line(100)))

    assert len(streets) == 1
    assert list(streets.columns) == list(STREET_COLUMNS)
    assert streets.geometry[0].equals(MultiLineString([line(0, length=200)]))


@pytest.mark.parametrize(("gap", "count"), [(REACH, 1), (REACH + 1, 2)])
def test_pieces_further_apart_than_300_m_are_two_streets(gap: float, count: int) -> None:
    streets = streets_of(Piece("Church Road", line(0)), Piece("Church Road", line(100 + gap)))

    assert len(streets) == count


def test_a_chain_of_near_pieces_is_one_street_however_long() -> None:
    pieces = [Piece("Cardiff Road", line(x * 350)) for x in range(82)]

    assert len(streets_of(*pieces)) == 1


def test_the_same_name_in_two_places_is_two_streets_though_they_touch() -> None:
    pieces = [
        Piece("Main Street", line(0), locality="Upper Hale"),
        Piece("Main Street", line(100), locality="Lower Hale"),
    ]

    assert len(streets_of(*pieces)) == 2


def test_rows_of_one_usrn_are_one_street_wherever_they_lie() -> None:
    pieces = [
        Piece("High Street", line(0), usrn="10000001"),
        Piece("HIGH ST", line(9000), usrn="10000001"),
    ]

    streets = streets_of(*pieces)

    assert streets[["id", "usrn", "name"]].values.tolist() == [
        ["10000001", "10000001", "High Street"]
    ]


def test_two_names_with_one_usrn_are_a_problem_that_names_both() -> None:
    report = Report("gazetteer")
    pieces = [
        Piece("Mill Lane", line(0), "a.csv", 2, usrn="10000001"),
        Piece("Duck End", line(0), "a.csv", 5, usrn="10000001"),
    ]

    streets = streets_of(*pieces, report=report)

    assert streets["name"].tolist() == ["Mill Lane"]
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.value) == ("a.csv", 5, "10000001")
    assert "Mill Lane in row 2" in problem.sentence
    assert "Duck End in row 5" in problem.sentence


def test_spellings_fold_and_the_best_is_kept_and_said() -> None:
    report = Report("gazetteer")
    names = ["TOPSHAM ROAD", "TOPSHAM ROAD", "Topsham Road", "Topsham Rd", "Topsham Road"]

    streets = streets_of(*(Piece(name, line(0, y)) for y, name in enumerate(names)), report=report)

    assert streets["name"].tolist() == ["Topsham Road"]
    assert "TOPSHAM ROAD" in report.notes[0]


def test_welsh_names_are_kept_once_and_what_repeats_the_name_is_not() -> None:
    welsh = (AltName("Heol Fawr", "cy"), AltName("Great Road"))
    pieces = [
        Piece("Great Road", line(0), alt_names=welsh),
        Piece("Great Road", line(100), alt_names=welsh),
    ]

    assert streets_of(*pieces)["alt_names"].tolist() == ["cy:Heol Fawr"]


def test_road_numbers_are_a_list_with_that_of_the_longest_part_first() -> None:
    pieces = [
        Piece("Usk Way", line(0, length=50), road_number="A4042"),
        Piece("Usk Way", line(50, length=500), road_number="A48;A4042"),
        Piece("Usk Way", line(550, length=10)),
    ]

    assert streets_of(*pieces)["road_number"].tolist() == ["A4042;A48"]


def test_a_street_known_by_a_point_alone_stays_a_point() -> None:
    streets = streets_of(Piece("Mill Lane", Point(0, 0)), Piece("Mill Lane", Point(0, 0)))

    assert streets.geometry.tolist() == [Point(0, 0)]


def test_areas_count_as_their_outlines_and_duplicates_go() -> None:
    square = Point(0, 0).buffer(10, cap_style="square")

    shape = joined([square, square, LineString([(0, 0), (1, 1)])])

    assert shape.geom_type == "MultiLineString"
    assert shape.length == pytest.approx(80 + np.sqrt(2))


def test_ids_do_not_change_with_what_else_is_in_the_file_or_its_order() -> None:
    mill, duck = Piece("Mill Lane", line(0)), Piece("Duck End", line(5000))

    alone = with_ids(streets_of(mill))["id"].tolist()
    together = with_ids(streets_of(duck, mill))["id"].tolist()

    assert together[1] == alone[0]
    assert alone[0].startswith("s-")
    assert len(alone[0]) == 12


def test_two_streets_of_one_name_in_one_square_kilometre_have_two_ids_in_fixed_order() -> None:
    south, north = Piece("Mill Lane", line(0, 0)), Piece("Mill Lane", line(0, 900))

    one = with_ids(streets_of(south, north))["id"].tolist()
    other = with_ids(streets_of(north, south))["id"].tolist()

    assert one == other[::-1]
    assert one[1] == f"{one[0]}-2"


def test_ids_that_number_pieces_are_not_taken_for_ids_of_streets() -> None:
    report = Report("gazetteer")
    pieces = [
        Piece("Mill Lane", line(0), "a", 1, id="1"),
        Piece("Mill Lane", line(100), "a", 2, id="2"),
    ]

    assert [piece.id for piece in with_trusted_ids(pieces, report)] == ["", ""]
    assert report.notes == ["The column id numbers pieces, not streets, and is not used."]


def test_an_id_that_is_the_usrn_of_another_street_is_not_used() -> None:
    pieces = [
        Piece("Mill Lane", line(0), id="10000001"),
        Piece("Duck End", line(5000), usrn="10000001"),
    ]

    mill, duck = with_ids(streets_of(*pieces))["id"]

    assert duck == "10000001"
    assert mill.startswith("s-")


def test_ids_that_name_streets_are_kept() -> None:
    pieces = [
        Piece("Mill Lane", line(0), "a", 1, id="m"),
        Piece("Mill Lane", line(100), "a", 2, id="m"),
    ]

    streets = streets_of(*with_trusted_ids(pieces, Report("gazetteer")))

    assert streets["id"].tolist() == ["m"]


def test_no_pieces_are_an_empty_frame_with_its_columns() -> None:
    streets = with_ids(streets_of())

    assert list(streets.columns) == list(STREET_COLUMNS)
    assert streets.crs.to_epsg() == 27700


def test_a_name_with_thousands_of_pieces_is_merged_in_seconds() -> None:
    pieces = [Piece("Footpath", line(x * 120 % 30_000, x // 250 * 90)) for x in range(5000)]

    assert len(streets_of(*pieces)) == 1
