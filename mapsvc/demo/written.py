"""An invented council in the files that a council would have. One seed gives the same bytes."""

from pathlib import Path

from mapsvc.demo import files
from mapsvc.demo.council import InventedCouncil, make_council
from mapsvc.demo.grass import make_grass
from mapsvc.demo.keepers import make_keepers
from mapsvc.demo.land import Scale
from mapsvc.demo.marks import DAY, make_marks
from mapsvc.demo.messy import write_messy_schedule
from mapsvc.demo.rounds import SEASON, assign_rounds, make_rounds

SEED = "rivershire"
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


def write_council(scale: Scale, seed: str, out: Path) -> InventedCouncil:
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
