"""A file that is much smaller than what it would replace is added to it, or replaces by word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mapsvc.errors import FileRefused
from mapsvc.problems import QuestionAnswers
from mapsvc.services.answers.teller import Answers
from mapsvc.services.schedules.publishing import Options, Proposal, propose, publish
from mapsvc.services.state.council import Council
from tests.support.councils import make_council

ONE_STREET = "usrn,keeper,round,cut,start\n10000005,CC,R9,1,2026-06-22\n"


@pytest.fixture(params=["geopackage", "postgis"])
def council(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Council]:
    more = (
        {"database_url": request.getfixturevalue("postgis_url")}
        if request.param == "postgis"
        else {}
    )
    council = make_council(tmp_path, **more)
    yield council
    council.close()


def proposed(council: Council, folder: Path, text: str = ONE_STREET, **options: object) -> Proposal:
    file = folder / "part.csv"
    file.write_text(text, encoding="utf-8")
    return propose(council, "schedule", [file], Options(**options))  # type: ignore[arg-type]


def dates(council: Council, street: str) -> list[str]:
    season = Answers(council).answer(street, council.today()).season
    return [row.record.cut.window.start.isoformat() for row in season if row.record.cut.window]


def test_a_file_that_takes_most_dates_away_is_asked_about_and_not_published(
    council: Council, tmp_path: Path
) -> None:
    proposal = proposed(council, tmp_path)

    (question,) = proposal.report.open_questions
    assert (question.id, question.preselected) == ("smaller", "add")
    assert question.sentence.startswith(
        "Replacing what is published would take the dates from 2 of 2 streets that have some"
    )
    assert [choice.id for choice in question.choices] == ["add", "replace"]
    with pytest.raises(FileRefused):
        publish(council, proposal, by="tests")


@pytest.mark.parametrize(
    "options", [{"how": "add"}, {"answers": QuestionAnswers({"smaller": "add"})}]
)
def test_adding_keeps_the_grass_and_rounds_that_the_file_does_not_name(
    council: Council, tmp_path: Path, options: dict[str, object]
) -> None:
    before = dates(council, "10000003")

    publish(council, proposed(council, tmp_path, **options), by="tests")

    assert dates(council, "10000003") == before
    assert dates(council, "10000005") == ["2026-06-22"]
    assert {"R1", "R2", "R3", "R9"} <= council.moment.atlas.book(2026).rounds.keys()


def test_replacing_by_word_leaves_what_the_file_has(council: Council, tmp_path: Path) -> None:
    publish(council, proposed(council, tmp_path, how="replace"), by="tests")

    assert dates(council, "10000003") == []
    assert dates(council, "10000005") == ["2026-06-22"]


def test_leaving_out_and_taking_as_written_do_not_replace_the_schedule(
    council: Council, tmp_path: Path
) -> None:
    answers = QuestionAnswers(leaves_out=True, takes_as_written=True)

    assert len(proposed(council, tmp_path, answers=answers).report.open_questions) == 1


def test_a_row_for_a_stretch_leaves_the_other_stretches_of_its_street(
    council: Council, tmp_path: Path
) -> None:
    text = "usrn,kind,stretch,keeper,cut,start\n10000002,urban,north side,CC,1,2026-06-22\n"

    publish(council, proposed(council, tmp_path, text, how="add"), by="tests")

    assert dates(council, "10000002") == ["2026-06-01", "2026-06-22"]
