"""The status contract (design, section 4) once more, slow and literal, to compare with ours.

Plain functions over plain dicts, one sentence of the contract each. Nothing here knows
`mapsvc.domain.status`; where a sentence has two readings, the one taken is said.

A verge is `{"id", "streets", "kind", "round", "places", "ours", "rest", "cuts", "frequency",
"tracked"}`: `rest` is None or `(from, until, reason)`, a cut is `(season, number, start, end,
reason)` with None for missing dates. An event is a dict of the fields of `Event`, its target in
two: `level` and `code`; `instead_of` is there where a pause was changed.
"""

from datetime import date, timedelta
from typing import Any

import holidays

Record = dict[str, Any]
PlannedCut = tuple[int, int, date, date]
LEVELS = ("verge", "street", "round")
ENGLISH_HOLIDAYS = {
    year: set(holidays.country_holidays("GB", subdiv="ENG", years=year))
    for year in range(2023, 2031)
}


def days_between(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def is_working(day: date) -> bool:
    """Working days are Monday–Friday, no bank holiday"""
    return day.isoweekday() <= 5 and day not in ENGLISH_HOLIDAYS[day.year]


def in_rest(verge: Record, day: date) -> bool:
    return bool(verge["rest"]) and verge["rest"][0] <= day <= verge["rest"][1]


def cuts_of(verge: Record) -> list[PlannedCut]:
    cuts = []
    for season, number, start, end, _ in verge["cuts"]:
        if start is None:
            continue
        # A cut whose window lies inside the verge's rest window is dropped for that verge;
        if in_rest(verge, start) and in_rest(verge, end):
            continue
        # one that begins inside it begins on the day after it.
        if in_rest(verge, start):
            start = verge["rest"][1] + timedelta(days=1)
        cuts.append((season, number, start, end))
    return sorted(cuts, key=lambda cut: (cut[2], cut[0], cut[1]))


def in_force(events: list[Record]) -> list[Record]:
    """A withdrawn one never counts"""
    taken_back = {event["withdraws"] for event in events if event["withdraws"]}
    return [e for e in events if e["id"] not in taken_back and not e["withdraws"]]


def marks_counting(verge: Record, events: list[Record], day: date) -> list[Record]:
    counting = []
    for event in in_force(events):
        if event["kind"] in ("suspended", "resumed"):
            continue
        # An event is stored with … the verges its target had when it was recorded
        if verge["id"] not in event["verges"]:
            continue
        # An event counts from its `on` day;
        if event["on"] > day:
            continue
        claims = event["kind"] in ("done", "started", "part_done")
        # Round and street events `done`, `started`, `part_done` whose `on` lies inside a verge's
        # rest window do not count for that verge;
        if event["level"] in ("round", "street") and claims and in_rest(verge, event["on"]):
            continue
        # nor do those of a round whose `on` is a day on which the verge is suspended by a pause
        # whose own `on` is earlier
        if event["level"] == "round" and claims:
            holding = suspensions(verge, events, event["on"], day)
            if any(pause["on"] < event["on"] for pause in holding):
                continue
        counting.append(event)
    return counting


def newest(events: list[Record]) -> Record | None:
    """*Newest* is by `on`, then by order of recording."""
    return max(events, key=order_of_recording, default=None)


def order_of_recording(event: Record) -> tuple[date, int]:
    """Changing a pause's end or reason withdraws it and records it again with the same `on` and
    its place in the order of recording.
    """
    return event["on"], event.get("instead_of") or event["id"]


def verdict(marks: list[Record], season: int, number: int | None) -> Record | None:
    """Among its `done` and `missed` the most specific level decides (verge before street before
    round), and within a level the newest. The events of a season that name no cut form one
    verdict together.
    """
    of_cut = [m for m in marks if m["season"] == season and m["cut"] == number]
    for level in LEVELS:
        deciding = [m for m in of_cut if m["level"] == level and m["kind"] in ("done", "missed")]
        if deciding:
            return newest(deciding)
    return None


def last_cut(marks: list[Record]) -> date | None:
    """The newest `on` of the `done` events that won, of any season"""
    won = [verdict(marks, season, cut) for season, cut in {(m["season"], m["cut"]) for m in marks}]
    return max((e["on"] for e in won if e and e["kind"] == "done"), default=None)


def concerns(event: Record, verge: Record) -> bool:
    """`suspended` and `resumed` alone follow their target"""
    level, code = event["level"], event["code"]
    return (
        level == "all"
        or (level == "verge" and code == verge["id"])
        or (level == "street" and code in verge["streets"])
        or (level == "round" and code == verge["round"])
        or (level == "kind" and code == verge["kind"])
        or (level == "place" and code in verge["places"])
    )


def last_day(pause: Record) -> date:
    """Its `until`, where given, whatever the year (without one it holds to 31 December of the
    year of its `on`)
    """
    return pause["until"] or date(pause["on"].year, 12, 31)


def lifts(resumed: Record, pause: Record) -> bool:
    here, there = resumed["level"], pause["level"]
    # A `resumed` lifts the layers of exactly its own target;
    if (here, resumed["code"]) == (there, pause["code"]):
        return True
    # that of a verge or street lifts every wider layer as well;
    if here == "verge":
        return there in ("street", "round", "kind", "place", "all")
    if here == "street":
        return there in ("round", "kind", "place", "all")
    # that of a round, kind or place lifts, besides its own, those of `all` alone
    if here in ("round", "kind", "place"):
        return there == "all"
    return False


def suspensions(verge: Record, events: list[Record], day: date, known: date) -> list[Record]:
    """The layers that hold on `day`, the one that the sentence speaks of first.

    An event counts from its `on` day: of days to come, what has begun by `known`, the day of the
    question, is all that counts.
    """
    counting = [
        event
        for event in in_force(events)
        if event["kind"] in ("suspended", "resumed")
        and concerns(event, verge)
        and event["on"] <= known
    ]
    holding = []
    for pause in counting:
        if pause["kind"] != "suspended":
            continue
        # It holds on a day when its `on` is not after the day; its `until` … not before the day
        if not pause["on"] <= day <= last_day(pause):
            continue
        # and no newer `resumed` (by `on`, then recording) that concerns the verge and whose `on`
        # is not after the day lifts it.
        lifted = [
            other
            for other in counting
            if other["kind"] == "resumed"
            and order_of_recording(other) > order_of_recording(pause)
            and other["on"] <= day
            and lifts(other, pause)
        ]
        if not lifted:
            holding.append(pause)
    # the sentence speaks of the one with the latest last day (31 December where none is given),
    # then the earliest `on`, then the first recorded
    holding.sort(key=lambda pause: order_of_recording(pause)[1])
    holding.sort(key=lambda pause: pause["on"])
    return sorted(holding, key=last_day, reverse=True)


def deadline(
    verge: Record, events: list[Record], cut: PlannedCut, tolerance: int, known: date
) -> date | None:
    """The (working days of the window + tolerance)-th working day counted from its start, not
    counting days on which the verge is suspended
    """
    _, _, start, end = cut
    wanted = sum(is_working(day) for day in days_between(start, end)) + tolerance
    if wanted == 0:  # a window of no working day and no tolerance: its end is all there is
        return end
    pauses = [e for e in in_force(events) if e["kind"] in ("suspended", "resumed")]
    day = start
    while day < start + timedelta(days=3700):
        if is_working(day) and not suspensions(verge, pauses, day, known):
            wanted -= 1
        if wanted == 0:
            return day
        day += timedelta(days=1)
    return None


def is_tracked(verge: Record, events: list[Record], day: date) -> bool:
    """A tracked round counts as untracked on a day when ten or more working days have passed
    since the newest event of its service, of any kind, not withdrawn (or there is none)

    `events` are those of the whole service. Days are counted after the event, up to today.
    """
    if not verge["tracked"]:
        return False
    heard = [event["on"] for event in in_force(events) if event["on"] <= day]
    if not heard:
        return False
    since = days_between(max(heard) + timedelta(days=1), day)
    return sum(is_working(each) for each in since) < 10


def answer(verge: Record, events: list[Record], tolerance: int, day: date) -> Record:
    """The status and everything said with it."""
    cuts = cuts_of(verge)
    marks = marks_counting(verge, events, day)
    tracked = is_tracked(verge, events, day)

    def of_cut(cut: PlannedCut, *kinds: str) -> list[Record]:
        return [m for m in marks if (m["season"], m["cut"]) == cut[:2] and m["kind"] in kinds]

    # Current cut: the last, by start, that has begun or has a `started`, `part_done`, `done` or
    # `missed` that counts.
    current = None
    for cut in cuts:
        if cut[2] <= day or of_cut(cut, "started", "part_done", "done", "missed"):
            current = cut
    # Next is the cut after it (the first cut when there is none), or null.
    following = cuts[cuts.index(current) + 1 :] if current else cuts
    result: Record = {
        "status": None,
        "tracked": tracked,
        "cut": current,
        "deadline": None,
        "next": following[0] if following else None,
        "last_cut": last_cut(marks),
        "outstanding": [],
        "reason": "",
        "expected": None,
        "until": None,
        "since": None,
        "others": [],
    }
    won = None
    if current:
        won = verdict(marks, current[0], current[1])
        result["deadline"] = deadline(verge, events, current, tolerance, day)
        # Earlier cuts of the same season with neither verdict are `outstanding` (said on tracked
        # rounds only).
        if tracked:
            result["outstanding"] = [
                cut[1]
                for cut in cuts[: cuts.index(current)]
                if cut[0] == current[0] and verdict(marks, cut[0], cut[1]) is None
            ]
    paused = suspensions(verge, events, day, day)

    def status(code: str, **more: Any) -> Record:
        return {**result, "status": code, **more}

    # 1. the keeper is not ours → `elsewhere`
    if not verge["ours"]:
        return status("elsewhere")
    # 2. the day is inside the rest window → `resting` (until)
    if in_rest(verge, day):
        return status("resting", until=verge["rest"][1], reason=verge["rest"][2])
    # 3. suspended on the day → `suspended`
    if paused:
        first, *others = paused
        return status(
            "suspended",
            until=first["until"],
            reason=first["reason"],
            since=first["on"],
            others=[(other["on"], other["until"], other["reason"]) for other in others],
        )
    # 4. no dated cut: the verdict of the day's year is `done` → `cut`; else a frequency is known
    #    → `routine`; else → `unknown`, with the reason found in place of dates
    if not cuts:
        of_year = verdict(marks, day.year, None)
        if of_year and of_year["kind"] == "done":
            return status("cut")
        if verge["frequency"]:
            return status("routine")
        reasons = [cut[4] for cut in verge["cuts"] if cut[2] is None and cut[4]]
        return status("unknown", reason=(reasons or [""])[0])
    # 5. no current cut → `planned`
    if current is None:
        return status("planned")
    # 6. the current cut is the last of its season and the day is more than 28 days after the
    #    later of its deadline and the `done` that won → `season_over`
    is_last = current == [cut for cut in cuts if cut[0] == current[0]][-1]
    ends = [result["deadline"]]
    if won and won["kind"] == "done":
        ends.append(won["on"])
    if is_last and None not in ends and (day - max(ends)).days > 28:
        return status("season_over")
    # 7. verdict `done` → `cut`
    if won and won["kind"] == "done":
        return status("cut")
    # 8. verdict `missed` → `missed`
    if won and won["kind"] == "missed":
        return status("missed", reason=won["reason"], expected=won["expected"])
    # 9. the newest among its `started`, `part_done` and `delayed` is a `delayed` with no
    #    `expected`, or one not before the day → `delayed`
    progress = newest(of_cut(current, "started", "part_done", "delayed"))
    if (
        progress
        and progress["kind"] == "delayed"
        and (progress["expected"] is None or progress["expected"] >= day)
    ):
        return status("delayed", reason=progress["reason"], expected=progress["expected"])
    # 10. day ≤ deadline → `under_way` if the cut has `started` or `part_done`, else `due`
    if result["deadline"] is None or day <= result["deadline"]:
        return status("under_way" if of_cut(current, "started", "part_done") else "due")
    # 11. the round is tracked → `late`; else → `unconfirmed`
    return status("late" if tracked else "unconfirmed")
