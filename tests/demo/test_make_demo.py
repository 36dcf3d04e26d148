"""The invented council: the same every time, shaped like a place, with every status on its day."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.demo.council import DEMO
from mapsvc.demo.written import SEED, write_council
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import Event, parse_target
from mapsvc.domain.schedule import Cut, Programme, Rest, Verge, Window
from mapsvc.domain.status import Status, VergeStatus, status_on
from mapsvc.domain.streets import parse_alt_names

ROOT = Path(__file__).resolve().parents[2]

DAY = date(2026, 6, 17)
SMALL = replace(
    DEMO, sizes=(90, 30, 10, 9, 8, 8, 8), towns=2, streets=180, verges=250, postcodes=40
)
KEPT = ROOT / "geodata" / "demo"
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (KEPT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("council")
    write_council(DEMO, SEED, out)
    return out


def test_the_files_kept_are_those_that_the_script_makes(remade: Path) -> None:
    names = sorted(file.name for file in KEPT.iterdir())

    assert names == sorted(file.name for file in remade.iterdir())
    assert [n for n in names if (KEPT / n).read_bytes() != (remade / n).read_bytes()] == []


def test_the_same_seed_makes_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for folder, seed in (("one", "a"), ("two", "a"), ("other", "b")):
        write_council(SMALL, seed, tmp_path / folder)
    gazetteer = [(tmp_path / f / "gazetteer.csv").read_bytes() for f in ("one", "two", "other")]
    verges = [(tmp_path / f / "verges-2026.csv").read_bytes() for f in ("one", "two", "other")]

    assert gazetteer[0] == gazetteer[1] != gazetteer[2]
    assert verges[0] == verges[1] != verges[2]


def test_the_files_stay_under_four_megabytes() -> None:
    assert sum(file.stat().st_size for file in KEPT.iterdir()) < 4_000_000


def test_there_are_as_many_streets_verges_and_rounds_as_were_asked_for() -> None:
    streets, verges, rounds = (
        rows("gazetteer.csv"),
        rows("verges-2026.csv"),
        rows("rounds-2026.csv"),
    )

    assert len({street["usrn"] for street in streets}) == len(streets) == 2000
    assert len({verge["verge"] for verge in verges}) == 3000
    assert len({row["round"] for row in rounds}) == 40
    assert {row["tracked"] for row in rounds} == {"yes", "no"}
    assert {verge["round"] for verge in verges} - {""} == {row["round"] for row in rounds}


def test_places_share_names_and_nothing_else() -> None:
    streets = rows("gazetteer.csv")
    whole_names = Counter((s["name"], s["locality"], s["town"]) for s in streets if s["locality"])
    main_streets = {s["locality"] for s in streets if s["name"] == "Main Street"}

    assert len(main_streets) >= 12
    assert sum(count - 1 for count in whole_names.values()) < 40
    assert all(s["name"] and s["town"] and s["parish"] and s["ward"] for s in streets)
    assert any(name.lang == "cy" for s in streets for name in parse_alt_names(s["alt_names"]))


@pytest.mark.parametrize("name", ["gazetteer.csv", "verges-2026.csv"])
def test_every_geometry_is_valid_and_inside_the_council(name: str) -> None:
    shapes = shapely.from_wkt([row["wkt"] for row in rows(name) if row["wkt"]])
    box = shapely.box(DEMO.west, DEMO.south, DEMO.east, DEMO.north)

    assert shapely.is_valid(shapes).all()
    assert shapely.is_simple(shapely.get_parts(shapes)).mean() > 0.995
    assert shapely.contains(box, shapes).all()


def test_grass_lies_beside_its_street() -> None:
    streets = {s["usrn"]: shapely.from_wkt(s["wkt"]) for s in rows("gazetteer.csv")}
    away = [
        shapely.from_wkt(v["wkt"]).distance(streets[v["usrn"]])
        for v in rows("verges-2026.csv")
        if v["wkt"]
    ]

    assert max(away) < 30


def test_parishes_and_wards_cover_the_same_land_without_gaps() -> None:
    features = json.loads((KEPT / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    shapes: dict[str, list[BaseGeometry]] = {"parish": [], "ward": []}
    for feature in features:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid
        shapes[feature["properties"]["kind"]].append(shape)
    land = {kind: shapely.unary_union(parts) for kind, parts in shapes.items()}

    assert len(shapes["parish"]) == 25
    assert land["parish"].symmetric_difference(land["ward"]).area < 1e-9
    assert shapely.get_num_geometries(land["parish"]) == 1
    assert shapely.get_num_interior_rings(land["parish"]) == 0
    for kind, parts in shapes.items():
        assert sum(part.area for part in parts) == pytest.approx(land[kind].area, abs=1e-7)


def test_postcodes_are_in_an_area_that_does_not_exist() -> None:
    codes = [row["name"] for row in rows("places.csv") if row["kind"] == "postcode"]

    assert len(codes) > 280
    assert all(code.startswith("RV") for code in codes)


def test_the_messy_schedule_is_not_utf8_and_names_main_street_without_a_place() -> None:
    raw = (KEPT / "messy-schedule-2026.csv").read_bytes()

    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "Main Street;;" in raw.decode("cp1252")


# Every status, by the rules themselves


@pytest.fixture(scope="module")
def found() -> dict[str, VergeStatus]:
    """What the rules find on the day for every verge of the files."""
    calendar, ours = Calendar("ENG"), {k["code"] for k in rows("keepers.csv") if k["ours"] == "yes"}
    verges, events = _verges(), [_event(n, row) for n, row in enumerate(rows("events.csv"), 1)]
    tracked = {row["round"] for row in rows("rounds-2026.csv") if row["tracked"] == "yes"}
    return {
        verge.id: status_on(
            DAY,
            verge,
            [event for event in events if _concerns(event, verge)],
            is_ours=verge.keeper in ours,
            is_tracked=verge.round in tracked,
            tolerance=5,
            calendar=calendar,
        )
        for verge in verges
    }


def test_every_status_stands_somewhere_on_the_day(found: dict[str, VergeStatus]) -> None:
    counts = Counter(status.status for status in found.values())

    assert {status: counts[status] for status in Status if counts[status] < 5} == {}


def test_each_sentence_of_the_design_has_its_case(found: dict[str, VergeStatus]) -> None:
    due = [s for s in found.values() if s.status is Status.DUE and s.window]
    paused = [s for s in found.values() if s.status is Status.SUSPENDED]
    delayed = [s for s in found.values() if s.status is Status.DELAYED]
    over = [s for s in found.values() if s.status is Status.SEASON_OVER]

    assert {(s.tracked, DAY in s.window) for s in due if s.window} >= {
        (True, True),
        (True, False),
        (False, False),
    }
    assert {s.until is None for s in paused} == {True, False}
    assert {s.expected is None for s in delayed} == {True, False}
    assert {s.was_done for s in over} == {True, False}


def test_a_mark_names_a_cut_that_its_target_has() -> None:
    verges = _verges()
    for event in (_event(n, row) for n, row in enumerate(rows("events.csv"), 1)):
        if event.target.level in ("round", "street", "verge") and event.kind != "suspended":
            targets = [verge for verge in verges if _concerns(event, verge)]

            assert targets, event
            assert len({verge.round for verge in targets}) == 1, event
            assert all(event.cut in {c.number for c in v.programme} for v in targets), event


def test_marks_are_in_the_order_of_recording_and_none_is_of_the_day_or_later() -> None:
    marks = rows("events.csv")

    assert [mark["at"] for mark in marks] == sorted(mark["at"] for mark in marks)
    assert max(mark["on"] for mark in marks) >= "2026-06-15"
    assert all(mark["on"] <= mark["at"][:10] < DAY.isoformat() for mark in marks)


def _verges() -> list[Verge]:
    """The verges as the schedule's rule has them: without dates or reason, those of the round."""
    programmes: dict[str, list[Cut]] = {}
    for row in rows("rounds-2026.csv"):
        if row["cut"]:
            programmes.setdefault(row["round"], []).append(_cut(row))
    verges: dict[str, Verge] = {}
    for row in rows("verges-2026.csv"):
        own = (_cut(row),) if row["start"] else tuple(programmes.get(row["round"], ()))
        before = verges.get(row["verge"])
        verges[row["verge"]] = _verge(row, own if before is None else (*before.programme, *own))
    return list(verges.values())


