"""A resident reports a problem: the answer first, then what is known, then one form."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point
from sqlalchemy import delete, event, select
from werkzeug.test import TestResponse

from mapsvc import crs
from mapsvc.config import Settings
from mapsvc.domain.issues import State
from mapsvc.errors import NotFound, SettingError
from mapsvc.services.issues import subscriptions
from mapsvc.services.issues.erasing import erase
from mapsvc.services.state.categories import read_categories
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.schema.issue_tables import outbox, report_attempt, subscription
from mapsvc.web.app import create_app
from mapsvc.web.residents import reports
from tests.support.councils import GAZETTEER, make_council, publish_text
from tests.support.staff import fields_in_error
from tests.support.web_council import make_app

REPORT = "/streets/10000002/report"
NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    mail = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "grass@example.gov.uk"}
    return make_app(tmp_path, emergency_phone="01632 960999", **mail)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`clock(timedelta(minutes=1))` moves the time of the pages on; it begins at NOW."""
    times = [NOW]
    monkeypatch.setattr(reports, "_now", lambda: times[0])

    def move(step: timedelta) -> None:
        times[0] += step

    return move


Clock = Callable[[timedelta], None]


def ticket_in(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def form(client: FlaskClient, clock: Clock, category: str = "other", street: str = REPORT) -> str:
    """The ticket of a form that was open for a minute."""
    ticket = ticket_in(client.get(f"{street}?category={category}&go=1").text)
    clock(timedelta(minutes=1))
    return ticket


def send(client: FlaskClient, ticket: str, street: str = REPORT, **values: str) -> TestResponse:
    said = {"category": "other", "text": "Up to my knees", "ticket": ticket, **values}
    return client.post(street, data=said)


# The way


def test_a_full_disk_tells_residents_no_path(
    app: Flask, client: FlaskClient, council: Council, clock: Clock, tmp_path: Path
) -> None:
    store = council.store
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(raw: Any, _: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.engine, "connect", fill)
    store.engine.dispose()
    for number in range(8):  # the last page has room for some
        response = send(client, form(client, clock), text=f"{number} " + "Long grass. " * 150)
        if response.status_code != 303:
            break

    assert response.status_code == 503
    assert "Sorry, the service is unavailable" in response.text
    assert "Try again in a few minutes." in response.text
    assert str(tmp_path) not in response.text
    assert "mapsvc.gpkg" not in response.text


def test_the_answer_comes_before_the_form(client: FlaskClient) -> None:
    page = client.get(f"{REPORT}?category=grass-too-long").text

    assert "Does this answer your question?" in page
    assert "We plan to cut this grass between" in page or "has not been marked as done" in page


def test_an_answer_that_is_enough_is_counted_and_makes_no_issue(
    app: Flask, client: FlaskClient, council: Council, clock: Clock
) -> None:
    ticket = ticket_in(client.get(f"{REPORT}?category=grass-too-long").text)
    clock(timedelta(minutes=1))

    assert (
        "Thank you"
        in client.post(f"{REPORT}/answered", data={"ticket": ticket}, follow_redirects=True).text
    )
    app.extensions["tally"].flush()
    counted = {count.name for count in council.store.live.counts(council.today(), council.today())}
    assert "reports that the answer made needless" in counted
    assert council.store.issues.number() == 0


def test_an_urgent_problem_shows_the_emergency_number_first(client: FlaskClient) -> None:
    page = client.get(f"{REPORT}?category=view-blocked").text

    assert page.index("01632 960999") < page.index("Report it")
    assert "Does this answer" not in page


def test_grass_of_somebody_else_names_them_and_stops(client: FlaskClient) -> None:
    page = client.get("/streets/10000001/report?category=other").text

    assert "This grass is not ours" in page
    assert "01632 960001" in page
    assert "<textarea" not in page


def test_a_street_without_recorded_grass_can_be_reported(client: FlaskClient) -> None:
    assert "<textarea" in client.get("/streets/10000009/report?category=other").text


def test_a_report_becomes_an_issue_with_a_page_of_its_own(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    sent = send(client, form(client, clock), stretch="by the bus stop")
    page = client.get(sent.headers["Location"]).text
    issue = council.store.issues.open()[0]

    assert sent.status_code == 303
    assert issue.reference in page
    assert "Something else about the grass" in page
    assert "Up to my knees" not in page  # staff have not released it
    assert "by the bus stop" not in page
    assert (issue.street, issue.stretch, issue.state) == ("10000002", "by the bus stop", "open")


def test_the_way_is_four_pages_and_sixty_kilobytes_at_most(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    council.store.issues.add(IssueDraft("other", "x", "10000002"), NOW)
    pages = [client.get(REPORT), client.get(f"{REPORT}?category=grass-too-long")]
    pages.append(client.get(f"{REPORT}?category=grass-too-long&go=1"))
    clock(timedelta(minutes=1))
    sent = send(client, ticket_in(pages[-1].text), category="grass-too-long")
    pages.append(client.get(sent.headers["Location"]))

    assert [page.status_code for page in pages] == [200] * 4
    assert sum(len(page.data) for page in pages) < 60_000
    assert all("Set-Cookie" not in page.headers for page in (*pages, sent))


def test_a_released_report_can_be_read(client: FlaskClient, council: Council, clock: Clock) -> None:
    address = send(client, form(client, clock)).headers["Location"]
    issue = council.store.issues.open()[0]
    council.store.issues.change(issue.id, "released", by="ann", at=NOW, is_released=True)

    assert "Up to my knees" in client.get(address).text


def test_an_open_issue_is_in_the_answer_and_its_json_until_it_is_closed(
    client: FlaskClient, council: Council
) -> None:
    draft = IssueDraft("grass-too-long", "my text", "10000003")
    issue = council.store.issues.add(draft, datetime(2026, 6, 3, 12, tzinfo=UTC))
    council.store.issues.move(issue.id, State.PLANNED, by="a", at=NOW, season=2026, cut=3)
    council.store.issues.join(issue.id, "k", NOW)
    sentence = (
        "Grass that is too long, reported on Wednesday 3 June, planned for the cut of Monday 6 "
        "July, also noticed by 1 other"
    )

    page, document = (client.get(f"{api}/streets/10000003") for api in ("", "/api"))

    assert "1 open issue" in page.text
    assert sentence in re.sub(r"<[^>]+>", "", page.text)
    assert [one["sentence"] for one in document.json["issues"]] == [sentence]  # type: ignore[index]
    assert "my text" not in page.text + document.text
    council.store.issues.move(issue.id, State.NO_ACTION, by="a", at=NOW)
    assert client.get("/api/streets/10000003").json["issues"] == []  # type: ignore[index]
    page = client.get(f"/issues/{issue.reference}")
    assert "closed without being fixed" in page.text


def test_an_issue_nearby_is_offered_and_joined_once(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    send(client, form(client, clock))
    page = client.get(f"{REPORT}?category=damage").text
    reference = council.store.issues.open()[0].reference
    clock(timedelta(minutes=1))
    data = {"ticket": ticket_in(page), "issue": reference}

    assert "Is it one of these?" in page
    for _ in range(2):
        client.post(f"{REPORT}/join", data=data)
    assert council.store.issues.open()[0].noticed == 1


def test_only_issues_that_were_offered_can_be_joined(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    far = council.store.issues.add(IssueDraft("other", "x", "10000005"), NOW)
    data = {"ticket": form(client, clock), "issue": far.reference}

    assert client.post(f"{REPORT}/join", data=data).status_code == 422
    assert council.store.issues.get(far.id).noticed == 0


def test_open_issues_are_a_layer_that_keeps_to_a_box(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    send(client, form(client, clock))
    far = IssueDraft("damage", "x", "10000005")
    council.store.issues.add(far, NOW)

    def labels(query: str) -> list[str]:
        features = client.get(f"/api/issues{query}").json["features"]  # type: ignore[index]
        return [feature["properties"]["label"] for feature in features]

    assert labels("") == ["Damage by mowing", "Something else about the grass"]
    assert labels("?bbox=-2,52,-1,53") == ["Something else about the grass"]
    assert labels("?bbox=0,52,1,53") == []
    assert "Up to my knees" not in client.get("/api/issues").text
    for wrong in ("1,2,3", "a,b,c,d", "2,1,1,2", "nan,1,2,3"):
        assert client.get(f"/api/issues?bbox={wrong}").status_code == 400


def test_far_out_open_issues_are_counted_in_words(client: FlaskClient, council: Council) -> None:
    for x in (452_000, 452_050):
        council.store.issues.add(IssueDraft("other", "x", "10000002", point=Point(x, 300_000)), NOW)

    def about(zoom: int) -> list[dict[str, object]]:
        found = client.get(f"/api/issues?zoom={zoom}&bbox=-2,52,-1,53").json
        return [feature["properties"] for feature in found["features"]]  # type: ignore[index]

    assert about(9) == [{"number": 2, "sentence": "2 open issues"}]
    assert [one["label"] for one in about(16)] == ["Something else about the grass"] * 2
    assert len(client.get("/api/issues?zoom=9").json["features"]) == 1  # type: ignore[index]


def test_the_list_says_how_many_it_leaves_out(client: FlaskClient, council: Council) -> None:
    for _ in range(50):
        council.store.issues.add(IssueDraft("other", "x", "10000002"), NOW)
    assert "The newest" not in client.get("/map/list").text
    council.store.issues.add(IssueDraft("other", "x", "10000002"), NOW)

    assert "The newest 50 of 51." in client.get("/map/list").text


@pytest.mark.parametrize("zoom", ["-1", "23", "nonsense", "1.5", "²", "1" * 5000])
def test_a_zoom_that_is_none_is_named(client: FlaskClient, zoom: str) -> None:
    answer = client.get("/api/issues", query_string={"zoom": zoom})

    assert (answer.status_code, answer.json["parameter"]) == (400, "zoom")  # type: ignore[index]
    assert "Enter a number from 0 to 22." in answer.text


# What is not taken twice, or at all


def test_a_form_sent_twice_and_the_same_words_of_a_neighbour_are_one_issue(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    first, second = form(client, clock), form(client, clock)
    places = {send(client, ticket).headers["Location"] for ticket in (first, first)}
    places.add(send(client, second, text="up to my KNEES!").headers["Location"])

    assert len(places) == council.store.issues.number() == 1
    clock(timedelta(minutes=11))
    send(client, form(client, clock))
    assert council.store.issues.number() == 2


def test_a_form_sent_again_with_other_words_is_another_issue(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    ticket = form(client, clock)
    for text in ("Up to my knees", "And a drain is blocked"):
        send(client, ticket, text=text)

    assert {one.text for one in council.store.issues.open()} == {
        "Up to my knees",
        "And a drain is blocked",
    }


def test_an_issue_follows_its_street_to_a_new_id(tmp_path: Path) -> None:
    unnumbered = GAZETTEER.replace("10000003,Church", ",Church")
    council = make_council(tmp_path, {"gazetteer": unnumbered})
    old = council.moment.atlas.search("church lane", 1)[0].street.id
    issue = council.store.issues.add(IssueDraft("other", "x", old), NOW)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER, name="numbered.csv")
    client = create_app(council.settings, council).test_client()

    document = client.get("/api/streets/10000003").json
    assert old != "10000003"
    assert document["issues"][0]["reference"] == issue.reference  # type: ignore[index]


def test_the_form_of_a_street_leads_to_its_new_id_and_what_was_chosen_stays(tmp_path: Path) -> None:
    unnumbered = GAZETTEER.replace("10000003,Church", ",Church")
    council = make_council(tmp_path, {"gazetteer": unnumbered})
    old = council.moment.atlas.search("church lane", 1)[0].street.id
    publish_text(council, tmp_path, "gazetteer", GAZETTEER, name="numbered.csv")
    client = create_app(council.settings, council).test_client()

    moved = client.get(f"/streets/{old}/report?category=other&go=1")

    assert moved.status_code == 301
    assert moved.headers["Location"] == "/streets/10000003/report?category=other&go=1"
    assert "<textarea" in client.get(moved.headers["Location"]).text


def test_a_form_that_was_open_while_its_street_got_a_new_id_is_taken(
    tmp_path: Path, clock: Clock
) -> None:
    unnumbered = GAZETTEER.replace("10000003,Church", ",Church")
    council = make_council(tmp_path, {"gazetteer": unnumbered})
    old = council.moment.atlas.search("church lane", 1)[0].street.id
    client = create_app(council.settings, council).test_client()
    ticket = form(client, clock, street=f"/streets/{old}/report")
    publish_text(council, tmp_path, "gazetteer", GAZETTEER, name="numbered.csv")

    answer = send(client, ticket, street=f"/streets/{old}/report")

    assert answer.status_code == 303
    assert [issue.street for issue in council.store.issues.open()] == ["10000003"]


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"text": " \n "}, "Say in a few words what is wrong.", "text"),
        ({"text": "x" * 2001}, "2,001 characters", "text"),
        ({"stretch": "x" * 201}, "201 characters", "stretch"),
        ({"email": "a@b\r\nBcc: c@d.example"}, "Enter an email address", "email"),
        ({"email": "ann"}, "Enter an email address", "email"),
        ({"website": "https://spam.example"}, "must stay empty", ""),
        ({"lat": "0", "lon": "0"}, "far from Main Street", "point"),
        ({"lat": "nan", "lon": "1"}, "cannot be read", "point"),
        ({"lat": "91", "lon": "0"}, "cannot be read", "point"),
        ({"lat": "x", "lon": "0"}, "cannot be read", "point"),
        ({"lat": "52.9", "lon": "-1.2"}, "km from Main Street", "point"),
        ({"ticket": "1781686800.00.00"}, "did not arrive whole", ""),
        ({"ticket": ""}, "did not arrive whole", ""),
        ({"ticket": "١٧٨١.é.ß"}, "did not arrive whole", ""),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_kept(
    client: FlaskClient,
    council: Council,
    clock: Clock,
    values: dict[str, str],
    sentence: str,
    field: str,
) -> None:
    said = {"ticket": form(client, clock), "text": "Up to my knees", **values}

    answer = send(client, **said)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert council.store.issues.number() == 0
    if field:
        assert fields_in_error(answer.text) == [field]


def test_what_was_typed_is_still_in_the_form(client: FlaskClient, clock: Clock) -> None:
    page = send(client, form(client, clock), email="ann", text="<b>long</b> & wet").text

    assert "&lt;b&gt;long&lt;/b&gt; &amp; wet</textarea>" in page


def test_a_ticket_is_for_its_street_and_its_day(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    other = form(client, clock, street="/streets/10000003/report")
    old = form(client, clock)
    clock(timedelta(hours=13))

    assert "did not arrive whole" in send(client, other).text
    assert "more than 12 hours ago" in send(client, old).text
    assert council.store.issues.number() == 0


@pytest.mark.parametrize("way", ["report", "join", "answered"])
def test_who_presses_at_once_is_not_told_off(
    client: FlaskClient, council: Council, clock: Clock, way: str
) -> None:
    known = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    page = client.get(f"{REPORT}?category=grass-too-long").text
    data = {"ticket": ticket_in(page), "issue": known.reference}

    answer = (
        send(client, ticket_in(page))
        if way == "report"
        else client.post(f"{REPORT}/{way}", data=data)
    )

    assert answer.status_code == 303


@pytest.mark.parametrize("ticket", ["", "1781686800.00.00"])
@pytest.mark.parametrize("way", ["join", "answered"])
def test_a_form_that_cannot_be_taken_comes_back_with_its_buttons(
    client: FlaskClient, council: Council, ticket: str, way: str
) -> None:
    known = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    data = {"ticket": ticket, "issue": known.reference, "category": "grass-too-long"}

    answer = client.post(f"{REPORT}/{way}", data=data)
    again = {**data, "ticket": ticket_in(answer.text)}

    assert answer.status_code == 422
    assert "did not arrive whole" in answer.text
    assert "It is this one" in answer.text
    assert client.post(f"{REPORT}/{way}", data=again).status_code == 303


def test_a_limit_leaves_what_was_typed_and_the_button(tmp_path: Path, clock: Clock) -> None:
    client = make_app(tmp_path, reports_per_address=1).test_client()
    send(client, form(client, clock), text="first")

    refused = send(client, form(client, clock), text="<b>Up</b> & wet", stretch="by the stop")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "&lt;b&gt;Up&lt;/b&gt; &amp; wet</textarea>" in refused.text
    assert 'value="by the stop"' in refused.text
    assert "Send the report" in refused.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("asked=1", "Select what the problem is."), ("asked=1&category=", "Select what the problem")],
)
def test_choosing_nothing_says_what_to_choose(
    client: FlaskClient, query: str, sentence: str
) -> None:
    first, page = client.get(REPORT), client.get(f"{REPORT}?{query}")

    assert (first.status_code, page.status_code) == (200, 422)
    assert "There is a problem" not in first.text
    assert "There is a problem" in page.text
    assert sentence in page.text
    assert "<title>Error: " in page.text
    assert fields_in_error(page.text) == ["category"]


def test_a_report_without_a_category_is_asked_for_one(client: FlaskClient, clock: Clock) -> None:
    answer = send(client, form(client, clock), category="")

    assert answer.status_code == 422
    assert fields_in_error(answer.text) == ["category"]


def test_grass_of_others_says_so_before_it_asks_for_a_category(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    page = client.get("/streets/10000001/report").text
    sent = send(client, form(client, clock), street="/streets/10000001/report")

    assert "This grass is not ours" in page
    assert "What is the problem?" not in page
    assert (sent.status_code, council.store.issues.number()) == (422, 0)


def test_the_page_after_sending_says_what_happens_next(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    with_mail = send(client, form(client, clock), email="ann@example.com")
    without = send(client, form(client, clock), text="Something else")

    told, plain = client.get(with_mail.location).text, client.get(without.location).text
    for page in (told, plain):
        assert "What happens next" in page
        assert "Staff read your report." in page
    assert "confirm your address within 48 hours" in told
    assert "confirm your address" not in plain
    assert "ann@example.com" not in told


def join_once(client: FlaskClient, reference: str, address: str = "192.0.2.1") -> TestResponse:
    page = client.get(f"{REPORT}?category=damage").text
    data = {"ticket": ticket_in(page), "issue": reference, "category": "damage"}
    base = {"REMOTE_ADDR": address}
    return client.post(f"{REPORT}/join", data=data, environ_base=base)


def test_three_joins_from_one_browser_are_one(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    issue = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)

    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2"):
        assert join_once(client, issue.reference, address).status_code == 303

    assert council.store.issues.get(issue.id).noticed == 2
    clock(timedelta(days=1))
    join_once(client, issue.reference)
    assert council.store.issues.get(issue.id).noticed == 3


def ask_for_news(client: FlaskClient, reference: str, email: str, **more: str) -> TestResponse:
    page = client.get(f"/issues/{reference}?joined=1").text
    data = {"ticket": ticket_in(page), "email": email, **more}
    base = {"REMOTE_ADDR": "192.0.2.1"}
    return client.post(f"/issues/{reference}/news", data=data, environ_base=base)


def confirm_all(council: Council) -> None:
    """Press the button of every mail that waits to be sent."""
    with council.store.reading() as connection:
        payloads = connection.execute(select(outbox.c.payload).where(outbox.c.kind == "confirm"))
        tokens = [payload["token"] for (payload,) in payloads]
    for token in tokens:
        with suppress(NotFound):  # confirmed before
            subscriptions.confirm(council, token, NOW + timedelta(hours=1))


def test_joining_offers_news_and_each_confirmed_address_counts_once(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    """The first address of a network is the one who was counted when they joined."""
    issue = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    joined = client.get(join_once(client, issue.reference).location).text
    counts = []

    for email in ("ann@example.com", "bob@example.com", "ann@example.com", "cy@example.com"):
        answer = ask_for_news(client, issue.reference, email)
        assert answer.status_code == 303
        assert "confirm your address within 48 hours" in client.get(answer.location).text
        counts.append(council.store.issues.get(issue.id).noticed)
        confirm_all(council)
        counts.append(council.store.issues.get(issue.id).noticed)

    assert "Do you want news of it?" in joined
    assert counts == [1, 1, 1, 2, 2, 2, 2, 3]


def test_who_ends_the_news_and_asks_again_counts_no_second_time(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    issue = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    for email in ("ann@example.com", "bob@example.com", "bob@example.com"):
        ask_for_news(client, issue.reference, email)
        confirm_all(council)
        with council.store.writing("issues") as connection:
            connection.execute(delete(subscription))

    assert council.store.issues.get(issue.id).noticed == 2


def test_whoever_reported_it_is_none_of_the_others(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    send(client, form(client, clock), email="ann@example.com")
    confirm_all(council)

    assert council.store.issues.open()[0].noticed == 0


def test_news_need_an_address_and_an_open_issue(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    issue = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    said = {"": "Enter an email address", "ann": "Enter an email address"}

    for email, sentence in said.items():
        answer = ask_for_news(client, issue.reference, email)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert fields_in_error(answer.text) == ["email"]
        assert "Send me news" in answer.text
    page = client.get(f"/issues/{issue.reference}?joined=1").text
    council.store.issues.move(issue.id, State.NO_ACTION, by="a", at=NOW)
    data = {"ticket": ticket_in(page), "email": "ann@example.com"}
    assert "closed by now" in client.post(f"/issues/{issue.reference}/news", data=data).text


def test_an_erased_address_leaves_nothing_that_stands_for_it(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    issue = council.store.issues.add(IssueDraft("damage", "x", "10000002"), NOW)
    ask_for_news(client, issue.reference, "ann@example.com")
    confirm_all(council)

    erase(council, "Ann@example.com")

    with council.store.reading() as connection:
        keys = connection.scalars(select(report_attempt.c.key)).all()
    assert [key for key in keys if key.startswith("counted")] == []
    assert keys


def test_one_address_and_everybody_together_have_limits(tmp_path: Path, clock: Clock) -> None:
    app = make_app(tmp_path, reports_per_address=2, reports_per_hour=3)
    client, council = app.test_client(), app.extensions["council"]

    def codes(address: str, number: int) -> list[int]:
        answers = []
        for n in range(number):
            ticket = form(client, clock)
            said = {"category": "other", "text": f"{address} {n}", "ticket": ticket}
            base = {"REMOTE_ADDR": address}
            answers.append(client.post(REPORT, data=said, environ_base=base).status_code)
        return answers

    assert codes("192.0.2.1", 3) == [303, 303, 429]
    assert codes("192.0.2.2", 2) == [303, 429]
    clock(timedelta(hours=1))
    assert codes("192.0.2.1", 1) == [303]
    assert council.store.issues.number() == 4


def test_joining_counts_like_a_report_of_its_address(tmp_path: Path, clock: Clock) -> None:
    app = make_app(tmp_path, reports_per_address=2)
    client, issues = app.test_client(), app.extensions["council"].store.issues
    issue = issues.add(IssueDraft("other", "x", "10000002"), NOW)

    def join(address: str) -> int:
        ticket = ticket_in(client.get(f"{REPORT}?category=damage").text)
        clock(timedelta(minutes=1))
        data = {"ticket": ticket, "issue": issue.reference}
        base = {"REMOTE_ADDR": address}
        return client.post(f"{REPORT}/join", data=data, environ_base=base).status_code

    assert [join("192.0.2.1") for _ in range(3)] == [303, 303, 429]
    assert join("192.0.2.2") == 303
    assert issues.get(issue.id).noticed == 2


def test_a_point_goes_with_the_report_and_stays_in_a_form_that_comes_back(
    client: FlaskClient, council: Council, clock: Clock
) -> None:
    street = council.moment.atlas.street("10000002")
    assert street is not None
    point = {"lat": f"{street.lat:.5f}", "lon": f"{street.lon + 0.001:.5f}"}
    again = send(client, form(client, clock), text="", **point).text
    send(client, form(client, clock), **point)

    issue = council.store.issues.open()[0]
    assert f'name="lat" value="{point["lat"]}"' in again
    assert issue.x is not None
    assert issue.y is not None
    lon, lat = crs.point_to_wgs84(issue.x, issue.y, council.settings.crs)
    assert {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"} == point


def test_a_megabyte_of_text_is_refused(client: FlaskClient, council: Council, clock: Clock) -> None:
    answer = send(client, form(client, clock), text="x" * 1_000_000)

    assert answer.status_code == 413
    assert "larger than 64 KB. Go back, shorten it" in answer.text
    assert council.store.issues.number() == 0


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${window.pwn=1}", "a\u202eb\x00c"])
def test_text_stays_text(client: FlaskClient, council: Council, clock: Clock, text: str) -> None:
    address = send(client, form(client, clock), text=text).headers["Location"]
    issue = council.store.issues.open()[0]
    council.store.issues.change(issue.id, "released", by="ann", at=NOW, is_released=True)
    page = client.get(address).text

    assert "<script>alert" not in page
    assert "\u202e" not in issue.text
    assert "\x00" not in issue.text


def test_an_unknown_category_or_issue_is_said(client: FlaskClient, clock: Clock) -> None:
    assert "Choose what it is" in client.get(f"{REPORT}?category=nonsense").text
    assert send(client, form(client, clock), category="nonsense").status_code == 422
    assert client.get("/issues/G-0").status_code == 404


# The council's list


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,name\n", "needs the headings code,name,help,urgent,about_cutting,recipient"),
        ("code,name,help,urgent,about_cutting,recipient\na,A,,maybe,,\n", "Row 2 .* under urgent"),
        ("code,name,help,urgent,about_cutting,recipient\n,A,,,,\n", "Row 2 .* a code and a name"),
        ("code,name,help,urgent,about_cutting,recipient\na,A,,,,\na,B,,,,\n", '"a" twice'),
    ],
)
def test_a_list_of_categories_that_cannot_be_used_is_named(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "categories.csv"
    file.write_text(text)

    with pytest.raises(SettingError, match=sentence):
        read_categories(Settings(categories=file))
