"""The status of a verge on a day: the rules of the design's section 4, as pure functions.

No function reads the clock. The words for a status are in `wording`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import MARK_LEVELS, PAUSES, Event
from mapsvc.domain.pauses import Layer, Spell, is_open_in, layers, pause_over, spells_of
from mapsvc.domain.schedule import Cut, Verge, Window, cuts_outside_rest

SEASON_ENDS_AFTER_DAYS = 28
QUIET_AFTER_WORKING_DAYS = 10


class Status(StrEnum):
    """The fourteen codes, in the order of the rules."""

    ELSEWHERE = "elsewhere"
    RESTING = "resting"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"
    ROUTINE = "routine"
    PLANNED = "planned"
    CUT = "cut"
    MISSED = "missed"
    DELAYED = "delayed"
    DUE = "due"
    UNDER_WAY = "under_way"
    LATE = "late"
    UNCONFIRMED = "unconfirmed"
    SEASON_OVER = "season_over"


class Lapse(NamedTuple):
    """Why the last cut of a season was not marked as done: the kind of what was recorded
    (`missed`, `delayed` or `suspended`), its day and its reason.
    """

    kind: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class VergeStatus:
    """What is true for one verge on one day; equal for verges that one sentence can speak of.

    `cut`, `season`, `window` and `deadline` are the current cut's, None where there is none.
    `reason`, `expected`, `until` and `since` belong to the event or rest that decided;
    `last_cut`, `next` and the cut `after_next` are given whatever the status. `verdict` is the
    current cut's, `done`, `missed` or empty. `begun` says by which mark a cut is under way: its
    level, after `part of the ` where that much of the street or verge is done. `lapse` is what is
    known of the last cut of a season that is over without its `done`.
    """

    status: Status
    on: date
    cut: int | None = None
    season: int | None = None
    window: Window | None = None
    deadline: date | None = None
    last_cut: date | None = None
    next: Window | None = None
    after_next: Window | None = None
    outstanding: tuple[int, ...] = ()
    reason: str = ""
    expected: date | None = None
    until: date | None = None
    since: date | None = None
    tracked: bool = False
    verdict: str = ""
    begun: str = ""
    frequency: str = ""
    paused: tuple[Layer, ...] = ()
    announced: tuple[Layer, ...] = ()
    lapse: Lapse | None = None

    @property
    def was_done(self) -> bool:
        return self.verdict == "done"

    @property
    def is_past_deadline(self) -> bool:
        return self.deadline is not None and self.on > self.deadline

    def is_open_in(self, window: Window) -> bool:
        """Whether a day of the window is left, from this day on, that no recorded pause covers."""
        return is_open_in(window, (*self.paused, *self.announced), self.on)


CutKey = tuple[int, int | None]
"""Season and number; the number is None for what was recorded without a cut."""


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that were not withdrawn, without the withdrawals."""
    events = list(events)
    withdrawn = {event.withdraws for event in events if event.withdraws is not None}
    return [event for event in events if event.withdraws is None and event.id not in withdrawn]


def is_quiet_since(newest: date | None, day: date, calendar: Calendar) -> bool:
    """Whether ten or more working days have passed since a service was last heard of.

    Parameters
    ----------
    newest : the day of the newest event that counts on `day`, None when there is none
    """
    most = QUIET_AFTER_WORKING_DAYS
    return newest is None or calendar.passed_since(newest, day, most) >= most


def status_on(
    day: date,
    verge: Verge,
    events: Sequence[Event],
    *,
    is_ours: bool,
    is_tracked: bool,
    tolerance: int,
    calendar: Calendar,
) -> VergeStatus:
    """The one status of `verge` on `day`.

    Parameters
    ----------
    events : those in force that concern this verge, of any day and season: marks that had it
        when they were recorded, and pauses whose target it belongs to now
    is_tracked : whether crews mark every cut of its round and the council has not gone quiet
        by this day
    tolerance : working days that a cut may run over
    """
    return _Case(day, verge, events, is_ours, is_tracked, tolerance, calendar).decided()


