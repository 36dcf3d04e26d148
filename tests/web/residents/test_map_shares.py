"""A town on the map is told in shares of its streets: in JSON, in the list and on its own page."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from mapsvc.web.app import create_app
from tests.support.councils import TODAY, make_council, mark

KEEPERS = "code,name,kind,ours\nCC,Example County Council,county,yes\nLE,Little Example,parish,no\n"
STREETS = {"cut": 28, "delayed": 15, "under_way": 13, "due": 16, "elsewhere": 1}
NAMED = [f"{status} {number}" for status, many in STREETS.items() for number in range(many)]
GAZETTEER = "usrn,name,locality,town,easting,northing\n" + "".join(
    f"{10000001 + row},{name},,Exampleton,{450000 + 100 * row},300000\n"
    for row, name in enumerate(NAMED)
)
SCHEDULE = "usrn,verge,kind,keeper,round,tracked,cut,start,end\n" + "".join(
    f"{10000001 + row},V{row},urban,{'LE' if name.startswith('else') else 'CC'},"
    f"{name.split()[0]},yes,1,2026-06-15,2026-06-19\n"
    for row, name in enumerate(NAMED)
)
MARKS = {"cut": "done", "delayed": "delayed", "under_way": "started"}
WORDS = "28 cut, 13 under way, 16 due, 15 delayed, 1 looked after by others"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    files = {"keepers": KEEPERS, "gazetteer": GAZETTEER, "schedule": SCHEDULE}
    council = make_council(tmp_path_factory.mktemp("town"), files)
    for round_, kind in MARKS.items():
        mark(council, f"round:{round_}", kind, "2026-06-16", cut=1)
    yield create_app(council.settings, council).test_client()
    council.close()


def test_an_area_and_a_round_have_the_number_of_streets_of_each_status(
    client: FlaskClient,
) -> None:
    found = client.get("/api/status").get_json()
    area = found["areas"]["Exampleton"]

    assert area["shares"] == STREETS
    assert sum(area["shares"].values()) == area["streets"] == 73
    assert found["round_streets"]["delayed"]["shares"] == {"delayed": 15}


def test_the_part_for_a_map_of_the_county_has_the_same_shares(client: FlaskClient) -> None:
    whole, part = (client.get(f"/api/status{query}").get_json() for query in ("", "?part=places"))

    assert part["areas"] == whole["areas"]


def test_the_shares_are_what_the_streets_say(client: FlaskClient) -> None:
    streets = range(10000001, 10000001 + len(NAMED))
    said = Counter(
        client.get(f"/api/streets/{street}").get_json()["groups"][0]["status"] for street in streets
    )

    assert said == STREETS


@pytest.mark.parametrize("page", ["/map", "/map/list", "/map/list?place=Exampleton"])
def test_no_page_shows_the_status_of_most_of_a_town(client: FlaskClient, page: str) -> None:
    """It would be a green tick for a town of which a third is cut."""
    body = client.get(page).get_data(as_text=True)
    town = body.split("<main", 1)[1]
    if "place=" in page:
        town = town.split("<h2", 1)[0]

    assert WORDS in town
    assert "largest part" not in town
    assert 'class="app-tag' not in town.replace(page, "")
    assert 'class="app-ring"' in town


def test_the_legend_has_what_the_grass_shows_in_the_groups_that_residents_ask_for(
    client: FlaskClient,
) -> None:
    page = client.get("/embed").get_data(as_text=True)
    legend = page.split('id="map-legend"', 1)[1].split("</details>", 1)[0]
    shown = {
        part.split('"', 1)[0]
        for part in legend.split('data-status="')[1:]
        if " hidden>" not in part.split("<svg", 1)[0]
    }

    assert shown - {"issue"} == set(STREETS)
    groups = [part.split("<", 1)[0] for part in legend.split('<p id="legend-')[1:]]
    assert [group.split(">")[1] for group in groups] == [
        "Cut",
        "Coming or not confirmed",
        "Held up or left to grow",
        "Not cut by us",
        "No dates",
        "Reported",
    ]


def test_the_day_of_these_marks_is_today() -> None:
    assert TODAY.isoformat() == "2026-06-17"
