"""One model of place, from files to what residents read: parishes, villages, keepers."""

import json
from pathlib import Path

import pytest

from mapsvc.domain.streets import Street
from mapsvc.errors import FileRefused
from mapsvc.problems import Report
from mapsvc.services.answers.teller import Answers
from mapsvc.services.schedules.publishing import Options, propose, propose_into, publish
from mapsvc.services.state.council import Council
from tests.support.councils import TODAY, open_council, publish_text

GAZETTEER = """\
usrn,name,locality,town,parish,wkt
20000001,Ketton Road,Geeston,,{parish},"LINESTRING (499200 303300, 499900 303400)"
20000002,Ketton Road,North Luffenham,,North Luffenham CP,"LINESTRING (494000 303400, 499000 303500)"
20000003,High Street,Ketton,,{parish},"LINESTRING (499100 303600, 499500 304000)"
20000004,Church Lane,Geeston,,{parish},"LINESTRING (500500 303300, 500900 303400)"
"""
KEEPERS = """\
code,name,kind,ours,url,phone,parishes,roads
CC,Example County Council,council,yes,,01632 960000,,
KPC,Ketton Parish Council,parish,no,,01632 960001,Ketton,
"""
SCHEDULE = "street,village,cut,start,end\n{street},{village},1,2026-06-08,2026-06-12\n"


def streets_in(council: Council, folder: Path, text: str) -> tuple[list[str], Report]:
    """The streets with dates after a schedule with this text, and its report."""
    file = folder / "schedule.csv"
    file.write_text(text, encoding="utf-8")
    proposal = propose(council, "schedule", [file], Options())
    assert proposal.draft.schedule is not None
    return proposal.draft.schedule.verges["streets"].tolist(), proposal.report


def refused(council: Council, folder: Path, text: str) -> str:
    """The sentence of the one row of a file that cannot be used."""
    file = folder / "schedule.csv"
    file.write_text(text, encoding="utf-8")
    report = Report("schedule")
    with pytest.raises(FileRefused):
        propose_into(report, council, [file], Options())
    return report.problems[0].sentence


