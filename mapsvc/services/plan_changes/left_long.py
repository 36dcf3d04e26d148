"""Grass that is left long for some weeks (No Mow May, daffodils), set for many pieces at once.

A rest window is part of the plan, so setting one makes a new edition (`moved_dates`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mapsvc.domain.events import Target, parse_target
from mapsvc.domain.reasons import plain
from mapsvc.domain.schedule import Rest, Verge, Window
from mapsvc.errors import BadRequest
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.plan_changes.moved_dates import left_long, require_schedules
from mapsvc.services.plan_changes.pauses import LONGEST_REASON, Preview, preview_from
from mapsvc.services.state.ledger import folded, targets_of

REASONS = ("so wild flowers can seed", "for No Mow May", "so daffodils can die back")
"""Reasons that fit `We are leaving this grass to grow until Sunday 31 May …`."""


@dataclass(frozen=True, slots=True)
class LeftLong:
    """What would change: the rest window, None to end it, for our grass of the targets."""

    targets: tuple[Target, ...]
    rest: Rest | None
    verges: tuple[str, ...]
    preview: Preview
    dropped: int
    replaced: int
    is_made: bool
    """Whether it is so already: the form was sent twice."""


def checked_rest(starts: date | None, ends: date | None, reason: str, today: date) -> Rest:
    """The rest window that these fields make; BadRequest, naming the field that cannot be."""
    if starts is None:
        raise BadRequest("starts", "no_first_day_left_long")
    if ends is None:
        raise BadRequest("ends", "no_last_day_left_long")
    if ends < starts:
        raise BadRequest("ends", "ends_before_it_begins", day=ends)
    if ends < today:
        raise BadRequest("ends", "last_day_over", day=ends)
    if starts.year != today.year or ends.year != today.year:
        raise BadRequest("starts", "left_long_over_years", year=today.year)
    words = plain(reason)
    if not words or len(words) > LONGEST_REASON:
        raise BadRequest("reason", "no_reason_left_long", most=LONGEST_REASON)
    return Rest(Window(starts, ends), words)


def proposed(answers: Answers, targets: Sequence[str], rest: Rest | None) -> LeftLong:
    """What leaving the grass of these targets long would change, or ending that.

    Raises
    ------
    BadRequest : when nothing is chosen, or nothing of ours is there
    """
    chosen = tuple(parse_target(text) for text in targets)
    today = answers.council.today()
    day = max(today, rest.window.start) if rest else today
    teller = Teller(answers.council, answers.council.moment, day)
    grass = _grass(teller, chosen, has_rest=rest is None)
    if not grass:
        raise BadRequest("targets", "nothing_left_long")
    changed = [(verge, replace(verge, rest=rest)) for verge in grass]
    said = [(verge, teller.words(new, teller.status(new))) for verge, new in changed]
    return LeftLong(
        targets=chosen,
        rest=rest,
        verges=tuple(verge.id for verge in grass),
        preview=preview_from(said),
        dropped=sum(_dropped(verge, rest) for verge in grass),
        replaced=sum(verge.rest is not None and verge.rest != rest for verge in grass),
        is_made=all(verge.rest == rest for verge in grass),
    )


def _grass(teller: Teller, chosen: Collection[Target], *, has_rest: bool) -> list[Verge]:
    wanted = {folded(target) for target in chosen}
    return [
        verge
        for verge in teller.book.verges.values()
        if not wanted.isdisjoint(targets_of(verge))
        and teller.keeper_of(verge).ours
        and (verge.rest is not None or not has_rest)
    ]


def _dropped(verge: Verge, rest: Rest | None) -> int:
    """How many planned cuts fall into the weeks and will not be made."""
    if rest is None:
        return 0
    return sum(1 for cut in verge.dated_cuts if cut.window and rest.window.covers(cut.window))


def publish_rest(
    answers: Answers, change: LeftLong, *, seen: Sequence[int], by: str, at: datetime
) -> None:
    """Make it so, in a new edition. EditionConflict when a schedule was published since."""
    council = answers.council
    if change.is_made:
        return
    require_schedules(council, seen)
    replan = left_long(council, change.verges, change.rest)
    council.store.editions.publish_all(replan.drafts, by=by, at=at)


def rests_there(answers: Answers) -> list[tuple[Rest, str, int]]:
    """The rest windows of this year's grass: which, of which class, how many pieces; by date."""
    book = answers.council.moment.atlas.book(answers.council.today().year)
    found = Counter(_described(book.verges.values()))
    return sorted(
        ((rest, kind, number) for (rest, kind), number in found.items()),
        key=lambda entry: (entry[0].window.start, entry[1], entry[0].reason),
    )


def _described(verges: Iterable[Verge]) -> Iterable[tuple[Rest, str]]:
    return ((verge.rest, verge.kind) for verge in verges if verge.rest)
