"""Open issues on the map, in a real browser: by shape, in words, and as text whatever it says."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from shapely import Point

from mapsvc.store.issues import IssueDraft
from tests.web.residents.test_browser_map import (
    HOSTILE_STREETS,
    TEMPLATE,
    hostile_app,
    served,
    with_list,
)

SENTENCE = "Something else about the grass, reported on Monday 15 June"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("issues")
    app = hostile_app(folder)
    draft = IssueDraft("other", TEMPLATE, "10000003", point=Point(452100, 300180))
    store = app.extensions["council"].store
    issue = store.issues.add(draft, datetime(2026, 6, 15, 9, tzinfo=UTC))
    store.issues.change(issue.id, "released", by="a", at=issue.at, is_released=True)
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a council where three issues lie at one place."""
    app = hostile_app(tmp_path_factory.mktemp("several"))
    for _ in range(3):
        draft = IssueDraft("other", TEMPLATE, "10000003", point=Point(452100, 300180))
        app.extensions["council"].store.issues.add(draft, datetime(2026, 6, 15, 9, tzinfo=UTC))
    with served(app) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_an_issue_is_on_the_map_in_its_popup_and_in_the_list(
    page: Page, address: str, axe_violations: Callable[[Page], list[dict[str, Any]]]
) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    expect(page.locator("#map-list")).to_contain_text(SENTENCE)
    page.locator(".app-map__issue").click()

    popup = page.get_by_role("dialog").last
    expect(popup).to_contain_text(SENTENCE)
    assert axe_violations(page) == []
    popup.get_by_role("link", name="What has become of it").click()
    expect(page.locator("h1")).to_have_text("Something else about the grass")
    expect(page.locator("main")).to_contain_text(TEMPLATE)
    assert page.evaluate("window.pwn") is None


def test_where_nothing_is_open_nothing_is_asked_for_a_minute(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    with served(hostile_app(tmp_path)) as address:
        with_list(page, f"{address}/map{HOSTILE_STREETS}")
        assert not [url for url in asked if "/api/issues" in url]
        page.clock.run_for(61_000)

        page.wait_for_timeout(500)
    assert [url for url in asked if "/api/issues" in url]


def test_the_layer_can_be_switched_off(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    expect(page.locator(".app-map__issue")).to_have_count(1)
    page.locator(".leaflet-control-layers-toggle").press("Enter")
    page.get_by_label("Open issues").press("Space")

    expect(page.locator(".app-map__issue")).to_have_count(0)


def test_issues_at_one_place_are_one_mark_with_their_number(page: Page, several: str) -> None:
    with_list(page, f"{several}/map{HOSTILE_STREETS}")
    expect(page.locator(".app-map__issue")).to_have_text("3")
    expect(page.locator("#map-list")).to_contain_text("3 open issues in view.")
    page.locator(".app-map__issue").click()

    popup = page.get_by_role("dialog").last
    expect(popup.get_by_role("heading")).to_have_text("3 issues here")
    expect(popup.get_by_role("link", name="What has become of it")).to_have_count(3)


def test_from_far_away_issues_are_counted_and_lead_closer(
    page: Page, several: str, axe_violations: Callable[[Page], list[dict[str, Any]]]
) -> None:
    with_list(page, f"{several}/map#map=11/52.59694/-1.23225")
    expect(page.locator("#map-list")).to_contain_text("3 open issues in view.")
    page.locator(".app-map__issue").click()
    popup = page.get_by_role("dialog").last
    expect(popup.get_by_role("heading")).to_have_text("3 open issues")
    assert axe_violations(page) == []
    popup.get_by_role("button", name="Zoom in to see each of them").press("Enter")

    expect(page).to_have_url(re.compile("#map=13/"))


def test_the_list_without_a_map_names_issues_too(page: Page, address: str) -> None:
    page.goto(f"{address}/map/list")

    expect(page.locator("main")).to_contain_text(SENTENCE)
