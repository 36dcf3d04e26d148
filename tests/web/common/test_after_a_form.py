"""After a form that did something comes a page that can be reloaded, and left by going back.

Every route that takes a form is walked; a new one must be added here.
"""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from mapsvc.domain.events import Notice
from mapsvc.services.accounts import people
from mapsvc.services.issues import form_tokens
from mapsvc.services.schedules import reasons
from mapsvc.services.state.back_offices import message_to
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from tests.support.councils import mark, publish_text
from tests.support.staff import PASSWORD, SEAL, StaffBrowser, add_account, at_work
from tests.support.staff_uploads import send
from tests.support.web_council import SCHEDULE, council_of

ADMIN = "admin@example.gov.uk"
AT = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
KEY = "a-key-of-a-form"
MOVED = SCHEDULE.replace("2026-07-06", "2026-07-07")
ASKED = MOVED.replace("2026-05-18,2026-05-22", "See the notice board,")
"""Whether residents may read that text in place of dates is asked before it is published."""
REPORT = "/streets/10000002/report"

FOR_PROGRAMS = {"open311.submit"}
"""It answers as its specification says, and no browser sends it."""
ONE_REQUEST = {"staff.settle_issue", "staff.mark_round", "staff.change_mark"}
"""A crew's tap is answered with the page itself, which a slow line brings sooner than two."""
NEED_MAIL = {"news.confirm", "news.end"}
"""Walked by tests/services/issues/test_news.py, where mail is sent."""


def _events(council: Council) -> list[Any]:
    return council.store.live.events_after(0)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def new_notice(staff: StaffBrowser, council: Council) -> TestResponse:
    form = {"text": "The fair is on.", "area": "all", "step": "confirm"}
    return staff.post("/staff/notices", form)


def remove_notice(staff: StaffBrowser, council: Council) -> TestResponse:
    council.store.live.add_notice(Notice("Fair.", "all"), by="tests", at=AT)
    return staff.post(f"/staff/notices/{next(iter(council.store.live.notices_by_id()))}")


def send_again(staff: StaffBrowser, council: Council) -> TestResponse:
    draft = IssueDraft("other", "x", "10000002")
    council.store.issues.add(draft, AT, [message_to("mailto:n@example.org", draft.reference)])
    [parcel] = council.store.outbox.page()
    return staff.post(f"/staff/messages/{parcel.id}")


def mark_many(staff: StaffBrowser, council: Council) -> TestResponse:
    form = {"key": KEY, "pick": "2026-2:R1", "kind": "done", "status": "due"}
    return staff.post("/staff/progress", form)


def send_files(staff: StaffBrowser, council: Council) -> TestResponse:
    staff.get("/staff/uploads")
    seal = SEAL.search(staff.page)
    assert seal is not None
    files = FileStorage(io.BytesIO(MOVED.encode()), filename="cuts.csv")
    boundary, body = encode_multipart({"seal": seal[1], "kind": "schedule", "files": files})
    kind = f"multipart/form-data; boundary={boundary}"
    return staff.client.post("/staff/uploads", data=body, content_type=kind)


