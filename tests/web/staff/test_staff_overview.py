"""The office: all rounds in a table, many marked at once, what is late, what is left long."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mapsvc.config import Settings
from mapsvc.services.accounts import people
from tests.support.councils import mark, publish_text
from tests.support.postgis import free_port
from tests.support.staff import SEAL, StaffBrowser, at_work
from tests.support.web_council import SCHEDULE, council_of, make_web_council

HERE = "/staff/progress"
LONG = "/staff/left-long"
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def editor(app: Flask) -> StaffBrowser:
    return at_work(app, "editor")


def events(app: Flask) -> list[Any]:
    return council_of(app).store.live.events_after(0)


def picked(editor: StaffBrowser, *rounds: str, **more: Any) -> dict[str, Any]:
    """The form of the table with these rounds ticked, as the page gives them now."""
    page = editor.get(HERE).text
    key, picks = KEY.search(page), re.findall(r'name="pick" value="([^"]+)"', page)
    assert key is not None
    return {"key": key[1], "pick": [p for p in picks if p.partition(":")[2] in rounds], **more}


def shown(page: str) -> list[str]:
    return re.findall(r'href="/staff/rounds/(\w+)">', page)


def sentence(app: Flask, street: str) -> str:
    said: str = app.test_client().get(f"/api/streets/{street}").json["groups"][0]["sentence"]
    return said


# The table


def test_the_table_says_how_each_round_stands(app: Flask, editor: StaffBrowser) -> None:
    page = editor.get(HERE).text

    assert shown(page) == ["R1", "R2", "R3", "R4", "R5"]
    assert "2: 8 June to 12 June 2026" in page
    assert "1 of 3" in page
    assert "Done on Wednesday 10 June" in page


@pytest.mark.parametrize(
    ("query", "rounds"),
    [
        ("status=routine", ["R3"]),
        ("place=Great+Example", ["R1", "R2", "R4", "R5"]),
        ("kind_of_grass=wildflower", ["R4"]),
        ("service=grass+cutting&kind_of_grass=rural", ["R3"]),
        ("service=sweeping", []),
    ],
)
def test_the_table_is_filtered(editor: StaffBrowser, query: str, rounds: list[str]) -> None:
    assert shown(editor.get(f"{HERE}?{query}").text) == rounds


def test_many_rounds_are_marked_in_one_go(app: Flask, editor: StaffBrowser) -> None:
    form = picked(editor, "R1", "R2", "R3", kind="done", on="2026-06-16")

    response = editor.tap(HERE, form)

    assert "Done: 3 rounds." in response.text
    assert [str(e.target) for e in events(app)[-3:]] == ["round:R1", "round:R2", "round:R3"]
    assert "marked this grass as cut on Tuesday 16 June" in sentence(app, "10000005")


def test_paused_rounds_among_many_are_asked_about_and_marked_street_by_street(
    app: Flask, editor: StaffBrowser
) -> None:
    mark(council_of(app), "round:R1", "suspended", "2026-06-05", reason="the ground is waterlogged")
    before = len(events(app))
    form = picked(editor, "R1", "R3", kind="done")

    asked = editor.tap(HERE, form).text
    nothing = len(events(app))
    response = editor.tap(HERE, {**form, "sure": "streets"})

    assert "All of this round is paused. Is the pause over?" in asked
    assert nothing == before
    said = "1 of them is paused, so residents go on reading that until the pause ends."
    assert said in response.text
    targets = [str(event.target) for event in events(app)[before:]]
    assert targets[-1] == "round:R3"
    assert "round:R1" not in targets


def test_marking_many_twice_counts_once(app: Flask, editor: StaffBrowser) -> None:
    form = picked(editor, "R1", "R2", kind="started")
    before = len(events(app))

    editor.tap(HERE, form)
    editor.tap(HERE, form)

    assert len(events(app)) == before + 2


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "done"}, "Choose the rounds that you mean."),
        ({"pick": "2026-2:R1"}, "Choose what happened."),
        ({"pick": "2026-2:R1", "kind": "part_done"}, "Choose what happened."),
        ({"pick": "2026-2:R1", "kind": "missed"}, "Choose a reason from the list."),
        ({"pick": "2026-2:R1", "kind": "done", "on": "2026-06-18"}, "is still to come"),
        ({"pick": "x:R1", "kind": "done"}, "Choose a cut from the list."),
    ],
)
def test_what_cannot_be_marked_is_said(
    app: Flask, editor: StaffBrowser, form: dict[str, str], sentence: str
) -> None:
    key, before = picked(editor)["key"], events(app)

    response = editor.tap(HERE, {"key": key, **form})

    assert response.status_code == 422
    assert sentence in response.text
    assert events(app) == before


def test_one_round_that_cannot_be_marked_leaves_all_as_they_were(
    app: Flask, editor: StaffBrowser
) -> None:
    form, before = picked(editor, "R1", kind="done"), events(app)
    form["pick"] = [*form["pick"], "2026-1:GONE"]

    response = editor.tap(HERE, form)

    assert response.status_code == 409
    assert events(app) == before


def test_a_viewer_looks_and_marks_nothing_and_a_crew_has_its_own_pages(app: Flask) -> None:
    viewer, crew = at_work(app, "viewer"), at_work(app, "crew", ("R1",))
    before = events(app)

    assert "Mark the ticked rounds" not in viewer.get(HERE).text
    form = {"pick": "2026-2:R1", "kind": "done"}
    assert viewer.post(HERE, form).status_code == 403
    assert crew.get(HERE).status_code == 403
    assert crew.post(HERE, form).status_code == 403
    assert events(app) == before


# Late and quiet


def test_what_is_late_is_listed_and_staff_are_warned(app: Flask, editor: StaffBrowser) -> None:
    council = council_of(app)
    object.__setattr__(council.settings, "today", date(2026, 6, 22))

    page = editor.get("/staff/late").text

    assert "Running late" in page
    assert ">R1</a>: 1 street, last mark on Wednesday 10 June" in page
    assert "1 round has grass running late." in editor.get("/staff").text


def test_what_is_paused_is_said_to_be_left_out_of_what_is_late(
    app: Flask, editor: StaffBrowser
) -> None:
    council = council_of(app)
    object.__setattr__(council.settings, "today", date(2026, 6, 22))
    mark(council, "all", "suspended", "2026-06-21", reason="the ground is waterlogged")

    page = editor.get("/staff/late").text

    assert "Grass that is paused is not late and is not counted here." in page
    assert "Nothing else is late" in page


def test_a_round_without_marks_has_gone_quiet_while_others_are_heard(
    app: Flask, editor: StaffBrowser
) -> None:
    council = council_of(app)
    object.__setattr__(council.settings, "today", date(2026, 7, 2))
    mark(council, "round:R2", "done", "2026-07-01", cut=1)

    page = editor.get("/staff/late").text

    assert "No marks for ten working days" in page
    assert re.search(r"No marks for.*>R1</a>", page, re.S)
    assert "Nothing was recorded for grass cutting" not in page


def test_a_service_nobody_hears_of_is_said_first(app: Flask, editor: StaffBrowser) -> None:
    object.__setattr__(council_of(app).settings, "today", date(2026, 7, 2))

    said = "Nothing was recorded for grass cutting for ten working days."
    assert said in editor.get("/staff").text
    assert "Nothing was recorded for grass cutting" in editor.get("/staff/late").text
    assert "cannot show whether" in sentence(app, "10000002")


# Left long


def confirmed(editor: StaffBrowser, **form: Any) -> Any:
    editor.get(LONG)
    page = editor.get(f"{LONG}/check", query_string=form).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    editor.page = page
    return editor.post(LONG, {**form, "seen": seen[1] if seen else "", "step": "confirm"})


MAY = {"starts": "2026-06-15", "ends": "2026-07-12", "reason": "so wild flowers can seed"}


def test_grass_is_left_long_by_class_in_one_new_edition(app: Flask, editor: StaffBrowser) -> None:
    editor.get(LONG)
    page = editor.get(f"{LONG}/check", query_string={"target": "kind:urban", **MAY}).text
    said = "We are leaving this grass to grow until Sunday 12 July so wild flowers can seed."
    assert said in page
    assert "2 planned cuts fall into these days and will not be made." in page
    assert said not in sentence(app, "10000003")

    confirmed(editor, target="kind:urban", **MAY)

    assert said in sentence(app, "10000003")
    assert "We usually cut this grass" in sentence(app, "10000005")
    schedules = council_of(app).store.editions.history("schedule")
    assert [edition.base for edition in schedules] == [schedules[1].number, None]


def test_grass_is_no_longer_left_long(app: Flask, editor: StaffBrowser) -> None:
    assert "leaving this grass to grow" in sentence(app, "10000007")

    confirmed(editor, target="place:Great Example", what="end")

    assert "leaving this grass to grow" not in sentence(app, "10000007")


def test_leaving_long_sent_twice_publishes_once(app: Flask, editor: StaffBrowser) -> None:
    editor.get(LONG)
    form = {"target": "kind:urban", **MAY}
    page = editor.get(f"{LONG}/check", query_string=form).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    for _ in range(2):
        editor.page = page
        answer = editor.post(LONG, {**form, "seen": seen[1], "step": "confirm"})
        assert answer.status_code == 303

    assert len(council_of(app).store.editions.history("schedule")) == 2


def test_a_schedule_published_in_between_refuses(
    app: Flask, editor: StaffBrowser, tmp_path: Path
) -> None:
    editor.get(LONG)
    form = {"target": "kind:urban", **MAY}
    page = editor.get(f"{LONG}/check", query_string=form).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    publish_text(council_of(app), tmp_path, "schedule", SCHEDULE)
    assert seen is not None
    editor.page = page

    response = editor.post(LONG, {**form, "seen": seen[1], "step": "confirm"})

    assert response.status_code == 409
    assert "leaving this grass" not in sentence(app, "10000003")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (MAY, "Choose the grass that you mean."),
        ({"target": "kind:moss", **MAY}, "None of the council&#39;s grass fits your choice."),
        ({"target": "kind:urban", **MAY, "starts": ""}, "Enter the first day"),
        ({"target": "kind:urban", **MAY, "ends": ""}, "Enter the last day"),
        ({"target": "kind:urban", **MAY, "ends": "2026-06-14"}, "before it begins"),
        ({"target": "kind:urban", **MAY, "ends": "2027-01-14"}, "lie within one year, 2026"),
        (
            {"target": "kind:urban", **MAY, "starts": "2026-05-01", "ends": "2026-05-31"},
            "The last day, Sunday 31 May 2026, is over.",
        ),
        ({"target": "kind:urban", **MAY, "reason": ""}, "Enter the reason"),
        (
            {"target": "kind:rural", "what": "end"},
            "None of the council&#39;s grass fits your choice.",
        ),
    ],
)
def test_weeks_that_cannot_be_are_said(
    app: Flask, editor: StaffBrowser, form: dict[str, str], sentence: str
) -> None:
    editor.get(LONG)

    response = editor.post(LONG, {**form, "step": "confirm"})

    assert response.status_code == 422
    assert sentence in response.text
    assert len(council_of(app).store.editions.history("schedule")) == 1


# Several processes


def test_a_mark_is_seen_at_once_by_every_worker(tmp_path: Path) -> None:
    council = make_web_council(tmp_path)
    now = datetime.now(UTC)
    crew = people.add_account(council, "crew", "crew", rounds=["R1"], by="tests", now=now)
    token = people.open_session(council, crew, now).token
    port = free_port()
    with _serving(council.settings, port) as address:
        form = _crew_form(f"{address}/staff/rounds/R1", token)
        _ask(f"{address}/staff/rounds/R1", token, form)

        said = [_ask(f"{address}/api/streets/10000002") for _ in range(40)]

    assert all("marked this grass as cut on Wednesday 17 June" in text for text in said)
    council.close()


class _serving:
    """`mapsvc serve` with two workers, until the block ends."""

    def __init__(self, settings: Settings, port: int) -> None:
        environment = {**os.environ, **settings.to_environment()}
        words = ["serve", "--port", str(port), "--workers", "2"]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "mapsvc", *words],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._address = f"http://127.0.0.1:{port}"

    def __enter__(self) -> str:
        for _ in range(1_800):
            try:
                _ask(f"{self._address}/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return self._address
        raise AssertionError("the server did not start within three minutes")

    def __exit__(self, *error: object) -> None:
        self._server.terminate()
        self._server.wait(30)


def _ask(address: str, token: str = "", form: bytes | None = None) -> str:
    """One request on a connection of its own, so that any worker may take it."""
    request = urllib.request.Request(address, data=form)
    if token:
        request.add_header("Cookie", f"mapsvc={token}")
    with urllib.request.urlopen(request, timeout=30) as response:
        text: str = response.read().decode()
    return text


def _crew_form(address: str, token: str) -> bytes:
    page = _ask(address, token)
    seal, key = SEAL.search(page), KEY.search(page)
    assert seal is not None
    assert key is not None
    return f"seal={seal[1]}&key={key[1]}&cut=2026-2&tap=done".encode()
