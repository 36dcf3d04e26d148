"""What residents read: the search, the answer, the map, the errors."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapsvc.config import Settings
from mapsvc.store.database import open_store
from mapsvc.web.app import create_app
from mapsvc.web.residents.maps import PLACES_BESIDE
from tests.support.councils import make_council, mark
from tests.support.store_samples import a_gazetteer, publish, some_streets
from tests.support.web_council import AMPERSAND, SCRIPT, TEMPLATE, make_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(tmp_path_factory.mktemp("pages"))
    yield app
    app.extensions["council"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def words(html: str) -> str:
    """The page without its tags, spaces joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_search_never_picks_where_two_streets_fit(client: FlaskClient) -> None:
    page = client.get("/?q=main+street")

    assert page.status_code == 200
    said = words(page.text)
    assert "Main Street Little Example, Exampleton, EX1" in said
    assert "Main Street Great Example, Exampleton, EX2" in said
    assert 'lang="cy">Stryd Fawr' in page.text


def test_even_one_street_is_shown_and_not_gone_to(client: FlaskClient) -> None:
    page = client.get("/?q=church+lane")

    assert page.status_code == 200
    assert 'href="/streets/10000003"' in page.text


def test_streets_that_look_alike_say_their_parish(client: FlaskClient) -> None:
    said = words(client.get("/?q=twin+lane").text)

    assert "Exampleton, EX3, North parish" in said
    assert "Exampleton, EX3, South parish" in said


def test_streets_without_any_place_say_their_ward(tmp_path: Path) -> None:
    streets = some_streets(2, town="").assign(name="Twin Lane", ward=["Abbey", "Priory"])
    store = open_store(tmp_path / "mapsvc.gpkg")
    publish(store, a_gazetteer(streets))
    store.close()

    page = create_app(Settings(data=tmp_path)).test_client().get("/?q=twin+lane")

    assert re.findall(r'"app-place">([^<]*)<', page.text) == ["Abbey ward", "Priory ward"]


def test_no_result_says_what_to_do_next(client: FlaskClient) -> None:
    page = client.get("/?q=zzqxv")

    assert page.status_code == 200
    assert "We found no street for “zzqxv”" in words(page.text)
    assert "Check the spelling" in page.text
    assert "01632 960000" in page.text


def test_the_answer_says_status_sentence_keeper_and_time(client: FlaskClient) -> None:
    page = client.get("/streets/10000003")
    said = words(page.text)

    assert "Marked as cut" in said
    assert "Our crew marked this grass as cut on Wednesday 10 June." in said
    assert 'href="tel:01632960000"' in page.text
    assert "Recorded as of 4:12pm on Tuesday 16 June 2026." in said
    assert "<title>Grass on Church Lane, Great Example, Exampleton – Example" in page.text


def test_a_plan_that_passed_unmarked_never_reads_as_done(client: FlaskClient) -> None:
    said = words(client.get("/streets/10000002").text)

    table = said.partition("Cuts in 2026")[2]
    assert "Not marked as done" in table
    assert "We do not mark each cut here" in table
    assert "Marked as cut" not in table


def test_alternative_names_carry_their_language(client: FlaskClient) -> None:
    assert '<span lang="cy">Stryd Fawr</span>' in client.get("/streets/10000001").text


def test_another_day_is_named(client: FlaskClient) -> None:
    said = words(client.get("/streets/10000003?on=2026-06-01").text)

    assert "This is what was true on Monday 1 June 2026" in said


def test_a_demonstration_says_so_on_every_page(client: FlaskClient) -> None:
    for address in ("/", "/streets/10000003", "/map", "/map/list", "/streets/nonsense"):
        assert "as if today were Wednesday 17 June 2026" in client.get(address).text, address


def test_a_mark_is_on_the_page_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    client, council = app.test_client(), app.extensions["council"]
    before = client.get("/streets/10000002").text

    mark(council, "verge:V1", "done", "2026-06-17", cut=2)

    after = client.get("/streets/10000002").text
    assert "cut on Wednesday 17 June" not in words(before)
    assert "cut on Wednesday 17 June" in words(after)
    council.close()


