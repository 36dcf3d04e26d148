"""Calls to servers of other people: to listed hosts only, and never more than is good for us.

The host's address is looked up once, checked, and connected to: a name that changes its address
in between leads nowhere else. No redirect is followed.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode, urlsplit

from mapsvc.errors import MapsvcError
from mapsvc.services.state.back_offices import BackOffice

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
WHOLE_SECONDS = 15.0
"""For one call from beginning to end, however slowly its bytes come."""
LARGEST = 1024 * 1024
MOST_ADDRESSES = 3
_CHUNK = 64 * 1024

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotReached(MapsvcError):
    """A server that did not answer, or answered something that is none; it may later."""


class Refused(MapsvcError):
    """A server that answered and does not take this one message."""


def call(
    office: BackOffice, path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """The status code and body that a back office answers with: to a form, if one is given.

    Raises
    ------
    NotReached : saying why
    """
    address = urlsplit(office.endpoint + path)
    target = f"{address.path}?{urlencode(query)}" if query else address.path
    method, body, headers = "GET", None, {"Accept": "text/xml"}
    if form is not None:
        method, body, headers = "POST", urlencode(form).encode(), {**headers, **FORM}
    try:
        with _connected(office) as connection:
            connection.request(method, target, body, {**headers, "Connection": "close"})
            response = connection.getresponse()
            return response.status, _read(office, response)
    except ssl.SSLCertVerificationError as error:
        raise NotReached("office_not_trusted", office=office.name, reason=_reason(error)) from error
    except (OSError, HTTPException) as error:
        raise NotReached("office_silent", office=office.name, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]


@contextmanager
def _connected(office: BackOffice) -> Iterator[HTTPConnection]:
    """A connection to the checked address, cut off when its time is over."""
    address = urlsplit(office.endpoint)
    host, is_https = address.hostname or "", address.scheme == "https"
    port = address.port or (443 if is_https else 80)
    raw = _reached(checked_addresses(office, host, port), port)
    watch = threading.Timer(WHOLE_SECONDS, _cut, (raw,))
    watch.start()
    try:
        raw.settimeout(READ_SECONDS)
        connection = HTTPConnection(host, port)
        connection.sock = _encrypted(raw, host) if is_https else raw
        yield connection
        connection.close()
    finally:
        watch.cancel()
        raw.close()


def _encrypted(raw: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def _cut(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:  # it is over already
        return


def _reached(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first address that takes one; some hosts have one that does not."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), CONNECT_SECONDS)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), CONNECT_SECONDS)


def checked_addresses(office: BackOffice, host: str, port: int) -> list[str]:
    """A few network addresses of a host, once all that it has are seen to be public.

    Raises
    ------
    NotReached : when the host has no address, or one of a private network and may not
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotReached(
            "office_host_unknown", office=office.name, host=host, reason=str(error)
        ) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    inside = next((text for text in addresses if not _is_public(text)), None)
    if inside and not office.is_private:
        raise NotReached("office_is_private", office=office.name, host=f"{host} ({inside})")
    return addresses[:MOST_ADDRESSES]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def _read(office: BackOffice, response: HTTPResponse) -> bytes:
    """The body. NotReached when it is too large or comes too slowly."""
    ends, body = time.monotonic() + WHOLE_SECONDS, b""
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise NotReached("office_answer_too_long", office=office.name)
        if time.monotonic() > ends:
            raise NotReached("office_too_slow", office=office.name)
    missing = response.length
    if missing:
        raise NotReached("office_answer_cut_short", office=office.name)
    return body
