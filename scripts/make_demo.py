"""Writes the files of the demonstration anew; the council itself is made in `mapsvc.demo`."""

import argparse
from pathlib import Path

from mapsvc.demo.council import COUNTY, DEMO
from mapsvc.demo.written import SEED, write_council

FOLDER = Path(__file__).resolve().parent.parent / "geodata" / "demo"


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=FOLDER, help="where the files go")
    options.add_argument("--county", action="store_true", help="30,000 streets, for measuring")
    options.add_argument("--seed", default=SEED)
    chosen = options.parse_args()
    if chosen.county and chosen.out == FOLDER:
        options.error("A county is not kept with the code: say where it goes with --out.")
    council = write_council(COUNTY if chosen.county else DEMO, chosen.seed, chosen.out)
    print(f"{len(council.streets)} streets in {len(council.sites)} places, in {chosen.out}")


if __name__ == "__main__":
    main()
