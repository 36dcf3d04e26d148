"""The rows under a sentence in English: this cut, the last mark, the cut after, each pause."""

from collections.abc import Callable, Iterator
from datetime import date

from mapsvc.domain.pauses import Layer
from mapsvc.domain.reasons import because
from mapsvc.domain.schedule import Window
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.wording.english import is_open_on
from mapsvc.domain.wording.english_dates import day_in, full_date, span, when
from mapsvc.domain.wording.voice import Fact

THIS_CUT, LAST_MARKED, CUT_AFTER, PAUSED = "This cut", "Last marked", "The cut after", "Paused"


def facts(found: VergeStatus) -> tuple[Fact, ...]:
    """What is known of our own grass, in the order in which a page shows it."""
    rows = [Fact(PAUSED, _pause(layer, found.on)) for layer in _pauses_told(found)]
    if this := _this_cut(found):
        rows.append(Fact(THIS_CUT, this))
    if found.last_cut:
        rows.append(Fact(LAST_MARKED, f"Cut on {full_date(found.last_cut)}"))
    after = found.after_next if found.status in OF_NEXT else found.next
    if after and found.status not in WITHOUT_DATES:
        rows.append(Fact(CUT_AFTER, _planned(found, after)))
    return tuple(rows)


OF_NEXT = {Status.PLANNED, Status.RESTING}
"""Statuses whose sentence speaks of the next cut; all others speak of the current one."""

WITHOUT_DATES = {Status.ELSEWHERE, Status.UNKNOWN, Status.ROUTINE}


def _pauses_told(found: VergeStatus) -> Iterator[Layer]:
    """The pauses that hold, the chief one first, then those to come."""
    if found.paused:
        yield from found.paused
        yield from found.announced


def _pause(layer: Layer, on: date) -> str:
    why = because(layer.reason)
    if layer.until or layer.goes_on:
        return f"From {span(Window(layer.since, layer.last), on.year, 'to')}{why}"
    return f"From {day_in(on.year, layer.since)}{why}, no restart date yet"


def _this_cut(found: VergeStatus) -> str:
    if found.status in OF_NEXT:
        return _planned(found, found.next) if found.next else ""
    told = THIS.get(found.status)
    if told is None or found.window is None:
        return ""
    return f"Planned for {span(found.window, found.on.year, 'to')}{told(found)}"


def _planned(found: VergeStatus, window: Window) -> str:
    days = when(window, found.on.year)
    if found.is_open_in(window):
        return days[:1].upper() + days[1:]
    return f"Was planned {days}, when cutting is paused"


def _aim(found: VergeStatus) -> str:
    if found.deadline is None or not is_open_on(found, found.deadline):
        return ""
    return f", and we aim to do it by {day_in(found.on.year, found.deadline)}"


def _new_day(found: VergeStatus) -> str:
    day = found.expected
    is_told = day is not None and day >= found.on and is_open_on(found, day)
    return f", now expected by {day_in(found.on.year, day)}" if day and is_told else ""


def _delayed(found: VergeStatus) -> str:
    return _new_day(found) or ", no new date yet"


def _late(found: VergeStatus) -> str:
    if found.deadline is None:
        return ""
    return f", and we aimed to do it by {day_in(found.on.year, found.deadline)}"


def _held(found: VergeStatus) -> str:
    return ", now paused" if not (found.verdict or found.is_past_deadline) else ""


def _nothing(found: VergeStatus) -> str:
    return ""


THIS: dict[Status, Callable[[VergeStatus], str]] = {
    Status.SUSPENDED: _held,
    Status.CUT: _nothing,
    Status.MISSED: _new_day,
    Status.DELAYED: _delayed,
    Status.DUE: _aim,
    Status.UNDER_WAY: _aim,
    Status.LATE: _late,
    Status.UNCONFIRMED: _nothing,
}
"""What is known of the current cut besides its planned days."""
