"""Measures the service as ratios in one run: the machine is noisy, a ratio less so.

    python scripts/bench.py web       answers against an empty endpoint, with a mark every second
    python scripts/bench.py search    /api/search over two nations of streets against the same

Figures that were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from load_council import LOCAL_CRS, publish_load
from typing_people import Typing

ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("mapsvc")

MOST_PER_SECOND = 2_500
"""Requests to have ready for each second, so that no list of searches is asked twice."""

EMPTY_APP = """
from flask import Flask
def application():
    app = Flask("empty", static_folder=None)
    app.add_url_rule("/", view_func=lambda: "")
    return app
"""

WRK_SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(*words: str, port: int, environment: dict[str, str]) -> Iterator[str]:
    """A server process until the block ends; its address."""
    process = subprocess.Popen(words, env={**os.environ, **environment})
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def requests_per_second(address: str, paths: list[str], seconds: int, folder: Path) -> float:
    """Throughput of one kept connection pool over the paths in turn; fails on any error answer."""
    listed, script = folder / "paths.txt", folder / "wrk.lua"
    listed.write_text("\n".join(paths) + "\n")
    script.write_text(WRK_SCRIPT % listed)
    words = ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", str(script), address]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"Some answers were errors:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found is not None, output
    return float(found[1])


@contextmanager
def marking_every_second(data: Path) -> Iterator[None]:
    """Marks one verge a second while the block runs, as another process would."""
    from mapsvc.config import Settings
    from mapsvc.services.marks.recording import Mark, record
    from mapsvc.services.state.council import Council

    council = Council.open(Settings(data=data, today=datetime(2026, 6, 17, tzinfo=UTC).date()))
    book = council.moment.atlas.book(2026)
    dated = [verge for verge in book.verges.values() if verge.dated_cuts]
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(1):
            verge = random.choice(dated)
            cut = verge.dated_cuts[0].number
            record(council, Mark(f"verge:{verge.id}", "done", council.today(), cut=cut, sure=True))

    worker = threading.Thread(target=run)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()
        council.close()


def web(seconds: int, rounds: int) -> None:
    """Print the throughput of answers as a part of an empty endpoint's, alternating them."""
    require_wrk()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        subprocess.run([COMMAND, "demo", "--no-serve", "--data", str(data)], check=True)
        demo_port = free_port()
        demo = [str(COMMAND), "demo", "--port", str(demo_port), "--data", str(data)]
        with (
            serving(*demo, port=demo_port, environment={}) as address,
            serving_nothing(folder) as bare,
            marking_every_second(data),
        ):
            compare(address, bare, seconds, rounds, folder)


@contextmanager
def serving_nothing(folder: Path) -> Iterator[str]:
    """An empty Flask endpoint on the same server; its address."""
    (folder / "empty_app.py").write_text(EMPTY_APP)
    port = free_port()
    words = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory"]
    words += ["--port", str(port), "--no-ws", "empty_app:application"]
    with serving(*words, port=port, environment={"PYTHONPATH": str(folder)}) as address:
        yield address


def search(seconds: int, rounds: int) -> None:
    """Print the throughput of the search as a part of an empty endpoint's: as people type, and
    with every request another one. No list is used twice.
    """
    require_wrk()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        publish_load(data)
        port, each = free_port(), seconds * MOST_PER_SECOND
        typed = Typing(data, LOCAL_CRS)
        environment = {"MAPSVC_DATA": str(data), "MAPSVC_CRS": LOCAL_CRS}
        serve = [str(COMMAND), "serve", "--port", str(port)]
        with (
            serving(*serve, port=port, environment=environment) as address,
            serving_nothing(folder) as bare,
        ):
            ratios: dict[str, list[float]] = {"as people type": [], "all different": []}
            for _ in range(rounds):
                lists = {"as people type": typed.requests(each), "all different": typed.new(each)}
                nothing = requests_per_second(bare, ["/"], seconds, folder)
                print(f"{'an empty endpoint':<20} {nothing:>8.0f} requests a second")
                measure(address, lists, nothing, ratios, seconds, folder)
        print_medians(ratios)
        print(typed.report())


def compare(address: str, bare: str, seconds: int, rounds: int, folder: Path) -> None:
    """Alternate between the empty endpoint and ours; print each ratio's median."""
    ids = street_ids()
    measured = {
        "/api/streets/<id>": [f"/api/streets/{street}" for street in ids],
        "/streets/<id>": [f"/streets/{street}" for street in ids],
        "/api/search": [f"/api/search?q={name}" for name in names()],
        "/api/status": ["/api/status"],
    }
    ratios: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        nothing = requests_per_second(bare, ["/"], seconds, folder)
        print(f"{'an empty endpoint':<20} {nothing:>8.0f} requests a second")
        measure(address, measured, nothing, ratios, seconds, folder)
    print_medians(ratios)


def measure(
    address: str,
    measured: dict[str, list[str]],
    nothing: float,
    ratios: dict[str, list[float]],
    seconds: int,
    folder: Path,
) -> None:
    """Ask each list of paths in turn, print its ratio to `nothing` and add it to `ratios`."""
    for name, paths in measured.items():
        rate = requests_per_second(address, paths, seconds, folder)
        ratios[name].append(rate / nothing)
        print(f"{name:<20} {rate:>8.0f} requests a second, ratio {rate / nothing:.2f}")


def print_medians(ratios: dict[str, list[float]]) -> None:
    """One line for each name with the median of its ratios."""
    for name, found in ratios.items():
        print(f"median ratio of {name}: {sorted(found)[len(found) // 2]:.2f}")


def require_wrk() -> None:
    """End with a sentence where wrk is missing."""
    if not shutil.which("wrk"):
        sys.exit("This needs wrk: apt-get install wrk")


def street_ids() -> list[str]:
    """Every street of the demonstration, in an order of chance that is always the same."""
    import csv

    with (ROOT / "geodata/demo/gazetteer.csv").open(encoding="utf-8", newline="") as lines:
        ids = [row["usrn"] for row in csv.DictReader(lines)]
    random.Random(1).shuffle(ids)
    return ids


def names() -> list[str]:
    """What people search: each street's name, some with a typing error."""
    import csv
    from urllib.parse import quote

    chance = random.Random(2)
    with (ROOT / "geodata/demo/gazetteer.csv").open(encoding="utf-8", newline="") as lines:
        found = [f"{row['name']} {row['locality'] or row['town']}" for row in csv.DictReader(lines)]
    chance.shuffle(found)
    spelt = [name if chance.random() < 0.7 else _mistyped(name, chance) for name in found]
    return [quote(name) for name in spelt]


def _mistyped(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def main() -> None:
    """Run the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=["web", "search"])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    part = {"web": web, "search": search}[options.part]
    part(options.seconds, options.rounds)


if __name__ == "__main__":
    main()
