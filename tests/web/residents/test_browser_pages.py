"""The pages in a real browser: accessible, narrow, without a script, without another host."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support.serving import served
from tests.support.web_council import AMPERSAND, SCRIPT, TEMPLATE, make_app

Violations = Callable[[Page], list[dict[str, Any]]]

PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}

PAGES = {
    "search": "/",
    "results": "/?q=main+street",
    "no results": "/?q=zzqxv",
    "marked as cut": "/streets/10000003",
    "late and unconfirmed": "/streets/10000002",
    "routine": "/streets/10000005",
    "elsewhere": "/streets/10000004",
    "unknown": "/streets/10000008",
    "resting": "/streets/10000007",
    "with another name": "/streets/10000001",
    "an earlier day": "/streets/10000003?on=2026-06-01",
    "error": "/streets/nonsense",
    "wrong day": "/streets/10000003?on=2026-02-30",
    "map of a street": "/map?street=10000003",
    "map": "/map",
    "list": "/map/list",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real application behind a real port."""
    app = make_app(tmp_path_factory.mktemp("browser"))
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"
    app.extensions["council"].close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield found
    found.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address, wait_until="load")
    return page


def with_map(page: Page) -> Page:
    """The page when its map has drawn its tiles."""
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)
    page.locator(".app-map__drawing, .app-map__wait").wait_for(state="hidden")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    context: BrowserContext, address: str, axe_violations: Violations, name: str
) -> None:
    page = opened(context, address + PAGES[name])
    if page.locator("#map").count():
        with_map(page)

    found = axe_violations(page)

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(browser: Browser, address: str, name: str) -> None:
    context = browser.new_context(viewport=NARROWEST)  # type: ignore[arg-type]
    page = opened(context, address + PAGES[name])

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


TWICE_AS_LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}


@pytest.mark.parametrize("path", [*PAGES.values(), "/embed", "/embed/help", "/privacy"])
def test_nothing_scrolls_sideways_where_text_is_twice_as_large(
    context: BrowserContext, address: str, path: str
) -> None:
    page = context.new_page()
    context.new_cdp_session(page).send("Page.setFontSizes", TWICE_AS_LARGE)
    page.goto(address + path)

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


IS_MARKED = """() => Array.from(document.querySelectorAll("#map canvas")).some(tile => {
  const found = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height).data;
  for (let i = 0; i < found.length; i += 4)
    if (found[i] === 255 && found[i + 1] === 221 && found[i + 2] === 0) return true;
  return false;
})"""


@pytest.mark.parametrize(
    ("path", "is_marked"),
    [("/map#map=11/52.60500/-1.18000", False), ("/map?street=10000004", True)],
)
def test_only_a_chosen_street_is_marked_yellow(
    context: BrowserContext, address: str, path: str, is_marked: bool
) -> None:
    page = with_map(opened(context, address + path))

    assert page.evaluate(IS_MARKED) is is_marked


def test_every_sign_of_the_legend_stands_out(context: BrowserContext, address: str) -> None:
    page = opened(context, address + "/map")
    strokes = page.locator(".app-legend .app-symbol--issue path").evaluate_all(
        "paths => paths.map(path => getComputedStyle(path).stroke)"
    )

    assert strokes == ["rgb(11, 12, 12)"] * 2


def test_paper_has_no_addresses_of_our_own_pages(context: BrowserContext, address: str) -> None:
    page = opened(context, address + "/map/list")
    page.emulate_media(media="print")
    said = "link => getComputedStyle(link, '::after').content"

    assert page.locator(".app-areas a").first.evaluate(said) == "none"


def test_a_resident_without_javascript_gets_the_whole_answer(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = opened(context, address)

    page.get_by_label("Find out about the grass on your street").fill("church lane")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Church Lane").click()

    assert page.get_by_text("Our crew marked this grass as cut on Wednesday 10 June.").is_visible()
    drawing = page.locator(".app-map__drawing")
    assert drawing.evaluate("image => image.complete && image.naturalWidth") == 720
    context.close()


def test_no_other_host_is_asked_and_nothing_is_kept(context: BrowserContext, address: str) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for name in ("search", "marked as cut", "map of a street"):
        page = opened(context, address + PAGES[name])
        if page.locator("#map").count():
            with_map(page)

    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_policy_stops_nothing_that_the_pages_need(
    context: BrowserContext, address: str
) -> None:
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))

    with_map(opened(context, address + PAGES["marked as cut"]))
    with_map(opened(context, address + PAGES["map"]))

    assert said == []


