"""The web server that `mapsvc serve` runs: granian, chosen by measurement (docs/performance.md)."""

import gc
import logging
import multiprocessing
import os
import socket
import threading
import time

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from mapsvc.config import Settings
from mapsvc.errors import MapsvcError, StoreUnavailable
from mapsvc.services.answers.teller import edition_name
from mapsvc.services.jobs import Worker
from mapsvc.services.operations.job_handlers import WORK
from mapsvc.services.outbox.sender import Sender
from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 0.3
"""So long a request waits for a publication to be read, before it has what was published before."""
SLOW_AT_FIRST = ("/", "/map", "/api/status", "/api/status?part=places")
"""What reads the schedule, the calendar, the templates and each verge's status."""


def run_server(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Workers are processes of their own and read the environment."""
    os.environ.update(settings.to_environment())
    # A fork of a process whose libraries have threads, as convertbng's have, stands still for ever.
    multiprocessing.set_start_method("spawn", force=True)
    Council.open(settings).close()  # a store that cannot be opened is said before workers start
    _require_free(host, port)
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


def _require_free(host: str, port: int) -> None:
    """Workers share a port, so a second service would share it too, and answer at random."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        raise MapsvcError("port_taken", port=port, host=host, reason=str(error.strerror)) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _is_news(record: logging.LogRecord) -> bool:
    """All but the advice to have fewer threads: slow clients would then keep others waiting."""
    return "Python threads" not in record.getMessage()


def application() -> Flask:
    """The application of one worker process."""
    # A county's grass is a million objects that live on; by default Python looks through them again
    # and again while they are read.
    gc.set_threshold(50_000, 20)
    settings = Settings.from_environment()
    app = create_app(settings)
    app.extensions["council"].patience = PATIENCE_SECONDS
    Warmth(app).start()
    if settings.worker:
        Worker(app.extensions["council"], WORK).start()
        Sender(app.extensions["council"]).start()
    return app


class Warmth:
    """Asks its own process first for what the first resident would wait for: when it starts, after
    each publication and on each new day. A county's statuses take seconds to work out.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._council: Council = app.extensions["council"]
        self._known: object = None

    def start(self) -> threading.Thread:
        """Ask now, then go on looking in a thread that ends with the process."""
        self.look()
        thread = threading.Thread(target=self.run, daemon=True, name="warmth")
        thread.start()
        return thread

    def run(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                self.look()
            except StoreUnavailable as busy:  # the next look is soon
                log.warning("nothing was made ready: %s", busy)

    def look(self) -> bool:
        """Whether something is published, or the day has come, that nobody asked about yet."""
        self._council.catch_up()
        current = edition_name(self._council.moment), self._council.today()
        if current == self._known:
            return False
        client = self._app.test_client()
        for path in SLOW_AT_FIRST:
            client.get(path)
        self._known = current
        return True
