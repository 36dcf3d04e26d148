"""Measures an upload beside residents who search: check, publication, and how long they wait.

    python scripts/bench_upload.py DATA          a data folder, such as that of mapsvc demo

A workbook with a row for each of 10,000 streets (streets repeat where the council has fewer) is
sent, checked and published through the pages while 200 residents search. Each has a connection and
asks as people type (`typing_people`), then pauses: half to one and a half times `--pause`, a second
unless it is said. With `--pause 0` they ask without a breath, as nobody does, and take all that the
machine has. DATA is copied first. Figures that were seen are in docs/performance.md. No test
depends on them.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import requests
from bench import free_port, require_wrk, serving
from typing_people import Typing

from mapsvc.config import Settings

ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("mapsvc")
PASSWORD = "three unrelated words"
NAME = "bench@example.gov.uk"
RESIDENTS = 200
DIFFERENT = 10_000
"""Searches before they are asked again."""
SEAL = re.compile(r'name="seal" value="([^"]+)"')

WRK_SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
local pause = %d
if pause > 0 then
  delay = function() return math.random(pause / 2, pause * 3 / 2) end
end
done = function(summary, latency, requests)
  local wrong = summary.errors
  local failed = wrong.connect + wrong.read + wrong.write + wrong.status
  io.write(string.format(
    "p95 %%.0f ms, p99 %%.0f ms, %%d requests, %%d failed, %%d waited longer than two seconds\\n",
    latency:percentile(95) / 1000, latency:percentile(99) / 1000, summary.requests, failed,
    wrong.timeout))
end
"""


def prepared(data: Path, rows: int, folder: Path) -> None:
    """Write the workbook and make the account."""
    from mapsvc.services.accounts import people
    from mapsvc.services.state.council import Council
    from mapsvc.services.workbooks import Cell, workbook

    council = Council.open(Settings(data=data))
    chance = random.Random(7)
    streets = [found.street for found in council.moment.atlas.all_streets()]
    chance.shuffle(streets)
    headings = ["street", "locality", "town", "usrn", "stretch", "round"]
    headings += [f"cut {n} {side}" for n in range(1, 7) for side in ("start", "end")]
    table: list[list[Cell]] = []
    for number in range(rows):
        street = streets[number % len(streets)]
        start = date(2026, 4, 6) + timedelta(days=number % 20)
        days = [start + timedelta(days=28 * cut + side) for cut in range(6) for side in (0, 4)]
        named: list[Cell] = [street.name, street.locality, street.town]
        known = street.usrn if number % 2 else ""
        table.append(
            [*named, known, f"part {number // len(streets) + 1}", f"R{number % 40}", *days]
        )
    (folder / "schedule.xlsx").write_bytes(workbook("Schedule", headings, table))
    now = datetime.now(UTC)
    people.add_account(council, NAME, "editor", by="bench", now=now)
    people.set_password(council, people.password_link(council, NAME, now), PASSWORD, now)
    council.close()


def wait_for(address: str) -> None:
    """Until the service answers; a busy machine takes its time."""
    for _ in range(600):
        try:
            requests.get(f"{address}/api/search?q=a", timeout=5)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return


@contextmanager
def residents(
    address: str, paths: list[str], seconds: int, pause: int, folder: Path
) -> Iterator[None]:
    """Residents who search, `pause` milliseconds apart; their waiting is printed at the end."""
    listed, script = folder / "paths.txt", folder / "wrk.lua"
    listed.write_text("\n".join(paths) + "\n")
    script.write_text(WRK_SCRIPT % (listed, pause))
    words = ["wrk", "-t1", f"-c{RESIDENTS}", f"-d{seconds}s", "-s", str(script), address]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        said = process.communicate()[0]
        print("residents: " + said.splitlines()[-1])


class Editor:
    """Somebody who sends a file and publishes it."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        self._post("/staff/sign-in", {"name": NAME, "password": PASSWORD}, "/staff/sign-in")

    def _post(self, path: str, form: dict[str, str], page: str, **files: object) -> str:
        seal = SEAL.search(self.session.get(self.address + page).text)
        form = {"seal": seal[1] if seal else "", **form}
        answer = self.session.post(self.address + path, data=form, **files)  # type: ignore[arg-type]
        answer.raise_for_status()
        return answer.url.removeprefix(self.address)

    def check(self, file: Path) -> tuple[str, float]:
        """The address of the check page, and the seconds until it was ready."""
        began = time.monotonic()
        with file.open("rb") as content:
            files = {"files": (file.name, content)}
            page = self._post("/staff/uploads", {"kind": "schedule"}, "/staff/uploads", files=files)
        while not self.session.get(f"{self.address}{page}/state").json()["over"]:
            time.sleep(0.1)
        self.session.get(self.address + page).raise_for_status()
        return page, time.monotonic() - began

    def publish(self, page: str) -> float:
        """The seconds until it was published."""
        form = {"accept": "yes", "all-marks": "keep"}
        began = time.monotonic()
        self._post(f"{page}/publish", form, page)
        return time.monotonic() - began


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30, help="how long residents search")
    parser.add_argument("--pause", type=int, default=1000, help="milliseconds between searches")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    require_wrk()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        shutil.copytree(options.data, folder / "data")
        prepared(folder / "data", options.rows, folder)
        paths = Typing(folder / "data", Settings().crs).requests(DIFFERENT)
        words = [str(COMMAND), "serve", "--port", str(port), "--workers", str(options.workers)]
        environment = {"MAPSVC_DATA": str(folder / "data"), "MAPSVC_TODAY": "2026-06-17"}
        with serving(*words, port=port, environment=environment) as address:
            wait_for(address)
            with residents(address, paths, 10, options.pause, folder):
                print("before: nobody uploads")
            editor = Editor(address)
            with residents(address, paths, options.seconds, options.pause, folder):
                page, seconds = editor.check(folder / "schedule.xlsx")
                print(f"check ready after {seconds:.1f} s")
                print(f"published after {editor.publish(page):.1f} s")
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
