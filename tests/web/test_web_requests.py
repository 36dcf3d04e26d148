"""Requests of every kind: codes, headers, problem documents, and never a 500."""

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapsvc.errors import StoreUnavailable
from tests.support.councils import KEEPERS, publish_text
from tests.support.web_council import GAZETTEER, make_app

TEN_THOUSAND = "x" * 10_000


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(tmp_path_factory.mktemp("requests"), embed_hosts=("https://www.example.gov.uk",))
    yield app
    app.extensions["council"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


PAGES = [
    ("/", 200),
    ("/?q=", 200),
    ("/?q=%25", 200),
    ("/?q=_", 200),
    ("/?q=%22", 200),
    ("/?q='", 200),
    ("/?q=%00", 200),
    ("/?q=a%00b", 200),
    ("/?q=%E2%80%AE%D7%90%D7%91", 200),
    ("/?q=%ff%fe", 200),
    ("/?q=%F0%9F%8C%BF", 200),
    ("/?q=NEAR(a)+OR+*", 200),
    ("/?q=a&q=b", 200),
    (f"/?q={TEN_THOUSAND}", 400),
    ("/streets/nonsense", 404),
    ("/streets/%00", 404),
    ("/streets/..%2f..%2fetc", 404),
    (f"/streets/{TEN_THOUSAND}", 404),
    ("/streets/%E2%80%AE", 404),
    ("/streets/", 404),
    ("/streets/10000003?on=2026-06-18", 400),
    ("/streets/10000003?on=2026-02-30", 400),
    ("/streets/10000003?on=0000-00-00", 400),
    ("/streets/10000003?on=0001-01-01", 400),
    ("/streets/10000003?on=20260617", 400),
    ("/streets/10000003?on=2026-W25-3", 400),
    ("/streets/10000003?on=%00", 400),
    ("/streets/10000003?on=2026-06-17", 200),
    ("/streets/10000003?on=", 200),
    ("/streets/10000003?on=2026-06-01&on=nonsense", 200),
    ("/streets/10000003/map.svg", 200),
    ("/streets/nonsense/map.svg", 404),
    ("/map?street=nonsense", 404),
    ("/map/list?street=%00", 404),
    ("/map/script.js", 200),
    ("/map/script.js?v=nonsense", 200),
    ("/static/", 404),
    ("/static/../setup.cfg", 404),
    ("/static/%2e%2e/setup.cfg", 404),
    ("/static/manifest.json", 404),
    ("/static/%00", 404),
    ("/nonsense", 404),
]

MACHINES = [
    ("/api/search?q=main", 200, ""),
    ("/api/search", 400, "q"),
    ("/api/search?q=", 400, "q"),
    (f"/api/search?q={TEN_THOUSAND}", 400, "q"),
    ("/api/search?q=%00", 200, ""),
    ("/api/search?q=main&limit=0", 400, "limit"),
    ("/api/search?q=main&limit=101", 400, "limit"),
    ("/api/search?q=main&limit=1e1", 400, "limit"),
    ("/api/search?q=main&limit=%D9%A3", 400, "limit"),
    ("/api/search?q=main&limit=-1", 400, "limit"),
    ("/api/search?q=main&limit=100", 200, ""),
    ("/api/near?lat=52.6&lon=-1.26", 200, ""),
    ("/api/near", 400, "lat"),
    ("/api/near?lat=52.6", 400, "lon"),
    ("/api/near?lat=NaN&lon=-1", 400, "lat"),
    ("/api/near?lat=52&lon=inf", 400, "lon"),
    ("/api/near?lat=1e400&lon=0", 400, "lat"),
    ("/api/near?lat=91&lon=0", 400, "lat"),
    ("/api/near?lat=-33.8&lon=151.2", 400, "lat"),
    ("/api/near?lat=52,6&lon=-1", 400, "lat"),
    ("/api/streets/10000003", 200, ""),
    ("/api/streets/nonsense", 404, ""),
    ("/api/streets/%00", 404, ""),
    ("/api/streets/10000003?on=tomorrow", 400, "on"),
    ("/api/streets/10000003?on=2026-06-18", 400, "on"),
    ("/api/status", 200, ""),
    ("/api/status?on=2026-02-30", 400, "on"),
    ("/api/nonsense", 404, ""),
    ("/tiles/nonsense/14/8143/5361.json", 404, ""),
    ("/tiles/1-2-3/99/-1/5.json", 404, ""),
    ("/tiles/1-2-3/14/x/5.json", 404, ""),
    ("/tiles/1-2-3/14/99999999999999999999/5.json", 404, ""),
    ("/tiles/1-2-3/14/16384/5.json", 404, ""),
    ("/healthz", 200, ""),
    ("/readyz", 200, ""),
    ("/healthz/x", 404, ""),
]


@pytest.mark.parametrize(("address", "code"), PAGES)
def test_a_page_is_answered_in_words(client: FlaskClient, address: str, code: int) -> None:
    response = client.get(address)

    assert response.status_code == code, response.text[:300]
    if code >= 400:
        assert response.mimetype == "text/html"
        assert "<h1" in response.text
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("address", "code", "parameter"), MACHINES)
def test_a_machine_gets_json_and_the_parameter_to_blame(
    client: FlaskClient, address: str, code: int, parameter: str
) -> None:
    response = client.get(address)

    assert response.status_code == code, response.text[:300]
    if code >= 400:
        problem = json.loads(response.text)
        assert response.mimetype == "application/problem+json"
        assert problem["status"] == code
        assert problem["detail"]
        assert problem.get("parameter", "") == parameter


