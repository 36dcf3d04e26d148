"""Small verges, plans and marks for tests to speak of, dated as the design's table of tone is."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import Event, parse_target
from mapsvc.domain.schedule import Cut, Rest, Verge, Window
from mapsvc.domain.status import VergeStatus, in_force, status_on

CALENDAR = Calendar("ENG")
RECORDED = datetime(2026, 6, 17, 13, 5, tzinfo=UTC)
_numbers = count(1)


def day(text: str) -> date:
    """`9 June` of 2026, or `9 June 2027`."""
    words = text if len(text.split()) == 3 else f"{text} 2026"
    return datetime.strptime(words, "%d %B %Y").date()


def window(start: str, end: str = "") -> Window:
    return Window(day(start), day(end or start))


def cut(number: int, start: str, end: str = "", *, season: int | None = None) -> Cut:
    planned = window(start, end)
    return Cut(season or planned.start.year, number, planned)


APRIL = cut(1, "7 April", "10 April")
JUNE = cut(2, "8 June", "12 June")
JULY = cut(3, "6 July", "10 July")
YEAR = (APRIL, JUNE, JULY)


def verge(*programme: Cut, rest: tuple[str, str, str] | None = None, **fields: Any) -> Verge:
    """A verge of round R1 on street s1; its programme is April, June and July if not said."""
    resting = Rest(window(rest[0], rest[1]), rest[2]) if rest else None
    return Verge(
        id="v1", streets=("s1",), round="R1", programme=programme or YEAR, rest=resting, **fields
    )


def undated(reason: str = "", **fields: Any) -> Verge:
    return verge(Cut(2026, 1, None, reason), **fields)


def mark(
    kind: str, on: str, cut: Cut | None = JUNE, *, target: str = "round:R1", **fields: Any
) -> Event:
    """A mark for a cut; each is recorded after the one before."""
    expected, until = (fields.pop(key, None) for key in ("expected", "until"))
    return Event(
        id=next(_numbers),
        target=parse_target(target),
        kind=kind,
        on=day(on),
        season=fields.pop("season", cut.season if cut else day(on).year),
        cut=cut.number if cut else None,
        at=RECORDED,
        verges=frozenset({"v1"}),
        expected=day(expected) if expected else None,
        until=day(until) if until else None,
        **fields,
    )


def pause(on: str, *, target: str = "round:R1", kind: str = "suspended", **fields: Any) -> Event:
    return mark(kind, on, None, target=target, **fields)


def withdrawal(event: Event) -> Event:
    return Event(
        next(_numbers),
        event.target,
        event.kind,
        event.on,
        event.season,
        RECORDED,
        withdraws=event.id,
    )


def found(
    on: str,
    *events: Event,
    grass: Verge | None = None,
    ours: bool = True,
    tracked: bool = True,
    tolerance: int = 5,
) -> VergeStatus:
    """The status of a verge on a day; of one with three cuts if none is given."""
    return status_on(
        day(on),
        grass or verge(),
        in_force(events),
        is_ours=ours,
        is_tracked=tracked,
        tolerance=tolerance,
        calendar=CALENDAR,
    )
