"""Pauses: previewed, recorded at once, ended with a choice of what becomes of the dates."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.councils import mark, publish_text
from tests.support.staff import StaffBrowser, at_work
from tests.support.web_council import SCHEDULE, council_of

FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
WET = "the ground is waterlogged"
HERE = "/staff/pauses"


@pytest.fixture
def editor(app: Flask) -> StaffBrowser:
    return at_work(app, "editor")


def kinds(app: Flask) -> list[str]:
    return [event.kind for event in council_of(app).store.live.events_after(0)]


def sentence(app: Flask, street: str) -> str:
    said: str = app.test_client().get(f"/api/streets/{street}").json["groups"][0]["sentence"]
    return said.partition(": ")[2].partition(" Recorded as of")[0]


def fields(page: str) -> dict[str, Any]:
    """The hidden fields of a page, but its seal."""
    found: dict[str, Any] = {}
    for name, value in FIELD.findall(page):
        found.setdefault(name, []).append(value)
    found.pop("seal")
    return found


def preview(editor: StaffBrowser, **form: Any) -> str:
    """The page that shows what residents would read."""
    return editor.get(f"{HERE}/check", query_string=form).text


def paused(app: Flask, editor: StaffBrowser, **form: Any) -> int:
    """Pause as a person does; the number in the address where the pause can be ended."""
    editor.get(HERE)
    page = preview(editor, **{"target": "all", "reason": WET, "on": "2026-06-05", **form})
    confirmed = fields(page)
    editor.page = page
    assert editor.post(HERE, {**confirmed, "step": "confirm"}).status_code == 303
    found = re.findall(r'href="/staff/pauses/(\d+)"', editor.get(HERE).text)
    return int(found[0])


def ended(editor: StaffBrowser, pause: int, choice: str, **form: Any) -> Any:
    """End a pause from the page as it is; the response."""
    page = editor.get(f"{HERE}/{pause}").text
    one = {name: values[0] for name, values in fields(page).items()}
    return editor.post(f"{HERE}/{pause}", {**one, "choice": choice, **form})


def test_a_pause_is_previewed_and_recorded_only_when_it_is_confirmed(
    app: Flask, editor: StaffBrowser
) -> None:
    editor.get(HERE)
    before = kinds(app)

    page = preview(editor, target="all", reason=WET, on="2026-06-05", until="2026-06-30")

    said = (
        "We paused cutting here on Friday 5 June because the ground is waterlogged. "
        "The pause runs to Tuesday 30 June."
    )
    assert said in page
    assert "This concerns 7 pieces of grass in 5 rounds." in page
    assert kinds(app) == before
    editor.post(HERE, {**fields(page), "step": "confirm"})
    assert kinds(app) == [*before, "suspended"]
    assert sentence(app, "10000003") == said


@pytest.mark.parametrize(
    ("targets", "streets"),
    [
        (["kind:urban"], {"10000002", "10000003"}),
        (["place:Great Example"], {"10000002", "10000003"}),
        (["round:R3", "round:R1"], {"10000002", "10000003", "10000005"}),
    ],
)
def test_a_class_a_place_and_rounds_can_be_paused(
    app: Flask, editor: StaffBrowser, targets: list[str], streets: set[str]
) -> None:
    paused(app, editor, target=targets)

    found = {s for s in ("10000002", "10000003", "10000005") if "paused" in sentence(app, s)}
    assert found == streets


def test_a_pause_sent_twice_counts_once(app: Flask, editor: StaffBrowser) -> None:
    editor.get(HERE)
    page = preview(editor, target="all", reason=WET)
    form = {**fields(page), "step": "confirm"}

    editor.post(HERE, form)
    editor.post(HERE, form)

    assert kinds(app).count("suspended") == 1


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"reason": WET}, "Tick what is paused."),
        ({"target": "all"}, "Give the reason. Residents read it."),
        ({"target": "all", "own_reason": "x" * 121}, "The reason has 121 characters."),
        ({"target": "all", "reason": WET, "on": "2025-06-05"}, "A pause counts in its own year"),
        ({"target": "all", "reason": WET, "until": "2026-06-16"}, "16 June 2026 is over"),
        ({"target": "all", "reason": WET, "until": "soon"}, "&#39;soon&#39; is no day."),
    ],
)
def test_a_pause_that_cannot_be_is_said(
    app: Flask, editor: StaffBrowser, form: dict[str, str], sentence: str
) -> None:
    editor.get(HERE)
    before = kinds(app)

    checked = editor.get(f"{HERE}/check", query_string=form)
    sent = editor.post(HERE, {**form, "step": "confirm"})

    assert (checked.status_code, sent.status_code) == (422, 422)
    assert sentence in checked.text
    assert sentence in sent.text
    assert kinds(app) == before


def test_a_pause_that_nobody_previewed_is_not_recorded(app: Flask, editor: StaffBrowser) -> None:
    editor.get(HERE)

    response = editor.post(HERE, {"target": "all", "reason": WET, "key": "12345678"})

    assert response.status_code == 422
    assert "This form did not come whole." in response.text
    assert "suspended" not in kinds(app)


def test_a_pause_can_be_changed_before_it_is_recorded(editor: StaffBrowser) -> None:
    page = preview(editor, target=["round:R1", "kind:urban"], reason=WET, until="2026-06-30")
    back = re.search(r'href="([^"]+)">Change it first', page)
    assert back is not None

    form = editor.get(html.unescape(back[1])).text

    assert re.findall(r'value="([^"]+)" checked', form) == ["kind:urban", "round:R1"]
    assert f"<option selected>{WET}</option>" in form
    assert 'value="2026-06-30"' in form


def test_a_place_that_is_not_there_is_refused(app: Flask, editor: StaffBrowser) -> None:
    form = {"target": "place:Atlantis", "reason": WET}
    response = editor.get(f"{HERE}/check", query_string=form)

    assert response.status_code == 409
    assert "no grass of the place &#39;Atlantis&#39;" in response.text


@pytest.mark.parametrize("role", ["crew", "viewer"])
def test_only_the_office_pauses(app: Flask, role: str) -> None:
    browser = at_work(app, role)

    assert browser.get(HERE).status_code == 403
    response = browser.post(HERE, {"target": "all", "reason": WET, "step": "confirm"})
    assert response.status_code == 403
    assert "suspended" not in kinds(app)


# Going on


def test_the_ways_to_go_on_are_previewed_and_nothing_is_recorded(
    app: Flask, editor: StaffBrowser
) -> None:
    pause = paused(app, editor)
    before = kinds(app), council_of(app).moment.atlas.editions

    default = editor.get(f"{HERE}/{pause}").text
    page = editor.get(f"{HERE}/{pause}?days=3").text

    assert "come 8 working days later" in default  # 5 to 16 June
    assert "We plan to cut this grass between Thursday 11 and Wednesday 17 June." in page
    assert "We could not cut this grass on Wednesday 17 June because the ground is" in page
    assert (kinds(app), council_of(app).moment.atlas.editions) == before


def test_dates_that_are_kept_stay_and_paused_days_do_not_make_late(
    app: Flask, editor: StaffBrowser
) -> None:
    pause = paused(app, editor)

    ended(editor, pause, "keep")

    assert kinds(app)[-1] == "resumed"
    assert "planned for Monday 8 to Friday 12 June" in sentence(app, "10000002")
    assert "We aim to do it by Tuesday 30 June" in sentence(app, "10000002")


def test_dates_move_with_a_new_edition_and_marks_stay(app: Flask, editor: StaffBrowser) -> None:
    pause = paused(app, editor)
    before = council_of(app).store.editions.current("schedule", "grass cutting", 2026)

    ended(editor, pause, "move", days="3")

    after = council_of(app).store.editions.current("schedule", "grass cutting", 2026)
    assert before
    assert after
    assert after.base == before.number
    assert after.files == (f"edition {before.number}, remaining dates 3 working days later",)
    assert "We plan to cut this grass between Thursday 11 and" in sentence(app, "10000002")
    marked = sentence(app, "10000003")  # its June cut was marked as done before
    assert "marked this grass as cut on Wednesday 10 June" in marked
    assert "between Thursday 9 and Wednesday 15 July" in marked


def test_a_moved_edition_can_be_put_back(app: Flask, editor: StaffBrowser) -> None:
    pause = paused(app, editor)
    before = council_of(app).store.editions.current("schedule", "grass cutting", 2026)
    ended(editor, pause, "move", days="3")
    assert before

    council_of(app).store.editions.roll_back(before.number, by="x", at=council_of(app).now())

    assert "Monday 6 and Friday 10 July" in sentence(app, "10000003")


def test_a_skipped_cut_is_missed_where_it_was_not_done(app: Flask, editor: StaffBrowser) -> None:
    pause = paused(app, editor)

    ended(editor, pause, "skip")

    assert "We could not cut this grass on Wednesday 17 June because" in sentence(app, "10000002")
    assert "marked this grass as cut on Wednesday 10 June" in sentence(app, "10000003")


def test_a_cut_that_was_over_before_the_pause_is_not_skipped_for_it(
    app: Flask, editor: StaffBrowser
) -> None:
    pause = paused(app, editor, on="2026-06-15")

    ended(editor, pause, "skip")

    assert kinds(app)[-1] == "resumed"
    assert "could not cut" not in sentence(app, "10000002")


def test_a_schedule_published_in_between_refuses_the_move(
    app: Flask, editor: StaffBrowser, tmp_path: Path
) -> None:
    pause = paused(app, editor)
    page = editor.get(f"{HERE}/{pause}").text
    publish_text(
        council_of(app), tmp_path, "schedule", SCHEDULE.replace("2026-07-06", "2026-07-07")
    )
    one = {name: values[0] for name, values in fields(page).items()}
    editor.page = page
    before = kinds(app)

    response = editor.post(f"{HERE}/{pause}", {**one, "choice": "move"})

    assert response.status_code == 409
    assert "Somebody published a schedule after you looked" in response.text
    assert kinds(app) == before


def test_ending_a_pause_twice_moves_dates_once(app: Flask, editor: StaffBrowser) -> None:
    pause = paused(app, editor)
    page = editor.get(f"{HERE}/{pause}").text
    form = {name: values[0] for name, values in fields(page).items()} | {"choice": "move"}
    for _ in range(2):
        editor.page = page
        assert editor.post(f"{HERE}/{pause}", form).status_code == 303

    assert kinds(app).count("resumed") == 1
    assert len(council_of(app).store.editions.history("schedule")) == 2


@pytest.mark.parametrize("days", ["0", "61", "-1", "x", "²"])
def test_a_number_of_days_that_cannot_be_is_said(
    app: Flask, editor: StaffBrowser, days: str
) -> None:
    pause = paused(app, editor)

    response = editor.get(f"{HERE}/{pause}", query_string={"days": days})

    assert response.status_code == 422
    assert "Write a number from 1 to 60." in response.text


def test_other_pauses_go_on_when_one_that_was_laid_over_them_ends(
    app: Flask, editor: StaffBrowser
) -> None:
    mains = "a water main is being replaced"
    paused(app, editor, target="round:R1", reason=mains, until="2026-06-30")
    everything = paused(app, editor, target="all")
    page = editor.get(f"{HERE}/{everything}").text
    assert "The pause of the round R1 goes on" in page

    assert ended(editor, everything, "keep").status_code == 303

    assert sentence(app, "10000003") == (
        "We paused cutting here on Wednesday 17 June because a water main is being replaced. "
        "The pause runs to Tuesday 30 June."
    )
    assert "We paused" not in sentence(app, "10000005")
    assert "the round R1" in editor.get(HERE).text


def test_where_a_pause_that_ends_never_was_others_keep_their_day(
    app: Flask, editor: StaffBrowser
) -> None:
    paused(app, editor, target="kind:urban", on="2026-06-05")
    before = sentence(app, "10000003")
    narrower = paused(app, editor, target="round:R2", on="2026-06-12")

    assert ended(editor, narrower, "keep").status_code == 303

    assert "We paused cutting here on Friday 5 June" in before
    assert sentence(app, "10000003") == before
    assert "We paused" in sentence(app, "10000002")


def test_of_a_pause_that_ended_in_part_only_the_rest_goes_on(
    app: Flask, editor: StaffBrowser
) -> None:
    paused(app, editor, target="round:R1", reason=WET)
    mark(council_of(app), "street:10000003", "resumed", "2026-06-10")
    everything = paused(app, editor, target="all", on="2026-06-12")

    ended(editor, everything, "keep")

    assert "We paused" not in sentence(app, "10000003")
    assert "We paused" in sentence(app, "10000002")


def test_a_pause_that_was_a_mistake_is_taken_back(app: Flask, editor: StaffBrowser) -> None:
    before = sentence(app, "10000002")
    pause = paused(app, editor)

    ended(editor, pause, "take back")

    assert sentence(app, "10000002") == before
    assert "Nothing is paused." in editor.get(HERE).text


def test_a_pause_that_ended_is_not_listed(app: Flask, editor: StaffBrowser) -> None:
    mark(council_of(app), "all", "suspended", "2026-06-05")
    mark(council_of(app), "all", "resumed", "2026-06-09")

    assert "Nothing is paused." in editor.get(HERE).text
