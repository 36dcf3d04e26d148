"""The labels and sentences in English, and the words of the map.

What people wrote is made to fit them in `reasons`.
"""

from collections.abc import Callable
from datetime import date

from mapsvc.domain.pauses import Layer
from mapsvc.domain.reasons import because, how_often, plain
from mapsvc.domain.schedule import Window
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.streets import Keeper
from mapsvc.domain.wording.english_dates import day_in, span, when
from mapsvc.domain.wording.voice import Voice

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


IN_A_LIST = {Status.SEASON_OVER: "Season over"}
"""Labels where no year is known: in legends and lists."""


def label(found: VergeStatus) -> str:
    """The label of what is true on a day; of a season that is over, it depends on the year."""
    if found.status is not Status.SEASON_OVER or found.season == found.on.year:
        return LABELS[found.status]
    if found.next is None and _season(found) < found.on.year:
        return f"No dates yet for {found.on.year}"
    return f"Finished for {found.season}"


def named_sentence(street: str, where: str, words: str) -> str:
    """`words` as they are read aloud, the street and its place first.

    Parameters
    ----------
    street : name and places, such as `Main Street, Little Example`
    where : the stretch, or empty
    """
    part = f" ({where})" if where else ""
    return f"{street}{part}: {words}"


DUE_WORDS = {
    "some": "{due} of {streets} due this week",
    "none": "None of {streets} due this week",
    "one": "1 street",
    "many": "{number} streets",
}
"""How much of a round or place is due. The map's script fills in the same words."""


MAP_WORDS = {
    "all": "All towns and villages as a list",
    "closer": "Show its streets on the map",
    "here": "{number} issues here",
    "in_view": "In view",
    "in_view_issues": ["1 open issue in view", "{number} open issues in view"],
    "in_view_places": ["1 town or village in view", "{number} towns and villages in view"],
    "in_view_rounds": ["1 round in view", "{number} rounds in view"],
    "in_view_streets": ["1 street in view", "{number} streets in view"],
    "issue": "What has become of it",
    "list": "Its streets as a list",
    "nearer": "Zoom in to see each of them",
    "nearest": "The {shown} nearest to the middle of {all}. Zoom in to see fewer.",
    "no_grass": "No grass on this map",
    "nothing": "There is no grass in view. Zoom out or move the map.",
    "round": "Round {name}",
    "show": "Show on the map",
    "street": "All about this street",
    "trouble": "Some of the map could not be loaded. We will try again in a minute.",
    "unanswered": "This answer could not be loaded",
}
"""What the map's script says of its own accord."""


def due_words(due: int, streets: int) -> str:
    """`12 of 40 streets due this week`."""
    many = DUE_WORDS["one" if streets == 1 else "many"].format(number=f"{streets:,}")
    return DUE_WORDS["some" if due else "none"].format(due=f"{due:,}", streets=many)


# Sentences in English


def _elsewhere(found: VergeStatus, voice: Voice) -> str:
    who = plain(voice.keeper.name) or "Another organisation"
    return (
        f"{who} looks after this grass. We do not hold its cutting dates. {_contact(voice.keeper)}"
    )


def _contact(keeper: Keeper) -> str:
    if keeper.phone:
        return f"Contact {'the clerk' if keeper.kind == 'parish' else 'them'} on {keeper.phone}."
    return f"Contact them at {keeper.url}." if keeper.url else ""


def _resting(found: VergeStatus, voice: Voice) -> str:
    until = day_in(found.on.year, _known(found.until))
    return (
        f"We are leaving this grass to grow until {until}{because(found.reason)}. "
        f"{_paused_too(found)} {_plan(found, 'We plan to cut it', 'We planned to cut it')}"
    )


def _paused_too(found: VergeStatus) -> str:
    """The pause that outlasts the weeks in which grass is left to grow, where one does."""
    longest = max(found.paused, key=lambda layer: layer.last, default=None)
    if longest is None or longest.last < _known(found.until):
        return ""
    ends = _pause_ends(longest, found.on.year)
    return f"Cutting here is paused as well{because(longest.reason)}. {ends}"


