"""Connections to PostGIS, for several web servers with one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text

LOCKS = {
    "editions": 1,
    "events": 2,
    "notices": 3,
    "counters": 4,
    "publishing": 5,
    "accounts": 6,
    "jobs": 7,
    "uploads": 8,
    "issues": 9,
    "outbox": 10,
}
"""Advisory locks, one writer each, so that ids are in the order in which others see them."""
LOCK_CLASS = 0x6D6170
APPLICATION = "mapsvc"
"""What a connection calls itself: nothing is restored while another of this name is there."""
WAIT = {"publishing": "120s"}


def postgis_engine(url: str) -> Engine:
    """An engine on a `postgresql://` address."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    named = {"application_name": APPLICATION}
    return create_engine(address, pool_pre_ping=True, max_overflow=-1, connect_args=named)


def connect(url: str) -> Any:
    """A connection of the driver itself, without transactions."""
    import psycopg  # a tenth of the start of a command with a GeoPackage

    plain = make_url(url).set(drivername="postgresql")
    url = plain.render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True, application_name=APPLICATION)


def lock(connection: Connection, topic: str) -> None:
    """Wait to be the one writer of a topic until this transaction ends."""
    connection.execute(
        text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": WAIT.get(topic, "5s")}
    )
    connection.execute(
        text("SELECT pg_advisory_xact_lock(:class, :topic)"),
        {"class": LOCK_CLASS, "topic": LOCKS[topic]},
    )


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Nobody else publishes meanwhile; a connection that dies lets go of it."""
    with engine.begin() as connection:
        lock(connection, "publishing")
        yield
