"""Ids that last from edition to edition, and what publishing would change."""

from datetime import date

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.schedule import Cut, Verge, Window
from mapsvc.domain.schedule_columns import VERGE_COLUMNS
from mapsvc.domain.streets import STREET_COLUMNS
from mapsvc.ingest.compare.changes import gazetteer_changes, named_changes, street_changes
from mapsvc.ingest.compare.identity import (
    carry_street_ids,
    carry_verge_ids,
    derived_verge_id,
    is_derived,
)
from mapsvc.store.contents import ScheduleContent

DERIVED = derived_verge_id("1", "urban", "")


def verges(*rows: tuple[str, str, str, BaseGeometry | None]) -> gpd.GeoDataFrame:
    """Verges (id, streets, stretch, geometry), all of the kind `urban` and programme 0."""
    cells = []
    for id, streets, stretch, shape in rows:
        row: dict[str, object] = dict.fromkeys(VERGE_COLUMNS, "")
        row |= {"id": id, "streets": streets, "kind": "urban", "stretch": stretch}
        cells.append(row | {"programme": 0, "geometry": shape})
    return gpd.GeoDataFrame(cells, columns=list(VERGE_COLUMNS), crs="EPSG:27700")


def streets(*rows: tuple[str, str, float]) -> gpd.GeoDataFrame:
    """Streets (id, name, easting); an id of digits is a USRN."""
    cells = []
    for id, name, easting in rows:
        row: dict[str, object] = dict.fromkeys(STREET_COLUMNS, "")
        row |= {"id": id, "usrn": id if id.isdigit() else "", "name": name, "town": "Ashby"}
        cells.append(row | {"geometry": LineString([(easting, 0), (easting, 100)])})
    return gpd.GeoDataFrame(cells, columns=list(STREET_COLUMNS), crs="EPSG:27700")


# Verges


def test_a_derived_id_is_told_by_street_kind_stretch_and_ordinal() -> None:
    assert derived_verge_id("1", "Urban ", "") == DERIVED == derived_verge_id("1", "urban", "", 0)
    others = (("2", "urban", ""), ("1", "urban", "", 1), ("1", "rural", ""), ("1", "urban", "odd"))
    assert len({DERIVED, *(derived_verge_id(*one) for one in others)}) == 5
    assert is_derived(DERIVED)
    assert not is_derived("V7")


def test_the_same_verges_keep_all_their_ids() -> None:
    before = verges(
        (DERIVED, "1", "", box(0, 0, 9, 9)),
        (derived_verge_id("1", "urban", "", 1), "1", "", box(0, 20, 9, 29)),
        ("V7", "1", "", None),
    )

    assert carry_verge_ids(before, before)["id"].tolist() == before["id"].tolist()


def test_a_verge_that_only_changed_its_outline_keeps_its_id() -> None:
    before = verges(("v-old", "1", "", box(0, 0, 9, 9)), ("v-other", "1", "", box(0, 20, 9, 29)))
    new = verges(
        (DERIVED, "1", "", box(0, 19, 9, 30)),
        (derived_verge_id("1", "urban", "", 1), "1", "", box(0, 1, 9, 9)),
    )

    assert carry_verge_ids(new, before)["id"].tolist() == ["v-other", "v-old"]


def test_a_new_verge_does_not_take_the_id_of_one_that_stays() -> None:
    """The new one lies further south and would be counted first."""
    before = verges((DERIVED, "1", "", box(0, 20, 9, 29)))
    new = verges(
        (DERIVED, "1", "", box(0, 0, 9, 9)),
        (derived_verge_id("1", "urban", "", 1), "1", "", box(0, 20, 9, 29)),
    )

    carried = carry_verge_ids(new, before)["id"].tolist()

    assert carried[1] == DERIVED
    assert carried[0] == derived_verge_id("1", "urban", "", 1)


def test_ids_of_the_council_are_never_changed() -> None:
    before = verges(("V1", "1", "", None), ("V2", "2", "", None))
    new = verges(("V2", "1", "", None), (derived_verge_id("2", "urban", ""), "2", "", None))

    carried = carry_verge_ids(new, before)["id"].tolist()

    assert carried[0] == "V2"
    assert carried[1] == derived_verge_id("2", "urban", "")


