"""Measures the reading of files: time beside a bare read of the same file, and peak memory.

    python scripts/bench_ingest.py layer [--features N]   a generated layer, GeoPackage and GeoJSON
    python scripts/bench_ingest.py file FILE              a gazetteer of yours, such as an extract
    python scripts/bench_ingest.py schedule [--rows N]    rows against the names of N streets

Processor time is given too, of the command with its reading process: on a busy machine it says
more than the clock. Figures that were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

COMMAND = Path(sys.executable).with_name("mapsvc")
BARE_LAYER = "import sys, pyogrio; pyogrio.read_dataframe(sys.argv[1])"
BARE_OSM = """
import sys, osmium
for thing in osmium.FileProcessor(sys.argv[1]).with_locations():
    pass
"""
FIRST = (
    "Oak Elm Ash Mill Church Station Park Queen King Bridge Well Hill Green Abbey Castle".split()
)
LAST = "Road Street Lane Close Avenue Drive Way Crescent".split()
PIECES = 3
"""Features of one street, as in a road layer cut at its junctions."""


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds by the clock and of the processor, and its peak memory.

    `megabytes` is that of the larger of the command and its reading process.
    """

    wall: float
    processor: float
    megabytes: float


def cost_of(*words: str, environment: dict[str, str] | None = None) -> Cost:
    """Run a command to its end; a failure ends the measuring."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    process = subprocess.Popen(
        words, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(words)} ended with {process.returncode}.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, seconds, used.ru_maxrss / 1024)


def names(count: int) -> list[str]:
    """Invented street names; about as many as are asked for are different."""
    chance = random.Random(1)
    pick = chance.choice
    return [f"{pick(FIRST)} {pick(FIRST)} {pick(LAST)} {n % 997}" for n in range(count)]


def write_layer(count: int, folder: Path) -> list[Path]:
    """The same generated layer as GeoPackage and GeoJSON."""
    places = np.arange(count)
    starts = np.stack([400_000 + places % 450 * 100.0, 300_000 + places // 450 * 100.0], axis=1)
    ends = starts + np.random.default_rng(1).uniform(-40, 90, (count, 2))
    street = np.array(names(count // PIECES + 1), dtype=object)[places // PIECES]
    layer = gpd.GeoDataFrame(
        {"name": street, "town": [f"Town {at // 500 % 400}" for at in range(count)]},
        geometry=shapely.linestrings(np.stack([starts, ends], axis=1)),
        crs=27700,
    )
    layer.to_file(folder / "layer.gpkg")
    layer.to_crs(4326).to_file(folder / "layer.geojson")
    return [folder / "layer.gpkg", folder / "layer.geojson"]


def compare(file: Path, folder: Path, bare: str) -> None:
    """Print what `mapsvc ingest gazetteer` takes beside a bare read of the same file."""
    environment = {"MAPSVC_DATA": str(folder / "data")}
    alone = cost_of(sys.executable, "-c", bare, str(file))
    ours = cost_of(str(COMMAND), "ingest", "gazetteer", str(file), environment=environment)
    print(
        f"{file.name}: {ours.wall:.1f} s and {ours.processor:.1f} s of processor, peak "
        f"{ours.megabytes:.0f} MB; a bare read {alone.wall:.1f} s and {alone.processor:.1f} s, "
        f"peak {alone.megabytes:.0f} MB. Ratio {ours.wall / alone.wall:.1f} by the clock, "
        f"{ours.processor / alone.processor:.1f} by the processor."
    )


def measure_schedule(rows: int, streets: int, folder: Path) -> None:
    """Print what a schedule of that many rows takes against a gazetteer of that many names."""
    chance = random.Random(2)
    known = [(str(n + 1), name, f"Town {n // 350}") for n, name in enumerate(names(streets))]
    with (folder / "streets.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["usrn", "name", "locality", "town", "easting", "northing"])
        for at, (usrn, name, town) in enumerate(known):
            writer.writerow(
                [usrn, name, "", town, 400_000 + at % 450 * 100, 300_000 + at // 450 * 100]
            )
    with (folder / "schedule.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["street", "town", "round", "cut", "start", "end"])
        for number in range(rows):
            _, name, town = chance.choice(known)
            writer.writerow([name, town, f"R{number % 40}", 1, "2026-06-08", "2026-06-12"])
    environment = {"MAPSVC_DATA": str(folder / "data")}
    gazetteer = str(folder / "streets.csv")
    words = (str(COMMAND), "ingest", "gazetteer", gazetteer, "--publish")
    published = cost_of(*words, environment=environment)
    ours = cost_of(
        str(COMMAND), "ingest", "schedule", str(folder / "schedule.csv"), environment=environment
    )
    nothing = cost_of(str(COMMAND), "search", "Main Street", environment=environment)
    print(
        f"{rows:,} rows against {streets:,} streets: {ours.wall:.1f} s and {ours.processor:.1f} s "
        f"of processor, peak {ours.megabytes:.0f} MB. A search instead: {nothing.wall:.1f} s and "
        f"{nothing.processor:.1f} s, peak {nothing.megabytes:.0f} MB. Publishing the streets, with "
        f"their indexes: {published.wall:.1f} s and {published.processor:.1f} s, peak "
        f"{published.megabytes:.0f} MB."
    )


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["layer", "file", "schedule"])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--features", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--streets", type=int, default=140_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if options.what == "layer":
            for file in write_layer(options.features, folder):
                compare(file, folder, BARE_LAYER)
        elif options.what == "file":
            if options.file is None:
                parser.error("Name the file to read.")
            is_osm = options.file.suffix in {".pbf", ".osm"}
            compare(options.file, folder, BARE_OSM if is_osm else BARE_LAYER)
        else:
            measure_schedule(options.rows, options.streets, folder)


if __name__ == "__main__":
    main()
