"""An invented council and all that happens in it in a year, drawn from a seed.

Rounds that are tracked and rounds that are not, grass left long, grass of others, without dates;
marks of verges and rounds, pauses of every level, also of days to come, dates that move, a rename,
and the schedule of the next year.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from mapsvc.config import Settings
from mapsvc.errors import MarkRefused, NotFound
from mapsvc.services.marks.recording import Mark, record, withdraw
from mapsvc.services.schedules.publishing import Options, propose, publish
from mapsvc.services.state.council import Council
from tests.support.councils import KEEPERS

FIRST, LAST = date(2026, 2, 1), date(2027, 3, 31)
PLACES = ("Aston", "Barford", "Corley")
ROUNDS = {"R1": "yes", "R2": "yes", "R3": "no", "R4": "yes"}
MARKED = ("done", "done", "done", "started", "part_done", "missed", "delayed")
REASONS = ("wet weather", "a mower broke down", "vehicles were parked on it", "")
HEADINGS = (
    "usrn,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end,"
    "rest_from,rest_until,rest_reason"
)


@dataclass
class YearCouncil:
    """The council, and what is still to happen."""

    folder: Path
    streets: int = 12
    seed: int = 3
    dates: dict[str, list[date]] = field(default_factory=dict)
    recorded: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        settings = Settings(
            data=self.folder / "data",
            today=LAST,
            council_name="Example County Council",
            council_phone="01632 960000",
        )
        self.council = Council.open(settings)
        for code in ROUNDS:
            first = date(2026, 3, 30) + timedelta(days=7 * self.chance.randint(0, 3))
            self.dates[code] = [first + timedelta(days=35 * n) for n in range(5)]
        self._publish("keepers", KEEPERS, FIRST)
        self._publish("gazetteer", self._gazetteer("Lane"), FIRST)
        self._publish("schedule", self._schedule(2026), FIRST)

    @property
    def ids(self) -> list[str]:
        return [str(10000001 + number) for number in range(self.streets)]

    def days(self) -> Iterator[date]:
        """Every day of the year, after what was done on it."""
        day = FIRST
        while day <= LAST:
            self._do(day)
            yield day
            day += timedelta(days=1)

    # What happens

    def _do(self, day: date) -> None:
        if day == date(2026, 6, 2):
            self._publish("gazetteer", self._gazetteer("Road"), day)
        if day in (date(2026, 5, 6), date(2026, 8, 5)):
            code = self.chance.choice(list(ROUNDS))
            moved = [
                start + timedelta(days=7) if start > day else start for start in self.dates[code]
            ]
            self.dates[code] = moved
            self._publish("schedule", self._schedule(2026), day)
        if day == date(2027, 2, 10):
            self._publish("schedule", self._schedule(2027), day)
        if date(2026, 3, 25) < day and day.weekday() < 5:
            for _ in range(self.chance.choice((0, 0, 1, 2))):
                self._record(day)

    def _record(self, day: date) -> None:
        at = datetime.combine(day, time(9), UTC)
        if self.recorded and self.chance.random() < 0.05:
            with suppress(MarkRefused, NotFound):
                withdraw(self.council, self.chance.choice(self.recorded), at=at)
            return
        mark = self._pause(day) if self.chance.random() < 0.25 else self._mark(day)
        with suppress(MarkRefused):
            self.recorded.append(record(self.council, mark, at=at))

    def _mark(self, day: date) -> Mark:
        code = self.chance.choice(list(ROUNDS))
        begun = [n for n, start in enumerate(self.dates[code], start=1) if start <= day]
        number = max(begun, default=1)
        kind = self.chance.choice(MARKED)
        street = self.chance.choice(self.ids)
        target = self.chance.choice([f"round:{code}", f"round:{code}", f"verge:V{street[-2:]}a"])
        expected = day + timedelta(days=self.chance.randint(1, 20))
        return Mark(
            target,
            kind,
            day - timedelta(days=self.chance.choice((0, 0, 1))),
            cut=number,
            reason=self.chance.choice(REASONS) if kind in ("missed", "delayed") else "",
            expected=expected if kind in ("missed", "delayed") and number % 2 else None,
            sure=True,
        )

    def _pause(self, day: date) -> Mark:
        target = self.chance.choice(
            ["all", "place:Aston", "kind:rural", "round:R2", f"verge:V{self.ids[0][-2:]}a"]
        )
        on = day + timedelta(days=self.chance.choice((0, 0, 0, 9)))
        if self.chance.random() < 0.5:
            return Mark(target, "resumed", on, sure=True)
        until = on + timedelta(days=self.chance.choice((3, 12, 30)))
        is_open = self.chance.random() < 0.2
        return Mark(
            target,
            "suspended",
            on,
            reason=self.chance.choice(REASONS),
            until=None if is_open else until,
            sure=True,
        )

    # What is published

    def _publish(self, kind: str, text: str, day: date) -> None:
        file = self.folder / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        options = Options(season=day.year) if kind == "schedule" else Options()
        proposal = propose(self.council, kind, [file], options)
        publish(self.council, proposal, by="tests", at=datetime.combine(day, time(7), UTC))
        self.council.catch_up()

    def _gazetteer(self, last: str) -> str:
        rows = ["usrn,name,locality,parish,wkt"]
        for number, street in enumerate(self.ids):
            place, y = PLACES[number % len(PLACES)], 300000 + 100 * number
            name = f"Field {last}" if number == 0 else f"Mill {number} Lane"
            rows.append(f'{street},{name},{place},{place},"LINESTRING (450000 {y}, 450200 {y})"')
        return "\n".join(rows)

    def _schedule(self, season: int) -> str:
        plan = random.Random(self.seed + season)
        rows = [HEADINGS]
        for number, street in enumerate(self.ids[:-1]):
            for letter in "ab"[: 1 + number % 2]:
                rows += self._verge(plan, season, number, street, letter)
        return "\n".join(rows)

    def _verge(
        self, plan: random.Random, season: int, number: int, street: str, letter: str
    ) -> list[str]:
        verge = f"{street},V{street[-2:]}{letter},{'rural' if number % 3 else 'urban'}"
        place = f"{'north' if letter == 'a' else 'south'} side"
        code = list(ROUNDS)[(number + (letter == "b")) % len(ROUNDS)]
        if number == 3:
            return [f"{verge},{place},LE,,,,,,,,,"]
        if number == 4 and letter == "a":
            return [f"{verge},{place},CC,,every 15 working days,,,,,,,"]
        if number == 5 and letter == "a":
            return [f"{verge},{place},CC,,,no,1,N/A,,,,"]
        rest = f"{season}-05-01,{season}-07-05,so wild flowers can seed" if number == 6 else ",,"
        years = season - 2026
        starts = [day + timedelta(days=364 * years) for day in self.dates[code]]
        long = plan.choice((4, 4, 11)) if number % 5 == 0 else 4
        begun = f"{verge},{place},CC,{code},,{ROUNDS[code]}"
        return [
            f"{begun},{cut},{start},{start + timedelta(days=long)},{rest}"
            for cut, start in enumerate(starts, start=1)
        ]
