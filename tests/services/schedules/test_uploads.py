"""From a file to what residents read: sent, checked, published as it was checked, or refused."""

import html
import io
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from mapsvc.errors import StoreUnavailable
from mapsvc.problems import QuestionAnswers
from mapsvc.services.outbox.sender import Sender
from mapsvc.services.schedules import check_upload, uploads
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import (
    GAZETTEER,
    SCHEDULE,
    make_council,
    mark,
    open_council,
    publish_text,
)
from tests.support.serving import served
from tests.support.staff import PASSWORD, StaffBrowser, signed_in
from tests.support.staff_uploads import run_jobs, send

MOVED = SCHEDULE.replace("2026-07-06,2026-07-10", "2026-07-27,2026-07-31")


@pytest.fixture
def council(
    request: pytest.FixtureRequest, example_data: Path, tmp_path: Path
) -> Iterator[Council]:
    """The example council in a file of its own; in PostGIS where a test is `on_both`."""
    if getattr(request, "param", "") == "postgis":
        council = make_council(tmp_path, database_url=request.getfixturevalue("postgis_url"))
    else:
        shutil.copytree(example_data, tmp_path / "data")
        council = open_council(tmp_path)
    yield council
    council.close()


on_both = pytest.mark.parametrize("council", ["geopackage", "postgis"], indirect=True)


@pytest.fixture
def app(council: Council) -> Flask:
    return create_app(council.settings, council)


@pytest.fixture
def editor(app: Flask) -> StaffBrowser:
    return signed_in(app, "editor")


