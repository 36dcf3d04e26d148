"""The outbox against real servers that fail in every way: nothing is lost, and what was accepted
before the line broke carries the same reference when it comes twice.
"""

import itertools
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mapsvc.cli import main
from mapsvc.config import Settings
from mapsvc.domain.issues import Issue, State
from mapsvc.errors import NotFound, SettingError
from mapsvc.services.issues.erasing import erase_closed
from mapsvc.services.outbox import http_client, open311_client, smtp
from mapsvc.services.outbox.http_client import NotReached, checked_addresses
from mapsvc.services.outbox.sender import Sender, hand_over, pull_all
from mapsvc.services.state.back_offices import message_to, read_back_offices, recipients
from mapsvc.services.state.categories import read_categories
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.outbox import SENT, STOPPED, WAITING, Parcel
from mapsvc.store.subscriptions import Subscriber
from tests.support.councils import open_council
from tests.support.outside_servers import (
    AFTER,
    BEFORE,
    SLOW,
    BackOffice,
    MailServer,
    running_back_office,
    running_mail_server,
)

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
HEADINGS = "name,endpoint,api_key,jurisdiction,private\n"
MAILBOX = "mailto:grounds@example.gov.uk"


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for servers that are slow on purpose; for all others what it is."""
    callspec = getattr(request.node, "callspec", None)
    if callspec and callspec.params.get("how") in SLOW:
        monkeypatch.setattr(http_client, "READ_SECONDS", 1.0)
        monkeypatch.setattr(http_client, "WHOLE_SECONDS", 1.5)
        monkeypatch.setattr(smtp, "SECONDS", 1.0)


@pytest.fixture
def office() -> Iterator[BackOffice]:
    with running_back_office() as running:
        yield running


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as running:
        yield running


Opened = Callable[..., Council]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """`opened(north=office)`: a council with back offices of these names."""
    councils = []

    def make(mail_url: str = "", **offices: BackOffice | str) -> Council:
        file = tmp_path / "offices.csv"
        rows = (
            f"{name},{getattr(one, 'endpoint', one)},key,,yes\n" for name, one in offices.items()
        )
        file.write_text(HEADINGS + "".join(rows))
        said = {"back_offices": file, "smtp_url": mail_url, "mail_from": "grass@example.gov.uk"}
        council = open_council(tmp_path, insecure_loopback=True, **said)
        councils.append(council)
        return council

    yield make
    for council in councils:
        council.close()


def report(council: Council, *to: str, text: str = "Up to my knees") -> Issue:
    draft = IssueDraft("other", text, "10000002", stretch="by the stop")
    return council.store.issues.add(draft, NOW, [message_to(one, draft.reference) for one in to])


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def send_all(council: Council, tries: int = 60) -> list[Parcel]:
    """Send until nothing waits, a worker looking every half hour; all messages, oldest first."""
    clock = Clock()
    sender = Sender(council, clock)
    for _ in range(tries):
        sender.run_due()
        if not council.store.outbox.numbers().get(WAITING):
            break
        clock.now += timedelta(minutes=31)
    return council.store.outbox.page()[::-1]


def send_once(council: Council, after: timedelta = timedelta()) -> Parcel:
    """One look of a worker some time later; the newest message."""
    clock = Clock()
    clock.now += after
    Sender(council, clock).run_due()
    return council.store.outbox.page()[0]


# Nothing is lost


@pytest.mark.parametrize(
    ("how", "shows"),
    [*((how, True) for how in (*BEFORE, *AFTER)), *((how, False) for how in AFTER)],
)
def test_no_issue_is_lost_and_what_comes_twice_has_the_same_reference(
    opened: Opened, office: BackOffice, how: str, shows: bool
) -> None:
    council = opened(north=office)
    issues = [report(council, "north", text=f"number {n}") for n in range(3)]
    office.plan, office.shows = itertools.cycle([how, "", how]), shows

    parcels = send_all(council)

    assert [parcel.state for parcel in parcels] == [SENT] * 3
    assert set(office.references()) == {issue.reference for issue in issues}
    doubles = len(office.got) - len(issues)
    assert (doubles > 0) is not shows


@pytest.mark.parametrize("how", ["busy", "hang", "drop", "drop after"])
def test_no_mail_is_lost_and_what_comes_twice_has_the_same_message_id(
    opened: Opened, mail_server: MailServer, how: str
) -> None:
    council = opened(mail_server.url)
    for n in range(4):
        report(council, MAILBOX, text=f"number {n}")
    mail_server.plan = itertools.cycle([how, "", how])

    parcels = send_all(council)

    assert [parcel.state for parcel in parcels] == [SENT] * 4
    assert len(set(mail_server.ids())) == 4
    assert (len(mail_server.ids()) > 4) is (how == "drop after")


def test_a_worker_that_was_killed_after_sending_finds_what_it_sent(
    opened: Opened, office: BackOffice
) -> None:
    council = opened(north=office)
    issue = report(council, "north")
    parcel = council.store.outbox.lease("killed", NOW, NOW + timedelta(seconds=90))
    assert parcel is not None
    open311_client.send(council, council.back_offices["north"], issue, parcel)

    assert send_once(council, timedelta(seconds=60)).state == WAITING
    assert send_once(council, timedelta(seconds=91)).state == SENT
    assert office.references() == [issue.reference]


def test_a_back_office_that_is_not_there_is_tried_after_1_5_30_and_30_minutes(
    opened: Opened,
) -> None:
    council = opened(north="http://127.0.0.1:9/")
    report(council, "north")
    clock, gaps = Clock(), []
    sender = Sender(council, clock)
    for _ in range(4):
        sender.run_due()
        parcel = council.store.outbox.page()[0]
        gaps.append((parcel.run_after - clock.now) // timedelta(minutes=1))
        clock.now = parcel.run_after

    assert gaps == [1, 5, 30, 30]
    assert "north did not answer" in council.store.outbox.failing()[0].error


def test_after_five_failures_nothing_is_sent_for_half_an_hour_to_this_one(
    opened: Opened, office: BackOffice
) -> None:
    with running_back_office() as broken:
        council = opened(north=broken, south=office)
        broken.plan = itertools.repeat("500")
        for n in range(8):
            report(council, "north", "south", text=f"number {n}")
        send_once(council)
        assert len(broken.calls) == 5
        assert len(office.got) == 8

        broken.plan = itertools.repeat("")
        send_once(council, timedelta(minutes=29))
        assert len(broken.calls) == 5
        send_all(council)

    assert len(set(broken.references())) == 8


def test_two_bodies_get_an_issue_independently_and_are_marked_so(
    opened: Opened, office: BackOffice
) -> None:
    council = opened(north=office, south="http://127.0.0.1:9/")
    issue = report(council, "north", "south")

    send_once(council)

    marked = {p.message.recipient: p.state for p in council.store.outbox.of_issue(issue.id)}
    assert marked == {"north": SENT, "south": WAITING}


def test_one_message_that_is_refused_closes_the_way_for_no_other(
    opened: Opened, office: BackOffice
) -> None:
    council = opened(north=office)
    for n in range(7):
        report(council, "north", text=f"number {n}")
    office.plan = itertools.chain(["400"] * 6, itertools.repeat(""))

    send_once(council)

    assert council.store.outbox.numbers() == {WAITING: 6, SENT: 1}
    assert "refused it with 400: No such place" in council.store.outbox.failing()[0].error


def test_what_is_given_up_stays_until_staff_send_it_again(
    opened: Opened, office: BackOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapsvc.services.outbox.sender.MOST_ATTEMPTS", 1)
    council = opened(north=office)
    report(council, "north")
    office.plan = itertools.chain(["500"], itertools.repeat(""))

    stopped = send_once(council)
    assert stopped.state == STOPPED
    council.store.outbox.send_again(stopped.id, NOW)

    assert send_once(council).state == SENT


# What is sent


def test_an_issue_carries_its_text_place_and_our_reference(
    opened: Opened, office: BackOffice
) -> None:
    council = opened(north=office)
    issue = report(council, "north", text="<b>&${x}")
    parcel = send_once(council)
    [form] = office.got.values()

    assert form["description"].startswith("<b>&${x}\n\nWhere: by the stop")
    assert form["description"].endswith(f"Our reference: {issue.reference}")
    assert (form["service_code"], form["api_key"]) == ("other", "key")
    assert (parcel.external, parcel.state) == ("1", SENT)


def test_a_mailbox_gets_the_issue_as_plain_text(opened: Opened, mail_server: MailServer) -> None:
    council = opened(mail_server.url)
    issue = report(council, MAILBOX, text="Knee-high\nBcc: x@evil.example")
    send_once(council)
    [letter] = mail_server.got

    assert letter["To"] == "grounds@example.gov.uk"
    assert letter["Bcc"] is None
    assert letter.get_content_type() == "text/plain"
    assert issue.reference in str(letter["Subject"])
    assert "Knee-high" in str(letter.get_payload(decode=True))


def test_a_mailbox_that_does_not_exist_is_seen_by_staff(
    opened: Opened, mail_server: MailServer
) -> None:
    council = opened(mail_server.url)
    report(council, MAILBOX)
    mail_server.plan = itertools.repeat("refuse")
    send_once(council)

    assert "550 no such mailbox" in council.store.outbox.failing()[0].error


def test_without_a_mail_server_mail_waits(opened: Opened) -> None:
    council = opened()
    report(council, MAILBOX)

    assert "No mail server is set up" in send_once(council).error
    assert council.store.outbox.numbers() == {WAITING: 1}


def test_handing_over_goes_to_a_listed_body_once(opened: Opened, office: BackOffice) -> None:
    council = opened(north=office)
    issue = report(council)
    for _ in range(2):
        hand_over(council, issue, "north", by="ann", at=NOW)
    send_once(council)

    assert office.references() == [issue.reference]
    with pytest.raises(NotFound, match=r'no back office or mailbox "east"'):
        hand_over(council, issue, "east", by="ann", at=NOW)


# What comes back


def sent(council: Council) -> Issue:
    issue = report(council, "north")
    send_once(council)
    return issue


def test_an_update_moves_the_issue_once_and_closed_alone_never_reads_as_fixed(
    opened: Opened, office: BackOffice
) -> None:
    council = opened(north=office)
    first, second = sent(council), sent(council)
    office.updates = [
        {
            "update_id": "7",
            "service_request_id": "1",
            "status": "fixed",
            "description": "Cut today.",
        }
    ]
    office.statuses["2"] = "closed", "Out of season"

    for _ in range(2):
        pull_all(council, NOW)

    found = [council.store.issues.get(one.id).state for one in (first, second)]
    assert found == [State.FIXED, State.OPEN]
    sentences = [
        [event.sentence for event in council.store.issues.events_of(one.id) if event.sentence]
        for one in (first, second)
    ]
    assert sentences == [["Cut today."], ["Out of season"]]
    assert any("service_request_id=1%2C2" in call for call in office.calls)


def test_where_two_bodies_have_it_neither_closes_it_for_the_other(
    opened: Opened, office: BackOffice
) -> None:
    with running_back_office() as other:
        council = opened(north=office, south=other)
        issue = report(council, "north", "south")
        send_once(council)
        other.updates = [
            {"update_id": "1", "service_request_id": "1", "status": "fixed", "description": "Done"}
        ]
        pull_all(council, NOW)

    assert council.store.issues.get(issue.id).state is State.OPEN
    kept = {p.message.recipient: p.message.payload for p in council.store.outbox.of_issue(issue.id)}
    assert kept["south"]["status"] == "fixed"
    assert kept["north"] == {}


def test_a_body_without_updates_or_without_an_answer_keeps_no_other_waiting(
    opened: Opened, office: BackOffice
) -> None:
    with running_back_office() as gone:
        council = opened(away=gone, north=office)
        report(council, "away", "north")
        send_once(council)
    office.offers_updates = False
    office.statuses["1"] = "closed", ""

    pull_all(council, NOW)

    [issue] = council.store.issues.page()
    assert council.store.issues.events_of(issue.id)[-1].sentence == "north has closed this."


# Where calls may go


def test_a_name_of_a_private_address_is_not_called(opened: Opened) -> None:
    council = opened(north="http://127.0.0.1:9/")
    office = council.back_offices["north"]
    public = type(office)(office.name, office.endpoint, office.api_key)

    for host in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "0.0.0.0"):
        with pytest.raises(NotReached, match="private network"):
            checked_addresses(public, host, 443)
    assert checked_addresses(public, "8.8.8.8", 443) == ["8.8.8.8"]
    assert checked_addresses(office, "127.0.0.1", 443) == ["127.0.0.1"]


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and a certificate for a host's name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(*pem, serialization.NoEncryption()) + made.public_bytes(pem[0])
    )
    return file


@pytest.mark.parametrize(
    ("name", "is_trusted", "state"),
    [("localhost", True, SENT), ("localhost", False, WAITING), ("other.example", True, WAITING)],
)
def test_an_encrypted_line_needs_a_certificate_of_the_name_that_is_called(
    opened: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_trusted: bool,
    state: str,
) -> None:
    file = certificate(tmp_path, name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with running_back_office(context=context) as encrypted:
        council = opened(north=f"https://localhost:{encrypted.port}/open311/v2/")
        issue = report(council, "north")
        parcel = send_once(council)

    assert parcel.state == state
    assert encrypted.references() == ([issue.reference] if state == SENT else [])
    assert ("certificate verify failed" in parcel.error) is (state != SENT)


def test_a_redirect_is_not_followed(opened: Opened, office: BackOffice) -> None:
    council = opened(north=office)
    report(council, "north")
    office.plan = itertools.repeat("redirect")

    assert "answered with 302" in send_once(council).error
    assert [call for call in office.calls if "elsewhere" in call] == []


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("north,http://example.gov.uk/,k,,\n", "does not begin with https://"),
        ("north,http://127.0.0.1:9/,k,,\n", "does not begin with https://"),
        ("north,ftp://example.gov.uk/,k,,\n", "does not begin with https://"),
        ("a b,https://example.gov.uk/,k,,\n", "its name needs letters"),
        ("north,https://example.gov.uk/,k,,maybe\n", "yes or no under private"),
    ],
)
def test_a_back_office_that_cannot_be_used_is_named(
    tmp_path: Path, rows: str, sentence: str
) -> None:
    file = tmp_path / "offices.csv"
    file.write_text(HEADINGS + rows)

    with pytest.raises(SettingError, match=f"Row 2 .*{sentence}"):
        read_back_offices(Settings(back_offices=file))


def test_a_category_names_its_recipients_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "categories.csv"
    head = "code,name,help,urgent,about_cutting,recipient\n"
    file.write_text(f"{head}a,A,,,,mailto:a@example.gov.uk; east\n")
    settings = Settings(data=tmp_path, categories=file)

    assert recipients(read_categories(settings)[0]) == ("mailto:a@example.gov.uk", "east")
    with pytest.raises(SettingError, match='"a" goes to "east", which MAPSVC_BACK_OFFICES does'):
        open_council(tmp_path, categories=file)


@pytest.mark.parametrize(
    "text", ["http://host", "smtp://user@host", "smtp://", "smtp://host:25\r\nx", "smtp://a b"]
)
def test_a_mail_server_that_cannot_be_one_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingError, match="MAPSVC_SMTP_URL cannot be used") as refusal:
        Settings.from_environment({"MAPSVC_SMTP_URL": text})
    assert "host" not in str(refusal.value).replace("@host:587", "")


# Forgetting


def subscriber(email: str, n: int) -> Subscriber:
    return Subscriber(email, f"t{n}", f"c{n}", NOW + timedelta(hours=48), f"e{n}")


def test_an_address_is_erased_wherever_it_stands(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = opened()
    draft = IssueDraft("other", "Write to Ann@Example.com, please", "1")
    issue = council.store.issues.add(draft, NOW, (), subscriber("ann@example.com", 1))
    council.store.issues.change(issue.id, "noted", by="x", at=NOW, note="ann@example.com rang")
    monkeypatch.setenv("MAPSVC_DATA", str(council.settings.data))
    assert "Ann@" in council.moment.issues.by_id[issue.id].text  # as a server keeps it

    said = CliRunner().invoke(main, ["erase", "ANN@example.com"]).output

    assert "Erased in 3 places" in said
    assert council.store.subscriptions.to_end("e1") is None
    assert council.store.issues.get(issue.id).text == "Write to [erased], please"
    noted, erased = council.store.issues.events_of(issue.id)[-2:]
    assert (noted.note, erased.kind) == ("[erased] rang", "address erased")
    assert council.moment.issues.by_id[issue.id].text == "Write to [erased], please"
    send_once(council)
    assert council.store.outbox.numbers() == {SENT: 1}


def test_people_are_forgotten_a_year_after_the_end(opened: Opened) -> None:
    council = opened()
    for n, days in enumerate((300, 400)):
        at = NOW - timedelta(days=days)
        draft = IssueDraft("other", f"From Ann {n}", "1")
        issue = council.store.issues.add(draft, at, (), subscriber("a@b.example", n))
        number = council.store.subscriptions.to_end(f"e{n}")
        assert number is not None
        council.store.subscriptions.confirm(number.id, at)
        council.store.issues.move(issue.id, State.NO_ACTION, by="x", at=at)

    erase_closed(council, NOW)

    assert council.store.subscriptions.to_end("e0") is not None
    assert council.store.subscriptions.to_end("e1") is None
    assert sorted(one.text for one in council.store.issues.page()) == ["", "From Ann 0"]
