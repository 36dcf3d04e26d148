"""Staff see every message that did not arrive, with its last error, and can send it again."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mapsvc.domain.issues import Issue
from mapsvc.services.state.back_offices import message_to
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.outbox import STOPPED, WAITING, OutgoingMessage
from mapsvc.store.subscriptions import MAIL, NEWS
from tests.support.staff import signed_in

AT = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)


@pytest.fixture
def issue(council: Council) -> Issue:
    """An issue of which nothing has arrived: one message waits, one is given up."""
    draft = IssueDraft("other", "x", "10000002")
    news = OutgoingMessage(NEWS, MAIL, draft.reference, {"subscription": 1, "event": 1})
    to_north = message_to("mailto:north@example.gov.uk", draft.reference)
    made = council.store.issues.add(draft, AT, [to_north, news])
    for again_at in (AT + timedelta(minutes=1), None):
        parcel = council.store.outbox.lease("w", AT, AT + timedelta(minutes=2))
        assert parcel is not None
        council.store.outbox.note_failure(parcel, "<b>It said 500</b>", again_at, None)
    return made


def test_a_message_that_did_not_arrive_is_shown_with_its_last_error(
    app: Flask, issue: Issue
) -> None:
    text = signed_in(app, "viewer").get("/staff/messages").text

    assert "&lt;b&gt;It said 500&lt;/b&gt;" in text
    assert "north@example.gov.uk" in text
    assert "We try again at 10:01 on Wednesday 17 June 2026" in text
    assert "Somebody who asked for news" in text
    assert "Given up: it is not tried again by itself." in text
    assert issue.reference in text
    assert "Send again" not in text  # a viewer changes nothing


def test_staff_send_it_again(app: Flask, council: Council, issue: Issue) -> None:
    editor = signed_in(app, "editor")
    editor.get("/staff/messages")
    [stopped] = council.store.outbox.page(STOPPED)

    editor.post(f"/staff/messages/{stopped.id}")

    assert council.store.outbox.numbers() == {WAITING: 2}
    [again] = [one for one in council.store.outbox.page() if one.id == stopped.id]
    assert again.run_after <= council.now()


def test_a_crew_does_not_see_messages(app: Flask, issue: Issue) -> None:
    assert signed_in(app, "crew").get("/staff/messages").status_code == 403
    assert signed_in(app, "viewer").post("/staff/messages/1").status_code == 403


def test_the_issue_says_where_it_was_passed_on_to(app: Flask, issue: Issue) -> None:
    page = signed_in(app, "viewer").get(f"/staff/issues/{issue.id}").text

    assert "north@example.gov.uk: not arrived yet" in page
    assert "Somebody who asked" not in page
