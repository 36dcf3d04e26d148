"""What became of each cut of a season, for one piece of grass on a day. A plan is never a fact.

It is told from the same record as the status, so that a page's table and its sentence agree.
The words are in `wording`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from mapsvc.domain.events import MARK_LEVELS, Event
from mapsvc.domain.pauses import Spell, pause_over, spells_of
from mapsvc.domain.schedule import Cut, Rest, Verge, Window, cut_after_rest
from mapsvc.domain.status import (
    CutKey,
    Status,
    VergeStatus,
    marks_that_count,
    newest_progress,
    verdict_of,
)

VERDICTS = ("done", "missed")
WITHOUT_MARK = {Status.SUSPENDED, Status.DUE, Status.LATE, Status.UNCONFIRMED}
"""Statuses that say of the current cut itself that nothing is known but its days."""


class CutState(StrEnum):
    """What can be said of a cut of the season."""

    DONE = "done"
    MISSED = "missed"
    DELAYED = "delayed"
    BEGUN = "begun"
    PAUSED = "paused"
    LEFT_LONG = "left_long"
    COMING = "coming"
    DUE = "due"
    UNMARKED = "unmarked"
    UNCONFIRMED = "unconfirmed"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class CutRecord:
    """One cut of a season and what became of it.

    `day`, `reason` and `expected` are those of the mark, pause or rest that decided; `until` its
    last day. `others` is the mark that speaks of the rest of the round or street, where this
    grass has a verdict of its own or was left out of it. `marks` are those that count, the oldest
    first.
    """

    cut: Cut
    state: CutState
    day: date | None = None
    until: date | None = None
    reason: str = ""
    expected: date | None = None
    others: Event | None = None
    marks: tuple[Event, ...] = ()
    tracked: bool = False


def season_of(
    found: VergeStatus, verge: Verge, events: Sequence[Event], season: int
) -> tuple[CutRecord, ...]:
    """The cuts of a season of our own grass as they stand on the day of `found`.

    Parameters
    ----------
    events : as `status_on` was asked with
    """
    told = _CutsAsTold(found, verge, events)
    return tuple(told.record(cut) for cut in verge.programme if cut.season == season)


@dataclass(frozen=True)
class _CutsAsTold:
    found: VergeStatus
    verge: Verge
    events: Sequence[Event]

    def record(self, cut: Cut) -> CutRecord:
        """The cut with what became of it, and what was marked for all else that its marks had."""
        marks = self.marks_by_cut.get((cut.season, cut.number), [])
        verdict = verdict_of(marks)
        record = self._by_marks_or_plan(cut, marks, verdict)
        return replace(
            record,
            others=self._others(cut, verdict),
            marks=tuple(marks),
            tracked=self.found.tracked,
        )

    def _by_marks_or_plan(
        self, cut: Cut, marks: Sequence[Event], verdict: Event | None
    ) -> CutRecord:
        """The first that applies: a verdict, what the status says of the current cut, the plan."""
        rest, window = self.verge.rest, cut.window
        stands = cut_after_rest(cut, rest.window) if rest and window else cut
        if verdict:
            return self._by_verdict(verdict, stands or cut)
        if stands is None:
            return _left_long(cut, rest)
        if stands.window is None:
            return CutRecord(stands, CutState.UNDATED, reason=cut.reason)
        if (cut.season, cut.number) == (self.found.season, self.found.cut):
            return self._current(stands, stands.window, marks)
        return self._planned(stands, stands.window, marks)

    # The marks

    @cached_property
    def marks_by_cut(self) -> dict[CutKey, list[Event]]:
        by_cut: dict[CutKey, list[Event]] = {}
        for event in marks_that_count(self.found.on, self.verge, self.events):
            by_cut.setdefault((event.season, event.cut), []).append(event)
        return by_cut

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        return spells_of(self.events)

    def _others(self, cut: Cut, verdict: Event | None) -> Event | None:
        """The newest verdict of a wider level that says another thing than that of this grass."""
        said = [
            event
            for event in self.events
            if event.kind in VERDICTS
            and event.on <= self.found.on
            and (event.season, event.cut) == (cut.season, cut.number)
            and (verdict is None or _is_wider(event, verdict))
        ]
        newest = max(said, key=lambda event: event.newest_key, default=None)
        return newest if newest and (verdict is None or newest.kind != verdict.kind) else None

    # What became of a cut

    def _by_verdict(self, verdict: Event, cut: Cut) -> CutRecord:
        expected = verdict.expected if verdict.kind == "missed" else None
        return CutRecord(
            cut,
            CutState(verdict.kind),
            verdict.on,
            reason=verdict.reason,
            expected=expected if expected and expected >= self.found.on else None,
        )

    def _current(self, cut: Cut, window: Window, marks: Sequence[Event]) -> CutRecord:
        found = self.found
        if found.status is Status.SUSPENDED and not found.is_past_deadline:
            chief = found.paused[0]
            until = chief.last if chief.until or chief.goes_on else None
            return CutRecord(cut, CutState.PAUSED, chief.since, until, chief.reason)
        if found.status is Status.DELAYED:
            return CutRecord(
                cut, CutState.DELAYED, found.since, reason=found.reason, expected=found.expected
            )
        if found.status is Status.UNDER_WAY:
            return CutRecord(cut, CutState.BEGUN, found.since)
        if found.status in WITHOUT_MARK:
            return self._by_days(cut, window)
        return self._planned(cut, window, marks)

    def _planned(self, cut: Cut, window: Window, marks: Sequence[Event]) -> CutRecord:
        """What is known of a cut without a verdict from pauses, other marks, and its days."""
        pause = pause_over(window, self.spells)
        if pause:
            until = pause.last if pause.pause.until or pause.goes_on else None
            return CutRecord(cut, CutState.PAUSED, pause.first, until, pause.pause.reason)
        progress = newest_progress(marks)
        if progress and progress.kind == "delayed":
            expected = progress.expected
            return CutRecord(
                cut,
                CutState.DELAYED,
                progress.on,
                reason=progress.reason,
                expected=expected if expected and expected >= self.found.on else None,
            )
        if progress:
            return CutRecord(cut, CutState.BEGUN, progress.on)
        return self._by_days(cut, window)

    def _by_days(self, cut: Cut, window: Window) -> CutRecord:
        if window.start > self.found.on:
            return CutRecord(cut, CutState.COMING)
        if window.end >= self.found.on:
            return CutRecord(cut, CutState.DUE)
        return CutRecord(cut, CutState.UNMARKED if self.found.tracked else CutState.UNCONFIRMED)


def _left_long(cut: Cut, rest: Rest | None) -> CutRecord:
    assert rest is not None, "only a rest window drops a cut"
    window = rest.window
    return CutRecord(cut, CutState.LEFT_LONG, window.start, window.end, rest.reason)


def _is_wider(event: Event, verdict: Event) -> bool:
    return MARK_LEVELS.index(event.target.level) > MARK_LEVELS.index(verdict.target.level)
