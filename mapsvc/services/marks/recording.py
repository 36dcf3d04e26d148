"""Marking progress: what staff record about cuts and pauses, checked against what is planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mapsvc.domain.events import MARKS, PAUSES, Event, Target, parse_target
from mapsvc.domain.schedule import Cut, Verge
from mapsvc.errors import MarkRefused
from mapsvc.messages.catalogue import Message
from mapsvc.search.normalise import street_key
from mapsvc.services.answers.teller import Teller, find_street
from mapsvc.services.marks.doubts import Claim, require_likely
from mapsvc.services.state.council import Council, Moment
from mapsvc.store.live import EventDraft

KINDS_IN_WORDS = ", ".join((*MARKS, *PAUSES))
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody wants recorded. `on` is a day in the council's time zone.

    `key` makes a repeat harmless: the same key is recorded once. `by` is a role in public. `sure`
    records what cannot well be true all the same. `instead_of` is the event whose place in the
    order of recording a changed pause keeps.
    """

    target: str
    kind: str
    on: date
    cut: int | None = None
    season: int | None = None
    reason: str = ""
    expected: date | None = None
    until: date | None = None
    by: str = ""
    key: str | None = None
    sure: bool = False
    instead_of: int | None = None


def record(council: Council, mark: Mark, *, at: datetime | None = None) -> int:
    """Record a mark or a pause; the event's id.

    Raises
    ------
    MarkRefused : when it names nothing that is published, no cut where one is needed, a cut
        that does not exist, a street of several rounds, or a day that cannot be
    UnlikelyMark : when it cannot well be true, and nobody is sure
    """
    return record_all(council, [mark], [at or council.now()])[0]


def record_all(council: Council, marks: Iterable[Mark], at: Iterable[datetime]) -> list[int]:
    """Record several marks in one transaction, all or none; errors as in `record`."""
    return council.store.live.record(drafts_of(council, marks, at))


def drafts_of(council: Council, marks: Iterable[Mark], at: Iterable[datetime]) -> list[EventDraft]:
    """What recording the marks would append; errors as in `record`."""
    return [_draft(council, mark, time) for mark, time in zip(marks, at, strict=True)]


def supposed(drafts: Iterable[EventDraft]) -> list[Event]:
    """Drafts as the newest events of all, in their order."""
    names = [name for name in EventDraft.__slots__ if name != "key"]
    return [
        Event(id=10**12 + number, **{name: getattr(draft, name) for name in names})
        for number, draft in enumerate(drafts)
    ]


def concerning(verge: Verge, events: Sequence[Event]) -> list[Event]:
    """Those of supposed events that have the verge: each was given what its target has now."""
    return [event for event in events if verge.id in event.verges]


def withdraw(council: Council, event_id: int, *, by: str = "", at: datetime | None = None) -> int:
    """Take an event back, as an event of its own; its id. NotFound or MarkRefused as the store."""
    return council.store.live.withdraw(event_id, by=by, at=at or council.now())


def _draft(council: Council, mark: Mark, at: datetime) -> EventDraft:
    moment = council.moment
    _check_days(mark)
    target = parse_target(mark.target)
    _check_kind(mark, target)
    if mark.kind in MARKS and mark.on > council.today():
        raise MarkRefused("mark_to_come", on=mark.on)
    verges = _verges_of(moment, target, mark.season or mark.on.year)
    season = _season(mark, target, verges)
    if not mark.sure:
        teller = Teller(council, moment, council.today())
        require_likely(
            teller, verges, Claim(target, mark.kind, mark.on, season, mark.cut, mark.until)
        )
    return EventDraft(
        target=target,
        kind=mark.kind,
        on=mark.on,
        season=season,
        at=at,
        cut=mark.cut if mark.kind in MARKS else None,
        verges=frozenset(verge.id for verge in verges),
        reason=" ".join(mark.reason.split()),
        expected=mark.expected,
        until=mark.until,
        by=mark.by,
        key=mark.key,
        instead_of=mark.instead_of,
    )


