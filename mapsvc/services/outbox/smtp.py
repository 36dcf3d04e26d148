"""Mail over SMTP: plain text, one recipient, and the same Message-ID however often it is sent."""

import hashlib
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from mapsvc.config import Settings
from mapsvc.messages.catalogue import Message
from mapsvc.services.outbox.http_client import NotReached, Refused

SECONDS = 10.0
WHOLE_SECONDS = 30.0
POLICY = SMTP.clone(max_line_length=900)
"""Mail programs read a link in a header only where it is not folded or encoded."""
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written. `reference` is what its Message-ID is made from."""

    to: str
    subject: str
    text: str
    reference: str
    headers: dict[str, str] = field(default_factory=dict)


def written(settings: Settings, letter: Letter, at: datetime) -> EmailMessage:
    """The message with its headers. Line breaks in a subject or an address are refused.

    Raises
    ------
    Refused : when a header cannot be written
    """
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = settings.mail_from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        for name, value in letter.headers.items():
            message[name] = value
    except ValueError as error:
        raise Refused("mail_unwritable", reason=str(error)) from error
    host = settings.mail_from.rpartition("@")[2]
    digest = hashlib.sha256(letter.reference.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{host}>"
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    return message


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the council's mail server.

    Raises
    ------
    NotReached : when it does not answer, or not now
    Refused : when it takes this one never
    """
    if not settings.sends_mail:
        raise NotReached("mail_not_set")
    try:
        _handed(settings, message)
    except smtplib.SMTPResponseException as error:
        kind = Refused if 500 <= error.smtp_code < 600 and not _is_sign_in(error) else NotReached
        raise kind(
            Message("mail_server_said", status=error.smtp_code, reason=_text(error.smtp_error))
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        kind = Refused if 500 <= code < 600 else NotReached
        raise kind(Message("mail_address_refused", status=code, reason=_text(words))) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotReached("mail_server_silent", reason=str(error)[:200]) from error


def _is_sign_in(error: smtplib.SMTPResponseException) -> bool:
    return isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError)


def _text(words: bytes | str) -> str:
    return (words.decode("utf-8", "replace") if isinstance(words, bytes) else words)[:200]


def _handed(settings: Settings, message: EmailMessage) -> None:
    address = urlsplit(settings.smtp_url)
    host, port = address.hostname or "", address.port or PORTS[address.scheme]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    watch = threading.Timer(WHOLE_SECONDS, _cut, (server,))
    watch.start()
    try:
        _say(server, address.scheme, context, address.username, address.password)
        server.send_message(message)
    finally:
        watch.cancel()
        server.close()


def _say(
    server: smtplib.SMTP,
    scheme: str,
    context: ssl.SSLContext,
    name: str | None,
    password: str | None,
) -> None:
    """Begin; encrypted where the server can, and always before a password."""
    server.ehlo()
    if scheme == "smtp" and (server.has_extn("starttls") or name):
        server.starttls(context=context)
    if name:
        server.login(unquote(name), unquote(password or ""))


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        try:
            server.sock.shutdown(socket.SHUT_RDWR)
        except OSError:  # it is over already
            return
