"""The pages on which progress is marked, in a browser: accessible, narrow, without a script."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from mapsvc.domain.events import Notice
from mapsvc.services.accounts import people
from tests.support.councils import mark
from tests.support.serving import served
from tests.support.staff_browser import NARROWEST, PHONE, signed_in_context
from tests.support.web_council import make_app

Violations = Callable[[Page], list[dict[str, Any]]]
ACCOUNTS = {"crew": ("R1", "R3"), "editor": (), "viewer": ()}

PAGES = {
    "rounds": ("crew", "/staff/rounds"),
    "round": ("crew", "/staff/rounds/R1"),
    "round without dates": ("crew", "/staff/rounds/R3"),
    "round of another": ("crew", "/staff/rounds/R2"),
    "mark": ("crew", "/staff/marks/1"),
    "pauses": ("editor", "/staff/pauses"),
    "end of a pause": ("editor", "/staff/pauses/2"),
    "notices": ("editor", "/staff/notices"),
    "progress": ("editor", "/staff/progress"),
    "progress of a viewer": ("viewer", "/staff/progress?status=cut"),
    "late or quiet": ("viewer", "/staff/late"),
    "left long": ("editor", "/staff/left-long"),
    "first page": ("editor", "/staff"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(tmp_path_factory.mktemp("browser"))
    council, now = app.extensions["council"], datetime.now(UTC)
    for role, rounds in ACCOUNTS.items():
        people.add_account(council, role, role, rounds=rounds, by="tests", now=now)
    mark(council, "round:R2", "suspended", "2026-06-15", reason="an event was held there")
    notice = Notice("We cut nothing during the fair.", "place:Exampleton")
    council.store.live.add_notice(notice, by="tests", at=now)
    yield app
    council.close()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, app: Flask, address: str, axe_violations: Violations, name: str
) -> None:
    who, path = PAGES[name]
    with signed_in_context(browser, app, address, who, viewport=NARROWEST) as context:
        page = context.new_page()
        page.goto(address + path)
        for details in page.locator("details").all():
            details.evaluate("element => element.open = true")

        found = axe_violations(page)

        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_everything_that_a_crew_taps_is_as_large_as_a_thumb(
    browser: Browser, app: Flask, address: str
) -> None:
    with signed_in_context(browser, app, address, "crew", viewport=PHONE) as context:
        page = context.new_page()
        page.goto(address + "/staff/rounds/R1")
        for details in page.locator("details").all():
            details.evaluate("element => element.open = true")
        targets = page.locator("main :is(button, select, summary, input, .app-tap-link)").all()
        boxes = [target.bounding_box() for target in targets if target.is_visible()]

    assert len(boxes) > 10
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 40] == []


def test_a_crew_marks_and_undoes_without_javascript_with_one_request_each(
    browser: Browser, app: Flask, address: str, axe_violations: Violations
) -> None:
    options: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False}
    with signed_in_context(browser, app, address, "crew", **options) as context:
        page = context.new_page()
        page.goto(address + "/staff/rounds")
        page.get_by_role("link", name=re.compile("R1")).click()
        page.get_by_label("Main Street, Great Example").check()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.resource_type))

        page.get_by_role("button", name="Ticked are done").click()

        expect(page.get_by_role("alert")).to_contain_text("Done: Main Street, Great Example")
        assert asked.count("document") == 1
        page.get_by_role("alert").get_by_role("button", name="Undo").click()
        expect(page.get_by_role("alert")).to_contain_text("Taken back.")
        assert asked.count("document") == 2


def test_a_mistake_is_named_beside_its_field(
    browser: Browser, app: Flask, address: str, axe_violations: Violations
) -> None:
    with signed_in_context(browser, app, address, "crew", viewport=PHONE) as context:
        page = context.new_page()
        page.goto(address + "/staff/rounds/R1")
        page.get_by_text("The whole round is missed or delayed").click()
        page.get_by_role("button", name="Missed", exact=True).click()

        assert page.get_by_role("alert").get_by_role("link").get_attribute("href") == "#reason"
        assert page.locator("#reason").is_visible()
        assert axe_violations(page) == []


def test_a_pause_and_a_notice_are_previewed_accessibly_without_javascript(
    browser: Browser, app: Flask, address: str
) -> None:
    options: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False}
    with signed_in_context(browser, app, address, "editor", **options) as context:
        page = context.new_page()
        page.goto(address + "/staff/pauses")
        page.get_by_text("Rounds", exact=True).click()
        page.get_by_label("R4").check()
        page.get_by_label("Reason").select_option("the ground is waterlogged")
        page.get_by_role("button", name="See what residents would read").click()
        expect(page.get_by_role("heading", name="What residents would read")).to_be_visible()
        page.get_by_role("button", name="Pause cutting").click()
        expect(page.get_by_role("row").filter(has_text="the round R4")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("Paused: the round R4.")
        page.go_back()
        expect(page.get_by_role("heading", name="What residents would read")).to_be_visible()

        page.goto(address + "/staff/notices")
        page.get_by_label("What residents read").fill("Mowers rest.")
        page.get_by_role("button", name="See the notice").click()
        expect(page.get_by_role("region", name="Important")).to_contain_text("Mowers rest.")
        page.get_by_role("button", name="Show the notice").click()
        expect(page.get_by_role("listitem").filter(has_text="Mowers rest.")).to_be_visible()


def test_a_tap_without_reception_waits_and_is_sent_once_with_its_time(
    browser: Browser, app: Flask, address: str
) -> None:
    council = app.extensions["council"]
    before = council.store.live.newest_event_id()
    with signed_in_context(browser, app, address, "crew", viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{address}/staff/rounds/R3")
        context.set_offline(True)
        page.get_by_role("button", name="Started").click()
        expect(page.get_by_role("heading", name="Waiting for reception")).to_be_visible()
        nothing = council.store.live.events_after(before)
        context.set_offline(False)
        expect(page.get_by_role("heading", name="Waiting for reception")).to_be_hidden()
        page.reload()
        expect(page.get_by_text("Started: the whole round").first).to_be_visible()

    recorded = council.store.live.events_after(before)
    assert nothing == []
    assert [(event.kind, str(event.target)) for event in recorded] == [("started", "round:R3")]


def test_a_tap_with_reception_is_recorded_at_once(
    browser: Browser, app: Flask, address: str
) -> None:
    council = app.extensions["council"]
    before = council.store.live.newest_event_id()
    with signed_in_context(browser, app, address, "crew", viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{address}/staff/rounds/R3")
        page.get_by_role("button", name="Done", exact=True).click()
        expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
        page.get_by_role("button", name="Undo").first.click()
        expect(page.get_by_text("Taken back.")).to_be_visible()

    kinds = [event.kind for event in council.store.live.events_after(before)]
    assert kinds == ["done", "withdrawn"]
