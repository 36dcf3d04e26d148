"""Open311 GeoReport v2: read by other people's clients, held to the published schemas."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from georeport import GeoReport
from werkzeug.test import TestResponse

from mapsvc.cli import main
from mapsvc.config import Settings
from mapsvc.domain.issues import Issue, State
from mapsvc.errors import AccountRefused
from mapsvc.services.accounts.api_keys import add_key
from mapsvc.services.issues.open311_server import UPDATE_STATES
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.web.app import create_app
from tests.support.georeport_schema import (
    DEFINITION,
    DISCOVERY,
    ERROR,
    MADE,
    REQUEST,
    SERVICE,
    Check,
    faults,
)
from tests.support.serving import served
from tests.support.web_council import make_app

BASE = "/open311/v2"
NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def app_at(folder: Path, **settings: object) -> Flask:
    """The application of the sample council, at one minute past NOW for ever."""
    app = make_app(folder, **settings)
    app.extensions["council"].now = lambda: LATER
    return app


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One council for the tests that only read."""
    app = app_at(tmp_path_factory.mktemp("open311"))
    issues = app.extensions["council"].store.issues
    long = issues.add(IssueDraft("grass-too-long", "Up to my knees", "10000002"), NOW)
    issues.move(long.id, State.PLANNED, by="ann", at=NOW, season=2026, cut=3)
    gone = issues.add(IssueDraft("damage", "<b>A fence</b>", "10000003"), NOW)
    issues.change(gone.id, "released", by="ann", at=NOW, is_released=True)
    issues.move(gone.id, State.NO_ACTION, by="ann", at=NOW, sentence="No fence is there.")
    issues.add(IssueDraft("other", "Long ago", "10000003"), NOW - timedelta(days=91))
    return app


