"""Reporting and its staff pages in a browser: every page and state accessible, narrow, valid."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect
from shapely import Point

from mapsvc import crs
from mapsvc.domain.issues import Issue, State
from mapsvc.services.accounts import people
from mapsvc.services.issues import subscriptions
from mapsvc.services.issues.form_tokens import FormToken
from mapsvc.services.issues.reporting import ResidentReport, report_issue
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from tests.support.serving import served
from tests.support.staff_browser import PHONE, signed_in_context
from tests.support.web_council import TEMPLATE, make_app

Violations = Callable[..., list[dict[str, Any]]]
Step = Callable[[Page], None]

REPORT = "/streets/10000002/report"
START = datetime.now(UTC)


def stay(page: Page) -> None:
    """The page as it is opened."""


def press(page: Page, button: Locator) -> None:
    """Send a form, and see the page that answers."""
    with page.expect_navigation():
        button.click()


def filled(**values: str) -> Step:
    """Fill in fields by their id and send the form that they are in."""

    def fill(page: Page) -> None:
        for field, value in values.items():
            page.fill(f"#{field}", value)
        form = page.locator("main form").filter(has=page.locator(f"#{field}"))
        press(page, form.get_by_role("button").last)

    return fill


def pressed(name: str) -> Step:
    """Press the first button with these words."""
    return lambda page: press(page, page.get_by_role("button", name=name).first)


def chosen(state: str) -> Step:
    """Give the issue of a staff page a state."""

    def choose(page: Page) -> None:
        page.locator(f'input[name="state"][value="{state}"]').check()
        press(page, page.get_by_role("button", name="Record it"))

    return choose


def with_map(page: Page) -> None:
    """Ask for the map of the form, and wait until it is drawn."""
    page.get_by_role("button", name="Mark it on a map").click()
    page.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)


def marked(page: Page) -> None:
    """The middle of the map is the place."""
    with_map(page)
    page.get_by_role("button", name="Mark the middle of the map").click()


def far_away(page: Page) -> None:
    """A mark in the next county, sent."""
    marked(page)
    page.locator('[name="lat"]').evaluate("field => field.value = '52.9'")
    page.fill("#text", "x")
    press(page, page.get_by_role("button", name="Send the report"))
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)


DETAILS = f"{REPORT}?category=other&go=1"

RESIDENTS: dict[str, tuple[str, Step]] = {
    "the question": (REPORT, stay),
    "no such category": (f"{REPORT}?category=nonsense", stay),
    "the answer first": (f"{REPORT}?category=grass-too-long", stay),
    "the answer was enough": (f"{REPORT}?category=grass-too-long", pressed("Yes")),
    "reported nearby": (f"{REPORT}?category=damage", stay),
    "it is this one": (f"{REPORT}?category=damage", pressed("It is this one")),
    "in danger": (f"{REPORT}?category=view-blocked", stay),
    "of somebody else": ("/streets/10000001/report?category=other", stay),
    "details": (DETAILS, stay),
    "details in danger": (f"{REPORT}?category=view-blocked&go=1", stay),
    "details without words": (DETAILS, filled(text=" ")),
    "details with a wrong address": (DETAILS, filled(text="x", email="ann")),
    "details of a program": (DETAILS, filled(text="x", website="https://spam.example")),
    "details with a map": (DETAILS, with_map),
    "details with a mark": (DETAILS, marked),
    "details with a mark far away": (DETAILS, far_away),
    "sent": (DETAILS, filled(text=TEMPLATE, stretch="by the bus stop")),
    "an issue": ("/issues/{first}", stay),
    "the same as another": ("/issues/{second}", stay),
    "no such issue": ("/issues/G-0", stay),
    "confirm news": ("/news/confirm/{confirm}", stay),
    "end news": ("/news/end/{end}", stay),
    "news ended before": (f"/news/end/{64 * '0'}", stay),
    "a used link": ("/news/confirm/nonsense", stay),
    "sign in": ("/staff/sign-in", stay),
    "not signed in": ("/staff/sign-in", filled(name="ann", password="wrong")),
    "set a password": ("/staff/password/{password}", stay),
    "a short password": ("/staff/password/{password}", filled(password="short", again="short")),
    "a used password link": ("/staff/password/nonsense", stay),
}


def queue_map(page: Page) -> None:
    """The queue's map, with what one of its issues is."""
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#map canvas.leaflet-tile-loaded", timeout=15_000)
    page.locator(".app-map__issue").first.click()
    page.get_by_role("dialog").wait_for()


