"""Grass with outlines: parks and greens with names of their own, and rows that speak of them."""

import json
from pathlib import Path

import pytest

from mapsvc.services.answers.teller import Answers
from mapsvc.services.schedules.publishing import propose, publish
from mapsvc.services.state.council import Council
from tests.support.councils import TODAY, open_council, publish_text

GAZETTEER = """\
usrn,name,locality,wkt
10000001,Mill Lane,Example,"LINESTRING (-2.36 51.385, -2.357 51.385)"
10000002,High Street,Example,"LINESTRING (-2.36 51.38, -2.357 51.38)"
"""
Site = tuple[str | None, float, float]


def sites(*named: Site, **more: str) -> str:
    """GeoJSON of squares of 30 m: a name, and where each begins in degrees."""
    features = [
        {
            "type": "Feature",
            "properties": {"site_name": name, "cut_1": "8 June 2026", **more},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, y], [x + 0.0003, y], [x + 0.0003, y + 0.0003], [x, y + 0.0003], [x, y]]
                ],
            },
        }
        for name, x, y in named
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def council(tmp_path: Path) -> Council:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER)
    return council


def test_a_park_with_a_name_of_its_own_is_cut_grass_of_the_street_it_lies_along(
    council: Council, tmp_path: Path
) -> None:
    text = sites(("Example Park", -2.3595, 51.38502), (None, -2.3585, 51.38502))

    publish_text(council, tmp_path, "schedule", text, name="sites.geojson")

    answer = Answers(council).answer("10000001", TODAY)
    assert sorted(group.where for group in answer.groups) == ["", "Example Park"]
    found = council.atlas().search("example park", 5)
    assert [one.street.name for one in found] == ["Mill Lane"]


def test_a_park_along_no_street_is_kept_and_found_by_the_streets_near_it(
    council: Council, tmp_path: Path
) -> None:
    text = sites(("Far Field", -2.3585, 51.3865))

    publish_text(council, tmp_path, "schedule", text, name="sites.geojson")

    verges = council.atlas().book(2026).verges.values()
    assert [(verge.land_name, verge.streets) for verge in verges] == [("Far Field", ())]
    found = council.atlas().search("Far Field", 5)
    assert [one.street.name for one in found] == ["Mill Lane", "High Street"]


def test_land_that_bears_the_name_of_a_street_far_off_is_a_problem(
    council: Council, tmp_path: Path
) -> None:
    file = tmp_path / "sites.geojson"
    file.write_text(sites(("High Street", -2.3585, 51.38502), ("Example Park", -2.35951, 51.385)))

    report = propose(council, "schedule", [file]).report

    assert len(report.problems) == 1
    assert "from High Street, Example. Correct the name or the position." in (
        report.problems[0].sentence
    )


@pytest.mark.parametrize(
    ("classes", "row", "kinds"),
    [
        ({"Grass type": "urban"}, "Urban", ["urban"]),
        ({}, "Urban", ["Urban"]),
        ({"Grass type": "Class 1"}, "Urban", ["Class 1"]),
    ],
)
def test_a_row_by_street_speaks_of_the_land_of_that_street_also_where_it_names_a_class(
    council: Council, tmp_path: Path, classes: dict[str, str], row: str, kinds: list[str]
) -> None:
    land, dates = tmp_path / "land.geojson", tmp_path / "dates.csv"
    outline = json.loads(sites((None, -2.3595, 51.38502), **classes))
    outline["features"][0]["properties"] |= {"cut_1": None, "round": "R1"}
    land.write_text(json.dumps(outline))
    dates.write_text(f"street,Grass type,cut,start,end\nMill Lane,{row},1,2026-06-08,2026-06-12\n")

    proposal = propose(council, "schedule", [land, dates])

    publish(council, proposal, by="tests")
    verges = list(council.atlas().book(2026).verges.values())
    assert [verge.kind for verge in verges] == kinds
    assert verges[0].geometry is not None
    assert len(verges[0].dated_cuts) == 1
    assert proposal.report.problems == []


def test_a_class_that_other_land_has_is_not_put_on_this(council: Council, tmp_path: Path) -> None:
    land, dates = tmp_path / "land.geojson", tmp_path / "dates.csv"
    both = json.loads(sites((None, -2.3595, 51.38502), (None, -2.3595, 51.38002)))
    for feature, kind in zip(both["features"], ("urban", "rural"), strict=True):
        feature["properties"] |= {"cut_1": None, "round": "R1", "Grass type": kind}
    land.write_text(json.dumps(both))
    dates.write_text("street,Grass type,cut,start,end\nMill Lane,rural,1,2026-06-08,2026-06-12\n")

    publish(council, propose(council, "schedule", [land, dates]), by="tests")

    dated = [v for v in council.atlas().book(2026).of_street("10000001") if v.dated_cuts]
    assert [(verge.kind, verge.geometry) for verge in dated] == [("rural", None)]
