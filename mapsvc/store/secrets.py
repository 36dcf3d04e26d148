"""Keys that this installation made for itself; all its processes have the same."""

import secrets

from sqlalchemy import insert, select

from mapsvc.store.connections import Connections
from mapsvc.store.schema.staff_tables import secret


def kept_key(store: Connections, name: str) -> bytes:
    """The key of this name, made now when nobody asked for it before."""
    query = select(secret.c.value).where(secret.c.name == name)
    with store.reading() as connection:
        value = connection.scalar(query)
    if value is None:
        with store.writing("accounts") as connection:
            value = connection.scalar(query)
            if value is None:
                value = secrets.token_hex(32)
                connection.execute(insert(secret).values(name=name, value=value))
    return bytes.fromhex(value)
