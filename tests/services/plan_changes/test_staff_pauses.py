"""Pauses: previewed, recorded at once, ended with a choice of what becomes of the dates."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mapsvc.services.answers.teller import Answers
from mapsvc.web.app import create_app
from tests.support.councils import mark, publish_text
from tests.support.staff import StaffBrowser, at_work
from tests.support.web_council import SCHEDULE, copied_council, council_of

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
        ({"reason": WET}, "Choose what is paused."),
        ({"target": "all"}, "Enter the reason. Residents read it."),
        ({"target": "all", "own_reason": "x" * 121}, "The reason has 121 characters."),
        ({"target": "all", "reason": WET, "on": "2015-06-05"}, "is more than a year away"),
        ({"target": "all", "reason": WET, "on": "2025-06-25"}, "ended with its year"),
        ({"target": "all", "reason": WET, "until": "2026-06-16"}, "16 June 2026, is over"),
        ({"target": "all", "reason": WET, "until": "soon"}, "Enter a date, like 17/6/2026."),
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
    assert "has the place &#34;Atlantis&#34;" in response.text


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
    assert "Somebody published a schedule meanwhile" in response.text
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
    assert "Enter a number from 1 to 60." in response.text


MAINS = "a water main is being replaced"


def layers(app: Flask) -> list[Any]:
    """The pauses that residents of three streets are told of."""
    streets = ("10000002", "10000003", "10000007")
    answers = (app.test_client().get(f"/api/streets/{street}").json for street in streets)
    return [group["paused"] for answer in answers for group in answer["groups"]]


def rows(editor: StaffBrowser) -> list[str]:
    """The rows of the list of pauses, a text each."""
    table = editor.get(HERE).text.partition("<tbody")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_each_pause_has_a_row_with_what_it_holds_alone_and_what_others_hold_too(
    app: Flask, editor: StaffBrowser
) -> None:
    paused(app, editor, target="round:R1", reason=MAINS, until="2026-06-30")
    paused(app, editor, target=["place:Great Example", "kind:rural"], on="2026-06-12")
    paused(app, editor, target="round:R2", on="2026-07-01")

    said = rows(editor)

    assert [row.partition(" ,")[0] for row in said] == [
        "the round R2",
        "the class rural",
        "Great Example",
        "the round R1",
    ]
    assert "To come" in said[0]
    # V1, V3 and V5 lie in the round and in the place; V2, V6 and V7 in the place alone.
    assert "1 alone" in said[1]
    assert "3 alone, 3 that others hold too" in said[2]
    assert "0 alone, 3 that others hold too" in said[3]


def test_ending_one_of_four_pauses_leaves_the_others_word_for_word(
    app: Flask, editor: StaffBrowser
) -> None:
    """Case S2: a place, a round, a class, another place, then everything, ended, dates moved."""
    paused(app, editor, target="place:Great Example", reason="a street fair", until="2026-06-30")
    paused(app, editor, target="round:R1", reason=MAINS, on="2026-06-08", until="2026-07-31")
    paused(app, editor, target="kind:wildflower", reason="orchids", on="2026-06-01")
    paused(app, editor, target="place:Exampleton", reason="a parade", until="2026-06-20")
    before = layers(app), rows(editor)
    everything = paused(app, editor, target="all", on="2026-06-12")
    page = editor.get(f"{HERE}/{everything}").text

    response = ended(editor, everything, "move", days="3")

    assert response.status_code == 303
    assert "Other pauses go on as they are" in page
    assert "the round R1, from Monday 8 June to Friday 31 July because a water main" in page
    assert (layers(app), rows(editor)) == before
    assert len(council_of(app).store.editions.history("schedule")) == 2


def test_a_pause_under_a_wider_one_ends_alone(app: Flask, editor: StaffBrowser) -> None:
    paused(app, editor, target="all", on="2026-06-05")
    before = sentence(app, "10000003"), sentence(app, "10000005")
    narrower = paused(
        app, editor, target="round:R1", reason=MAINS, until="2026-12-31", on="2026-06-01"
    )
    assert "a water main" in sentence(app, "10000003")

    assert ended(editor, narrower, "keep").status_code == 303

    assert (sentence(app, "10000003"), sentence(app, "10000005")) == before
    assert [row.partition(" ,")[0] for row in rows(editor)] == ["everything"]


def test_of_two_pauses_of_one_target_one_ends_alone(app: Flask, editor: StaffBrowser) -> None:
    paused(app, editor, target="round:R1", reason=MAINS, on="2026-06-08")
    today = paused(app, editor, target="round:R1", on="2026-06-17", reason=WET)

    ended(editor, today, "keep")

    assert "a water main is being replaced" in sentence(app, "10000003")
    assert len(rows(editor)) == 1


def test_who_ends_a_pause_reads_what_stays_paused(app: Flask, editor: StaffBrowser) -> None:
    paused(app, editor, target="round:R1", reason=MAINS, until="2026-06-30")
    everything = paused(app, editor, target="all")

    ended(editor, everything, "keep")

    said = "Still paused: 3 pieces of grass by the pause of the round R1."
    assert said in editor.get(HERE).text


def test_of_a_pause_that_ended_in_part_only_the_rest_goes_on(
    app: Flask, editor: StaffBrowser
) -> None:
    paused(app, editor, target="round:R1", reason=WET)
    mark(council_of(app), "street:10000003", "resumed", "2026-06-10")
    everything = paused(app, editor, target="all", on="2026-06-12")

    ended(editor, everything, "keep")

    assert "We paused" not in sentence(app, "10000003")
    assert "We paused" in sentence(app, "10000002")


def changed(editor: StaffBrowser, pause: int, **form: Any) -> Any:
    """Change a pause as a person does: read what residents would read, then confirm."""
    address = f"{HERE}/{pause}/change"
    page = editor.get(address, query_string={"reason": WET, "until": "", **form}).text
    one = {name: values[0] for name, values in fields(page).items()}
    return editor.post(address, {**one, "step": "confirm"})


def test_a_changed_pause_keeps_its_first_day_and_others_stay(
    app: Flask, editor: StaffBrowser
) -> None:
    paused(app, editor, target="round:R2", reason=MAINS)
    pause = paused(app, editor, target="round:R1", on="2026-06-05")
    other = rows(editor)[1]

    response = changed(editor, pause, until="2026-07-10", reason="the river is high")

    assert response.status_code == 303
    assert sentence(app, "10000003") == (
        "We paused cutting here on Friday 5 June because the river is high. "
        "The pause runs to Friday 10 July."
    )
    assert rows(editor)[1] == other


def test_a_resumption_of_a_pause_still_lifts_it_when_it_is_changed(
    app: Flask, editor: StaffBrowser
) -> None:
    pause = paused(app, editor, target="round:R1", on="2026-06-05")
    mark(council_of(app), "street:10000003", "resumed", "2026-06-05")

    changed(editor, pause, until="2026-07-10")

    assert "We paused" not in sentence(app, "10000003")
    assert "We paused" in sentence(app, "10000002")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Nothing is different yet."),
        ({"reason": " "}, "Enter the reason."),
        ({"until": "2026-06-16"}, "16 June 2026, is over"),
    ],
)
def test_a_change_that_cannot_be_is_said(
    app: Flask, editor: StaffBrowser, form: dict[str, str], words: str
) -> None:
    pause = paused(app, editor)
    said = {"reason": WET, "until": "", **form}

    response = editor.get(f"{HERE}/{pause}/change", query_string=said)

    assert response.status_code == 422
    assert words in response.text


def test_a_pause_over_new_year_holds_to_its_last_day(app: Flask) -> None:
    """Case S1."""
    council = council_of(app)
    mark(council, "all", "suspended", "2026-12-18", until=date(2027, 1, 31))

    found = {
        day: Answers(council).answer("10000003", date.fromisoformat(day)).groups[0].words
        for day in ("2026-12-18", "2027-01-01", "2027-01-31", "2027-02-01")
    }

    assert [day for day, words in found.items() if "We paused" in words] == [
        "2026-12-18",
        "2027-01-01",
        "2027-01-31",
    ]


def test_a_pause_to_come_is_told_and_no_window_in_it_is_promised(app: Flask) -> None:
    mark(council_of(app), "all", "suspended", "2026-07-01", until=date(2026, 7, 31), reason=WET)

    said, resting = sentence(app, "10000003"), sentence(app, "10000007")

    to_come = "Cutting will pause here from Wednesday 1 July to Friday 31 July because"
    assert to_come in said
    assert "The next cut was planned between Monday 6 and Friday 10 July, when cutting" in said
    assert to_come in resting
    assert "We plan to cut" not in resting


def test_in_december_staff_are_asked_about_pauses_without_an_end(
    made_web_council: Path, tmp_path: Path
) -> None:
    council = copied_council(made_web_council, tmp_path, today=date(2026, 12, 1))
    app = create_app(council.settings, council)
    editor = at_work(app, "editor")
    mark(council_of(app), "round:R1", "suspended", "2026-11-20", reason=WET)
    mark(council_of(app), "round:R2", "suspended", "2026-11-20", reason=WET, until=date(2027, 2, 1))

    page, home = editor.get(HERE).text, editor.get("/staff").text

    asked = "The pause of the round R1 has no last day and ends with 31 December."
    assert asked in page
    assert asked in home
    council.close()


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