def _suspended(found: VergeStatus, voice: Voice) -> str:
    chief = found.paused[0]
    since = day_in(found.on.year, chief.since)
    ends = _pause_ends(chief, found.on.year)
    return f"We paused cutting here on {since}{because(chief.reason)}. {ends}"


def _pause_ends(layer: Layer, year: int) -> str:
    if layer.until or layer.goes_on:
        return f"The pause runs to {day_in(year, layer.last)}."
    return "We do not have a restart date yet."


def announced(found: VergeStatus) -> str:
    """The pauses of days to come, but for those that say nothing new of paused grass."""
    held = max((layer.last for layer in found.paused), default=found.on)
    return " ".join(
        f"Cutting will pause here from {day_in(found.on.year, layer.since)}"
        f"{_to_last_day(layer, found.on.year)}{because(layer.reason)}."
        for layer in found.announced
        if layer.last > held
    )


def _to_last_day(layer: Layer, year: int) -> str:
    return f" to {day_in(year, layer.last)}" if layer.until or layer.goes_on else ""


def _plan(found: VergeStatus, words: str, once: str) -> str:
    """When the next cut is planned; as what was planned `once` where a pause covers its days."""
    if found.next is None:
        return ""
    days = when(found.next, found.on.year)
    if found.is_open_in(found.next):
        return f"{words} {days}."
    return f"{once} {days}, when cutting is paused."


def _unknown(found: VergeStatus, voice: Voice) -> str:
    call = f"Call us on {voice.council_phone}." if voice.council_phone else ""
    if not voice.has_verges:
        return f"We have no record of grass that we cut here. {call}"
    return f"We do not have cutting dates for this grass. {_schedule_says(found.reason)} {call}"


def _schedule_says(text: str) -> str:
    quoted = _quoted(text)
    return f"Our schedule says {quoted}." if quoted else ""


def _quoted(text: str) -> str:
    words = plain(text).rstrip(" .").replace('"', "'")
    return f'"{words}"' if words else ""


def _routine(found: VergeStatus, voice: Voice) -> str:
    often = how_often(found.frequency) or f" as our schedule says: {_quoted(found.frequency)}"
    return f"We usually cut this grass{often}. We do not publish dates."


def _planned(found: VergeStatus, voice: Voice) -> str:
    first_cut = _first_cut(found, _known_window(found.next))
    plan = _plan(found, f"We plan to {first_cut}", f"We planned to {first_cut}")
    is_open = found.next is not None and found.is_open_in(found.next)
    return f"{plan} {'Wet weather can change this.' if is_open else ''}"


def _first_cut(found: VergeStatus, window: Window) -> str:
    """What is planned; not a first cut where one was marked earlier in that year."""
    year = window.start.year
    if found.last_cut and found.last_cut.year == year:
        return "cut this grass"
    return (
        "make this year's first cut" if year == found.on.year else f"make the first cut of {year}"
    )


def _cut(found: VergeStatus, voice: Voice) -> str:
    return (
        f"Our crew marked this grass as cut on {day_in(found.on.year, _known(found.since))}. "
        f"{_next_cut(found)}{_outstanding(found)}"
    )


def _missed(found: VergeStatus, voice: Voice) -> str:
    return (
        f"We could not cut this grass on {day_in(found.on.year, _known(found.since))}"
        f"{because(found.reason)}. {_after_missed(found)}{_outstanding(found)}"
    )


