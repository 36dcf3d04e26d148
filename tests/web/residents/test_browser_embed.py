"""Our pages inside another host's page, in a real browser and with two true host names.

The host page is on `localhost`, which the council lists; the map is on 127.0.0.1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from werkzeug.wrappers import Request, Response

from tests.support.serving import served
from tests.support.web_council import make_app

Violations = Callable[[Page | Frame], list[dict[str, Any]]]

PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}
STRICTEST = 'sandbox="allow-scripts"'
MOST_BYTES, MOST_REQUESTS = 70_000, 15
STORAGE_REFUSED = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, {
    get() { console.error("storage: " + name); throw new DOMException("refused", "SecurityError"); }
  });
Object.defineProperty(Document.prototype, "cookie", {
  get() { console.error("storage: cookie"); return ""; },
  set() { console.error("storage: cookie"); }
});
"""


@dataclass(frozen=True)
class Hosts:
    """Where the host page and the map are."""

    host_port: int
    map_port: int

    @property
    def map(self) -> str:
        return f"http://127.0.0.1:{self.map_port}"

    def page(self, body: str, name: str = "localhost") -> str:
        """The address of a host page with this body."""
        return f"http://{name}:{self.host_port}/?" + str(Request.from_values(
            query_string={"body": body}
        ).query_string, "ascii")  # fmt: skip

    def frame(self, path: str, attributes: str = "") -> str:
        return f'<iframe src="{self.map}{path}" width="100%" height="600" {attributes}></iframe>'


@Request.application
def host_page(request: Request) -> Response:
    """A page of another site, with whatever a test puts into it."""
    body = request.args.get("body", "")
    page = f'<!DOCTYPE html><html lang="en"><title>Council</title><body>{body}</body></html>'
    return Response(page, mimetype="text/html")


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    app = make_app(tmp_path_factory.mktemp("embed"), embed_hosts=("http://localhost:*",))
    with served(app) as map_port, served(host_page) as host_port:
        yield Hosts(host_port, map_port)
    app.extensions["council"].close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield found
    found.close()


def embedded(context: BrowserContext, hosts: Hosts, body: str) -> tuple[Page, Frame]:
    """A host page with this body, and its frame when that has loaded."""
    page = context.new_page()
    page.goto(hosts.page(body), wait_until="load")
    (frame,) = page.main_frame.child_frames
    frame.wait_for_load_state()
    return page, frame


def map_drawn(frame: Frame) -> None:
    frame.locator("#map").scroll_into_view_if_needed()
    frame.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)


def snippets(context: BrowserContext, hosts: Hosts) -> list[str]:
    """The lines that the help page gives, as somebody copies them."""
    page = context.new_page()
    page.goto(f"{hosts.map}/embed/help")
    found = page.locator(".app-code").all_inner_texts()
    page.close()
    return found


def test_a_listed_host_shows_the_search_and_the_whole_page_the_answer(
    context: BrowserContext, hosts: Hosts
) -> None:
    page, frame = embedded(context, hosts, snippets(context, hosts)[0])

    frame.get_by_label("Find out about the grass").fill("church lane")
    frame.get_by_role("button", name="Search").click()
    frame.wait_for_url("**/embed?q=church+lane")
    frame.get_by_role("link", name="Church Lane").click()

    page.wait_for_url(f"{hosts.map}/streets/10000003")
    assert page.get_by_text("Our crew marked this grass as cut").is_visible()


def test_a_host_that_is_not_listed_shows_nothing(context: BrowserContext, hosts: Hosts) -> None:
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))

    page.goto(hosts.page(hosts.frame("/embed"), name="127.0.0.1"), wait_until="load")

    (frame,) = page.main_frame.child_frames
    assert frame.locator("form").count() == 0
    assert any("frame-ancestors" in words for words in said)


@pytest.mark.parametrize("path", ["/", "/streets/10000003", "/map", "/embed/help"])
def test_no_other_page_is_shown_in_a_frame(
    context: BrowserContext, hosts: Hosts, path: str
) -> None:
    _, frame = embedded(context, hosts, hosts.frame(path))

    assert frame.locator("main").count() == 0


@pytest.mark.parametrize("path", ["/embed", "/embed/streets/10000003"])
def test_in_the_strictest_sandbox_the_map_draws_and_nothing_is_refused(
    context: BrowserContext, hosts: Hosts, path: str
) -> None:
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))

    _, frame = embedded(context, hosts, hosts.frame(path, STRICTEST))
    map_drawn(frame)

    assert frame.evaluate("window.origin") == "null"
    assert said == []


