"""One report on its way: resident, staff, back office, fixed, and the mail that says so."""

import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

from mapsvc.domain.issues import State
from mapsvc.services.outbox.sender import Sender, pull_all
from mapsvc.store.issues import IssueDraft
from tests.support.outside_servers import running_back_office, running_mail_server
from tests.support.staff import signed_in
from tests.support.web_council import make_app

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
REPORT = "/streets/10000002/report"
HEADINGS = "name,endpoint,api_key,jurisdiction,private\n"


def test_a_report_goes_to_the_back_office_and_its_end_comes_back_to_the_resident(
    tmp_path: Path,
) -> None:
    with running_back_office() as office, running_mail_server() as mail_server:
        file = tmp_path / "offices.csv"
        file.write_text(f"{HEADINGS}north,{office.endpoint},key,,yes\n")
        app = make_app(
            tmp_path,
            back_offices=file,
            insecure_loopback=True,
            smtp_url=mail_server.url,
            mail_from="grass@example.gov.uk",
        )
        council, resident = app.extensions["council"], app.test_client()
        times = [NOW]
        council.now = lambda: times[0]
        sender = Sender(council)

        form = resident.get(f"{REPORT}?category=other&go=1").text
        ticket = re.search(r'name="ticket" value="([^"]+)"', form)
        assert ticket is not None
        times[0] += timedelta(minutes=1)
        said = {"category": "other", "text": "Up to my knees", "email": "ann@example.com"}
        page = resident.post(REPORT, data={**said, "ticket": ticket[1]}).headers["Location"]
        [issue] = council.store.issues.open()

        sender.run_due()
        confirm = re.search(r"/news/confirm/\S+", _text(mail_server.got[0]))
        assert confirm is not None
        resident.post(confirm[0])

        editor = signed_in(app, "editor")
        assert "Up to my knees" in editor.get(f"/staff/issues/{issue.id}").text
        data = {"action": "pass on", "recipient": "north"}
        editor.post(f"/staff/issues/{issue.id}", data)
        sender.run_due()
        assert office.references() == [issue.reference]
        assert "north: number 1, sent on" in editor.get(f"/staff/issues/{issue.id}").text

        done = {"update_id": "1", "service_request_id": "1", "status": "fixed"}
        office.updates = [{**done, "description": "Our crew cut it today."}]
        pull_all(council, times[0])
        sender.run_due()

    assert council.store.issues.get(issue.id).state is State.FIXED
    assert "Our crew cut it today." in resident.get(page).text
    assert [str(letter["Subject"]) for letter in mail_server.got] == [
        f"{issue.reference}: do you want news of your report?",
        f"{issue.reference}: fixed",
    ]
    assert "Our crew cut it today." in _text(mail_server.got[1])
    kinds = [event.kind for event in council.store.issues.events_of(issue.id)]
    assert kinds == ["reported", "handed over", "moved"]


def test_an_issue_is_passed_on_to_listed_places_only(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    council = app.extensions["council"]
    issue = council.store.issues.add(IssueDraft("other", "x", "10000002"), NOW)
    editor = signed_in(app, "editor")
    assert "Pass it on" not in editor.get(f"/staff/issues/{issue.id}").text
    data = {"action": "pass on", "recipient": "mailto:x@evil.example"}

    answer = editor.post(f"/staff/issues/{issue.id}", data)

    assert answer.status_code == 422
    assert "There is no back office or mailbox" in answer.text
    assert council.store.outbox.page() == []


def _text(letter: Message) -> str:
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
