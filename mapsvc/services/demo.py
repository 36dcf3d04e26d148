"""The invented council, loaded through the same doors as everybody's files."""

import csv
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mapsvc import resources
from mapsvc.config import Settings
from mapsvc.services.council import Council
from mapsvc.services.progress import Mark, record_all
from mapsvc.services.publishing import Options, propose, publish

DEMO_TODAY = date(2026, 6, 17)
DEMO_PUBLISHED = datetime(2026, 2, 23, 9, 30, tzinfo=UTC)
DEMO_NAME = "Rivershire County Council"
DEMO_PHONE = "01632 960000"

FILES = (
    ("keepers", ("keepers.csv",)),
    ("gazetteer", ("gazetteer.csv",)),
    ("places", ("places.csv",)),
    ("boundaries", ("boundaries.geojson",)),
    ("schedule", ("rounds-2026.csv", "verges-2026.csv")),
)
"""What is published, in the order in which a council would."""


def prepare_demo(data: Path | None, say: Callable[[str], None]) -> Settings:
    """The settings of a demo whose data are there, made now unless they already are."""
    settings = _settings(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    council = Council.open(settings)
    try:
        if not council.store.live.newest_event_id():
            _load(council, resources.geodata_dir() / "demo", say)
        say(f"{DEMO_NAME} is invented. Today is {settings.day_today:%A %d %B %Y} in this demo.")
    finally:
        council.close()
    return settings


def _settings(data: Path | None) -> Settings:
    said = Settings.from_environment()
    folder = data or (said.data if "MAPSVC_DATA" in os.environ else Path("data/demo"))
    return replace(
        said,
        data=folder,
        today=said.today or DEMO_TODAY,
        council_name=DEMO_NAME
        if said.council_name == Settings().council_name
        else said.council_name,
        council_phone=said.council_phone or DEMO_PHONE,
    )


def _load(council: Council, folder: Path, say: Callable[[str], None]) -> None:
    for kind, names in FILES:
        if any(edition.kind == kind for edition in council.moment.atlas.editions):
            continue
        files = [folder / name for name in names]
        proposal = propose(council, kind, files, Options(season=DEMO_TODAY.year))
        edition = publish(council, proposal, by="demo", at=DEMO_PUBLISHED)
        say(f"Published {kind} from {', '.join(edition.files)} as edition {edition.number}.")
    marks = _marks(folder / "events.csv")
    record_all(council, [mark for mark, _ in marks], [at for _, at in marks])
    say(f"Recorded {len(marks)} marks of crews and staff.")


def _marks(file: Path) -> list[tuple[Mark, datetime]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(_mark(row), datetime.fromisoformat(row["at"])) for row in csv.DictReader(lines)]


def _mark(row: dict[str, str]) -> Mark:
    return Mark(
        target=row["target"],
        kind=row["kind"],
        on=date.fromisoformat(row["on"]),
        cut=int(row["cut"]) if row["cut"] else None,
        season=int(row["season"]) if row["season"] else None,
        reason=row["reason"],
        expected=_day(row["expected"]),
        until=_day(row["until"]),
        by="crew",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
