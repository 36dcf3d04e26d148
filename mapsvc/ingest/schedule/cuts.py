"""The cuts that lines state: their dates, numbers and season. Whose they are is not told here."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mapsvc.domain.schedule import Cut, Programme, Window
from mapsvc.ingest.schedule.lines import ScheduleLine, where
from mapsvc.ingest.values.date_windows import (
    LONGEST,
    LONGEST_WRAP,
    BadDate,
    Reason,
    is_blank,
    is_frequency,
    parse_window,
    parse_windows,
)
from mapsvc.ingest.values.day import working_week
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report

MOST_CUTS = 366
"""A season has a cut a day at most."""

_ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 1
    )
}


_WEEK_HEADING = re.compile(
    r"(?i)\bw\W?[cb]\b|\bweek\W?(commencing|beginning|beg|starting|of)\b|^week$"
)


@dataclass(frozen=True, slots=True)
class StatedCut:
    """One cut as a line states it; `number` is None where the order of dates is to give it."""

    line: ScheduleLine
    number: int | None
    window: Window | None
    reason: str = ""

    @property
    def content(self) -> tuple[Window | None, str]:
        return self.window, self.reason

    @property
    def words(self) -> str:
        if self.window is None:
            return f'"{self.reason}"'
        start, end = self.window.start, self.window.end
        return f"{start:%-d %B %Y}" + (f" to {end:%-d %B %Y}" if end != start else "")


def said_cuts(line: ScheduleLine, season: int, report: Report) -> list[StatedCut]:
    """The cuts that `line` states in `season`; a bad date or number is a problem and no cut.

    Several dates in the place of one cut (`every 3 weeks from 8 April`) are that cut and the next.
    A cell that could not be read is a cut without dates or reason, which `numbered` leaves out:
    its verge does not take the dates of its round in their place.
    """
    number = _number(line, report)
    if number is _BAD:
        return []
    if line.unread & _OF_A_CUT:
        return [StatedCut(line, number, None)]
    found = _windows(line, season, report)
    if isinstance(found, str):
        is_said = found or not (is_blank(line.text("start")) and is_blank(line.text("end")))
        return (
            [StatedCut(line, number, None, found)] if is_said and not only_frequency(line) else []
        )
    return [
        StatedCut(line, None if number is None else number + later, window)
        for later, window in enumerate(found)
        if _is_of(window, season, line, report)
    ]


def frequency_in_place_of_dates(line: ScheduleLine) -> str:
    """`every 3 weeks` found where dates were looked for, or empty."""
    if isinstance(line.cells.get("start"), date):  # as most are; each line is asked
        return ""
    text = line.text("start")
    return text if text and is_frequency(text) and isinstance(_first(line), Reason) else ""


def only_frequency(line: ScheduleLine) -> bool:
    """Whether all that a line says of its cut is how often."""
    return bool(frequency_in_place_of_dates(line)) and not line.text("end")


def only_adds_a_cut(line: ScheduleLine, before: ScheduleLine | None) -> bool:
    """Whether a line says nothing but its cut that `before` did not say: one row with several cuts
    makes several lines, which differ in their cut alone.
    """
    is_same_row = before is not None and before.place == line.place
    return is_same_row and not frequency_in_place_of_dates(line)


def _first(line: ScheduleLine) -> tuple[Window, ...] | Reason | BadDate:
    return parse_windows(line.cells.get("start"), 2000)


_OF_A_CUT = frozenset({"start", "end"})
_BAD = -1


def _number(line: ScheduleLine, report: Report) -> int | None:
    cell = line.cells.get("cut")
    if type(cell) is int and 1 <= cell <= MOST_CUTS:  # and not True, which is 1
        return cell
    text = line.text("cut")
    if not text:
        return None
    found = re.fullmatch(r"(?i)(?:cut|no\.?|number)?[ _-]*(\d{1,4})(?:st|nd|rd|th)?(?: cut)?", text)
    word = text.casefold().removesuffix("cut").strip()
    number = int(found[1]) if found else _ORDINALS.get(word, 0)
    if 1 <= number <= MOST_CUTS:
        return number
    report.add(line.problem("bad_cut", "cut", Message("bad_cut", value=text[:40])))
    return _BAD


def _windows(line: ScheduleLine, season: int, report: Report) -> tuple[Window, ...] | str:
    """The windows of a line, or the reason why it has none (empty also after a problem)."""
    start = parse_windows(line.cells.get("start"), season)
    end = parse_window(line.cells.get("end"), season)
    if isinstance(start, BadDate):
        return _refused(line, "start", start, report)
    if isinstance(start, Reason):
        return _without_start(line, start, end, report)
    if isinstance(end, BadDate):
        return _refused(line, "end", end, report)
    if isinstance(end, Reason):
        return _weeks_or_days(line, start) if not end.text else _end_is_text(line, report)
    return _ended(line, start, end, season, report)


def _weeks_or_days(line: ScheduleLine, windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Days under `W/C` are weeks; under other headings they are days."""
    if not _WEEK_HEADING.search(line.headings.get("start", "")):
        return windows
    return tuple(
        working_week(window.start) if window.start == window.end else window for window in windows
    )


def _refused(line: ScheduleLine, column: str, found: BadDate, report: Report) -> str:
    report.add(line.problem("bad_date", column, found.sentence, found.text))
    return ""


