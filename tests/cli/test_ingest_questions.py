"""Questions about a file on the command line: nothing is published while one is open."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mapsvc.cli import main

Run = Callable[..., Result]

ONE_DATE_AND_ONE_TEXT = """\
usrn,verge,keeper,cut,start
10000002,V1,CC,1,w/c 8 June (weather permitting)
10000002,V2,CC,1,See the notice board
10000003,V3,CC,1,see  the Notice Board
10000005,V4,CC,1,by 12 June
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example_data: Path) -> Run:
    """Runs `mapsvc` on the small example council without its schedule, on 17 June 2026."""
    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MAPSVC_TODAY", "2026-06-17")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(example_data, tmp_path / "data")
    (tmp_path / "s.csv").write_text(ONE_DATE_AND_ONE_TEXT)

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return invoke


def ingest(run: Run, *words: str) -> Result:
    return run("ingest", "schedule", "s.csv", "--season", "2026", "--replace", *words)


def questions(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)["questions"]
    return found


def group(run: Run, street: str) -> dict[str, Any]:
    (found,) = json.loads(run("street", street, "--json").stdout)["groups"]
    return dict(found)


def test_each_distinct_text_is_asked_once_with_its_rows_and_choices(run: Run) -> None:
    result = ingest(run, "--json")

    by, notice = questions(result)[1], questions(result)[0]
    assert result.exit_code == 0
    assert notice["sentence"] == (
        '"See the notice board" stands in place of a date. May residents read these words?'
    )
    assert notice["rows"] == [3, 4]
    assert [choice["id"] for choice in notice["choices"]] == ["as-written", "leave-out"]
    assert by["sentence"] == '"by 12 June" can mean different dates. Which are meant?'
    assert [choice["words"] for choice in by["choices"]] == [
        "Take it as 8 to 12 June 2026.",
        "Take it as 12 June 2026.",
        "Leave it out. Residents read that there are no dates.",
    ]


def test_an_open_question_publishes_nothing_and_exits_1(run: Run) -> None:
    before = run("editions", "--json").stdout

    result = ingest(run, "--publish", "--leave-out", "--json")
    refused = ingest(run, "--publish")

    assert result.exit_code == 0  # all were answered by the option
    assert json.loads(result.stdout)["published"]
    assert refused.exit_code == 1
    assert "2 questions to answer before it can be published:" in refused.output
    assert refused.output.splitlines()[-1].startswith("Refused: nothing was published.")
    after = json.loads(run("editions", "--json").stdout)
    assert len(after) == len(json.loads(before)) + 1


def test_the_same_document_with_the_choices_made_answers(run: Run, tmp_path: Path) -> None:
    document = json.loads(ingest(run, "--json").stdout)
    for question, choice in zip(document["questions"], ("as-written", "reading-1"), strict=True):
        question["choice"] = choice
    (tmp_path / "answers.json").write_text(json.dumps(document))

    result = ingest(run, "--answers", "answers.json", "--publish", "--json")

    assert result.exit_code == 0, result.output
    assert questions(result) == []
    assert [one["choice"] for one in json.loads(result.stdout)["answered"]] == [
        "as-written", "reading-1",
    ]  # fmt: skip
    assert group(run, "10000005")["window"] == {"from": "2026-06-08", "to": "2026-06-12"}
    assert 'Our schedule says "see the Notice Board".' in group(run, "10000003")["sentence"]
    again = ingest(run, "--answers", "answers.json", "--json")
    assert "reason" not in {one["kind"] for one in json.loads(again.stdout)["answered"]}


def test_a_text_left_out_is_not_quoted_and_a_confirmed_one_is_remembered(run: Run) -> None:
    ingest(run, "--leave-out", "--publish")
    left_out = group(run, "10000003")

    ingest(run, "--leave-out", "--reason", "SEE THE NOTICE BOARD", "--publish")

    assert left_out["status"] == group(run, "10000003")["status"] == "unknown"
    assert "notice" not in left_out["sentence"].casefold()
    assert 'Our schedule says "see the Notice Board".' in group(run, "10000003")["sentence"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Cut by the contractor", "it says that grass was cut"),
        ("Ring 01632 960123", "it holds a telephone number"),
        ("Ask Dave", "it names a person"),
    ],
)
def test_what_can_never_be_a_reason_is_refused(run: Run, text: str, why: str) -> None:
    result = ingest(run, "--reason", text, "--publish")

    assert result.exit_code == 1
    assert f'"{text}" cannot be confirmed as a reason: {why}' in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("nothing", "answers.json is not a JSON document"),
        ("{}", "These are not the answers to questions about a file."),
        (
            '[{"id": "reason-1", "choice": "yes", "choices": [{"id": "leave-out"}]}]',
            '"yes" is not a choice of the question reason-1. Its choices are: leave-out.',
        ),
    ],
)
def test_answers_of_another_form_are_refused(
    run: Run, tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "answers.json").write_text(content)

    result = ingest(run, "--answers", "answers.json", "--publish")

    assert result.exit_code == 1
    assert sentence in result.output
