"""A schedule as it arrives by e-mail: misspelt, half-dated, cp1252. To try the report on."""

import csv
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path as Folder

from mapsvc.demo.council import InventedCouncil, InventedStreet

TITLE = ["Grounds Maintenance – Cutting Programme 2026 (DRAFT v3)"]
HEADINGS = ["Street Name", "Village / Town", "Which Bit?", "Gang", "1st Cut", "2nd Cut", "Comments"]
DATES = (
    ("24 April – 28 May", "w/c 3 August"),
    ("w/c 20 April", "w/c 29 June"),
    ("13/04/2026", "06/07/2026"),
    ("14.4.26", "7.7.26"),
    ("April", "July"),
    ("Contact Parish Council", ""),
    ("N/A", "N/A"),
    ("TBC", "tbc"),
    ("every 3 weeks from 8 April", ""),
    ("31/04/2026", "mid July"),
    ("46127", "46209"),
    ("2026-04-27 to 2026-05-08", "2026-08-03 to 2026-08-14"),
)
REMARKS = ("", "", "", "both sides", "not the bit by the café", "see “old list”", "£45 per visit")
BITS = ("", "", "odds", "evens", "North side", "from church to pub")


def write_messy_schedule(file: Folder, council: InventedCouncil) -> None:
    """About sixty rows under a title; semicolons; a total at the end."""
    rng = council.rng("messy")
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerows(
        [TITLE, [], HEADINGS, *_rows(rng, council.streets), [], ["TOTAL", "", "", "61"]]
    )
    file.write_bytes(text.getvalue().encode("cp1252"))


def _rows(rng: random.Random, streets: Sequence[InventedStreet]) -> Iterator[list[str]]:
    """Streets of several places, some misspelt; Main Street without saying where; one unknown."""
    plain = [street for street in streets if not street.is_open]
    for n, street in enumerate(rng.sample(plain, 55)):
        place = street.locality or street.town
        yield _row(rng, n, _misspelt(rng, street.name), place if n % 4 else place.upper())
        if n % 20 == 19:
            yield []
    for n in range(3):
        yield _row(rng, n, "Main Street", "")
    yield _row(rng, 3, "Nonexistent Boulevard", council_town(streets))
    yield _row(rng, 4, "", council_town(streets))
    yield _row(rng, 5, "ALL REMAINING VERGES", "")


def council_town(streets: Sequence[InventedStreet]) -> str:
    """The post town of the first street of the gazetteer."""
    return streets[0].town


def _row(rng: random.Random, n: int, name: str, place: str) -> list[str]:
    first, second = DATES[n % len(DATES)]
    return [name, place, rng.choice(BITS), f"Gang {1 + n % 3}", first, second, rng.choice(REMARKS)]


def _misspelt(rng: random.Random, name: str) -> str:
    """The name as someone types it: short forms, capitals, a letter lost, doubled or swapped."""
    for long, short in (
        ("Street", "St"),
        ("Road", "Rd"),
        ("Avenue", "Ave"),
        ("Close", "Cl."),
    ):
        if rng.random() < 0.4:
            name = name.removesuffix(long) + short if name.endswith(long) else name
    chance, at = rng.random(), rng.randrange(1, max(2, len(name) - 2))
    if chance < 0.15:
        return name[:at] + name[at + 1 :]
    if chance < 0.3:
        return name[:at] + name[at] + name[at:]
    if chance < 0.4:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name.upper() if chance < 0.6 else f" {name} " if chance < 0.7 else name
