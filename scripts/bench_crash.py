"""Kills what publishes and marks, on a GeoPackage and on PostGIS, and counts what was lost.

    python scripts/bench_crash.py                 200 kills, all steps, 100 rounds of two publishers
    python scripts/bench_crash.py --kills 40      fewer

Figures that were seen are in docs/performance.md; tests/store/test_crash.py does a little of it.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mapsvc.store.database import open_store
from tests.support.crashes import (
    INNER_STEPS,
    STEPS,
    Said,
    damage,
    faults,
    kill_two,
    left_over,
    publish_and_die,
    torn_editions,
)
from tests.support.postgis import postgres_programs, running_postgis
from tests.support.store_samples import race

PROCESSES = multiprocessing.get_context("forkserver")


@contextmanager
def addresses() -> Iterator[dict[str, list[str]]]:
    """Three empty stores of each kind; PostGIS only where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{number}.gpkg" for number in range(3)]
        try:
            programs = postgres_programs()
        except FileNotFoundError as missing:
            print(missing)
            yield {"GeoPackage": files}
            return
        with running_postgis(programs) as server, ExitStack() as stack:
            databases = [stack.enter_context(server.database()) for _ in range(3)]
            yield {"GeoPackage": files, "PostGIS": databases}


def kill_often(address: str, kills: int, chance: random.Random) -> None:
    """Kill two processes at a time, and say what was lost in all."""
    said, found = Said(), set()
    for seed in range(-(-kills // 2)):
        kill_two(address, PROCESSES, chance, seed, said)
        found.update(faults(address, said))
    store = open_store(address)
    orphans, broken = left_over(store), damage(store)
    store.close()
    print(
        f"  {said.kills} kills, {len(said):,} acknowledged: {len(said.published)} publications, "
        f"{len(said.put_back)} put back, {len(said.marked):,} marks, "
        f"{len(said.withdrew)} taken back"
    )
    print(f"  lost or torn: {len(found)} {sorted(found)[:5] or ''}")
    print(f"  rows left over: {orphans}; file: {broken or 'sound'}")


def kill_at_every_step(address: str) -> None:
    """Kill a publisher before and after each step, and say what stood then."""
    store, outcomes = open_store(address), {"old": 0, "new": 0, "neither": 0}
    for step in (*STEPS, *INNER_STEPS):
        for moment in ("before", "after"):
            before = store.editions.current("gazetteer")
            process = PROCESSES.Process(target=publish_and_die, args=(address, step, moment))
            process.start()
            process.join()
            is_torn = any(torn_editions(store))
            is_old = store.editions.current("gazetteer") == before
            outcomes["neither" if is_torn else "old" if is_old else "new"] += 1
    store.close()
    print(f"  killed before and after {len((*STEPS, *INNER_STEPS))} steps: {outcomes}")


def race_often(address: str, rounds: int) -> None:
    """Let two publish at once, and say how often exactly one won."""
    open_store(address).close()
    with PROCESSES.Manager() as manager, ProcessPoolExecutor(2, PROCESSES) as pool:
        start = manager.Barrier(2)
        racers = [pool.submit(race, address, name, start, rounds) for name in ("A", "B")]
        pairs = zip(*(racer.result() for racer in racers), strict=True)
        one_won = sum(sorted(pair) == ["refused", "won"] for pair in pairs)
    print(f"  two publishers, {rounds} rounds: exactly one won in {one_won}")


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    PROCESSES.set_forkserver_preload(["mapsvc.store.database", "tests.support.store_samples"])
    with addresses() as stores:
        for name, (killed, stepped, raced) in stores.items():
            print(f"{name}, seed {said.seed}", flush=True)
            kill_often(killed, said.kills, random.Random(said.seed))
            kill_at_every_step(stepped)
            race_often(raced, said.rounds)


if __name__ == "__main__":
    main()