def text_of(page: str) -> str:
    """What the main part of a page says."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def july_of(council: Council) -> str:
    """When residents read that Church Lane is cut the third time."""
    (verge,) = council.moment.atlas.book(2026).of_street("10000003")
    window = verge.dated_cuts[2].window
    assert window is not None
    return window.start.isoformat()


@on_both
def test_a_file_is_checked_then_published_and_only_then_read_by_residents(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, MOVED)

    page = text_of(editor.get(address).text)
    assert "What would change" in page
    assert "2 streets change" in page
    assert "2 move by more than 14 days" in page
    assert july_of(council) == "2026-07-06"

    answer = editor.post(f"{address}/publish")

    assert answer.status_code == 303
    assert july_of(council) == "2026-07-27"
    assert "Published" in text_of(editor.get(address).text)
    edition = council.moment.atlas.editions[-1]
    assert (edition.by, edition.files) == ("editor@example.gov.uk", ("cuts.csv",))


def test_a_page_gives_no_advice_for_the_command_line(editor: StaffBrowser) -> None:
    address = send(editor, SCHEDULE.replace("2026-07-06,2026-07-10", "2029-07-06,2029-07-10"))

    page = text_of(editor.get(address).text)

    assert "or send that season by itself, with the season 2029." in page
    assert "--season" not in page


def test_what_was_published_in_another_tab_is_said_to_be(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, MOVED)
    tab = editor.get(address).text
    editor.post(f"{address}/publish")
    editor.page = tab

    again = editor.post(f"{address}/publish")
    now = text_of(editor.get(address).text)
    council.store.editions.roll_back(3, by="ann", at=council.now())
    later = text_of(editor.get(address).text)

    assert (again.status_code, again.location) == (303, address)
    assert "Residents read this now" in now
    assert "Residents read another edition now" in later


def test_a_file_that_says_what_is_published_changes_nothing(editor: StaffBrowser) -> None:
    address = send(editor, SCHEDULE)

    assert "Nothing changes: this file says what is published already" in text_of(
        editor.get(address).text
    )


def test_each_number_opens_its_list(editor: StaffBrowser) -> None:
    address = send(editor, MOVED)

    page = editor.get(f"{address}/lists/move").text

    assert "Church Lane, Great Example, Exampleton: cut 3 from 6 July 2026 to 27 July 2026" in page
    assert editor.get(f"{address}/lists/nonsense").status_code == 404


PROBLEMS = """\
street,town,round,cut 1
Main Street,Exampleton,R1,11/05/2026
Nowhere Street,Exampleton,R1,11/05/2026
Church Lane,Exampleton,R1,31/02/2026
"=HYPERLINK(""http://x"")",Exampleton,R1,12/05/2026
Mill Road,Exampleton,R3,12/05/2026
"""


def test_problems_are_shown_in_their_cells_and_need_a_tick(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, PROBLEMS, season="2027")
    page = editor.get(address).text

    assert "1 name fits two streets" in text_of(page)
    assert "row 4" in text_of(page)
    assert re.search(r'app-cells__bad"><dt>cut 1.*</dt><dd>31/02/2026</dd>', page)

    refused = editor.post(f"{address}/publish")
    assert refused.status_code == 422
    assert "Tick that the rows with problems may be left out." in text_of(refused.text)

    assert editor.post(f"{address}/publish", {"accept": "yes"}).status_code == 303


def test_a_part_of_a_schedule_is_added_unless_replacing_is_chosen(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    streets = [f"{10000100 + n},Lane {n},Exampleton,{450000 + n},300000\n" for n in range(40)]
    gazetteer = "usrn,name,town,easting,northing\n" + "".join(streets)
    nowhere = QuestionAnswers(leaves_out=True)  # the grass of the streets before
    publish_text(council, tmp_path, "gazetteer", gazetteer, answers=nowhere)
    dates = [f"{10000100 + n},1,2027-05-11,2027-05-15\n" for n in range(40)]
    whole = "usrn,cut,start,end\n" + "".join(dates)
    publish_text(council, tmp_path, "schedule", whole)
    address = send(editor, "usrn,cut,start,end\n" + dates[0], season="2027")

    page = text_of(editor.get(address).text)
    assert "would take the dates from 39 of 40 streets that have some" in page
    assert re.search(r'name="smaller" type="radio" value="add" checked', editor.page)
    assert editor.post(f"{address}/publish", {"accept": "yes"}).status_code == 422
    editor.get(address)
    editor.post(f"{address}/answers", {"smaller": "replace"})
    run_jobs(council)
    editor.get(address)
    assert editor.post(f"{address}/publish").status_code == 303


def test_all_problems_can_be_taken_away_with_their_rows_and_no_cell_is_a_formula(
    editor: StaffBrowser,
) -> None:

    address = send(editor, PROBLEMS, season="2027")

    lines = editor.get(f"{address}/problems.csv").text.splitlines()
    book = openpyxl.load_workbook(io.BytesIO(editor.get(f"{address}/problems.xlsx").data))

    assert lines[0].endswith("reason,street,town,round,cut 1")
    assert any("'=HYPERLINK" in line for line in lines)
    cells = [cell for row in book["Problems"].iter_rows() for cell in row]
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in cells)
    assert any("'=HYPERLINK" in str(cell.value) for cell in cells)


def test_a_file_that_cannot_be_used_says_why_and_cannot_be_published(
    editor: StaffBrowser,
) -> None:
    address = send(editor, "colour,size\nred,3\n")

    page = text_of(editor.get(address).text)

    assert "This file cannot be used" in page
    assert "mapsvc" not in page
    assert editor.post(f"{address}/publish").status_code == 404


@on_both
def test_marks_that_lose_their_cut_are_kept_or_taken_back(
    council: Council, editor: StaffBrowser
) -> None:
    kept = mark(council, "verge:V3", "done", "2026-06-09", cut=2)
    taken = mark(council, "verge:V1", "done", "2026-06-10", cut=2)
    moved = SCHEDULE.replace("2026-06-08,2026-06-12", "2026-06-15,2026-06-19")
    address = send(editor, moved)

    page = text_of(editor.get(address).text)
    assert "Verge V3, cut 2, done on Tuesday 9 June 2026" in page
    assert "cut 2 moves from" in page

    undecided = editor.post(f"{address}/publish", {f"mark-{kept}": "keep"})
    assert undecided.status_code == 422
    assert "Decide what becomes of 1 mark." in text_of(undecided.text)

    decided = {f"mark-{kept}": "keep", f"mark-{taken}": "withdraw"}
    assert editor.post(f"{address}/publish", decided).status_code == 303
    assert council.store.live.events_after(taken)[0].withdraws == taken
    assert len(council.store.live.events_after(0)) == 3


@on_both
def test_who_publishes_after_somebody_else_is_told_and_may_check_again(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    address = send(editor, MOVED)
    editor.get(address)
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("R3", "R9"))

    refused = editor.post(f"{address}/publish")

    number = council.moment.atlas.editions[-1].number
    said = text_of(refused.text)
    assert refused.status_code == 409
    assert "Nothing was published" in said
    assert "Who tests When 2 March 2026, 09:00 What Schedule of grass cutting for 2026" in said
    assert "from schedule.csv" in said
    assert f'href="/staff/editions/{number}"' in refused.text
    assert july_of(council) == "2026-07-06"
    editor.page = refused.text
    assert editor.post(f"{address}/check").status_code == 303
    run_jobs(council)
    editor.get(address)
    assert editor.post(f"{address}/publish").status_code == 303
    assert july_of(council) == "2026-07-27"


@on_both
def test_a_gazetteer_published_while_a_file_is_read_is_one_that_it_was_not_checked_against(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    def while_it_is_read(done: int, total: int, words: str = "") -> None:
        if done == 0:
            publish_text(council, tmp_path, "gazetteer", GAZETTEER.replace("Church", "Chapel"))

    address = send(editor, MOVED, jobs={})
    check_upload.check_here(council, 1, while_it_is_read)
    editor.get(address)

    refused = editor.post(f"{address}/publish")
    assert refused.status_code == 409
    assert "What Gazetteer, edition" in text_of(refused.text)
    assert july_of(council) == "2026-07-06"


@on_both
def test_a_mark_at_the_moment_of_publishing_sends_back_to_the_check(
    council: Council, editor: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def while_it_is_decided(*_: object) -> list[object]:
        mark(council, "verge:V3", "done", "2026-06-09", cut=2)
        return []

    address = send(editor, MOVED)
    editor.get(address)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "stakes", while_it_is_decided)
        refused = editor.post(f"{address}/publish")

    assert refused.status_code == 409
    assert "Somebody recorded a mark while you published." in text_of(refused.text)
    assert f'<a class="govuk-button" href="{address}"' in refused.text
    assert editor.post(f"{address}/publish").status_code == 303


def test_a_corrected_heading_is_remembered_for_the_next_file_of_its_shape(
    council: Council, editor: StaffBrowser
) -> None:
    odd = "usrn,gang of mowers,cut 1\n10000003,R7,2027-05-11\n"
    address = send(editor, odd, season="2027")
    page = editor.get(address).text
    name = re.search(r'name="(\w+-1)"', page)
    assert name is not None

    editor.post(f"{address}/check", {name[1]: "round"})
    run_jobs(council)
    again = send(editor, odd.replace("05-11", "06-11"), season="2027")

    for page in (editor.get(address).text, editor.get(again).text):
        assert re.search(rf'name="{name[1]}">.*?<option selected>round</option>', page, re.S)


@on_both
def test_what_is_forgotten_leaves_no_rows_and_no_file(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, MOVED)
    editor.get(address)
    number = council.store.uploads.get(1).edition
    assert number is not None
    assert len(council.store.editions.schedule(number).verges)

    assert editor.post(f"{address}/drop").status_code == 303
    run_jobs(council)

    assert not len(council.store.editions.schedule(number).verges)
    assert not council.store.uploads.get(1).files[0].is_kept
    assert editor.post(f"{address}/publish").status_code == 404


@on_both
def test_a_publication_of_somebody_else_leaves_what_is_checked_ready(
    council: Council, editor: StaffBrowser, tmp_path: Path
) -> None:
    address = send(editor, MOVED)
    editor.get(address)
    publish_text(council, tmp_path, "places", "name,easting,northing\nExampleton,450000,300000\n")

    assert editor.post(f"{address}/publish").status_code == 303


@pytest.mark.parametrize("role", ["crew", "viewer"])
def test_only_editors_send_and_publish(app: Flask, role: str) -> None:
    browser = signed_in(app, role)

    assert browser.get("/staff/uploads").status_code == 403
    assert browser.post("/staff/uploads", {"kind": "schedule"}).status_code == 403
    assert browser.post("/staff/uploads/1/publish").status_code == 403


def test_a_body_over_20_mb_is_refused_and_nothing_kept(
    council: Council, editor: StaffBrowser
) -> None:
    editor.get("/staff/uploads")
    body = b"--x\r\n" + b"x" * 20_000_001

    answer = editor.client.post(
        "/staff/uploads", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 413
    assert "larger than 20 MB" in answer.text
    assert council.store.uploads.newest() == []


def test_a_file_of_some_megabytes_is_taken(editor: StaffBrowser) -> None:
    rows = "".join(f"10000003,R1,2027-05-11,{'x' * 1000}{n}\n" for n in range(3_000))

    address = send(editor, f"usrn,round,cut 1,notes\n{rows}", season="2027")

    assert "1 street changes" in text_of(editor.get(address).text)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "schedule"}, "Choose a file to send."),
        ({"kind": "nonsense"}, "Choose what the files hold."),
        (
            {"kind": "schedule", "season": "next"},
            "Enter a year, like 2026.",
        ),
    ],
)
def test_a_form_that_is_not_filled_in_says_what_is_missing(
    editor: StaffBrowser, form: dict[str, str], sentence: str
) -> None:

    editor.get("/staff/uploads")

    answer = editor.post("/staff/uploads", form)

    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)


@on_both
def test_an_earlier_edition_is_put_back_with_one_press_and_the_history_says_who(
    council: Council, editor: StaffBrowser
) -> None:
    first = council.moment.atlas.editions[-1].number
    address = send(editor, MOVED)
    editor.get(address)
    editor.post(f"{address}/publish")
    second = council.moment.atlas.editions[-1].number

    page = text_of(editor.get(f"/staff/editions/{second}").text)
    assert "2 streets change" in page
    assert "by editor@example.gov.uk" in page

    assert editor.post(f"/staff/editions/{first}/put-back").status_code == 303
    assert july_of(council) == "2026-07-06"
    assert "Residents read this now." in editor.get("/staff/editions").text


@on_both
def test_the_original_can_be_had_until_it_is_old_enough(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, MOVED)
    editor.get(address)
    editor.post(f"{address}/publish")
    number = council.moment.atlas.editions[-1].number
    original = f"/staff/editions/{number}/files/0"

    answer = editor.get(original)
    assert answer.text == MOVED
    assert answer.headers["Content-Disposition"] == "attachment; filename=cuts.csv"

    run_jobs(council)
    assert editor.get(original).status_code == 200
    uploads.tidy(council, datetime.now(UTC) + timedelta(days=366 * 2))
    assert editor.get(original).status_code == 404
    assert "cuts.csv" in editor.get(f"/staff/editions/{number}").text


def test_what_nobody_publishes_is_forgotten_in_time_though_nobody_does_anything(
    council: Council, editor: StaffBrowser
) -> None:
    address = send(editor, MOVED)
    sender = Sender(council, lambda: datetime.now(UTC) + timedelta(days=uploads.OPEN_DAYS + 1))
    thread = sender.start()
    is_over = time.monotonic() + 10
    while not any(job.kind == uploads.TIDY for job in council.store.jobs.newest()):
        assert time.monotonic() < is_over
        time.sleep(0.01)
    sender.stop()
    thread.join()
    asked = {job.at for job in council.store.jobs.newest() if job.kind == uploads.TIDY}
    assert max(asked) <= datetime.now(UTC)  # workers go by the clock, whatever day it is here

    uploads.tidy(council, datetime.now(UTC) + timedelta(days=uploads.OPEN_DAYS + 1))

    assert editor.post(f"{address}/publish").status_code == 404


@on_both
def test_an_upload_published_while_the_old_ones_are_dropped_does_not_stop_it(
    council: Council, editor: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = send(editor, SCHEDULE), send(editor, MOVED)
    editor.get(address)
    old = council.store.uploads.older_than(datetime.now(UTC))
    editor.post(f"{address}/publish")
    monkeypatch.setattr(council.store.uploads, "older_than", lambda at: old)

    uploads.tidy(council, datetime.now(UTC))

    assert [upload.id for upload in old] == [2, 1]
    assert not council.store.uploads.get(2).is_open
    assert council.store.uploads.get(1).state == "published"


@pytest.mark.parametrize("step", ["_erase", "note"])
@on_both
def test_an_upload_is_dropped_whole_or_not_at_all(
    council: Council, editor: StaffBrowser, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    send(editor, MOVED)

    def broken(*arguments: Any, **named: Any) -> None:
        raise StoreUnavailable("disk_full", store="/srv/mapsvc.gpkg")

    with monkeypatch.context() as patch:
        patch.setattr(f"mapsvc.store.uploads.{step}", broken)
        with pytest.raises(StoreUnavailable):
            uploads.drop(council, 1, by="x", at=datetime.now(UTC))

    assert council.store.uploads.get(1).is_open
    assert council.store.uploads.contents(1)


@on_both
def test_the_workbook_of_a_schedule_sent_again_changes_nothing(
    council: Council, editor: StaffBrowser
) -> None:
    number = council.moment.atlas.editions[-1].number
    book = editor.get(f"/staff/editions/{number}/schedule.xlsx").data

    page = text_of(editor.get(send(editor, book, "edited.xlsx")).text)

    assert "Nothing changes" in page
    assert "Problems" not in page


def test_a_list_shows_its_streets_on_the_map_of_both_editions(editor: StaffBrowser) -> None:
    address = send(editor, SCHEDULE.replace("R2,,no,1,2026-06-01,2026-06-05", "R2,,no,1,TBC,"))

    listed = editor.get(f"{address}/lists/change").text
    street = editor.get(f"{address}/streets/10000002").text

    assert f"{address}/streets/10000002" in listed
    assert "Residents read now" in text_of(street)
    assert text_of(street).count("TBC") == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible_and_nothing_sticks_out(
    council: Council,
    app: Flask,
    editor: StaffBrowser,
    browser: Browser,
    axe_violations: Callable[[Page], list[dict[str, Any]]],
    width: int,
) -> None:
    mark(council, "verge:V3", "done", "2026-06-09", cut=2)
    moved = SCHEDULE.replace("2026-06-08,2026-06-12", "2026-06-22,2026-06-26")
    unknown = "99999999,V9,urban,,CC,R1,,yes,1,2026-05-11,2026-05-15\n"
    impossible = "10000005,V8,urban,,CC,R1,,yes,1,2026-05-11,2026-02-31\n"
    address = send(editor, moved + unknown + impossible)
    refused = send(editor, "colour\nred\n")
    waiting = send(editor, MOVED, jobs={})
    number = council.moment.atlas.editions[-1].number
    pages = [
        "/staff/uploads",
        address,
        refused,
        waiting,
        f"{address}/lists/change",
        f"{address}/streets/10000003",
        "/staff/editions",
        f"/staff/editions/{number}",
    ]
    with served(app) as port:
        base = f"http://127.0.0.1:{port}"
        window = browser.new_page(viewport={"width": width, "height": 800})
        window.goto(f"{base}/staff/sign-in")
        window.fill("#name", "editor@example.gov.uk")
        window.fill("#password", PASSWORD)
        window.click("main button")
        for path in pages:
            window.goto(base + path)
            assert axe_violations(window) == [], path
            wide = window.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
        window.close()


@pytest.mark.parametrize("status", [0, 502])
def test_a_page_that_waits_says_that_the_service_is_away_and_goes_on_when_it_is_back(
    council: Council, app: Flask, editor: StaffBrowser, browser: Browser, status: int
) -> None:
    def answer(route: Route) -> None:
        route.fulfill(status=status, body="Bad gateway") if status else route.abort()

    address = send(editor, MOVED, jobs={})
    with served(app) as port:
        base = f"http://127.0.0.1:{port}"
        window = browser.new_page()
        window.goto(f"{base}/staff/sign-in")
        window.fill("#name", "editor@example.gov.uk")
        window.fill("#password", PASSWORD)
        window.click("main button")
        window.route("**/state", answer)
        window.goto(base + address)

        expect(window.locator("#progress-words")).to_contain_text("We cannot reach the service")
        window.unroute("**/state")
        expect(window.locator("#progress-words")).to_contain_text("Waiting for its turn")
        run_jobs(council)
        expect(window.get_by_role("heading", name="What would change")).to_be_visible()
        window.close()


def test_a_bad_cell_and_its_reason_are_seen_without_scrolling_sideways(
    app: Flask, editor: StaffBrowser, browser: Browser
) -> None:
    notes = ",".join(f"a rather long note {n}" for n in range(30))
    first, *rows = SCHEDULE.replace("2026-07-10", "2026-02-31").splitlines()
    address = send(editor, "\n".join([f"{notes},{first}", *(f"{notes},{row}" for row in rows)]))
    with served(app) as port:
        base = f"http://127.0.0.1:{port}"
        window = browser.new_page(viewport={"width": 390, "height": 800})
        window.goto(f"{base}/staff/sign-in")
        window.fill("#name", "editor@example.gov.uk")
        window.fill("#password", PASSWORD)
        window.click("main button")
        window.goto(base + address)
        cell = window.locator(".app-cells__bad").first.bounding_box()
        why = window.locator(".app-problems__why").first.bounding_box()
        window.close()

    assert cell is not None
    assert why is not None
    assert 0 <= cell["x"] <= cell["x"] + cell["width"] <= 390
    assert 0 < cell["y"] - why["y"] < 200
