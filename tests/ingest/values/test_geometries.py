"""Geometry from outside: claims that cannot be true are named, small faults are mended."""

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon

from mapsvc.errors import WrongCrs
from mapsvc.ingest.rows import Row, Sheet
from mapsvc.ingest.values.geometries import GeometryFinding, to_local

COUNCIL = (440_000.0, 280_000.0, 480_000.0, 320_000.0)
HOME = Point(450_000, 300_000)
LON_LAT = Point(-1.1, 52.6)
MERCATOR = Point(-122_000, 6_900_000)


def only(found: list[GeometryFinding]) -> GeometryFinding:
    (finding,) = found
    return finding


@pytest.mark.parametrize(
    ("shape", "claim", "kind", "sentence"),
    [
        (
            HOME,
            "EPSG:4326",
            "wrong_crs",
            (
                "450000, 300000 looks like British National Grid (EPSG:27700), but the file says "
                "longitude and latitude (EPSG:4326). Correct what is said about the coordinates, "
                "or the coordinates, and try again."
            ),
        ),
        (MERCATOR, "EPSG:27700", "wrong_crs", "looks like Web Mercator (EPSG:3857), but the file"),
        (HOME, "EPSG:3857", "wrong_crs", "looks like British National Grid (EPSG:27700), but"),
        (LON_LAT, "EPSG:27700", "wrong_crs", "looks like longitude and latitude (EPSG:4326), but"),
        (
            Point(52.6, -1.1),
            "EPSG:4326",
            "swapped",
            (
                "52.60000, -1.10000 looks like latitude and longitude in the wrong order. Swap the "
                "two and try again."
            ),
        ),
        (
            Point(300_000, 450_000),
            "EPSG:27700",
            "swapped",
            (
                "300000, 450000 looks like latitude and longitude in the wrong order. Swap the "
                "two and try again."
            ),
        ),
        (
            Point(400_000, 100_000),
            "EPSG:27700",
            "outside",
            (
                "400000, 100000 lies 184 km from the council's area. Correct the coordinates or "
                "take the row out."
            ),
        ),
        (Point(10, 10), "EPSG:4326", "outside", "10.00000, 10.00000 lies outside Great Britain."),
        (None, "EPSG:27700", "no_geometry", "This feature has no geometry. Draw it again."),
        (Polygon(), "EPSG:27700", "no_geometry", "This feature has no geometry."),
        (
            LineString([(450_000, 300_000), (450_001, np.inf)]),
            "EPSG:27700",
            "bad_coordinates",
            "has a point without coordinates (NaN or infinite).",
        ),
        (
            Polygon([(450_000, 300_000), (450_001, 300_000), (450_000, 300_000)]),
            "EPSG:27700",
            "collapsed",
            "This feature has no length or area.",
        ),
    ],
)
def test_a_geometry_that_cannot_be_used_is_named_and_the_good_one_kept(
    shape: shapely.Geometry, claim: str, kind: str, sentence: str
) -> None:
    good = {"EPSG:4326": LON_LAT, "EPSG:3857": MERCATOR}.get(claim, HOME)

    local, findings = to_local([good, shape], claim, COUNCIL)

    assert local[0].within(shapely.box(*COUNCIL))
    assert local[1] is None
    assert (only(findings).index, only(findings).kind, only(findings).is_lost) == (1, kind, True)
    assert sentence in only(findings).sentence


def test_outlines_that_cross_themselves_are_mended_and_said() -> None:
    corners = np.array([(0, 0), (100, 100), (100, 0), (0, 100)])
    shape = Polygon(corners + np.array([450_000, 300_000]))

    local, findings = to_local([shape], "EPSG:27700", COUNCIL)

    assert local[0].is_valid
    assert local[0].area == 5000
    assert (only(findings).kind, only(findings).is_lost) == ("mended", False)


def test_heights_are_dropped_in_silence() -> None:
    local, findings = to_local([Point(450_000, 300_000, 77)], "EPSG:27700", COUNCIL)

    assert not local[0].has_z
    assert findings == []


def test_without_bounds_nothing_is_too_far_away() -> None:
    shapes = [Point(450_000 + n, 300_000) for n in range(5)]

    local, findings = to_local([*shapes, Point(450_000, 600_000)], "EPSG:27700")

    assert [shape is not None for shape in local] == [True] * 6
    assert findings == []


def test_verges_just_beyond_the_border_are_the_councils() -> None:
    local, findings = to_local([Point(440_000 - 4_000, 300_000)], "EPSG:27700", COUNCIL)

    assert local[0] is not None
    assert findings == []


@pytest.mark.parametrize(
    ("shape", "system"),
    [(HOME, "EPSG:27700"), (LON_LAT, "EPSG:4326"), (MERCATOR, "EPSG:3857")],
)
def test_a_file_without_a_claim_is_read_by_its_numbers_and_that_is_said(
    shape: Point, system: str
) -> None:
    local, findings = to_local([shape], "", COUNCIL)

    assert local[0].within(shapely.box(*COUNCIL))
    assert only(findings).index == -1
    assert system in only(findings).sentence


def test_a_file_without_a_claim_and_with_strange_numbers_is_refused() -> None:
    with pytest.raises(WrongCrs, match="does not say which coordinates it uses"):
        to_local([Point(27, 25)], "")


def test_how_a_claim_was_made_is_said_in_its_own_words() -> None:
    _, findings = to_local([HOME, LON_LAT], "EPSG:4326", said="the columns are lon and lat")

    assert ", but the columns are lon and lat." in only(findings).sentence


def test_a_finding_becomes_a_problem_of_its_row() -> None:
    _, findings = to_local([LON_LAT, HOME], "EPSG:4326")
    sheet = Sheet("verges.csv", "North", (), iter(()))

    problem = findings[0].problem(Row(12, []), sheet)

    assert str(problem).startswith("verges.csv, North, row 12: 450000, 300000 looks like British")


def test_nothing_is_nothing() -> None:
    local, findings = to_local([], "EPSG:27700", COUNCIL)

    assert (len(local), findings) == (0, [])


def test_another_local_system_is_judged_by_the_bounds_alone() -> None:
    oslo = Point(10.75, 59.91)

    local, findings = to_local([oslo], "EPSG:4326", local_crs="EPSG:25832")

    assert local[0].x == pytest.approx(597_900, abs=500)
    assert findings == []
