"""Names that fit several streets: settled on the check page, remembered for the next file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import make_council
from tests.support.staff import StaffBrowser, signed_in
from tests.support.staff_uploads import run_jobs, send

FILE = """\
street,locality,cut,start,end
Main Street,,1,2026-06-08,2026-06-12
main street,,2,2026-07-06,2026-07-10
Chruch Lane,Great Example,1,2026-06-08,2026-06-12
Mill Road,,1,2026-06-08,2026-06-12
"""


@pytest.fixture(params=["geopackage", "postgis"])
def council(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Council]:
    """The example council on either database."""
    is_shared = request.param == "postgis"
    url = request.getfixturevalue("postgis_url") if is_shared else ""
    council = make_council(tmp_path, database_url=url)
    yield council
    council.close()


@pytest.fixture
def browser(council: Council) -> StaffBrowser:
    return signed_in(create_app(council.settings, council), "editor")


def names_of(page: str) -> list[str]:
    """The names of the questions on a page, in their order."""
    return list(dict.fromkeys(re.findall(r'name="(which_street-\w+)"', page)))


def test_a_name_is_settled_by_one_answer_for_all_its_rows_and_for_the_next_file(
    council: Council, browser: StaffBrowser
) -> None:
    address = send(browser, FILE)
    browser.get(address)
    main_street, church_lane = names_of(browser.page)

    assert "Streets you can settle" in browser.page
    assert "Which street is &#34;Main Street&#34;?" in browser.page
    assert "Main Street, Great Example, Exampleton" in browser.page
    assert browser.get(f"{address}/streets/10000002/now.svg").status_code == 200
    browser.post(f"{address}/answers", {main_street: "10000002", church_lane: "10000003"})
    run_jobs(council)
    browser.get(address)
    assert "Your answers" in browser.page
    assert '<h2 class="govuk-heading-m">Problems</h2>' not in browser.page

    browser.post(f"{address}/publish", {"all-marks": "keep", "accept": "yes"})
    again = send(browser, FILE)
    browser.get(again)
    assert names_of(browser.page) == []
    assert "Problems" not in browser.page


def test_what_nobody_settles_is_left_out_and_said(council: Council, browser: StaffBrowser) -> None:
    address = send(browser, FILE)
    browser.get(address)
    (smaller,) = re.findall(r'name="(smaller[^"]*)"', browser.page)[:1]
    browser.post(f"{address}/answers", {smaller: "replace"})
    run_jobs(council)
    browser.get(address)

    assert f'action="{address}/publish"' in browser.page
    assert "Main Street fits 2 streets" in browser.page


def test_the_command_line_settles_with_answers(tmp_path: Path) -> None:
    make_council(tmp_path).close()
    file, answers = tmp_path / "next.csv", tmp_path / "answers.json"
    file.write_text(FILE)
    env = {"MAPSVC_DATA": str(tmp_path / "data"), "MAPSVC_TODAY": "2026-06-17"}
    words = ["ingest", "schedule", str(file), "--json"]

    document = json.loads(CliRunner().invoke(main, words, env=env).output)
    first = next(one for one in document["questions"] if one["kind"] == "which_street")
    assert (first["kind"], first["rows"], first["optional"]) == ("which_street", [2, 3], True)
    first["choice"] = "10000002"
    answers.write_text(json.dumps(document))
    settled = CliRunner().invoke(main, [*words, "--answers", str(answers)], env=env)

    document = json.loads(settled.output)
    assert [one["row"] for one in document["problems"]] == [4]
    assert document["counts"]["ambiguous"] == 0