def _without_start(
    line: ScheduleLine, start: Reason, end: Window | Reason | BadDate, report: Report
) -> str:
    if isinstance(end, Reason):
        return "" if is_frequency(start.text) else start.text or end.text
    if not start.text:
        end_text = line.text("end")
        message = Message("end_without_start", end=end_text)
        report.add(line.problem("bad_date", "start", message, end_text))
    return start.text


def _end_is_text(line: ScheduleLine, report: Report) -> str:
    message = Message("end_not_a_date", value=line.text("end")[:60])
    report.add(line.problem("bad_date", "end", message))
    return ""


def _ended(
    line: ScheduleLine, start: tuple[Window, ...], end: Window, season: int, report: Report
) -> tuple[Window, ...] | str:
    first, last = over_new_year(line, ("start", "end"), (start[0].start, end.end), season)
    if len(start) == 1 and first <= last and last - first <= LONGEST:
        return (Window(first, last),)
    if len(start) > 1:
        why = f"{line.text('start')} names {len(start)} dates and cannot have an end"
    elif last < first:
        why = f"{last:%-d %B %Y} is before its start, {first:%-d %B %Y}"
    else:
        why = f"it lasts longer than a year from {first:%-d %B %Y} to {last:%-d %B %Y}"
    sentence = f"The end of this cut is wrong: {why}. Correct the start or the end."
    report.add(line.problem("bad_date", "end", sentence))
    return ""


def over_new_year(
    line: ScheduleLine, names: tuple[str, str], days: tuple[date, date], season: int
) -> tuple[date, date]:
    """First and last day of two cells; `28 December` and `8 January` run over New Year.

    Only a cell that names no year can be of another one than the season's.
    """
    first, last = days
    if first <= last:
        return days
    start, end = (parse_window(line.cells.get(name), season + 1) for name in names)
    if isinstance(end, Window) and end.end != last:
        later = parse_window(line.cells.get(names[1]), first.year + 1)
        if isinstance(later, Window) and later.end - first <= LONGEST_WRAP:
            return first, later.end
    if isinstance(start, Window) and start.start != first:
        before = parse_window(line.cells.get(names[0]), last.year - 1)
        if isinstance(before, Window) and last - before.start <= LONGEST_WRAP:
            return before.start, last
    return days


def _is_of(window: Window, season: int, line: ScheduleLine, report: Report) -> bool:
    """Whether a window begins in its season; winter work may run over either new year."""
    start, end = window.start, window.end
    if start.year == season:
        return True
    if start.year == season + 1 and start.month <= 2:
        return True
    if start.year == season - 1 and start.month >= 11 and end.year == season:
        return True
    message = Message("date_of_other_season", day=start, season=season, year=start.year)
    report.add(line.problem("wrong_season", "start", message))
    return False


def numbered(said: Sequence[StatedCut], season: int, name: str, report: Report) -> Programme:
    """The cuts of one verge or round by number: twins folded, contradictions left out.

    Cuts without a number take the free numbers in the order of their dates, those without dates
    after them.

    Parameters
    ----------
    name : of the verge or round, for sentences
    """
    said = [one for one in said if one.window or one.reason]
    given: dict[int, StatedCut] = {}
    for one in said:
        if one.number is None:
            continue
        first = given.setdefault(one.number, one)
        if first.content != one.content:
            report.add(_contradiction(first, one, name))
    free = (number for number in range(1, MOST_CUTS * 2) if number not in given)
    for one in _unnumbered(said):
        given[next(free)] = one
    cuts = (Cut(season, number, *one.content) for number, one in given.items())
    return tuple(sorted(cuts, key=lambda cut: cut.number))


def _unnumbered(said: Iterable[StatedCut]) -> list[StatedCut]:
    different = {one.content: one for one in said if one.number is None}
    return sorted(different.values(), key=_by_dates)[:MOST_CUTS]


def _by_dates(one: StatedCut) -> tuple[date, date, str]:
    if one.window is None:
        return date.max, date.max, one.reason
    return one.window.start, one.window.end, ""


def _contradiction(first: StatedCut, second: StatedCut, name: str) -> Problem:
    rows = where(first.line, second.line)
    sentence = (
        f"Cut {first.number} of {name} has different dates in {rows}: {first.words}, and "
        f"{second.words}. The first is kept; correct one of them."
    )
    return second.line.problem("two_dates", "start", sentence)


def note_reasons(reasons: Counter[str], only_frequency: int, report: Report) -> None:
    """Notes of what stands in place of dates, the most frequent first.

    Parameters
    ----------
    only_frequency : rows of verges of which it is known only how often they are cut
    """
    if unread := reasons.pop("", 0):
        report.notes.append(
            f"Without a date, with what cannot be used in its place: {_rows(unread)}."
        )
    for reason, count in reasons.most_common(5):
        report.notes.append(f'Without a date, with "{reason}" in its place: {_rows(count)}.')
    if len(reasons) > 5:
        rest = sum(reasons.values()) - sum(count for _, count in reasons.most_common(5))
        report.notes.append(f"Without a date, for other reasons: {_rows(rest)}.")
    if only_frequency:
        report.notes.append(
            f"Without a date, with only how often they are cut: {_rows(only_frequency)}."
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
