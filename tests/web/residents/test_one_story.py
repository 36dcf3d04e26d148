"""Page, table, JSON, embed, list, drawing and map tell one story; cases that once told two."""

import html
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import make_council, mark, open_council
from tests.support.year_council import FIRST, YearCouncil

IN_EVERY_RUN, IN_ALL = 150, 20_000


def words(markup: str) -> str:
    """The text of a page, spaces joined."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def page_parts(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Of each answer on a page its label, its sentence and its rows."""
    found = []
    for section in re.findall(r'<section class="app-group .*?</section>', text, re.S):
        label = re.search(r"<strong.*?</strong>", section, re.S)
        said = re.search(r'<p class="govuk-body-l.*?</p>', section, re.S)
        assert label
        assert said
        rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section, re.S)
        found.append((words(label[0]), words(said[0]), {words(a): words(b) for a, b in rows}))
    return found


def table_cells(text: str) -> set[str]:
    """What the rows of the table say in their last cell."""
    rows = [row.split("<td")[-1] for row in re.findall(r"<tr.*?</tr>", text, re.S) if "<td" in row]
    return {words(f"<td{row}".replace("<br>", ". ")) for row in rows}


class Stories:
    """Everything that is said of a street on a day."""

    def __init__(self, client: FlaskClient, street: str, on: date) -> None:
        day = f"?on={on}"
        self.client, self.street = client, street
        self.page = client.get(f"/streets/{street}{day}").text
        self.embed = client.get(f"/embed/streets/{street}{day}").text
        self.json: dict[str, Any] = client.get(f"/api/streets/{street}{day}").get_json()
        self.drawing = client.get(f"/streets/{street}/map.svg{day}").text
        self.board: dict[str, Any] = {}

    def differences(self) -> Iterator[object]:
        groups = self.json["groups"]
        told = {(g["label"], g["sentence"].partition(": ")[2]) for g in groups}
        for label, said, rows in page_parts(self.page):
            if not any(label == known and whole.startswith(said) for known, whole in told):
                yield "page", label, said
            facts = [{f["term"]: f["words"] for f in g["facts"]} for g in groups]
            if not any(fact.items() <= rows.items() for fact in facts):
                yield "rows", rows, facts
        if len({(g["label"], g["sentence"]) for g in groups}) and not page_parts(self.page):
            yield "no answer on the page"
        if page_parts(self.page) != page_parts(self.embed):
            yield "embed", page_parts(self.embed)
        if table_cells(self.page) != {row["sentence"] for row in self.json["season"]}:
            yield "table", table_cells(self.page), self.json["season"]
        if any(g["verges"] and g["label"] not in words(self.drawing) for g in groups):
            yield "drawing", words(self.drawing)[:200]
        yield from self._on_the_map()

    def _on_the_map(self) -> Iterator[object]:
        for group in self.json["groups"]:
            of_round = self.board["rounds"].get(group["round"]["code"] if group["round"] else "")
            for verge in group["verges"]:
                if self.board["verges"].get(verge, of_round) != group["status"]:
                    yield "map", verge, group["status"]


def test_whatever_is_asked_tells_one_story(tmp_path: Path, is_long: bool) -> None:
    year = YearCouncil(tmp_path, streets=48 if is_long else 8)
    days = list(year.days())
    client, chance = create_app(year.council.settings, year.council).test_client(), random.Random(1)
    asked: dict[date, list[str]] = defaultdict(list)
    number = IN_ALL if is_long else IN_EVERY_RUN
    some_days = days if is_long else chance.sample(days, 15)
    for at in range(number):
        asked[some_days[at % len(some_days)]].append(chance.choice(year.ids))

    found = []
    for on, streets in asked.items():
        board = client.get(f"/api/status?on={on}").get_json()
        for street in streets:
            stories = Stories(client, street, on)
            stories.board = board
            found += [(street, on, difference) for difference in stories.differences()]
    listed = [
        (street, label)
        for street in year.ids
        for label, _, _ in page_parts(client.get(f"/streets/{street}").text)
        if label not in words(client.get(f"/map/list?street={street}").text)
    ]
    year.council.close()

    assert (found[:3], listed) == ([], [])
    assert sum(map(len, asked.values())) == number