@pytest.mark.parametrize("address", ["/", "/streets/10000003", "/api/search", "/healthz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_written_here(client: FlaskClient, address: str, method: str) -> None:
    response = client.open(address, method=method)

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("address", ["/", "/streets/10000003", "/api/streets/10000003", "/map"])
def test_head_and_options_say_what_get_would(client: FlaskClient, address: str) -> None:
    full, head = client.get(address), client.head(address)

    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == full.headers["ETag"]
    assert client.options(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/", "/streets/10000003", "/api/streets/10000003", "/api/status", "/map", "/map/script.js",
     "/streets/10000003/map.svg"],
)  # fmt: skip
def test_what_a_browser_has_is_not_sent_again(client: FlaskClient, address: str) -> None:
    tag = client.get(address).headers["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("address", ["/", "/streets/10000002", "/api/streets/10000002", "/map"])
def test_a_body_is_compressed_as_the_browser_takes_it(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert "Content-Encoding" not in refused.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_every_page_has_a_strict_policy_and_no_cookie(client: FlaskClient) -> None:
    for address in ("/", "/streets/10000003", "/map", "/nonsense", "/api/status", "/healthz"):
        headers = client.get(address).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


def test_no_page_has_script_or_style_in_it(client: FlaskClient) -> None:
    for address in ("/", "/?q=main", "/streets/10000002", "/map", "/map/list", "/nonsense"):
        page = client.get(address).text

        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize("address", ["/api/status", "/api/nonsense", "/tiles/x/14/1/1.json"])
def test_other_sites_may_read_the_data(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_tile_is_kept_for_ever_and_has_no_status(client: FlaskClient) -> None:
    edition = client.get("/api/status").json["edition"]  # type: ignore[index]
    from mapsvc.maps.tiles import Tile

    found = [
        client.get(f"/tiles/{edition}/{tile.z}/{tile.x}/{tile.y}.json")
        for tile in (Tile(14, x, y) for x in range(8131, 8142) for y in range(5362, 5373))
    ]

    full = [tile for tile in found if tile.status_code == 200]
    assert full
    assert {tile.status_code for tile in found} <= {200, 204}
    assert all("immutable" in tile.headers["Cache-Control"] for tile in found)
    features = [f for tile in full for f in tile.get_json(force=True)["features"]]
    assert {"V1", "V3"} <= {f["properties"].get("verge") for f in features}
    assert not any("status" in f["properties"] for f in features)


def test_assets_are_kept_for_ever(client: FlaskClient) -> None:
    import re

    sheet = re.search(r'href="(/static/main[^"]+)"', client.get("/").text)
    assert sheet is not None

    plain = client.get(sheet[1])
    packed = client.get(sheet[1], headers={"Accept-Encoding": "gzip"})
    smallest = client.get(sheet[1], headers={"Accept-Encoding": "gzip, br"})

    assert "immutable" in plain.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == plain.data
    assert smallest.headers["Content-Encoding"] == "br"
    assert len(smallest.data) < len(packed.data)


def test_the_answer_has_the_contracts_shape(client: FlaskClient) -> None:
    answer = client.get("/api/streets/10000003").get_json()

    assert set(answer) >= {"street", "on", "as_at", "groups", "notices", "issues", "links"}
    (group,) = answer["groups"]
    assert group["status"] == "cut"
    assert group["cut"] == 2
    assert group["window"] == {"from": "2026-06-08", "to": "2026-06-12"}
    assert group["last_cut"] == "2026-06-10"
    assert group["next"] == {"from": "2026-07-06", "to": "2026-07-10"}
    assert set(group["keeper"]) == {"code", "name", "kind", "ours", "url", "phone"}
    assert group["round"] == {"code": "R1", "name": "R1"}
    assert isinstance(answer["street"]["id"], str)
    assert answer["street"]["ward"] == ""


def test_search_and_near_have_the_contracts_shape(client: FlaskClient) -> None:
    searched = client.get("/api/search?q=church+lane").get_json()
    (first, *_) = client.get("/api/near?lat=52.595&lon=-1.23&limit=3").get_json()["results"]

    found = searched["results"][0]
    assert searched["query"] == "church lane"
    assert found["id"] == "10000003"
    assert isinstance(found["lat"], float)
    assert isinstance(found["lon"], float)
    assert {"id", "usrn", "name", "locality", "town", "postcode_district", "score"} <= set(found)
    assert "distance_m" not in found
    assert first["distance_m"] >= 0


TO_THE_APPLICATION = "&more=1&more=2"
"""A parameter that is given twice is nothing that the layer before the application answers."""


LONG = "€" * 199
"""As long as a search may be, and so many bytes that the answer is worth compressing."""


@pytest.mark.parametrize("accepted", ["", "gzip", "br, gzip;q=0.5", "gzip;q=0", "identity"])
@pytest.mark.parametrize(
    "typed", ["church+lane", "%22%E2%82%AC%22", "zzzz", "main&limit=100", LONG]
)
def test_a_search_is_the_same_before_the_application_and_in_it(
    client: FlaskClient, typed: str, accepted: str
) -> None:
    headers = {"Accept-Encoding": accepted}
    before = client.get(f"/api/search?q={typed}", headers=headers)
    within = client.get(f"/api/search?q={typed}{TO_THE_APPLICATION}", headers=headers)

    assert before.data == within.data
    assert dict(before.headers) == dict(within.headers)


def test_a_search_before_the_application_comes_compressed(client: FlaskClient) -> None:
    answer = client.get(f"/api/search?q={LONG}", headers={"Accept-Encoding": "gzip, br"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["query"] == LONG


def test_a_search_that_cannot_be_answered_before_the_application_gets_its_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.extensions["searches"]), "document", _refuse)

    answer = app.test_client().get("/api/search?q=church+lane")

    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"


def _refuse(*_: object) -> bytes:
    raise StoreUnavailable("The store is away.")


def test_a_search_that_is_kept_says_what_was_typed(client: FlaskClient) -> None:
    answers = [client.get(f"/api/search?q={typed}").get_json() for typed in ("mill+r", "MILL+R")]

    assert [answer["query"] for answer in answers] == ["mill r", "MILL R"]
    assert answers[0]["results"] == answers[1]["results"]
    assert answers[0]["results"]
    assert len(client.get("/api/search?q=main+street&limit=1").get_json()["results"]) == 1
    assert len(client.get("/api/search?q=main+street&limit=9").get_json()["results"]) == 2


def test_a_search_that_is_kept_gives_way_to_a_new_gazetteer(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    council, client = app.extensions["council"], app.test_client()
    before = client.get("/api/search?q=mill+road").get_json()["results"]
    text = GAZETTEER.replace("Mill Road", "Miller Way").replace("Twin Lane,,,", "Mill Road,,,", 1)

    publish_text(council, tmp_path, "gazetteer", text)

    after = client.get("/api/search?q=mill+road").get_json()["results"]
    council.close()
    assert [found["id"] for found in before] == ["10000005"]
    assert after[0]["id"] == "10000009"


def test_a_search_that_is_kept_stays_when_only_keepers_are_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    council, client = app.extensions["council"], app.test_client()
    before = client.get("/api/search?q=mill+road").get_json()["results"]

    publish_text(council, tmp_path, "keepers", KEEPERS.replace("01632 960000", "01632 960009"))

    monkeypatch.setattr("mapsvc.web.common.search_cache.search_streets", lambda *_: [])
    assert client.get("/api/search?q=mill+road").get_json()["results"] == before
    assert client.get("/api/search?q=church+lane").get_json()["results"] == []
    council.close()


def a_tile(client: FlaskClient) -> str:
    """The address of a tile with grass."""
    from mapsvc import crs

    edition = client.get("/api/status").json["edition"]  # type: ignore[index]
    lon, lat = crs.point_to_wgs84(452_100, 300_200)
    across = 2**15
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across
    return f"/tiles/{edition}/15/{int((lon + 180) / 360 * across)}/{int(y)}.json"


def test_a_tile_is_the_same_the_second_time_with_all_its_headers(client: FlaskClient) -> None:
    address = a_tile(client)
    first, second = client.get(address), client.get(address)

    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    assert list(first.headers) == list(second.headers)
    assert "Content-Security-Policy" in second.headers
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == first.data
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head(address).data == b""


def test_a_tile_outside_the_council_says_so(client: FlaskClient) -> None:
    edition = client.get("/api/status").json["edition"]  # type: ignore[index]

    response = client.get(f"/tiles/{edition}/14/1/1.json")

    assert response.status_code == 204
    assert response.headers["Mapsvc-Reason"] == "This tile lies outside the council."


def test_a_tile_that_cannot_be_says_why(client: FlaskClient) -> None:
    edition = client.get("/api/status").json["edition"]  # type: ignore[index]
    said = {
        f"/tiles/{edition}/99/-1/5.json": "There is no tile 99/-1/5.",
        f"/tiles/{edition}/18/1/1.json": "Zooms go from 7 to 17, x and y from 0.",
        "/tiles/old/14/1/1.json": 'The edition "old" is not current.',
    }

    for address, words in said.items():
        problem = client.get(address)
        assert problem.status_code == 404
        assert words in problem.json["detail"]  # type: ignore[index]


def test_the_status_of_places_alone_is_the_same_without_each_verge(client: FlaskClient) -> None:
    whole, part = client.get("/api/status").json, client.get("/api/status?part=places").json
    refused = client.get("/api/status?part=all")

    assert whole is not None
    assert part == {key: whole[key] for key in ("on", "as_at", "edition", "rounds", "areas")}
    assert refused.status_code == 400
    assert refused.json["detail"] == 'There is no part "all". Use places, or leave it out.'  # type: ignore[index]
