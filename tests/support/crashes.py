"""Processes that publish and mark until they are killed, and what must be true of the store then.

An acknowledged record is one whose call returned: the process says so through a pipe, which
outlives it. `tests/store/test_crash.py` does a little of it, `scripts/bench_crash.py` much.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

from sqlalchemy import func, select

from mapsvc.domain.events import Target
from mapsvc.store import editions
from mapsvc.store.activity import PUBLISHED, PUT_BACK, DeedFilter
from mapsvc.store.database import FileStore, Store, open_store
from mapsvc.store.engines import sqlite
from mapsvc.store.live import EventDraft
from mapsvc.store.pointer import COMPLETE
from mapsvc.store.schema.tables import edition, event, event_verge, street
from tests.support.store_samples import AT, a_gazetteer, publish, some_streets

SIZES = (30, 300, 2_500)
"""Streets of a gazetteer: written in one transaction, and in two."""
LONGEST_SECONDS = 1.5
VERGES = frozenset({"v1", "v2", "v3"})
MARK = EventDraft(Target("round", "R1"), "done", date(2026, 6, 17), 2026, AT, verges=VERGES)
MOVES = DeedFilter(actions=(PUBLISHED, PUT_BACK))


# In processes of their own


def publish_until_killed(address: str, seed: int, said: Connection) -> None:
    """Publish gazetteers, and now and then put an earlier one back."""
    drafts = [a_gazetteer(some_streets(n), counts={"streets": n}) for n in SIZES]
    store, chance = open_store(address), random.Random(seed)
    said.send(("ready",))
    while True:
        made = publish(store, chance.choice(drafts), by=str(seed))
        said.send(("published", made.base, made.number))
        if chance.random() < 0.3:
            before, again = made.number, chance.choice(store.editions.history("gazetteer")).number
            store.editions.roll_back(again, by=str(seed), at=AT)
            said.send(("put back", before, again))


def mark_until_killed(address: str, seed: int, said: Connection) -> None:
    """Record marks by twos, all or none, and now and then take one back."""
    store = open_store(address)
    said.send(("ready",))
    for number in count():
        keys = f"{seed}:{number}:a", f"{seed}:{number}:b"
        ids = store.live.record([replace(MARK, key=key) for key in keys])
        said.send(("marked", keys, ids))
        if number % 5 == 4:
            said.send(("withdrew", ids[0], store.live.withdraw(ids[0], by="crew", at=AT)))


STEPS = ("_sweep", "_begin", "_write", "activate", "_move", "get")
"""Steps of a publication, in their order; those within the last transaction follow."""
INNER_STEPS = ("require_base", "point", "mark_old", "note", "note_change", "_close")


def publish_and_die(address: str, step: str, moment: str) -> None:
    """Publish 2,500 streets and be killed `before` or `after` a step."""
    store = open_store(address)
    owner: Any = editions.Editions if step in STEPS else editions
    whole = getattr(owner, step)

    def deadly(*arguments: Any, **named: Any) -> Any:
        result = whole(*arguments, **named) if moment == "after" else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, step, deadly)
    publish(store, a_gazetteer(some_streets(2_500), counts={"streets": 2_500}))


# Killing them


@dataclass
class Said:
    """What killed processes had acknowledged, and how many were killed."""

    kills: int = 0
    published: list[tuple[int | None, int]] = field(default_factory=list)
    put_back: list[tuple[int, int]] = field(default_factory=list)
    marked: dict[str, int] = field(default_factory=dict)
    withdrew: dict[int, int] = field(default_factory=dict)

    def take(self, message: tuple[Any, ...]) -> None:
        """Take in one acknowledgement."""
        match message:
            case ("published", base, number):
                self.published.append((base, number))
            case ("put back", before, number):
                self.put_back.append((before, number))
            case ("marked", keys, ids):
                self.marked.update(zip(keys, ids, strict=True))
            case ("withdrew", taken, by):
                self.withdrew[taken] = by

    def __len__(self) -> int:
        moves, marks = len(self.published) + len(self.put_back), len(self.marked)
        return moves + marks + len(self.withdrew)


Work = Callable[[str, int, Connection], None]


def kill_two(
    address: str, processes: ForkServerContext, chance: random.Random, seed: int, said: Said
) -> None:
    """Let one process publish and one mark, and kill each at a moment of its own."""
    running = [_start(address, processes, work, seed) for work in WORKERS]
    for _, pipe in running:
        assert pipe.poll(120)
        assert pipe.recv() == ("ready",)
    moments = sorted((chance.uniform(0, LONGEST_SECONDS), number) for number in range(2))
    began = time.monotonic()
    for seconds, number in moments:
        time.sleep(max(0, began + seconds - time.monotonic()))
        running[number][0].kill()
    for process, pipe in running:
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it died by itself"
        said.kills += 1
        for message in _until_the_end(pipe):
            said.take(message)


WORKERS: tuple[Work, ...] = (publish_until_killed, mark_until_killed)


def _start(address: str, processes: ForkServerContext, work: Work, seed: int) -> Any:
    mine, its = processes.Pipe(duplex=False)
    process = processes.Process(target=work, args=(address, seed, its))
    process.start()
    its.close()
    return process, mine


def _until_the_end(pipe: Connection) -> Iterator[tuple[Any, ...]]:
    with closing(pipe):
        while True:
            try:
                yield pipe.recv()
            except (EOFError, OSError):  # the end, or half a message
                return


# What must be true


def faults(address: str, said: Said) -> list[str]:
    """Acknowledged records that are lost, and editions and records that are torn."""
    store = open_store(address)
    try:
        return [*lost(store, said), *torn(store)]
    finally:
        store.close()


def lost(store: Store, said: Said) -> Iterator[str]:
    """What was acknowledged and is not there."""
    with store.reading() as connection:
        rows = connection.execute(select(event.c.key, event.c.id, event.c.withdraws)).all()
    ids = {row.key: row.id for row in rows if row.key}
    withdrawn = {row.withdraws: row.id for row in rows if row.withdraws}
    yield from (f"mark {key}" for key, number in said.marked.items() if ids.get(key) != number)
    for taken, by in said.withdrew.items():
        if withdrawn.get(taken) != by:
            yield f"withdrawal {by} of {taken}"
    noted = [(d.action, d.from_edition, d.to_edition) for d in store.activity.deeds()]
    for action, moves in (("published", said.published), ("put back", said.put_back)):
        for before, number in moves:
            if (action, before, number) not in noted:
                yield f"{number} {action} after {before}"


def torn(store: Store) -> Iterator[str]:
    """Editions that are not whole, pointers without their note, and halves of marks."""
    yield from torn_editions(store)
    with store.reading() as connection:
        keys = set(connection.scalars(select(event.c.key).where(event.c.key.is_not(None))))
        verges = func.count(event_verge.c.fid)
        per_event = select(event.c.id, verges).outerjoin(event_verge).where(event.c.key.in_(keys))
        few = per_event.group_by(event.c.id).having(verges != len(VERGES))
        yield from (f"mark {row.id} has lost verges" for row in connection.execute(few))
    for key in keys:
        if key[:-1] + ("b" if key.endswith("a") else "a") not in keys:
            yield f"mark {key} without the one that was recorded with it"


def torn_editions(store: Store) -> Iterator[str]:
    """Editions that are not whole, and a pointer that is not where the newest note says."""
    current = store.editions.current("gazetteer")
    newest = store.activity.deeds(limit=1, wanted=MOVES)
    if (current and current.number) != (newest[0].to_edition if newest else None):
        yield f"the pointer is at {current} and was noted at {newest}"
    with store.reading() as connection:
        size = func.count(street.c.fid)
        sizes = select(edition.c.number, edition.c.counts, size).outerjoin(street)
        sizes = sizes.where(edition.c.state == COMPLETE)
        for number, counts, rows in connection.execute(sizes.group_by(edition.c.number)):
            if counts["streets"] != rows:
                yield f"edition {number} has {rows} of {counts}"


def left_over(store: Store) -> int:
    """Rows of streets whose edition nobody can see, after one more publication."""
    publish(store, a_gazetteer(some_streets(1), counts={"streets": 1}))
    whole = select(edition.c.number).where(edition.c.state == COMPLETE)
    rows = select(func.count()).select_from(street).where(street.c.edition.not_in(whole))
    with store.reading() as connection:
        return int(connection.scalar(rows) or 0)


def damage(store: Store) -> str:
    """What SQLite finds wrong in the file; empty for a sound one, and for a database."""
    if not isinstance(store, FileStore):
        return ""
    with closing(sqlite.connect(store.path)) as raw:
        found = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if found == "ok" else found
