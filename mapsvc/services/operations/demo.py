"""The invented council, loaded through the same doors as everybody's files."""

import csv
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from shapely import Point

from mapsvc import crs, resources
from mapsvc.config import Settings
from mapsvc.demo.council import COUNTY, DEMO
from mapsvc.demo.issues import REPORTED, Reported
from mapsvc.demo.rounds import REASONS
from mapsvc.demo.written import SEED, write_council
from mapsvc.domain.issues import Issue, State
from mapsvc.domain.schedule import Cut, Verge
from mapsvc.errors import MapsvcError
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.accounts import people
from mapsvc.services.marks.recording import Mark, record_all
from mapsvc.services.schedules.publishing import Options, propose, publish
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft

DEMO_TODAY = date(2026, 6, 17)
DEMO_PUBLISHED = datetime(2026, 2, 23, 9, 30, tzinfo=UTC)
DEMO_NAME = "Rivershire County Council"
DEMO_PHONE = "01632 960000"

DEMO_PASSWORD = "three wet sheep"
DEMO_ACCOUNTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("admin", "admin", ()),
    ("editor", "editor", ()),
    ("crew", "crew", ("U01", "U04", "U06", "U13")),
    ("viewer", "viewer", ()),
)
"""Name, role and rounds of those who may sign in to the demo, from this machine alone."""

FILES = (
    ("keepers", ("keepers*.csv",)),
    ("gazetteer", ("gazetteer*.csv",)),
    ("places", ("places*.csv",)),
    ("boundaries", ("boundaries*.geojson",)),
    ("schedule", ("rounds-*.csv", "verges-*.csv")),
)
"""What is published, in the order in which a council would. A county has several files of one."""


class OtherDemo(MapsvcError):
    """The folder holds a demo of the other size."""


def prepare_demo(
    data: Path | None, say: Callable[[str], None], *, is_county: bool = False
) -> Settings:
    """The settings of a demo whose data are there, made now unless they already are.

    Parameters
    ----------
    is_county : 30,000 streets instead of 2,000, invented now because nobody ships that much

    Raises
    ------
    OtherDemo : when the folder has the demo of the other size
    """
    settings = _settings(data, "data/demo-county" if is_county else "data/demo")
    settings.data.mkdir(parents=True, exist_ok=True)
    council = Council.open(settings)
    try:
        _require_size(council, is_county)
        if not council.store.live.newest_event_id():
            _fill(council, say, is_county)
        if not council.store.issues.number():
            _add_issues(council)
        if not council.store.accounts.all():
            _add_accounts(council)
        say(f"{DEMO_NAME} is invented. Today is {settings.day_today:%A %d %B %Y} in this demo.")
        names = ", ".join(name for name, _, _ in DEMO_ACCOUNTS)
        say(f"Staff pages are at /staff. Names: {names}. Password of all: {DEMO_PASSWORD}")
    finally:
        council.close()
    return settings


def _require_size(council: Council, is_county: bool) -> None:
    atlas = council.moment.atlas
    if atlas.edition("gazetteer") and (atlas.street_count == DEMO.streets) == is_county:
        asked = COUNTY if is_county else DEMO
        raise OtherDemo(
            "other_demo",
            folder=str(council.settings.data),
            streets=atlas.street_count,
            asked=asked.streets,
        )


def _fill(council: Council, say: Callable[[str], None], is_county: bool) -> None:
    if not is_county:
        _load(council, resources.geodata_dir() / "demo", say)
        return
    say(f"Inventing a county of {COUNTY.streets:,} streets. This takes a few minutes, once.")
    with tempfile.TemporaryDirectory(prefix="mapsvc-county-") as folder:
        write_council(COUNTY, SEED, Path(folder))
        _load(council, Path(folder), say)


def _settings(data: Path | None, default: str) -> Settings:
    said = Settings.from_environment()
    folder = data or (said.data if "MAPSVC_DATA" in os.environ else Path(default))
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
        files = [file for name in names for file in sorted(folder.glob(name))]
        options = Options(season=DEMO_TODAY.year, reasons=REASONS)
        proposal = propose(council, kind, files, options)
        edition = publish(council, proposal, by="demo", at=DEMO_PUBLISHED)
        say(f"Published {kind} from {', '.join(edition.files)} as edition {edition.number}.")
    marks = _marks(folder / "events.csv")
    record_all(council, [mark for mark, _ in marks], [at for _, at in marks])
    say(f"Recorded {len(marks)} marks of crews and staff.")


def _add_issues(council: Council) -> None:
    """The reports, each on a street with grass of ours that has cuts to come."""
    streets = _streets_for_issues(council)
    at = datetime.combine(DEMO_TODAY, time(8), council.zone)
    added: list[Issue] = []
    for number, reported in enumerate(REPORTED):
        street = streets[number * len(streets) // len(REPORTED)]
        when = at - timedelta(days=reported.days_ago)
        draft = IssueDraft(
            reported.category,
            reported.text,
            street.street.id,
            reported.stretch,
            point=Point(*crs.point_to_local(street.lon, street.lat, council.settings.crs)),
            by="resident",
        )
        issue = council.store.issues.add(draft, when)
        for neighbour in range(reported.noticed):
            council.store.issues.join(issue.id, f"demo {number} {neighbour}", when)
        added.append(_moved_on(council, issue, reported, when, added))


def _streets_for_issues(council: Council) -> list[FoundStreet]:
    atlas = council.moment.atlas
    book = atlas.book(DEMO_TODAY.year)
    with_cuts = {
        street
        for street, verges in book.by_street.items()
        if any(_is_to_come(council, verge) for verge in verges)
    }
    found = [atlas.street(street) for street in sorted(with_cuts)]
    return [street for street in found if street]


def _is_to_come(council: Council, verge: Verge) -> bool:
    keeper = council.moment.atlas.keeper(verge.keeper)
    return bool(keeper and keeper.ours) and _next_cut(verge) is not None


def _next_cut(verge: Verge) -> Cut | None:
    dated = [cut for cut in verge.dated_cuts if cut.window and cut.window.start > DEMO_TODAY]
    return min(dated, key=lambda cut: cut.number, default=None)


def _moved_on(
    council: Council, issue: Issue, reported: Reported, when: datetime, added: list[Issue]
) -> Issue:
    """The issue in the last state of its way, a day a step."""
    book = council.moment.atlas.book(DEMO_TODAY.year)
    for day, state in enumerate(reported.states, start=1):
        is_last = state is reported.states[-1]
        values: dict[str, Any] = {}
        if state is State.PLANNED:
            cut = next(filter(None, map(_next_cut, book.of_street(issue.street))))
            values = {"season": cut.season, "cut": cut.number}
        if state is State.DUPLICATE:
            values = {"duplicate_of": added[0].id}
        issue = council.store.issues.move(
            issue.id,
            state,
            sentence=reported.sentence if is_last else "",
            by="demo",
            at=when + timedelta(days=day),
            **values,
        )
    if reported.is_released:
        issue = council.store.issues.change(
            issue.id, "released", is_released=True, by="demo", at=when + timedelta(hours=1)
        )
    return issue


def _add_accounts(council: Council) -> None:
    now = datetime.now(UTC)
    for name, role, rounds in DEMO_ACCOUNTS:
        people.add_account(council, name, role, rounds=rounds, by="demo", now=now)
        token = people.password_link(council, name, now)
        people.set_password(council, token, DEMO_PASSWORD, now)


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
        sure=True,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
