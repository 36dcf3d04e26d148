"""The drawing of a street: what is in it, and that names in it are text."""

from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.status import Status
from mapsvc.maps.drawing import HEIGHT, WIDTH, DrawnVerge, box_around, street_svg
from mapsvc.maps.style import LOOKS

STREET = shapely.LineString([(1000, 1000), (1200, 1000)])
VERGE = shapely.box(1000, 1004, 1200, 1008)


def drawn(title: str = "Main Street", neighbours: Sequence[BaseGeometry | None] = ()) -> str:
    box = box_around([STREET, VERGE])
    assert box is not None
    patches = [DrawnVerge(VERGE, Status.CUT)]
    return street_svg(box, STREET, patches, neighbours, title=title, description="d")


def test_a_box_has_the_proportions_of_the_drawing_and_room_around() -> None:
    box = box_around([STREET])
    assert box is not None

    west, south, east, north = box

    assert (east - west) / (north - south) == pytest.approx(WIDTH / HEIGHT)
    assert west < 1000
    assert east > 1200
    assert south < 1000 < north


def test_nothing_without_a_geometry_has_a_box() -> None:
    assert box_around([None, shapely.LineString()]) is None


def test_a_drawing_is_xml_with_title_description_and_the_status_colour() -> None:
    svg = drawn()

    root = ElementTree.fromstring(svg)
    words = [child.text for child in root[:2]]
    assert words == ["Main Street", "d"]
    assert LOOKS[Status.CUT].colour in svg
    assert LOOKS[Status.CUT].symbol in svg


def test_a_name_is_text_in_a_drawing() -> None:
    svg = drawn("<script>alert(1)</script> & ${x}")

    root = ElementTree.fromstring(svg)
    assert root[0].text == "<script>alert(1)</script> & ${x}"
    assert "<script" not in svg


def test_a_street_of_one_point_and_one_far_away_are_drawn_as_nothing() -> None:
    point = shapely.LineString([(1100, 1000), (1100, 1000)])
    far = shapely.LineString([(9000, 9000), (9100, 9000)])

    assert ElementTree.fromstring(drawn(neighbours=[point, far, None])) is not None


def test_a_dense_town_stays_small() -> None:
    lines = [shapely.LineString([(900 + n, 900), (950 + n, 1200)]) for n in range(2_000)]

    assert len(drawn(neighbours=lines)) < 30_000
