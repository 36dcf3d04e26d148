"""Streets that a new gazetteer calls otherwise: their old names are not forgotten."""

from pathlib import Path

from mapsvc.services.answers.teller import Answers
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


def test_a_name_spelt_anew_is_no_former_one(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", BEFORE)
    publish_text(council, tmp_path, "gazetteer", BEFORE.replace("St Peters", "Saint Peter's"))

    assert Answers(council).answer("10000002", TODAY).street.former_names == ()
