"""New editions made from the current schedules, without a file: dates moved, grass left long.

They go the way of every edition: checked against the one that they were made from, current in
one transaction, and put back with one click.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.schedule import Cut, Programme, Rest, Window
from mapsvc.domain.status import CutKey
from mapsvc.errors import EditionConflict
from mapsvc.services.state.council import Council
from mapsvc.store.editions import Edition, EditionDraft, ScheduleContent

Moves = Mapping[str, frozenset[CutKey]]
"""Verge → its cuts that move."""


@dataclass(frozen=True, slots=True)
class Replan:
    """Drafts with their bases, to publish together. `cuts` and `verges` say how many change."""

    drafts: tuple[tuple[EditionDraft, int], ...]
    cuts: int
    verges: int


def schedules_in_force(council: Council) -> tuple[int, ...]:
    """The numbers of the current schedules: what a preview was worked out from."""
    return tuple(e.number for e in council.moment.atlas.editions if e.kind == "schedule")


def require_schedules(council: Council, seen: Sequence[int]) -> None:
    """EditionConflict when other schedules are in force than those that somebody saw."""
    if schedules_in_force(council) != tuple(seen):
        raise EditionConflict("schedule_published_meanwhile")


def moved_window(window: Window, days: int, calendar: Calendar) -> Window:
    """The window that begins and ends so many working days later."""
    start, end = (
        calendar.nth_working_day(day + timedelta(days=1), days) or day
        for day in (window.start, window.end)
    )
    return Window(start, max(start, end))


def moved_programme(
    programme: Programme, keys: frozenset[CutKey], days: int, calendar: Calendar
) -> Programme:
    """A verge's cuts, those of `keys` so many working days later."""
    return tuple(
        replace(cut, window=moved_window(cut.window, days, calendar))
        if cut.window and _key(cut) in keys
        else cut
        for cut in programme
    )


def moved_dates(council: Council, moves: Moves, days: int, words: str) -> Replan:
    """The current schedules with those cuts so many working days later.

    Parameters
    ----------
    words : what stands in the list of editions in place of a file's name
    """

    def change(content: ScheduleContent) -> ScheduleContent:
        programmes: dict[Programme, int] = {}
        positions = []
        for verge, place in zip(content.verges["id"], content.verges["programme"], strict=True):
            keys = moves.get(verge, frozenset())
            moved = moved_programme(content.programmes[place], keys, days, council.calendar)
            positions.append(programmes.setdefault(moved, len(programmes)))
        verges = content.verges.assign(programme=positions)
        return ScheduleContent(verges, content.rounds, tuple(programmes))

    return _replan(council, change, words, set(moves), sum(map(len, moves.values())))


def left_long(council: Council, verges: Collection[str], rest: Rest | None) -> Replan:
    """The current schedules with a rest window, or none, for these verges."""

    def change(content: ScheduleContent) -> ScheduleContent:
        frame = content.verges.copy()
        chosen = frame["id"].isin(list(verges))
        start, end = (rest.window.start, rest.window.end) if rest else (None, None)
        for column, value in (("rest_from", start), ("rest_until", end)):
            frame[column] = [
                value if is_chosen else old
                for is_chosen, old in zip(chosen, frame[column], strict=True)
            ]
        frame.loc[chosen, "rest_reason"] = rest.reason if rest else ""
        return ScheduleContent(frame, content.rounds, content.programmes)

    words = "grass left long" if rest else "grass no longer left long"
    return _replan(council, change, words, set(verges), 0)


def _replan(
    council: Council,
    change: Callable[[ScheduleContent], ScheduleContent],
    words: str,
    verges: set[str],
    cuts: int,
) -> Replan:
    drafts = []
    for edition in _governing(council):
        content = council.store.editions.schedule(edition.number)
        if not verges.isdisjoint(content.verges["id"]):
            drafts.append((_draft(edition, change(content), words), edition.number))
    return Replan(tuple(drafts), cuts, len(verges))


def _governing(council: Council) -> Iterable[Edition]:
    """The schedule of each service that says what its grass is this year."""
    year = council.today().year
    newest: dict[str, Edition] = {}
    for edition in council.moment.atlas.editions:
        if edition.kind == "schedule" and (edition.season or 0) <= year:
            known = newest.get(edition.service)
            if known is None or (edition.season or 0) > (known.season or 0):
                newest[edition.service] = edition
    return newest.values()


def _draft(edition: Edition, content: ScheduleContent, words: str) -> EditionDraft:
    return EditionDraft(
        kind="schedule",
        service=edition.service,
        season=edition.season,
        files=(f"edition {edition.number}, {words}",),
        counts=edition.counts,
        problems=edition.problems,
        source=edition.source,
        licence=edition.licence,
        attribution=edition.attribution,
        schedule=content,
    )


def _key(cut: Cut) -> CutKey:
    return cut.season, cut.number
