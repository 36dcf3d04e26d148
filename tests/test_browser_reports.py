"""Reports and issues in a real browser: accessible in every state, and a place from the map."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from shapely import Point

from mapsvc.domain.issues import State
from mapsvc.store.issues import IssueDraft
from tests.serving import served
from tests.staff import add_account
from tests.staff_browser import NARROWEST, PHONE, signed_in_context
from tests.web_council import council_of, make_app

Violations = Callable[[Page], list[dict[str, Any]]]

AT = datetime(2026, 6, 15, 9, tzinfo=UTC)
FORM = "/streets/10000002/report?category=other&go=1"
MAIL = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "grass@example.gov.uk"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A council with an open issue on the street and a closed one."""
    folder: Path = tmp_path_factory.mktemp("reports")
    app = make_app(folder, emergency_phone="01632 960999", **MAIL)
    issues = council_of(app).store.issues
    issues.add(IssueDraft("other", "A tyre", "10000002", point=Point(452100, 300020)), AT)
    closed = issues.add(IssueDraft("other", "A cone", "10000003", point=Point(452250, 300200)), AT)
    issues.change(closed.id, "moved", to=State.FIXED, sentence="We took it away.", by="x", at=AT)
    add_account(council_of(app), "editor@example.gov.uk", "editor")
    yield app
    council_of(app).close()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def refused(page: Page) -> None:
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


def with_map(page: Page) -> None:
    page.get_by_text("Show the place on a map").click()
    page.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)


def as_it_is(page: Page) -> None:
    """Nothing is done with the page."""


RESIDENTS = {
    "what it is": ("/streets/10000002/report", as_it_is),
    "no such category": ("/streets/10000002/report?category=nonsense", as_it_is),
    "the answer first": ("/streets/10000002/report?category=grass-too-long", as_it_is),
    "the emergency number first": ("/streets/10000002/report?category=view-blocked", as_it_is),
    "what is known": ("/streets/10000002/report?category=other", as_it_is),
    "grass of others": ("/streets/10000001/report?category=other", as_it_is),
    "the form": (FORM, as_it_is),
    "a refused form": (FORM, refused),
    "the form with its map": (FORM, with_map),
    "a link that is over": ("/news/confirm/" + "a" * 43, as_it_is),
    "a forged end of news": ("/news/end/" + "a" * 64, as_it_is),
    "signing in": ("/staff/sign-in", as_it_is),
    "a password link that is over": ("/staff/password/" + "a" * 43, as_it_is),
}


@pytest.mark.parametrize("state", RESIDENTS)
def test_residents_pages_are_accessible_and_nothing_sticks_out(
    page: Page, address: str, axe_violations: Violations, state: str
) -> None:
    path, act = RESIDENTS[state]
    page.goto(address + path)
    act(page)

    found = axe_violations(page)
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


@pytest.mark.parametrize("number", [1, 2])
def test_the_page_of_an_issue_is_accessible(
    page: Page, app: Flask, address: str, axe_violations: Violations, number: int
) -> None:
    issue = council_of(app).store.issues.get(number)
    page.goto(f"{address}/issues/{issue.reference}?sent=1")

    assert axe_violations(page) == []


@pytest.mark.parametrize("path", ["/staff/issues", "/staff/issues?state=closed", "/staff/issues/1"])
def test_staff_pages_of_issues_are_accessible(
    browser: Browser, app: Flask, address: str, axe_violations: Violations, path: str
) -> None:
    with signed_in_context(browser, app, address, "editor@example.gov.uk", viewport=PHONE) as staff:
        page = staff.new_page()
        page.goto(address + path)

        assert axe_violations(page) == []


def test_the_queue_shows_its_issues_on_a_map_that_leads_to_their_pages(
    browser: Browser, app: Flask, address: str
) -> None:
    with signed_in_context(browser, app, address, "editor@example.gov.uk", viewport=PHONE) as staff:
        page = staff.new_page()
        page.goto(f"{address}/staff/issues?state=all")
        page.locator("#map").scroll_into_view_if_needed()
        expect(page.locator(".app-map__issue")).to_have_count(2)
        page.goto(f"{address}/staff/issues?state=closed")
        page.locator("#map").scroll_into_view_if_needed()
        page.locator(".app-map__issue").click()
        page.get_by_role("dialog").get_by_role("link").click()

        page.wait_for_url("**/staff/issues/2")


def test_a_place_from_the_map_goes_with_the_report_and_can_be_taken_off(
    page: Page, app: Flask, address: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + FORM)
    assert not [one for one in asked if "/map." in one]  # the map comes when it is asked for
    with_map(page)
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    take = page.get_by_role("button", name="Use the place under the cross")
    take.click()
    expect(page.get_by_role("status")).to_have_text("This place goes with your report.")
    page.get_by_role("button", name="Take it off again").click()
    assert page.locator("[name=lat]").input_value() == ""
    expect(take).to_be_focused()
    take.click()
    page.get_by_label("What is wrong?").fill("A wheel in the verge")
    page.wait_for_timeout(2_500)  # a form that comes back at once is a machine's
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/issues/*")

    issue = council_of(app).store.issues.of_street("10000002")[-1]
    assert issue.x is not None
    assert issue.x != 452150  # the middle of the street, where no place is given
    assert abs(issue.x - 452150) < 500
