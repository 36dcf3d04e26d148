"""The command line: exit codes, what is printed, and one clear sentence for each mistake."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mapsvc.cli import COMMANDS, main
from mapsvc.config import Settings
from mapsvc.services.schedules.indexing import make_indexes
from tests.support.councils import GAZETTEER, SCHEDULE

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `mapsvc` on a council of its own, on 17 June 2026."""
    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MAPSVC_TODAY", "2026-06-17")
    monkeypatch.chdir(tmp_path)

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return invoke


@pytest.fixture
def published(run: Run, tmp_path: Path, example_data: Path) -> Run:
    """`run` on the small example council."""
    shutil.copytree(example_data, tmp_path / "data")
    return run


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_help_says_of_a_command_is_what_the_command_says() -> None:
    said = {
        name: command.get_short_help_str(limit=1_000) for name, command in main.commands.items()
    }

    assert said == {name: summary for name, (_, summary) in COMMANDS.items()}
    assert list(said) == sorted(said)


@pytest.mark.parametrize(
    ("words", "completes", "answer"),
    [
        (["--version"], "", "mapsvc, version"),
        (["-h"], "", "Write a whole copy of the store to FILE while the service runs."),
        (["serach"], "", "Did you mean one of: 'search'"),
        ([], "mapsvc re", "plain,restore"),
    ],
)
def test_what_needs_no_command_loads_none(words: list[str], completes: str, answer: str) -> None:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "100"}
    if completes:
        asked = {"_MAPSVC_COMPLETE": "bash_complete", "COMP_WORDS": completes, "COMP_CWORD": "1"}
        environment |= asked
    loads = ("geopandas", "pandas", "numpy", "shapely", "sqlalchemy", "flask", "requests")
    program = (
        "import sys; from mapsvc.cli import main\n"
        "try: main(sys.argv[1:], prog_name='mapsvc')\n"
        f"finally: print([name for name in {loads} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_without_publish_changes_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "streets.csv").write_text(GAZETTEER)

    result = run("ingest", "gazetteer", "streets.csv")

    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("Nothing was published: this was a check.")
    assert document(run("editions", "--json")) == []


def test_the_report_says_what_was_read_and_what_would_change(
    published: Run, tmp_path: Path
) -> None:
    (tmp_path / "less.csv").write_text("\n".join(SCHEDULE.splitlines()[:6]) + "\n")

    report = document(published("ingest", "schedule", "less.csv", "--json"))

    assert report["counts"]["rows read"] == 5
    assert report["counts"]["matched"] == 5
    assert report["published"] is None
    assert report["changes"]["streets that lose a date"][0].startswith("Church Lane")


def test_the_answer_is_the_same_as_json_and_as_lines(published: Run) -> None:
    answer = document(published("street", "10000003", "--json"))
    lines = published("street", "10000003").output

    assert answer["groups"][0]["status"] == "due"
    assert answer["groups"][0]["sentence"] in lines


def test_the_command_line_answers_for_any_day(published: Run) -> None:
    answer = document(published("street", "10000003", "--on", "2026-12-24", "--json"))

    assert answer["groups"][0]["status"] == "season_over"


def test_a_search_says_place_and_id(published: Run) -> None:
    found = document(published("search", "main street great example", "--json"))["results"]

    assert [street["id"] for street in found][:1] == ["10000002"]
    assert "Main Street, Great Example, Exampleton" in published("search", "main street").output
    assert published("search", "main", "street").output == published("search", "main street").output


def test_an_account_with_a_round_that_no_schedule_has_is_told_so(published: Run) -> None:
    said = published("user", "add", "gang4", "--role", "crew", "--round", "R1", "--round", "R99")

    assert "No schedule has a round R99 yet." in said.output
    assert "R1 yet" not in said.output


def test_a_mark_prints_its_event_and_can_be_withdrawn(published: Run) -> None:
    event = document(
        published("mark", "round:R1", "done", "--cut", "2", "--on", "2026-06-11", "--json")
    )["event"]
    cut = document(published("street", "10000003", "--json"))["groups"][0]["status"]
    assert published("withdraw", str(event)).exit_code == 0
    due = document(published("street", "10000003", "--json"))["groups"][0]["status"]

    assert (cut, due) == ("cut", "due")
    assert published("withdraw", str(event)).exit_code == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--cut", "3", "--on", "2026-06-17"), "Cut 3 of 2026 begins on 6 July 2026, more than 14"),
        (("--cut", "2", "--on", "2026-06-18"), "18 June 2026 is still to come"),
        (("--cut", "2", "--on", "2062-06-11"), "11 June 2062 is still to come"),
    ],
)
def test_a_mark_that_cannot_well_be_true_is_refused(
    published: Run, words: tuple[str, ...], sentence: str
) -> None:
    """Cases S3 and S5."""
    refused = published("mark", "round:R1", "done", *words)

    assert refused.exit_code == 1
    assert sentence in refused.stderr


