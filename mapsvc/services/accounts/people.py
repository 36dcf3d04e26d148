"""Signing in: accounts and what they may do, one-use links, sessions, and limits on guessing."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mapsvc.errors import AccountRefused, SignInRefused
from mapsvc.services.accounts.passwords import fits, hashed
from mapsvc.services.issues.client_address import counted_as
from mapsvc.services.state.council import Council
from mapsvc.store.accounts import Account, Session

MAY = {
    "viewer": frozenset({"see"}),
    "crew": frozenset({"mark"}),
    "editor": frozenset({"see", "mark", "steer", "publish"}),
    "admin": frozenset({"see", "mark", "steer", "publish", "manage accounts"}),
}
"""What each role may do. A crew marks its own rounds only; `steer` is all rounds, pauses and
notices."""

LINK_LASTS = timedelta(hours=48)
SESSION_LASTS = timedelta(hours=12)
IDLE = {"editor": timedelta(minutes=30), "admin": timedelta(minutes=30)}
"""How long a session of a role may lie unused; crews drive between two marks."""
TOUCH_EVERY = timedelta(minutes=1)

LOCK = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10

NAME = re.compile(r"[a-z0-9][a-z0-9._+'@-]{0,199}")


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a browser gets at sign-in; the store has only the hash of the token."""

    token: str
    account: Account


def may(account: Account, permission: str) -> bool:
    """Whether the account's role may do that."""
    return permission in MAY[account.role]


# Accounts


def add_account(
    council: Council,
    name: str,
    role: str,
    *,
    rounds: Sequence[str] = (),
    subject: str | None = None,
    by: str,
    now: datetime,
) -> Account:
    """A new account, without a password yet.

    Raises
    ------
    AccountRefused : when the name cannot be one or is taken, or rounds are given to no crew.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise AccountRefused("bad_account_name", field="name", value=name[:40])
    if role not in MAY:
        raise AccountRefused("unknown_role", field="role", value=role[:40], roles=tuple(MAY))
    if rounds and role != "crew":
        raise AccountRefused("rounds_of_no_crew", field="rounds", name=name, role=role)
    return council.store.accounts.add(name, role, rounds, subject=subject, by=by, at=now)


def disable_account(council: Council, name: str, *, by: str, now: datetime) -> None:
    """The account can sign in no more, and is signed out everywhere.

    Raises
    ------
    NotFound : when there is none
    AccountRefused : when it is the last administrator who can sign in
    """
    accounts = council.store.accounts
    accounts.get(name)
    accounts.change(name, action="disabled the account", disabled_at=now, by=by, at=now)


def enable_account(council: Council, name: str, *, by: str, now: datetime) -> None:
    """The account can sign in again. NotFound."""
    accounts = council.store.accounts
    accounts.get(name)
    accounts.change(name, action="enabled the account", disabled_at=None, by=by, at=now)


def change_role(
    council: Council, name: str, role: str, rounds: Sequence[str], *, by: str, now: datetime
) -> None:
    """Another role, or other rounds of a crew; the account has to sign in again.

    Raises
    ------
    NotFound : when there is none
    AccountRefused : for a role that is none, and for the last administrator who can sign in
    """
    council.store.accounts.get(name)
    if role not in MAY:
        raise AccountRefused("unknown_role", field="role", value=role[:40], roles=tuple(MAY))
    council.store.accounts.change(
        name,
        action="changed the account",
        detail=role,
        role=role,
        rounds=list(rounds) if role == "crew" else [],
        by=by,
        at=now,
    )


# Links to set a password


def password_link(council: Council, name: str, now: datetime, by: str = "command line") -> str:
    """The token of a one-use link with which somebody sets their password. NotFound."""
    token = secrets.token_urlsafe(32)
    account = council.store.accounts.get(name)
    council.store.accounts.add_link(account, _digest(token), now + LINK_LASTS, by=by, at=now)
    return token


def account_of_link(council: Council, token: str, now: datetime) -> Account:
    """Whose link it is. SignInRefused when it was used, or is too old."""
    found = council.store.accounts.account_of_link(_digest(token), now)
    if found is None:
        raise SignInRefused("link_used")
    return found


def set_password(council: Council, token: str, password: str, now: datetime) -> Account:
    """Use a link up and keep the password's hash. AccountRefused, SignInRefused."""
    account = account_of_link(council, token, now)
    new = hashed(password, account.name)
    used = council.store.accounts.use_link(_digest(token), new, now)
    return used or account_of_link(council, token, now)


# Signing in and out


def sign_in(council: Council, name: str, password: str, address: str, now: datetime) -> NewSession:
    """A new session.

    Parameters
    ----------
    address : the client's network address, on which the second limit counts

    Raises
    ------
    SignInRefused : with one sentence for every reason, after the same time.
    """
    name = name.strip().lower()[:200]
    limits = {
        _digest(f"account:{name}"): FAILURES_PER_ACCOUNT,
        _digest(f"address:{counted_as(address)}"): council.settings.sign_in_failures_per_address,
    }
    tries = council.store.accounts.begin_try(limits, now, now - LOCK)
    found = council.store.accounts.password_of(name) if tries else None
    is_right = fits(password[:1000], found[1] if found else None)
    if not found or not is_right:
        raise SignInRefused("not_signed_in", tries=FAILURES_PER_ACCOUNT, minutes=LOCK.seconds // 60)
    council.store.accounts.forgive(tries)
    return open_session(council, found[0], now)


def open_session(council: Council, account: Account, now: datetime) -> NewSession:
    """Sign somebody in who has shown who they are."""
    token = secrets.token_urlsafe(32)
    accounts = council.store.accounts
    accounts.forget_sessions(now - SESSION_LASTS)
    accounts.open_session(account.id, _digest(token), secrets.token_hex(32), now)
    return NewSession(token, account)


def session_of(council: Council, token: str, now: datetime) -> Session | None:
    """Who is signed in with this token; None when nobody is, or no longer."""
    digest = _digest(token)
    session = council.store.accounts.session(digest)
    if session is None:
        return None
    idle = IDLE.get(session.account.role, SESSION_LASTS)
    if now - session.started >= SESSION_LASTS or now - session.seen >= idle:
        council.store.accounts.close_session(digest)
        return None
    if now - session.seen >= TOUCH_EVERY:
        council.store.accounts.touch_session(digest, now)
    return session


def sign_out(council: Council, token: str) -> None:
    """End the session."""
    council.store.accounts.close_session(_digest(token))


# Seals on forms


def seal(session: Session) -> str:
    """What a form of this session carries; another one each time, so that a compressed page
    does not give it away (BREACH).
    """
    nonce = secrets.token_hex(16)
    return f"{nonce}.{_sealed(session, nonce)}"


def is_seal(session: Session, text: str) -> bool:
    """Whether a form comes from a page of this session."""
    nonce, _, mac = text.partition(".")
    return hmac.compare_digest(_sealed(session, nonce).encode(), mac.encode())


def _sealed(session: Session, nonce: str) -> str:
    return hmac.new(session.csrf.encode(), nonce.encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