def go_by_enter(page: Page, frame: Frame, address: str) -> None:
    """Press Enter in a frame that goes elsewhere then, and let it go when it is there.

    A frame that is replaced between the two never says that the key was let go, and Playwright
    would wait for that for ever.
    """
    page.keyboard.down("Enter")
    frame.wait_for_url(address)
    page.keyboard.up("Enter")


def test_in_the_strictest_sandbox_a_street_is_found_by_keyboard(
    context: BrowserContext, hosts: Hosts
) -> None:
    page, frame = embedded(context, hosts, hosts.frame("/embed", STRICTEST))

    frame.get_by_label("Find out about the grass").press_sequentially("church la")
    frame.wait_for_selector(".autocomplete__option")
    go_by_enter(page, frame, "**/embed?q=church+la")
    frame.get_by_role("link", name="Church Lane").click()
    frame.wait_for_url("**/embed/streets/10000003")

    assert frame.get_by_text("Our crew marked this grass as cut").is_visible()
    drawing = frame.locator(".app-map__drawing, #map canvas").first
    drawing.wait_for()


def test_in_the_strictest_sandbox_a_suggestion_opens_in_the_frame(
    context: BrowserContext, hosts: Hosts
) -> None:
    page, frame = embedded(context, hosts, hosts.frame("/embed", STRICTEST))

    with page.expect_response("**/api/search?*church%20lane"):
        frame.get_by_label("Find out about the grass").press_sequentially("church lane")
    frame.wait_for_selector(".autocomplete__option")
    page.keyboard.press("ArrowDown")

    go_by_enter(page, frame, "**/embed/streets/10000003")


def test_a_link_that_the_sandbox_refuses_says_its_address(
    context: BrowserContext, hosts: Hosts
) -> None:
    _, frame = embedded(context, hosts, hosts.frame("/embed", STRICTEST))

    frame.get_by_role("link", name="Privacy").click()

    said = "This website does not let the map open links. The address is"
    expect(frame.get_by_role("status").last).to_have_text(f"{said} {hosts.map}/privacy")


def test_without_javascript_the_search_stays_and_the_answer_leaves_the_frame(
    browser: Browser, hosts: Hosts
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page, frame = embedded(context, hosts, hosts.frame("/embed"))

    frame.get_by_label("Find out about the grass").fill("church lane")
    frame.get_by_role("button", name="Search").click()
    frame.get_by_role("link", name="Church Lane").click()

    page.wait_for_url(f"{hosts.map}/streets/10000003")
    context.close()


def test_nothing_is_stored_and_storage_that_is_refused_breaks_nothing(
    context: BrowserContext, hosts: Hosts
) -> None:
    said: list[str] = []
    context.add_init_script(STORAGE_REFUSED)
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))

    _, frame = embedded(context, hosts, snippets(context, hosts)[0])
    map_drawn(frame)
    frame.get_by_label("Find out about the grass").press_sequentially("church")
    frame.wait_for_selector(".autocomplete__option")

    assert said == []
    assert context.cookies() == []


def test_the_height_script_follows_the_content_and_only_ours(
    context: BrowserContext, hosts: Hosts
) -> None:
    snippet, _, script, *_ = snippets(context, hosts)
    page, frame = embedded(context, hosts, snippet + script)
    box = page.locator("iframe")

    height = frame.evaluate("document.body.getBoundingClientRect().height")
    expect(box).to_have_css("height", f"{-(-height // 1):.0f}px")
    page.evaluate("window.postMessage({mapsvcHeight: 1000}, '*')")
    frame.evaluate("parent.postMessage({mapsvcHeight: 9e9}, '*')")
    frame.evaluate("parent.postMessage('1000', '*'); parent.postMessage(null, '*')")
    frame.evaluate("document.querySelector('details').open = true")

    taller = frame.evaluate("document.body.getBoundingClientRect().height")
    assert taller > height
    expect(box).to_have_css("height", f"{-(-taller // 1):.0f}px")


def test_the_frame_may_ask_where_somebody_is(context: BrowserContext, hosts: Hosts) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 52.6, "longitude": -1.26})
    _, frame = embedded(context, hosts, snippets(context, hosts)[0])

    found = frame.evaluate(
        """() => new Promise(done => navigator.geolocation.getCurrentPosition(
            at => done(at.coords.latitude), error => done(error.message)))"""
    )

    assert found == 52.6


def test_the_search_form_needs_no_frame(context: BrowserContext, hosts: Hosts) -> None:
    page = context.new_page()
    page.goto(hosts.page(snippets(context, hosts)[3]))

    page.get_by_label("Find out about the grass on your street").fill("church lane")
    page.get_by_role("button", name="Search").click()

    page.wait_for_url(f"{hosts.map}/?q=church+lane")


