"""The words for how the streets of a place or round divide, and the groups of the legend.

The map's script says the same words. The labels of statuses are in `english`.
"""

from collections.abc import Mapping

from mapsvc.domain.shares import COMING, HELD_UP, NO_DATES
from mapsvc.domain.status import Status

SHARE_WORDS = {
    Status.ELSEWHERE: "looked after by others",
    Status.RESTING: "left to grow",
    Status.SUSPENDED: "paused",
    Status.UNKNOWN: "without dates",
    Status.ROUTINE: "cut regularly",
    Status.PLANNED: "planned",
    Status.CUT: "cut",
    Status.MISSED: "could not be cut",
    Status.DELAYED: "delayed",
    Status.DUE: "due",
    Status.UNDER_WAY: "under way",
    Status.LATE: "running late",
    Status.UNCONFIRMED: "not confirmed",
    Status.SEASON_OVER: "with the season over",
}
"""What follows the number of streets of a status."""


LEGEND = (
    ("Cut", (Status.CUT,)),
    ("Coming or not confirmed", COMING),
    ("Held up or left to grow", (*HELD_UP, Status.RESTING)),
    ("Not cut by us", (Status.ELSEWHERE,)),
    ("No dates", NO_DATES),
)
"""What residents want to know, and the statuses that say so."""


def shares_words(shares: Mapping[Status, int]) -> str:
    """`28 cut, 17 due, 13 under way, 15 delayed`, in the order in which the shares come."""
    return ", ".join(f"{number:,} {SHARE_WORDS[status]}" for status, number in shares.items())
