"""Pages for other sites' frames, and the statements that are linked from every page."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from mapsvc.config import Settings
from mapsvc.errors import SettingError
from mapsvc.services.operations.usage_counters import EMBEDDED, counts_by
from mapsvc.web.app import create_app
from mapsvc.web.residents.embed import NOT_LISTED, embedding_host
from mapsvc.web.residents.statements import Block, blocks_of
from tests.support.web_council import AMPERSAND, SCRIPT, make_app

LISTED = ("https://www.example.gov.uk", "*.parish.example", "http://localhost:*")
EVER = date(2000, 1, 1), date(2100, 1, 1)
EMBEDS = ["/embed", "/embed?q=main+street", "/embed/streets/10000003", "/embed/streets/nonsense"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(tmp_path_factory.mktemp("embed"), embed_hosts=LISTED)
    yield app
    app.extensions["council"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def policy(client: FlaskClient, address: str) -> str:
    return client.get(address).headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", EMBEDS)
def test_listed_hosts_may_show_an_embed(client: FlaskClient, address: str) -> None:
    assert f"frame-ancestors 'self' {' '.join(LISTED)}" in policy(client, address)


@pytest.mark.parametrize(
    "address", ["/", "/map", "/streets/10000003", "/accessibility", "/privacy", "/embedded"]
)
def test_nobody_may_show_another_page(client: FlaskClient, address: str) -> None:
    assert "frame-ancestors 'none'" in policy(client, address)


@pytest.mark.parametrize("address", EMBEDS)
def test_an_embed_has_no_furniture_and_its_links_leave_the_frame(
    client: FlaskClient, address: str
) -> None:
    page = client.get(address).text

    assert "app-header" not in page
    assert '<base target="_top">' in page
    assert 'href="/accessibility"' in page
    assert 'href="/privacy"' in page


def test_an_embed_says_the_same_as_the_page(client: FlaskClient) -> None:
    sentence = "Our crew marked this grass as cut on Wednesday 10 June."

    assert sentence in client.get("/embed/streets/10000003").text
    assert "Church Lane" in client.get("/embed?q=church+lane").text
    assert client.get("/embed/streets/nonsense").status_code == 404
    assert client.get("/embed/streets/10000003?on=2026-02-30").status_code == 400


@pytest.mark.parametrize("address", ["/map/script.js", "/streets/10000003/map.svg", "/api/status"])
def test_a_frame_in_a_sandbox_may_load_its_files(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_sources_of_the_data_are_named(tmp_path: Path) -> None:
    from tests.support.councils import publish_text
    from tests.support.web_council import GAZETTEER, make_web_council

    council = make_web_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", GAZETTEER, attribution="© The Source <b>")

    client = create_app(council.settings, council).test_client()

    for address in (*EMBEDS, "/", "/map", "/map/list", "/streets/10000003"):
        assert "© The Source &lt;b&gt;" in client.get(address).text, address
    council.close()


@pytest.mark.parametrize(
    ("referrer", "counted"),
    [
        ("https://www.example.gov.uk/grass?who=me", "www.example.gov.uk"),
        ("https://WWW.Example.gov.uk:8443/", "www.example.gov.uk"),
        ("https://www.little.parish.example/", "www.little.parish.example"),
        ("http://localhost:5000/", "localhost"),
        ("https://parish.example/", NOT_LISTED),
        ("https://www.example.gov.uk.evil.example/", NOT_LISTED),
        ("https://evil.example/", NOT_LISTED),
        ("http://map.example:8000/embed", ""),
        ("", ""),
        ("about:blank", ""),
        ("http://[", ""),
    ],
)
def test_only_a_listed_hosts_name_is_counted(referrer: str, counted: str) -> None:
    assert embedding_host(referrer, {"map.example:8000"}, LISTED) == counted


def test_an_embed_is_counted_by_day(client: FlaskClient, app: Flask) -> None:
    for address in ("/embed", "/embed/streets/10000003", "/streets/10000003"):
        client.get(address, headers={"Referer": "https://www.example.gov.uk/grass"})
    client.get("/embed?q=main", headers={"Referer": "http://localhost/embed"})
    app.extensions["tally"].flush()

    (counted,) = counts_by(app.extensions["council"], *EVER, month=False).values()

    assert {word: n for word, n in counted.items() if EMBEDDED in word} == {
        f"{EMBEDDED}: www.example.gov.uk": 2
    }


# --- statements ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
def test_a_statement_that_the_council_did_not_write_says_so(client: FlaskClient, name: str) -> None:
    page = client.get(f"/{name}").text

    assert "Example County Council has not yet published its own" in page
    assert "01632 960000" in page


def test_the_councils_own_text_takes_the_place_and_is_text(tmp_path: Path) -> None:
    folder = tmp_path / "statements"
    folder.mkdir()
    text = "﻿# Us & you\r\n\r\n<script>alert(1)</script>\r\n- one\r\n- https://ico.org.uk\r\n"
    (folder / "privacy.txt").write_bytes(text.encode())
    app = make_app(tmp_path, statements=folder)

    page = app.test_client().get("/privacy").text

    assert '<h2 class="govuk-heading-m">Us &amp; you</h2>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<li><a href="https://ico.org.uk"' in page
    assert "has not yet published" not in page
    assert "has not yet published" in app.test_client().get("/accessibility").text
    app.extensions["council"].close()


def test_a_text_becomes_blocks() -> None:
    assert blocks_of("# A\nsays\nmore\n\n\n- b\n-c\n# ") == [
        Block("heading", ("A",)),
        Block("paragraph", ("says", "more")),
        Block("list", ("b",)),
        Block("paragraph", ("-c", "#")),
    ]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: None, "there is no such folder. Make it, or unset it."),
        (lambda folder: folder.mkdir(), ""),
        (
            lambda folder: (folder.mkdir(), (folder / "privacy.txt").write_bytes(b"caf\xe9")),
            "Save it as text in UTF-8.",
        ),
    ],
)
def test_a_folder_that_cannot_be_read_stops_the_start(
    tmp_path: Path, make: object, sentence: str
) -> None:
    assert callable(make)
    make(tmp_path / "texts")
    settings = Settings(data=tmp_path, statements=tmp_path / "texts")
    if not sentence:
        create_app(settings).extensions["council"].close()
        return

    with pytest.raises(SettingError, match=sentence):
        create_app(settings)


def test_the_privacy_text_speaks_of_reports_and_of_the_base_maps_host(tmp_path: Path) -> None:
    app = make_app(tmp_path, tiles_url="https://{s}.tiles.example/{z}/{x}/{y}.png")

    page = app.test_client().get("/privacy").text

    assert "If you report a problem" in page
    assert "The base map comes from tiles.example." in page
    assert "load nothing from anybody else" not in page
    app.extensions["council"].close()


# --- the lines to paste, and oEmbed -------------------------------------------------------


def test_the_help_page_gives_every_line(client: FlaskClient) -> None:
    page = html.unescape(client.get("/embed/help").text)

    assert '<iframe src="http://localhost/embed" title="Grass cutting, Example County' in page
    assert 'loading="lazy" allow="geolocation"' in page
    assert 'sandbox="allow-scripts ' in page
    assert "frame-src http://localhost<" in page
    assert 'event.origin === "http://localhost"' in page
    assert '<form action="http://localhost/" method="get">' in page
    assert "<code>*.parish.example</code>" in page


def test_the_lines_for_a_street_have_its_name_and_the_height(client: FlaskClient) -> None:
    page = client.get("/embed/help?street=10000006&height=500").text

    lines = html.unescape(page)
    assert 'src="http://localhost/embed/streets/10000006"' in lines
    assert 'height="500"' in lines
    assert f'title="Grass on {escape(SCRIPT)}, Great Example' in lines
    assert SCRIPT not in page


@pytest.mark.parametrize(
    ("query", "code", "sentence"),
    [
        ("street=nonsense", 404, 'There is no street "nonsense" in the gazetteer of'),
        ("height=tall", 400, "Enter a height from 200 to 5000 pixels."),
        ("height=-1", 400, "Enter a height"),
        ("height=5001", 400, "Enter a height"),
        ("height=%D9%A3%D9%A3%D9%A3", 400, "Enter a height"),
        ("height=&street=+", 200, "<iframe"),
    ],
)
def test_the_help_page_says_what_is_wrong(
    client: FlaskClient, query: str, code: int, sentence: str
) -> None:
    response = client.get(f"/embed/help?{query}")

    assert response.status_code == code
    assert sentence in html.unescape(response.text)


def oembed(client: FlaskClient, **parameters: object) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/oembed", query_string=parameters).get_json()
    return found


@pytest.mark.parametrize(
    ("url", "shows"),
    [
        ("http://localhost/", "/embed"),
        ("http://localhost", "/embed"),
        ("https://localhost/map#map=12/52.6/-1.2", "/embed"),
        ("/map/list", "/embed"),
        ("http://localhost/?q=church", "/embed"),
        ("http://localhost/embed", "/embed"),
        ("http://localhost/map?street=10000003", "/embed/streets/10000003"),
        ("http://LOCALHOST:80/map", "/embed"),
        ("https://localhost:443/streets/10000003", "/embed/streets/10000003"),
        ("http://localhost/streets/10000003", "/embed/streets/10000003"),
        ("http://localhost/embed/streets/10000003", "/embed/streets/10000003"),
    ],
)
def test_oembed_gives_the_frame_of_a_page(client: FlaskClient, url: str, shows: str) -> None:
    found = oembed(client, url=url)

    assert f'src="http://localhost{shows}"' in found["html"]
    assert {k: found[k] for k in ("version", "type", "provider_name")} == {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Example County Council",
    }


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({}, (720, 720)),
        ({"maxwidth": 300}, (300, 720)),
        ({"maxwidth": 300, "maxheight": 200}, (300, 200)),
        ({"maxwidth": 9000, "maxheight": 1}, (720, 1)),
    ],
)
def test_oembed_keeps_to_the_room_there_is(
    client: FlaskClient, asked: dict[str, int], size: tuple[int, int]
) -> None:
    found = oembed(client, url="/", **asked)

    assert (found["width"], found["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in found["html"]


def test_oembed_in_xml_says_the_same(client: FlaskClient) -> None:
    query = {"url": "/streets/10000008", "maxwidth": "300"}
    response = client.get("/oembed", query_string={**query, "format": "xml"})

    root = ElementTree.fromstring(response.text)

    assert response.mimetype == "text/xml"
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in oembed(client, **query).items()
    }
    assert AMPERSAND in (root.findtext("title") or "")


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("", 400, "url"),
        ("url=", 400, "url"),
        ("url=http://other.example/", 404, ""),
        ("url=//other.example/streets/10000003", 404, ""),
        ("url=javascript:alert(1)", 404, ""),
        ("url=http://[/", 404, ""),
        ("url=http://localhost:99999/map", 404, ""),
        ("url=http://localhost:8000/map", 404, ""),
        ("url=http://localhost@other.example/map", 404, ""),
        ("url=http://localhost/privacy", 404, ""),
        ("url=http://localhost/streets/nonsense", 404, ""),
        ("url=http://localhost/streets/10000003/map.svg", 404, ""),
        ("url=http://localhost/map?street=%2500", 404, ""),
        ("url=/&format=yaml", 501, ""),
        ("url=/&format=JSON", 501, ""),
        ("url=/&maxwidth=0", 400, "maxwidth"),
        ("url=/&maxwidth=wide", 400, "maxwidth"),
        ("url=/&maxheight=-5", 400, "maxheight"),
        ("url=/&maxheight=1e3", 400, "maxheight"),
    ],
)
def test_oembed_says_what_it_cannot_do(
    client: FlaskClient, query: str, code: int, parameter: str
) -> None:
    response = client.get(f"/oembed?{query}")

    assert response.status_code == code
    assert response.mimetype == "application/problem+json"
    assert json.loads(response.text).get("parameter", "") == parameter


def test_oembed_knows_the_name_that_residents_use(tmp_path: Path) -> None:
    app = make_app(tmp_path, public_url="https://grass.example.gov.uk/map")

    found = oembed(app.test_client(), url="https://grass.example.gov.uk/map/streets/10000003")

    address = "https://grass.example.gov.uk/map/embed/streets/10000003"
    assert f'src="{address}"' in found["html"]
    app.extensions["council"].close()


@pytest.mark.parametrize("address", ["/", "/map", "/streets/10000003", "/map?street=10000003"])
@pytest.mark.parametrize("kind", ["application/json+oembed", "text/xml+oembed"])
def test_a_page_says_where_to_ask_for_its_frame(
    client: FlaskClient, address: str, kind: str
) -> None:
    pattern = f'<link rel="alternate" type="{re.escape(kind)}" href="([^"]+)"'
    link = re.search(pattern, client.get(address).text)
    assert link is not None

    response = client.get(html.unescape(link[1]))

    assert response.status_code == 200
    assert response.mimetype == kind.removesuffix("+oembed")
    assert ("10000003" in response.text) is ("10000003" in address)


def test_a_street_that_moved_is_framed_under_its_new_id(tmp_path: Path) -> None:
    from tests.support.councils import make_council, publish_text
    from tests.support.web_council import GAZETTEER

    without_usrn = GAZETTEER.replace("10000003,Church", ",Church")
    council = make_council(tmp_path, {"gazetteer": without_usrn})
    client = create_app(council.settings, council).test_client()
    (street, *_) = client.get("/api/search?q=church+lane").get_json()["results"]

    publish_text(council, tmp_path, "gazetteer", GAZETTEER)

    assert street["id"] != "10000003"
    assert "/embed/streets/10000003" in oembed(client, url=f"/streets/{street['id']}")["html"]
    council.close()
