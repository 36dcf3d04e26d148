"""The open issues of the council as one process sees them, by street."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mapsvc.domain.issues import Issue
from mapsvc.store.issues import Issues


@dataclass(frozen=True, slots=True)
class IssueBoard:
    """Open issues by id and by street, as of an event; never changed, made anew."""

    newest_event: int = 0
    by_id: dict[int, Issue] = field(default_factory=dict)
    by_street: dict[str, tuple[Issue, ...]] = field(default_factory=dict)

    def of_street(self, street_ids: Iterable[str]) -> tuple[Issue, ...]:
        """The open issues of a street, known by all ids that it ever had, oldest first."""
        found = [issue for street in street_ids for issue in self.by_street.get(street, ())]
        return tuple(sorted(found, key=lambda issue: issue.id))


def brought_up_to_date(board: IssueBoard, issues: Issues) -> IssueBoard:
    """The board with what happened since; the same one when nothing did."""
    changed, newest = issues.changed_after(board.newest_event)
    if newest == board.newest_event:
        return board
    by_id = {**board.by_id}
    streets = {issue.street for issue in changed}
    streets |= {by_id[issue.id].street for issue in changed if issue.id in by_id}
    for issue in changed:
        if issue.is_closed:
            by_id.pop(issue.id, None)
        else:
            by_id[issue.id] = issue
    return IssueBoard(newest, by_id, _by_street(board, by_id.values(), streets))


def _by_street(
    board: IssueBoard, issues: Iterable[Issue], streets: set[str]
) -> dict[str, tuple[Issue, ...]]:
    """The streets of before, those that changed made anew."""
    found: dict[str, list[Issue]] = {street: [] for street in streets}
    for issue in issues:
        if issue.street in found:
            found[issue.street].append(issue)
    anew = {street: tuple(sorted(of, key=lambda one: one.id)) for street, of in found.items()}
    return {**board.by_street, **anew}