# The cases


@pytest.fixture
def council(example_data: Path, tmp_path: Path) -> Iterator[Council]:
    shutil.copytree(example_data, tmp_path / "data")
    council = open_council(tmp_path)
    yield council
    council.close()


def page_of(council: Council, street: str, day: str = "") -> str:
    client = create_app(council.settings, council).test_client()
    return client.get(f"/streets/{street}{f'?on={day}' if day else ''}").text


def test_the_rows_speak_of_the_cut_of_the_sentence_and_of_the_one_after(council: Council) -> None:
    mark(council, "round:R2", "done", "2026-06-16", cut=1)  # so that nobody has gone quiet

    label, said, rows = page_parts(page_of(council, "10000003"))[0]

    assert label == "Due"
    assert said.startswith("This cut was planned for Monday 8 to Friday 12 June")
    assert rows["This cut"].startswith("Planned for Monday 8 to Friday 12 June")
    assert rows["The cut after"] == "Between Monday 6 and Friday 10 July"
    assert "Next cut" not in rows


def test_a_part_that_was_missed_and_a_round_that_was_done_are_one_story(council: Council) -> None:
    reason = "vehicles were parked on it"
    mark(council, "verge:V3", "missed", "2026-05-12", cut=1, reason=reason)
    mark(council, "round:R1", "done", "2026-05-15", cut=1)

    page = page_of(council, "10000003")

    assert (
        "Could not be cut on Tuesday 12 May because vehicles were parked on it. "
        "The rest of the round was cut on Friday 15 May"
    ) in table_cells(page)
    assert page_parts(page)[0][0] != "Marked as cut"


def test_a_street_that_is_paused_reads_paused_in_its_table(council: Council) -> None:
    mark(council, "all", "suspended", "2026-06-05", reason="the ground is waterlogged")

    page = page_of(council, "10000003")

    paused = "Paused from Friday 5 June because the ground is waterlogged"
    assert table_cells(page) == {"Not marked as done", paused}
    assert page_parts(page)[0][2]["Paused"].startswith("From Friday 5 June because the ground")


def test_in_the_year_after_there_are_no_dates_yet(tmp_path: Path) -> None:
    council = make_council(tmp_path, today=date(2027, 6, 10))

    client = create_app(council.settings, council).test_client()
    page = client.get("/streets/10000003").text
    listed = client.get("/map/list?street=10000003").text
    council.close()

    assert page_parts(page)[0][0] == "No dates yet for 2027"
    assert "Finished for the year" not in page + listed
    assert "Cuts in 2026" in page


def test_two_parts_of_one_status_have_names_that_differ(council: Council) -> None:
    names = re.findall(r'<h2 class="app-group__status".*?</h2>', page_of(council, "10000002"), re.S)

    assert len({words(name) for name in names}) == len(names) == 2


def test_codes_of_rounds_are_for_staff(council: Council) -> None:
    assert not re.search(r"\bR[123]\b", words(page_of(council, "10000002")))


def test_the_answer_says_in_its_headers_how_long_it_holds(council: Council) -> None:
    client = create_app(council.settings, council).test_client()

    page, document = client.get("/streets/10000003"), client.get("/api/streets/10000003")

    last = date.fromisoformat(document.get_json()["holds_until"])
    midnight = last + timedelta(days=1)
    assert page.expires == document.expires
    assert page.expires is not None
    assert page.expires.date() in (last, midnight)  # an hour earlier in UTC while it is summer
    assert page.headers["Cache-Control"] == "no-cache"
    assert "Expires" not in client.get(f"/streets/10000003?on={FIRST}").headers
