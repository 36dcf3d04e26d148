"""The words that residents read, one table per language. Nothing here decides a status.

Sentences follow the GOV.UK style: plain, full dates, the reason. None says "cut" without a
`done`, and none blames a crew for a mark that is not kept (design, section 4).
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from mapsvc.domain.schedule import Window
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.streets import Keeper

LANGUAGES = ("en",)
"""Languages that have a table. A Welsh one is `SENTENCES["cy"]` and its date formats."""

LABELS = {
    Status.ELSEWHERE: "Looked after by others",
    Status.RESTING: "Left to grow",
    Status.SUSPENDED: "Paused",
    Status.UNKNOWN: "No dates",
    Status.ROUTINE: "Cut regularly",
    Status.PLANNED: "Planned",
    Status.CUT: "Marked as cut",
    Status.MISSED: "Could not be cut",
    Status.DELAYED: "Delayed",
    Status.DUE: "Due",
    Status.UNDER_WAY: "Under way",
    Status.LATE: "Running late",
    Status.UNCONFIRMED: "Not confirmed",
    Status.SEASON_OVER: "Finished for the year",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks to whom: what a sentence needs besides the status."""

    keeper: Keeper
    council_phone: str = ""
    has_verges: bool = True


def label(status: Status, language: str = "en") -> str:
    """The short label of a status."""
    return _table(LABEL_TABLES, language)[status]


def sentence(found: VergeStatus, voice: Voice, language: str = "en") -> str:
    """What is true for this grass on the day, without the street's name and the record's time."""
    text = _table(SENTENCES, language)[found.status](found, voice)
    return " ".join(text.split())


def full_sentence(street: str, where: str, words: str, as_at: datetime) -> str:
    """`words` as they are read aloud: street and place first, the record's time last.

    Parameters
    ----------
    street : name and places, such as `Main Street, Little Example`
    where : the stretch, or empty
    as_at : in the council's time zone
    """
    part = f" ({where})" if where else ""
    return f"{street}{part}: {words} {recorded(as_at)}"


def recorded(as_at: datetime) -> str:
    """When the records were as they are: `Recorded as of 2:05pm on Wednesday 17 June 2026.`"""
    clock = f"{as_at.hour % 12 or 12}:{as_at.minute:02}{'am' if as_at.hour < 12 else 'pm'}"
    return f"Recorded as of {clock} on {full_date(as_at.date())}."


# Dates


