"""What is true for most of the grass of a round or a place, and how many streets are due.

A share counts streets and speaks for grass; which verges belong together is not known here.
"""

from collections import Counter
from collections.abc import Iterable
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


class CountedVerge(NamedTuple):
    """One verge as it counts: its streets, what is true for it, and whether it is due."""

    streets: tuple[str, ...]
    status: Status
    is_due: bool


@dataclass(frozen=True, slots=True)
class Share:
    """`status` is that of most of the verges; `due` of the `streets` have grass due this week."""

    status: Status
    streets: int
    due: int


def share_of(patches: Iterable[CountedVerge]) -> Share:
    """What is true for most of some grass. At least one patch; of a tie the first one speaks."""
    statuses: Counter[Status] = Counter()
    streets: set[str] = set()
    due: set[str] = set()
    for patch in patches:
        statuses[patch.status] += 1
        streets.update(patch.streets)
        if patch.is_due:
            due.update(patch.streets)
    return Share(statuses.most_common(1)[0][0], len(streets), len(due))


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
