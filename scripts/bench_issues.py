"""Measures issues in their thousands: those near a street, and what the map asks for.

    python scripts/bench_issues.py DATA [--issues 100000]      DATA: that of mapsvc demo, copied

A tenth of the issues are open; they lie along the streets, drawn with a fixed seed. Figures that
were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import gzip
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from shapely import Point
from sqlalchemy import insert, select

from mapsvc import crs
from mapsvc.atlas import Found
from mapsvc.config import Settings
from mapsvc.domain.issues import State
from mapsvc.services import reporting
from mapsvc.services.council import Council
from mapsvc.store.issue_tables import issue, issue_event
from mapsvc.web.app import create_app

DAY = date(2026, 6, 17)
AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
AT_ONCE = 5_000
ASKED = 300
VIEW = 0.01
"""Degrees that a phone shows at zoom 14, about."""


def fill(council: Council, streets: Sequence[Found], number: int, chance: Random) -> None:
    """Issues as reports would leave them, many in one transaction."""
    for first in range(0, number, AT_ONCE):
        rows = [
            _row(council, chance.choice(streets), n, chance) for n in range(first, first + AT_ONCE)
        ]
        points = council.store.ground.encode([row.pop("point") for row in rows])
        for row, point in zip(rows, points, strict=True):
            row["geom"] = point
        with council.store.writing("issues") as connection:
            connection.execute(insert(issue), rows)
    with council.store.writing("issues") as connection:
        ids = connection.scalars(select(issue.c.fid).where(issue.c.reference.like("B-%"))).all()
        said = {"kind": "reported", "state": State.OPEN, "sentence": "", "note": "", "by": "bench"}
        connection.execute(insert(issue_event), [{**said, "issue": one, "at": AT} for one in ids])


def _row(council: Council, street: Found, number: int, chance: Random) -> dict[str, object]:
    x, y = crs.point_to_local(street.lon, street.lat, council.settings.crs)
    at = AT + timedelta(minutes=number)
    empty = dict.fromkeys(("verge", "stretch", "assigned", "external"), "")
    return {
        **empty,
        "reference": f"B-{number:07}",
        "category": "other",
        "text": "Up to my knees",
        "street": street.entry.record.id,
        "state": State.OPEN if number % 10 == 0 else State.FIXED,
        "is_released": False,
        "noticed": 0,
        "at": at,
        "changed_at": at,
        "point": Point(x + chance.uniform(-80, 80), y + chance.uniform(-80, 80)),
    }


def median_ms(work: Callable[[Found], object], streets: Sequence[Found]) -> str:
    """Milliseconds for a street: the median and the largest."""
    taken = []
    for street in streets:
        began = time.perf_counter()
        work(street)
        taken.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(taken):.2f} ms, largest {max(taken):.2f}"


def main() -> None:
    """Copy the council, fill it, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--issues", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(options.data, copy)
        council = Council.open(Settings(data=copy, today=DAY), create=False)
        streets, chance = list(council.moment.atlas.all_streets()), Random(1)
        fill(council, streets, options.issues, chance)
        asked = chance.sample(streets, ASKED)
        print("near a street:", median_ms(lambda one: reporting.nearby(council, one), asked))
        client = create_app(council.settings, council).test_client()
        sizes = []
        for one in asked[:50]:
            box = one.lon - VIEW, one.lat - VIEW, one.lon + VIEW, one.lat + VIEW
            answer = client.get(f"/api/issues?bbox={','.join(map(str, box))}")
            sizes.append(len(gzip.compress(answer.data)))
        print(f"the map's issues: {statistics.median(sizes)} bytes, largest {max(sizes)}")
        council.close()


if __name__ == "__main__":
    main()