def test_a_mark_elsewhere_moves_the_time_of_the_record_alone(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    app = make_app(tmp_path)
    client, council = app.test_client(), app.extensions["council"]
    before = client.get("/streets/10000003")

    mark(council, "verge:V1", "done", "2026-06-17", cut=2, at=datetime(2026, 6, 17, 9, tzinfo=UTC))

    after = client.get("/streets/10000003")
    assert "Recorded as of 10:00am on Wednesday 17 June 2026." in words(after.text)
    assert after.headers["ETag"] != before.headers["ETag"]
    council.close()


@pytest.mark.parametrize(
    ("street", "name"), [("10000006", SCRIPT), ("10000007", TEMPLATE), ("10000008", AMPERSAND)]
)
def test_names_are_text(client: FlaskClient, street: str, name: str) -> None:
    from markupsafe import escape

    for address in (f"/streets/{street}", f"/map?street={street}", f"/map/list?street={street}"):
        page = client.get(address).text

        assert str(escape(name)) in page, address
        assert "<script>alert" not in page, address
        assert "<b>urban" not in page, address


def test_a_keepers_address_is_a_link_only_if_it_is_one(tmp_path: Path) -> None:
    from tests.support.councils import KEEPERS, make_council
    from tests.support.web_council import FILES

    keepers = KEEPERS.replace("https://example.gov.uk", "javascript:alert(1)")
    council = make_council(tmp_path, {**FILES, "keepers": keepers})

    page = create_app(council.settings, council).test_client().get("/streets/10000003").text

    assert 'href="javascript:' not in page
    council.close()


def test_the_map_and_its_list_say_the_same_streets(client: FlaskClient) -> None:
    page, listed = (
        client.get("/map?street=10000003").text,
        client.get("/map/list?street=10000003").text,
    )

    for text in (page, listed):
        assert "Church Lane" in text
        assert 'href="/streets/10000006"' in text


def test_the_map_of_the_council_lists_each_round_with_its_shares(client: FlaskClient) -> None:
    said = words(client.get("/map/list").text)

    assert re.search(r"R3 1 1 cut regularly\. None of 1 street due this week\.", said)


def test_beside_the_map_stand_the_largest_places_and_in_the_list_all(tmp_path: Path) -> None:
    homes = [f"Village {n:02}" for n in range(PLACES_BESIDE + 1)] + ["Aston"] * 2
    line = '"LINESTRING (452000 300000, 452100 300000)"'
    streets = "".join(f"{n},Lane {n},{home},{line}\n" for n, home in enumerate(homes, 10000001))
    grass = "".join(f"{n},V{n},R1\n" for n, _ in enumerate(homes, 10000001))
    files = {
        "gazetteer": f"usrn,name,locality,wkt\n{streets}",
        "schedule": f"usrn,verge,round\n{grass}",
    }
    council = make_council(tmp_path, files)
    client = create_app(council.settings, council).test_client()

    beside, listed = words(client.get("/map").text), words(client.get("/map/list").text)

    assert "These are the 20 with the most streets." in beside
    assert "All 22 towns and villages as a list" in beside
    assert ("Aston" in beside, "Village 20" in beside) == (True, False)
    assert "with the most streets" not in listed
    assert all(home in listed for home in homes)
    council.close()


def test_the_answer_page_is_small(app: Flask) -> None:
    client = app.test_client()
    compressed = {"Accept-Encoding": "gzip"}
    page = client.get("/streets/10000002", headers=compressed)
    sheet = re.search(r'href="(/static/main[^"]+)"', client.get("/").text)
    assert sheet is not None

    css = client.get(sheet[1], headers=compressed)

    assert page.headers["Content-Encoding"] == css.headers["Content-Encoding"] == "gzip"
    assert len(page.data) + len(css.data) <= 20_000


def test_a_search_that_fits_nothing_names_near_streets_and_answers_none(
    client: FlaskClient,
) -> None:
    page = client.get("/?q=church+crossing")

    said = words(page.text)
    assert "We found no street for “church crossing”" in said
    assert "The names most like it are: Church Lane Great Example" in said
    assert "no street found" in page.text
