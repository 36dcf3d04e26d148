"""Streets that a new gazetteer calls otherwise: their old names are not forgotten."""

from pathlib import Path

import pytest

from mapsvc.errors import FileRefused
from mapsvc.problems import QuestionAnswers
from mapsvc.services.answers.teller import Answers
from mapsvc.services.schedules.publishing import Options, propose, publish
from tests.support.councils import TODAY, open_council, publish_text

BEFORE = """\
usrn,name,locality,easting,northing
10000001,Plantation Road,Example,450000,300000
10000002,St Peters Road,Example,451000,300000
"""


def test_a_street_that_is_renamed_is_found_by_its_former_names(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", BEFORE)
    renamed = BEFORE.replace("Plantation Road", "Tommie Wyatt Lane")
    publish_text(council, tmp_path, "gazetteer", renamed)
    publish_text(council, tmp_path, "gazetteer", renamed.replace("Tommie Wyatt", "Wyatt"))

    street = Answers(council).answer("10000001", TODAY).street
    assert (street.name, street.former_names) == (
        "Wyatt Lane",
        ("Plantation Road", "Tommie Wyatt Lane"),
    )
    found = council.atlas().search("Plantation Road", 5)
    assert [one.street.id for one in found][:1] == ["10000001"]


D26 = """\
usrn,name,locality,wkt
20003001,Plantation Road,Example,"LINESTRING (450000 300000, 450200 300000)"
20003003,Green Lane,Example,"LINESTRING (451000 300000, 451200 300000)"
20003004,Back Lane,Example,"LINESTRING (451200 300000, 451400 300000)"
20003005,Far Lane,Example,"LINESTRING (453000 300000, 453200 300000)"
"""
JOINED = """\
usrn,name,locality,wkt
20003001,Tommie Wyatt Lane,Example,"LINESTRING (450000 300000, 450200 300000)"
20003007,Green Way,Example,"LINESTRING (451000 300000, 451400 300000)"
20003005,Far Lane,Example,"LINESTRING (453000 300000, 453200 300000)"
"""
GRASS = """\
usrn,verge,cut,start,end
20003001,V1,1,2026-06-08,2026-06-12
20003003,V3,1,2026-06-08,2026-06-12
20003004,V4,1,2026-06-08,2026-06-12
"""


def test_grass_of_streets_that_are_joined_goes_where_somebody_says(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", D26)
    publish_text(council, tmp_path, "schedule", GRASS)
    file = tmp_path / "joined.csv"
    file.write_text(JOINED)

    asked = propose(council, "gazetteer", [file]).report.open_questions
    assert [(one.value, one.likelier) for one in asked] == [
        ("20003003", "20003007"),
        ("20003004", "20003007"),
    ]
    assert asked[0].sentence == (
        "Green Lane, Example is not in the new gazetteer, and 1 verge lies there. Where does this "
        "grass go?"
    )
    with pytest.raises(FileRefused, match="2 questions"):
        publish(council, propose(council, "gazetteer", [file]), by="tests")

    answers = QuestionAnswers({one.id: "20003007" for one in asked})
    publish(council, propose(council, "gazetteer", [file], Options(answers=answers)), by="tests")

    atlas = council.atlas()
    assert [verge.id for verge in atlas.book(2026).of_street("20003007")] == ["V3", "V4"]
    assert atlas.moved("20003003") == atlas.moved("20003004") == "20003007"
    found = {name: atlas.search(name, 1)[0].street.id for name in ("Green Lane", "Back Lane")}
    assert found == {"Green Lane": "20003007", "Back Lane": "20003007"}
    assert atlas.search("Plantation Road", 1)[0].street.former_names == ("Plantation Road",)


def test_grass_that_goes_nowhere_is_a_decision_too(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", D26)
    publish_text(council, tmp_path, "schedule", GRASS)
    file = tmp_path / "joined.csv"
    file.write_text(JOINED)

    report = propose(
        council, "gazetteer", [file], Options(answers=QuestionAnswers(leaves_out=True))
    ).report

    assert report.open_questions == []
    assert len(report.changes["removed streets that have verges"]) == 2


def test_a_name_spelt_anew_is_no_former_one(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", BEFORE)
    publish_text(council, tmp_path, "gazetteer", BEFORE.replace("St Peters", "Saint Peter's"))

    assert Answers(council).answer("10000002", TODAY).street.former_names == ()