@settings(deadline=None)  # the machine may be busy
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_ids_stay_unique_and_a_second_carrying_changes_nothing(
    order: list[int], dropped: set[int]
) -> None:
    shapes = [box(0, 20 * n, 9, 20 * n + 9) for n in range(6)]
    before = verges(
        *((derived_verge_id("1", "urban", "", n), "1", "", shapes[n]) for n in range(6))
    )
    kept = [n for n in order if n not in dropped]
    new = verges(
        *((derived_verge_id("1", "urban", "", at), "1", "", shapes[n]) for at, n in enumerate(kept))
    )

    once = carry_verge_ids(new, before)

    assert once["id"].tolist() == [before["id"].iat[n] for n in kept]
    assert carry_verge_ids(once, once)["id"].tolist() == once["id"].tolist()


# Streets


def test_a_street_without_usrn_keeps_the_id_it_had_when_it_is_drawn_anew() -> None:
    before = streets(("s-a", "High Street", 0), ("s-b", "High Street", 900))
    new = streets(("s-x", "High St", 905), ("s-y", "HIGH STREET", 10), ("s-z", "High Street", 5000))

    carried, moved = carry_street_ids(new, before)

    assert carried["id"].tolist() == ["s-b", "s-a", "s-z"]
    assert moved == {}


def test_a_street_that_got_a_usrn_is_found_by_its_old_id() -> None:
    before = streets(("s-a", "High Street", 0), ("7", "Low Street", 500))
    new = streets(("101", "High Street", 2), ("7", "Low Road", 500))

    carried, moved = carry_street_ids(new, before)

    assert carried["id"].tolist() == ["101", "7"]
    assert moved == {"s-a": "101"}


def test_the_same_gazetteer_changes_nothing() -> None:
    same = streets(("s-a", "High Street", 0), ("s-b", "High Street", 900), ("7", "Low", 5))

    carried, moved = carry_street_ids(same, same)

    assert carried["id"].tolist() == same["id"].tolist()
    assert moved == {}
    assert gazetteer_changes(carried, same, {"7": [Verge("V1")]}) == {}


def test_what_a_gazetteer_would_change_is_named() -> None:
    before = streets(("1", "High Street", 0), ("2", "Low Street", 500), ("3", "Old Street", 900))
    new = streets(("1", "Upper Street", 0), ("2", "Low Street", 800), ("4", "New Street", 0))

    grass = {"1": [Verge("V1")], "3": [Verge("V2", round="R1"), Verge("V3", service="sweeping")]}

    assert gazetteer_changes(new, before, grass) == {
        "streets added": ["New Street, Ashby"],
        "streets renamed": ["High Street, Ashby is now Upper Street, Ashby"],
        "streets moved": ["Low Street, Ashby"],
        "streets removed": ["Old Street, Ashby"],
        "removed streets that have verges": [
            "Old Street, Ashby: grass cutting V2 (round R1); sweeping V3"
        ],
    }


def test_a_first_gazetteer_changes_nothing() -> None:
    assert gazetteer_changes(streets(("1", "High Street", 0)), None) == {}


# Dates


def content(*starts: date, street: str = "1") -> ScheduleContent:
    """One verge with a cut of a day on each of `starts`."""
    programme = tuple(Cut(2026, n, Window(day, day)) for n, day in enumerate(starts, 1))
    return ScheduleContent(verges((DERIVED, street, "", None)), (), (programme,))


NAMES = streets(("1", "High Street", 0), ("2", "Low Street", 500))
APRIL, JUNE = date(2026, 4, 7), date(2026, 6, 8)


@pytest.mark.parametrize(
    ("new", "before", "changes"),
    [
        (content(APRIL, JUNE), content(APRIL, JUNE), {}),
        (content(APRIL, date(2026, 6, 20)), content(APRIL, JUNE), {}),
        (
            content(APRIL, JUNE),
            content(APRIL),
            {"streets that gain a date": ["High Street, Ashby: cut 2 on 8 June 2026"]},
        ),
        (
            content(APRIL),
            None,
            {"streets that gain a date": ["High Street, Ashby: cut 1 on 7 April 2026"]},
        ),
        (
            content(APRIL, street="2"),
            content(APRIL),
            {
                "streets that gain a date": ["Low Street, Ashby: cut 1 on 7 April 2026"],
                "streets that lose a date": ["High Street, Ashby: cut 1 on 7 April 2026"],
            },
        ),
        (
            content(APRIL, date(2026, 6, 29)),
            content(APRIL, JUNE),
            {
                "streets whose dates move by more than 14 days": [
                    "High Street, Ashby: cut 2 from 8 June 2026 to 29 June 2026"
                ]
            },
        ),
    ],
)
def test_the_dates_that_a_schedule_would_change_are_named(
    new: ScheduleContent, before: ScheduleContent | None, changes: dict[str, list[str]]
) -> None:
    assert named_changes(street_changes(new, before), NAMES) == changes
