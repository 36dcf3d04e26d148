"""Who may sign in, and who is signed in. Passwords and tokens are here as hashes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mapsvc.errors import AccountRefused, NotFound
from mapsvc.store.activity import note
from mapsvc.store.connections import Connections
from mapsvc.store.schema.staff_tables import account, password_link, session, sign_in_failure


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `name` is what they type; `rounds` are those of a crew."""

    id: int
    name: str
    role: str
    rounds: tuple[str, ...]
    has_password: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `csrf` is the key that their forms are sealed with."""

    account: Account
    csrf: str
    started: datetime
    seen: datetime


class Accounts:
    """The accounts of a store, their links, sessions and failures."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    # Accounts

    def add(
        self,
        name: str,
        role: str,
        rounds: Iterable[str],
        *,
        subject: str | None,
        by: str,
        at: datetime,
    ) -> Account:
        """A new account without a password.

        Parameters
        ----------
        subject : who it is at the identity provider, when they sign in there

        Raises
        ------
        AccountRefused : when the name is taken.
        """
        values = {"name": name, "role": role, "rounds": list(rounds), "subject": subject}
        try:
            with self._store.writing("accounts") as connection:
                connection.execute(insert(account).values(**values, by=by, at=at))
                note(
                    connection, by=by, at=at, action="added the account", subject=name, detail=role
                )
        except IntegrityError as error:
            raise AccountRefused("account_taken", field="name", name=name) from error
        return self.get(name)

    def get(self, name: str) -> Account:
        """The account of this name. NotFound when there is none."""
        found = self._found(account.c.name == name)
        if not found:
            raise NotFound("no_account", name=name)
        return found[0]

    def of_subject(self, subject: str) -> Account | None:
        """The account of somebody whom the identity provider knows as `subject`."""
        return next(iter(self._found(account.c.subject == subject)), None)

    def all(self) -> list[Account]:
        """All accounts by name, disabled ones included."""
        return self._found()

    def _found(self, *conditions: ColumnElement[bool]) -> list[Account]:
        query = select(account).where(*conditions).order_by(account.c.name)
        with self._store.reading() as connection:
            return [_account(row) for row in connection.execute(query)]

    def change(
        self,
        name: str,
        *,
        action: str,
        by: str,
        at: datetime,
        detail: str = "",
        keeps_an_admin: bool = True,
        **values: Any,
    ) -> None:
        """Set columns of an account and end its sessions, whatever they said before.

        Parameters
        ----------
        action : what the activity log calls it
        keeps_an_admin : refuse what would leave nobody to manage accounts

        Raises
        ------
        AccountRefused : when it is the last administrator, and would be one no more
        """
        with self._store.writing("accounts") as connection:
            admins = _admins(connection)
            connection.execute(update(account).where(account.c.name == name).values(**values))
            if keeps_an_admin and admins and not _admins(connection):
                raise AccountRefused("last_administrator", name=name)
            ids = select(account.c.id).where(account.c.name == name)
            connection.execute(delete(session).where(session.c.account.in_(ids)))
            note(connection, by=by, at=at, action=action, subject=name, detail=detail)

    def password_of(self, name: str) -> tuple[Account, str] | None:
        """An account that may sign in with a password, and its hash."""
        can_sign_in = account.c.password.is_not(None) & account.c.disabled_at.is_(None)
        query = select(account).where(account.c.name == name, can_sign_in)
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return (_account(row), row.password) if row else None

    # Links to set a password

    def add_link(
        self, owner: Account, token: str, expires: datetime, *, by: str, at: datetime
    ) -> None:
        """A new link, known by the hash of its token; earlier ones of the account end."""
        mine = password_link.c.account == owner.id
        values = {"account": owner.id, "token": token, "expires": expires}
        with self._store.writing("accounts") as connection:
            connection.execute(delete(password_link).where(mine))
            connection.execute(insert(password_link).values(values))
            note(connection, by=by, at=at, action="made a password link for", subject=owner.name)

    def account_of_link(self, token: str, now: datetime) -> Account | None:
        """Whose link it is, while it can be used."""
        with self._store.reading() as connection:
            return _of_link(connection, token, now)

    def use_link(self, token: str, password: str, now: datetime) -> Account | None:
        """Set the password of the link's account and use the link up; None when it is not valid."""
        with self._store.writing("accounts") as connection:
            found = _of_link(connection, token, now)
            if found is None:
                return None
            mine = session.c.account == found.id
            connection.execute(
                update(password_link).where(password_link.c.token == token).values(used_at=now)
            )
            connection.execute(
                update(account).where(account.c.id == found.id).values(password=password)
            )
            connection.execute(delete(session).where(mine))
            note(connection, by=found.name, at=now, action="set a password")
        return found

    # Sessions

    def open_session(self, account_id: int, token: str, csrf: str, now: datetime) -> None:
        """A new session, known by the hash of its token."""
        values = {"token": token, "account": account_id, "csrf": csrf, "started": now, "seen": now}
        with self._store.writing("accounts") as connection:
            name = connection.scalar(select(account.c.name).where(account.c.id == account_id))
            connection.execute(insert(session).values(values))
            note(connection, by=str(name), at=now, action="signed in")

    def session(self, token: str) -> Session | None:
        """The session of this token's hash, unless its account is disabled."""
        query = (
            select(account, session.c.csrf, session.c.started, session.c.seen)
            .join(session, session.c.account == account.c.id)
            .where(session.c.token == token, account.c.disabled_at.is_(None))
        )
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Session(_account(row), row.csrf, row.started, row.seen) if row else None

    def touch_session(self, token: str, now: datetime) -> None:
        """Note that the session was used."""
        with self._store.writing("accounts") as connection:
            connection.execute(update(session).where(session.c.token == token).values(seen=now))

    def close_session(self, token: str) -> None:
        """End the session; its cookie is worth nothing from now on."""
        with self._store.writing("accounts") as connection:
            connection.execute(delete(session).where(session.c.token == token))

    def forget_sessions(self, started_before: datetime) -> None:
        """Remove the sessions that are too old to be used."""
        with self._store.writing("accounts") as connection:
            connection.execute(delete(session).where(session.c.started < started_before))

    # Tries

    def begin_try(
        self, limits: Mapping[str, int], now: datetime, since: datetime
    ) -> list[int] | None:
        """Count a sign-in under each key, before anybody looks whether it is right.

        Counted afterwards, many that come at once would pass a limit together. Those before
        `since` are forgotten.

        Returns
        -------
        what `forgive` takes; None, with nothing counted, where a limit is reached already
        """
        tries = sign_in_failure.c
        with self._store.writing("accounts") as connection:
            connection.execute(delete(sign_in_failure).where(tries.at < since))
            for key, most in limits.items():
                of_key = select(func.count()).select_from(sign_in_failure).where(tries.key == key)
                if int(connection.scalar(of_key) or 0) >= most:
                    return None
            made = insert(sign_in_failure).returning(tries.fid)
            return [
                int(connection.execute(made.values(key=key, at=now)).scalar_one()) for key in limits
            ]

    def forgive(self, tries: Iterable[int] | None) -> None:
        """The password was right: these tries were no failures."""
        with self._store.writing("accounts") as connection:
            of_try = sign_in_failure.c.fid.in_(list(tries or ()))
            connection.execute(delete(sign_in_failure).where(of_try))


def _admins(connection: Connection) -> int:
    """How many administrators may sign in."""
    may = (account.c.role == "admin") & account.c.disabled_at.is_(None)
    return int(connection.scalar(select(func.count()).select_from(account).where(may)) or 0)


def _of_link(connection: Connection, token: str, now: datetime) -> Account | None:
    query = (
        select(account)
        .join(password_link, password_link.c.account == account.c.id)
        .where(
            password_link.c.token == token,
            password_link.c.used_at.is_(None),
            password_link.c.expires > now,
            account.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).one_or_none()
    return _account(row) if row else None


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        role=row.role,
        rounds=tuple(row.rounds),
        has_password=row.password is not None,
        is_disabled=row.disabled_at is not None,
    )
