"""Verges under pauses that lie over each other, drawn quickly: for tens of thousands of days.

Pauses of every target, resumed by their own and by other targets on days near by, changed, taken
back, over New Year and across rest windows; marks on paused days and beside them.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.support.scenarios import (
    MARK_TARGETS,
    PAUSE_TARGETS,
    REASONS,
    Record,
    Scenario,
    withdrawal_of,
)

OF_THE_VERGE = [target for target in PAUSE_TARGETS if target[1] not in ("s2", "R2", "rural")]


def layered_scenario(random: Random) -> Scenario:
    """A verge with two seasons of cuts, some pauses that meet, resumptions and marks."""
    verge = _verge(random)
    pivots = [date(2026, 6, 9), date(2026, 12, 20), date(2026, 4, 10)]
    pivot = random.choice(pivots) + timedelta(days=random.randint(-20, 20))
    events: list[Record] = []
    for number in range(1, random.randint(3, 9) + 1):
        events.append({"id": number, **_event(random, verge, pivot, events)})
    for event in random.sample(events, random.choice([0, 0, 0, 1])):
        events.append(withdrawal_of(event, len(events) + 1))
    if random.random() < 0.2:
        events += _changed(random, events)
    return Scenario(verge, events, random.choice([0, 2, 5]))


def _verge(random: Random) -> Record:
    rest = None
    if random.random() < 0.3:
        start = date(2026, random.randint(3, 7), random.randint(1, 28))
        rest = start, start + timedelta(days=random.choice([6, 30, 60])), "so wild flowers can seed"
    return {
        "id": "v1",
        "streets": random.choice([("s1",), ("s1", "s2")]),
        "kind": "urban",
        "round": "R1",
        "places": random.choice([("Little Example",), ("Little Example", "Exampleton")]),
        "ours": random.random() < 0.97,
        "rest": rest,
        "cuts": _cuts(random),
        "frequency": random.choice(["", "every 15 working days"]),
        "tracked": random.random() < 0.6,
    }


def _cuts(random: Random) -> list[tuple[Any, ...]]:
    if random.random() < 0.1:
        return []
    cuts = []
    for season in (2026, 2027):
        start = date(season, random.choice([2, 4]), random.randint(1, 28))
        for number in range(1, random.randint(1, 6) + 1):
            end = start + timedelta(days=random.choice([0, 4, 4, 11]))
            cuts.append((season, number, start, end, ""))
            start += timedelta(days=random.choice([14, 28, 60]))
    return cuts


def _event(random: Random, verge: Record, pivot: date, before: list[Record]) -> Record:
    on = pivot + timedelta(days=random.randint(-12, 25))
    kind = random.choice(["suspended"] * 4 + ["resumed"] * 3 + ["mark"] * 3)
    pauses = [event for event in before if event["kind"] == "suspended"]
    if kind == "mark":
        return _mark(random, verge, on)
    level, code = random.choice(PAUSE_TARGETS if random.random() < 0.2 else OF_THE_VERGE)
    if kind == "resumed" and pauses and random.random() < 0.5:
        paused = random.choice(pauses)
        level, code = paused["level"], paused["code"]
        on = paused["on"] + timedelta(days=random.choice([-1, 0, 0, 1, 5, 12]))
    length = random.choice([None, None, 0, 10, 25, 45])
    is_ending = kind == "suspended" and length is not None
    return {
        **_nothing_more(kind, level, code, on),
        "season": on.year + random.choice([0, 0, 1]),
        "reason": random.choice(REASONS),
        "until": on + timedelta(days=length or 0) if is_ending else None,
    }


def _mark(random: Random, verge: Record, on: date) -> Record:
    level, code = random.choice([*MARK_TARGETS, ("round", "R1"), ("round", "R1")])
    near = sorted(verge["cuts"], key=lambda cut: abs((cut[2] - on).days))[:2]
    season, number = random.choice(near)[:2] if near else (on.year, None)
    kind = random.choice(["done", "done", "started", "part_done", "missed", "delayed"])
    expected = (
        random.choice([None, on + timedelta(days=9)]) if kind in ("delayed", "missed") else None
    )
    return {
        **_nothing_more(kind, level, code, on),
        "season": season,
        "cut": number,
        "expected": expected,
        "reason": random.choice(REASONS),
    }


def _nothing_more(kind: str, level: str, code: str, on: date) -> Record:
    return {
        "kind": kind,
        "level": level,
        "code": code,
        "on": on,
        "season": on.year,
        "cut": None,
        "verges": frozenset({"v1"}),
        "reason": "",
        "expected": None,
        "until": None,
        "withdraws": None,
    }


def _changed(random: Random, events: list[Record]) -> list[Record]:
    """One of the pauses withdrawn and recorded again with another end, in its old place."""
    taken_back = {event["withdraws"] for event in events}
    pauses = [
        event
        for event in events
        if event["kind"] == "suspended" and not event["withdraws"] and event["id"] not in taken_back
    ]
    if not pauses:
        return []
    old, number = random.choice(pauses), len(events) + 1
    until = old["on"] + timedelta(days=random.choice([2, 20, 30]))
    new = {**old, "id": number + 1, "until": until, "instead_of": old["id"]}
    return [withdrawal_of(old, number), new]