@dataclass(frozen=True)
class _Case:
    """One question; each property is one term of the design's section 4."""

    day: date
    verge: Verge
    events: Sequence[Event]
    is_ours: bool
    is_tracked: bool
    tolerance: int
    calendar: Calendar = field(repr=False)

    def decided(self) -> VergeStatus:
        """The first rule that applies wins."""
        day, rest = self.day, self.verge.rest
        if not self.is_ours:
            return self.found(Status.ELSEWHERE)
        if rest and day in rest.window:
            return self.found(Status.RESTING, reason=rest.reason, until=rest.window.end)
        if self.holding:
            chief = self.holding[0].pause
            return self.found(
                Status.SUSPENDED, reason=chief.reason, until=chief.until, since=chief.on
            )
        if not self.cuts:
            return self.without_dates()
        if self.current is None:
            return self.found(Status.PLANNED)
        if self.is_season_over:
            return self.found(
                Status.SEASON_OVER,
                since=self.done_on(self.current),
                lapse=self.lapse_of(self.current),
            )
        return self.of_current_cut(self.current)

    def without_dates(self) -> VergeStatus:
        verdict = self.verdicts.get((self.day.year, None))
        if verdict and verdict.kind == "done":
            return self.found(Status.CUT, since=verdict.on)
        if self.verge.frequency:
            return self.found(Status.ROUTINE)
        return self.found(Status.UNKNOWN, reason=self.verge.reason_without_dates)

    def of_current_cut(self, cut: Cut) -> VergeStatus:
        """Rules 7 to 11."""
        verdict, progress = self.verdicts.get(_key(cut)), newest_progress(self.marks_of(cut))
        if verdict and verdict.kind == "done":
            return self.found(Status.CUT, since=verdict.on)
        if verdict:
            return self.found(
                Status.MISSED,
                reason=verdict.reason,
                expected=verdict.expected,
                since=verdict.on,
            )
        if progress and progress.kind == "delayed" and self.still_expected(progress):
            return self.found(
                Status.DELAYED,
                reason=progress.reason,
                expected=progress.expected,
                since=progress.on,
            )
        if self.deadline is None or self.day <= self.deadline:
            begun = self.begun_by(cut)
            if begun:
                return self.found(Status.UNDER_WAY, since=begun.on, begun=_how_far(begun))
            return self.found(Status.DUE)
        return self.found(Status.LATE if self.is_tracked else Status.UNCONFIRMED)

    def found(
        self,
        status: Status,
        *,
        reason: str = "",
        expected: date | None = None,
        until: date | None = None,
        since: date | None = None,
        begun: str = "",
        lapse: Lapse | None = None,
    ) -> VergeStatus:
        current = self.current
        return VergeStatus(
            status=status,
            on=self.day,
            cut=current.number if current else None,
            season=current.season if current else None,
            window=current.window if current else None,
            deadline=self.deadline,
            last_cut=self.last_cut,
            next=self.window_after(1),
            after_next=self.window_after(2),
            outstanding=self.outstanding,
            reason=reason,
            expected=expected,
            until=until,
            since=since,
            tracked=self.is_tracked,
            verdict=self.verdict_kind,
            begun=begun,
            frequency=self.verge.frequency,
            paused=self.paused if self.is_ours else (),
            announced=self.announced if self.is_ours else (),
            lapse=lapse,
        )

    # What counts

    @cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """The dated cuts as the rest window leaves them, by start."""
        return cuts_outside_rest(self.verge.dated_cuts, self.verge.rest)

    @cached_property
    def marks(self) -> list[Event]:
        """The marks that count on the day, the newest last."""
        return marks_that_count(self.day, self.verge, self.events)

    @cached_property
    def marks_by_cut(self) -> dict[CutKey, list[Event]]:
        by_cut: dict[CutKey, list[Event]] = {}
        for event in self.marks:
            by_cut.setdefault((event.season, event.cut), []).append(event)
        return by_cut

    @cached_property
    def verdicts(self) -> dict[CutKey, Event]:
        """The `done` or `missed` that decides each cut of each season."""
        decided = ((key, verdict_of(events)) for key, events in self.marks_by_cut.items())
        return {key: verdict for key, verdict in decided if verdict}

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        """When each pause holds, as known on the day."""
        return spells_of(event for event in self.events if event.on <= self.day)

    # Terms

    @cached_property
    def holding(self) -> tuple[Spell, ...]:
        """The pauses that hold on the day, in the order in which they are told."""
        return tuple(spell for spell in self.spells if spell.holds_on(self.day))

    @cached_property
    def recorded(self) -> tuple[Spell, ...]:
        """When each pause holds, by all that is recorded, also for days to come: for words."""
        if all(event.on <= self.day for event in self.events):
            return self.spells
        return spells_of(self.events)

    @property
    def paused(self) -> tuple[Layer, ...]:
        """What holds on the day, with what is recorded about its end."""
        held = {spell.pause.id for spell in self.holding}
        return layers(spell for spell in self.recorded if spell.pause.id in held)

    @property
    def announced(self) -> tuple[Layer, ...]:
        """The pauses whose first day is to come, the earliest first."""
        to_come = [s for s in self.recorded if self.day < s.first <= s.last]
        return layers(sorted(to_come, key=lambda spell: spell.first))

    @cached_property
    def place_of_current(self) -> int:
        """Where in `cuts` the current one stands, -1 when there is none.

        It is the last, by start, that has begun or that a mark speaks of.
        """
        for place in reversed(range(len(self.cuts))):
            cut = self.cuts[place]
            if _window(cut).start <= self.day or self.is_marked(cut):
                return place
        return -1

    @cached_property
    def current(self) -> Cut | None:
        return self.cuts[self.place_of_current] if self.place_of_current >= 0 else None

    def is_marked(self, cut: Cut) -> bool:
        return any(event.kind != "delayed" for event in self.marks_of(cut))

    def window_after(self, places: int) -> Window | None:
        """The days of the cut so many places after the current one, None where there is none."""
        place = self.place_of_current + places
        return self.cuts[place].window if place < len(self.cuts) else None

    @property
    def verdict_kind(self) -> str:
        verdict = self.verdicts.get(_key(self.current)) if self.current else None
        return verdict.kind if verdict else ""

    @cached_property
    def deadline(self) -> date | None:
        """The (working days of the window + tolerance)-th working day that is not suspended."""
        if self.current is None:
            return None
        window = _window(self.current)
        number = self.calendar.working_days(window.start, window.end) + self.tolerance
        if number == 0:
            return window.end
        days = tuple((spell.first, spell.last) for spell in self.spells)
        return _day_outside(self.calendar, window.start, number, days)

    def done_on(self, cut: Cut) -> date | None:
        verdict = self.verdicts.get(_key(cut))
        return verdict.on if verdict and verdict.kind == "done" else None

    @cached_property
    def last_cut(self) -> date | None:
        done = (event.on for event in self.verdicts.values() if event.kind == "done")
        return max(done, default=None)

    @cached_property
    def is_season_over(self) -> bool:
        current, later = self.current, self.cuts[self.place_of_current + 1 :]
        if current is None or any(cut.season == current.season for cut in later):
            return False
        ends = [day for day in (self.deadline, self.done_on(current)) if day]
        return bool(ends) and self.day > max(ends) + timedelta(days=SEASON_ENDS_AFTER_DAYS)

    @cached_property
    def outstanding(self) -> tuple[int, ...]:
        """Earlier cuts of the season with neither verdict, on tracked rounds only."""
        current = self.current
        if current is None or not self.is_tracked:
            return ()
        return tuple(
            cut.number
            for cut in self.cuts[: self.place_of_current]
            if cut.season == current.season and _key(cut) not in self.verdicts
        )

    def marks_of(self, cut: Cut) -> list[Event]:
        return self.marks_by_cut.get(_key(cut), [])

    def lapse_of(self, cut: Cut) -> Lapse | None:
        """What was recorded of a cut that is over without a `done`."""
        verdict = self.verdicts.get(_key(cut))
        if verdict:
            is_missed = verdict.kind == "missed"
            return Lapse("missed", verdict.on, verdict.reason) if is_missed else None
        pause = pause_over(_window(cut), self.spells)
        if pause:
            return Lapse("suspended", pause.first, pause.pause.reason)
        progress = newest_progress(self.marks_of(cut))
        if progress and progress.kind == "delayed":
            return Lapse("delayed", progress.on, progress.reason)
        return None

    def still_expected(self, delayed: Event) -> bool:
        return delayed.expected is None or delayed.expected >= self.day

    def begun_by(self, cut: Cut) -> Event | None:
        """The mark that says best how far a cut is: the newest of this very verge, else of its
        street, else the first of its round.
        """
        kinds = ("started", "part_done")
        marks = [e for e in self.marks_of(cut) if e.kind in kinds]
        for level in ("verge", "street"):
            closer = [event for event in marks if event.target.level == level]
            if closer:
                return closer[-1]
        return marks[0] if marks else None


