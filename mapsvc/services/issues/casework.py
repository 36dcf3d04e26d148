"""What staff do with issues: look through the queue, plan, merge, answer, release, hand over.

Each step is one transaction and an event of the issue. Crews settle issues with their marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mapsvc.domain.issues import CLOSED, NEXT, Issue, State
from mapsvc.domain.status import CutKey
from mapsvc.domain.streets import Street
from mapsvc.errors import BadRequest, IssueRefused, NotFound
from mapsvc.services.answers.teller import Teller
from mapsvc.services.issues.reporting import plain
from mapsvc.services.state.council import Council
from mapsvc.store.issues import fitting

PER_PAGE = 50
MOST_ON_MAP = 500
"""Issues of the queue's map: some 15 KB compressed."""
LONGEST_SENTENCE = 500

OPEN_STATES = tuple(state for state in State if state not in CLOSED)

CUT_SINCE = "cut-since"
"""The queue's filter for open issues whose grass was cut since: somebody is to check them."""
CREW_DID = "Thank you. Our crew has dealt with it."
SAVED_REPLIES = (
    "Thank you. We have looked at it and put it on the list of the next cut.",
    CREW_DID,
    "This grass is left to grow until the date on the street’s page.",
    "We looked and found that it needs no work now.",
    "This is not our grass. We have told those who look after it.",
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows; empty shows all. `state` is a state, `open`'s default or `closed`."""

    state: str = ""
    category: str = ""
    street: str = ""
    assigned: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, newest first, and how many there are in all."""

    issues: tuple[Issue, ...]
    number: int
    pages: int


def queue(council: Council, asked: QueueFilter) -> Queue:
    """The issues that fit. BadRequest for a state that is none."""
    if asked.state == CUT_SINCE:
        found = _cut_since(council, asked)
        first = (asked.page - 1) * PER_PAGE
        pages = max(1, -(-len(found) // PER_PAGE))
        return Queue(tuple(found[first : first + PER_PAGE]), len(found), pages)
    conditions = fitting(**_wanted(asked))
    number = council.store.issues.number(*conditions)
    offset = (asked.page - 1) * PER_PAGE
    page = council.store.issues.page(*conditions, limit=PER_PAGE, offset=offset)
    return Queue(tuple(page), number, max(1, -(-number // PER_PAGE)))


def _cut_since(council: Council, asked: QueueFilter) -> list[Issue]:
    """The open issues whose grass was cut since, the newest first."""
    teller = Teller(council, council.moment, council.today())
    fit = [
        issue
        for issue in council.moment.issues.by_id.values()
        if asked.category in ("", issue.category)
        and asked.street in ("", issue.street)
        and asked.assigned in ("", issue.assigned)
        and teller.cut_since(issue)
    ]
    return sorted(fit, key=lambda issue: (issue.at, issue.id), reverse=True)


def settle(council: Council, issue_id: int, *, by: str, at: datetime) -> Issue:
    """The issue as fixed, said by the crew that cut its grass. Said twice, it is done once.

    Raises
    ------
    NotFound : when there is none
    """
    issue = council.store.issues.get(issue_id)
    if issue.is_closed:
        return issue
    return move(council, issue, State.FIXED, sentence=CREW_DID, note="", by=by, at=at)


def newest(council: Council, asked: QueueFilter) -> list[Issue]:
    """The newest issues that fit, of all pages, as many as a map shows."""
    if asked.state == CUT_SINCE:
        return _cut_since(council, asked)[:MOST_ON_MAP]
    return council.store.issues.page(*fitting(**_wanted(asked)), limit=MOST_ON_MAP)


def _wanted(asked: QueueFilter) -> dict[str, Any]:
    return {
        "states": _states(asked.state),
        "category": asked.category,
        "street": asked.street,
        "assigned": asked.assigned,
    }


def _states(text: str) -> Sequence[State]:
    if text in ("", "all"):
        return OPEN_STATES if not text else tuple(State)
    if text == "closed":
        return tuple(CLOSED)
    try:
        return (State(text),)
    except ValueError:
        raise BadRequest("state", "unknown_state", value=text[:40]) from None


def next_states(issue: Issue) -> list[State]:
    """The states that may follow, in the order of an issue's life."""
    return [state for state in State if state in NEXT[issue.state]]


def move(
    council: Council,
    issue: Issue,
    to: State,
    *,
    sentence: str,
    note: str,
    by: str,
    at: datetime,
    cut: CutKey | None = None,
    other: str = "",
) -> Issue:
    """The issue in its next state.

    Parameters
    ----------
    sentence : what everybody may read; needed where an issue is closed without being fixed
    cut : season and number of the cut that it is planned for
    other : the reference of the issue that this one repeats

    Raises
    ------
    IssueRefused : when the step is none of an issue's life, or something that it needs is missing
    """
    sentence = _sentence(sentence)
    if to in CLOSED - {State.FIXED, State.DUPLICATE} and not sentence:
        raise IssueRefused("no_public_sentence", field="sentence")
    if to is State.PLANNED and cut is None:
        raise IssueRefused("no_cut_chosen", field="cut")
    values: dict[str, Any] = {"season": None, "cut": None, "duplicate_of": None}
    if cut is not None and to is State.PLANNED:
        values["season"], values["cut"] = cut
    if to is State.DUPLICATE:
        values["duplicate_of"] = _original(council, issue, other).id
    return council.store.issues.move(
        issue.id, to, sentence=sentence, note=note, by=by, at=at, **values
    )


def _original(council: Council, issue: Issue, reference: str) -> Issue:
    if not reference.strip():
        raise IssueRefused("no_reference", field="other")
    try:
        original = council.store.issues.of_reference(reference)
    except NotFound as error:
        raise IssueRefused(error.message, field="other") from None
    if original.id == issue.id:
        raise IssueRefused("repeats_itself", field="other", reference=issue.reference)
    if original.state is State.DUPLICATE:
        raise IssueRefused("repeats_a_repetition", field="other", reference=original.reference)
    return original


def original_of(council: Council, issue: Issue) -> Issue | None:
    """The issue that this one repeats, where it is known as a repetition."""
    number = issue.duplicate_of
    return None if number is None else council.store.issues.get(number)


def street_of(council: Council, issue: Issue) -> Street | None:
    """The issue's street, under its id of today; None where no street has it any more."""
    atlas = council.moment.atlas
    found = atlas.street(issue.street) or atlas.street(atlas.moved(issue.street) or "")
    return found.street if found else None


def answer(council: Council, issue: Issue, sentence: str, *, by: str, at: datetime) -> Issue:
    """The issue with one more sentence that everybody may read."""
    sentence = _sentence(sentence)
    if not sentence:
        raise IssueRefused("empty_sentence", field="sentence")
    return council.store.issues.change(issue.id, "answered", sentence=sentence, by=by, at=at)


def release(council: Council, issue: Issue, is_released: bool, *, by: str, at: datetime) -> Issue:
    """Let everybody read what the resident wrote, or no longer. Said twice, it is done once."""
    if issue.is_released == is_released:
        return issue
    kind = "released" if is_released else "withheld"
    return council.store.issues.change(issue.id, kind, is_released=is_released, by=by, at=at)


def assign(council: Council, issue: Issue, to: str, *, by: str, at: datetime) -> Issue:
    """Give the issue to somebody, or to nobody. NotFound where there is no such account."""
    name = to.strip().lower()
    if name:
        council.store.accounts.get(name)
    return council.store.issues.change(issue.id, "assigned", assigned=name, note=name, by=by, at=at)


def _sentence(text: str) -> str:
    said = " ".join(plain(text).split())
    if len(said) > LONGEST_SENTENCE:
        raise IssueRefused(
            "sentence_too_long", field="sentence", characters=len(said), most=LONGEST_SENTENCE
        )
    return said
