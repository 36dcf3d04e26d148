"""The season's cuts in words: what was planned, and what was marked. A plan is never a fact."""

from datetime import date

from mapsvc.domain.answers import CutRecord
from mapsvc.domain.events import Event
from mapsvc.domain.reasons import because
from mapsvc.domain.wording import day_in, when

OF_LEVEL = {"verge": " (this part)", "street": " (this street)", "round": " (the whole round)"}
"""What a mark spoke of, said where marks of several levels differ: the most specific decides."""


def planned_in_words(record: CutRecord, on: date) -> str:
    """The window of a cut as a table cell: `Between Monday 8 and Friday 12 June`."""
    if record.cut.window is None:
        return record.cut.reason or "No date"
    words = when(record.cut.window, on.year)
    return words[:1].upper() + words[1:]


def marked_in_words(record: CutRecord, on: date) -> tuple[str, ...]:
    """What crews marked for a cut, oldest first; else what the lack of a mark means."""
    if record.marks:
        levels = {event.target.level for event in record.marks}
        return tuple(
            _mark(event, on.year) + (OF_LEVEL[event.target.level] if len(levels) > 1 else "")
            for event in record.marks
        )
    window = record.cut.window
    if window is None:
        return ("",)
    if window.start > on:
        return ("Still to come",)
    if window.end >= on:
        return ("Due now, not marked as done",)
    return ("Not marked as done" if record.is_tracked else "We do not mark each cut here",)


def _mark(event: Event, year: int) -> str:
    day, reason = day_in(year, event.on), because(event.reason)
    expected = f", expected by {day_in(year, event.expected)}" if event.expected else ""
    return {
        "done": f"Marked as cut on {day}",
        "started": f"Started on {day}",
        "part_done": f"Part done on {day}",
        "missed": f"Could not be cut on {day}{reason}",
        "delayed": f"Delayed on {day}{reason}{expected}",
    }[event.kind]
