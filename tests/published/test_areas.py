"""The settlements and towns that streets lie in."""

from math import nan

import pytest

from mapsvc import crs
from mapsvc.domain.streets import Place, Street
from mapsvc.published.areas import NOWHERE, Area, Areas, Located, areas_of

OAKHAM = Place("Oakham", "town", 486_000, 308_800)
FAR_OAKHAM = Place("Oakham", "hamlet", 300_000, 100_000)
POSTCODE = Place("LE15 6AA", "postcode", 486_000, 308_800)


def located(
    street_id: str, locality: str = "", town: str = "", lon: float = -0.73, lat: float = 52.67
) -> Located:
    return Located(Street(street_id, "Main Street", locality=locality, town=town), lon, lat)


def made(*streets: Located, places: tuple[Place, ...] = ()) -> Areas:
    return areas_of(streets, places, crs.LOCAL)


def area(areas: Areas, key: str) -> Area:
    return areas.by_key[key]


def test_a_street_lies_in_its_settlement_and_in_its_town_with_all_around() -> None:
    areas = made(
        located("S1", "Barleythorpe", "Oakham"), located("S2", "", "Oakham"), located("S3", "Ham")
    )

    assert sorted(areas.by_key) == ["Barleythorpe, Oakham", "Ham", "Oakham", "Oakham and around"]
    assert set(areas.of_streets(["S1"])) == {"Barleythorpe, Oakham", "Oakham and around"}
    assert area(areas, "Oakham").streets == ("S2",)
    assert area(areas, "Oakham and around").streets == ("S1", "S2")


def test_a_town_with_one_settlement_is_both_at_once() -> None:
    (only,) = made(located("S1", "Ham", "Ham"), located("S2", "", "Ham")).by_key.values()

    assert (only.key, only.is_wide, only.is_local) == ("Ham", True, True)


def test_two_villages_of_one_name_are_two() -> None:
    areas = made(located("S1", "Weston", "Oakham"), located("S2", "Weston", "Melton"))

    assert sorted(areas.by_key) == ["Weston, Melton", "Weston, Oakham"]


def test_a_settlement_stands_where_the_nearest_place_of_its_name_is_published() -> None:
    areas = made(located("S1", "", "Oakham"), places=(FAR_OAKHAM, POSTCODE, OAKHAM))

    there = area(areas, "Oakham")
    assert there.at == pytest.approx(crs.point_to_wgs84(486_000, 308_800))
    assert there.kind == "town"


def test_one_that_nobody_published_stands_on_the_street_in_its_middle() -> None:
    west, middle, far = (located(f"S{n}", "Ham", lon=lon) for n, lon in enumerate((-1, -0.9, 9)))

    there = area(made(west, middle, far), "Ham")

    assert there.at == (-0.9, 52.67)
    assert there.box == (-1, 52.67, 9, 52.67)


def test_a_street_that_names_no_place_belongs_to_the_nearest_one() -> None:
    assert set(made(located("S1"), places=(OAKHAM, FAR_OAKHAM)).by_key) == {"Oakham"}
    assert set(made(located("S1")).by_key) == {NOWHERE}


def test_streets_without_geometry_are_counted_and_not_drawn() -> None:
    there = area(made(located("S1", "Ham", lon=nan, lat=nan)), "Ham")

    assert (there.streets, there.at, there.box) == (("S1",), None, None)


def test_a_verge_of_two_streets_counts_once_in_a_place() -> None:
    areas = made(located("S1", "Ham"), located("S2", "Ham"))

    assert list(areas.of_streets(["S1", "S2"])) == ["Ham"]
    assert list(areas.of_streets(["nobody"])) == []
