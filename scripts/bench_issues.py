"""Measures issues in their thousands: those near a street, and what the map's layer asks for.

    python scripts/bench_issues.py DATA [--issues 100000]      DATA: that of mapsvc demo, copied

A tenth of the issues are open; they lie along the streets, drawn with a fixed seed. The layer is
asked in process, as the map asks it, beside an endpoint that does nothing (/healthz). Figures that
were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import gzip
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from flask.testing import FlaskClient
from shapely import Point
from sqlalchemy import insert, select

from mapsvc import crs
from mapsvc.config import Settings
from mapsvc.domain.issues import State
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.maps import Maps
from mapsvc.services.answers.teller import Answers
from mapsvc.services.issues import reporting
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.schema.issue_tables import issue, issue_event
from mapsvc.web.app import create_app

DAY = date(2026, 6, 17)
AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
AT_ONCE = 5_000
ASKED = 300
SIZES = ((390, 500), (1280, 640))
"""Pixels of the map on a phone and on a desk."""
CLOSER = (12, 14, 16)
LARGEST_ZOOM = 19


def fill(council: Council, streets: Sequence[FoundStreet], number: int, chance: Random) -> None:
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


def _row(council: Council, street: FoundStreet, number: int, chance: Random) -> dict[str, object]:
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


Box = tuple[float, float, float, float]


def times(work: Callable[[], object], number: int = ASKED) -> list[float]:
    """Milliseconds of each of many calls."""
    taken = []
    for _ in range(number):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def in_words(taken: Sequence[float]) -> str:
    """The median and the largest."""
    return f"{statistics.median(taken):.2f} ms, largest {max(taken):.2f}"


def view(middle: tuple[float, float], zoom: int, size: tuple[int, int]) -> Box:
    """What a map of this size shows, in degrees."""
    lon, lat = middle
    degrees = 360 / 2**zoom / 256 / 2
    wide, high = size[0] * degrees, size[1] * degrees * math.cos(math.radians(lat))
    return lon - wide, lat - high, lon + wide, lat + high


def first_view(extent: Box, size: tuple[int, int]) -> tuple[Box, int]:
    """The box and zoom at which a map of this size shows all of the council."""
    west, south, east, north = extent
    middle = (west + east) / 2, (south + north) / 2
    zoom = LARGEST_ZOOM
    while not _holds(view(middle, zoom, size), extent):
        zoom -= 1
    return view(middle, zoom, size), zoom


def _holds(box: Box, other: Box) -> bool:
    return box[0] <= other[0] and box[1] <= other[1] and box[2] >= other[2] and box[3] >= other[3]


def address(box: Box, zoom: int) -> str:
    """What the map asks for."""
    return f"/api/issues?zoom={zoom}&bbox={','.join(f'{side:.5f}' for side in box)}"


def measure_layer(council: Council, streets: Sequence[FoundStreet]) -> None:
    """Bytes and time of the layer, at the first view and close to a street."""
    app = create_app(council.settings, council)
    client = app.test_client()
    extent = Maps(Answers(council)).extent(DAY)
    assert extent is not None
    empty = statistics.median(times(lambda: client.get("/healthz")))
    print(f"open issues: {len(council.moment.issues.by_id):,}; the empty endpoint: {empty:.2f} ms")
    for size in SIZES:
        asked = [address(*first_view(extent, size))]
        tell_layer(client, f"the first view, {size[0]} pixels", asked, empty)
        for zoom in CLOSER:
            boxes = [view((one.lon, one.lat), zoom, size) for one in streets[:50]]
            tell_layer(client, f"zoom {zoom}", [address(box, zoom) for box in boxes], empty)


def tell_layer(client: FlaskClient, what: str, asked: Sequence[str], empty: float) -> None:
    """One line: the size of the answers, and their time beside the empty endpoint's."""
    answers = [client.get(one) for one in asked]  # the first of a level works it out
    assert all(answer.status_code == 200 for answer in answers)
    sizes = [len(gzip.compress(answer.data)) for answer in answers]
    features = [len(answer.get_json()["features"]) for answer in answers]
    turns = cycle(asked)
    taken = times(lambda: client.get(next(turns)))
    print(
        f"{what}: {statistics.median(sizes):,.0f} bytes gzipped, largest {max(sizes):,}; "
        f"{statistics.median(features):.0f} features, most {max(features)}; {in_words(taken)}, "
        f"{statistics.median(taken) / empty:.1f} of the empty endpoint"
    )


def measure_changes(council: Council, asked: Sequence[FoundStreet]) -> None:
    """The first answer after a report: the process takes it in and indexes the issues anew."""
    client = create_app(council.settings, council).test_client()
    taken = []
    for street in asked[:20]:
        draft = IssueDraft("other", "One more", street.entry.record.id)
        council.store.issues.add(draft, AT)
        one = view((street.lon, street.lat), 15, SIZES[0])
        taken += times(lambda one=one: client.get(address(one, 15)), 1)  # type: ignore[misc]
    print(f"the first answer after a report: {in_words(taken)}")


def measure_nearby(council: Council, asked: Sequence[FoundStreet]) -> None:
    """Open issues on a street and within 250 m of it."""
    turns = cycle(asked)
    print("near a street:", in_words(times(lambda: reporting.nearby(council, next(turns)))))


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
        began = time.perf_counter()
        council.moment  # noqa: B018 - takes in what was filled
        print(f"taking the issues in: {time.perf_counter() - began:.2f} s")
        measure_nearby(council, asked)
        measure_layer(council, asked)
        measure_changes(council, asked)
        council.close()


if __name__ == "__main__":
    main()