def areas(*named: tuple[str | None, str, float, float]) -> str:
    """GeoJSON of squares of parishes: name, code, and the west and east end in degrees."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code, "file_name": "EXAMPLESHIRE"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[west, 51.3], [east, 51.3], [east, 51.5], [west, 51.5], [west, 51.3]]
                ],
            },
        }
        for name, code, west, east in named
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    "parish",
    ["Ketton CP", "Ketton Parish", "KETTON (CP)", "Ketton and Tinwell", "Ketton & Tinwell CP"],
)
def test_the_street_in_the_place_is_meant_and_never_one_beside_it(
    tmp_path: Path, parish: str
) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER.format(parish=parish))
    publish_text(council, tmp_path, "keepers", KEEPERS)

    streets, report = streets_in(
        council, tmp_path, SCHEDULE.format(street="Ketton Road", village="Ketton")
    )

    assert streets == ["20000001"]
    assert report.problems == []


def test_a_street_beside_the_place_is_only_suggested_where_another_bears_its_name(
    tmp_path: Path,
) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER.format(parish=""))

    sentence = refused(council, tmp_path, SCHEDULE.format(street="Ketton Road", village="Ketton"))

    assert sentence == (
        "There is no Ketton Road in Ketton. The gazetteer has Ketton Road, Geeston and Ketton "
        "Road, North Luffenham. Correct the place or give the USRN."
    )


def test_the_keeper_of_a_parish_is_named_however_its_name_is_written(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER.format(parish="Ketton CP"))
    publish_text(council, tmp_path, "keepers", KEEPERS)

    answer = Answers(council).answer("20000003", TODAY)

    assert [group.keeper.code for group in answer.groups] == ["KPC"]
    assert "Ketton Parish Council looks after this grass" in answer.groups[0].words
    assert answer.street.parish == "Ketton"


@pytest.mark.parametrize("name", [None, "", "Unparished area", "null"])
def test_an_area_without_a_name_is_left_out_and_said(tmp_path: Path, name: str | None) -> None:
    council = open_council(tmp_path)
    file = tmp_path / "parishes.geojson"
    file.write_text(
        areas(("Little Example CP", "E04000001", -2.37, -2.36), (name, "E04000009", -2.36, -2.35))
    )

    proposal = propose(council, "boundaries", [file])

    assert proposal.draft.boundaries is not None
    assert proposal.draft.boundaries[["name", "kind", "code"]].values.tolist() == [
        ["Little Example", "parish", "E04000001"]
    ]
    assert "1 area without a name left out." in proposal.report.notes
    assert proposal.report.problems == []


TWO_HIGH_STREETS = """\
name,lon,lat
High Street,-2.365,51.38
High Street,-2.355,51.38
Mill Lane,-2.355,51.3805
"""


def two_parishes(folder: Path) -> Council:
    """A council with a High Street in each of two parishes, known by their outlines alone."""
    council = open_council(folder)
    publish_text(council, folder, "gazetteer", TWO_HIGH_STREETS)
    text = areas(
        ("Little Example CP", "E04000001", -2.37, -2.36), ("Keynes", "E04000002", -2.36, -2.35)
    )
    publish_text(council, folder, "boundaries", text, name="parishes.geojson")
    return council


def test_of_namesakes_that_in_the_outline_of_the_parish_is_meant(tmp_path: Path) -> None:
    council = two_parishes(tmp_path)
    text = "street,parish,cut,start,end\nHigh Street,Little Example CP,1,2026-06-08,2026-06-12\n"

    streets, _ = streets_in(council, tmp_path, text)

    found = council.atlas().street(streets[0])
    assert found is not None
    assert found.street.full_name == "High Street, Little Example"


def test_namesakes_are_told_apart_by_their_parish_and_never_by_ids(tmp_path: Path) -> None:
    sentence = refused(
        two_parishes(tmp_path),
        tmp_path,
        "street,parish,cut,start,end\nHigh Street,,1,2026-06-08,2026-06-12\n",
    )

    assert "High Street, Little Example and High Street, Keynes" in sentence
    assert "s-" not in sentence


def test_a_parish_is_searched_for_as_it_is_said(tmp_path: Path) -> None:
    found = two_parishes(tmp_path).atlas().search("high street keynes", 5)

    assert [one.street.full_name for one in found][:1] == ["High Street, Keynes"]


SUTTONS = (("Sutton", "E04001234", -2.37, -2.36), ("Sutton", "E04009999", -2.36, -2.35))


def keepers_file(first: str, second: str) -> str:
    """Two keepers, A and B, each of one parish."""
    rows = (f"{code},{code} Council,parish,no,{of}" for code, of in (("A", first), ("B", second)))
    return "\n".join(("code,name,kind,ours,parishes", *rows))


def suttons(folder: Path, first: str, second: str) -> tuple[Council, Report]:
    """A council with two parishes called Sutton, and what was said of their keepers."""
    council = open_council(folder)
    publish_text(council, folder, "gazetteer", TWO_HIGH_STREETS)
    publish_text(council, folder, "boundaries", areas(*SUTTONS), name="parishes.geojson")
    file = folder / "keepers.csv"
    rows = (
        f"A,Sutton (A) Parish Council,parish,no,{first}\nB,Sutton (B) Council,parish,no,{second}\n"
    )
    file.write_text("code,name,kind,ours,parishes\n" + rows)
    proposal = propose(council, "keepers", [file])
    publish(council, proposal, by="tests")
    return council, proposal.report


def keepers_of(council: Council, name: str) -> list[set[str]]:
    """The codes of the keepers of each street with this name, from west to east."""
    streets: list[Street] = [one.street for one in council.atlas().all_streets()]
    named = sorted((s for s in streets if s.name == name), key=lambda s: s.parish_code)
    return [{one.code for one in council.atlas().keepers_of_street(s)} for s in named]


def test_two_parishes_of_one_name_are_two_and_have_their_keepers_by_code(tmp_path: Path) -> None:
    council, report = suttons(tmp_path, "E04001234", "E04009999")

    assert keepers_of(council, "High Street") == [{"A"}, {"B"}]
    assert report.problems == []


def test_a_parish_name_that_fits_two_is_a_problem_and_nobodys(tmp_path: Path) -> None:
    council, report = suttons(tmp_path, "Sutton CP", "E04009999")

    assert keepers_of(council, "High Street") == [set(), {"B"}]
    assert [one.sentence for one in report.problems] == [
        (
            "Sutton CP fits 2 parishes, E04001234 and E04009999. It is left out: write the code "
            "of the parish in place of its name."
        )
    ]


def test_a_parish_that_two_keepers_name_is_a_problem(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    file = tmp_path / "keepers.csv"
    file.write_text("code,name,ours,parishes\nA,A Council,no,Ketton\nB,B Council,no,Ketton CP\n")

    report = propose(council, "keepers", [file]).report

    assert [one.kind for one in report.problems] == ["ambiguous_parish"]
    assert "Ketton CP is a parish of A Council already" in report.problems[0].sentence


def test_a_street_through_two_parishes_has_the_keepers_of_both(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    line = 'name,wkt\nLong Road,"LINESTRING (-2.365 51.38, -2.356 51.38)"\n'
    publish_text(council, tmp_path, "gazetteer", line)
    publish_text(council, tmp_path, "boundaries", areas(*SUTTONS), name="parishes.geojson")
    keepers = keepers_file("E04001234", "E04009999")
    publish_text(council, tmp_path, "keepers", keepers)
    (street,) = council.atlas().all_streets()

    answer = Answers(council).answer(street.street.id, TODAY)

    assert {(group.keeper.code, group.where) for group in answer.groups} == {
        ("A", "in Sutton"),
        ("B", "in Sutton"),
    }


TOWN_AND_VILLAGE = """<osm version="0.6">
<node id="1" lat="52.5887" lon="-0.7234">
  <tag k="place" v="town"/><tag k="name" v="Exampleton"/></node>