def full_date(day: date) -> str:
    """`Wednesday 17 June 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def day_in(year: int, day: date) -> str:
    """`Wednesday 17 June`, with the year where it is another than `year`."""
    return f"{day:%A} {day.day} {day:%B}" if day.year == year else full_date(day)


def span(window: Window, year: int, joined: str) -> str:
    """`Monday 8 <joined> Friday 12 June`: month and year are said once where they are the same."""
    start, end = window.start, window.end
    if start == end:
        return day_in(year, end)
    first = day_in(year, start)
    if (start.year, start.month) == (end.year, end.month):
        first = f"{start:%A} {start.day}"
    elif start.year == end.year:
        first = f"{start:%A} {start.day} {start:%B}"
    return f"{first} {joined} {day_in(year, end)}"


def when(window: Window, year: int) -> str:
    """`between Monday 8 and Friday 12 June`, or `on Tuesday 9 June`."""
    return f"{'on' if window.start == window.end else 'between'} {span(window, year, 'and')}"


# Reasons, which come from people

_CLAUSE = re.compile(
    r"\b(is|are|was|were|has|have|had|can|cannot|could|did|does|do|will|would|need|needs"
    r"|broke|fell|\w\wed)\b",
    re.IGNORECASE,
)
_CALENDAR_NAMES = {*calendar.month_name, *calendar.month_abbr, *calendar.day_name}
_JOINED = re.compile(r"(so|because|for|while|to|as|until|due to|after|during)\b", re.IGNORECASE)


def because(reason: str) -> str:
    """A reason as the end of a sentence: ` because the ground is waterlogged`, or empty.

    A noun reads ` because of wet weather`; a reason that brings its own joining word keeps it.
    """
    words = tidy(reason)
    if not words:
        return ""
    if _JOINED.match(words):
        return f" {words}"
    return f" because {words}" if _CLAUSE.search(words) else f" because of {words}"


def tidy(reason: str) -> str:
    """A reason without closing stop, its first letter small unless it begins with a name."""
    words = " ".join(reason.split()).rstrip(" .;,")
    first, _, rest = words.partition(" ")
    is_name = first.title() in _CALENDAR_NAMES or first[1:] != first[1:].lower() or first == "I"
    if is_name or rest[:1].isupper():
        return words
    return words[:1].lower() + words[1:]


def _rest_reason(reason: str) -> str:
    words = tidy(reason)
    if not words:
        return ""
    return f" {words}" if _JOINED.match(words) else f" ({words})"


# Sentences in English


def _elsewhere(found: VergeStatus, voice: Voice) -> str:
    keeper = voice.keeper
    who = keeper.name or "Somebody else"
    contact = ""
    if keeper.phone:
        contact = (
            f"Contact the clerk on {keeper.phone}."
            if keeper.kind == "parish"
            else f"Contact them on {keeper.phone}."
        )
    elif keeper.url:
        contact = f"Contact them at {keeper.url}."
    return f"{who} looks after this grass. We do not hold its cutting dates. {contact}"


def _resting(found: VergeStatus, voice: Voice) -> str:
    until = day_in(found.on.year, _known(found.until))
    return f"We are leaving this grass to grow until {until}{_rest_reason(found.reason)}. " + (
        f"We plan to cut it {when(found.next, found.on.year)}." if found.next else ""
    )


def _suspended(found: VergeStatus, voice: Voice) -> str:
    since = day_in(found.on.year, _known(found.since))
    ends = (
        f"The pause runs to {day_in(found.on.year, found.until)}."
        if found.until
        else "We do not have a restart date yet."
    )
    return f"We paused cutting here on {since}{because(found.reason)}. {ends}"


def _unknown(found: VergeStatus, voice: Voice) -> str:
    call = f"Call us on {voice.council_phone}." if voice.council_phone else ""
    if not voice.has_verges:
        return f"We have no record of grass that we cut here. {call}"
    quoted = found.reason.strip()
    says = f'Our schedule says "{quoted}".' if quoted else ""
    return f"We do not have cutting dates for this grass. {says} {call}"


_HOW_OFTEN = re.compile(
    r"(every|once|twice|weekly|fortnightly|monthly|about|around|up to|at least|\d+ times|"
    r"from|between|in|as|when)\b"
)


def _routine(found: VergeStatus, voice: Voice) -> str:
    often = re.sub(r"^(\d+) (cuts?|visits?)\b", r"\1 times", tidy(found.frequency))
    often = f"{often} times a year" if often.isdecimal() else often
    joined = "" if _HOW_OFTEN.match(often) else "to a routine: "
    return f"We usually cut this grass {joined}{often}. We do not publish dates."


def _planned(found: VergeStatus, voice: Voice) -> str:
    window = _known_window(found.next)
    return (
        f"We plan to make {_whose_year(window, found.on)} first cut "
        f"{when(window, found.on.year)}. Wet weather can change this."
    )


def _whose_year(window: Window, on: date) -> str:
    return "this year's" if window.start.year == on.year else f"the {window.start.year}"


def _cut(found: VergeStatus, voice: Voice) -> str:
    return (
        f"Our crew marked this grass as cut on {day_in(found.on.year, _known(found.since))}. "
        f"{_next_cut(found)}{_outstanding(found)}"
    )


def _missed(found: VergeStatus, voice: Voice) -> str:
    return (
        f"We could not cut this grass on {day_in(found.on.year, _known(found.since))}"
        f"{because(found.reason)}. {_expected(found)}{_next_cut(found)}{_outstanding(found)}"
    )


def _delayed(found: VergeStatus, voice: Voice) -> str:
    planned = _planned_for(found)
    ends = (
        f"We now expect to cut by {day_in(found.on.year, found.expected)}."
        if found.expected
        else "We do not have a new date yet."
    )
    return (
        f"The cut planned for {planned} is delayed{because(found.reason)}. "
        f"{ends}{_outstanding(found)}"
    )


def _due(found: VergeStatus, voice: Voice) -> str:
    window, year = _known_window(found.window), found.on.year
    if found.on <= window.end:
        return f"We plan to cut this grass {when(window, year)}.{_outstanding(found)}"
    if found.tracked:
        return (
            f"This cut was planned for {_planned_for(found)} and has not been marked as done. "
            f"{_aim(found, 'We aim to do it by')}{_outstanding(found)}"
        )
    aim = f", and aim to have done so by {day_in(year, found.deadline)}" if found.deadline else ""
    return f"We planned to cut this grass {when(window, year)}{aim}."


def _under_way(found: VergeStatus, voice: Voice) -> str:
    started = day_in(found.on.year, _known(found.since))
    return (
        f"We started this round on {started}. Your street may be done or still to come. "
        f"{_aim(found, 'We aim to finish by')}{_outstanding(found)}"
    )


def _late(found: VergeStatus, voice: Voice) -> str:
    return (
        f"This cut is running late. It was planned for {_planned_for(found)} and has not been "
        "marked as done. You only need to report it if it blocks a view or a path."
        f"{_outstanding(found)}"
    )


def _unconfirmed(found: VergeStatus, voice: Voice) -> str:
    window = _known_window(found.window)
    upcoming = f"The next is planned {when(found.next, found.on.year)}." if found.next else ""
    return (
        f"We planned to cut this grass {when(window, found.on.year)}. We do not mark each cut on "
        f"this map, so it cannot show whether this one is done. {upcoming}"
    )


def _season_over(found: VergeStatus, voice: Voice) -> str:
    is_this_year = found.season == found.on.year and (
        found.next is None or found.next.start.year > found.on.year
    )
    over = (
        "No more cuts are planned here this year."
        if is_this_year
        else f"Cutting for {found.season} has finished here."
    )
    last = (
        f"The last was marked as done on {day_in(found.on.year, _known(found.since))}."
        if found.was_done
        else f"The last was planned for {_planned_for(found)} and was not marked as done."
    )
    upcoming = f"The next cut is planned {when(found.next, found.on.year)}." if found.next else ""
    return f"{over} {last} {upcoming}"


def _next_cut(found: VergeStatus) -> str:
    if found.next:
        return f"The next cut is planned {when(found.next, found.on.year)}."
    return "No more cuts are planned here this year." if found.season == found.on.year else ""


def _planned_for(found: VergeStatus) -> str:
    return span(_known_window(found.window), found.on.year, "to")


def _expected(found: VergeStatus) -> str:
    if found.expected is None or found.expected < found.on:
        return ""
    return f"We now expect to cut by {day_in(found.on.year, found.expected)}. "


def _aim(found: VergeStatus, words: str) -> str:
    return f"{words} {day_in(found.on.year, found.deadline)}." if found.deadline else ""


def _outstanding(found: VergeStatus) -> str:
    if not found.outstanding:
        return ""
    numbers = [str(number) for number in found.outstanding]
    if len(numbers) == 1:
        return f" Cut {numbers[0]} of this year has not been marked as done."
    listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
    return f" Cuts {listed} of this year have not been marked as done."


def _known(day: date | None) -> date:
    assert day is not None, "the rule that decided this status gives a day"
    return day


def _known_window(window: Window | None) -> Window:
    assert window is not None, "the rule that decided this status gives a window"
    return window


_Sentence = Callable[[VergeStatus, Voice], str]

SENTENCES: dict[str, dict[Status, _Sentence]] = {
    "en": {
        Status.ELSEWHERE: _elsewhere,
        Status.RESTING: _resting,
        Status.SUSPENDED: _suspended,
        Status.UNKNOWN: _unknown,
        Status.ROUTINE: _routine,
        Status.PLANNED: _planned,
        Status.CUT: _cut,
        Status.MISSED: _missed,
        Status.DELAYED: _delayed,
        Status.DUE: _due,
        Status.UNDER_WAY: _under_way,
        Status.LATE: _late,
        Status.UNCONFIRMED: _unconfirmed,
        Status.SEASON_OVER: _season_over,
    }
}
Table = TypeVar("Table")

LABEL_TABLES: dict[str, dict[Status, str]] = {"en": LABELS}


def _table(tables: dict[str, Table], language: str) -> Table:
    return tables.get(language, tables["en"])
