"""Small editions that a person can draw, and what other processes do to a store in tests."""

import resource
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from mapsvc.domain.schedule import Cut, Round, Window
from mapsvc.domain.schedule_columns import VERGE_COLUMNS
from mapsvc.domain.streets import STREET_COLUMNS, Keeper
from mapsvc.errors import EditionConflict, StoreUnavailable
from mapsvc.store.database import Store, open_store
from mapsvc.store.editions import Edition, EditionDraft, ScheduleContent

AT = datetime(2026, 6, 17, 13, 5, tzinfo=UTC)
APRIL = Window(date(2026, 4, 7), date(2026, 4, 10))


def some_streets(count: int = 3, town: str = "Exampleton") -> gpd.GeoDataFrame:
    """Streets of two points, 100 m east of each other: the n-th from (n·100, 0) to (n·100, 50)."""
    texts = {name: [""] * count for name in STREET_COLUMNS if name != "geometry"}
    texts["id"] = [f"s{number}" for number in range(count)]
    texts["name"] = [f"{number} Street" for number in range(count)]
    texts["town"] = [town] * count
    lines = [shapely.LineString([(n * 100, 0), (n * 100, 50)]) for n in range(count)]
    return gpd.GeoDataFrame(texts, geometry=lines, crs="EPSG:27700", columns=STREET_COLUMNS)


def a_gazetteer(streets: gpd.GeoDataFrame | None = None, **more: Any) -> EditionDraft:
    streets = some_streets() if streets is None else streets
    return EditionDraft("gazetteer", files=("streets.csv",), streets=streets, **more)


def a_schedule(season: int = 2026, service: str = "grass cutting") -> EditionDraft:
    """Three verges: a square on rest, a line, and one without geometry; two programmes."""
    rows = [
        ("v0", "s0;s1", "urban", "C", "R1", "north side", True, 0, shapely.box(0, 0, 10, 10)),
        ("v1", "s1", "rural", "", "", "", None, 1, shapely.LineString([(100, 0), (100, 50)])),
        ("v2", "s2", "", "P", "R1", "even numbers", False, 0, None),
    ]
    names = ("id", "streets", "kind", "keeper", "round", "stretch", "tracked", "programme")
    data: dict[str, Any] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    data["tracked"] = pd.Series(data["tracked"], dtype="object")
    for name, day in (("rest_from", date(2026, 5, 1)), ("rest_until", date(2026, 6, 30))):
        data[name] = pd.Series([day, None, None], dtype="object")
    data["rest_reason"] = ["wild flowers", "", ""]
    data["frequency"] = ["", "monthly", ""]
    data["land_name"] = ["", "", "Example Park"]
    verges = gpd.GeoDataFrame(data, geometry=[row[-1] for row in rows], crs="EPSG:27700")
    content = ScheduleContent(
        verges[list(VERGE_COLUMNS)],
        [Round("R1", "North", service, tracked=True), Round("R2")],
        [
            (Cut(season, 1, APRIL), Cut(season, 2, None, "Contact Parish Council")),
            (Cut(season, 1, APRIL),),
        ],
    )
    return EditionDraft("schedule", service, season, schedule=content)


def some_keepers(*codes: str) -> EditionDraft:
    keepers = [Keeper(code, f"{code} Council", parishes=("Little Example",)) for code in codes]
    return EditionDraft("keepers", keepers=keepers)


def publish(store: Store, draft: EditionDraft, by: str = "staff") -> Edition:
    """The draft published on what is current."""
    current = store.editions.current(draft.kind, draft.service, draft.season)
    return store.editions.publish(draft, base=current and current.number, by=by, at=AT)


# In processes of their own


def race(address: str, name: str, start: Barrier, rounds: int) -> Sequence[str]:
    """Publish as often as there are rounds, each time at once with another; `won` or `refused`."""
    store = open_store(address)
    results = []
    for _ in range(rounds):
        current = store.editions.current("keepers")
        start.wait(30)
        try:
            draft = some_keepers(name)
            store.editions.publish(draft, base=current and current.number, by=name, at=AT)
            results.append("won")
        except EditionConflict:
            results.append("refused")
        start.wait(30)
    store.close()
    return results


def publish_on_a_small_disk(address: str, spare_bytes: int) -> str:
    """What publishing says when no file may grow by more than this."""
    store = open_store(address)
    size = Path(address).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + spare_bytes, resource.RLIM_INFINITY))
    try:
        publish(store, a_gazetteer(some_streets(8_000, "Newtown")))
    except StoreUnavailable as error:
        return str(error)
    finally:
        store.close()
    return ""
