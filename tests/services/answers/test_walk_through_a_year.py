"""Every street of a council on every day from February to March of the year after.

No sentence breaks a date that an earlier one promised without a record in between, `cut` never
appears without a mark, every day has one story, and words stand until the day that was said.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mapsvc.domain.answers import Answer, Group
from mapsvc.domain.season import CutState
from mapsvc.domain.status import Status
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.state.council import Council
from tests.support.year_council import YearCouncil

MONTHS = [date(2000, number, 1).strftime("%B") for number in range(1, 13)]
DAY = rf"(?:\w+day )(\d+)(?: ({'|'.join(MONTHS)}))?(?: (\d{{4}}))?"
SPAN = rf"(?:between|on) (?:{DAY} and )?{DAY}"
HELD = {Status.SUSPENDED, Status.RESTING}

TABLE = {
    Status.CUT: {CutState.DONE},
    Status.MISSED: {CutState.MISSED},
    Status.DELAYED: {CutState.DELAYED},
    Status.UNDER_WAY: {CutState.BEGUN},
    Status.DUE: {CutState.DUE, CutState.UNMARKED, CutState.UNCONFIRMED},
    Status.LATE: {CutState.UNMARKED},
    Status.UNCONFIRMED: {CutState.UNCONFIRMED},
}
"""What the table may say of the cut that the sentence speaks of."""


@dataclass(frozen=True)
class Promise:
    """Something that was told on a day of days to come."""

    kind: str
    start: date
    end: date
    told: date

    def is_kept_on(self, day: date, group: Group) -> bool:
        """Whether what is told on a later day agrees."""
        found = group.found
        if self.kind == "plan" and day <= self.end:
            windows = [(w.start, w.end) for w in (found.window, found.next) if w]
            is_told = (self.start, self.end) in windows
            return is_told if day < self.start else is_told and found.status in OPEN | HELD
        if self.kind == "aim" and day <= self.end:
            return found.status in (OPEN | HELD if day < self.end else OPEN)
        if self.kind == "expected" and day <= self.end:
            return found.status in {Status.DELAYED, Status.MISSED} | HELD
        if self.kind == "pause" and self.start <= day <= self.end:
            return found.status in HELD
        if self.kind == "rest" and day <= self.end:
            return found.status is Status.RESTING
        return True


OPEN = {Status.DUE, Status.UNDER_WAY}

SAID = {
    "plan": rf"(?:We plan to [^.]*?|The next(?: cut)? is planned ){SPAN}",
    "aim": rf"aim to [^.]* by {DAY}",
    "expected": rf"We now expect to cut by {DAY}",
    "pause": rf"The pause runs to {DAY}",
    "announced": rf"Cutting will pause here from {DAY}(?: to {DAY})?",
    "rest": rf"We are leaving this grass to grow until {DAY}",
}


def promises_of(words: str, day: date) -> Iterator[Promise]:
    """The days that a sentence promises, read as a resident would."""
    for kind, pattern in SAID.items():
        for found in re.finditer(pattern, words):
            days = list(_days(found.groups(), day))
            start = days[0] if kind in ("plan", "announced") else day
            end = days[-1]
            yield Promise("pause" if kind == "announced" else kind, start, end, day)


def _days(parts: tuple[str | None, ...], on: date) -> Iterator[date]:
    """The days that were named; a month or year that is not said is that of the day after it."""
    named = [parts[n : n + 3] for n in range(0, len(parts), 3) if parts[n]]
    month, year = named[-1][1], named[-1][2]
    for number, its_month, its_year in named:
        of_year = int(its_year or year or on.year)
        yield date(of_year, MONTHS.index(its_month or month or "") + 1, int(number or 0))


class Walk:
    """What was promised and told so far."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.promises: dict[str, tuple[object, set[Promise]]] = {}
        self.holding: dict[str, tuple[object, str, date | None, date]] = {}
        self.broken: list[object] = []
        self.held = 0
        self.opened: set[tuple[str, Promise]] = set()
        self.kinds: Counter[str] = Counter()

    def ask(self, answer: Answer) -> None:
        """Take in the answer of a day, and note what it breaks."""
        teller = Teller(self.council, self.council.moment, answer.on)
        for group in answer.groups:
            for verge in group.verges:
                self._keep_promises(teller, verge, group)
                self._hold(teller, verge, group)
            self._only_cut_when_marked(group)
        self._one_story(answer)

    def _stamp(self, teller: Teller, verge: str) -> object:
        """What is published, and what was recorded of the verge."""
        moment = self.council.moment
        events = moment.ledger.events_of(teller.book.verges[verge])
        return [edition.number for edition in moment.atlas.editions], [e.id for e in events]

    def _keep_promises(self, teller: Teller, verge: str, group: Group) -> None:
        stamp = self._stamp(teller, verge)
        known = self.promises.get(verge)
        promises = known[1] if known and known[0] == stamp else set()
        for promise in promises:
            is_ended = teller.on == promise.end and promise.kind == "plan"
            if promise.start <= teller.on and group.found.status not in HELD:
                self.opened.add((verge, promise))
            is_never_open = is_ended and (verge, promise) not in self.opened
            if is_never_open or not promise.is_kept_on(teller.on, group):
                self.broken.append((verge, promise, teller.on, group.words))
        new = set(promises_of(group.words, teller.on))
        self.kinds.update(promise.kind for promise in new)
        self.promises[verge] = stamp, {p for p in promises | new if p.end >= teller.on}

    def _hold(self, teller: Teller, verge: str, group: Group) -> None:
        """The words stand up to `holds_until`, and are others on the day after it."""
        service = teller.book.verges[verge].service
        newest = self.council.moment.ledger.newest_day(service, teller.on)
        stamp = self._stamp(teller, verge), newest
        known = self.holding.get(verge)
        words = f"{group.where} {group.label} {group.words}"
        if known and known[0] == stamp:
            _, told, until, since = known
            is_to_stand = until is None or teller.on <= until
            if (words == told) != is_to_stand:
                self.broken.append((verge, since, until, teller.on, told, words))
            self.held += 1
        if not (known and known[0] == stamp and known[1] == words):
            self.holding[verge] = stamp, words, group.holds_until, teller.on

    def _only_cut_when_marked(self, group: Group) -> None:
        if group.found.status is Status.CUT or "marked this grass as cut" in group.words:
            for verge in group.verges:
                marks = self.council.moment.ledger.marks_of(verge)
                if not any(e.kind == "done" and e.on == group.found.since for e in marks):
                    self.broken.append((verge, "cut without a mark", group.words))

    def _one_story(self, answer: Answer) -> None:
        told = [verge for group in answer.groups for verge in group.verges]
        if len(told) != len(set(told)):
            self.broken.append((answer.street.id, answer.on, "told twice"))
        for group in answer.groups:
            found = group.found
            if found.status in TABLE and found.window:
                states = {
                    row.record.state
                    for row in answer.season
                    if (row.record.cut.season, row.record.cut.number) == (found.season, found.cut)
                    and (not group.where or group.where in row.where)
                }
                if found.season == answer.on.year and not states & TABLE[found.status]:
                    self.broken.append((answer.street.id, answer.on, group.words, states))


