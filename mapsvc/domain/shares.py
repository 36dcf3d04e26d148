"""How the streets of a round or a place divide among the statuses, and how many are due.

A share counts streets and speaks for grass; which verges belong together is not known here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from mapsvc.domain.status import Status, VergeStatus

_SUNDAY = 6
_BY_NEXT_CUT = {
    Status.PLANNED,
    Status.CUT,
    Status.MISSED,
    Status.LATE,
    Status.UNCONFIRMED,
    Status.SEASON_OVER,
}

HELD_UP = (Status.LATE, Status.MISSED, Status.DELAYED, Status.SUSPENDED)
COMING = (Status.UNDER_WAY, Status.DUE, Status.UNCONFIRMED, Status.PLANNED)
NO_DATES = (Status.ROUTINE, Status.SEASON_OVER, Status.UNKNOWN)
RESIDENTS_ORDER = (
    Status.CUT,
    *COMING,
    *HELD_UP,
    Status.RESTING,
    Status.ELSEWHERE,
    *NO_DATES,
)
"""The order of what residents want to know: in words, in rings and in the legend."""
_LEAST_DONE_FIRST = (
    *HELD_UP,
    *COMING,
    Status.CUT,
    Status.RESTING,
    *NO_DATES,
    Status.ELSEWHERE,
)
_RANK = {status: rank for rank, status in enumerate(_LEAST_DONE_FIRST)}


class CountedVerge(NamedTuple):
    """One verge as it counts: its streets, what is true for it, and whether it is due."""

    streets: tuple[str, ...]
    status: Status
    is_due: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How some grass divides: `shares` has the number of streets of each status that occurs.

    A street counts once, under what is still to be done there, so `shares` add up to `streets`:
    what is held up comes first, then what is coming, then what was cut. Grass that is left to
    grow, has no dates or is somebody else's counts only where the street has no other. `due` of
    the streets have grass due this week. `status` is that of most of the verges; a verge that
    differs is named beside it, and no page shows it alone.
    """

    status: Status
    streets: int
    due: int
    shares: Mapping[Status, int]


def share_of(patches: Iterable[CountedVerge], within: Collection[str] | None = None) -> Share:
    """How some grass divides. At least one patch; of a tie for `status` the first one speaks.

    Parameters
    ----------
    within : the streets to count; all of the patches' by default
    """
    statuses: Counter[Status] = Counter()
    of_street: dict[str, Status] = {}
    due: set[str] = set()
    for patch in patches:
        statuses[patch.status] += 1
        for street in patch.streets:
            if within is not None and street not in within:
                continue
            known = of_street.get(street)
            if known is None or _RANK[patch.status] < _RANK[known]:
                of_street[street] = patch.status
            if patch.is_due:
                due.add(street)
    counts = Counter(of_street.values())
    shares = {status: counts[status] for status in RESIDENTS_ORDER if status in counts}
    return Share(statuses.most_common(1)[0][0], len(of_street), len(due), shares)


def is_due_this_week(found: VergeStatus) -> bool:
    """Whether somebody may expect a crew before the week of `found.on` is over.

    Grass that is due or under way now, whose next cut begins by Sunday, or whose delayed cut is
    expected by then. Not grass that rests, is paused, has no dates or is somebody else's.
    """
    sunday = found.on + timedelta(days=_SUNDAY - found.on.weekday())
    if found.status in (Status.DUE, Status.UNDER_WAY):
        return True
    if found.status is Status.DELAYED:
        return found.expected is not None and found.expected <= sunday
    begins = found.next.start if found.next else None
    return found.status in _BY_NEXT_CUT and begins is not None and begins <= sunday
