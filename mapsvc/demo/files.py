"""The council as files: the columns, the rounding and the rows; nothing here invents anything."""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as Folder

import numpy as np
import shapely

from mapsvc import crs
from mapsvc.demo.areas import DemoArea
from mapsvc.demo.council import LETTERS, InventedCouncil, InventedStreet
from mapsvc.demo.curves import Path
from mapsvc.demo.grass import InventedVerge
from mapsvc.demo.keepers import Keepers
from mapsvc.demo.marks import EventRow
from mapsvc.demo.names import COUNCIL, SUBURBS
from mapsvc.demo.rounds import SEASON, DemoRound

MOST_ROWS = 19_900
"""Rows in one schedule file; an upload may have 20,000."""

GAZETTEER = (
    "usrn,name,locality,town,alt_names,road_number,postcode_district,parish,ward,authority,wkt"
)
SCHEDULE = (
    "usrn,street,locality,town,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end,"
    "rest_from,rest_until,rest_reason,wkt"
)
ROUNDS = "round,frequency,tracked,cut,start,end"
KEEPERS = "code,name,kind,ours,url,phone,parishes,roads"
EVENTS = "target,kind,cut,season,on,reason,expected,until,at"
PLACES = "name,kind,easting,northing"


def write_table(file: Folder, heading: str, rows: Iterable[Sequence[object]]) -> None:
    """A UTF-8 CSV; the same bytes on every system."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(heading.split(","))
    table.writerows(["" if cell is None else cell for cell in row] for row in rows)
    file.write_bytes(text.getvalue().encode())


def street_rows(streets: Sequence[InventedStreet]) -> Iterator[Sequence[object]]:
    """A row for each street."""
    for s in streets:
        names = (s.usrn, s.name, s.locality, s.town, s.alt_names, s.road_number)
        yield (*names, s.district, s.parish, s.ward, COUNCIL, _lines_wkt(s.parts))


def _lines_wkt(parts: Sequence[Path]) -> str:
    texts = ["(" + ",".join(f"{_metres(x)} {_metres(y)}" for x, y in path) + ")" for path in parts]
    return f"LINESTRING {texts[0]}" if len(texts) == 1 else f"MULTILINESTRING ({','.join(texts)})"


def _metres(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def verge_rows(verges: Sequence[InventedVerge]) -> Iterator[Sequence[object]]:
    """A row for each verge; one for each cut where it has dates of its own."""
    for verge in verges:
        street = verge.street
        which = (street.usrn, street.name, street.locality, street.town, verge.id)
        what = (verge.kind, verge.stretch, verge.keeper, verge.round, verge.frequency, "")
        wkt = shapely.to_wkt(verge.shape, rounding_precision=1).replace(", ", ",")
        if not verge.cuts:
            yield (*which, *what, "", verge.reason, "", *verge.rest, wkt)
        for n, (start, end) in enumerate(verge.cuts, 1):
            yield (*which, *what, n, start, end, *verge.rest, wkt if n == 1 else "")


def round_rows(rounds: Sequence[DemoRound]) -> Iterator[Sequence[object]]:
    """A row for each cut of a round, one without dates where it has none."""
    for r in rounds:
        tracked = "yes" if r.tracked else "no"
        if not r.cuts:
            yield r.code, r.frequency, tracked, "", "", ""
        for n, window in enumerate(r.cuts, 1):
            yield r.code, r.frequency, tracked, n, window.start, window.end


def mark_rows(marks: Sequence[EventRow]) -> Iterator[Sequence[object]]:
    """A row for each mark; `at` is UTC."""
    for m in marks:
        at = m.at.isoformat() + "Z"
        yield m.target, m.kind, m.cut, SEASON, m.on, m.reason, m.expected, m.until, at


def place_rows(council: InventedCouncil) -> Iterator[Sequence[object]]:
    """Settlements, suburbs, and postcodes on streets all over the council."""
    for site in council.sites:
        yield site.name, site.kind, round(site.centre[0]), round(site.centre[1])
    for name in SUBURBS:
        middles = [s.middle for s in council.streets if s.locality == name]
        if middles:
            yield (
                name,
                "suburb",
                *(round(sum(axis) / len(middles)) for axis in zip(*middles, strict=True)),
            )
    yield from _postcode_rows(council)


def _postcode_rows(council: InventedCouncil) -> Iterator[Sequence[object]]:
    rng, taken = council.rng("postcodes"), set[str]()
    chosen = sorted(rng.sample(range(len(council.streets)), council.scale.postcodes))
    for street in (council.streets[n] for n in chosen):
        code = f"{street.district} {rng.randint(1, 9)}{rng.choice(LETTERS)}{rng.choice(LETTERS)}"
        if code not in taken:
            taken.add(code)
            yield code, "postcode", *map(round, street.middle)


def write_boundaries(file: Folder, areas: Sequence[DemoArea]) -> None:
    """GeoJSON in EPSG:4326, 0.1 m; borders that two areas share are the same in both."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": area.name, "kind": area.kind},
            "geometry": shapely.geometry.mapping(shapely.transform(area.shape, _degrees)),
        }
        for area in areas
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    file.write_bytes(text.encode())


def _degrees(coordinates: np.ndarray) -> np.ndarray:
    """(n, 2) eastings and northings to (n, 2) longitudes and latitudes of six decimals."""
    there = crs.transform(coordinates[:, 0], coordinates[:, 1], crs.LOCAL, crs.WGS84)
    return np.round(there, 6)


def write_schedule(out: Folder, verges: Sequence[InventedVerge]) -> None:
    """One file of verges, or several where an upload could not hold them."""
    rows = list(verge_rows(verges))
    count = math.ceil(len(rows) / MOST_ROWS)
    starts = [i for i, row in enumerate(rows) if row[-1]]
    for n in range(count):
        name = f"verges-{SEASON}.csv" if count == 1 else f"verges-{SEASON}-{n + 1}.csv"
        first, last = (_start_near(starts, len(rows) * k // count) for k in (n, n + 1))
        write_table(out / name, SCHEDULE, rows[first : last if n + 1 < count else None])


def _start_near(starts: Sequence[int], row: int) -> int:
    """The first row of a verge at or before `row`, so that no verge is torn in two."""
    return max((start for start in starts if start <= row), default=0)


def write_keepers(file: Folder, keepers: Keepers) -> None:
    """A row for each keeper."""
    write_table(file, KEEPERS, keepers.rows)
