"""The table of a season's cuts in English: what was planned, and what became of it."""

from datetime import date

from mapsvc.domain.reasons import because
from mapsvc.domain.season import CutRecord, CutState
from mapsvc.domain.wording.english_dates import day_in, when


def planned_in_words(record: CutRecord, on: date) -> str:
    """The window of a cut as a table cell: `Between Monday 8 and Friday 12 June`."""
    if record.cut.window is None:
        return record.cut.reason or "No date"
    words = when(record.cut.window, on.year)
    return words[:1].upper() + words[1:]


def became_in_words(record: CutRecord, on: date) -> tuple[str, ...]:
    """What became of a cut, and then what was marked for the rest of the round or street."""
    words = PLAIN.get(record.state) or _of_day(record, on.year)
    others = record.others
    if others is None:
        return (words,)
    did = "was cut" if others.kind == "done" else "could not be cut"
    why = because(others.reason) if others.kind == "missed" else ""
    rest = f"The rest of the {others.target.level}"
    return words, f"{rest} {did} on {day_in(on.year, others.on)}{why}"


PLAIN = {
    CutState.COMING: "Still to come",
    CutState.DUE: "Due now, not marked as done",
    CutState.UNMARKED: "Not marked as done",
    CutState.UNCONFIRMED: "We do not mark each cut here",
}


def _of_day(record: CutRecord, year: int) -> str:
    day = day_in(year, record.day) if record.day else ""
    until = f" to {day_in(year, record.until)}" if record.until else ""
    why = because(record.reason)
    expected = f", expected by {day_in(year, record.expected)}" if record.expected else ""
    return {
        CutState.DONE: f"Marked as cut on {day}",
        CutState.MISSED: f"Could not be cut on {day}{why}{expected}",
        CutState.DELAYED: f"Delayed on {day}{why}{expected}",
        CutState.BEGUN: f"Started on {day}",
        CutState.PAUSED: f"Paused from {day}{until}{why}",
        CutState.LEFT_LONG: f"Left to grow from {day}{until}{why}",
        CutState.UNDATED: "",
    }[record.state]