@pytest.fixture
def reader(shared: Flask) -> FlaskClient:
    return shared.test_client()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One council for the tests that send; each says something else."""
    return app_at(tmp_path_factory.mktemp("sent"))


@pytest.fixture(scope="module")
def key(app: Flask) -> str:
    return add_key(app.extensions["council"], "fixmystreet", by="tests", now=NOW)


NUMBERS = count(1)


def post(
    app: Flask, key: str, format: str = "json", address: str = "", **values: str
) -> TestResponse:
    text = f"Up to my knees, number {next(NUMBERS)}"
    said = {"api_key": key, "service_code": "other", "description": text, **values}
    base = {"REMOTE_ADDR": address or "127.0.0.1"}
    return app.test_client().post(f"{BASE}/requests.{format}", data=said, environ_base=base)


AT_MAIN_STREET = {"address_id": "10000002"}


# Reading


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/discovery.json", DISCOVERY),
        ("/services.json", SERVICE),
        ("/services/damage.json", DEFINITION),
        ("/requests.json", REQUEST),
        ("/services/none.json", ERROR),
    ],
)
def test_documents_are_as_the_schemas_say(
    reader: FlaskClient, path: str, schema: Mapping[str, Check]
) -> None:
    answer = reader.get(BASE + path)
    document = answer.json
    entries = document if isinstance(document, list) else [document]

    assert entries
    assert [faults(entry, schema) for entry in entries] == [[]] * len(entries)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("format", ["json", "xml"])
def test_the_client_of_the_package_index_reads_everything(shared: Flask, format: str) -> None:
    with served(shared) as port:
        client = GeoReport(f"http://127.0.0.1:{port}{BASE}/", output_format=format)
        services, definition = client.get_service_list(), client.get_service_definition("damage")
        requests = client.get_service_requests(status="closed")
        one = client.get_service_request(requests["service_request_id"] if isinstance(
            requests, dict) else requests[0]["service_request_id"])  # fmt: skip

    assert "grass-too-long" in [service["service_code"] for service in services]
    assert definition["service_code"] == "damage"
    one = one[0] if isinstance(one, list) else one
    assert (one["status"], one["description"]) == ("closed", "<b>A fence</b>")


def test_xml_says_the_same_as_json(reader: FlaskClient) -> None:
    def texts(value: Any) -> Any:
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value)

    for path, item in (("/services", "service"), ("/requests", "request")):
        found = ET.fromstring(reader.get(f"{BASE}{path}.xml").data).findall(item)
        in_xml = [{part.tag: part.text or "" for part in entry} for entry in found]
        in_json = [{k: texts(v) for k, v in entry.items()} for entry in _json(reader, path)]

        assert in_xml == in_json


def _json(reader: FlaskClient, path: str, query: str = "") -> list[dict[str, Any]]:
    answer = reader.get(f"{BASE}{path}.json?{query}")
    return list(answer.json or [])


def test_words_of_residents_are_in_it_once_staff_released_them(reader: FlaskClient) -> None:
    said = {one["service_code"]: one["description"] for one in _json(reader, "/requests")}

    assert said == {"grass-too-long": "Grass that is too long", "damage": "<b>A fence</b>"}


def test_what_is_closed_does_not_read_as_fixed(reader: FlaskClient) -> None:
    damage = next(r for r in _json(reader, "/requests") if r["service_code"] == "damage")

    assert (damage["status"], damage["status_notes"]) == ("closed", "No action. No fence is there.")


def test_a_planned_cut_is_when_it_is_expected(reader: FlaskClient) -> None:
    long = next(r for r in _json(reader, "/requests") if r["service_code"] == "grass-too-long")

    assert long["expected_datetime"] == "2026-07-06T00:00:00+01:00"


def codes(reader: FlaskClient, query: str) -> list[str]:
    answer = reader.get(f"{BASE}/requests.json?{query}")
    assert answer.status_code == 200, answer.text
    return [one["service_code"] for one in answer.json]  # type: ignore[union-attr]


def stamp(days: int) -> str:
    return (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["damage", "grass-too-long"]),
        ("status=open", ["grass-too-long"]),
        ("status=closed,open", ["damage", "grass-too-long"]),
        ("service_code=damage,other", ["damage"]),
        ("service_code=none", []),
        (f"start_date={stamp(-100)}&end_date={stamp(-50)}", ["other"]),
        (f"end_date={stamp(-1)}", ["other"]),
        (f"start_date={stamp(-92)}", ["other"]),
        (f"start_date={stamp(-90)}", ["damage", "grass-too-long"]),
        ("page_size=1", ["damage"]),
        ("page_size=1&page=2", ["grass-too-long"]),
        ("page_size=1&page=3", []),
        ("jurisdiction_id=example.gov.uk&deviceid=7", ["damage", "grass-too-long"]),
    ],
)
def test_requests_are_filtered(reader: FlaskClient, query: str, found: list[str]) -> None:
    assert codes(reader, query) == found


def test_ids_ask_for_these_alone_however_old(shared: Flask, reader: FlaskClient) -> None:
    store = shared.extensions["council"].store
    ids = ",".join([*(one.reference for one in store.issues.page()), "G-none"])

    found = codes(reader, f"service_request_id={ids}&status=open&service_code=none")

    assert sorted(found) == ["damage", "grass-too-long", "other"]


@pytest.mark.parametrize(
    ("path", "code", "sentence"),
    [
        (
            "/requests.json?start_date=nonsense&page=-1",
            400,
            'The start_date "nonsense" cannot be read as a time',
        ),
        ("/requests.json?page=-1", 400, '"-1" cannot be used. Enter a number from 1'),
        (
            "/requests.json?page_size=1001",
            400,
            '"1001" cannot be used. Enter a number from 1 to 1000',
        ),
        (
            "/requests.json?status=fixed",
            400,
            'The status "fixed" is not known. Use open or closed.',
        ),
        (
            "/servicerequestupdates.json?start_date=nonsense",
            400,
            'The start_date "nonsense" cannot be read as a time',
        ),
        (f"/requests.json?start_date={stamp(-100)}&end_date={stamp(0)}", 400, "more than 90 days"),
        ("/requests.json?start_date=0001-01-01T00:00:00Z", 400, "cannot be read as a time"),
        ("/requests/G-0000-0000.json", 404, 'There is no issue "G-0000-0000"'),
        ("/services/none.json", 404, "service_code none was not found"),
        ("/nothing.json", 404, "check it"),
    ],
)
def test_errors_are_those_of_the_specification(
    reader: FlaskClient, path: str, code: int, sentence: str
) -> None:
    answer = reader.get(BASE + path)
    in_xml = reader.get(BASE + path.replace(".json", ".xml"))

    assert answer.status_code == in_xml.status_code == code
    assert isinstance(answer.json, list)
    assert faults(answer.json[0], ERROR) == []
    assert sentence in answer.json[0]["description"]
    error = ET.fromstring(in_xml.data).find("error")
    assert error is not None
    assert error.findtext("code") == str(code)


# As FixMyStreet reads: XML, entries of lists forced to be lists, an address with a slash at its end


def read_as_fixmystreet(client: FlaskClient, name: str, item: str) -> list[dict[str, str]]:
    root = ET.fromstring(client.get(f"{BASE}/" + name).data)
    return [{part.tag: part.text or "" for part in entry} for entry in root.findall(item)]


def test_a_category_that_is_missing_was_deleted(tmp_path: Path) -> None:
    file = tmp_path / "categories.csv"
    head = "code,name,help,urgent,about_cutting,recipient\n"
    seen = []
    for number, rows in enumerate(("a,A & B,,,,\nb,B,,,,\n", "a,A & B,,,,\n")):
        file.write_text(head + rows)
        settings = Settings(data=tmp_path / str(number), categories=file)
        client = create_app(settings).test_client()
        services = read_as_fixmystreet(client, "services.xml", "service")
        seen.append({service["service_code"]: service["service_name"] for service in services})

    assert seen == [{"a": "A & B", "b": "B"}, {"a": "A & B"}]


def test_updates_are_what_everybody_may_know_and_closed_is_not_fixed(
    shared: Flask, reader: FlaskClient
) -> None:
    updates = read_as_fixmystreet(reader, "servicerequestupdates.xml", "request_update")
    references = {one.category: one.reference for one in newest_issues(shared)}

    assert [(u["service_request_id"], u["status"], u["description"]) for u in updates] == [
        (references["grass-too-long"], "action_scheduled", "Planned."),
        (references["damage"], "no_further_action", "No fence is there."),
    ]
    assert len({update["update_id"] for update in updates}) == 2
    assert {update["updated_datetime"] for update in updates} == {"2026-06-17T10:00:00+01:00"}


def newest_issues(app: Flask) -> list[Issue]:
    council: Council = app.extensions["council"]
    return council.store.issues.page()


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (f"start_date={stamp(-1)}&end_date={stamp(0)}", 2),
        (f"start_date={stamp(-50)}&end_date={stamp(-1)}", 0),
        ("page_size=1&page=2", 1),
        ("page_size=1&page=3", 0),
    ],
)
def test_updates_are_of_a_time_and_in_pages(reader: FlaskClient, query: str, number: int) -> None:
    assert len(_json(reader, "/servicerequestupdates", query)) == number


def test_every_state_has_a_word_for_updates_and_only_fixed_is_fixed() -> None:
    assert set(UPDATE_STATES) == set(State)
    assert [state for state, word in UPDATE_STATES.items() if word in ("fixed", "closed")] == [
        State.FIXED
    ]


def test_lists_with_nothing_in_them_are_whole_documents(reader: FlaskClient) -> None:
    assert read_as_fixmystreet(reader, "requests.xml?service_code=none", "request") == []
    assert reader.get(f"{BASE}/requests.json?service_code=none").json == []


def test_a_report_is_sent_with_attributes_and_a_device_and_its_number_comes_back(
    app: Flask, council: Council, key: str
) -> None:
    attributes = ET.fromstring(app.test_client().get(f"{BASE}/services/other.xml").data)
    names = [one.text for one in attributes.iter("code")]
    said = {"attribute[stretch]": "by the bus stop", "attribute[reference]": "fms-7"}
    answer = post(app, key, "xml", deviceid="d", first_name="Ann", **said, **AT_MAIN_STREET)
    number = ET.fromstring(answer.data).findtext("request/service_request_id")
    assert number is not None
    issue = council.store.issues.of_reference(number)

    assert names == ["stretch", "reference"]
    assert answer.status_code == 201
    assert (issue.street, issue.stretch) == ("10000002", "by the bus stop")


# Sending


def newest_issue(council: Council) -> Issue:
    return council.store.issues.page(limit=1)[0]


@contextmanager
def nothing_kept(council: Council) -> Iterator[None]:
    """Fails when the block leaves an issue or a message behind."""
    before = council.store.issues.number(), council.store.outbox.numbers()
    yield
    assert (council.store.issues.number(), council.store.outbox.numbers()) == before


def test_a_report_becomes_an_issue_of_its_sender(app: Flask, council: Council, key: str) -> None:
    street = council.moment.atlas.street("10000003")
    assert street is not None
    answer = post(app, key, lat=str(street.lat), long=str(street.lon))

    assert answer.json is not None
    assert faults(answer.json[0], MADE) == []
    issue = newest_issue(council)
    assert (issue.street, issue.reference) == ("10000003", answer.json[0]["service_request_id"])
    assert council.store.issues.events_of(issue.id)[0].by == "fixmystreet"


def test_an_id_of_somebody_else_gives_way_to_the_position(
    app: Flask, council: Council, key: str
) -> None:
    street = council.moment.atlas.street("10000003")
    assert street is not None
    post(app, key, address_id="of-another", lat=str(street.lat), long=str(street.lon))

    assert newest_issue(council).street == "10000003"


def test_the_same_reference_sent_twice_is_one_request(app: Flask, key: str) -> None:
    said = {"attribute[reference]": "fms-9", **AT_MAIN_STREET}
    first, again = (post(app, key, **said).json for _ in range(2))
    other = post(app, key, **{**said, "attribute[reference]": "fms-10"}).json

    assert first == again != other


def test_an_address_in_words_names_one_street_or_is_asked_about(
    app: Flask, council: Council, key: str
) -> None:
    with nothing_kept(council):
        assert "names no one street" in post(app, key, address_string="Main Street").text
    assert post(app, key, address_string="Church Lane, Great Example").status_code == 201
    assert newest_issue(council).street == "10000003"


@pytest.mark.parametrize(
    ("values", "code", "sentence"),
    [
        ({"api_key": ""}, 403, "needs an api_key"),
        ({"api_key": "guess"}, 403, "needs an api_key"),
        ({"service_code": ""}, 400, "service_code was not given"),
        ({"service_code": "none"}, 404, "service_code none was not found"),
        ({"description": " "}, 400, "Say in a few words"),
        ({"description": "x" * 8001}, 400, "8,001 characters"),
        ({"address_id": ""}, 400, "No place came"),
        ({"address_id": "", "lat": "0", "long": "0"}, 400, "lies outside this map"),
        ({"address_id": "", "lat": "nan", "long": "0"}, 400, "The latitude"),
        ({"address_id": "", "lat": "x", "long": "0"}, 400, "cannot be read. Use degrees"),
        ({"address_id": "", "lat": "53.5", "long": "-1.2"}, 400, "more than 500 m from every"),
        ({"address_id": "1"}, 404, "1"),
        ({"address_id": "10000001"}, 400, "Little Example Parish Council looks after the grass"),
        ({"email": "a@b\r\nBcc: c@d.example"}, 400, "Enter an email address"),
    ],
)
def test_what_cannot_be_taken_is_the_specifications_error_and_nothing_is_kept(
    app: Flask, council: Council, key: str, values: dict[str, str], code: int, sentence: str
) -> None:
    with nothing_kept(council):
        answer = post(app, **{"key": key, **AT_MAIN_STREET, **_renamed(values)})

    assert answer.status_code == code, answer.text
    assert isinstance(answer.json, list)
    assert faults(answer.json[0], ERROR) == []
    assert sentence in answer.json[0]["description"]


def _renamed(values: dict[str, str]) -> dict[str, str]:
    return {("key" if name == "api_key" else name): value for name, value in values.items()}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><x>&a;&b;</x>'


@pytest.mark.parametrize("mimetype", ["text/xml", "application/xml", "application/json", ""])
def test_a_body_that_is_no_form_is_not_read(
    app: Flask, council: Council, key: str, mimetype: str
) -> None:
    address = f"{BASE}/requests.xml?api_key={key}"
    with nothing_kept(council):
        answer = app.test_client().post(address, data=BOMB, content_type=mimetype)

    assert answer.status_code == 400
    assert "Send them as a form" in answer.text


def test_xml_as_a_description_is_text(app: Flask, council: Council, key: str) -> None:
    post(app, key, description=BOMB, **AT_MAIN_STREET)

    assert newest_issue(council).text == BOMB


def test_a_megabyte_is_refused(app: Flask, council: Council, key: str) -> None:
    with nothing_kept(council):
        answer = post(app, key, description="x" * 1_000_000, **AT_MAIN_STREET)

    assert answer.status_code == 413
    assert "larger than 64 KB" in answer.json[0]["description"]  # type: ignore[index]


def test_a_key_guessed_a_thousand_times_stores_nothing_and_the_right_one_still_works(
    app: Flask, council: Council, key: str
) -> None:
    said = {"address": "192.0.2.9", **AT_MAIN_STREET}
    with nothing_kept(council):
        found = [post(app, f"guess {n}", **said).status_code for n in range(1000)]

    assert found == [403] * 20 + [429] * 980
    assert post(app, key, **said).status_code == 201


def test_more_than_everybody_may_send_in_an_hour_waits(tmp_path: Path) -> None:
    app = app_at(tmp_path, reports_per_hour=1)
    key = add_key(app.extensions["council"], "k", by="tests", now=NOW)

    answers = [post(app, key, description=text, **AT_MAIN_STREET) for text in ("a", "b")]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].headers["Retry-After"] == "3600"


# Keys


def test_a_key_is_shown_once_and_kept_as_a_hash_until_it_is_disabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_at(tmp_path)
    council = app.extensions["council"]
    monkeypatch.setenv("MAPSVC_DATA", str(council.settings.data))

    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["api-key", *words]).output

    key = run("add", "north").splitlines()[-1].strip()

    assert key not in (council.settings.data / "mapsvc.gpkg").read_bytes().decode("latin-1")
    assert post(app, key, **AT_MAIN_STREET).status_code == 201
    assert "There is an API key north already" in run("add", "north")
    assert key not in run("list", "--json")
    run("disable", "north")
    assert "disabled" in run("list")
    assert post(app, key, **AT_MAIN_STREET).status_code == 403
    assert "There is no API key south" in run("disable", "south")


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 61, "a\nb"])
def test_a_name_that_cannot_be_one_is_named(council: Council, name: str) -> None:
    with pytest.raises(AccountRefused, match="cannot name an API key"):
        add_key(council, name, by="tests", now=NOW)