def _check_days(mark: Mark) -> None:
    if mark.on < EARLIEST:
        raise MarkRefused("mark_too_long_ago", day=mark.on)
    if mark.until and mark.until < mark.on:
        raise MarkRefused("until_before_mark", day=mark.until, on=mark.on)
    if mark.expected and mark.expected < mark.on:
        raise MarkRefused("expected_before_mark", day=mark.expected, on=mark.on)


def _check_kind(mark: Mark, target: Target) -> None:
    if mark.kind not in (*MARKS, *PAUSES):
        raise MarkRefused("unknown_mark", value=mark.kind[:40], kinds=KINDS_IN_WORDS)
    if mark.kind in MARKS and target.level in ("kind", "place", "all"):
        raise MarkRefused("mark_of_no_single_cut", kind=mark.kind, target=str(target))
    if mark.kind in PAUSES and mark.cut is not None:
        raise MarkRefused("pause_with_cut", kind=mark.kind)


# What the target has


def _verges_of(moment: Moment, target: Target, year: int) -> list[Verge]:
    book = moment.atlas.book(year)
    if target.level == "verge":
        found = [book.verges[target.code]] if target.code in book.verges else []
    elif target.level == "street":
        found = list(book.of_street(find_street(moment, target.code).id))
    elif target.level == "round":
        found = list(book.by_round.get(target.code, ()))
    else:
        found = [verge for verge in book.verges.values() if _is_in(verge, target)]
    if not found:
        raise MarkRefused(_nothing_there(target))
    return found


def _is_in(verge: Verge, target: Target) -> bool:
    if target.level == "all":
        return True
    said = (verge.kind,) if target.level == "kind" else verge.places
    return street_key(target.code) in map(street_key, filter(None, said))


def _nothing_there(target: Target) -> Message:
    if target.level == "all":
        return Message("nothing_to_pause")
    return Message("no_grass_there", level=target.level, target=target.code[:60])


# Which cut of which season


def _season(mark: Mark, target: Target, verges: list[Verge]) -> int:
    """The season that the mark is stored with (design, section 4: Events)."""
    if mark.kind in PAUSES:
        return mark.season or mark.on.year
    _check_one_round(target, verges)
    dated = [cut for verge in verges for cut in verge.dated_cuts]
    if mark.cut is None:
        if dated:
            raise MarkRefused(
                "mark_without_cut", target=str(mark.target), kind=mark.kind, cuts=_numbers(dated)
            )
        return mark.season or mark.on.year
    numbered = [cut for cut in dated if cut.number == mark.cut and _fits(cut, mark)]
    if not numbered:
        raise MarkRefused(_no_such_cut(mark, target, dated))
    return min(numbered, key=lambda cut: _days_away(cut, mark.on)).season


def _fits(cut: Cut, mark: Mark) -> bool:
    return mark.season is None or cut.season == mark.season


def _check_one_round(target: Target, verges: list[Verge]) -> None:
    rounds = sorted({verge.round or "no round" for verge in verges})
    if target.level == "street" and len(rounds) > 1:
        raise MarkRefused("mark_of_several_rounds", street=target.code, rounds=tuple(rounds))


def _no_such_cut(mark: Mark, target: Target, dated: list[Cut]) -> Message:
    asked = f"{mark.cut} of {mark.season}" if mark.season else str(mark.cut)
    if not dated:
        return Message("no_dated_cuts", target=str(target), cut=asked)
    return Message("no_such_cut", target=str(target), cut=asked, cuts=_numbers(dated))


def _numbers(cuts: list[Cut]) -> str:
    seasons: dict[int, set[int]] = {}
    for cut in cuts:
        seasons.setdefault(cut.season, set()).add(cut.number)
    return "; ".join(
        f"{', '.join(map(str, sorted(numbers)))} of {season}"
        for season, numbers in sorted(seasons.items())
    )


def _days_away(cut: Cut, on: date) -> tuple[int, int]:
    assert cut.window is not None
    start, end = cut.window.start, cut.window.end
    if start <= on <= end:
        return 0, -cut.season
    return min(abs((on - start).days), abs((on - end).days)), -cut.season
