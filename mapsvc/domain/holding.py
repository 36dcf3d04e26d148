"""How long an answer holds if nothing is recorded: the rules depend on records and the day alone.

What changes the words of some grass lies on few days, which the records name or a rule works out
from them. Those are asked, one after the other, until the words are others.
"""

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import PAUSES, Event
from mapsvc.domain.pauses import said_end
from mapsvc.domain.schedule import Verge, cuts_outside_rest
from mapsvc.domain.status import QUIET_AFTER_WORKING_DAYS, SEASON_ENDS_AFTER_DAYS, VergeStatus

ONE_DAY = timedelta(days=1)
LOOKED_AHEAD = timedelta(days=366)


class Told(NamedTuple):
    """What is said on a day, and the days on which it may change."""

    words: Hashable
    changes: Iterable[date]


def holds_until(day: date, told_on: Callable[[date], Told]) -> date | None:
    """The last day on which what is told on `day` is told still, None where it is for a year."""
    told, last = told_on(day), day + LOOKED_AHEAD
    seen = {change for change in told.changes if day < change <= last}
    to_ask = sorted(seen)
    while to_ask:
        change = heapq.heappop(to_ask)
        then = told_on(change)
        if then.words != told.words:
            return change - ONE_DAY
        for later in then.changes:
            if change < later <= last and later not in seen:
                seen.add(later)
                heapq.heappush(to_ask, later)
    return None


def changes_of(
    found: VergeStatus,
    verge: Verge,
    events: Iterable[Event],
    heard: Sequence[date],
    calendar: Calendar,
) -> Iterator[date]:
    """The days after that of `found` on which the words for a verge may change, in no order.

    Parameters
    ----------
    heard : the days on which its service was or will be heard of, as far as that is recorded
    """
    yield date(found.on.year + 1, 1, 1)  # sentences say another year than that of the day
    yield from _of_plan(verge)
    yield from _of_events(events)
    yield from _of_rules(found)
    for day in heard:
        yield day
        quiet = calendar.nth_working_day(day + ONE_DAY, QUIET_AFTER_WORKING_DAYS)
        if quiet:
            yield quiet


def _of_plan(verge: Verge) -> Iterator[date]:
    for cut in cuts_outside_rest(verge.dated_cuts, verge.rest):
        if cut.window:
            yield from (cut.window.start, cut.window.end + ONE_DAY)
    if verge.rest:
        yield from (verge.rest.window.start, verge.rest.window.end + ONE_DAY)


def _of_events(events: Iterable[Event]) -> Iterator[date]:
    """The days of what is recorded for days to come, the ends of pauses and of new days."""
    for event in events:
        yield event.on
        if event.expected:
            yield event.expected + ONE_DAY
        if event.kind in PAUSES:
            yield said_end(event) + ONE_DAY


def _of_rules(found: VergeStatus) -> Iterator[date]:
    """When the deadline of the current cut is over, and its season."""
    for day in (found.deadline, found.since):
        if day:
            yield day + ONE_DAY
            yield day + timedelta(days=SEASON_ENDS_AFTER_DAYS + 1)