<node id="2" lat="52.6003" lon="-0.7306">
  <tag k="place" v="village"/><tag k="name" v="Little Example"/></node>
<node id="3" lat="52.5890" lon="-0.7240"/><node id="4" lat="52.5890" lon="-0.7220"/>
<node id="5" lat="52.6004" lon="-0.7306"/><node id="6" lat="52.6004" lon="-0.7290"/>
<way id="5"><nd ref="3"/><nd ref="4"/>
  <tag k="highway" v="residential"/><tag k="name" v="High Street"/></way>
<way id="6"><nd ref="5"/><nd ref="6"/>
  <tag k="highway" v="residential"/><tag k="name" v="Duck End"/></way>
</osm>"""


def test_a_street_of_the_town_is_not_given_the_village_beside_it(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", TOWN_AND_VILLAGE, name="town.osm")

    names = sorted(one.street.full_name for one in council.atlas().all_streets())

    assert names == ["Duck End, Little Example, Exampleton", "High Street, Exampleton"]


def test_the_outline_of_a_parish_counts_before_the_nearest_village(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    nearer = TOWN_AND_VILLAGE.replace('lat="52.6003"', 'lat="52.5895"')
    publish_text(council, tmp_path, "gazetteer", nearer, name="town.osm")
    outlines = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": f"{name} CP"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[w, 52.5], [e, 52.5], [e, 52.7], [w, 52.7], [w, 52.5]],
                    ],
                },
            }
            for name, w, e in (("Exampleton", -0.7300, -0.70), ("Little Example", -0.75, -0.7300))
        ],
    }
    publish_text(council, tmp_path, "boundaries", json.dumps(outlines), name="parishes.geojson")

    streets = {one.street.name: one.street for one in council.atlas().all_streets()}

    assert streets["High Street"].full_name == "High Street, Exampleton"
    assert streets["High Street"].parish == "Exampleton"


def test_the_settlements_of_an_openstreetmap_gazetteer_are_searched_and_labelled(
    tmp_path: Path,
) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", TOWN_AND_VILLAGE, name="town.osm")

    assert {place.name for place in council.atlas().places} == {"Exampleton", "Little Example"}
