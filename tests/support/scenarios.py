"""Verges with plans and events as hypothesis draws them, for the oracle and for our own rules.

The records are the plain dicts that `oracle` describes; here they also become domain objects.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import PAUSES, Event, Target
from mapsvc.domain.schedule import Cut, Rest, Verge, Window
from mapsvc.domain.status import VergeStatus, in_force, is_quiet_since, status_on

Record = dict[str, Any]
CALENDAR = Calendar("ENG")
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2027, 12, 31)
RECORDED = datetime(2025, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Scenario:
    """A verge, everything recorded for its service, and the tolerance."""

    verge: Record
    events: list[Record]
    tolerance: int

    def with_events(self, events: list[Record]) -> "Scenario":
        return replace(self, events=events)

    def days(self) -> list[date]:
        """The days on which something may change, with their neighbours."""
        dates = [day for cut in self.verge["cuts"] for day in cut[2:4] if day]
        dates += self.verge["rest"][:2] if self.verge["rest"] else []
        for event in self.events:
            dates += [event["on"], event["expected"], event["until"]]
        around = {
            day + timedelta(days=n)
            for day in filter(None, dates)
            for n in (-1, 0, 1, 8, 14, 29, 43)
        }
        edges = {date(year, month, day) for year in (2026, 2027) for month, day in ((1, 1), (6, 9))}
        return sorted(day for day in around | edges if FIRST_DAY <= day <= LAST_DAY)


def verge_of(record: Record) -> Verge:
    rest = record["rest"]
    cuts = [
        Cut(season, number, Window(start, end) if start else None, reason)
        for season, number, start, end, reason in record["cuts"]
    ]
    return Verge(
        id=record["id"],
        streets=record["streets"],
        kind=record["kind"],
        round=record["round"],
        rest=Rest(Window(rest[0], rest[1]), rest[2]) if rest else None,
        programme=tuple(sorted(cuts, key=lambda cut: (cut.season, cut.number))),
        frequency=record["frequency"],
        tracked=record["tracked"],
        places=record["places"],
    )


def event_of(record: Record) -> Event:
    fields = {key: value for key, value in record.items() if key not in ("level", "code")}
    return Event(target=Target(record["level"], record["code"]), at=RECORDED, **fields)


def asked(scenario: Scenario, day: date) -> VergeStatus:
    """What our rules say of the scenario on a day, asked as the services ask."""
    verge, events = verge_of(scenario.verge), in_force(map(event_of, scenario.events))
    heard = max((event.on for event in events if event.on <= day), default=None)
    return status_on(
        day,
        verge,
        [event for event in events if _concerns(event, verge)],
        is_ours=scenario.verge["ours"],
        is_tracked=bool(verge.tracked) and not is_quiet_since(heard, day, CALENDAR),
        tolerance=scenario.tolerance,
        calendar=CALENDAR,
    )


def _concerns(event: Event, verge: Verge) -> bool:
    if event.kind not in PAUSES:
        return verge.id in event.verges
    targets = {
        "verge": (verge.id,),
        "street": verge.streets,
        "round": (verge.round,),
        "kind": (verge.kind,),
        "place": verge.places,
        "all": ("",),
    }
    return event.target.code in targets[event.target.level]


# What hypothesis draws

MARK_TARGETS = [("verge", "v1"), ("street", "s1"), ("round", "R1")]
PAUSE_TARGETS = [
    *MARK_TARGETS,
    ("street", "s2"),
    ("round", "R2"),
    ("kind", "urban"),
    ("kind", "rural"),
    ("place", "Little Example"),
    ("all", ""),
]
REASONS = ["", "wet weather", "the ground is waterlogged"]


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> st.SearchStrategy[date]:
    return st.dates(first, last)


@st.composite
def season_cuts(draw: st.DrawFn, season: int) -> list[tuple[Any, ...]]:
    """Up to five cuts of one season, also ones that touch, share a day or run into next year."""
    if draw(st.booleans()):
        return []
    start = date(season, 1, 1) + timedelta(days=draw(st.integers(0, 200)))
    cuts: list[tuple[Any, ...]] = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        end = start + timedelta(days=draw(st.sampled_from([0, 0, 1, 4, 4, 11, 30])))
        has_dates = draw(st.integers(0, 9)) > 0
        cuts.append(
            (season, number, start, end, "")
            if has_dates
            else (season, number, None, None, draw(st.sampled_from(["N/A", ""])))
        )
        start += timedelta(days=draw(st.sampled_from([0, 3, 5, 14, 21, 60])))
    return cuts


@st.composite
def rests(draw: st.DrawFn) -> tuple[date, date, str]:
    start = draw(days(date(2025, 3, 1), date(2027, 8, 1)))
    end = start + timedelta(days=draw(st.sampled_from([0, 6, 30, 90])))
    return start, end, draw(st.sampled_from(["", "so wild flowers can seed"]))


@st.composite
def verges(draw: st.DrawFn) -> Record:
    return {
        "id": "v1",
        "streets": ("s1",),
        "kind": "urban",
        "round": "R1",
        "places": ("Little Example",),
        "ours": draw(st.integers(0, 9)) > 0,
        "rest": draw(st.none() | rests()),
        "cuts": [cut for year in (2025, 2026, 2027) for cut in draw(season_cuts(year))],
        "frequency": draw(st.sampled_from(["", "every 15 working days"])),
        "tracked": draw(st.sampled_from([True, True, False])),
    }


@st.composite
def marks(draw: st.DrawFn, verge: Record) -> Record:
    """A mark on one of the verge's cuts, near its window more often than not."""
    level, code = draw(st.sampled_from(MARK_TARGETS))
    on, season, number = draw(days()), draw(st.sampled_from([2025, 2026, 2027])), None
    dated = [cut for cut in verge["cuts"] if cut[2]]
    if dated:
        season, number, start, _, _ = draw(st.sampled_from(dated))
        if draw(st.booleans()):
            on = start + timedelta(days=draw(st.integers(-5, 60)))
    kinds = ["started", "part_done", "missed", "delayed", "done", "done"]
    kind = draw(st.sampled_from(kinds))
    return {
        "kind": kind,
        "level": level,
        "code": code,
        "on": on,
        "season": season,
        "cut": number,
        "verges": frozenset(draw(st.sampled_from([["v1"], ["v1", "v2"], ["v2"]]))),
        "reason": draw(st.sampled_from(REASONS)),
        "expected": draw(st.none() | st.integers(0, 40).map(lambda n: on + timedelta(days=n)))
        if kind in ("delayed", "missed")
        else None,
        "until": None,
        "withdraws": None,
    }


