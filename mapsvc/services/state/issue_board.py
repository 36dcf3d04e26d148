"""The open issues of the council as one process sees them: by id, by street and by place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from mapsvc.domain.issues import Issue
from mapsvc.services.state.issue_grid import IssueGrid, Places, places_of
from mapsvc.store.issues import Issues

T = TypeVar("T")


@dataclass(frozen=True)
class IssueBoard:
    """Open issues as of an event; never changed, made anew."""

    newest_event: int = 0
    by_id: dict[int, Issue] = field(default_factory=dict)
    by_street: dict[str, tuple[Issue, ...]] = field(default_factory=dict)
    places: Places = field(default_factory=dict)

    def of_street(self, street_ids: Iterable[str]) -> tuple[Issue, ...]:
        """The open issues of a street, known by all ids that it ever had, oldest first."""
        found = [issue for street in street_ids for issue in self.by_street.get(street, ())]
        return tuple(sorted(found, key=lambda issue: issue.id))

    @cached_property
    def grid(self) -> IssueGrid:
        """Where they lie, indexed by the first who asks."""
        return IssueGrid(self.by_id.values(), self.places)


def brought_up_to_date(board: IssueBoard, issues: Issues, local_crs: str) -> IssueBoard:
    """The board with what happened since; the same one when nothing did."""
    newest = issues.newest_event()
    if newest == board.newest_event:
        return board
    changed = issues.changed_after(board.newest_event) if board.newest_event else issues.open()
    gone = {issue.id for issue in changed}
    those = [issue for issue in changed if not issue.is_closed]
    return IssueBoard(
        newest,
        _without(board.by_id, gone) | {issue.id: issue for issue in those},
        _by_street(board, gone, those),
        _without(board.places, gone) | places_of(those, local_crs),
    )


def _without(known: Mapping[int, T], gone: set[int]) -> dict[int, T]:
    return {number: value for number, value in known.items() if number not in gone}


def _by_street(
    board: IssueBoard, gone: set[int], those: Sequence[Issue]
) -> dict[str, tuple[Issue, ...]]:
    """The streets of before, those that changed made anew."""
    anew: defaultdict[str, list[Issue]] = defaultdict(list)
    for number in gone & board.by_id.keys():
        anew[board.by_id[number].street] = []
    for issue in those:
        anew[issue.street].append(issue)
    for street, found in anew.items():
        found += [one for one in board.by_street.get(street, ()) if one.id not in gone]
    ordered = {s: tuple(sorted(of, key=lambda one: one.id)) for s, of in anew.items()}
    return {**board.by_street, **ordered}