def check_upload_again(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.post(f"{send(staff, MOVED)}/check")


def publish_upload(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.post(f"{send(staff, MOVED)}/publish", {"all-marks": "keep", "accept": "yes"})


def answer_questions(staff: StaffBrowser, council: Council) -> TestResponse:
    address = send(staff, ASKED)
    staff.get(address)
    question = re.search(r'name="(reason-\w+)"', staff.page)
    assert question is not None
    return staff.post(f"{address}/answers", {question[1]: "as-written"})


def withdraw_reason(staff: StaffBrowser, council: Council) -> TestResponse:
    reasons.confirm_reasons(council, ["See the notice board"], by="tests", at=AT)
    [reason] = council.store.reasons.all()
    return staff.post(f"/staff/reasons/{reason.id}")


def drop_upload(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.post(f"{send(staff, MOVED)}/drop")


def leave_long(staff: StaffBrowser, council: Council) -> TestResponse:
    form = {
        "target": "kind:urban",
        "starts": "2026-07-01",
        "ends": "2026-07-03",
        "own_reason": "so that daisies can seed",
    }
    page = staff.get("/staff/left-long/check", query_string=form).text
    form = {**form, "seen": _hidden(page, "seen"), "step": "confirm"}
    return staff.post("/staff/left-long", form)


def put_back(staff: StaffBrowser, council: Council) -> TestResponse:
    before = council.store.editions.history("schedule")[0]
    publish_text(council, council.settings.data, "schedule", MOVED)
    return staff.post(f"/staff/editions/{before.number}/put-back")


def pause(staff: StaffBrowser, council: Council) -> TestResponse:
    form = {"target": "round:R1", "own_reason": "the ground is wet", "key": KEY}
    return staff.post("/staff/pauses", {**form, "step": "confirm"})


def end_pause(staff: StaffBrowser, council: Council) -> TestResponse:
    event = mark(council, "all", "suspended", "2026-06-15", reason="the ground is wet")
    page = staff.get(f"/staff/pauses/{event}").text
    form = {"choice": "keep", "key": KEY, "seen": _hidden(page, "seen")}
    return staff.post(f"/staff/pauses/{event}", form)


def change_issue(staff: StaffBrowser, council: Council) -> TestResponse:
    issue = council.store.issues.add(IssueDraft("other", "x", "10000002"), AT)
    form = {"action": "answer", "sentence": "We look tomorrow."}
    return staff.post(f"/staff/issues/{issue.id}", form)


def add_person(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.post("/staff/accounts", {"name": "bob", "role": "viewer"})


def change_person(staff: StaffBrowser, council: Council) -> TestResponse:
    add_account(council, "bob", "viewer")
    return staff.post("/staff/accounts/bob", {"action": "disable"})


def sign_in(staff: StaffBrowser, council: Council) -> TestResponse:
    add_account(council, "bob", "viewer")
    return staff.post("/staff/sign-in", {"name": "bob", "password": PASSWORD})


def change_pause(staff: StaffBrowser, council: Council) -> TestResponse:
    event = mark(council, "all", "suspended", "2026-06-15", reason="the ground is wet")
    address = f"/staff/pauses/{event}/change"
    staff.get(address)
    form = {"reason": "the river is high", "until": "", "step": "confirm"}
    return staff.post(address, form)


def sign_out(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.post("/staff/sign-out")


def set_password(staff: StaffBrowser, council: Council) -> TestResponse:
    add_account(council, "bob", "viewer")
    token = people.password_link(council, "bob", datetime.now(UTC))
    return staff.post(f"/staff/password/{token}", {"password": PASSWORD, "again": PASSWORD})


def _ticket(council: Council, subject: str = "10000002") -> str:
    before = council.now() - timedelta(minutes=1)
    return form_tokens.ticket(council.secret_key("tickets"), subject, before)


def send_report(staff: StaffBrowser, council: Council) -> TestResponse:
    form = {"category": "other", "text": "Up to my knees", "ticket": _ticket(council)}
    return staff.client.post(REPORT, data=form)


def join(staff: StaffBrowser, council: Council) -> TestResponse:
    issue = council.store.issues.add(IssueDraft("other", "x", "10000002"), AT)
    form = {"issue": issue.reference, "ticket": _ticket(council)}
    return staff.client.post(f"{REPORT}/join", data=form)


def answered(staff: StaffBrowser, council: Council) -> TestResponse:
    return staff.client.post(f"{REPORT}/answered", data={"ticket": _ticket(council)})


def ask_for_news(staff: StaffBrowser, council: Council) -> TestResponse:
    reference = council.store.issues.add(IssueDraft("other", "x", "10000002"), AT).reference
    form = {"email": "ann@example.com", "ticket": _ticket(council, reference)}
    return staff.client.post(f"/issues/{reference}/news", data=form)


Sent = Callable[[StaffBrowser, Council], TestResponse]
FORMS: dict[str, list[Sent]] = {
    "reports.answered": [answered],
    "reports.ask_for_news": [ask_for_news],
    "reports.join": [join],
    "reports.send_report": [send_report],
    "staff.add_person": [add_person],
    "staff.answer_questions": [answer_questions],
    "staff.change": [change_pause],
    "staff.change_issue": [change_issue],
    "staff.change_person": [change_person],
    "staff.check_upload_again": [check_upload_again],
    "staff.drop_upload": [drop_upload],
    "staff.end_pause": [end_pause],
    "staff.leave_long": [leave_long],
    "staff.mark_many": [mark_many],
    "staff.new_notice": [new_notice],
    "staff.pause": [pause],
    "staff.publish_upload": [publish_upload],
    "staff.put_back": [put_back],
    "staff.remove_notice": [remove_notice],
    "staff.send_again": [send_again],
    "staff.send_files": [send_files],
    "staff.set_password": [set_password],
    "staff.sign_in": [sign_in],
    "staff.sign_out": [sign_out],
    "staff.withdraw_reason": [withdraw_reason],
}


def test_every_form_is_walked(app: Flask) -> None:
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert posts - FOR_PROGRAMS - ONE_REQUEST - NEED_MAIL == FORMS.keys()


@pytest.mark.parametrize("sent", [one for many in FORMS.values() for one in many])
def test_what_was_done_is_seen_on_a_page_of_its_own(app: Flask, sent: Sent) -> None:
    staff = at_work(app, "admin")

    answer = sent(staff, council_of(app))

    assert answer.status_code == 303, answer.text
    seen = [staff.client.get(answer.location, follow_redirects=True) for _ in range(2)]
    assert [page.status_code for page in seen] == [200, 200]


# What is said on that page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (
            put_back,
            (
                "of the schedule of grass cutting for 2026 is published again. Residents read it "
                "now."
            ),
        ),
        (pause, "Paused: the round R1. Residents read it now."),
        (end_pause, "The pause of everything is over. Residents read it now."),
        (change_pause, "Changed: the pause of everything."),
        (new_notice, "Residents read the notice now."),
        (remove_notice, "The notice is removed. Residents no longer read it."),
        (leave_long, "Published. Residents read it now. The edition before can be put back."),
        (mark_many, "Done: 1 round."),
        (change_person, "bob is disabled and signed out."),
        (set_password, "The password of bob is set."),
        (drop_upload, "The file is forgotten. Nothing that is published has changed."),
        (send_again, "The message is tried again now."),
        (withdraw_reason, "The reason is withdrawn. Residents no longer read it."),
    ],
)
def test_the_page_says_once_what_was_done(app: Flask, sent: Sent, words: str) -> None:
    staff = at_work(app, "admin")
    answer = sent(staff, council_of(app))

    page = staff.client.get(answer.location, follow_redirects=True).text
    again = staff.client.get(answer.location, follow_redirects=True).text

    assert words in page
    assert words not in again


def test_a_one_use_link_is_shown_once_and_to_who_asked_for_it(app: Flask) -> None:
    staff = at_work(app, "admin")
    answer = add_person(staff, council_of(app))
    cookie = staff.client.get_cookie("mapsvc-note")
    other = at_work(app, "editor")
    assert cookie is not None
    other.client.set_cookie("mapsvc-note", cookie.value)

    assert "/staff/password/" not in answer.location
    assert "/staff/password/" not in other.get("/staff").text
    assert "/staff/password/" in staff.get(answer.location).text
    assert "/staff/password/" not in staff.get(answer.location).text


@pytest.mark.parametrize("cookie", ["x", "", "a.b.c", "W10.aaaa.bbbb", "é", "x" * 3000])
def test_a_forged_note_says_nothing(app: Flask, cookie: str) -> None:
    staff = at_work(app, "viewer")
    staff.client.set_cookie("mapsvc-note", cookie)

    answer = staff.get("/staff")

    assert answer.status_code == 200
    assert "govuk-notification-banner" not in answer.text


def test_who_sets_their_own_password_while_signed_in_reads_that_it_is_set(app: Flask) -> None:
    staff = at_work(app, "viewer")
    token = people.password_link(council_of(app), "viewer@example.gov.uk", datetime.now(UTC))

    answer = staff.post(f"/staff/password/{token}", {"password": PASSWORD, "again": PASSWORD})

    assert "The password of viewer@example.gov.uk is set." in staff.get(answer.location).text


def test_what_changed_nothing_is_not_called_done(app: Flask) -> None:
    staff = at_work(app, "admin")
    event = mark(council_of(app), "all", "suspended", "2026-06-15", reason="the ground is wet")
    page = staff.get(f"/staff/pauses/{event}").text
    form = {"choice": "keep", "key": KEY, "seen": _hidden(page, "seen")}

    first, second = (staff.post(f"/staff/pauses/{event}", form).location for _ in range(2))

    assert first == second
    said = staff.get(second).text
    assert "This pause was over already." in said
    assert "Nothing changed" in said


def test_staff_read_that_what_was_published_last_could_not_be_read(app: Flask) -> None:
    staff = at_work(app, "viewer")
    council_of(app).is_behind = True

    assert "What was published last could not be read." in staff.get("/staff").text
    degraded = app.test_client().get("/readyz").json["degraded"]
    assert degraded == ["what was published last could not be read"]