def _verge(row: Row, programme: Programme) -> Verge:
    rest = None
    if row["rest_from"]:
        rest = Rest(_window(row["rest_from"], row["rest_until"]), row["rest_reason"])
    return Verge(
        id=row["verge"],
        streets=(row["usrn"],),
        kind=row["kind"],
        keeper=row["keeper"],
        round=row["round"],
        rest=rest,
        programme=programme,
        frequency=row["frequency"],
        places=(row["locality"], row["town"]),
    )


def _cut(row: Row) -> Cut:
    if not row["cut"]:
        return Cut(2026, 1, None, row["start"])
    return Cut(2026, int(row["cut"]), _window(row["start"], row["end"]))


def _window(start: str, end: str) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end))


def _event(number: int, row: Row) -> Event:
    return Event(
        id=number,
        target=parse_target(row["target"]),
        kind=row["kind"],
        on=date.fromisoformat(row["on"]),
        season=int(row["season"]),
        at=datetime.fromisoformat(row["at"]),
        cut=int(row["cut"]) if row["cut"] else None,
        reason=row["reason"],
        expected=date.fromisoformat(row["expected"]) if row["expected"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )


def _concerns(event: Event, verge: Verge) -> bool:
    level, code = event.target
    return {
        "verge": verge.id == code,
        "street": code in verge.streets,
        "round": verge.round == code,
        "kind": verge.kind == code,
        "place": code in verge.places,
        "all": True,
    }[level]