@st.composite
def pauses(draw: st.DrawFn) -> Record:
    level, code = draw(st.sampled_from(PAUSE_TARGETS))
    on, kind = draw(days()), draw(st.sampled_from(["suspended", "suspended", "resumed"]))
    length = draw(st.sampled_from([None, 0, 10, 45, 200]))
    return {
        "kind": kind,
        "level": level,
        "code": code,
        "on": on,
        "season": on.year,
        "cut": None,
        "verges": frozenset({"v1"}),
        "reason": draw(st.sampled_from(REASONS)),
        "expected": None,
        "until": on + timedelta(days=length)
        if kind == "suspended" and length is not None
        else None,
        "withdraws": None,
    }


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    verge, is_one_withdrawn = draw(verges()), draw(st.booleans())
    events = draw(st.lists(marks(verge) | pauses(), max_size=9))
    numbered = [{"id": number, **event} for number, event in enumerate(events, start=1)]
    if numbered and is_one_withdrawn:
        withdrawn = numbered[draw(st.integers(0, len(numbered) - 1))]
        numbered.append(withdrawal_of(withdrawn, len(numbered) + 1))
    return Scenario(verge, numbered, draw(st.integers(0, 7)))


def withdrawal_of(event: Record, number: int) -> Record:
    return {**event, "id": number, "withdraws": event["id"]}
