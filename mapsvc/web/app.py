"""The Flask application: one council, its pages and its JSON."""

from functools import partial
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from mapsvc import resources
from mapsvc.config import Settings
from mapsvc.services.answers.teller import Answers
from mapsvc.services.operations.usage_counters import Tally
from mapsvc.services.state.council import Council
from mapsvc.web import staff
from mapsvc.web.api import health, open311, routes
from mapsvc.web.common import assets, compression, errors, filters
from mapsvc.web.common.body_cache import Kept
from mapsvc.web.common.headers import SecureHeaders
from mapsvc.web.common.search_cache import Searches
from mapsvc.web.common.search_middleware import QuickSearch
from mapsvc.web.common.tile_middleware import WarmTiles
from mapsvc.web.residents import embed, maps, news, oembed, pages, reports, statements

LARGEST_REQUEST = 64 * 1024
"""Bytes of a body; residents send none."""

LARGEST_NUMBER = 2**31 - 1
"""In an address; a larger one is no row of a store."""

KEPT_BYTES = 50_000_000
"""Of bodies: three for each of some 2,000 streets."""


def create_app(settings: Settings, council: Council | None = None) -> Flask:
    """The application for the council that `settings` name, opened unless it is given."""
    app = Flask("mapsvc", template_folder=str(resources.templates_dir()), static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        TRUSTED_HOSTS=_trusted_hosts(settings),
    )
    app.url_map.converters["int"] = partial(IntegerConverter, max=LARGEST_NUMBER)  # type: ignore[assignment]
    council = council or Council.open(settings)
    app.extensions["council"] = council
    app.extensions["answers"] = Answers(council)
    app.extensions["kept"] = Kept(KEPT_BYTES)
    app.extensions["searches"] = searches = Searches(council)
    app.extensions["tally"] = Tally(council)
    filters.register(app, settings)
    errors.register(app)
    compression.register(app)
    public = (pages, maps, embed, oembed, routes, assets, health, reports, open311, news)
    for module in (*public, staff):
        app.register_blueprint(module.blueprint)
    statements.register(app, settings)
    app.wsgi_app = SecureHeaders(QuickSearch(WarmTiles(app.wsgi_app), searches), settings)  # type: ignore[method-assign]
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _trusted_hosts(settings: Settings) -> list[str] | None:
    """The host names that a request may be for, once the public address is known."""
    host = urlsplit(settings.public_url).hostname
    return [host, "localhost", "127.0.0.1", "[::1]"] if host else None
