"""Mail for those who asked: confirmed by a link, sent when something happens, ended by a click."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapsvc.domain.issues import Issue, State
from mapsvc.services.issues import reporting
from mapsvc.services.issues.form_tokens import FormToken
from mapsvc.services.issues.reporting import ResidentReport
from mapsvc.services.outbox.sender import Sender
from mapsvc.services.state.council import Council
from tests.support.councils import open_council
from tests.support.outside_servers import MailServer, running_mail_server
from tests.support.web_council import make_app

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
PUBLIC = "https://grass.example.gov.uk"
ANN = "ann@example.com"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Flask:
    settings = {
        "smtp_url": mail_server.url,
        "mail_from": "grass@example.gov.uk",
        "public_url": PUBLIC,
        "reports_per_address": 1000,
    }
    return make_app(tmp_path_factory.mktemp("news"), **settings)


@pytest.fixture
def clock(app: Flask) -> Iterator[list[datetime]]:
    """The council's time in a list: set `clock[0]`."""
    times = [NOW]
    app.extensions["council"].now = lambda: times[0]
    yield times
    del app.extensions["council"].now


@pytest.fixture
def council(app: Flask, mail_server: MailServer, clock: list[datetime]) -> Council:
    found: Council = app.extensions["council"]
    mail_server.got.clear()
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


NUMBERS = iter(range(1000))


def report(council: Council, email: str = ANN) -> Issue:
    """A report that asks for news, as the form makes it."""
    street = council.moment.atlas.street("10000002")
    assert street is not None
    number = next(NUMBERS)
    said = ResidentReport(council.categories[-1], f"Grass number {number}", email=email)
    ticket = FormToken(str(number), street.street.id, council.now())
    return reporting.report_issue(council, street, said, ticket, council.now())


def sent(council: Council, mail_server: MailServer) -> list[Message]:
    """The mails that what is due becomes."""
    mail_server.got.clear()
    Sender(council).run_due()
    return list(mail_server.got)


def link(letter: Message, kind: str) -> str:
    text = letter.get_payload(decode=True)
    assert isinstance(text, bytes)
    found = re.search(rf"{PUBLIC}(/news/{kind}/\S+)", text.decode())
    assert found is not None
    return found[1]


def get(client: FlaskClient, path: str) -> str:
    return client.get(path, base_url=PUBLIC).text


def post(client: FlaskClient, path: str, **form: str) -> str:
    return client.post(path, base_url=PUBLIC, data=form, follow_redirects=True).text


def confirmed(council: Council, client: FlaskClient, mail_server: MailServer, email: str) -> Issue:
    issue = report(council, email)
    [asking] = sent(council, mail_server)
    post(client, link(asking, "confirm"))
    return issue


def first_news(
    council: Council, client: FlaskClient, mail_server: MailServer, email: str
) -> tuple[Issue, Message]:
    """An issue of which somebody wants news, and the first that they got."""
    issue = confirmed(council, client, mail_server, email)
    council.store.issues.move(issue.id, State.TRIAGED, by="x", at=NOW)
    [letter] = sent(council, mail_server)
    return issue, letter


def test_news_come_once_they_are_confirmed_and_never_before(
    council: Council, client: FlaskClient, mail_server: MailServer
) -> None:
    issue = report(council)
    [asking] = sent(council, mail_server)
    council.store.issues.move(issue.id, State.TRIAGED, by="x", at=NOW)
    path = link(asking, "confirm")

    assert sent(council, mail_server) == []
    assert "Yes, send me news" in get(client, path)
    council.store.issues.move(issue.id, State.IN_PROGRESS, by="x", at=NOW)
    assert sent(council, mail_server) == []  # a GET confirmed nothing
    answer = client.post(path, base_url=PUBLIC)
    assert answer.status_code == 303
    for _ in range(2):
        assert "Thank you for confirming" in get(client, answer.location)
    council.store.issues.move(
        issue.id, State.FIXED, by="x", at=NOW, sentence="<b>Cut</b> by the crew."
    )
    [news] = sent(council, mail_server)
    text = str(news.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]
    assert news["To"] == ANN
    assert news.get_content_type() == "text/plain"
    assert str(news["Subject"]) == f"{issue.reference}: fixed"
    assert "Fixed. <b>Cut</b> by the crew." in text
    assert f"{PUBLIC}/issues/{issue.reference}" in text


def test_a_note_for_staff_and_others_who_noticed_it_are_no_news(
    council: Council, client: FlaskClient, mail_server: MailServer
) -> None:
    issue = confirmed(council, client, mail_server, "b@example.com")
    council.store.issues.change(issue.id, "assigned", by="x", at=NOW, note="for the crew")
    council.store.issues.join(issue.id, "k", NOW)
    council.store.issues.change(issue.id, "answered", by="x", at=NOW, sentence="We look tomorrow.")

    [news] = sent(council, mail_server)

    assert "for the crew" not in news.as_string()
    assert "We look tomorrow." in news.as_string()