STAFF: dict[str, tuple[str, Step]] = {
    "queue": ("/staff/issues", stay),
    "queue on the map": ("/staff/issues?state=duplicate", queue_map),
    "empty queue": ("/staff/issues?category=view-blocked", stay),
    "issue": ("/staff/issues/1", stay),
    "issue without a state": ("/staff/issues/1", pressed("Record it")),
    "issue planned for no cut": ("/staff/issues/1", chosen("planned")),
    "issue that repeats nothing": ("/staff/issues/1", chosen("duplicate")),
    "issue closed without a word": ("/staff/issues/1", chosen("no_action")),
    "closed issue": ("/staff/issues/2", stay),
    "messages": ("/staff/messages", stay),
    "accounts": ("/staff/accounts", stay),
    "account that is there": ("/staff/accounts", filled(name="ann")),
}

STATES = {**RESIDENTS, **STAFF}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    mail = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "grass@example.gov.uk"}
    many = {"reports_per_address": 10_000, "reports_per_hour": 10_000}
    folder = tmp_path_factory.mktemp("reports")
    app = make_app(folder, emergency_phone="01632 960999", **mail, **many)
    council, seconds = app.extensions["council"], count(0, 3)
    # Each look at the clock is a little later, so that nobody types too fast.
    council.now = lambda: START + timedelta(seconds=next(seconds))
    people.add_account(council, "ann", "admin", by="tests", now=START)
    add_issues(council)
    yield app
    council.close()


def add_issues(council: Council) -> None:
    """Two issues, one of which repeats the other; somebody wants news of a third."""
    issues = council.store.issues
    drafts = [
        IssueDraft("damage", TEMPLATE, "10000002", point=Point(452100, 300010)),
        IssueDraft("damage", "A fence", "10000003", point=Point(452250, 300150)),
    ]
    first, second = (issues.add(draft, START) for draft in drafts)
    issues.change(first.id, "released", by="a", at=START, is_released=True)
    issues.join(first.id, "k", START)
    said = "Somebody else told us before."
    issues.move(second.id, State.DUPLICATE, by="a", at=START, sentence=said, duplicate_of=first.id)
    street = council.moment.atlas.street("10000005")
    assert street is not None
    report = ResidentReport(council.categories[-1], "A drain", email="ann@example.com")
    report_issue(council, street, report, FormToken("1", "10000005", START), START)


@pytest.fixture(scope="module")
def words(app: Flask) -> dict[str, str]:
    """What addresses of this council are made of."""
    council: Council = app.extensions["council"]
    issues = {number: council.store.issues.get(number) for number in (1, 2, 3)}
    sent = council.store.outbox.of_issue(3)
    token = next(p.message.payload["token"] for p in sent if "token" in p.message.payload)
    return {
        "first": issues[1].reference,
        "second": issues[2].reference,
        "confirm": token,
        "end": subscriptions.end_token(council, subscriptions.waiting(council, token, START)),
        "password": people.password_link(council, "ann", datetime.now(UTC)),
    }


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def residents(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def staff(browser: Browser, app: Flask, address: str) -> Iterator[BrowserContext]:
    with signed_in_context(browser, app, address, "ann", viewport=PHONE) as context:
        yield context


@pytest.fixture
def reached(
    residents: BrowserContext, staff: BrowserContext, address: str, words: dict[str, str]
) -> Callable[[str], tuple[Page, str]]:
    """`reached(state)`: the page in that state, and its HTML as it was sent."""

    def reach(state: str) -> tuple[Page, str]:
        path, step = STATES[state]
        page, sent = (staff if state in STAFF else residents).new_page(), list[Response]()
        page.on("response", lambda answer: sent.append(answer) if is_document(answer) else None)
        page.goto(address + path.format(**words))
        step(page)
        return page, sent[-1].text()

    return reach


def is_document(answer: Response) -> bool:
    return answer.request.resource_type == "document" and answer.status != 303


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    reached: Callable[[str], tuple[Page, str]], axe_violations: Violations, state: str
) -> None:
    page, _ = reached(state)

    # A popup of a small map may lie below the map's own buttons.
    has_popup = page.locator(".leaflet-popup").count() > 0
    found = axe_violations(page, with_sizes=not has_popup)

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_html_of_every_state_is_valid(
    reached: Callable[[str], tuple[Page, str]],
    html_mistakes: Callable[[dict[str, str]], list[str]],
) -> None:
    pages = {}
    for state in STATES:
        page, pages[state] = reached(state)
        page.close()

    assert html_mistakes(pages) == []


# The place of a problem on the map


@pytest.fixture
def form(residents: BrowserContext, address: str) -> Page:
    """The form of a report."""
    page = residents.new_page()
    page.goto(address + DETAILS)
    return page


def newest(app: Flask) -> Issue:
    council: Council = app.extensions["council"]
    return max(council.store.issues.open(), key=lambda issue: issue.id)


