"""Small councils for tests, published from files through the same doors as everybody's."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mapsvc.config import Settings
from mapsvc.services.marks.recording import Mark, record
from mapsvc.services.schedules.publishing import Options, propose, publish
from mapsvc.services.state.council import STORE_FILE, Council
from mapsvc.store.editions import Edition
from tests.support.copies import copy_of, copy_of_new_store

TODAY = date(2026, 6, 17)
PUBLISHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

KEEPERS = """\
code,name,kind,ours,url,phone,parishes,roads
CC,Example County Council,county,yes,https://example.gov.uk,01632 960000,,
LE,Little Example Parish Council,parish,no,,01632 960001,Little Example,
NH,National Highways,national highways,no,https://nh.example,01632 960002,,A38;A5
"""

GAZETTEER = """\
usrn,name,locality,town,road_number,parish,easting,northing
10000001,Main Street,Little Example,Exampleton,,Little Example,450000,300000
10000002,Main Street,Great Example,Exampleton,,Great Example,452000,300000
10000003,Church Lane,Great Example,Exampleton,,Great Example,452100,300100
10000004,High Road,,Exampleton,A38,,455000,301000
10000005,Mill Road,,Exampleton,,,455100,301100
"""

SCHEDULE = """\
usrn,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end
10000002,V1,urban,north side,CC,R1,,yes,1,2026-05-11,2026-05-15
10000002,V1,urban,north side,CC,R1,,yes,2,2026-06-08,2026-06-12
10000002,V1,urban,north side,CC,R1,,yes,3,2026-07-06,2026-07-10
10000002,V2,urban,south side,CC,R2,,no,1,2026-06-01,2026-06-05
10000003,V3,urban,,CC,R1,,yes,1,2026-05-11,2026-05-15
10000003,V3,urban,,CC,R1,,yes,2,2026-06-08,2026-06-12
10000003,V3,urban,,CC,R1,,yes,3,2026-07-06,2026-07-10
10000005,V4,rural,,CC,R3,every 15 working days from March to October,,,,
"""

DEFAULT_FILES = {"keepers": KEEPERS, "gazetteer": GAZETTEER, "schedule": SCHEDULE}


def open_council(folder: Path, **settings: Any) -> Council:
    """The council in `folder`, on TODAY; an empty one where there is none yet."""
    said = {"today": TODAY, "council_name": "Example County Council", **settings}
    found = Settings(data=folder / "data", **said)
    store = found.data / STORE_FILE
    if not (found.database_url or "crs" in settings or store.exists()):
        copy_of_new_store(store)
    return Council.open(found)


def publish_text(
    council: Council, folder: Path, kind: str, text: str, *, name: str = "", **options: Any
) -> Edition:
    """The edition that a CSV file with this text becomes; a schedule replaces the one before."""
    file = folder / (name or f"{kind}.csv")
    file.write_text(text, encoding="utf-8")
    proposal = propose(council, kind, [file], Options(**{"how": "replace", **options}))
    return publish(council, proposal, by="tests", at=PUBLISHED)


def make_council(
    folder: Path, files: Mapping[str, str] = DEFAULT_FILES, **settings: Any
) -> Council:
    """A council with these files published, in the order given.

    Reading them takes most of two seconds, so those of a process that are alike are copies of one.
    """
    if "database_url" in settings:
        return _published(folder, files, settings)
    key = repr((list(files.items()), sorted(settings.items())))
    copy_of(key, lambda made: _published(made, files, settings), folder)
    return open_council(folder, **settings)


def _published(folder: Path, files: Mapping[str, str], settings: Mapping[str, Any]) -> Council:
    council = open_council(folder, **settings)
    for kind, text in files.items():
        publish_text(council, folder, kind, text)
    return council


def mark(council: Council, target: str, kind: str, on: str, **more: Any) -> int:
    """Record a mark of a day; the event's id."""
    at = more.pop("at", datetime(2026, 6, 16, 15, 12, tzinfo=UTC))
    return record(council, Mark(target, kind, date.fromisoformat(on), **more), at=at)
