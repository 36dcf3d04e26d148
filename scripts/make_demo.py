"""Makes the invented council of the demonstration, in the files that a council would have.

The same seed gives the same bytes. What the council is like is in `demo/`.
"""

import argparse
from pathlib import Path

from demo import files
from demo.council import COUNTY, DEMO, Council, make_council
from demo.grass import make_grass
from demo.keepers import make_keepers
from demo.land import Scale
from demo.marks import DAY, make_marks
from demo.messy import write_messy_schedule
from demo.rounds import SEASON, assign_rounds, make_rounds

SEED = "rivershire"
FOLDER = Path(__file__).resolve().parent.parent / "geodata" / "demo"
SOURCE = """\
Rivershire is invented, and so is everything in this folder: the places, the streets and their
numbers, the postcodes (there is no RV area), the grass, the dates, the keepers and the marks. The
telephone numbers are those that Ofcom keeps free for drama. No real data went into it.

It is made by `python scripts/make_demo.py` from the seed "{seed}": change the script, not
the files. The demonstration's day is {day:%A} {day.day} {day:%B %Y}.

gazetteer.csv             streets, EPSG:27700
keepers.csv               who looks after the grass
rounds-{season}.csv           the cuts of each round
verges-{season}.csv           the verges, each with its round, its own dates or a reason for none
events.csv                what crews and the office recorded, in order of recording (times in UTC)
places.csv                settlements and postcodes, EPSG:27700
boundaries.geojson        parishes and wards, EPSG:4326
messy-schedule-{season}.csv   a schedule as it arrives by e-mail (cp1252), to try the report on

Licence: CC0 1.0; use it for anything.
"""


def write_council(scale: Scale, seed: str, out: Path) -> Council:
    """Writes every file into `out` and gives back the council."""
    out.mkdir(parents=True, exist_ok=True)
    council = make_council(scale, seed)
    keepers, rounds = make_keepers(council.sites, scale.towns), make_rounds(council)
    verges = assign_rounds(council, make_grass(council, keepers))
    marks = make_marks(council, rounds, verges)
    files.write_table(out / "gazetteer.csv", files.GAZETTEER, files.street_rows(council.streets))
    files.write_keepers(out / "keepers.csv", keepers)
    files.write_table(out / f"rounds-{SEASON}.csv", files.ROUNDS, files.round_rows(rounds))
    files.write_schedule(out, verges)
    files.write_table(out / "events.csv", files.EVENTS, files.mark_rows(marks))
    files.write_table(out / "places.csv", files.PLACES, files.place_rows(council))
    areas = [*council.areas.parishes, *council.areas.wards]
    files.write_boundaries(out / "boundaries.geojson", areas)
    write_messy_schedule(out / f"messy-schedule-{SEASON}.csv", council)
    (out / "SOURCE.txt").write_text(
        SOURCE.format(seed=seed, day=DAY, season=SEASON), encoding="utf-8", newline="\n"
    )
    return council


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
