"""The map in a real browser: what it says without being seen, by keyboard, and of hostile names."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mapsvc.domain.events import Notice
from mapsvc.domain.status import Status
from mapsvc.maps.style import LOOKS
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import make_council, mark, publish_text
from tests.support.serving import served as served_at

Violations = Callable[[Page], list[dict[str, Any]]]
OpenMap = Callable[[str], tuple[Page, Council]]

IMAGE, TEMPLATE, BACKTICK = "<img src=x onerror=window.pwn=1>", "${window.pwn=1}", "`+pwn`"
CLOSING, AMPERSAND = "</script><script>window.pwn=1</script>", "George & Dragon Lane"
HOSTILE = (IMAGE, TEMPLATE, BACKTICK, CLOSING, AMPERSAND)

KEEPERS = f'code,name,kind,ours\nCC,"{IMAGE} Council",county,yes\n'
STREETS = "".join(
    f'1000000{n},"{name}","{TEMPLATE}",Exampleton,"LINESTRING (452000 {300000 + 60 * n}, '
    f'452200 {300000 + 60 * n})"\n'
    for n, name in enumerate(HOSTILE, 1)
)
GAZETTEER = f"""\
usrn,name,locality,town,wkt
{STREETS}\
10000008,Mill Road,,Exampleton,"LINESTRING (455100 301100, 455300 301100)"
"""
PLACES = f'name,kind,easting,northing\n"{TEMPLATE}",village,452100,300180\n'
GRASS = "".join(f"1000000{n},V{n},{IMAGE},{TEMPLATE},CC,{IMAGE},yes,CUT\n" for n in range(1, 6))
SCHEDULE = f"""\
usrn,verge,kind,stretch,keeper,round,tracked,cut,start,end
{GRASS}10000008,V8,urban,,CC,R2,no,CUT
"""
NOW, LATER = "1,2026-06-15,2026-06-19", "1,2026-07-06,2026-07-10"

HOSTILE_STREETS = "#map=16/52.59694/-1.23225"
ROUNDS, COUNTY = "#map=13/52.59694/-1.23225", "#map=10/52.59694/-1.23225"


def hostile_app(folder: Path) -> Flask:
    """A council whose every name would harm a page that took it for code."""
    files = {"keepers": KEEPERS, "gazetteer": GAZETTEER, "places": PLACES}
    council = make_council(folder, {**files, "schedule": SCHEDULE.replace("CUT", NOW)})
    notice = Notice(IMAGE)
    council.store.live.add_notice(notice, by="tests", at=datetime(2026, 6, 1, tzinfo=UTC))
    return create_app(council.settings, council)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the application behind a port of its own."""
    with served_at(app) as port:
        yield f"http://127.0.0.1:{port}"
    app.extensions["council"].close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(hostile_app(tmp_path_factory.mktemp("hostile"))) as found:
        yield found


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(forced_colors="active")`: a browser window of a phone, closed afterwards."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        found = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        opened.append(found)
        return found

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def with_list(page: Page, address: str) -> Page:
    """The page when its map is drawn and the list beside it says what is in view."""
    page.goto(address, wait_until="load")
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map-list-title", timeout=20_000)
    return page


def tell(page: Page, name: str) -> str:
    """Choose an entry of the list; what the popup says."""
    entry = page.locator("#map-list li").filter(has_text=name).first
    entry.get_by_role("button", name="Show on the map").click()
    popup = page.get_by_role("dialog").last
    popup.wait_for()
    return popup.inner_text()


# What it says


@pytest.mark.parametrize(
    ("view", "count", "entry"),
    [
        (COUNTY, "2 towns and villages in view.", "Exampleton"),
        (ROUNDS, "1 round in view.", "5 of 5 streets due this week"),
        (HOSTILE_STREETS, "5 streets in view.", AMPERSAND),
    ],
)
def test_the_list_says_what_is_in_view(
    page: Page, address: str, view: str, count: str, entry: str
) -> None:
    with_list(page, f"{address}/map{view}")

    expect(page.locator("#map-list")).to_contain_text(count)
    expect(page.locator("#map-list li").filter(has_text=entry).first).to_be_visible()


LEGEND = """() => Array.from(document.querySelectorAll("#map-legend [data-status]"))
    .filter(entry => entry.checkVisibility()).map(entry => entry.dataset.status)"""
WHITE_PIXELS = """() => {
  mapsvc.layer.setPart("streets", false);
  const white = c => {
    const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
      found += data[at] + data[at + 1] + data[at + 2] === 765 && data[at + 3] === 255;
    return found;
  };
  return Array.from(document.querySelectorAll("#map canvas.leaflet-tile-loaded"), white)
    .reduce((sum, found) => sum + found, 0);
}"""


@pytest.mark.parametrize("zoom", [12, 13, 14, 15, 16, 17])
def test_grass_has_symbols_as_well_as_colours_at_every_zoom(
    page: Page, address: str, zoom: int
) -> None:
    """Without roads nothing on the canvas is white but the symbols."""
    with_list(page, f"{address}/map#map={zoom}/52.59694/-1.23225")

    assert page.evaluate(WHITE_PIXELS) > 10


def test_a_town_and_a_round_are_rings_of_shares_that_say_how_many(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{COUNTY}")
    rings = page.locator(".app-map__ring")
    expect(rings).to_have_count(2)
    assert sorted(rings.locator("text").all_text_contents()) == ["1", "5"]
    assert "5 due." in tell(page, TEMPLATE)

    page.goto("about:blank")
    with_list(page, f"{address}/map{ROUNDS}")
    assert sorted(page.locator(".app-map__ring text").all_text_contents()) == ["1", "5"]
    said = tell(page, f"Round {IMAGE}")
    assert "5 due." in said
    assert "5 of 5 streets due this week." in said


def test_the_legend_has_what_the_view_shows_and_nothing_else(open_map: OpenMap) -> None:
    page, council = open_map(HOSTILE_STREETS)
    assert page.evaluate(LEGEND) == ["due"]

    mark(council, "verge:V5", "done", "2026-06-16", cut=1)
    mark(council, "verge:V4", "delayed", "2026-06-16", cut=1, reason="a mower broke down")
    a_minute_later(page, council)
    assert page.evaluate(LEGEND) == ["cut", "due", "delayed"]

    page.locator("#map").focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(600)
    page.wait_for_timeout(300)
    page.clock.run_for(2_000)
    assert page.evaluate(LEGEND) == []


def test_the_list_follows_the_map_and_is_announced_only_when_somebody_moved_it(
    page: Page, address: str
) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    said = page.locator("#map-list p").first
    expect(said).to_have_attribute("aria-live", "off")

    page.locator("#map").focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    expect(said).to_have_text("There is no grass in view. Zoom out or move the map.")

    expect(said).to_have_attribute("aria-live", "polite")
    assert page.locator("#map-list li").count() == 0


@pytest.mark.parametrize(
    "view", ["#map=nonsense", "#map=16/91/0", "#map=16/52.5", "#map=1e3/1/1", "#<b>"]
)
def test_nonsense_in_the_address_is_no_view(page: Page, address: str, view: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))

    with_list(page, f"{address}/map{view}")

    expect(page.locator("#map-list")).to_contain_text("2 rounds in view.")
    assert said == []


def test_the_address_keeps_the_view_and_brings_it_back(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "location.hash.startsWith('#map=16/52.59') && !location.hash.endsWith('1.23150')"
    )

    page.evaluate("location.hash = '#map=10/52.59694/-1.23225'")

    expect(page.locator("#map-list")).to_contain_text("2 towns and villages in view.")


def test_the_link_to_the_larger_map_keeps_the_view(page: Page, address: str) -> None:
    page.goto(f"{address}/streets/10000005", wait_until="load")
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map.app-map--drawn", timeout=20_000)
    page.locator("#map").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(600)

    link = page.get_by_role("link", name="Larger map")
    assert re.search(
        r"/map\?street=10000005#map=\d+/52\.\d+/-1\.\d+$", link.evaluate("a => a.href")
    )


@pytest.fixture
def open_map(
    tmp_path: Path, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[[str], tuple[Page, Council]]]:
    """`open_map(view)`: a page with its map drawn, whose clock we move, and its council."""
    app = hostile_app(tmp_path)
    with served(app) as address:

        def drawn(view: str) -> tuple[Page, Council]:
            context = new_context()
            context.clock.install()
            page = context.new_page()
            page.goto(f"{address}/map{view}", wait_until="load")
            page.wait_for_selector("#map.app-map--drawn", timeout=20_000)
            page.clock.run_for(2_000)
            return page, app.extensions["council"]

        yield drawn


def a_minute_later(page: Page, council: Council) -> None:
    """The map asks for the status again, so long before a minute is over that a publication may
    still be read; then the list is quiet for a while.
    """
    council.catch_up()  # as a thread of the server does, whoever asks
    with page.expect_response("**/api/status*"):
        page.clock.run_for(54_000)
    page.wait_for_timeout(300)
    page.clock.run_for(2_000)


def test_new_dates_change_an_open_map_and_no_tile(tmp_path: Path, open_map: OpenMap) -> None:
    page, council = open_map(ROUNDS)
    expect(page.locator("#map-list")).to_contain_text("5 of 5 streets due this week")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("CUT", LATER))
    a_minute_later(page, council)

    expect(page.locator("#map-list")).to_contain_text("None of 5 streets due this week")
    assert [url for url in asked if "/tiles/" in url] == []


def test_a_mark_changes_the_words_of_an_open_map(open_map: OpenMap) -> None:
    page, council = open_map(HOSTILE_STREETS)
    entry = page.locator("#map-list li").filter(has_text=AMPERSAND)
    expect(entry).to_contain_text("Due")

    mark(council, "verge:V5", "done", "2026-06-16", cut=1)
    a_minute_later(page, council)

    expect(entry).to_contain_text("Marked as cut")


def test_grass_that_moved_is_drawn_anew_on_an_open_map(tmp_path: Path, open_map: OpenMap) -> None:
    page, council = open_map(HOSTILE_STREETS)
    one_less = SCHEDULE.replace("10000005,V5", "10000008,V5")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    publish_text(council, tmp_path, "schedule", one_less.replace("CUT", NOW))
    with page.expect_request("**/tiles/**"):
        a_minute_later(page, council)

    edition = page.evaluate("mapsvc.layer.status.edition")
    assert {url.split("/")[4] for url in asked if "/tiles/" in url} == {edition}
    assert page.locator("#map").get_attribute("data-edition") != edition


def test_a_tile_that_was_missing_comes_with_the_next_status(open_map: OpenMap) -> None:
    page, council = open_map(HOSTILE_STREETS)
    page.route("**/tiles/**", lambda route: route.abort())
    page.evaluate("location.hash = '#map=15/52.59694/-1.23225'")
    trouble = page.locator(".app-map__trouble")
    expect(trouble).to_be_visible()

    page.unroute("**/tiles/**")
    a_minute_later(page, council)

    expect(trouble).to_have_count(0)
    expect(page.locator("#map-list")).to_contain_text("5 streets in view.")


def test_grass_is_not_drawn_before_its_status_is_known(page: Page, address: str) -> None:
    """Without a status its colour would say that there are no dates."""
    page.route("**/api/status*", lambda route: route.abort())
    page.goto(f"{address}/map?street=10000005", wait_until="load")
    expect(page.locator(".app-map__trouble")).to_be_visible()

    expect(page.locator("#map canvas.leaflet-tile-loaded")).to_have_count(0)
    expect(page.locator(".app-map__drawing")).to_be_visible()
    expect(page.locator("#map-list")).to_contain_text("This street")


def test_long_work_lets_others_have_a_turn_and_ends_when_it_is_not_wanted(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/map", wait_until="load")
    work = """async wanted => {
      let done = 0, seen = 0;
      setTimeout(() => { seen = done; });
      await mapsvc.inTurns(Array(40).fill(0), () => done < wanted, () => {
        done += 1;
        for (const end = performance.now() + 3; performance.now() < end;);
      });
      return [done, seen > 0 && seen < done];
    }"""

    assert page.evaluate(work, 40) == [40, True]
    assert page.evaluate(work, 25) == [25, True]


def test_the_map_writes_numbers_as_pages_do(page: Page, address: str) -> None:
    page.goto(f"{address}/map", wait_until="load")

    numbers = [0, 7, 999, 1000, 12345, 100000, 1234567]
    assert page.evaluate("n => n.map(mapsvc.grouped)", numbers) == [f"{n:,}" for n in numbers]


# By keyboard


def test_the_map_has_five_stops_and_arrow_keys_move_it(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    page.get_by_role("link", name="Skip the map").focus()
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.title || document.activeElement.id || 'past'")
        )

    assert stops == ["map", "Zoom in", "Zoom out", "Show where I am", "Layers", "past"]


def test_enter_tells_of_what_is_in_the_middle_and_escape_goes_back(
    page: Page, address: str
) -> None:
    with_list(page, f"{address}/map#map=16/52.59694/-1.23225")
    page.locator("#map").focus()

    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    page.keyboard.press("Escape")

    expect(page.locator("#map")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_popup_that_the_list_opened_gives_the_focus_back_to_it(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    tell(page, AMPERSAND)
    assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")

    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.closest('#map-list') !== null")


CORNER_OF_A_PHONE, CORNER_OF_A_DESK = "#map=16/52.59618/-1.23522", "#map=16/52.59483/-1.23986"


@pytest.mark.parametrize(("width", "view"), [(390, CORNER_OF_A_PHONE), (1280, CORNER_OF_A_DESK)])
def test_a_popup_in_the_corner_of_the_buttons_can_be_closed(
    new_context: Callable[..., BrowserContext], address: str, width: int, view: str
) -> None:
    page = new_context(viewport={"width": width, "height": 844}).new_page()
    with_list(page, f"{address}/map{view}")
    tell(page, AMPERSAND)
    page.wait_for_timeout(600)  # the map moves until the popup is in view

    page.locator(".leaflet-popup-close-button").click(timeout=3_000)

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()


def test_skipping_the_map_lands_behind_it(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('#map') === null")
    assert page.evaluate("document.activeElement.closest('#map-list') !== null")


def test_a_layer_can_be_taken_away_and_escape_closes_the_choice(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{COUNTY}")
    expect(page.locator(".app-map__ring")).to_have_count(2)
    page.get_by_role("button", name="Layers").focus()
    page.keyboard.press("Enter")
    group = page.get_by_role("group", name="Layers")
    expect(group.get_by_label("Grass")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator(".app-map__ring")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Grass")).not_to_be_visible()
    expect(page.get_by_role("button", name="Layers")).to_be_focused()


# Names as text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_street_is_text_in_list_popup_title_and_suggestions(
    page: Page, address: str, name: str
) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    entry = page.locator("#map-list li").filter(has_text=name)
    entry.hover()
    assert entry.locator("a").inner_text() == name
    assert name in tell(page, name)
    popup = page.get_by_role("dialog")
    popup.hover()
    popup.click()
    assert page.evaluate("window.pwn") is None

    page.goto(f"{address}/streets/1000000{HOSTILE.index(name) + 1}")
    assert page.title().startswith(f"Grass on {name}, {TEMPLATE}")
    assert page.locator("h1").inner_text().startswith(name)
    assert page.get_by_text(f"{IMAGE} Council").first.is_visible()
    assert page.get_by_text(IMAGE, exact=True).first.is_visible()
    assert page.evaluate("window.pwn") is None

    page.goto(address)
    page.wait_for_selector("input#q.autocomplete__input")
    page.locator("#q").press_sequentially("george" if name == AMPERSAND else "exampleton")
    suggestion = page.locator(".autocomplete__option").filter(has_text=name).first
    suggestion.hover()
    assert page.evaluate("window.pwn") is None


def test_a_hostile_place_and_round_are_text_on_the_map(page: Page, address: str) -> None:
    with_list(page, f"{address}/map{COUNTY}")
    label = page.locator(".app-map__name").filter(has_text="pwn")
    assert label.first.inner_text() == TEMPLATE
    assert TEMPLATE in tell(page, TEMPLATE)

    page.evaluate(f"location.hash = '{ROUNDS}'")
    expect(page.locator("#map-list")).to_contain_text("1 round in view.")
    page.keyboard.press("Escape")
    assert f"Round {IMAGE}" in tell(page, IMAGE)
    page.get_by_role("dialog").last.hover()
    assert IMAGE not in page.locator(".app-legend").inner_text()
    assert page.evaluate("window.pwn") is None


def test_a_click_on_hostile_grass_and_a_hostile_place_shows_text(page: Page, address: str) -> None:
    for view, said in ((HOSTILE_STREETS, TEMPLATE), (COUNTY, TEMPLATE)):
        with_list(page, f"{address}/map{view}")
        box = page.locator("#map").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        popup = page.get_by_role("dialog")
        popup.wait_for()

        assert said in popup.inner_text() or any(name in popup.inner_text() for name in HOSTILE)
        assert page.evaluate("window.pwn") is None
        page.goto("about:blank")


# For everybody

STATES: dict[str, tuple[str, Callable[[Page], object]]] = {
    "streets in the list": (HOSTILE_STREETS, lambda page: None),
    "rounds in the list": (ROUNDS, lambda page: None),
    "places in the list": (COUNTY, lambda page: None),
    "nothing in view": ("#map=16/52.70000/-1.23150", lambda page: None),
    "a street's popup": (HOSTILE_STREETS, lambda page: tell(page, AMPERSAND)),
    "a round's popup": (ROUNDS, lambda page: tell(page, "Round")),
    "a place's popup": (COUNTY, lambda page: tell(page, "Exampleton")),
    "the choice of layers": (
        COUNTY,
        lambda page: page.get_by_role("button", name="Layers").press("Enter"),
    ),
}


def shown(page: Page, address: str, state: str) -> Page:
    view, reach = STATES[state]
    with_list(page, f"{address}/map{view}")
    reach(page)
    return page


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    page: Page, address: str, axe_violations: Violations, state: str
) -> None:
    found = axe_violations(shown(page, address, state))

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_axe_finds_nothing_where_the_map_could_not_be_loaded(
    page: Page, address: str, axe_violations: Violations
) -> None:
    page.route("**/api/status*", lambda route: route.abort())
    page.goto(f"{address}/map", wait_until="load")
    expect(page.locator(".app-map__trouble")).to_have_text(
        "Some of the map could not be loaded. We will try again in a minute."
    )

    assert axe_violations(page) == []
    assert page.get_by_role("link", name="Exampleton", exact=True).is_visible()


def test_an_answer_that_cannot_be_loaded_says_so_and_where_it_is(
    page: Page, address: str, axe_violations: Violations
) -> None:
    with_list(page, f"{address}/map{HOSTILE_STREETS}")
    page.route("**/api/streets/*", lambda route: route.abort())

    said = tell(page, AMPERSAND)

    assert "This answer could not be loaded" in said
    assert page.get_by_role("link", name="All about this street").is_visible()
    assert axe_violations(page) == []


@pytest.mark.parametrize("state", STATES)
def test_nothing_scrolls_sideways_at_320_pixels(
    new_context: Callable[..., BrowserContext], address: str, state: str
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    shown(page, address, state)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_44_pixels_on_touch(
    new_context: Callable[..., BrowserContext], address: str
) -> None:
    page = new_context(has_touch=True, is_mobile=True).new_page()
    shown(page, address, "a place's popup")
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll(
             '#map a[role=button], #map button, #map-list button, .leaflet-popup-close-button'))
           .filter(e => e.offsetParent && e.title !== 'Layers' || e.title === 'Layers')
           .map(e => [e.title || e.textContent, e.getBoundingClientRect()])
           .filter(([, box]) => Math.min(box.width, box.height) < 44)
           .map(([name, box]) => [name, box.width, box.height])"""
    )

    assert small == []


def test_who_asks_for_less_motion_gets_none(
    new_context: Callable[..., BrowserContext], address: str
) -> None:
    still = new_context(reduced_motion="reduce").new_page()
    moving = new_context(reduced_motion="no-preference").new_page()
    asked = "['zoomAnimation', 'fadeAnimation', 'inertia'].map(o => mapsvc.shown.options[o])"

    assert with_list(still, f"{address}/map").evaluate(asked) == [False] * 3
    assert with_list(moving, f"{address}/map").evaluate(asked) == [True] * 3


def test_colours_stay_where_the_browser_forces_its_own(
    new_context: Callable[..., BrowserContext], address: str
) -> None:
    page = new_context(forced_colors="active").new_page()
    with_list(page, f"{address}/map{COUNTY}")
    part = page.locator(".app-map__ring circle[stroke]").first
    red, green, blue = (int(LOOKS[Status.DUE].colour[at : at + 2], 16) for at in (1, 3, 5))

    assert part.evaluate("e => getComputedStyle(e).stroke") == f"rgb({red}, {green}, {blue})"
    for picture in (".leaflet-control-layers-toggle", ".leaflet-control-locate a"):
        button = page.locator(picture).evaluate("e => getComputedStyle(e).backgroundColor")
        assert button == "rgb(255, 255, 255)"


def test_on_paper_the_drawing_stands_in_the_maps_place(page: Page, address: str) -> None:
    page.goto(f"{address}/streets/10000005", wait_until="load")
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map.app-map--drawn", timeout=20_000)
    drawing = page.locator(".app-map__drawing")
    expect(drawing).to_be_hidden()

    page.emulate_media(media="print")

    expect(drawing).to_be_visible()
    expect(page.locator(".leaflet-control-zoom")).to_be_hidden()


# Without a script


def test_the_list_has_every_street_of_a_place_without_a_script(
    new_context: Callable[..., BrowserContext], address: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/map/list")
    page.get_by_role("link", name=TEMPLATE).click()

    assert page.locator("h1").inner_text() == f"Grass in {TEMPLATE}, Exampleton"
    assert page.get_by_text("5 of 5 streets due this week.").is_visible()
    assert [page.get_by_role("link", name=name, exact=True).count() for name in HOSTILE] == [1] * 5


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("place=Nowhere", 404, 'There is no place "Nowhere" in this list'),
        (
            "place=Exampleton&page=2",
            404,
            'There is no place "Exampleton" in this list, or it has fewer streets.',
        ),
        ("place=Exampleton&page=0", 400, 'The page "0" cannot be shown. Use a number from 1.'),
        ("place=Exampleton&page=x", 400, 'The page "x" cannot be shown. Use a number from 1.'),
    ],
)
def test_a_place_or_page_that_is_not_there_says_so(
    page: Page, address: str, query: str, code: int, said: str
) -> None:
    response = page.goto(f"{address}/map/list?{query}")

    assert response is not None
    assert response.status == code
    assert page.get_by_text(said).is_visible()


PAGES = (
    "/",
    "/?q=george",
    "/?q=zzqxv",
    "/streets/10000001",
    "/streets/10000005?on=2026-06-01",
    "/streets/nonsense",
    "/map",
    "/map?street=10000004",
    "/map/list",
    "/map/list?place=Exampleton",
    "/map/list?street=10000003",
    "/map/list?place=nonsense",
    "/embed",
    "/embed/streets/10000002",
    "/accessibility",
    "/privacy",
)


def test_the_html_of_every_page_is_valid(
    tmp_path: Path, html_mistakes: Callable[[dict[str, str]], list[str]]
) -> None:
    app = hostile_app(tmp_path)
    client = app.test_client()
    pages = {address: client.get(address).text for address in PAGES}
    app.extensions["council"].close()

    assert html_mistakes(pages) == []