def sent(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Your report is with us")


def pin_and_fields(page: Page) -> tuple[int, list[str]]:
    fields = page.locator('#point input[type="hidden"]')
    return page.locator(".app-map__pin").count(), [f.input_value() for f in fields.all()]


def test_the_map_is_loaded_by_those_who_ask_for_it(residents: BrowserContext, address: str) -> None:
    page, asked = residents.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(address + DETAILS, wait_until="networkidle")

    assert [path for path in asked if "map" in path] == []
    with_map(page)
    expect(page.locator("#map")).to_be_focused()


def test_a_press_marks_the_place_and_it_goes_with_the_report(app: Flask, form: Page) -> None:
    with_map(form)
    form.locator("#map").click(position={"x": 200, "y": 160})

    pins, fields = pin_and_fields(form)
    assert pins == 1
    assert all(fields)
    assert form.locator(".leaflet-popup").count() == 0
    sent(form, "pressed")
    issue = newest(app)
    street = app.extensions["council"].moment.atlas.street("10000002")
    assert issue.x is not None
    assert issue.y is not None
    assert issue.text == "pressed"
    lon, lat = crs.point_to_wgs84(issue.x, issue.y, "EPSG:27700")
    assert [f"{lat:.5f}", f"{lon:.5f}"] == fields
    assert 0 < Point(issue.x, issue.y).distance(street.street.geometry) < 500


def test_a_press_on_an_open_issue_marks_its_place_above_it(app: Flask, form: Page) -> None:
    street = app.extensions["council"].moment.atlas.street("10000002").street
    point = street.geometry.interpolate(0.5, normalized=True)
    draft = IssueDraft("other", "x", street.id, point=point)
    added = app.extensions["council"].store.issues.add(draft, datetime(2026, 6, 15, tzinfo=UTC))
    with_map(form)
    form.locator(".app-map__issue").first.click()

    pins, fields = pin_and_fields(form)
    assert (pins, all(fields)) == (1, True)
    assert form.locator(".leaflet-popup").count() == 0
    pin, issue = (form.locator(f".app-map__{what}").first for what in ("pin", "issue"))
    heights = [int(one.evaluate("e => getComputedStyle(e).zIndex")) for one in (pin, issue)]
    assert heights[0] > heights[1]
    app.extensions["council"].store.issues.move(
        added.id, State.FIXED, by="tests", at=datetime(2026, 6, 16, tzinfo=UTC)
    )


def test_the_keyboard_marks_moves_and_takes_off(app: Flask, form: Page) -> None:
    with_map(form)
    form.keyboard.press("Enter")
    first = pin_and_fields(form)
    form.keyboard.press("ArrowRight")
    form.wait_for_timeout(500)
    form.get_by_role("button", name="Mark the middle of the map").press("Enter")
    second = pin_and_fields(form)
    form.get_by_role("button", name="Take the mark off").press("Enter")

    assert first[0] == second[0] == 1
    assert first[1] != second[1]
    assert pin_and_fields(form) == (0, ["", ""])
    expect(form.locator("#point [role=status]")).to_have_text("Nothing is marked.")
    expect(form.get_by_role("button", name="Mark the middle of the map")).to_be_focused()
    sent(form, "taken off")
    assert newest(app).text == "taken off"


def test_a_mark_far_away_is_said_and_still_there_to_be_moved(form: Page) -> None:
    far_away(form)
    link = form.get_by_role("alert").get_by_role("link")

    expect(link).to_contain_text("km from Main Street. Move it to the street, leave it out")
    assert link.get_attribute("href") == "#point"
    assert pin_and_fields(form)[1][0] == "52.90000"
    form.get_by_role("button", name="Mark the middle of the map").click()
    sent(form, "moved back")


def test_enter_in_the_choice_of_layers_sends_nothing(form: Page) -> None:
    with_map(form)
    form.locator(".leaflet-control-layers-toggle").press("Enter")
    form.get_by_label("Open issues").press("Enter")
    form.wait_for_timeout(300)

    assert form.get_by_role("alert").count() == 0


def test_without_javascript_the_place_is_said_in_words(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + DETAILS)

    assert not page.locator("#point").is_visible()
    page.fill("#stretch", "by the bus stop")
    sent(page, "no script")
    context.close()


def test_the_queue_is_on_a_map_whose_issues_lead_to_their_staff_pages(
    staff: BrowserContext, address: str
) -> None:
    page = staff.new_page()
    page.goto(f"{address}/staff/issues?state=duplicate")
    queue_map(page)

    expect(page.locator(".app-map__issue")).to_have_count(1)
    expect(page.get_by_role("dialog")).to_contain_text("Damage")
    page.get_by_role("dialog").get_by_role("link").click()
    expect(page).to_have_url(f"{address}/staff/issues/2")
