"""The web server that `mapsvc serve` runs: granian, chosen by measurement (docs/performance.md)."""

import logging
import multiprocessing
import os

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from mapsvc.config import Settings
from mapsvc.services.council import Council
from mapsvc.services.jobs import Worker
from mapsvc.services.sending import Sender
from mapsvc.services.work import WORK
from mapsvc.web.app import create_app


def run_server(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Workers are processes of their own and read the environment."""
    os.environ.update(settings.to_environment())
    # A fork of a process whose libraries have threads, as convertbng's have, stands still for ever.
    multiprocessing.set_start_method("spawn", force=True)
    Council.open(settings).close()  # a store that cannot be opened is said before workers start
    logging.getLogger("_granian").addFilter(_is_news)
    server = Server(
        "mapsvc.web.server:application",
        factory=True,
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        log_access=False,
        websockets=False,
    )
    server.serve()


def _is_news(record: logging.LogRecord) -> bool:
    """All but the advice to have fewer threads: slow clients would then keep others waiting."""
    return "Python threads" not in record.getMessage()


def application() -> Flask:
    """The application of one worker process."""
    settings = Settings.from_environment()
    app = create_app(settings)
    warm_up(app)
    if settings.worker:
        Worker(app.extensions["council"], WORK).start()
        Sender(app.extensions["council"]).start()
    return app


def warm_up(app: Flask) -> None:
    """Read what the first resident would wait for: the schedule, the calendar, the templates."""
    client = app.test_client()
    for path in ("/", "/map", "/api/status"):
        client.get(path)
