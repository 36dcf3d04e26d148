"""Every column of a schedule from its file to what residents read, made from the one table.

A column that is added to `schedule_columns` is tested here without another word: rows say
something of it that stands nowhere else, and that must arrive, or must not.
"""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from mapsvc.domain.schedule import Verge
from mapsvc.domain.schedule_columns import (
    COLUMNS,
    FIELDS,
    IN_TEMPLATE,
    SAID_OF_A_VERGE,
    STORED,
    ScheduleColumn,
)
from mapsvc.ingest.values.headings import recognise
from mapsvc.maps.tiles import HIGHEST_ZOOM, LOWEST_ZOOM
from mapsvc.services.schedules.publishing import Options, propose, publish
from mapsvc.services.schedules.schedule_workbook import schedule_workbook
from mapsvc.web.app import create_app
from tests.support.councils import PUBLISHED, make_council, open_council, publish_text
from tests.support.web_council import GAZETTEER

RESTING, ROUTINE = "10000002", "10000003"
DAYS = {"rest_from": date(2026, 5, 2), "rest_until": date(2026, 6, 29)}
KEEPERS = "code,name,kind,ours\nzzkeeper,Keeper called zzkeeper,county,yes\n"

PARAMETERS = {
    "street_id": [RESTING, ROUTINE],
    "format": ["json", "xml"],
    "code": ["grass-too-long"],
}
"""What residents' addresses are filled in with; those of tiles are made from a place."""

QUERIES = {
    "/": "?q=Main Street",
    "/api/search": "?q=Main Street",
    "/api/near": "?lat=52.594&lon=-1.232",
    "/oembed": f"?url=http://localhost/streets/{RESTING}",
}

NOBODY_HAS_REPORTED = {"token", "reference"}
"""Parameters of addresses that lead to a report, which nobody has made here."""


class Travelled(NamedTuple):
    """A schedule as published, and published again from its workbook; what residents get."""

    first: gpd.GeoDataFrame
    again: gpd.GeoDataFrame
    residents: str


def written(column: ScheduleColumn) -> str:
    """What a row says in a column: a word or a day that stands nowhere else."""
    if column.type is bool:
        return "yes"
    return DAYS[column.name].isoformat() if column.type is date else f"zz{column.name}"


def schedule_text() -> str:
    """A verge that says all and rests today, and one that has neither a rest nor dates."""
    said = {column.heading: written(column) for column in STORED if column.heading}
    routine = {name: text for name, text in said.items() if not name.startswith("rest_")}
    text = io.StringIO()
    table = csv.DictWriter(text, FIELDS, restval="")
    table.writeheader()
    table.writerow({**said, "usrn": RESTING, "cut": 1, "start": "2026-07-06"})
    table.writerow({**routine, "usrn": ROUTINE, "verge": "zzsecond", "round": "zzother"})
    return text.getvalue()


@pytest.fixture(scope="module")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Travelled:
    folder = tmp_path_factory.mktemp("columns")
    council = make_council(folder, {"keepers": KEEPERS, "gazetteer": GAZETTEER})
    edition = publish_text(council, folder, "schedule", schedule_text())
    workbook = folder / "schedule.xlsx"
    workbook.write_bytes(schedule_workbook(council, edition))
    with create_app(council.settings, council).test_client() as client:
        residents = "\n".join(documents(client))
    return Travelled(
        council.store.editions.schedule(edition.number).verges,
        published_again(workbook, tmp_path_factory.mktemp("again")),
        residents,
    )


def published_again(workbook: Path, folder: Path) -> gpd.GeoDataFrame:
    council = open_council(folder)
    for kind, text in {"keepers": KEEPERS, "gazetteer": GAZETTEER}.items():
        publish_text(council, folder, kind, text)
    proposal = propose(council, "schedule", [workbook], Options())
    edition = publish(council, proposal, by="tests", at=PUBLISHED)
    return council.store.editions.schedule(edition.number).verges


def documents(client: FlaskClient) -> Iterator[str]:
    """The body of every address that residents, feeds, frames and copies can ask for."""
    for address in addresses(client):
        answer = client.get(address + QUERIES.get(address, ""))
        assert answer.status_code < 400, f"{address} answers {answer.status_code}"
        yield answer.get_data(as_text=True)


def addresses(client: FlaskClient) -> Iterator[str]:
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/staff", "/static")):
            yield from tiles(client) if "edition" in rule.arguments else filled_in(rule)


def filled_in(rule: Rule) -> Iterator[str]:
    if rule.arguments & NOBODY_HAS_REPORTED:
        return
    names = sorted(rule.arguments)
    assert {*names} <= PARAMETERS.keys(), f"say in PARAMETERS how to fill in {rule.rule}"
    for values in product(*(PARAMETERS[name] for name in names)):
        built = rule.build(dict(zip(names, values, strict=True)))
        assert built is not None
        yield built[1]


def tiles(client: FlaskClient) -> Iterator[str]:
    """The tiles of the resting street at all zooms."""
    edition = client.get("/api/status").get_json()["edition"]
    place = client.get("/api/search?q=Main Street, Great Example").get_json()["results"][0]
    for z in range(LOWEST_ZOOM, HIGHEST_ZOOM + 1):
        x = int((place["lon"] + 180) / 360 * 2**z)
        y = int((1 - math.asinh(math.tan(math.radians(place["lat"]))) / math.pi) / 2 * 2**z)
        yield f"/tiles/{edition}/{z}/{x}/{y}.json"


@pytest.mark.parametrize("column", STORED, ids=lambda column: column.name)
def test_what_a_file_says_is_in_the_store_and_comes_back_from_the_workbook(
    travelled: Travelled, column: ScheduleColumn
) -> None:
    first, again = (frame[column.name].tolist() for frame in travelled[:2])

    assert first == again
    if column.heading:
        expected = DAYS.get(column.name, True if column.type is bool else written(column))
        assert first[0] == expected


PUBLIC_TEXTS = [column for column in STORED if column.is_public and column.type is str]


@pytest.mark.parametrize("column", PUBLIC_TEXTS, ids=lambda column: column.name)
def test_residents_are_told_what_is_public(travelled: Travelled, column: ScheduleColumn) -> None:
    assert (written(column) if column.heading else RESTING) in travelled.residents


def test_no_page_feed_tile_or_copy_for_residents_holds_what_is_private(
    travelled: Travelled,
) -> None:
    private = [column for column in COLUMNS if not column.is_public]
    words = [f'"{column.name}"' for column in private]
    words += [word for column in private if column.heading for word in forms(column)]

    assert private, "`programme` at least is a number of ours"
    assert [word for word in words if word in travelled.residents] == []


def forms(column: ScheduleColumn) -> list[str]:
    """What a row says in a column, as residents could read it."""
    day = DAYS.get(column.name)
    return [written(column)] if day is None else [day.isoformat(), f"{day:%-d %B}"]


def test_every_column_that_a_file_can_say_has_its_headings() -> None:
    known = recognise("schedule", FIELDS).columns

    assert [known.get(name) for name in FIELDS] == list(range(len(FIELDS)))
    assert {*IN_TEMPLATE} <= {*FIELDS}


def test_a_verge_has_what_rows_say_of_it_word_for_word() -> None:
    assert {*SAID_OF_A_VERGE} <= {field.name for field in fields(Verge)}
