"""What pages say when something is not there: in the words of whoever reads, with a way on."""

from flask import Flask
from sqlalchemy import text

from mapsvc.services.state.council import Council
from tests.support.staff import at_work


def test_an_edition_that_is_not_there_leads_to_the_list_and_names_no_command(app: Flask) -> None:
    page = at_work(app, "editor").get("/staff/editions/99999").text

    assert "There is no edition 99999" in page
    assert "Look at the list of what was published." in page
    assert "mapsvc editions" not in page


def test_the_api_says_what_its_readers_can_do(app: Flask) -> None:
    answer = app.test_client().get("/api/search?q=main&limit=many")

    assert answer.mimetype == "application/problem+json"
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Something in the address is not right",
        "status": 400,
        "detail": '"many" cannot be used. Enter a number from 1 to 100.',
        "parameter": "limit",
    }


def test_a_slip_of_ours_in_the_store_is_logged_and_never_told_as_an_outage(
    app: Flask, council: Council
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with council.store.writing("issues") as connection:
        connection.execute(text("ALTER TABLE issue RENAME COLUMN reference TO other"))

    response = app.test_client().get("/issues/ABC-123")

    assert response.status_code == 500
    assert "say the reference" in response.text
    assert "unavailable" not in response.text
