"""Measures the map over the demo county, as ratios in one run where two things can be compared.

    mapsvc demo --county --no-serve --data data/demo-county     once
    python scripts/bench_map.py server     Folium, tiles against PostGIS, throughput of warm tiles
    python scripts/bench_map.py browser    bytes, a slow line, panning; against a plain Folium page
    python scripts/bench_map.py lighthouse performance and accessibility of three pages

Figures that were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import gzip
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
from bench import COMMAND, EMPTY_APP, free_port, requests_per_second, serving
from bench_map_browser import measure_browser

from mapsvc.config import Settings
from mapsvc.maps.folium_map import map_script
from mapsvc.maps.tiles import Tile
from mapsvc.services.answers.maps import EditionShapes, Maps
from mapsvc.services.answers.teller import Answers
from mapsvc.services.state.council import Council

DAY = date(2026, 6, 17)
TILES_OF_A_ZOOM = 30
LIGHTHOUSE = ("performance", "accessibility")
BLAMED_BELOW = 0.9
ZOOMS = (10, 12, 13, 14, 15, 16)

TILE_SQL = """
WITH box AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS shape)
SELECT (SELECT ST_AsMVT(q, 'grass') FROM (
          SELECT id, round, ST_AsMVTGeom(geom, box.shape) FROM grass, box
          WHERE geom && box.shape) q)
    || (SELECT ST_AsMVT(q, 'streets') FROM (
          SELECT id, name, ST_AsMVTGeom(geom, box.shape) FROM street, box
          WHERE geom && box.shape) q)
"""


def say(name: str, value: object, wanted: str = "") -> None:
    """One figure."""
    print(f"{name:<58} {value!s:>14}  {wanted}", flush=True)


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of the processor that one call takes, the median; others may be busy beside."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return statistics.median(found)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of one call, the median."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def tiles_at(zoom: int, points: Sequence[tuple[float, float]]) -> list[Tile]:
    """The tiles that hold the points, each once, a fixed number of them."""
    across = 2**zoom
    found: dict[Tile, None] = {}
    for lon, lat in points:
        y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across
        found[Tile(zoom, int((lon + 180) / 360 * across), int(y))] = None
    return list(found)[:TILES_OF_A_ZOOM]


def measure_server(data: Path) -> None:
    """Folium, tiles and their sizes."""
    map_script()
    say("Folium build and render, not cached, ms", round(cpu_ms(map_script, 50), 1), "<= 10")
    council = Council.open(Settings(data=data, today=DAY))
    atlas = council.moment.atlas
    shapes = EditionShapes(atlas, DAY.year)
    points = [
        (float(x), float(y)) for x, y in shapes.verges.points[:: len(shapes.verges.points) // 997]
    ]
    with postgis() as url:
        fill_postgis(url, council)
        compare_tiles(shapes, url, points)
    for zoom, limit in ((10, 40), (15, 6)):
        sizes = [len(gzip.compress(shapes.tile(tile), 5)) / 1024 for tile in tiles_at(zoom, points)]
        middle = statistics.median(sizes)
        say(
            f"tile at z{zoom}, KB gz, median and largest",
            f"{middle:.1f} {max(sizes):.1f}",
            f"<= {limit}",
        )
    warm_tiles(data, [*tiles_at(15, points), *tiles_at(12, points)], Maps(Answers(council)))
    council.close()


def compare_tiles(shapes: EditionShapes, url: str, points: Sequence[tuple[float, float]]) -> None:
    """How long a tile takes, ours against PostGIS, in turns."""
    with psycopg.connect(url) as database:
        for zoom in ZOOMS:
            ratios = []
            for tile in tiles_at(zoom, points):
                ours = median_ms(lambda tile=tile: shapes._made_tile(tile), 3)  # type: ignore[misc]
                theirs = median_ms(lambda tile=tile: ask_postgis(database, tile), 3)  # type: ignore[misc]
                ratios.append(ours / theirs)
            say(
                f"tile at z{zoom} against ST_AsMVT, ratio",
                f"{statistics.median(ratios):.2f}",
                "<= 2",
            )


def ask_postgis(database: psycopg.Connection, tile: Tile) -> int:
    """The bytes of the same tile, as PostGIS makes it."""
    row = database.execute(TILE_SQL, {"z": tile.z, "x": tile.x, "y": tile.y}).fetchone()
    return len(row[0] or b"") if row else 0


def fill_postgis(url: str, council: Council) -> None:
    """Grass and streets in Web Mercator, indexed as for tiles."""
    book = council.moment.atlas.book(DAY.year)
    local = int(council.settings.crs.split(":")[1])
    with psycopg.connect(url, autocommit=True) as database:
        for table, column in (("grass", "round"), ("street", "name")):
            database.execute(f"CREATE TABLE {table} (id text, {column} text, geom geometry)")
        with database.cursor() as cursor:
            with cursor.copy("COPY grass FROM STDIN") as copy:
                for verge in book.verges.values():
                    if verge.geometry is not None:
                        copy.write_row((verge.id, verge.round, verge.geometry.wkb_hex))
            with cursor.copy("COPY street FROM STDIN") as copy:
                for found in council.moment.atlas.all_streets():
                    if found.street.geometry is not None:
                        copy.write_row(
                            (found.street.id, found.street.name, found.street.geometry.wkb_hex)
                        )
        for table in ("grass", "street"):
            database.execute(
                f"UPDATE {table} SET geom = ST_Transform(ST_SetSRID(geom, {local}), 3857)"
            )
            database.execute(f"CREATE INDEX ON {table} USING gist (geom)")
            database.execute(f"ANALYZE {table}")


@contextmanager
def postgis() -> Iterator[str]:
    """A PostgreSQL with PostGIS of its own, thrown away afterwards; its address."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not folders:
        sys.exit("This needs PostGIS: apt-get install postgresql-postgis")
    programs, folder, port = folders[-1].parent, Path(tempfile.mkdtemp()), free_port()
    user = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    )
    if user:
        shutil.chown(folder, "postgres", "postgres")
    cluster = ["--pgdata", str(folder / "cluster")]
    options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"

    def run(program: str, *words: str) -> None:
        command = [str(programs / program), *words]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]

    run("initdb", *cluster, "--no-sync", "--auth=trust", "--username=mapsvc", "--encoding=UTF8")
    run("pg_ctl", "start", *cluster, "--wait", f"--log={folder}/log", "-o", options)
    try:
        url = f"postgresql://mapsvc@127.0.0.1:{port}/postgres"
        with psycopg.connect(url, autocommit=True) as database:
            database.execute("CREATE EXTENSION postgis")
        yield url
    finally:
        run("pg_ctl", "stop", *cluster, "--mode=immediate")
        shutil.rmtree(folder, ignore_errors=True)


