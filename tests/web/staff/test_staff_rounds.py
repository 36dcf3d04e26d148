"""Crews mark their rounds: what a tap records, what residents read then, and how it is undone."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mapsvc.domain.reasons import because
from mapsvc.services.marks.crew_marks import UNDO_LASTS, reasons
from mapsvc.services.marks.round_view import work_of
from tests.support.councils import TODAY, mark, open_council, publish_text
from tests.support.staff import StaffBrowser, at_work
from tests.support.web_council import SCHEDULE, council_of

KEY = re.compile(r'name="key" value="([^"]+)"')
CUT = "2026-2"
HERE = "/staff/rounds/R1"
STREETS = ("10000002", "10000003")
"""Those of the round R1 in its third cut."""


@pytest.fixture
def crew(app: Flask) -> StaffBrowser:
    return at_work(app, "crew", ("R1", "R3"))


def form(browser: StaffBrowser, tap: str, **more: Any) -> dict[str, Any]:
    """The form of the round's page, seen now."""
    browser.get(HERE)
    key = KEY.search(browser.page)
    assert key is not None
    return {"key": key[1], "cut": CUT, "tap": tap, **more}


def events(app: Flask) -> list[Any]:
    return council_of(app).store.live.events_after(0)


def sentences(app: Flask, street: str) -> list[str]:
    """What residents read of each part of a street, without the time of the records."""
    groups = app.test_client().get(f"/api/streets/{street}").json["groups"]
    return [group["sentence"].partition(" Recorded as of")[0] for group in groups]


def pause(app: Flask, target: str, until: str | None) -> None:
    last = date.fromisoformat(until) if until else None
    reason = "the ground is waterlogged"
    mark(council_of(app), target, "suspended", "2026-06-05", reason=reason, until=last)


