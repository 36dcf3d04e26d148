"""Notices: previewed, shown where and when they say, removed."""

from typing import Any

import pytest
from flask import Flask

from tests.support.staff import StaffBrowser, at_work

HERE = "/staff/notices"
FAIR = "We cut nothing during the fair."


@pytest.fixture
def editor(app: Flask) -> StaffBrowser:
    browser = at_work(app, "editor")
    browser.get(HERE)
    return browser


def shown(app: Flask, street: str) -> list[str]:
    notices: list[str] = app.test_client().get(f"/api/streets/{street}").json["notices"]
    return notices


def test_a_notice_is_previewed_and_then_shown(app: Flask, editor: StaffBrowser) -> None:
    form = {"text": f" {FAIR}\n", "area": "all"}

    page = editor.get(f"{HERE}/check", query_string=form)

    assert f'<p class="govuk-body">{FAIR}</p>' in page.text
    assert shown(app, "10000002") == []
    assert editor.post(HERE, {**form, "step": "confirm"}).status_code == 303
    assert shown(app, "10000002") == [FAIR]
    assert FAIR in app.test_client().get("/").text


@pytest.mark.parametrize(
    ("form", "streets"),
    [
        ({"area": "all"}, ["10000002", "10000003", "10000005"]),
        ({"area": "place:Great Example"}, ["10000002", "10000003"]),
        ({"area": "round:R2"}, ["10000002"]),
        ({"area": "all", "starts": "2026-06-18"}, []),
        ({"area": "all", "starts": "2026-06-17", "ends": "17/6/2026"}, ["10000002"]),
    ],
)
def test_a_notice_is_shown_where_and_when_it_says(
    app: Flask, editor: StaffBrowser, form: dict[str, str], streets: list[str]
) -> None:
    editor.post(HERE, {"text": FAIR, "step": "confirm", **form})

    known = ["10000002", "10000003", "10000005"] if len(streets) != 1 else ["10000002"]
    assert [street for street in known if shown(app, street)] == streets
    assert form["area"] != "round:R2" or not shown(app, "10000003")


def test_a_double_tap_adds_one_notice_and_removes_one(app: Flask, editor: StaffBrowser) -> None:
    for _ in range(2):
        editor.post(HERE, {"text": FAIR, "area": "all", "step": "confirm"})
    assert shown(app, "10000002") == [FAIR]
    number = next(iter(app.extensions["council"].store.live.notices_by_id()))

    codes = [editor.post(f"{HERE}/{number}").status_code for _ in range(2)]

    assert codes == [303, 303]
    assert shown(app, "10000002") == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": " ", "area": "all"}, "Enter what residents are to read."),
        ({"text": "x" * 301, "area": "all"}, "The notice has 301 characters. Use up to 300."),
        (
            {"text": FAIR, "area": "place:Atlantis"},
            "&#34;place:Atlantis&#34; is not in the published",
        ),
        ({"text": FAIR, "area": ""}, "Choose again."),
        (
            {"text": FAIR, "area": "all", "ends": "2026-06-16"},
            "The last day, Tuesday 16 June 2026, is over.",
        ),
        (
            {"text": FAIR, "area": "all", "starts": "2026-07-02", "ends": "2026-07-01"},
            "It ends on Wednesday 1 July 2026, before it begins.",
        ),
    ],
)
def test_a_notice_that_cannot_be_is_said(
    app: Flask, editor: StaffBrowser, form: dict[str, Any], sentence: str
) -> None:
    response = editor.post(HERE, {**form, "step": "confirm"})

    assert response.status_code == 422
    assert sentence in response.text
    assert app.extensions["council"].store.live.notices() == []


@pytest.mark.parametrize("role", ["crew", "viewer"])
def test_only_the_office_writes_notices(app: Flask, role: str) -> None:
    browser = at_work(app, role)

    form = {"text": FAIR, "area": "all", "step": "confirm"}
    assert browser.get(HERE).status_code == 403
    assert browser.post(HERE, form).status_code == 403
    assert shown(app, "10000002") == []


def test_markup_in_a_notice_is_text(app: Flask, editor: StaffBrowser) -> None:
    editor.post(HERE, {"text": "<script>alert(1)</script>", "area": "all", "step": "confirm"})

    assert "<script>alert" not in app.test_client().get("/streets/10000002").text
    assert "<script>alert" not in editor.get(HERE).text
