"""Somebody signed in to the staff pages of a test council."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mapsvc.services.accounts import people
from mapsvc.services.state.council import Council

PASSWORD = "three unrelated words"
Form = dict[str, Any]
SEAL = re.compile(r'name="seal" value="([^"]+)"')


def add_account(council: Council, name: str, role: str, rounds: tuple[str, ...] = ()) -> None:
    """An account with PASSWORD."""
    now = datetime.now(UTC)
    people.add_account(council, name, role, rounds=rounds, by="tests", now=now)
    people.set_password(council, people.password_link(council, name, now), PASSWORD, now)


class StaffBrowser:
    """A client that fills the seal of the page it saw last into what it sends."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page = ""

    def get(self, address: str, **options: Any) -> TestResponse:
        """See a page."""
        response = self.client.get(address, **options)
        if response.mimetype == "text/html" and response.status_code < 300:
            self.page = response.text
        return response

    def post(
        self, address: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form of the page seen last; the page that answers is seen."""
        seal = SEAL.search(self.page)
        form = {"seal": seal[1] if seal else "", **(data or {})}
        response = self.client.post(address, data=form, **options)
        if response.mimetype == "text/html" and response.status_code < 300:
            self.page = response.text
        return response

    def tap(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, and see the page that it leads to."""
        response = self.post(address, data, **options)
        return self.get(response.location) if response.status_code == 303 else response

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Sign in as a person does."""
        self.get("/staff/sign-in")
        response = self.post("/staff/sign-in", {"name": name, "password": password})
        self.get("/staff")
        return response


def fields_in_error(page: str) -> list[str]:
    """Where the summary of errors leads: fields of the page, each with its sentence beside it."""
    summary = page[page.index("There is a problem") :].partition("</ul>")[0]
    fields = re.findall(r'href="#([^"]+)"', summary)
    for field in fields:
        assert f' id="{field}"' in page
        assert re.search(rf'aria-describedby="[^"]*\b{field}-error"', page)
        assert f' id="{field}-error"' in page
    return fields


def signed_in(app: Flask, role: str, rounds: tuple[str, ...] = ()) -> StaffBrowser:
    """A browser in which a new account of this role is signed in."""
    add_account(app.extensions["council"], f"{role}@example.gov.uk", role, rounds)
    browser = StaffBrowser(app)
    assert browser.sign_in(f"{role}@example.gov.uk").status_code == 303
    return browser


def at_work(app: Flask, role: str, rounds: tuple[str, ...] = ()) -> StaffBrowser:
    """As `signed_in`, with a session that was opened behind the scenes: hashing takes its time."""
    council: Council = app.extensions["council"]
    now = datetime.now(UTC)
    name = f"{role}@example.gov.uk"
    account = people.add_account(council, name, role, rounds=rounds, by="tests", now=now)
    browser = StaffBrowser(app)
    browser.client.set_cookie("mapsvc", people.open_session(council, account, now).token)
    browser.get("/staff")
    return browser
