"""Sends 50 issues and 50 mails under every failure, and under kills, and counts what was lost.

    python scripts/bench_outbox.py                 50 messages each, 50 kills
    python scripts/bench_outbox.py --kills 10      fewer

Each message fails twice before it can arrive. Figures that were seen are in docs/performance.md;
test_sending.py and test_outbox_kills.py in tests/services/outbox do a little of the same.
"""

import argparse
import itertools
import logging
import multiprocessing
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.outbox_kills import (
    MAILBOX,
    Counted,
    counted,
    impatient,
    kill_workers,
    opened,
    report,
    send_all,
)
from tests.support.outside_servers import (
    AFTER,
    BEFORE,
    free_port,
    running_back_office,
    running_mail_server,
)

MAIL = ("refuse", "busy", "hang", "drop", "drop after")
PROCESSES = multiprocessing.get_context("forkserver")
KILLED_AMONG = ["", "", "", "500", "reset", "", "nothing", "", "dtd after", ""]


def main() -> None:
    """Fail in every way, and print a row of Markdown for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=50)
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    impatient()
    print("| failure | sent | lost | came twice |\n|---|---|---|---|")
    away(asked.messages)
    for how in (*BEFORE, "400", *AFTER):
        office_fails(asked.messages, how, shows=True)
    for how in AFTER:
        office_fails(asked.messages, how, shows=False)
    for how in MAIL:
        mail_fails(asked.messages, how)
    killed(asked.kills)


def row(words: str, found: Counted) -> None:
    """A row of the table."""
    print(f"| {words} | {found.messages} | {found.lost} | {found.doubles} |", flush=True)


def away(messages: int) -> None:
    """Neither server is there at first, for as long as opens the circuit."""
    ports = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), *ports) as council:
        for number in range(messages):
            report(council, number, "north", MAILBOX)
        send_all(council, looks=3)
        with running_back_office(ports[0]) as office, running_mail_server(ports[1]) as mail_server:
            send_all(council)
            for kind, found in counted(council, office, mail_server).items():
                row(f"{kind}: connection refused", found)


def office_fails(messages: int, how: str, *, shows: bool) -> None:
    """The back office fails twice out of three times."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_back_office() as office,
        running_mail_server() as mail_server,
        opened(Path(folder), office.port, mail_server.port) as council,
    ):
        office.plan, office.shows = itertools.cycle([how, how, ""]), shows
        for number in range(messages):
            report(council, number, "north")
        send_all(council)
        found = counted(council, office, mail_server)["issues"]
        row(f"issues: {how}{'' if shows else ', list without descriptions'}", found)


def mail_fails(messages: int, how: str) -> None:
    """The mail server fails twice out of three times."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_back_office() as office,
        running_mail_server() as mail_server,
        opened(Path(folder), office.port, mail_server.port) as council,
    ):
        mail_server.plan = itertools.cycle([how, how, ""])
        for number in range(messages):
            report(council, number, MAILBOX)
        send_all(council)
        row(f"mails: {how}", counted(council, office, mail_server)["mails"])


def killed(kills: int) -> None:
    """A worker is killed so often, while the servers fail now and then too."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_back_office() as office,
        running_mail_server() as mail_server,
    ):
        office.latency = mail_server.latency = 0.05
        office.plan = itertools.cycle(KILLED_AMONG)
        mail_server.plan = itertools.cycle(["", "", "drop after", "busy", ""])
        chance = random.Random(1)
        kill_workers(Path(folder), office, mail_server, PROCESSES, kills, chance)
        with opened(Path(folder), office.port, mail_server.port) as council:
            for kind, found in counted(council, office, mail_server).items():
                row(f"{kind}: {kills} kills", found)


if __name__ == "__main__":
    main()