@lru_cache(maxsize=8_192)
def _day_outside(
    calendar: Calendar, start: date, number: int, paused: tuple[tuple[date, date], ...]
) -> date | None:
    """The `number`-th working day that no pause holds; a paused programme asks it often."""
    if not paused:
        return calendar.nth_working_day(start, number)
    return calendar.nth_working_day_outside(
        start, number, lambda day: any(first <= day <= last for first, last in paused)
    )


def _how_far(begun: Event) -> str:
    level = begun.target.level
    return f"part of the {level}" if begun.kind == "part_done" and level != "round" else level


def _key(cut: Cut) -> CutKey:
    return cut.season, cut.number


def _window(cut: Cut) -> Window:
    assert cut.window is not None
    return cut.window


def counts_for(event: Event, verge: Verge, spells: Iterable[Spell]) -> bool:
    """Whether a mark says anything of this verge.

    Nobody cuts a whole street inside its rest, nor a whole round where a pause holds since before.

    Parameters
    ----------
    spells : when the verge was paused, as known on the day of the question
    """
    level = event.target.level
    if level == "verge" or event.kind not in ("done", "started", "part_done"):
        return True
    if verge.rest is not None and event.on in verge.rest.window:
        return False
    return level != "round" or not is_held_since_before(event.on, spells)


