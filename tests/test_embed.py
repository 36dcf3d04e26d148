"""Pages for other sites' frames, and the statements that are linked from every page."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapsvc.config import Settings
from mapsvc.errors import SettingError
from mapsvc.services.counting import EMBEDDED, counts_by
from mapsvc.web.app import create_app
from mapsvc.web.embed import NOT_LISTED, embedding_host
from mapsvc.web.statements import Block, blocks_of
from tests.web_council import make_app

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
    from tests.councils import publish_text
    from tests.web_council import GAZETTEER, make_web_council

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
        (lambda folder: None, "is no folder. Make it, or unset it."),
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
