"""What cannot well be true of a mark, a pause or a resumption, by what is planned and recorded.

Nothing here refuses what happens every day: a straggler of the cut before, a delay that is
announced weeks ahead, a Friday's cuts reported on Monday.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mapsvc.domain.events import Event, Target
from mapsvc.domain.pauses import lifts
from mapsvc.domain.schedule import Verge
from mapsvc.domain.status import verdict_of
from mapsvc.errors import UnlikelyMark
from mapsvc.services.answers.teller import Teller
from mapsvc.services.state.ledger import folded

EARLIEST_DAYS = 14
"""How long before its window a cut may well be made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a mark or pause says, before it is recorded."""

    target: Target
    kind: str
    on: date
    season: int
    cut: int | None
    until: date | None = None


def require_likely(teller: Teller, verges: Sequence[Verge], claim: Claim) -> None:
    """UnlikelyMark, with the reason, for a claim about these verges that cannot well be true.

    Parameters
    ----------
    teller : of today
    """
    if claim.kind == "suspended":
        _require_pause_holds(teller, verges, claim)
    elif claim.kind == "resumed":
        _require_work_goes_on(teller, verges, claim)
    elif claim.kind == "delayed":
        _require_not_done(teller, verges, claim)
    elif claim.cut is not None:
        _require_near_its_window(verges, claim)
        _require_after_earlier_cuts(teller, verges, claim)


def _require_near_its_window(verges: Iterable[Verge], claim: Claim) -> None:
    begins = min(
        cut.window.start
        for verge in verges
        for cut in verge.dated_cuts
        if cut.window and (cut.season, cut.number) == (claim.season, claim.cut)
    )
    if (begins - claim.on).days > EARLIEST_DAYS:
        raise UnlikelyMark(
            "mark_long_before_its_cut",
            cut=claim.cut or 0,
            season=claim.season,
            begins=begins,
            days=EARLIEST_DAYS,
            on=claim.on,
        )


def _require_after_earlier_cuts(teller: Teller, verges: Iterable[Verge], claim: Claim) -> None:
    """Refused where each verge had an earlier cut of the season done on a later day."""
    later: list[Event] = []
    for verge in verges:
        done = max(_earlier_done(teller, verge, claim), key=lambda mark: mark.on, default=None)
        if done is None or done.on <= claim.on:
            return
        later.append(done)
    first = min(later, key=lambda mark: mark.on)
    raise UnlikelyMark(
        "mark_before_an_earlier_cut",
        cut=claim.cut or 0,
        earlier=first.cut or 0,
        season=claim.season,
        done=first.on,
        on=claim.on,
    )


def _earlier_done(teller: Teller, verge: Verge, claim: Claim) -> list[Event]:
    """The `done` that won for each earlier cut of the season."""
    of_cut: dict[int, list[Event]] = {}
    for mark in teller.marks_of(verge):
        if mark.season == claim.season and mark.cut is not None and mark.cut < (claim.cut or 0):
            of_cut.setdefault(mark.cut, []).append(mark)
    return [won for won in map(verdict_of, of_cut.values()) if won and won.kind == "done"]


def _require_not_done(teller: Teller, verges: Iterable[Verge], claim: Claim) -> None:
    """Refused where the cut is done in all of the grass."""
    done = []
    for verge in verges:
        key = claim.season, claim.cut
        won = verdict_of([m for m in teller.marks_of(verge) if (m.season, m.cut) == key])
        if won is None or won.kind != "done":
            return
        done.append(won.on)
    if claim.cut is not None:
        raise UnlikelyMark(
            "delay_of_a_done_cut", cut=claim.cut, season=claim.season, done=min(done)
        )


# Pauses


def _require_pause_holds(teller: Teller, verges: Iterable[Verge], claim: Claim) -> None:
    """Refused where resumptions of a later day lift it from all of the grass today."""
    last = claim.until or date(claim.on.year, 12, 31)
    if not claim.on <= teller.on <= last:
        return
    lifted = []
    for verge in verges:
        newer = [
            event.on
            for event in teller.moment.ledger.pauses_of(verge)
            if event.kind == "resumed"
            and claim.on < event.on <= teller.on
            and lifts(_folded(event), folded(claim.target))
        ]
        if not newer:
            return
        lifted.append(min(newer))
    raise UnlikelyMark("pause_overruled", day=min(lifted), on=claim.on)


def _require_work_goes_on(teller: Teller, verges: Iterable[Verge], claim: Claim) -> None:
    """Refused where it would lift pauses, were they not all of a later day."""
    if claim.on > teller.on:
        return
    held = {
        spell.pause
        for verge in verges
        for spell in teller.spells_of(verge)
        if spell.holds_on(teller.on) and lifts(folded(claim.target), _folded(spell.pause))
    }
    newer = [pause.on for pause in held if pause.on > claim.on]
    if newer and len(newer) == len(held):
        raise UnlikelyMark("resumption_overruled", day=min(newer), on=claim.on)


def _folded(event: Event) -> Target:
    return folded(event.target)