@pytest.mark.parametrize("street", ["10000006", "10000007", "10000008"])
def test_hostile_names_are_shown_as_text(
    context: BrowserContext, address: str, street: str
) -> None:
    name = {"10000006": SCRIPT, "10000007": TEMPLATE, "10000008": AMPERSAND}[street]
    dialogs: list[str] = []
    context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    page = with_map(opened(context, f"{address}/streets/{street}"))
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    popup = page.locator(".leaflet-popup-content h2")
    popup.wait_for()

    assert popup.inner_text() == name
    assert page.locator("h1").inner_text().startswith(name)
    assert page.evaluate("window.pwn") is None
    assert dialogs == []


def test_a_popup_takes_the_focus_and_escape_gives_it_back(
    context: BrowserContext, address: str
) -> None:
    page = with_map(opened(context, address + PAGES["marked as cut"]))
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".leaflet-popup-content").wait_for()

    inside = "document.activeElement.closest('.leaflet-popup') !== null"
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(page.locator("#map")).to_be_focused()


def test_a_mark_changes_the_open_map_without_a_tile(tmp_path: Path, browser: Browser) -> None:
    from tests.support.councils import mark

    app = make_app(tmp_path)
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.clock.install()
    with served(app) as port:
        page = with_map(opened(context, f"http://127.0.0.1:{port}/streets/10000002"))
        before = page.locator("#map").screenshot()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        mark(app.extensions["council"], "verge:V1", "done", "2026-06-17", cut=2)
        with page.expect_response("**/api/status*"):
            page.clock.run_for(61_000)
        page.wait_for_timeout(200)

        assert page.locator("#map").screenshot() != before
        assert [url for url in asked if "/tiles/" in url] == []
        context.close()
    app.extensions["council"].close()


def with_suggestions(context: BrowserContext, address: str, typed: str) -> Page:
    """The search page with `typed` in the box and its suggestions open."""
    page = opened(context, address)
    page.wait_for_selector("input#q.autocomplete__input")
    page.locator("#q").press_sequentially(typed)
    page.wait_for_selector(".autocomplete__option")
    return page


def test_a_suggestion_is_chosen_with_the_keyboard(context: BrowserContext, address: str) -> None:
    page = with_suggestions(context, address, "chruch lan")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/streets/*")

    assert page.locator("h1").inner_text().startswith("Church Lane")


def test_what_was_typed_before_the_suggestions_loaded_is_looked_for(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    held: list[Route] = []
    page.route("**/accessible-autocomplete*.js", lambda route: held.append(route))
    page.goto(f"{address}/", wait_until="domcontentloaded")
    page.locator("#q").press_sequentially("church lane")
    page.wait_for_timeout(100)
    held[0].continue_()

    expect(page.locator(".autocomplete__option").first).to_contain_text("Church Lane")
    assert page.locator("#q").input_value() == "church lane"
    page.keyboard.type(" gre")
    assert page.locator("#q").input_value() == "church lane gre"


def test_enter_without_a_choice_searches_for_what_was_typed(
    context: BrowserContext, address: str
) -> None:
    page = with_suggestions(context, address, "church la")

    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=church+la")

    assert page.locator(".app-results a").first.inner_text() == "Church Lane"


def test_a_hostile_name_is_a_suggestion_in_text(context: BrowserContext, address: str) -> None:
    page = with_suggestions(context, address, "script alert")

    assert SCRIPT in page.locator(".autocomplete__option").first.inner_text()
    assert page.evaluate("window.pwn") is None


def test_axe_finds_nothing_with_the_suggestions_open(
    context: BrowserContext, address: str, axe_violations: Callable[[Page], list[str]]
) -> None:
    page = with_suggestions(context, address, "church")

    assert axe_violations(page) == []
