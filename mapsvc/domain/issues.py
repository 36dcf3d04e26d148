"""What residents report about a street: categories, the life of an issue, and its public words.

An issue is what a person reported. What is wrong in an uploaded file is a problem (`problems`).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mapsvc.domain.wording import day_in
from mapsvc.errors import IssueRefused


class State(StrEnum):
    """Where an issue is in its life. Closed is not the same as fixed, and never reads so."""

    OPEN = "open"
    TRIAGED = "triaged"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    FIXED = "fixed"
    NOT_OURS = "not_ours"
    NO_ACTION = "no_action"
    DUPLICATE = "duplicate"


CLOSED = frozenset({State.FIXED, State.NOT_OURS, State.NO_ACTION, State.DUPLICATE})
"""Nothing more happens to these."""

STATE_WORDS = {
    State.OPEN: "Reported",
    State.TRIAGED: "Looked at",
    State.PLANNED: "Planned",
    State.IN_PROGRESS: "Work has started",
    State.FIXED: "Fixed",
    State.NOT_OURS: "Not ours",
    State.NO_ACTION: "No action",
    State.DUPLICATE: "Reported before",
}

_ONWARD = (State.PLANNED, State.IN_PROGRESS, *sorted(CLOSED))
NEXT: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.TRIAGED, *_ONWARD}),
    State.TRIAGED: frozenset(_ONWARD),
    State.PLANNED: frozenset({State.TRIAGED, *_ONWARD}),
    State.IN_PROGRESS: frozenset({State.TRIAGED, *_ONWARD}) - {State.IN_PROGRESS},
    **{state: frozenset({State.OPEN}) for state in CLOSED},
}
"""State → those that may follow; a closed issue can only be opened again."""


@dataclass(frozen=True, slots=True)
class Category:
    """One line of the council's list of what can be reported.

    `is_urgent`: a blocked view, path or sign, for which there is a telephone. `is_about_cutting`:
    the street's answer may answer it, so it is shown first. `recipient` is where reports go:
    empty for the queue alone, `mailto:…`, or the name of a back office.
    """

    code: str
    name: str
    help: str
    is_urgent: bool = False
    is_about_cutting: bool = False
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """A report about a street. `x`, `y` are in the local CRS, None where no point was given.

    `text` is what the resident wrote; everybody may read it once staff released it. `noticed`
    is how many others noticed the same. Times are aware UTC.
    """

    id: int
    reference: str
    category: str
    text: str
    is_released: bool
    street: str
    verge: str
    stretch: str
    state: State
    season: int | None
    cut: int | None
    duplicate_of: int | None
    assigned: str
    external: str
    noticed: int
    at: datetime
    changed_at: datetime
    closed_at: datetime | None
    x: float | None = None
    y: float | None = None

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def public_text(self) -> str:
        """What everybody may read of what the resident wrote."""
        return self.text if self.is_released else ""

    @property
    def public_stretch(self) -> str:
        """Where on the street, in the resident's words, once everybody may read them."""
        return self.stretch if self.is_released else ""


@dataclass(frozen=True, slots=True)
class IssueEvent:
    """Something that happened to an issue. `sentence` is public, `note` and `by` are for staff."""

    id: int
    issue: int
    kind: str
    state: State
    sentence: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownIssue:
    """An issue as everybody may see it: its category's name, and the first day of its cut.

    `cut_since` is the day by which its grass was cut, where that may have settled it.
    """

    issue: Issue
    category: str
    words: str
    planned: date | None = None
    cut_since: date | None = None


REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those that nobody mistakes for another on the telephone."""


def new_reference() -> str:
    """A reference to say on the telephone, such as `G-7KQ3-XW2M`; nobody guesses one."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"G-{letters[:4]}-{letters[4:]}"


def require_next(state: State, following: State) -> None:
    """Refuse a step that an issue's life does not have.

    Raises
    ------
    IssueRefused : naming both states and what may follow
    """
    if following not in NEXT[state]:
        may_be = ", ".join(STATE_WORDS[after].lower() for after in sorted(NEXT[state]))
        raise IssueRefused(
            "no_such_step",
            state=STATE_WORDS[state].lower(),
            following=STATE_WORDS[following].lower(),
            choices=may_be,
        )


def issue_in_words(
    issue: Issue,
    category: str,
    reported: date,
    on: date,
    planned: date | None = None,
    cut_since: date | None = None,
) -> str:
    """One line for lists and the answer: `Long grass, reported on 3 June, planned for …`.

    Parameters
    ----------
    category : the category's name as people read it
    reported : the day on which it was, in the council's time zone
    planned : the first day of the cut that it is planned for, where that is published
    cut_since : the day by which its grass was cut: then nobody reads what was planned
    """
    parts = [category, f"reported on {day_in(on.year, reported)}"]
    state = STATE_WORDS[issue.state].lower()
    if issue.state is State.PLANNED and planned:
        state = f"planned for the cut of {day_in(on.year, planned)}"
    if cut_since:
        parts.append(f"marked as cut since, on {day_in(on.year, cut_since)}, to be checked")
    elif issue.state is not State.OPEN:
        parts.append(state)
    if issue.noticed:
        others = "1 other" if issue.noticed == 1 else f"{issue.noticed} others"
        parts.append(f"also noticed by {others}")
    return ", ".join(parts)


def issues_in_words(issues: Sequence[ShownIssue]) -> str:
    """What is read aloud: `2 open issues: …; …`, and nothing where there is none."""
    if not issues:
        return ""
    return f"{open_issues(len(issues))}: {'; '.join(shown.words for shown in issues)}."


def open_issues(number: int) -> str:
    """`12 open issues`."""
    return "1 open issue" if number == 1 else f"{number:,} open issues"
