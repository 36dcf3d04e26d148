"""The answer for a street on a day: its grass in groups that one sentence each can speak of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from mapsvc.domain.events import Event
from mapsvc.domain.issues import ShownIssue
from mapsvc.domain.schedule import Cut, Round, Verge
from mapsvc.domain.status import VergeStatus
from mapsvc.domain.streets import Keeper, Street


@dataclass(frozen=True, slots=True)
class Group:
    """Verges of one street of which the same is true.

    `words` is the sentence without the street's name and the record's time; `where` the
    stretch; `verges` ids, empty for a street without recorded grass.
    """

    found: VergeStatus
    keeper: Keeper
    round: Round | None
    where: str
    kind: str
    words: str
    verges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CutRecord:
    """One planned cut of this season and what was marked for it, oldest mark first.

    `where` lists the stretches that share it; `is_tracked` says whether crews mark every cut.
    """

    cut: Cut
    where: str
    round: Round | None
    marks: tuple[Event, ...]
    is_tracked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is said for a street on a day. `as_at` is in the council's time zone."""

    street: Street
    on: date
    as_at: datetime
    groups: tuple[Group, ...]
    season: tuple[CutRecord, ...] = ()
    notices: tuple[str, ...] = ()
    issues: tuple[ShownIssue, ...] = ()


def grouped(
    verges: Iterable[tuple[Verge, VergeStatus]], described: Callable[[Verge, VergeStatus], Group]
) -> tuple[Group, ...]:
    """The verges in groups by keeper, round, status, dates and `where` (design, section 4).

    Kinds that differ within a group are joined.
    """
    groups: dict[tuple[object, ...], Group] = {}
    for verge, found in verges:
        key = (verge.keeper, verge.round, verge.stretch, verge.service, found)
        group = groups.get(key)
        if group is None:
            groups[key] = described(verge, found)
            continue
        kinds = dict.fromkeys(filter(None, (*group.kind.split(", "), verge.kind)))
        groups[key] = replace(group, verges=(*group.verges, verge.id), kind=", ".join(kinds))
    return tuple(groups.values())
