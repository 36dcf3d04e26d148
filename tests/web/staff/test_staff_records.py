"""The staff's pages of records: who did what, and what is done in the background."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mapsvc.services.state.council import Council
from tests.support.staff import StaffBrowser, at_work

HOUR = timedelta(hours=1)


@pytest.fixture
def viewer(app: Flask) -> StaffBrowser:
    return at_work(app, "viewer")


def test_the_list_says_who_did_what_and_is_limited_by_name_and_kind(viewer: StaffBrowser) -> None:
    assert "viewer@example.gov.uk signed in." in viewer.get("/staff/activity").text
    of_viewer = viewer.get("/staff/activity?who=VIEWER").text
    assert "1 entry<" in of_viewer
    assert "viewer@example.gov.uk signed in." in of_viewer
    marks = viewer.get("/staff/activity?kind=marks").text
    assert "marked verge V3" in marks
    assert "signed in." not in marks
    assert "Nothing fits." in viewer.get("/staff/activity?who=nobody").text


def test_days_limit_the_list_and_both_are_included(viewer: StaffBrowser) -> None:
    today = datetime.now(UTC).date()
    of_days = f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}&who=viewer"

    assert "1 entry<" in viewer.get(f"/staff/activity?{of_days}").text
    assert "Nothing fits." in viewer.get("/staff/activity?last=2001-01-01").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=tomorrow", "Enter a date, like 17/6/2026."),
        ("last=9999-12-31", "31 December 9999 lies outside these records"),
        ("first=2026-06-02&last=2026-06-01", "The last day, 1 June 2026, is before the first"),
        ("kind=murder", "&#34;murder&#34; cannot be chosen."),
        ("page=0", "&#34;0&#34; cannot be used. Enter a number from 1"),
    ],
)
def test_what_cannot_be_asked_is_said(viewer: StaffBrowser, query: str, sentence: str) -> None:
    response = viewer.get(f"/staff/activity?{query}")

    assert response.status_code == 400
    assert sentence in response.text


def test_pages_keep_what_was_asked(viewer: StaffBrowser, council: Council) -> None:
    for number in range(60):
        council.store.accounts.add(
            f"a{number}", "viewer", (), subject=None, by="R&D", at=datetime.now(UTC)
        )
    page = viewer.get("/staff/activity?who=R%26D").text

    assert "60 entries, page 1 of 2" in page
    assert 'href="/staff/activity?who=R%26D&amp;page=2"' in page
    assert "page 2 of 2" in viewer.get("/staff/activity?who=R%26D&page=7").text


def test_the_file_has_what_the_page_has_and_is_saved(viewer: StaffBrowser) -> None:
    response = viewer.get("/staff/activity.csv?who=viewer")
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))

    assert response.headers["Content-Disposition"] == "attachment; filename=activity.csv"
    assert [row[1:3] for row in rows] == [["who", "what"], ["viewer@example.gov.uk", "signed in"]]


def test_jobs_say_how_far_they_are_and_why_they_were_not_done(
    viewer: StaffBrowser, council: Council
) -> None:
    jobs, at = council.store.jobs, datetime.now(UTC)
    assert "no work in the background yet" in viewer.get("/staff/jobs").text
    jobs.add("check upload", {}, by="ann", at=at - HOUR)
    first = jobs.lease("w", at, 60)
    assert first is not None
    jobs.progress(first, 30, 12_000, "reading")
    assert "<strong>Under way</strong>, 30 of 12,000: reading" in viewer.get("/staff/jobs").text
    jobs.fail(first, "The file is <b>empty</b>.", at)
    failed = viewer.get("/staff/jobs").text
    jobs.add("tidy uploads", {}, at=at - HOUR)
    jobs.lease("w", at - HOUR, 60)

    assert "<strong>Not done</strong>. Asked for" in failed
    assert "The file is &lt;b&gt;empty&lt;/b&gt;." in failed
    assert "Stopped, to be begun again" in viewer.get("/staff/jobs").text


def test_a_crew_sees_neither(app: Flask) -> None:
    crew = at_work(app, "crew")

    for address in ("/staff/activity", "/staff/activity.csv", "/staff/jobs"):
        assert crew.get(address).status_code == 403
