"""Messages sent to servers that fail, by workers that are killed, and the count of what was lost.

`tests/services/outbox/test_outbox_kills.py` does a little of it, `scripts/bench_outbox.py` much.
The workers' time runs 200 times faster: half an hour is nine seconds.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from mapsvc.config import Settings
from mapsvc.services.outbox import http_client, smtp
from mapsvc.services.outbox.sender import Sender
from mapsvc.services.state.back_offices import message_to
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.outbox import SENT, WAITING
from tests.support.outside_servers import BackOffice, MailServer

FASTER = 200
MAILBOX = "mailto:grounds@example.gov.uk"


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of messages of one kind: lost is what the other side never got or we never know.

    `doubles` are those that came again under a reference that had come before.
    """

    messages: int
    lost: int
    doubles: int


@contextmanager
def opened(folder: Path, office: int, mail_port: int) -> Iterator[Council]:
    """A council whose back office and mail server are at these ports."""
    file = folder / "offices.csv"
    endpoint = f"http://127.0.0.1:{office}/open311/v2/"
    file.write_text(f"name,endpoint,api_key,jurisdiction,private\nnorth,{endpoint},k,,yes\n")
    settings = Settings(
        data=folder / "data",
        back_offices=file,
        insecure_loopback=True,
        smtp_url=f"smtp://127.0.0.1:{mail_port}",
        mail_from="grass@example.gov.uk",
    )
    council = Council.open(settings)
    try:
        yield council
    finally:
        council.close()


def impatient() -> None:
    """Wait for servers a second only: enough for one that answers, on a busy machine too."""
    http_client.READ_SECONDS = smtp.SECONDS = 1.0
    http_client.WHOLE_SECONDS = 1.5


def report(council: Council, number: int, *to: str) -> None:
    """An issue that goes to these recipients."""
    draft = IssueDraft("other", f"Up to my knees, number {number}", "1")
    messages = [message_to(one, draft.reference) for one in to]
    council.store.issues.add(draft, datetime(2026, 1, 1, tzinfo=UTC), messages)


def send_until_killed(
    folder: Path, office: int, mail_port: int, began: float, said: Connection
) -> None:
    """What a worker does, in a process of its own."""

    def fast() -> datetime:
        return datetime.fromtimestamp(began, UTC) + FASTER * timedelta(seconds=time.time() - began)

    with opened(folder, office, mail_port) as council:
        said.send("ready")
        Sender(council, fast).run()


def send_all(council: Council, looks: int = 200) -> None:
    """Send until nothing waits, looking every half hour of a clock that waits for nobody."""
    now = [datetime.now(UTC)]
    sender = Sender(council, lambda: now[0])
    for _ in range(looks):
        sender.run_due()
        if not council.store.outbox.numbers().get(WAITING):
            return
        now[0] += timedelta(minutes=31)


def kill_workers(
    folder: Path,
    office: BackOffice,
    mail_server: MailServer,
    context: ForkServerContext,
    kills: int,
    chance: random.Random,
) -> None:
    """Kill a worker so often, each at work on an issue and a mail more, and send what is left."""
    began = time.time()
    with opened(folder, office.port, mail_server.port) as council:
        for number in range(kills):
            report(council, number, "north", MAILBOX)
            ours, theirs = context.Pipe()
            arguments = (folder, office.port, mail_server.port, began, theirs)
            worker = context.Process(target=send_until_killed, args=arguments)
            worker.start()
            assert ours.recv() == "ready"
            time.sleep(chance.random() * 0.4)
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            worker.join()
            ours.close()
            theirs.close()
        now = datetime.fromtimestamp(began, UTC) + timedelta(days=30)
        for _ in range(200):
            Sender(council, lambda at=now: at).run_due()  # type: ignore[misc]
            now += timedelta(minutes=31)
            if not council.store.outbox.numbers().get(WAITING):
                break


def counted(council: Council, office: BackOffice, mail_server: MailServer) -> dict[str, Counted]:
    """What became of the issues and of the mails."""
    parcels = council.store.outbox.page(limit=10_000)
    references = office.references()
    subjects = [str(letter["Subject"]).partition(":")[0] for letter in mail_server.got]
    ids = mail_server.ids()
    assert len(set(ids)) == len(set(subjects))  # what comes twice has the same Message-ID
    found = {}
    for kind, to, arrived in (("issues", "north", references), ("mails", MAILBOX, subjects)):
        meant = {p.message.reference: p.state for p in parcels if p.message.recipient == to}
        lost = [one for one, state in meant.items() if one not in arrived or state != SENT]
        found[kind] = Counted(len(meant), len(lost), len(arrived) - len(set(arrived)))
    return found