def _delayed(found: VergeStatus, voice: Voice) -> str:
    planned = _planned_for(found)
    ends = (
        f"We now expect to cut by {day_in(found.on.year, found.expected)}."
        if found.expected and is_open_on(found, found.expected)
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
    aim = _aim(found, ", and aim to have done so by") or "."
    return f"We planned to cut this grass {when(window, year)}{aim}"


def _under_way(found: VergeStatus, voice: Voice) -> str:
    since = day_in(found.on.year, _known(found.since))
    return (
        f"{_BEGUN[found.begun].format(since)} {_aim(found, 'We aim to finish by')}"
        f"{_outstanding(found)}"
    )


_BEGUN = {
    "round": "We started this round on {}. Your street may be done or still to come.",
    "street": "We started work on this street on {}. Your part of it may be done or still to come.",
    "verge": "We started work on this grass on {}. It may be done or still to come.",
    "part of the street": "Our crew marked part of this street as done on {}.",
    "part of the verge": "Our crew marked part of this grass as done on {}.",
}
"""How far a cut under way is, by the mark that says it best."""


def _late(found: VergeStatus, voice: Voice) -> str:
    return (
        f"This cut is running late. It was planned for {_planned_for(found)} and has not been "
        "marked as done. You only need to report it if it blocks a view or a path."
        f"{_outstanding(found)}"
    )


def _unconfirmed(found: VergeStatus, voice: Voice) -> str:
    window = _known_window(found.window)
    upcoming = _plan(found, "The next is planned", "The next was planned")
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
        else f"The cuts planned here for {found.season} are over."
    )
    upcoming = _plan(found, *NEXT_CUT)
    if found.next is None and _season(found) < found.on.year:
        upcoming = f"We do not have dates for {found.on.year} yet."
    return f"{over} {_last_of_season(found)} {upcoming}"


def _last_of_season(found: VergeStatus) -> str:
    year, planned = found.on.year, _planned_for(found)
    if found.was_done:
        return f"The last was marked as done on {day_in(year, _known(found.since))}."
    if found.lapse is None:
        return f"The last was planned for {planned} and was not marked as done."
    why = because(found.lapse.reason)
    if found.lapse.kind == "missed":
        return f"The last could not be cut on {day_in(year, found.lapse.on)}{why}."
    if found.lapse.kind == "suspended":
        return f"The last was planned for {planned}, when cutting was paused{why}."
    return f"The last was planned for {planned}. It was delayed{why} and was not marked as done."


NEXT_CUT = "The next cut is planned", "The next cut was planned"


def _next_cut(found: VergeStatus) -> str:
    if found.next:
        return _plan(found, *NEXT_CUT)
    return "No more cuts are planned here this year." if found.season == found.on.year else ""


def _planned_for(found: VergeStatus) -> str:
    return span(_known_window(found.window), found.on.year, "to")


def _after_missed(found: VergeStatus) -> str:
    if found.expected is None or found.expected < found.on or not is_open_on(found, found.expected):
        return _next_cut(found)
    upcoming = _next_cut(found) if found.next else ""
    return f"We now expect to cut by {day_in(found.on.year, found.expected)}. {upcoming}"


def _aim(found: VergeStatus, words: str) -> str:
    """By when it is to be done, unless a pause has that day."""
    if found.deadline is None or not is_open_on(found, found.deadline):
        return ""
    return f"{words} {day_in(found.on.year, found.deadline)}."


def is_open_on(found: VergeStatus, day: date) -> bool:
    """Whether a day is not one that a recorded pause covers."""
    return day < found.on or found.is_open_in(Window(day, day))


def _outstanding(found: VergeStatus) -> str:
    if not found.outstanding:
        return ""
    *most, last = (str(number) for number in found.outstanding)
    season = "this year" if found.season == found.on.year else str(found.season)
    if not most:
        return f" Cut {last} of {season} has not been marked as done."
    return f" Cuts {', '.join(most)} and {last} of {season} have not been marked as done."


def _season(found: VergeStatus) -> int:
    assert found.season is not None, "a season that is over has its year"
    return found.season


def _known(day: date | None) -> date:
    assert day is not None, "the rule that decided this status gives a day"
    return day


def _known_window(window: Window | None) -> Window:
    assert window is not None, "the rule that decided this status gives a window"
    return window


SENTENCES: dict[Status, Callable[[VergeStatus, Voice], str]] = {
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
