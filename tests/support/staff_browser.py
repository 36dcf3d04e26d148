"""The staff pages in a real browser: a context that is signed in, without the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from mapsvc.services.accounts import people
from mapsvc.services.state.council import Council

PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}


@contextmanager
def signed_in_context(
    browser: Browser, app: Flask, address: str, name: str, **options: Any
) -> Iterator[BrowserContext]:
    """A browser in which the account of this name is signed in."""
    council: Council = app.extensions["council"]
    ticket = people.open_session(council, council.store.accounts.get(name), datetime.now(UTC))
    context = browser.new_context(**options)
    context.add_cookies([{"name": "mapsvc", "value": ticket.token, "url": address}])
    yield context
    context.close()
