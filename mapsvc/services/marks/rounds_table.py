"""All rounds at once, for the office: how each stands, which are late, which have gone quiet."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mapsvc.domain.events import MARKS, Event
from mapsvc.domain.schedule import Cut, Round, Verge
from mapsvc.domain.status import Status, VergeStatus, is_quiet_since
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.round_view import cut_at_hand, cuts_of, most, our_verges

NO_WARD = "No ward known"
OPEN = (Status.DUE, Status.UNDER_WAY, Status.LATE, Status.UNCONFIRMED)
"""Statuses in which somebody should be at work, or have marked it."""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round: the cut at hand, what is true for most of its grass, and its newest mark.

    `done` of the `verges` are marked as done for the cut; `is_quiet` says that crews mark every
    cut of the round, something is open, and for ten working days of it nothing was marked.
    """

    round: Round
    status: Status
    cut: Cut | None
    verges: tuple[Verge, ...]
    done: int
    late: int
    newest: Event | None
    is_quiet: bool

    @property
    def name(self) -> str:
        return self.round.name or self.round.code

    @property
    def pick(self) -> str:
        """How a form names the round with the cut that was shown."""
        cut = f"{self.cut.season}-{self.cut.number}" if self.cut else ""
        return f"{cut}:{self.round.code}"

    @property
    def kinds(self) -> set[str]:
        return {verge.kind for verge in self.verges if verge.kind}

    @property
    def places(self) -> set[str]:
        return {place for verge in self.verges for place in verge.places}


@dataclass(frozen=True, slots=True)
class RoundFilter:
    """Which rounds are shown; empty is all."""

    service: str = ""
    status: str = ""
    place: str = ""
    kind: str = ""

    def lets_through(self, row: RoundRow) -> bool:
        return (
            self.service in ("", row.round.service)
            and self.status in ("", row.status)
            and (not self.place or self.place in row.places)
            and (not self.kind or self.kind in row.kinds)
        )


def rows_on(answers: Answers, on: date) -> list[RoundRow]:
    """Every round that has grass of ours, by code."""
    teller = Teller(answers.council, answers.council.moment, on)
    grass = ((code, our_verges(teller, code)) for code in sorted(teller.book.by_round))
    return [_row(answers, teller, code, verges) for code, verges in grass if verges]


def _row(answers: Answers, teller: Teller, code: str, verges: Sequence[Verge]) -> RoundRow:
    found = {verge.id: answers.found(teller, verge) for verge in verges}
    cut = cut_at_hand(cuts_of(verges), found.values())
    newest = _newest(teller, verges)
    statuses = Counter(status.status for status in found.values())
    return RoundRow(
        round=teller.book.rounds.get(code) or Round(code),
        status=most(status.status for status in found.values()) or Status.UNKNOWN,
        cut=cut,
        verges=tuple(verges),
        done=sum(_is_done(status, cut) for status in found.values()),
        late=statuses[Status.LATE],
        newest=newest,
        is_quiet=_is_quiet(teller, verges, statuses, _heard(cut, newest)),
    )


def _is_done(found: VergeStatus, cut: Cut | None) -> bool:
    if cut is None:
        return found.status == Status.CUT
    return found.was_done and (found.season, found.cut) == (cut.season, cut.number)


def _newest(teller: Teller, verges: Iterable[Verge]) -> Event | None:
    marks = {
        event.id: event
        for verge in verges
        for event in teller.moment.ledger.marks_of(verge.id)
        if event.on <= teller.on and event.kind in MARKS
    }
    return max(marks.values(), key=lambda event: event.newest_key, default=None)


def _heard(cut: Cut | None, newest: Event | None) -> date | None:
    """From which day on a mark could be expected: between two cuts there is none to make."""
    days = [newest.on] if newest else []
    days += [cut.window.start] if cut and cut.window else []
    return max(days, default=None)


def _is_quiet(
    teller: Teller, verges: Sequence[Verge], statuses: Mapping[Status, int], heard: date | None
) -> bool:
    is_open = any(statuses[status] for status in OPEN)
    is_said = any(teller.is_said_to_be_tracked(verge) for verge in verges)
    return is_open and is_said and is_quiet_since(heard, teller.on, teller.calendar)


# Late and quiet


@dataclass(frozen=True, slots=True)
class Ward:
    """What is late or quiet in a ward: round and how many of its streets."""

    name: str
    late: tuple[tuple[RoundRow, int], ...]
    quiet: tuple[tuple[RoundRow, int], ...]


def quiet_services(answers: Answers, on: date) -> list[str]:
    """Services whose crews should mark every cut, and were not heard of for ten working days."""
    teller = Teller(answers.council, answers.council.moment, on)
    said = {v.service for v in teller.book.verges.values() if teller.is_said_to_be_tracked(v)}
    return sorted(service for service in said if teller.is_gone_quiet(service))


def wards_with_trouble(answers: Answers, on: date) -> list[Ward]:
    """The wards with streets that are late or in rounds that have gone quiet, by name."""
    teller = Teller(answers.council, answers.council.moment, on)
    late: dict[str, Counter[int]] = defaultdict(Counter)
    quiet: dict[str, Counter[int]] = defaultdict(Counter)
    rows = rows_on(answers, on)
    for number, row in enumerate(rows):
        if row.late:
            late_ones = [v for v in row.verges if answers.found(teller, v).status == Status.LATE]
            _count(teller, late_ones, number, late)
        if row.is_quiet:
            _count(teller, row.verges, number, quiet)
    names = sorted({*late, *quiet})
    return [Ward(name, _listed(rows, late[name]), _listed(rows, quiet[name])) for name in names]


def _count(
    teller: Teller, verges: Iterable[Verge], number: int, wards: dict[str, Counter[int]]
) -> None:
    streets = {street for verge in verges for street in verge.streets}
    for street in streets:
        found = teller.moment.atlas.street(street)
        wards[(found.street.ward if found else "") or NO_WARD][number] += 1


def _listed(rows: Sequence[RoundRow], streets: Counter[int]) -> tuple[tuple[RoundRow, int], ...]:
    return tuple((rows[number], count) for number, count in sorted(streets.items()))


def warnings(answers: Answers, on: date) -> list[str]:
    """What the office should know before anything else, a sentence each."""
    rows = rows_on(answers, on)
    late, quiet = sum(bool(row.late) for row in rows), sum(row.is_quiet for row in rows)
    said = [
        f"Nothing was recorded for {service} for ten working days."
        for service in quiet_services(answers, on)
    ]
    if late:
        said.append(f"{late} {'round has' if late == 1 else 'rounds have'} grass running late.")
    if quiet:
        rounds = "1 round has" if quiet == 1 else f"{quiet} rounds have"
        said.append(f"{rounds} had no mark for ten working days.")
    return said
