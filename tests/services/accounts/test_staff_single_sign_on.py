"""Signing in at an identity provider that really answers over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from mapsvc.config import ROLES, Settings
from mapsvc.errors import SettingError
from mapsvc.services.accounts.people import MAY
from mapsvc.web.app import create_app
from tests.support.councils import open_council
from tests.support.identity_provider import Provider, running_provider
from tests.support.staff import StaffBrowser, add_account

TABLE = {"grounds": "crew", "editors": "editor"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        provider.claims["groups"] = ["editors", "grounds", "cycling club"]
        yield provider


@pytest.fixture
def app(provider: Provider, tmp_path: Path) -> Iterator[Flask]:
    council = open_council(
        tmp_path, oidc_issuer=provider.issuer, oidc_client_id="mapsvc", oidc_roles=TABLE
    )
    yield create_app(council.settings, council)
    council.close()


def go_to_provider(browser: StaffBrowser) -> str:
    """Where the provider sends the browser back to."""
    away = browser.get("/staff/single-sign-on").headers["Location"]
    back = requests.get(away, allow_redirects=False, timeout=10).headers["Location"]
    return back[back.index("/staff") :]


def sign_in(browser: StaffBrowser) -> TestResponse:
    return browser.get(go_to_provider(browser))


def test_somebody_signs_in_with_the_highest_role_of_their_groups(app: Flask) -> None:
    browser = StaffBrowser(app)

    assert "Sign in with your council account" in browser.get("/staff/sign-in").text
    assert sign_in(browser).headers["Location"] == "/staff"
    assert "ann@example.gov.uk</strong> (editor)" in browser.get("/staff").text


def test_the_role_follows_the_groups_at_the_next_sign_in(app: Flask, provider: Provider) -> None:
    sign_in(StaffBrowser(app))
    provider.claims["groups"] = "grounds"
    browser = StaffBrowser(app)
    sign_in(browser)

    assert "(crew)" in browser.get("/staff").text
    assert len(app.extensions["council"].store.accounts.all()) == 1


def refused(app: Flask) -> str:
    browser = StaffBrowser(app)
    response = sign_in(browser)
    assert response.status_code == 403
    assert browser.get("/staff").status_code == 303
    return response.text


def test_somebody_without_a_role_or_disabled_stays_out(app: Flask, provider: Provider) -> None:
    provider.changes = {"groups": ["cycling club"]}
    assert "none of your groups has a role" in refused(app)

    provider.changes = {}
    sign_in(StaffBrowser(app))
    accounts = app.extensions["council"].store.accounts
    now = datetime.now(UTC)
    accounts.change("ann@example.gov.uk", action="x", by="t", at=now, disabled_at=now)
    assert "disabled here" in refused(app)


def test_a_name_with_a_password_is_not_taken_over(app: Flask) -> None:
    add_account(app.extensions["council"], "ann@example.gov.uk", "admin")

    assert "There is an account ann@example.gov.uk already" in refused(app)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"aud": "another client"},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_a_token_for_something_else_is_no_sign_in(
    app: Flask, provider: Provider, changes: dict[str, object]
) -> None:
    provider.changes = changes

    assert "not sealed right" in refused(app)


def test_a_token_signed_by_somebody_else_is_no_sign_in(app: Flask, provider: Provider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, parameters={"kid": "one"}, auto_kid=False)

    assert "not sealed right" in refused(app)


def test_an_answer_for_another_browser_is_no_sign_in(app: Flask) -> None:
    back = go_to_provider(StaffBrowser(app))
    other = StaffBrowser(app)
    other.get("/staff/single-sign-on")

    assert "did not belong to this browser" in other.get(back).text
    assert "keeps no cookies" in StaffBrowser(app).get(back).text


def test_an_answer_works_once(app: Flask) -> None:
    browser = StaffBrowser(app)
    back = go_to_provider(browser)
    flow = browser.client.get_cookie("mapsvc-flow")
    assert flow is not None
    browser.get(back)
    thief = StaffBrowser(app)
    thief.client.set_cookie("mapsvc-flow", flow.value)

    assert thief.get(back).status_code == 403


def test_a_refusal_of_the_provider_is_said(app: Flask) -> None:
    browser = StaffBrowser(app)
    away = browser.get("/staff/single-sign-on").headers["Location"]
    state = dict(part.split("=") for part in urlsplit(away).query.split("&"))["state"]

    answer = browser.get(f"/staff/single-sign-on/back?state={state}&error=access_denied")

    assert "It said: access_denied." in answer.text


def test_a_provider_that_is_away_is_said(tmp_path: Path) -> None:
    with running_provider() as gone:
        issuer = gone.issuer
    council = open_council(tmp_path, oidc_issuer=issuer, oidc_client_id="mapsvc")
    response = create_app(council.settings, council).test_client().get("/staff/single-sign-on")

    assert response.status_code == 403
    assert "does not answer" in response.text


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    client = create_app(council.settings, council).test_client()

    assert client.get("/staff/single-sign-on").status_code == 404
    assert "council account" not in client.get("/staff/sign-in").text


def test_settings_of_the_provider_are_checked() -> None:
    table = {"MAPSVC_OIDC_ROLES": "a b=editor; c=admin"}

    assert Settings.from_environment(table).oidc_roles == {"a b": "editor", "c": "admin"}
    assert tuple(MAY) == ROLES
    with pytest.raises(SettingError, match="MAPSVC_OIDC_ROLES"):
        Settings.from_environment({"MAPSVC_OIDC_ROLES": "a=king"})
    with pytest.raises(SettingError, match="https://"):
        Settings.from_environment({"MAPSVC_OIDC_ISSUER": "http://login.example.gov.uk"})
