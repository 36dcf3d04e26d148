"""Signing in: who gets in, who does not, and that both look the same from outside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from mapsvc.config import Settings
from mapsvc.errors import AccountRefused, SignInRefused
from mapsvc.services.accounts import people
from mapsvc.services.issues.client_address import counted_as
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.councils import open_council
from tests.support.staff import PASSWORD, StaffBrowser, add_account, fields_in_error, signed_in

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
HTTPS = "https://grass.example.gov.uk"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    council = open_council(tmp_path)
    yield council
    council.close()


@pytest.fixture
def app(council: Council) -> Flask:
    return create_app(council.settings, council)


def app_at(tmp_path: Path, **settings: object) -> Flask:
    council = open_council(tmp_path, **settings)
    return create_app(council.settings, council)


# Accounts and links


def test_a_link_sets_a_password_once(council: Council) -> None:
    people.add_account(council, "Ann@Example.gov.uk", "editor", by="tests", now=NOW)
    token = people.password_link(council, "ann@example.gov.uk", NOW)
    people.set_password(council, token, PASSWORD, NOW)

    assert people.sign_in(council, " ANN@example.gov.uk", PASSWORD, "", NOW).account.role
    with pytest.raises(SignInRefused, match="was used already"):
        people.set_password(council, token, PASSWORD, NOW)


def test_a_link_ends_after_two_days_and_with_the_next_link(council: Council) -> None:
    people.add_account(council, "ann", "editor", by="tests", now=NOW)
    first = people.password_link(council, "ann", NOW)
    second = people.password_link(council, "ann", NOW)

    with pytest.raises(SignInRefused):
        people.account_of_link(council, first, NOW)
    with pytest.raises(SignInRefused):
        people.account_of_link(council, second, NOW + timedelta(hours=48))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 12 characters"),
        ("a" * 201, "up to 200"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("12345678901234", "easy to guess"),
        ("Barbara Example", "easy to guess"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(
    council: Council, password: str, sentence: str
) -> None:
    people.add_account(council, "barbara@example.gov.uk", "viewer", by="tests", now=NOW)
    token = people.password_link(council, "barbara@example.gov.uk", NOW)

    with pytest.raises(AccountRefused, match=sentence):
        people.set_password(council, token, password, NOW)
    assert people.set_password(council, token, PASSWORD, NOW)


def test_a_name_is_taken_once_and_rounds_are_for_crews(council: Council) -> None:
    people.add_account(council, "ann", "crew", rounds=["R1"], by="tests", now=NOW)

    with pytest.raises(AccountRefused, match="There is an account ann already"):
        people.add_account(council, "ANN", "viewer", by="tests", now=NOW)
    with pytest.raises(AccountRefused, match="Rounds belong to a crew"):
        people.add_account(council, "bob", "viewer", rounds=["R1"], by="tests", now=NOW)
    with pytest.raises(AccountRefused, match="cannot be a name"):
        people.add_account(council, "<b>ob</b>", "viewer", by="tests", now=NOW)


def test_the_store_knows_no_password_and_no_token(council: Council, tmp_path: Path) -> None:
    add_account(council, "ann", "editor")
    token = people.sign_in(council, "ann", PASSWORD, "", datetime.now(UTC)).token
    council.close()

    files = b"".join(file.read_bytes() for file in (tmp_path / "data").glob("mapsvc.gpkg*"))
    assert PASSWORD.encode() not in files
    assert token.encode() not in files
    assert b"$argon2id$" in files


# Limits


def test_ten_failures_lock_a_known_and_an_unknown_name_alike(council: Council) -> None:
    add_account(council, "ann", "editor")
    said = {name: set[str]() for name in ("ann", "nobody")}
    for name, sentences in said.items():
        for number in range(people.FAILURES_PER_ACCOUNT):
            with pytest.raises(SignInRefused) as refusal:
                people.sign_in(council, name, "wrong", f"10.0.0.{number}", NOW)
            sentences.add(str(refusal.value))

    with pytest.raises(SignInRefused) as locked:
        people.sign_in(council, "ann", PASSWORD, "10.0.1.1", NOW)
    assert said["ann"] == said["nobody"] == {str(locked.value)}
    assert people.sign_in(council, "ann", PASSWORD, "", NOW + timedelta(minutes=15, seconds=1))


def test_an_address_is_locked_after_its_own_number_of_failures(tmp_path: Path) -> None:
    council = open_council(tmp_path, sign_in_failures_per_address=3)
    add_account(council, "ann", "editor")
    for name in ("a", "b", "c"):
        with pytest.raises(SignInRefused):
            people.sign_in(council, name, "wrong", "10.0.0.1", NOW)

    with pytest.raises(SignInRefused):
        people.sign_in(council, "ann", PASSWORD, "10.0.0.1", NOW)
    assert people.sign_in(council, "ann", PASSWORD, "10.0.0.2", NOW)


def test_a_depot_that_signs_in_well_is_never_locked(council: Council) -> None:
    add_account(council, "ann", "crew")

    tickets = [people.sign_in(council, "ann", PASSWORD, "10.0.0.1", NOW) for _ in range(40)]

    assert len({ticket.token for ticket in tickets}) == 40


# Sessions


@pytest.mark.parametrize(
    ("role", "lasts", "ends"),
    [
        ("editor", timedelta(minutes=29), timedelta(minutes=30)),
        ("admin", timedelta(minutes=29), timedelta(minutes=30)),
        ("crew", timedelta(hours=11), timedelta(hours=12)),
        ("viewer", timedelta(hours=11), timedelta(hours=12)),
    ],
)
def test_a_session_ends_when_it_lies_unused(
    council: Council, role: str, lasts: timedelta, ends: timedelta
) -> None:
    add_account(council, "ann", role)
    first, second = (people.sign_in(council, "ann", PASSWORD, "", NOW).token for _ in range(2))

    assert people.session_of(council, first, NOW + lasts)
    assert people.session_of(council, second, NOW + ends) is None
    assert people.session_of(council, second, NOW) is None  # and does not come back


def test_a_session_in_use_ends_after_twelve_hours(council: Council) -> None:
    add_account(council, "ann", "editor")
    token = people.sign_in(council, "ann", PASSWORD, "", NOW).token
    for minutes in range(20, 12 * 60, 20):
        assert people.session_of(council, token, NOW + timedelta(minutes=minutes))

    assert people.session_of(council, token, NOW + timedelta(hours=12)) is None


def test_a_disabled_account_is_out_at_once_and_can_come_back(app: Flask, council: Council) -> None:
    browser = signed_in(app, "editor")
    people.disable_account(council, "editor@example.gov.uk", by="tests", now=NOW)

    assert browser.get("/staff").status_code == 303
    assert browser.sign_in("editor@example.gov.uk").status_code == 403
    people.enable_account(council, "editor@example.gov.uk", by="tests", now=NOW)
    assert browser.sign_in("editor@example.gov.uk").status_code == 303


def test_a_session_is_new_at_sign_in_and_dead_after_sign_out(app: Flask) -> None:
    browser = signed_in(app, "viewer")
    before = browser.client.get_cookie("mapsvc")
    browser.post("/staff/sign-out")
    stolen = app.test_client()
    assert before is not None
    stolen.set_cookie("mapsvc", before.value)

    assert stolen.get("/staff").status_code == 303
    assert browser.client.get_cookie("mapsvc") is None
    browser.sign_in("viewer@example.gov.uk")
    after = browser.client.get_cookie("mapsvc")
    assert after is not None
    assert after.value != before.value


def test_a_fixed_cookie_becomes_no_session(app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.client.set_cookie("mapsvc", "chosen-by-an-attacker")
    add_account(app.extensions["council"], "ann", "viewer")
    browser.sign_in("ann")
    other = app.test_client()
    other.set_cookie("mapsvc", "chosen-by-an-attacker")

    assert other.get("/staff").status_code == 303


# Cookies, headers and addresses


def test_the_cookie_over_https_is_bound_to_the_host(tmp_path: Path) -> None:
    app = app_at(tmp_path, public_url=HTTPS)
    add_account(app.extensions["council"], "ann", "viewer")
    form = {"name": "ann", "password": PASSWORD}
    cookie = (
        app.test_client().post("/staff/sign-in", data=form, base_url=HTTPS).headers["Set-Cookie"]
    )

    assert cookie.startswith("__Host-mapsvc=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_cookie_of_a_trial_says_what_it_is(app: Flask) -> None:
    page = app.test_client().get("/staff/sign-in").text

    assert "not encrypted" in page


def test_an_unencrypted_public_address_lets_nobody_sign_in(tmp_path: Path) -> None:
    app = app_at(tmp_path, public_url="http://grass.example.gov.uk")
    response = app.test_client().get("/staff/sign-in", base_url="http://grass.example.gov.uk")

    assert response.status_code == 403
    assert "Staff pages need an encrypted address" in response.text
    assert "MAPSVC_PUBLIC_URL" not in response.text


def test_another_machine_cannot_pretend_to_be_this_one(app: Flask) -> None:
    response = app.test_client().get(
        "/staff/sign-in", base_url="http://localhost", environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )

    assert response.status_code == 403


def test_a_wrong_host_is_refused(tmp_path: Path) -> None:
    client = app_at(tmp_path, public_url=HTTPS).test_client()

    assert client.get("/staff/sign-in", base_url="https://evil.example").status_code == 400


def test_a_forged_forwarded_address_counts_for_nothing(app: Flask) -> None:
    client = app.test_client()
    for number in range(30):
        client.post(
            "/staff/sign-in",
            data={"name": f"n{number}", "password": "x"},
            headers={"X-Forwarded-For": f"10.1.1.{number}"},
        )
    add_account(app.extensions["council"], "ann", "viewer")

    assert StaffBrowser(app).sign_in("ann").status_code == 403


def test_a_trusted_proxy_says_whose_address_it_is(tmp_path: Path) -> None:
    app = app_at(tmp_path, public_url=HTTPS, proxies=1, sign_in_failures_per_address=1)
    add_account(app.extensions["council"], "ann", "viewer")
    client = app.test_client()

    def sign_in(address: str, password: str) -> int:
        headers = {"X-Forwarded-For": address, "X-Forwarded-Proto": "https"}
        form = {"name": "ann", "password": password}
        return client.post("/staff/sign-in", data=form, headers=headers, base_url=HTTPS).status_code

    assert sign_in("10.0.0.1", "wrong") == 403
    assert sign_in("10.0.0.1", PASSWORD) == 403
    assert sign_in("10.0.0.2", PASSWORD) == 303


def test_staff_pages_are_kept_and_framed_nowhere(app: Flask) -> None:
    response = signed_in(app, "admin").get("/staff")

    assert response.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers.getlist("Referrer-Policy") == ["same-origin"]
    assert "admin@example.gov.uk" in response.text


# Requests that are not ours


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/staff/accounts", "/staff/accounts"),
        ("/staff/accounts?x=1", "/staff/accounts?x=1"),
        ("//evil.example", "/staff"),
        ("/\\evil.example", "/staff"),
        ("/staff\t//evil.example", "/staff"),
        ("/staff/..//evil.example", "/staff"),
        ("https://evil.example/staff", "/staff"),
        ("/", "/staff"),
        ("/staff/\n", "/staff"),
    ],
)
def test_signing_in_leads_to_our_pages_only(app: Flask, target: str, leads_to: str) -> None:
    add_account(app.extensions["council"], "ann", "admin")
    form = {"name": "ann", "password": PASSWORD, "next": target}

    response = app.test_client().post("/staff/sign-in", data=form)

    assert response.headers["Location"] == leads_to


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_changes_nothing(app: Flask, headers: dict[str, str]) -> None:
    browser = signed_in(app, "admin")
    browser.get("/staff/accounts")
    form = {"name": "eve", "role": "admin"}

    response = browser.post("/staff/accounts", form, headers=headers)

    assert response.status_code == 403
    assert "sent from another site" in response.text
    assert len(app.extensions["council"].store.accounts.all()) == 1


@pytest.mark.parametrize("seal", ["", "x.y", "00.00", "é.é"])
def test_a_form_without_our_seal_changes_nothing(app: Flask, seal: str) -> None:
    browser = signed_in(app, "admin")

    response = browser.post("/staff/accounts", {"name": "eve", "role": "admin", "seal": seal})

    assert response.status_code == 403
    assert len(app.extensions["council"].store.accounts.all()) == 1


def test_the_seal_of_another_session_is_no_seal(app: Flask) -> None:
    one, other = signed_in(app, "admin"), signed_in(app, "editor")
    one.page = other.page

    assert one.post("/staff/accounts", {"name": "eve", "role": "admin"}).status_code == 403


def test_ten_thousand_fields_are_refused(app: Flask) -> None:
    form = {f"field{number}": "x" for number in range(10_000)}

    assert app.test_client().post("/staff/sign-in", data=form).status_code == 413


def test_a_form_after_the_session_ended_says_so(app: Flask) -> None:
    response = StaffBrowser(app).post("/staff/accounts", {"name": "eve", "role": "admin"})

    assert response.status_code == 403
    assert "Nothing was changed" in response.text


# The accounts page


@pytest.mark.parametrize("role", ["viewer", "crew", "editor"])
def test_only_administrators_manage_accounts(app: Flask, role: str) -> None:
    browser = signed_in(app, role)

    assert browser.get("/staff/accounts").status_code == 403
    response = browser.post("/staff/accounts", {"name": "eve", "role": "admin"})
    assert response.status_code == 403
    assert f"the role {role} may not do this" in response.text
    assert len(app.extensions["council"].store.accounts.all()) == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "<b>ob</b>", "role": "viewer"}, "name"),
        ({"name": "admin@example.gov.uk", "role": "viewer"}, "name"),
        ({"name": "bob"}, "role"),
        ({"name": "bob", "role": "viewer", "rounds": "R1"}, "rounds"),
    ],
)
def test_what_an_account_cannot_have_is_said_at_its_field(
    app: Flask, form: dict[str, str], field: str
) -> None:
    admin = signed_in(app, "admin")
    admin.get("/staff/accounts")

    assert fields_in_error(admin.post("/staff/accounts", form).text) == [field]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": PASSWORD, "again": "another"}, "again"),
    ],
)
def test_a_password_that_cannot_be_set_is_said_at_its_field(
    council: Council, app: Flask, form: dict[str, str], field: str
) -> None:
    add_account(council, "ann", "viewer")
    link = f"/staff/password/{people.password_link(council, 'ann', datetime.now(UTC))}"
    ann = StaffBrowser(app)
    ann.get(link)

    assert fields_in_error(ann.post(link, form).text) == [field]


def test_an_administrator_adds_somebody_who_then_signs_in(app: Flask) -> None:
    admin = signed_in(app, "admin")
    admin.get("/staff/accounts")
    page = admin.tap("/staff/accounts", {"name": "Bob", "role": "crew", "rounds": "R1, R2"}).text
    link = page[page.index("/staff/password/") :].split("<")[0]
    bob = StaffBrowser(app)
    bob.get(link)

    assert "differ" in bob.post(link, {"password": PASSWORD, "again": "another"}).text
    assert "is set" in bob.tap(link, {"password": PASSWORD, "again": PASSWORD}).text
    assert bob.sign_in("bob").status_code == 303
    assert app.extensions["council"].store.accounts.get("bob").rounds == ("R1", "R2")
    assert bob.get(link).status_code == 403


def test_nobody_locks_themselves_out(app: Flask) -> None:
    admin = signed_in(app, "admin")

    response = admin.post("/staff/accounts/admin@example.gov.uk", {"action": "disable"})

    assert response.status_code == 400
    assert admin.get("/staff/accounts").status_code == 200


def test_settings_refuse_a_number_that_is_none() -> None:
    with pytest.raises(Exception, match="MAPSVC_PROXIES='one' cannot be used"):
        Settings.from_environment({"MAPSVC_PROXIES": "one"})


# What nobody gets round


def test_the_last_administrator_stays_one(app: Flask) -> None:
    council: Council = app.extensions["council"]
    for name in ("ann", "bob"):
        add_account(council, name, "admin")
    people.disable_account(council, "ann", by="tests", now=NOW)

    with pytest.raises(AccountRefused, match="bob is the last administrator"):
        people.disable_account(council, "bob", by="tests", now=NOW)
    with pytest.raises(AccountRefused, match="bob is the last administrator"):
        people.change_role(council, "bob", "viewer", (), by="tests", now=NOW)
    assert council.store.accounts.get("bob").role == "admin"


def test_tries_at_once_are_counted_before_they_are_looked_at(council: Council) -> None:
    begin, since = council.store.accounts.begin_try, NOW - timedelta(minutes=15)

    assert begin({"name": 1, "address": 9}, NOW, since) is not None
    assert begin({"name": 1, "address": 9}, NOW, since) is None
    assert begin({"address": 2}, NOW, since) is not None  # what is refused is not counted


def test_signing_in_right_counts_as_no_failure(council: Council) -> None:
    add_account(council, "ann", "viewer")

    for _ in range(people.FAILURES_PER_ACCOUNT + 1):
        assert people.sign_in(council, "ann", PASSWORD, "10.0.0.1", NOW)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_network_of_one_customer_counts_as_one_address(address: str, counted: str) -> None:
    assert counted_as(address) == counted


def test_a_link_made_for_somebody_is_on_record(app: Flask) -> None:
    admin = signed_in(app, "admin")
    add_account(app.extensions["council"], "bob", "viewer")
    admin.get("/staff/accounts")
    admin.post("/staff/accounts/bob", {"action": "link"})

    newest = app.extensions["council"].store.activity.deeds()[0]
    made = (newest.by, newest.action, newest.subject)
    assert made == ("admin@example.gov.uk", "made a password link for", "bob")