def test_one_click_ends_news_and_forgets_the_address(
    council: Council, client: FlaskClient, mail_server: MailServer
) -> None:
    issue, news = first_news(council, client, mail_server, "c@example.com")
    header = str(news["List-Unsubscribe"])
    path = header.strip("<>").removeprefix(PUBLIC)
    council.store.issues.move(issue.id, State.IN_PROGRESS, by="x", at=NOW)  # waits to be sent

    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path == link(news, "end")
    assert "Stop the news" in get(client, path)
    posted = client.post(path, base_url=PUBLIC, data={"List-Unsubscribe": "One-Click"})
    assert (posted.status_code, "Set-Cookie" in posted.headers) == (200, False)
    assert sent(council, mail_server) == []
    assert "You get no more news" in get(client, path)
    assert "You get no more news" in post(client, path)
    by_button = client.post(path, base_url=PUBLIC)
    assert (by_button.status_code, by_button.location) == (303, path)


@pytest.mark.parametrize("token", ["forged", "a" * 43, "..%2f..", "%00", "é"])
def test_a_forged_link_does_nothing(client: FlaskClient, council: Council, token: str) -> None:
    for what in ("confirm", "end"):
        for answer in (
            client.get(f"/news/{what}/{token}", base_url=PUBLIC),
            client.post(f"/news/{what}/{token}", base_url=PUBLIC),
        ):
            assert answer.status_code == 404


def test_a_link_that_was_cut_off_ends_nothing_and_says_so(
    council: Council, client: FlaskClient, mail_server: MailServer
) -> None:
    _, letter = first_news(council, client, mail_server, "cut@example.com")
    path = link(letter, "end")

    answer = client.post(path[:-1], base_url=PUBLIC, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 404
    assert "This link is not whole." in answer.text
    assert "Stop the news" in get(client, path)


def test_a_link_confirms_once_and_for_48_hours(
    council: Council, client: FlaskClient, mail_server: MailServer, clock: list[datetime]
) -> None:
    report(council, "d@example.com")
    [first] = sent(council, mail_server)
    report(council, "d@example.com")
    [second] = sent(council, mail_server)

    clock[0] = NOW + timedelta(hours=48)
    assert "Thank you for confirming" in post(client, link(first, "confirm"))
    assert "was used before" in post(client, link(first, "confirm"))
    clock[0] += timedelta(seconds=1)
    assert "older than 48 hours" in get(client, link(second, "confirm"))
    assert "older than 48 hours" in post(client, link(second, "confirm"))


def test_the_store_has_no_token_once_it_is_sent(council: Council, mail_server: MailServer) -> None:
    report(council, "e@example.com")
    [asking] = sent(council, mail_server)
    token = link(asking, "confirm").rpartition("/")[2]
    with sqlite3.connect(council.settings.data / "mapsvc.gpkg") as raw:
        rows = [*raw.execute("SELECT * FROM outbox"), *raw.execute("SELECT * FROM subscription")]

    assert len(token) == 43  # 32 bytes
    assert token not in str(rows)


def test_a_mail_that_came_twice_has_one_message_id_and_one_link(
    council: Council, mail_server: MailServer, clock: list[datetime]
) -> None:
    report(council, "f@example.com")
    mail_server.plan = iter(["drop after", ""])
    first = sent(council, mail_server)
    clock[0] += timedelta(minutes=2)
    second = sent(council, mail_server)
    mail_server.plan = iter([""] * 1000)

    letters = [*first, *second]
    assert len(letters) == 2
    assert len({letter["Message-ID"] for letter in letters}) == 1
    assert len({link(letter, "confirm") for letter in letters}) == 1


def test_an_address_is_asked_three_times_a_day_at_most(
    council: Council, mail_server: MailServer
) -> None:
    for _ in range(6):
        report(council, "victim@example.com")

    assert len(sent(council, mail_server)) == 3


@pytest.mark.parametrize("email", ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a b@c.d"])
def test_an_address_with_a_line_break_is_no_address(
    app: Flask, council: Council, email: str
) -> None:
    before = council.store.issues.number()
    with pytest.raises(Exception, match="Enter an email address"):
        report(council, email)

    assert council.store.issues.number() == before


def test_names_of_streets_and_categories_break_no_header(
    council: Council, client: FlaskClient, mail_server: MailServer
) -> None:
    street = council.moment.atlas.street("10000006")
    assert street is not None
    said = ResidentReport(council.categories[-1], "Subject: x\r\n\r\nX", email="g@example.com")
    ticket = FormToken("odd", street.street.id, NOW)
    reporting.report_issue(council, street, said, ticket, NOW)
    [asking] = sent(council, mail_server)

    assert [*asking.keys()].count("Subject") == 1
    assert "<script>alert(1)</script>" in str(asking.get_payload(decode=True))


def test_without_a_mail_server_nobody_is_asked_for_an_address(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    council = app.extensions["council"]
    page = app.test_client().get("/streets/10000002/report?category=other&go=1").text
    report(council)

    assert 'name="email"' not in page
    assert council.store.outbox.numbers() == {}


def test_with_one_the_form_asks(client: FlaskClient, council: Council) -> None:
    page = get(client, "/streets/10000002/report?category=other&go=1")

    assert 'name="email"' in page
    assert "erase it 12 months after" in page


def test_keys_are_kept_in_the_store_unless_the_council_sets_one(tmp_path: Path) -> None:
    def key(folder: str, said: str = "", name: str = "news") -> bytes:
        council = open_council(tmp_path / folder, secret_key=said)
        with closing(council):
            return council.secret_key(name)

    assert key("a") == key("a")
    assert len({key("a"), key("a", name="tickets"), key("b"), key("b", "k" * 32)}) == 4
    assert key("a", "k" * 32) == key("b", "k" * 32) != key("b", "K" * 32)