KINDS = ("plan", "aim", "expected", "pause", "rest")


def test_a_year_keeps_its_word(tmp_path: Path, is_long: bool) -> None:
    year = YearCouncil(tmp_path, streets=48 if is_long else 8)
    answers, walk, asked = Answers(year.council), Walk(year.council), 0

    for day in year.days():
        for street in year.ids:
            walk.ask(answers.answer(street, day))
            asked += 1
    year.council.close()

    assert walk.broken[:3] == []
    assert asked == 424 * len(year.ids)
    assert walk.held > asked / 2
    assert len(year.recorded) > 100
    assert all(walk.kinds[kind] > 5 for kind in KINDS), walk.kinds


def test_the_walk_reads_what_a_sentence_promises() -> None:
    on = date(2026, 6, 17)
    words = (
        "This cut was planned for Monday 8 to Friday 12 June and has not been marked as done. "
        "We aim to do it by Friday 19 June. "
        "The next cut is planned between Monday 29 June and Friday 3 July. "
        "Cutting will pause here from Monday 20 to Friday 24 July because of a fair."
    )

    assert {(p.kind, p.start, p.end) for p in promises_of(words, on)} == {
        ("aim", on, date(2026, 6, 19)),
        ("plan", date(2026, 6, 29), date(2026, 7, 3)),
        ("pause", date(2026, 7, 20), date(2026, 7, 24)),
    }
