"""How a page shows a season: the rows of its table, and the same as a line of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mapsvc.domain.answers import Answer, SeasonRow
from mapsvc.domain.schedule import Window
from mapsvc.domain.season import CutState
from mapsvc.domain.wording import became_in_words, planned_in_words, stretches_in_words

MOST_LANES = 6
"""A road with more kinds of grass than that has its table alone."""

LOOKS = {
    CutState.DONE: "done",
    CutState.BEGUN: "begun",
    CutState.MISSED: "held",
    CutState.PAUSED: "held",
    CutState.LEFT_LONG: "held",
}
"""How a bar looks; all others are outlines."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: what was planned, where, and what became of it."""

    planned: str
    where: str
    became: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The days of a cut on the line of time, and the day on which it was marked as cut, if it was.

    `left`, `width` and `marked` are in hundredths of the line.
    """

    left: float
    width: float
    look: str
    marked: float | None


@dataclass(frozen=True, slots=True)
class Lane:
    """The cuts of some of the grass; `where` is empty where that is all of it."""

    where: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lanes, where each month begins, and the day of the answer where it lies among them."""

    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, str], ...]
    today: float | None


@dataclass(frozen=True, slots=True)
class Season:
    """A season as a page shows it."""

    year: int
    lines: tuple[Line, ...]
    timeline: Timeline | None

    @property
    def has_stretches(self) -> bool:
        return any(line.where for line in self.lines)


def season_of(answer: Answer) -> Season | None:
    """The season of a street's answer, None where nothing is planned."""
    if not answer.season:
        return None
    everywhere = [group.where for group in answer.groups]
    lines = [
        Line(
            planned_in_words(row.record, answer.on),
            _where(row, everywhere),
            became_in_words(row.record, answer.on),
        )
        for row in answer.season
    ]
    year = answer.season[0].record.cut.season
    return Season(year, tuple(lines), _timeline(answer, everywhere))


def _where(row: SeasonRow, everywhere: Iterable[str]) -> str:
    """Where a row is true, in words; empty where it is true of all grass on the street."""
    if set(row.where) == {where for where in everywhere if where} or not row.where:
        return ""
    return stretches_in_words(row.where, everywhere)


def _timeline(answer: Answer, everywhere: Iterable[str]) -> Timeline | None:
    lanes: dict[tuple[str, ...], list[SeasonRow]] = {}
    for row in answer.season:
        if row.record.cut.window:
            lanes.setdefault(row.where, []).append(row)
    if not lanes or len(lanes) > MOST_LANES:
        return None
    scale = _Scale.of([days for rows in lanes.values() for row in rows for days in _days(row)])
    return Timeline(
        tuple(
            Lane(_where(rows[0], everywhere), tuple(_bar(row, scale) for row in rows))
            for rows in lanes.values()
        ),
        scale.months(),
        scale.at(answer.on) if answer.on in scale.days else None,
    )


def _days(row: SeasonRow) -> list[Window]:
    """The days planned, and that on which it was marked as cut."""
    record, marked = row.record, _marked(row)
    found = [record.cut.window] if record.cut.window else []
    return [*found, Window(marked, marked)] if marked else found


def _marked(row: SeasonRow) -> date | None:
    return row.record.day if row.record.state is CutState.DONE else None


def _bar(row: SeasonRow, scale: "_Scale") -> Bar:
    planned, marked = row.record.cut.window, _marked(row)
    assert planned is not None, "only cuts with dates have a lane"
    left, right = scale.at(planned.start), scale.at(planned.end + timedelta(days=1))
    look = LOOKS.get(row.record.state, "")
    return Bar(left, round(right - left, 2), look, scale.at(marked) if marked else None)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole months, as hundredths."""

    days: Window

    @classmethod
    def of(cls, windows: Iterable[Window]) -> "_Scale":
        windows = list(windows)
        first = min(window.start for window in windows).replace(day=1)
        last = max(window.end for window in windows)
        return cls(Window(first, _next_month(last) - timedelta(days=1)))

    def at(self, day: date) -> float:
        whole = (self.days.end - self.days.start).days + 1
        return round(100 * (day - self.days.start).days / whole, 2)

    def months(self) -> tuple[tuple[float, str], ...]:
        found, first = [], self.days.start
        while first <= self.days.end:
            found.append((self.at(first), f"{first:%b}"))
            first = _next_month(first)
        return tuple(found)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