def warm_tiles(data: Path, tiles: Sequence[Tile], maps: Maps) -> None:
    """Tiles that were asked for before, against an empty endpoint on the same server."""
    edition = maps.edition(DAY)
    paths = [f"/tiles/{edition}/{tile.z}/{tile.x}/{tile.y}.json" for tile in tiles]
    with tempfile.TemporaryDirectory() as name, served(data) as address:
        folder = Path(name)
        (folder / "empty_app.py").write_text(EMPTY_APP)
        port = free_port()
        granian = str(Path(sys.executable).with_name("granian"))
        empty = [granian, "--interface", "wsgi", "--factory", "--port", str(port), "--no-ws"]
        with serving(
            *empty, "empty_app:application", port=port, environment={"PYTHONPATH": name}
        ) as bare:
            requests_per_second(address, paths, 3, folder)
            ratios = []
            for _ in range(3):
                nothing = requests_per_second(bare, ["/"], 3, folder)
                ratios.append(requests_per_second(address, paths, 3, folder) / nothing)
    say("warm tiles against an empty endpoint, ratio", f"{statistics.median(ratios):.2f}", ">= 0.8")


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The demo county behind a port; its address."""
    port = free_port()
    words = [str(COMMAND), "demo", "--county", "--port", str(port), "--data", str(data)]
    with serving(*words, port=port, environment={}) as address:
        await_county(f"{address}/api/status")
        yield address


def await_county(url: str) -> None:
    """Wait until a county's first answer is made, a few minutes on a busy machine."""
    for _ in range(300):
        try:
            urllib.request.urlopen(url).read()
            return
        except OSError:
            time.sleep(1)
    sys.exit(f"{url} does not answer.")


def measure_lighthouse(data: Path) -> None:
    """Lighthouse comes from npm when it is asked for; it is no part of the project."""
    council = Council.open(Settings(data=data, today=DAY))
    street = next(iter(council.moment.atlas.book(DAY.year).by_street))
    council.close()
    environment = {**os.environ, "CHROME_PATH": "/usr/bin/chromium"}
    with served(data) as address:
        for path in ("/", f"/streets/{street}", "/map"):
            words = ["npm", "exec", "--yes", "--package", "lighthouse", "--", "lighthouse"]
            words += [
                address + path,
                "--output=json",
                "--quiet",
                f"--only-categories={','.join(LIGHTHOUSE)}",
            ]
            words += ["--chrome-flags=--headless --no-sandbox --disable-gpu"]
            done = subprocess.run(
                words, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.exit(f"Lighthouse did not run: {done.stderr[-500:]}")
            report = json.loads(done.stdout)
            scores = [report["categories"][name]["score"] for name in LIGHTHOUSE]
            say(f"Lighthouse {path}: {', '.join(LIGHTHOUSE)}", scores, ">= 0.95, 1")
            for audit in report["audits"].values():
                if audit["score"] is not None and audit["score"] < BLAMED_BELOW:
                    say(f"  {audit['title'][:54]}", audit.get("displayValue", ""))


def main() -> None:
    """Run the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=["server", "browser", "lighthouse"])
    parser.add_argument("--data", type=Path, default=Path("data/demo-county"))
    options = parser.parse_args()
    if not options.data.exists():
        sys.exit(f"There is no county in {options.data}. Make it: mapsvc demo --county --no-serve")
    if options.part == "server":
        measure_server(options.data)
    elif options.part == "lighthouse":
        measure_lighthouse(options.data)
    else:
        with served(options.data) as address:
            measure_browser(address, options.data, say)


if __name__ == "__main__":
    main()
