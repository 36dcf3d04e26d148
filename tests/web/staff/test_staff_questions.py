"""Questions on the check page: a form each, kept with the upload; reasons and their withdrawal."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import make_council, open_council
from tests.support.staff import StaffBrowser, signed_in
from tests.support.staff_uploads import run_jobs, send

FILE = """\
usrn,verge,keeper,cut,start
10000002,V1,CC,1,2026-06-08
10000003,V3,CC,1,8 June or 9 June
10000005,V4,CC,1,See the notice board
"""


@pytest.fixture(params=["geopackage", "postgis"])
def council(
    request: pytest.FixtureRequest, example_data: Path, tmp_path: Path
) -> Iterator[Council]:
    """The example council on either database."""
    if request.param == "postgis":
        council = make_council(tmp_path, database_url=request.getfixturevalue("postgis_url"))
    else:
        shutil.copytree(example_data, tmp_path / "data")
        council = open_council(tmp_path)
    yield council
    council.close()


@pytest.fixture
def browser(council: Council) -> StaffBrowser:
    app: Flask = create_app(council.settings, council)
    return signed_in(app, "editor")


def names_of(page: str) -> list[str]:
    """The names of the questions on a page, in their order."""
    return list(dict.fromkeys(re.findall(r'name="((?:reason|doubtful_date)-\w+)"', page)))


def sentence(council: Council, street: str) -> str:
    from mapsvc.services.answers.teller import Answers

    (group,) = Answers(council).answer(street, council.today()).groups
    return group.words


def test_questions_are_answered_on_the_page_before_anything_is_published(
    council: Council, browser: StaffBrowser
) -> None:
    address = send(browser, FILE)
    browser.get(address)
    dates, reason = names_of(browser.page)

    assert "2 questions to answer" in browser.page
    assert f'action="{address}/publish"' not in browser.page
    assert browser.post(f"{address}/answers").status_code == 422
    browser.post(f"{address}/answers", {reason: "as-written"})
    run_jobs(council)
    browser.get(address)
    assert "1 question to answer" in browser.page
    assert names_of(browser.page)[0] == dates
    browser.post(f"{address}/answers", {dates: "reading-2"})
    run_jobs(council)
    browser.get(address)
    assert "Your answers" in browser.page
    browser.post(f"{address}/publish", {"accept": "yes", "all-marks": "keep"})

    assert "9 June" in sentence(council, "10000003")
    assert 'Our schedule says "See the notice board".' in sentence(council, "10000005")
    asked_again = send(browser, FILE)
    browser.get(asked_again)
    assert names_of(browser.page) == [dates]


def test_publishing_with_an_open_question_is_refused_whatever_is_sent(
    council: Council, browser: StaffBrowser
) -> None:
    address = send(browser, FILE)
    before = [edition.number for edition in council.store.editions.current_all()]

    answer = browser.post(f"{address}/publish", {"accept": "yes", "all-marks": "keep"})

    assert answer.status_code == 422
    assert [edition.number for edition in council.store.editions.current_all()] == before


def test_a_withdrawn_reason_is_read_no_longer_at_once(
    council: Council, browser: StaffBrowser
) -> None:
    address = send(browser, FILE)
    browser.get(address)
    dates, reason = names_of(browser.page)
    browser.post(f"{address}/answers", {reason: "as-written", dates: "reading-1"})
    run_jobs(council)
    browser.post(f"{address}/publish", {"accept": "yes", "all-marks": "keep"})
    said = sentence(council, "10000005")
    browser.get("/staff/reasons")
    number = re.search(r"/staff/reasons/(\d+)", browser.page)
    assert number is not None

    browser.post(f"/staff/reasons/{number[1]}")

    assert "See the notice board" in said
    assert "See the notice board" not in sentence(council, "10000005")
    assert "We do not have cutting dates for this grass." in sentence(council, "10000005")
    browser.get("/staff/reasons")
    assert "See the notice board" not in browser.page