def text_of(page: str) -> str:
    """The words of a page, each space once."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


# Whose rounds


def test_a_crew_sees_its_own_rounds_only(app: Flask, crew: StaffBrowser) -> None:
    page = crew.get("/staff/rounds").text

    assert re.findall(r'href="/staff/rounds/(\w+)"', page) == ["R1", "R3"]
    assert crew.get("/staff/rounds/R2").status_code == 403


def test_a_crew_marks_no_other_round(app: Flask, crew: StaffBrowser) -> None:
    before = events(app)
    order = form(crew, "done", cut="2026-1")

    response = crew.tap("/staff/rounds/R2", order)

    assert response.status_code == 403
    assert "the round R2 is not yours" in response.text
    assert events(app) == before


def test_a_crew_corrects_no_mark_of_another_round(app: Flask, crew: StaffBrowser) -> None:
    other = mark(council_of(app), "verge:V2", "done", "2026-06-10", cut=1)

    assert crew.get(f"/staff/marks/{other}").status_code == 403
    assert crew.tap(f"/staff/marks/{other}", {"action": "take back"}).status_code == 403
    assert council_of(app).moment.ledger.event(other)


def test_a_viewer_marks_nothing(app: Flask) -> None:
    viewer = at_work(app, "viewer")

    assert viewer.get(HERE).status_code == 403
    assert viewer.tap(HERE, {"tap": "done", "cut": CUT}).status_code == 403


def test_a_round_that_is_gone_is_named(app: Flask) -> None:
    response = at_work(app, "crew", ("R1", "OLD")).get("/staff/rounds/OLD")

    assert response.status_code == 404
    assert "no round &#34;OLD&#34; in the published schedules" in response.text


def test_the_list_says_which_of_the_rounds_is_not_published(app: Flask) -> None:
    page = at_work(app, "crew", ("R1", "OLD")).get("/staff/rounds").text

    assert "Your round OLD is not in the published schedule" in page


# Taps


@pytest.mark.parametrize(
    ("tap", "more", "sentence"),
    [
        ("started", {}, "We started this round on Wednesday 17 June."),
        ("done", {}, "Our crew marked this grass as cut on Wednesday 17 June."),
        ("done", {"on": "2026-06-11"}, "Our crew marked this grass as cut on Thursday 11 June."),
        ("done", {"on": "11/6/2026"}, "Our crew marked this grass as cut on Thursday 11 June."),
        (
            "missed",
            {"reason": "vehicles were parked on it"},
            "We could not cut this grass on Wednesday 17 June because vehicles were parked on it.",
        ),
        (
            "delayed",
            {"reason": "a mower broke down", "expected": "2026-06-26"},
            (
                "The cut planned for Monday 8 to Friday 12 June is delayed because a mower broke "
                "down. We now expect to cut by Friday 26 June."
            ),
        ),
        (
            "delayed",
            {"reason": "a mower broke down"},
            "because a mower broke down. We do not have a new date yet.",
        ),
        (
            "streets-missed",
            {"street": "verge:V1", "street_reason": "roadworks were in the way"},
            "We could not cut this grass on Wednesday 17 June because roadworks were in the way.",
        ),
        (
            "streets-done",
            {"street": "street:10000002"},
            "Our crew marked this grass as cut on Wednesday 17 June.",
        ),
    ],
)
def test_what_a_crew_taps_residents_read_at_once(
    app: Flask, crew: StaffBrowser, tap: str, more: dict[str, str], sentence: str
) -> None:
    if more.get("street") == "verge:V1":
        more = {**more, "street": "street:10000002"}

    response = crew.tap(HERE, form(crew, tap, **more))

    assert response.status_code == 200
    assert "Recorded" in response.text
    assert any(sentence in said for said in sentences(app, "10000002"))


def test_a_part_done_round_says_which_streets_are_left(app: Flask, crew: StaffBrowser) -> None:
    mark_id = next(event.id for event in events(app))
    council_of(app).store.live.withdraw(mark_id, by="tests", at=council_of(app).now())

    response = crew.tap(HERE, form(crew, "streets-left", street="street:10000002"))

    assert "Part done: the round, 1 of 2 streets done" in response.text
    assert "We started this round on Wednesday 17 June." in sentences(app, "10000002")[0]
    assert "marked this grass as cut on Wednesday 17 June" in sentences(app, "10000003")[0]


def test_streets_are_ticked_off_one_by_one(app: Flask, crew: StaffBrowser) -> None:
    assert "Streets to do: 1" in crew.get(HERE).text  # V3 was marked before
    assert "1 of 2 streets done" in crew.page

    crew.tap(HERE, form(crew, "streets-done", street="street:10000002"))

    assert "2 of 2 streets done" in crew.page
    assert "Streets to do" not in crew.page
    assert 'href="/staff/rounds/R1?cut=2026-3">Mark cut 3</a>' in crew.page
    assert "Correct cut 2, which is done" in crew.page


def test_a_street_of_two_rounds_is_marked_by_its_grass(app: Flask, crew: StaffBrowser) -> None:
    crew.tap(HERE, form(crew, "streets-done", street="street:10000002"))

    assert [str(event.target) for event in events(app)][-1] == "verge:V1"
    assert len(sentences(app, "10000002")) == 2


def test_a_missed_street_can_be_done_later(app: Flask, crew: StaffBrowser) -> None:
    missed = {"street": "street:10000002", "street_reason": "birds were nesting there"}
    crew.tap(HERE, form(crew, "streets-missed", **missed))
    assert "missed on Wednesday 17 June" in crew.page

    crew.tap(HERE, form(crew, "streets-done", street="street:10000002"))

    assert "marked this grass as cut" in sentences(app, "10000002")[0]


def test_a_round_without_dates_is_marked_too(app: Flask, crew: StaffBrowser) -> None:
    order = form(crew, "done")

    response = crew.tap("/staff/rounds/R3", {**order, "cut": ""})

    assert "This round has no dates." in response.text
    assert "marked this grass as cut on Wednesday 17 June" in sentences(app, "10000005")[0]


def test_the_mark_names_the_account_and_residents_read_the_crew(
    app: Flask, crew: StaffBrowser
) -> None:
    crew.tap(HERE, form(crew, "done"))

    assert events(app)[-1].by == "crew@example.gov.uk"
    public = app.test_client()
    for address in ("/streets/10000002", "/api/streets/10000002", "/api/status", "/map/list"):
        assert "crew@" not in public.get(address).text


# A round that is paused


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (
            "2026-06-30",
            (
                "This round has been paused since Friday 5 June because the ground is waterlogged. "
                "The pause runs to Tuesday 30 June."
            ),
        ),
        (
            None,
            (
                "This round has been paused since Friday 5 June because the ground is waterlogged. "
                "It has no last day yet."
            ),
        ),
    ],
)
def test_a_crew_reads_that_its_round_is_paused_why_and_until_when(
    app: Flask, crew: StaffBrowser, until: str | None, sentence: str
) -> None:
    pause(app, "round:R1", until)

    assert sentence in text_of(crew.get(HERE).text)
    assert sentence in text_of(crew.get("/staff/rounds").text)


def test_only_the_streets_that_are_paused_are_said_to_be(app: Flask, crew: StaffBrowser) -> None:
    pause(app, "street:10000003", None)

    page = text_of(crew.get(f"{HERE}?cut=2026-3").text)

    assert "Grass on 1 of its 2 streets has been paused since Friday 5 June" in page
    assert "Church Lane, Great Example, Exampleton paused" in page
    assert "Main Street, Great Example, Exampleton paused" not in page


def test_a_round_of_which_each_street_is_held_in_part_is_not_called_paused(
    app: Flask, crew: StaffBrowser
) -> None:
    rows = (f"{usrn},A{usrn},amenity,,CC,R1,,yes,3,2026-07-06,2026-07-10,,," for usrn in STREETS)
    council = council_of(app)
    publish_text(council, council.settings.data, "schedule", SCHEDULE + "\n".join(rows))
    pause(app, "kind:amenity", None)

    page = text_of(crew.get(f"{HERE}?cut=2026-3").text)

    assert "Grass on 2 of its 2 streets has been paused since Friday 5 June" in page
    assert "Church Lane, Great Example, Exampleton part of it paused" in page


def test_a_round_that_is_all_paused_asks_whether_the_pause_is_over(
    app: Flask, crew: StaffBrowser
) -> None:
    pause(app, "round:R1", "2026-06-30")
    before = events(app)

    page = text_of(crew.tap(HERE, form(crew, "done")).text)

    assert "All of this round is paused. Is the pause over?" in page
    assert "ask the office to end it" in page
    assert events(app) == before


def test_streets_that_were_cut_in_a_pause_are_marked_all_the_same(
    app: Flask, crew: StaffBrowser
) -> None:
    pause(app, "round:R1", "2026-06-30")
    order = form(crew, "done")
    crew.tap(HERE, order)

    crew.tap(HERE, {**order, "sure": "streets"})

    groups = app.test_client().get("/api/streets/10000002").json["groups"]
    [group] = [group for group in groups if group["round"]["code"] == "R1"]
    assert (group["status"], group["last_cut"]) == ("suspended", "2026-06-17")


def test_done_leaves_out_the_streets_that_are_paused_and_says_which(
    app: Flask, crew: StaffBrowser
) -> None:
    """Case S4."""
    pause(app, "street:10000002", "2026-06-30")

    page = text_of(crew.tap(HERE, form(crew, "done")).text)

    said = "Left out, because it is paused: Main Street, Great Example, Exampleton."
    assert said in page
    groups = app.test_client().get("/api/streets/10000002").json["groups"]
    assert all(group["last_cut"] is None for group in groups)
    table = app.test_client().get("/streets/10000002").text
    assert "Marked as cut on Wednesday 17 June" not in text_of(table)


# What cannot well be true


@pytest.mark.parametrize(
    ("more", "doubt"),
    [
        ({"cut": "2026-3"}, "Cut 3 of 2026 begins on 6 July 2026, more than 14 days after 17 June"),
        ({"on": "2026-03-17"}, "17 March 2026 is 92 days ago."),
    ],
)
def test_an_unlikely_mark_is_asked_once_with_what_it_would_make_true(
    app: Flask, crew: StaffBrowser, more: dict[str, str], doubt: str
) -> None:
    """Case S3."""
    before = events(app)
    order = form(crew, "done", **more)

    asked = text_of(crew.tap(HERE, order).text)
    nothing = events(app)
    crew.tap(HERE, {**order, "sure": "yes"})

    assert "Is this right?" in asked
    assert doubt in asked
    assert nothing == before
    assert len(events(app)) == len(before) + 1


def test_the_question_says_what_streets_would_read(crew: StaffBrowser) -> None:
    asked = text_of(crew.tap(HERE, form(crew, "done", cut="2026-3")).text)

    assert (
        "1 street would read: Our crew marked this grass as cut on Wednesday 17 June. No more "
        "cuts are planned here this year."
    ) in asked


@pytest.mark.parametrize(
    ("tap", "more"),
    [
        ("done", {}),
        ("done", {"cut": "2026-1"}),  # a straggler of the cut before
        ("started", {"on": "2026-06-05"}),
        ("delayed", {"cut": "2026-3", "reason": "a mower broke down", "expected": "2026-07-20"}),
    ],
)
def test_what_is_normal_is_never_asked(
    app: Flask, crew: StaffBrowser, tap: str, more: dict[str, str]
) -> None:
    page = crew.tap(HERE, form(crew, tap, **more)).text

    assert "Is this right?" not in page
    assert "Recorded" in page


def test_the_streets_of_a_round_stand_by_village(app: Flask, crew: StaffBrowser) -> None:
    row = "10000005,X1,urban,,CC,R1,,yes,2,2026-06-08,2026-06-12,,,\n"
    row += "10000001,X2,urban,,CC,R1,,yes,2,2026-06-08,2026-06-12,,,\n"
    council = council_of(app)
    publish_text(council, council.settings.data, "schedule", SCHEDULE + row)

    page = crew.get(HERE).text

    assert re.findall(
        r'<h3 class="govuk-heading-s">([^<]+)<|name="street"[^>]*value="([^"]+)"', page
    ) == [
        ("Exampleton", ""),
        ("", "street:10000005"),
        ("Great Example", ""),
        ("", "street:10000002"),
        ("Little Example", ""),
        ("", "street:10000001"),
    ]


def test_a_part_done_round_never_counts_more_streets_than_it_has(
    app: Flask, crew: StaffBrowser
) -> None:
    """Case S14: streets with several pieces of grass of their own."""
    rows = "".join(
        f"10000002,X{n},urban,part {n},CC,R1,,yes,2,2026-06-08,2026-06-12,,,\n" for n in range(5)
    )
    council = council_of(app)
    publish_text(council, council.settings.data, "schedule", SCHEDULE + rows)

    page = text_of(crew.tap(HERE, form(crew, "streets-left", street="street:10000003")).text)

    assert "Part done: the round, 1 of 2 streets done" in page


def test_a_pause_that_ended_is_not_said(app: Flask, crew: StaffBrowser) -> None:
    pause(app, "round:R1", "2026-06-16")

    assert "paused" not in crew.get(HERE).text


# Twice, and on a bad line


def test_a_double_tap_counts_once(app: Flask, crew: StaffBrowser) -> None:
    before, order = len(events(app)), form(crew, "done")

    first, second = (crew.tap(HERE, order) for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert "Recorded" in second.text
    assert len(events(app)) == before + 1


def test_two_buttons_of_one_page_both_count(app: Flask, crew: StaffBrowser) -> None:
    order = form(crew, "started")
    crew.tap(HERE, order)
    crew.tap(HERE, {**order, "tap": "done"})

    assert [event.kind for event in events(app)][-2:] == ["started", "done"]


def test_a_resend_after_an_undo_records_nothing(app: Flask, crew: StaffBrowser) -> None:
    order = form(crew, "done")
    crew.tap(HERE, order)
    crew.tap(f"/staff/marks/{events(app)[-1].id}", {"action": "undo", "round": "R1"})
    before = events(app)

    response = crew.tap(HERE, order)

    assert "taken back in between. Nothing was recorded again." in response.text
    assert events(app) == before


def test_a_resend_on_the_next_day_counts_once(app: Flask, crew: StaffBrowser) -> None:
    before, order = len(events(app)), form(crew, "done", on="")
    crew.tap(HERE, order)
    object.__setattr__(council_of(app).settings, "today", TODAY + timedelta(days=1))

    crew.tap(HERE, order)

    assert len(events(app)) == before + 1


@pytest.mark.parametrize(
    ("tap", "more", "sentence"),
    [
        ("done", {"on": "2026-06-18"}, "Thursday 18 June 2026 is still to come."),
        ("done", {"on": "2025-12-31"}, "Wednesday 31 December 2025 is too long ago"),
        ("done", {"on": "yesterday"}, "Enter a date, like 17/6/2026."),
        ("done", {"on": "2026-02-30"}, "Enter a date, like 17/6/2026."),
        ("missed", {}, "Choose a reason from the list."),
        ("missed", {"reason": "<b>rain</b>"}, "Choose a reason from the list."),
        (
            "delayed",
            {"reason": "a mower broke down", "expected": "2026-06-16"},
            "The new date, Tuesday 16 June 2026, is over.",
        ),
        ("streets-done", {}, "Choose the streets that you mean first."),
        ("streets-done", {"street": "street:10000005"}, "street:10000005 is no longer in this"),
        ("streets-missed", {"street": "street:10000002"}, "Choose a reason from the list."),
        ("mown", {}, "This form did not come whole."),
        ("done", {"key": ""}, "This form did not come whole."),
        ("done", {"cut": "2"}, "Choose a cut from the list."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_recorded(
    app: Flask, crew: StaffBrowser, tap: str, more: dict[str, str], sentence: str
) -> None:
    before = events(app)

    response = crew.tap(HERE, form(crew, tap, **more))

    assert response.status_code == 422
    assert sentence in response.text
    assert events(app) == before


def test_a_tap_without_its_cut_leads_back_to_the_round(app: Flask, crew: StaffBrowser) -> None:
    before = events(app)

    response = crew.tap(HERE, form(crew, "done", cut=""))

    assert response.status_code == 409
    assert "Choose which cut you mean: 1, 2" in response.text
    assert "--cut" not in response.text
    assert 'name="tap"' in response.text
    assert events(app) == before


def test_a_cut_that_is_gone_is_said(app: Flask, crew: StaffBrowser) -> None:
    response = crew.tap(HERE, form(crew, "done", cut="2026-9"))

    assert response.status_code == 409
    assert "round:R1 has no cut 9 of 2026. It has 1, 2, 3 of 2026." in response.text
    assert crew.get(f"{HERE}?cut=2026-9").status_code == 200


def test_all_streets_left_is_no_part(app: Flask) -> None:
    browser = at_work(app, "crew", ("R1",))
    page = form(browser, "streets-left", cut="2026-1")
    page["street"] = ["street:10000002", "street:10000003", "street:10000006"]

    response = browser.tap(HERE, page)

    assert "You ticked every street as left. Tap Started" in response.text


# Undone and corrected


def test_undo_takes_all_of_a_tap_back(app: Flask, crew: StaffBrowser) -> None:
    before = sentences(app, "10000002")
    streets = ["street:10000003"]
    crew.tap(HERE, form(crew, "streets-left", cut="2026-1", street=streets))
    chief = next(event for event in events(app) if event.kind == "part_done")

    response = crew.tap(f"/staff/marks/{chief.id}", {"action": "undo", "round": "R1"})

    assert "Taken back." in response.text
    assert sentences(app, "10000002") == before
    assert work_of(app.extensions["answers"], "R1", TODAY, (2026, 1)).steps == ()


def test_undo_of_several_streets_takes_each_back(app: Flask, crew: StaffBrowser) -> None:
    streets = ["street:10000003", "street:10000002"]
    crew.tap(HERE, form(crew, "streets-done", cut="2026-1", street=streets))
    assert "Done: 2 streets" in crew.page

    crew.tap(f"/staff/marks/{events(app)[-1].id}", {"action": "undo", "round": "R1"})

    assert work_of(app.extensions["answers"], "R1", TODAY, (2026, 1)).steps == ()


def test_a_double_tap_on_undo_is_no_error(app: Flask, crew: StaffBrowser) -> None:
    crew.tap(HERE, form(crew, "done"))
    address, undo = f"/staff/marks/{events(app)[-1].id}", {"action": "undo", "round": "R1"}
    crew.tap(address, undo)

    assert "This was taken back already." in crew.tap(address, undo).text


def test_undo_ends_after_ten_minutes_and_correcting_goes_on(app: Flask, crew: StaffBrowser) -> None:
    council = council_of(app)
    late = council.now() - UNDO_LASTS - timedelta(seconds=1)
    old = mark(council, "round:R1", "done", "2026-06-17", cut=2, by="crew@example.gov.uk", at=late)
    crew.get(HERE)
    assert "Undo" not in crew.page

    refused = crew.tap(f"/staff/marks/{old}", {"action": "undo", "round": "R1"})
    taken = crew.tap(f"/staff/marks/{old}", {"action": "take back", "round": "R1"})

    assert refused.status_code == 409
    assert "more than ten minutes" in refused.text
    assert "Taken back." in taken.text


def test_only_who_marked_can_undo(app: Flask, crew: StaffBrowser) -> None:
    crew.tap(HERE, form(crew, "done"))
    mate = at_work(app, "editor")
    mate.get(HERE)

    response = mate.tap(f"/staff/marks/{events(app)[-1].id}", {"action": "undo", "round": "R1"})

    assert response.status_code == 409


def test_a_correction_is_a_withdrawal_and_a_new_mark(app: Flask, crew: StaffBrowser) -> None:
    crew.tap(HERE, form(crew, "done"))
    old = events(app)[-1]
    crew.get(f"/staff/marks/{old.id}")
    key = KEY.search(crew.page)
    assert key is not None
    right = {"key": key[1], "kind": "done", "on": "2026-06-12", "cut": CUT, "round": "R1"}

    response = crew.tap(f"/staff/marks/{old.id}", {**right, "action": "correct"})

    assert "Corrected." in response.text
    withdrawal, new = events(app)[-2:]
    assert (withdrawal.withdraws, new.on) == (old.id, date(2026, 6, 12))
    assert "cut on Friday 12 June" in sentences(app, "10000002")[0]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "mown"}, "Choose what happened."),
        ({"kind": "missed", "reason": ""}, "Choose a reason from the list."),
        ({"kind": "done", "on": "2026-07-01"}, "is still to come"),
    ],
)
def test_a_correction_that_cannot_be_leaves_the_mark(
    app: Flask, crew: StaffBrowser, more: dict[str, str], sentence: str
) -> None:
    crew.tap(HERE, form(crew, "done"))
    before = events(app)
    address = f"/staff/marks/{before[-1].id}"
    crew.get(address)
    order = form(crew, "", action="correct", round="R1", **more)

    response = crew.tap(address, order)

    assert response.status_code == 422
    assert sentence in response.text
    assert events(app) == before


# Reasons


def test_every_reason_that_ships_fits_a_sentence(tmp_path: Path) -> None:
    council = open_council(tmp_path)

    assert [r for r in reasons(council) if because(r) != f" because {r}"] == []


def test_a_council_has_reasons_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "reasons.txt"
    own.write_text("# ours\nthe fair is on\n\nof frost\n", encoding="utf-8")

    council = open_council(tmp_path, reasons=own)

    assert reasons(council) == ("the fair is on", "of frost")
