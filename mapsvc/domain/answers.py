"""The answer for a street on a day: its grass in groups that one sentence each can speak of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from mapsvc.domain.issues import ShownIssue
from mapsvc.domain.schedule import Round, Verge
from mapsvc.domain.season import CutRecord
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.streets import Keeper, Street
from mapsvc.domain.wording import Fact


@dataclass(frozen=True, slots=True)
class Group:
    """Verges of one street of which the same is true.

    `words` is the sentence without the street's name and the record's time; `facts` are its rows
    on the page; `where` is the stretch as the schedule has it; `verges` are ids, empty for a street
    without recorded grass. `holds_until` is as in `Answer`.
    """

    found: VergeStatus
    keeper: Keeper
    round: Round | None
    where: str
    kind: str
    label: str
    words: str
    facts: tuple[Fact, ...] = ()
    verges: tuple[str, ...] = ()
    holds_until: date | None = None


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """One cut of the season of which the same is true on all the stretches in `where`."""

    record: CutRecord
    round: Round | None
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is said for a street on a day. `as_at` is in the council's time zone.

    `holds_until` is the last day on which its words stand if nothing is recorded, None where they
    do for a year.
    """

    street: Street
    on: date
    as_at: datetime
    groups: tuple[Group, ...]
    season: tuple[SeasonRow, ...] = ()
    notices: tuple[str, ...] = ()
    issues: tuple[ShownIssue, ...] = ()
    holds_until: date | None = None

    @property
    def signs(self) -> dict[Status, str]:
        """The different statuses of the grass, each with its label."""
        return {group.found.status: group.label for group in self.groups}


def grouped(
    verges: Iterable[tuple[Verge, VergeStatus]], described: Callable[[Verge, VergeStatus], Group]
) -> tuple[Group, ...]:
    """The verges in groups by keeper, round, status, dates and `where` (design, section 4).

    Kinds that differ within a group are joined.
    """
    groups: dict[tuple[object, ...], Group] = {}
    for verge, found in verges:
        key = (verge.keeper, verge.round, verge.where, verge.service, found)
        group = groups.get(key)
        if group is None:
            groups[key] = described(verge, found)
            continue
        kinds = dict.fromkeys(filter(None, (*group.kind.split(", "), verge.kind)))
        groups[key] = replace(group, verges=(*group.verges, verge.id), kind=", ".join(kinds))
    return tuple(groups.values())
