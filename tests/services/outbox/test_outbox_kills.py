"""Workers killed in the middle of sending: nothing is lost."""

import itertools
import multiprocessing
import random
from pathlib import Path

from tests.support.outbox_kills import counted, kill_workers, opened
from tests.support.outside_servers import running_back_office, running_mail_server

PROCESSES = multiprocessing.get_context("forkserver")


def test_a_worker_that_is_killed_again_and_again_loses_nothing(
    tmp_path: Path, is_long: bool
) -> None:
    kills = 50 if is_long else 3
    with running_back_office() as office, running_mail_server() as mail_server:
        office.latency = mail_server.latency = 0.05
        office.plan = itertools.cycle(["", "500", "", "reset"])
        mail_server.plan = itertools.cycle(["", "drop after", ""])
        kill_workers(tmp_path, office, mail_server, PROCESSES, kills, random.Random(1))
        with opened(tmp_path, office.port, mail_server.port) as council:
            found = counted(council, office, mail_server)

    assert {kind: (one.messages, one.lost) for kind, one in found.items()} == {
        "issues": (kills, 0),
        "mails": (kills, 0),
    }
    assert found["issues"].doubles == 0  # its list shows what it has
