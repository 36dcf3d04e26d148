"""What staff recorded: marks, pauses and withdrawals, and what each of them concerns."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from mapsvc.errors import MarkRefused

MARKS = ("started", "done", "part_done", "missed", "delayed")
"""Kinds that speak of one cut."""
PAUSES = ("suspended", "resumed")
"""Kinds that speak of days, and follow their target."""
KINDS = MARKS + PAUSES

MARK_LEVELS = ("verge", "street", "round")
"""Levels of a mark's target, the most specific first."""
PAUSE_LEVELS = (*MARK_LEVELS, "kind", "place", "all")


class Target(NamedTuple):
    """What an event speaks of, written `verge:ID`, `round:CODE`, `place:NAME`, … or `all`."""

    level: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.level}:{self.code}" if self.code else self.level


def parse_target(text: str) -> Target:
    """The target that `text` names.

    Raises
    ------
    MarkRefused : when the level is none of ours, or the code is missing.
    """
    level, _, code = text.strip().partition(":")
    level, code = level.strip().lower(), code.strip()
    if level not in PAUSE_LEVELS or bool(code) == (level == "all"):
        raise MarkRefused("bad_target", value=text[:60])
    return Target(level, code)


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the append-only book; `withdraws` names the event that it takes back.

    `id` grows in the order of recording. `verges` are those that the target had when it was
    recorded. `on` is a Europe/London day, `at` an aware UTC time. `instead_of` is the id of the
    event whose place a changed pause keeps.
    """

    id: int
    target: Target
    kind: str
    on: date
    season: int
    at: datetime
    cut: int | None = None
    verges: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""
    expected: date | None = None
    until: date | None = None
    by: str = ""
    withdraws: int | None = None
    instead_of: int | None = None

    @property
    def order(self) -> int:
        """Its place in the order of recording: that of the event which it was recorded for."""
        return self.instead_of or self.id

    @property
    def newest_key(self) -> tuple[date, int]:
        """Newest is by day, then by order of recording (design, section 4)."""
        return self.on, self.order


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for residents. `area` is `all`, `round:CODE` or `place:NAME`."""

    text: str
    area: str = "all"
    starts: date | None = None
    ends: date | None = None