@pytest.mark.parametrize(
    "path",
    ["/embed", "/embed?q=main+street", "/embed?q=zzqxv", "/embed/streets/10000002",
     "/embed/streets/nonsense", "/embed/help", "/accessibility", "/privacy"],
)  # fmt: skip
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    context: BrowserContext, hosts: Hosts, axe_violations: Violations, path: str
) -> None:
    page = context.new_page()
    page.goto(hosts.map + path)
    if page.locator("#map").count():
        map_drawn(page.main_frame)

    found = axe_violations(page)
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_axe_finds_nothing_inside_a_host_page(
    context: BrowserContext, hosts: Hosts, axe_violations: Violations
) -> None:
    _, frame = embedded(context, hosts, snippets(context, hosts)[0])
    map_drawn(frame)

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in axe_violations(frame)] == []


Finger = tuple[float, float]


def move_fingers(page: Page, *ways: tuple[Finger, Finger]) -> None:
    """Fingers that go down, each along its way, and up, as a touch screen reports them."""
    network = page.context.new_cdp_session(page)

    def report(kind: str, share: float) -> None:
        points = [(a + (b - a) * share, c + (d - c) * share) for (a, c), (b, d) in ways]
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        network.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    report("touchStart", 0)
    for step in range(1, 11):
        report("touchMove", step / 10)
    network.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(500)


def middle_of_map(page: Page) -> Finger:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_one_finger_scrolls_the_page_and_two_move_the_map(browser: Browser, hosts: Hosts) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{hosts.map}/embed/streets/10000003")
    map_drawn(page.main_frame)
    into_view = "document.querySelector('#map').scrollIntoView({ block: 'center' })"
    page.evaluate(into_view)
    place = """[...document.querySelectorAll('#map canvas')].map(tile => {
        const at = tile.getBoundingClientRect(), map = tile.closest('#map').getBoundingClientRect();
        return [at.x - map.x, at.y - map.y];
    })"""
    before, scrolled = page.evaluate(place), page.evaluate("scrollY")

    x, y = middle_of_map(page)
    move_fingers(page, ((x, y), (x, y + 60)))
    assert page.evaluate(place) == before
    assert page.evaluate("scrollY") < scrolled
    expect(page.locator(".app-map__hint")).to_have_text("Use two fingers to move the map")

    page.evaluate(into_view)
    scrolled = page.evaluate("scrollY")
    x, y = middle_of_map(page)
    move_fingers(page, ((x - 40, y), (x + 20, y + 60)), ((x + 40, y), (x + 100, y + 60)))
    assert page.evaluate(place) != before
    assert page.evaluate("scrollY") == scrolled
    context.close()


def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms_the_map(
    context: BrowserContext, hosts: Hosts
) -> None:
    page = context.new_page()
    page.goto(f"{hosts.map}/embed")
    map_drawn(page.main_frame)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#map").hover()

    page.mouse.wheel(0, -100)
    expect(page.locator(".app-map__hint")).to_contain_text("scroll to zoom the map")
    page.wait_for_timeout(500)
    assert asked == []

    page.keyboard.down("Control")
    with page.expect_request("**/tiles/**"):
        page.mouse.wheel(0, -200)


@pytest.mark.parametrize("sandbox", ["", STRICTEST])
def test_where_somebody_is_is_asked_of_the_browser_when_they_press(
    context: BrowserContext, hosts: Hosts, sandbox: str
) -> None:
    context.set_geolocation({"latitude": 52.6, "longitude": -1.26})
    context.grant_permissions(["geolocation"])
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    _, frame = embedded(context, hosts, hosts.frame("/embed", f'allow="geolocation" {sandbox}'))
    map_drawn(frame)
    assert not [url for url in asked if "locate" in url]

    frame.get_by_role("button", name="Show where I am").click()

    frame.wait_for_selector(".leaflet-control-locate-marker, .leaflet-control-locate-location")
    assert not [url for url in asked if "near" in url]


def test_a_position_that_is_refused_is_said_in_words(context: BrowserContext, hosts: Hosts) -> None:
    _, frame = embedded(context, hosts, hosts.frame("/embed", STRICTEST))
    map_drawn(frame)

    frame.get_by_role("button", name="Show where I am").click()

    expect(frame.locator("#map [role=status]")).to_contain_text("does not say where you are")


def test_the_first_view_is_small_and_asks_no_other_host(
    context: BrowserContext, hosts: Hosts
) -> None:
    asked: list[str] = []
    sizes: list[float] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    page.goto(f"{hosts.map}/embed")
    map_drawn(page.main_frame)
    page.wait_for_load_state("networkidle")

    urls = [url for url in asked if not url.startswith("data:")]
    assert [url for url in urls if not url.startswith(hosts.map)] == []
    assert len(urls) <= MOST_REQUESTS
    assert sum(sizes) <= MOST_BYTES
