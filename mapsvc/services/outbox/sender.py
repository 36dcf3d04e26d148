"""Sending what waits in the outbox, one message at a time, until it has arrived.

What a message says to a back office is in `open311_client`, what a mail says in `email_texts`.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mapsvc.domain.issues import Issue
from mapsvc.errors import MapsvcError, NotFound, StoreUnavailable
from mapsvc.messages.words import Reader
from mapsvc.services.outbox import email_texts, open311_client, smtp
from mapsvc.services.outbox.http_client import NotReached, Refused
from mapsvc.services.schedules.uploads import TIDY
from mapsvc.services.state.back_offices import MAILTO, message_to, recipients
from mapsvc.services.state.council import Council
from mapsvc.store.outbox import Parcel
from mapsvc.store.subscriptions import MAIL

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than all calls for one message may take together."""
MINUTES = (1, 5, 30)
"""Until the next try, after the first, second and third; the last one from then on."""
MOST_ATTEMPTS = 200
"""Some four days; then it is left to staff."""
FAILURES_TO_OPEN = 5
CIRCUIT = timedelta(minutes=30)
LOOK_SECONDS = 1.0
PULL, ERASE = "ask back offices", "erase"
"""Kinds of jobs that are queued here; `operations/job_handlers` says what does them."""
PULL_MINUTES = 10


def known_recipients(council: Council) -> tuple[str, ...]:
    """Where issues may go: the listed back offices, and the mailboxes of the categories."""
    mailboxes = {one for category in council.categories for one in recipients(category)}
    return tuple(sorted(mailboxes | council.back_offices.keys()))


def hand_over(council: Council, issue: Issue, recipient: str, *, by: str, at: datetime) -> Issue:
    """Send an issue to one more recipient; to the same one it goes once.

    Raises
    ------
    NotFound : when it is none of `known_recipients`
    """
    if recipient not in known_recipients(council):
        raise NotFound("no_recipient", recipient=recipient[:60])
    messages = [message_to(recipient, issue.reference)]
    return council.store.issues.change(
        issue.id, "handed over", note=recipient, by=by, at=at, messages=messages
    )


# Sending


def send_one(council: Council, worker: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Send the oldest message that is due; whether there was one."""
    outbox = council.store.outbox
    parcel = outbox.lease(worker, now, now + lease)
    if parcel is None:
        return False
    try:
        external = _send(council, parcel, now)
    except MapsvcError as error:
        log.warning("message %s: %s", parcel.id, error)
        _note_failure(
            council, parcel, error.told(Reader.STAFF), now, is_outage=not isinstance(error, Refused)
        )
    except Exception:  # our own mistake: the message waits, and the log has it
        reference = secrets.token_hex(4)
        log.exception("error %s sending message %s", reference, parcel.id)
        said = f"Something went wrong on our side; the log has it under {reference}."
        _note_failure(council, parcel, said, now, is_outage=False)
    else:
        outbox.note_sent(parcel, external, now)
    return True


def _send(council: Council, parcel: Parcel, now: datetime) -> str:
    """The number that the recipient gives it; empty where recipients give none."""
    message = parcel.message
    if message.recipient == MAIL:
        letter = email_texts.to_subscriber(council, message)
        if letter is None:
            return ""  # nobody wants it any more
    elif parcel.issue is None:
        return ""
    else:
        issue = council.store.issues.get(parcel.issue)
        if not message.recipient.startswith(MAILTO):
            office = council.back_offices.get(message.recipient)
            if office is None:
                raise NotReached("recipient_gone", recipient=message.recipient)
            return open311_client.send(council, office, issue, parcel)
        letter = email_texts.to_mailbox(council, issue, message)
    smtp.deliver(council.settings, smtp.written(council.settings, letter, now))
    return ""


def _note_failure(
    council: Council, parcel: Parcel, error: str, now: datetime, *, is_outage: bool
) -> None:
    outbox = council.store.outbox
    tried = parcel.attempts
    wait = timedelta(minutes=MINUTES[min(tried, len(MINUTES)) - 1])
    again_at = now + wait if tried < MOST_ATTEMPTS else None
    failures = outbox.failures(parcel.message.recipient) + 1
    open_until = now + CIRCUIT if failures >= FAILURES_TO_OPEN else None
    outbox.note_failure(parcel, error, again_at, open_until, is_outage=is_outage)
    log.warning("message %s to %s, try %s: %s", parcel.id, parcel.message.recipient, tried, error)


class Sender:
    """Sends what is due until it is stopped, in a thread of its own: a slow server of others
    keeps nobody waiting here.
    """

    def __init__(self, council: Council, clock: Callable[[], datetime] | None = None) -> None:
        self._council, self._clock = council, clock or council.now
        self._asked: set[str] = set()
        self._is_stopped = threading.Event()
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}"

    def start(self) -> threading.Thread:
        """Run in a thread that ends with the process; what it was at is sent by another."""
        thread = threading.Thread(target=self.run, daemon=True, name="sender")
        thread.start()
        return thread

    def stop(self) -> None:
        """End after the message that is being sent."""
        self._is_stopped.set()

    def run(self) -> None:
        """Send what is due, then wait, until stopped."""
        while not self._is_stopped.is_set():
            if not self._sent():
                self._is_stopped.wait(LOOK_SECONDS)

    def run_due(self) -> int:
        """Try what is due now and stop; how many messages that were."""
        number = 0
        while not self._is_stopped.is_set() and send_one(self._council, self.name, self._clock()):
            number += 1
        return number

    def _sent(self) -> bool:
        now = self._clock()
        try:
            self._ask_for_jobs(now)
            return send_one(self._council, self.name, now)
        except StoreUnavailable as busy:
            log.warning("the sender waits: %s", busy)
        except Exception:  # a sender that ends would leave every message waiting
            log.exception("the sender goes on after an error")
        return False

    def _ask_for_jobs(self, now: datetime) -> None:
        """Queue what is done every day and every ten minutes, once among all processes."""
        keys = {f"{kind} {now:%Y-%m-%d}": kind for kind in (ERASE, TIDY)}
        if self._council.back_offices:
            keys[f"{PULL} {now:%Y-%m-%d %H:}{now.minute // PULL_MINUTES}"] = PULL
        for key in keys.keys() - self._asked:
            # workers go by the clock, also in a demonstration
            self._council.store.jobs.add(keys[key], {}, key=key, at=datetime.now(UTC))
        self._asked = set(keys)


def pull_all(council: Council, now: datetime) -> None:
    """Ask all back offices about what they got; one that fails keeps no other waiting."""
    for office in council.back_offices.values():
        try:
            open311_client.pull(council, office, now)
        except (NotReached, Refused) as error:
            log.warning("nothing came back: %s", error)
    council.store.jobs.forget(PULL, now - timedelta(days=1))
