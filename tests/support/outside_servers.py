"""Servers of other people on the loopback, which can be told to fail: a back office, and mail."""

import asyncio
import itertools
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from aiosmtpd.controller import Controller

DTD = '<!DOCTYPE x [<!ENTITY a "aaaa">]><service_requests><request><service_request_id>&a;'

REFUSAL = "<errors><error><code>400</code><description>No such place</description></error></errors>"

BEFORE = ("hang", "500", "nothing", "dtd", "drip", "large", "redirect", "malformed")
"""Ways to fail that a request is not accepted before."""
AFTER = ("reset", "500 after", "dtd after")
"""Ways to fail once it was accepted."""
SLOW = ("hang", "drip")
"""Ways to fail that only the caller's patience ends; they take three seconds here."""


class BackOffice:
    """What it was sent, by its number, and how it fails next. `plan` fails one call after another.

    `shows` says whether its list has descriptions, as many have not.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}/open311/v2/"
        self.plan: Iterator[str] = itertools.repeat("")
        self.shows = True
        self.latency = 0.0
        self.offers_updates = True
        self.got: dict[str, dict[str, str]] = {}
        self.statuses: dict[str, tuple[str, str]] = {}
        self.updates: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.lock = threading.Lock()

    def references(self) -> list[str]:
        """Our references in the order in which they were accepted, doubles included."""
        return [form["attribute[reference]"] for form in self.got.values()]

    def accept(self, form: dict[str, str]) -> str:
        with self.lock:
            number = str(len(self.got) + 1)
            self.got[number] = form
        return f"<request><service_request_id>{number}</service_request_id></request>"

    def listed(self, query: dict[str, str]) -> str:
        asked = query.get("service_request_id", "").split(",")
        chosen = {n: f for n, f in self.got.items() if asked == [""] or n in asked}
        return "".join(self._entry(number, form) for number, form in chosen.items())

    def _entry(self, number: str, form: dict[str, str]) -> str:
        status, notes = self.statuses.get(number, ("open", ""))
        words = escape(form["description"]) if self.shows else ""
        return (
            f"<request><service_request_id>{number}</service_request_id><status>{status}</status>"
            f"<status_notes>{escape(notes)}</status_notes><description>{words}</description>"
            "</request>"
        )


class _Handler(BaseHTTPRequestHandler):
    office: BackOffice

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.office.calls.append(f"GET {self.path}")
        if address.path.endswith("/requests.xml"):
            self._send(200, f"<service_requests>{self.office.listed(query)}</service_requests>")
        elif address.path.endswith("/servicerequestupdates.xml") and self.office.offers_updates:
            parts = "".join(
                "<request_update>"
                + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in update.items())
                + "</request_update>"
                for update in self.office.updates
            )
            self._send(200, f"<service_request_updates>{parts}</service_request_updates>")
        else:
            self._send(404, "<errors><error><code>404</code></error></errors>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.office.calls.append(f"POST {self.path}")
        fails = next(self.office.plan)
        time.sleep(self.office.latency)
        if fails in BEFORE:
            self._fail(fails)
            return
        if fails == "400":
            self._send(400, REFUSAL)
            return
        made = self.office.accept(form)
        time.sleep(self.office.latency)
        if fails in AFTER:
            self._fail(fails.removesuffix(" after"))
        else:
            self._send(200, f"<service_requests>{made}</service_requests>")

    def _fail(self, how: str) -> None:
        if how == "hang":
            time.sleep(3)
        elif how == "500":
            self._send(500, "Internal error")
        elif how == "dtd":
            self._send(200, DTD)
        elif how == "malformed":
            self._send(200, "<service_requests>")
        elif how == "large":
            self._send(200, "<a>" + "x" * 1_100_000 + "</a>")
        elif how == "redirect":
            self._send(302, "", Location=f"{self.office.endpoint}elsewhere.xml")
        elif how == "drip":
            self._drip()
        elif how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def _drip(self) -> None:
        try:
            for _ in range(30):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    def _send(self, code: int, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(code)
        for name, value in {"Content-Type": "text/xml", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read no log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: the other side may be gone."""


@contextmanager
def running_back_office(
    port: int = 0, context: ssl.SSLContext | None = None
) -> Iterator[BackOffice]:
    """A back office, on a port of its own where none is named; encrypted with a context."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", port), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    office = handler.office = BackOffice(server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port of the loopback where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class MailServer:
    """What it accepted, and how it fails next: `refuse`, `busy`, `hang`, `drop`, `drop after`."""

    def __init__(self) -> None:
        self.plan: Iterator[str] = itertools.repeat("")
        self.got: list[Message] = []
        self.latency = 0.0
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def ids(self) -> list[str]:
        """The Message-IDs in the order in which they were accepted, doubles included."""
        return [str(message["Message-ID"]) for message in self.got]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        fails = next(self.plan)
        await asyncio.sleep(self.latency)
        if fails == "refuse":
            return "550 no such mailbox"
        if fails == "busy":
            return "451 try again later"
        if fails == "hang":
            await asyncio.sleep(3)
            return "451 too late"
        if fails != "drop":
            self.got.append(message_from_bytes(envelope.content))
            await asyncio.sleep(self.latency)
        if fails in ("drop", "drop after"):
            server.transport.abort()
        return "250 accepted"


@contextmanager
def running_mail_server(port: int = 0) -> Iterator[MailServer]:
    """A mail server, on a port of its own where none is named."""
    port = port or free_port()
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    server.port = port
    try:
        yield server
    finally:
        controller.stop()