def test_who_is_sure_records_an_early_cut(published: Run) -> None:
    result = published("mark", "round:R1", "done", "--cut", "3", "--on", "2026-06-17", "--sure")

    assert result.exit_code == 0


def test_resumed_says_what_stays_paused_and_by_what(published: Run) -> None:
    larks = published("mark", "round:R1", "suspended", "--on", "2026-06-01").stdout.strip()
    published("mark", "all", "suspended", "--on", "2026-06-08")

    result = published("mark", "all", "resumed")
    again = published("mark", "all", "resumed", "--json")

    assert f"2 pieces of grass still paused by event {larks}, round:R1." in result.stderr
    assert document(again)["still_paused"] == [
        {"event": int(larks), "target": "round:R1", "verges": 2}
    ]


def test_rolling_back_brings_the_earlier_answer_back(published: Run, tmp_path: Path) -> None:
    first = document(published("editions", "--json"))[0]["number"]
    (tmp_path / "later.csv").write_text(SCHEDULE.replace("2026-06-08", "2026-06-15"))
    published("ingest", "schedule", "later.csv", "--publish")

    result = published("rollback", "schedule", str(first))

    assert result.exit_code == 0
    window = document(published("street", "10000003", "--json"))["groups"][0]["window"]
    assert window["from"] == "2026-06-08"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mark", "round:R1", "done", "--cut", "9"), "round:R1 has no cut 9"),
        (("mark", "street:10000002", "done", "--cut", "1"), "lies in several rounds (R1, R2)"),
        (
            ("mark", "round:R1", "done", "--cut", "1", "--on", "2026-02-30"),
            "not '2026-02-30'",
        ),
        (("street", "10000003", "--on", "yesterday"), "not 'yesterday'"),
        (("street", "nonsense"), 'no street "nonsense" in the gazetteer'),
        (("withdraw", "999"), "999"),
        (("rollback", "schedule", "999"), "999"),
        (("rollback", "schedule", "1"), "Edition 1 is a keepers edition"),
        (("ingest", "schedule", "absent.csv"), "There is no file absent.csv"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_one(
    published: Run, words: tuple[str, ...], sentence: str
) -> None:
    result = published(*words)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_schedule_that_takes_marks_from_their_cut_needs_a_word(
    published: Run, tmp_path: Path
) -> None:
    assert published("mark", "verge:V1", "done", "--cut", "2", "--on", "2026-06-16").exit_code == 0
    (tmp_path / "later.csv").write_text(SCHEDULE.replace("2026-06-12", "2026-06-19"))

    refused = published("ingest", "schedule", "later.csv", "--publish")
    kept = published("ingest", "schedule", "later.csv", "--publish", "--keep-marks")

    assert (refused.exit_code, kept.exit_code) == (1, 0)
    assert "1 mark of crews would lose what they speak of" in " ".join(refused.stdout.split())
    assert "Published as edition" in kept.stdout


def test_two_files_of_one_name_are_refused(published: Run, tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.csv").write_text(SCHEDULE)

    result = published("ingest", "schedule", "north/r.csv", "south/r.csv")

    assert result.exit_code == 1
    assert "north/r.csv and south/r.csv have the same name" in result.stderr


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
VRT = (
    b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource>"
    b"</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("picture.csv", PNG, "picture.csv"),
        ("empty.csv", b"", "empty"),
        ("cut.csv", b'usrn,name,easting,northing\n1,"High Str', "never closed"),
        ("map.osm", VRT, "map.osm"),
        ("plan.csv", SCHEDULE.encode(), "mapsvc ingest schedule"),
        (
            "bng.csv",
            b"usrn,name,lon,lat\n10000001,High Street,450000,300000\n",
            "British National Grid",
        ),
        ("no-columns.csv", b"a,b\n1,2\n", "no-columns.csv"),
        ("header-only.csv", b"usrn,name,easting,northing\n", "header-only.csv"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused_in_one_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)

    result = run("ingest", "gazetteer", name, "--publish")

    assert result.exit_code == 1
    assert words in result.stderr
    assert name in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert document(run("editions", "--json")) == []


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "${x}", "O'Brien & Sons Lane"])
def test_a_strange_name_is_a_name(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "g.csv").write_text(f"usrn,name,easting,northing\n10000001,{name},450000,300000\n")

    assert run("ingest", "gazetteer", "g.csv", "--publish").exit_code == 0

    assert document(run("street", "10000001", "--json"))["street"]["name"] == name


def test_what_is_published_is_indexed_before_anybody_asks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(GAZETTEER)

    assert run("ingest", "gazetteer", "g.csv", "--publish").exit_code == 0
    made = sorted((tmp_path / "data/atlas").glob("*/*"))
    assert document(run("search", "main street", "--json"))["results"]

    assert made
    assert sorted((tmp_path / "data/atlas").glob("*/*")) == made


def test_indexes_that_cannot_be_made_are_logged_and_undo_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_indexes(Settings(data=tmp_path / "nothing here"))

    assert "the indexes of what is published were not made" in caplog.text


def test_strict_refuses_what_has_problems(published: Run, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "street,cut,start\nMain Street,1,2026-06-08\nMill Road,1,2026-06-08\n"
    )

    lenient = published("ingest", "schedule", "s.csv")
    strict = published("ingest", "schedule", "s.csv", "--strict", "--publish")

    assert lenient.exit_code == 0
    assert "Main Street, Little Example" in lenient.output
    assert "Main Street, Great Example" in lenient.output
    assert strict.exit_code == 1
    assert strict.output.splitlines()[-1].startswith("Refused: nothing was published")


def test_a_reason_in_place_of_a_date_is_no_problem(published: Run, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("usrn,start\n10000005,Contact Parish Council\n")

    result = published(
        "ingest", "schedule", "s.csv", "--season", "2026", "--strict", "--replace", "--publish"
    )

    assert result.exit_code == 0, result.output
    group = document(published("street", "10000005", "--json"))["groups"][0]
    assert (group["status"], group["reason"]) == ("unknown", "Contact Parish Council")


def test_all_problems_can_be_had_with_their_rows_and_run_no_formula(
    published: Run, tmp_path: Path
) -> None:
    (tmp_path / "s.csv").write_text(
        "street,cut,start,note\nNo Such Road,1,2026-06-08,=HYPERLINK(1)\nMill Road,1,2026-06-08,\n"
    )

    published("ingest", "schedule", "s.csv", "--problems", "problems.csv")

    text = (tmp_path / "problems.csv").read_text(encoding="utf-8-sig")
    assert "No Such Road" in text
    assert "'=HYPERLINK(1)" in text


def test_check_finds_a_sound_installation_sound(run: Run) -> None:
    result = run("check")

    assert result.exit_code == 0, result.output
    assert "BAD" not in result.output


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        (
            "MAPSVC_COUNCIL_NAM",
            "Rivershire",
            (
                "There is no setting MAPSVC_COUNCIL_NAM, so it has no effect. Did you mean "
                "MAPSVC_COUNCIL_NAME?"
            ),
        ),
        ("MAPSVC_QZ", "1", "There is no setting MAPSVC_QZ, so it has no effect."),
        ("MAPSVC_MAIL_FROM", "grass@example.gov.uk", "No mail is sent: set both MAPSVC_SMTP_URL"),
        ("MAPSVC_OIDC_ISSUER", "https://id.example.gov.uk", "Nobody signs in through"),
        (
            "MAPSVC_TILES_URL",
            "https://t.example/{z}/{x}/{y}.png",
            "The base map's source is not named",
        ),
        ("MAPSVC_SECRET_KEY", "secret", "MAPSVC_SECRET_KEY can be guessed: give it 32"),
    ],
)
def test_check_names_settings_that_do_not_do_what_they_seem_to(
    run: Run, monkeypatch: pytest.MonkeyPatch, key: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(key, value)

    result = run("check")

    assert result.exit_code == 1
    assert f"BAD  {sentence}" in result.output


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("MAPSVC_TODAY", "17 June", "MAPSVC_TODAY='17 June' cannot be used"),
        ("MAPSVC_DATABASE_URL", "mysql://ann:secret@x/y", "MAPSVC_DATABASE_URL cannot be used"),
        ("MAPSVC_DATABASE_URL", "C:/maps", "write postgresql://user@host/database"),
        ("MAPSVC_TILES_URL", "foo", "write an address such as https://tiles.example.org"),
        ("MAPSVC_TILES_URL", "https://t.example/{z}/{x}.png", "MAPSVC_TILES_URL="),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, key: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(key, value)

    result = run("editions")

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "secret" not in result.stderr
