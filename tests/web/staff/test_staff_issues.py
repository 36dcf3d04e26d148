"""The staff's queue: each step is recorded, and what everybody reads is chosen on purpose."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from flask import Flask
from shapely import Point

from mapsvc.domain.issues import Issue, State
from mapsvc.services.answers.teller import Teller
from mapsvc.services.issues import casework
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from tests.support.councils import mark
from tests.support.staff import StaffBrowser, at_work, fields_in_error, signed_in

AT = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
ANN = "editor@example.gov.uk"


@pytest.fixture
def issue(council: Council) -> Issue:
    return council.store.issues.add(IssueDraft("grass-too-long", "call 01632 1", "10000002"), AT)


@pytest.fixture
def editor(app: Flask, issue: Issue) -> StaffBrowser:
    browser = signed_in(app, "editor")
    browser.get(f"/staff/issues/{issue.id}")
    return browser


def now_is(council: Council, issue: Issue) -> Issue:
    return council.store.issues.get(issue.id)


def test_the_queue_shows_open_issues_and_filters(
    app: Flask, council: Council, issue: Issue
) -> None:
    council.store.issues.add(IssueDraft("other", "second", "10000003"), AT)
    council.store.issues.move(issue.id, State.FIXED, by="x", at=AT)
    viewer = signed_in(app, "viewer")

    assert "1 issue<" in viewer.get("/staff/issues").text
    assert issue.reference in viewer.get("/staff/issues?state=closed").text
    assert "2 issues" in viewer.get("/staff/issues?state=all").text
    assert "No issue fits." in viewer.get("/staff/issues?category=damage").text
    assert viewer.get("/staff/issues?state=nonsense").status_code == 400
    assert viewer.get("/staff/issues?page=-1").status_code == 400


def test_the_map_of_the_queue_shows_what_its_filter_lets_through(
    app: Flask, council: Council, issue: Issue
) -> None:
    point = Point(452100, 300010)
    second = council.store.issues.add(IssueDraft("other", "x", "10000003", point=point), AT)
    council.store.issues.move(issue.id, State.FIXED, by="x", at=AT)
    viewer = signed_in(app, "viewer")

    def pages(query: str) -> list[str]:
        page = unescape(viewer.get(f"/staff/issues{query}").text)
        source = re.search(r'data-issues="([^"]+)"', page)
        if source is None:
            return []
        found = viewer.get(source[1]).json
        assert found is not None
        return [one["properties"]["page"] for one in found["features"] if one["geometry"]]

    assert pages("") == [f"/staff/issues/{second.id}"]
    assert pages("?category=other&state=all") == [f"/staff/issues/{second.id}"]
    assert pages("?state=closed") == []  # its issue has no place
    assert "1 of 2." in viewer.get("/staff/issues?state=all").text
    assert signed_in(app, "crew").get("/staff/issues/points.json").status_code == 403
    assert app.test_client().get("/staff/issues/points.json").status_code in (303, 401)


def test_merged_issues_of_any_state_are_not_called_open(app: Flask, council: Council) -> None:
    point = Point(452100, 300010)
    for _ in range(2):
        fixed = council.store.issues.add(IssueDraft("other", "x", "10000003", point=point), AT)
        council.store.issues.move(fixed.id, State.FIXED, by="x", at=AT)

    answer = signed_in(app, "viewer").get("/staff/issues/points.json?state=closed&zoom=5")

    assert answer.json is not None
    [merged] = [one["properties"] for one in answer.json["features"]]
    assert merged == {"number": 2, "sentence": "2 issues"}


def test_a_viewer_sees_and_changes_nothing(app: Flask, council: Council, issue: Issue) -> None:
    viewer = signed_in(app, "viewer")
    page = viewer.get(f"/staff/issues/{issue.id}").text
    answer = viewer.post(f"/staff/issues/{issue.id}", {"action": "release"})

    assert "call 01632 1" in page
    assert "What becomes of it" not in page
    assert answer.status_code == 403
    assert not now_is(council, issue).is_released


def test_a_crew_does_not_see_reports(app: Flask, issue: Issue) -> None:
    assert signed_in(app, "crew").get(f"/staff/issues/{issue.id}").status_code == 403


def test_planning_names_a_cut_that_residents_then_read(
    editor: StaffBrowser, council: Council, issue: Issue
) -> None:
    address = f"/staff/issues/{issue.id}"
    assert "Choose the cut" in editor.post(address, {"action": "move", "state": "planned"}).text
    editor.post(address, {"action": "move", "state": "planned", "cut": "2026-3"})

    planned = now_is(council, issue)
    assert (planned.state, planned.season, planned.cut) == (State.PLANNED, 2026, 3)
    assert "planned for the cut of Monday 6 July" in editor.get("/streets/10000002").text
    event = council.store.issues.events_of(issue.id)[-1]
    assert (event.by, event.state) == (ANN, State.PLANNED)


def test_closing_without_a_fix_needs_a_sentence(
    editor: StaffBrowser, council: Council, issue: Issue
) -> None:
    address = f"/staff/issues/{issue.id}"
    for state in ("not_ours", "no_action"):
        page = editor.post(address, {"action": "move", "state": state}).text
        assert "Say in a sentence" in page
    editor.post(address, {"action": "move", "state": "no_action", "sentence": "It is <b>fine</b>."})

    assert now_is(council, issue).state is State.NO_ACTION
    assert "It is &lt;b&gt;fine&lt;/b&gt;." in editor.get(f"/issues/{issue.reference}").text


def test_a_duplicate_leads_to_its_original(
    editor: StaffBrowser, council: Council, issue: Issue
) -> None:
    original = council.store.issues.add(IssueDraft("other", "first", "10000003"), AT)
    address = f"/staff/issues/{issue.id}"
    form = {"action": "move", "state": "duplicate"}

    assert "Enter the reference" in editor.post(address, form).text
    assert "There is no issue &#34;g-0" in editor.post(address, {**form, "other": "g-0"}).text
    assert "cannot repeat itself" in editor.post(address, {**form, "other": issue.reference}).text
    editor.post(address, {**form, "other": original.reference.lower()})
    assert now_is(council, issue).duplicate_of == original.id
    link = f'href="/issues/{original.reference}"'
    assert link in editor.get(f"/issues/{issue.reference}").text


@pytest.mark.parametrize("cut", ["2026-1", "2026-99", "9" * 30 + "-1"])
def test_a_cut_that_is_not_in_the_list_is_no_plan(
    editor: StaffBrowser, council: Council, issue: Issue, cut: str
) -> None:
    form = {"action": "move", "state": "planned", "cut": cut}
    page = editor.post(f"/staff/issues/{issue.id}", form).text

    assert "Choose one from the list." in page
    assert now_is(council, issue).state is State.OPEN


def test_a_number_that_no_store_has_is_no_page(editor: StaffBrowser) -> None:
    assert editor.get("/staff/issues/" + "9" * 30).status_code == 404


def test_a_step_that_no_issue_takes_is_said(editor: StaffBrowser, issue: Issue) -> None:
    address = f"/staff/issues/{issue.id}"
    editor.post(address, {"action": "move", "state": "fixed"})
    editor.get(address)

    assert "cannot become" in editor.post(address, {"action": "move", "state": "triaged"}).text
    assert "Choose what becomes" in editor.post(address, {"action": "move", "state": "x"}).text
    assert editor.post(address, {"action": "burn"}).status_code == 400


def test_text_is_released_and_withheld_again(
    editor: StaffBrowser, council: Council, issue: Issue
) -> None:
    for action, expected in (("release", True), ("release", True), ("withhold", False)):
        editor.post(f"/staff/issues/{issue.id}", {"action": action})
        assert ("call 01632 1" in editor.get(f"/issues/{issue.reference}").text) is expected
        editor.get(f"/staff/issues/{issue.id}")

    kinds = [event.kind for event in council.store.issues.events_of(issue.id)]
    assert kinds == ["reported", "released", "withheld"]


def test_an_answer_is_public_and_an_assignment_is_not(
    editor: StaffBrowser, council: Council, issue: Issue
) -> None:
    address = f"/staff/issues/{issue.id}"
    editor.post(address, {"action": "answer", "saved": casework.SAVED_REPLIES[0]})
    editor.post(address, {"action": "assign", "assigned": ANN})
    public = editor.get(f"/issues/{issue.reference}").text

    assert casework.SAVED_REPLIES[0] in public
    assert ANN not in public
    assert now_is(council, issue).assigned == ANN
    editor.get(address)
    wrong = editor.post(address, {"action": "assign", "assigned": "nobody"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"action": "move"}, "state"),
        ({"action": "move", "state": "planned"}, "cut"),
        ({"action": "move", "state": "planned", "cut": "2026-99"}, "cut"),
        ({"action": "move", "state": "duplicate"}, "other"),
        ({"action": "move", "state": "duplicate", "other": "G-0000-0000"}, "other"),
        ({"action": "move", "state": "no_action"}, "move-sentence"),
        ({"action": "move", "state": "fixed", "sentence": "x" * 3000}, "move-sentence"),
        ({"action": "answer"}, "answer-sentence"),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field(
    editor: StaffBrowser, council: Council, issue: Issue, form: dict[str, str], field: str
) -> None:
    refused = editor.post(f"/staff/issues/{issue.id}", form)

    assert refused.status_code == 422
    assert fields_in_error(refused.text) == [field]
    assert now_is(council, issue) == issue


def test_an_issue_planned_for_a_cut_that_is_done_reads_as_cut_since(
    app: Flask, council: Council
) -> None:
    """Case S11."""
    draft = IssueDraft("other", "a thistle", "10000003")
    planned = council.store.issues.add(draft, AT)
    council.store.issues.move(planned.id, State.PLANNED, by="ann", at=AT, season=2026, cut=2)
    viewer = signed_in(app, "viewer")

    [shown] = app.test_client().get("/api/streets/10000003").json["issues"]
    page = app.test_client().get(f"/issues/{planned.reference}").text
    queue = viewer.get("/staff/issues?state=cut-since").text

    assert shown["planned"] is None
    assert shown["sentence"].endswith("marked as cut since, on Wednesday 10 June, to be checked")
    assert "Marked as cut since, to be checked" in page
    assert "Cut since, check: marked as cut on Wednesday 10 June 2026" in queue
    assert planned.reference in queue


def test_a_cut_answers_long_grass_only_where_all_of_it_was_cut_after_the_report(
    app: Flask, council: Council, issue: Issue
) -> None:
    mark(council, "verge:V1", "done", "2026-06-10", cut=2)
    teller = Teller(council, council.moment, council.today())
    in_part = teller.cut_since(issue)
    mark(council, "verge:V2", "done", "2026-06-02", cut=1)
    too_early = Teller(council, council.moment, council.today()).cut_since(issue)
    mark(council, "verge:V2", "done", "2026-06-12", cut=1)

    found = Teller(council, council.moment, council.today()).cut_since(issue)

    assert (in_part, too_early) == (None, None)
    assert found == date(2026, 6, 12)


def test_a_crew_says_that_an_issue_is_done_too(app: Flask, council: Council) -> None:
    open_one = council.store.issues.add(IssueDraft("grass-too-long", "x", "10000003"), AT)
    later = council.store.issues.add(IssueDraft("damage", "y", "10000003"), AT)
    crew = at_work(app, "crew", ("R1",))
    page = crew.get("/staff/rounds/R1").text

    crew.tap(f"/staff/rounds-issues/{open_one.id}", {"round": "R1", "cut": "2026-2"})

    assert "Is this one done too?" in page
    assert "Damage by mowing" in page
    assert f'href="/staff/issues/{later.id}"' not in page
    assert now_is(council, open_one).state is State.FIXED
    assert now_is(council, later).state is State.OPEN


def test_a_crew_settles_no_issue_of_another_round(app: Flask, council: Council) -> None:
    other = council.store.issues.add(IssueDraft("grass-too-long", "x", "10000003"), AT)
    crew = at_work(app, "crew", ("R3",))

    crew.tap(f"/staff/rounds-issues/{other.id}", {"round": "R3", "cut": ""})
    refused = crew.post(f"/staff/rounds-issues/{other.id}", {"round": "R1"})

    assert refused.status_code == 403
    assert now_is(council, other).state is State.OPEN