def is_held_since_before(day: date, spells: Iterable[Spell]) -> bool:
    """Whether a pause that began before the day holds on it."""
    return any(spell.first < day <= spell.last for spell in spells)


def marks_that_count(day: date, verge: Verge, events: Iterable[Event]) -> list[Event]:
    """The marks among a verge's events that count for it on a day, the newest last."""
    known = [event for event in events if event.on <= day]
    spells = spells_of(known)
    marks = [e for e in known if e.kind not in PAUSES and counts_for(e, verge, spells)]
    return sorted(marks, key=lambda event: event.newest_key)


def verdict_of(events: Sequence[Event]) -> Event | None:
    """The `done` or `missed` of one cut that decides, of marks that count.

    The most specific level decides, and within a level the newest.
    """
    for level in MARK_LEVELS:
        decisive = [e for e in events if e.target.level == level and e.kind in ("done", "missed")]
        if decisive:
            return max(decisive, key=lambda event: event.newest_key)
    return None


def newest_progress(marks: Iterable[Event]) -> Event | None:
    """The newest `started`, `part_done` or `delayed` of the marks of one cut."""
    kinds = ("started", "part_done", "delayed")
    progress = (event for event in marks if event.kind in kinds)
    return max(progress, key=lambda event: event.newest_key, default=None)
