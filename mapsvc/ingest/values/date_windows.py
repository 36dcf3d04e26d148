"""The text of a date cell becomes windows, a reason in place of dates, or a bad date.

Single days are read in `day`. `ingest/schedule` decides which cut of which verge a window is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from mapsvc.domain.schedule import Window
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.values.claims import claims_work
from mapsvc.ingest.values.day import NoSuchDay, WrittenDay, clean, is_meant_as_date, read_day

LONGEST_WRAP = timedelta(days=183)
"""`15 November - 10 February` runs into the next year; `28 May - 24 April` is a mistake."""

LONGEST = timedelta(days=366)

SEASON_END = (10, 31)
"""Where `every 3 weeks from 8 April` stops when it does not say: grass stops growing then."""

MOST_REPEATS = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """Text in place of dates, as it was written; empty for an empty cell."""

    text: str


@dataclass(frozen=True, slots=True)
class BadDate:
    """What was meant for a date and cannot be one; `sentence` says why and what to write.

    `month_first` says that the value would be a date in American order.
    """

    text: str
    sentence: str
    month_first: bool = False


NOTHING = Reason("")


def is_blank(text: str) -> bool:
    """Whether a text stands for an empty cell: nothing, a dash, a question mark."""
    return not clean(text).strip("-?_/")


def parse_window(cell: Cell, season: int) -> Window | Reason | BadDate:
    """The one window that `cell` names; `parse_windows` reads cells that name several."""
    found = parse_windows(cell, season)
    if not isinstance(found, tuple):
        return found
    if len(found) > 1:
        return bad_date(str(cell), f"it names {len(found)} dates where one is wanted")
    return found[0]


def parse_windows(cell: Cell, season: int) -> tuple[Window, ...] | Reason | BadDate:
    """What a cell of dates says; days without a year are in `season`. Never raises.

    Day before month always. Text that is no date is a reason; text that was plainly meant as one
    (`31/02/2026`), and a bare number, is a bad date.
    """
    if cell is None or cell != cell:
        return NOTHING
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return (Window(cell, cell),)
    if isinstance(cell, bool):
        return bad_date(str(cell).upper(), "it is a tick, not a date")
    if isinstance(cell, int | float):
        return _bare_number(str(cell))
    return _parse_text(" ".join(cell.split()), season)


@lru_cache(maxsize=4096)
def _parse_text(text: str, season: int) -> tuple[Window, ...] | Reason | BadDate:
    plain = clean(text)
    if is_blank(text):
        return NOTHING
    if re.fullmatch(r"[\d.,]+(e\+?\d+)?", plain) and not re.fullmatch(r"\d+\.\d+\.\d+", plain):
        return _bare_number(text)
    try:
        if claims_work(plain):
            return bad_date(
                text, "it says that grass was cut, and a schedule holds what is planned"
            )
        windows = _read(plain, season)
    except NoSuchDay as error:
        is_american = error.month_first and not plain[:4].isdigit()
        return bad_date(text, str(error), is_american)
    if windows:
        return windows
    return bad_date(text, "it cannot be read as one") if is_meant_as_date(text) else Reason(text)


def _read(plain: str, season: int) -> tuple[Window, ...]:
    for step in (_single, _range, _repeated, _listed):
        if windows := step(plain, season):
            return windows
    return ()


def _single(plain: str, season: int) -> tuple[Window, ...]:
    written = read_day(plain)
    if written is None or written.month is None:
        return ()
    return (written.window(season),)


_JOINT = re.compile(r" ?(?:-|\bto\b|\buntil\b|\btill\b|\bthrough\b|\band\b|\bhyd\b|/) ?")
_LEAD = re.compile(r"^(?:from|between|rhwng|o) ")


def _range(plain: str, season: int) -> tuple[Window, ...]:
    """`24 April - 28 May`, `7-11 April`, `between 3 and 7 June 2026`, `June to July`."""
    plain, is_led = _without_lead(plain)
    for joint in _JOINT.finditer(plain):
        if joint.group().strip() == "and" and not is_led:
            continue
        first, last = read_day(plain[: joint.start()]), read_day(plain[joint.end() :])
        if first and last and not (first.month is None and last.month is None):
            if joint.group().strip() == "/" and first.day and last.day:
                return _divided(first, last, season)
            return (_from_to(first, last, season),)
    return ()


APART = timedelta(days=14)
"""`1st June / 29th June` lie further apart than one cut lasts: they are two."""


def _divided(first: WrittenDay, last: WrittenDay, season: int) -> tuple[Window, ...]:
    """Two days with a stroke between them: neighbours are one cut, distant ones two.

    What lies between may be either, and nothing is said.
    """
    start, end = first.filled_from(last).window(season), last.filled_from(first).window(season)
    if start.end + timedelta(days=1) == end.start:
        return (Window(start.start, end.end),)
    return (start, end) if end.start - start.end > APART else ()


def _without_lead(plain: str) -> tuple[str, bool]:
    found = _LEAD.match(plain)
    return (plain[found.end() :], True) if found else (plain, False)


def _from_to(first: WrittenDay, last: WrittenDay, season: int) -> Window:
    first_year, last_year = first.year, last.year
    first, last = first.filled_from(last), last.filled_from(first)
    start, end = first.window(season).start, last.window(season).end
    if end < start and not (first_year and last_year):
        start, end = _over_new_year(first, last, season, is_end_dated=bool(last_year))
    if end < start:
        raise NoSuchDay("it ends before it starts")
    if end - start > LONGEST:
        raise NoSuchDay("it lasts longer than a year")
    return Window(start, end)


def _over_new_year(
    first: WrittenDay, last: WrittenDay, season: int, *, is_end_dated: bool
) -> tuple[date, date]:
    year = first.year or season
    before = year - 1 if is_end_dated else year
    start = replace(first, year=before).window(season).start
    end = replace(last, year=before + 1).window(season).end
    if end - start > LONGEST_WRAP:
        raise NoSuchDay("it ends before it starts")
    return start, end


_NUMBER_WORDS = {
    "other": 2,
    "second": 2,
    "two": 2,
    "three": 3,
    "third": 3,
    "four": 4,
    "fourth": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "twelve": 12,
}
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(_NUMBER_WORDS) + ")"
_UNIT = "(?P<unit>working day|day|week|fortnight|month)s?"
_EVERY = rf"(?:every|each) (?:{_COUNT}(?:st|nd|rd|th)? )?{_UNIT}"
_ADVERB = rf"(?:{_COUNT}[ -])?(?P<unit>daily|weekly|fortnightly|monthly)"
_REPEATS = tuple(
    re.compile(
        form + r",? (?:from|starting(?: on| from)?|beginning(?: on)?|commencing(?: on)?) "
        r"(?P<first>.+?)(?: ?(?:-|\bto\b|\buntil\b|\btill\b|\bending\b) ?(?P<last>\D.*|\d.*))?"
    )
    for form in (_EVERY, _ADVERB)
)
_DAYS_OF_UNIT = {"day": 1, "daily": 1, "week": 7, "weekly": 7, "fortnight": 14, "fortnightly": 14}


def _repeated(plain: str, season: int) -> tuple[Window, ...]:
    """`every 3 weeks from 8 April to 30 September`: a window for each time."""
    for form in _REPEATS:
        if not (found := form.fullmatch(plain)):
            continue
        first, last = read_day(found["first"]), read_day(found["last"] or "")
        if first and first.day and (last or not found["last"]):
            first = first.filled_from(last) if last else first
            start = first.window(season)
            return tuple(_repeats(start, _end(start.start, last), found.groupdict()))
    return ()


def _end(start: date, last: WrittenDay | None) -> date:
    if last is None:
        end = date(start.year, *SEASON_END)
        return end if start <= end else date(start.year, 12, 31)
    end = last.window(start.year).end
    if end < start:
        raise NoSuchDay("it ends before it starts")
    return end


def _repeats(first: Window, end: date, parts: dict[str, str | None]) -> Iterator[Window]:
    count, unit = parts["count"] or "1", parts["unit"] or ""
    number = _NUMBER_WORDS.get(count) or int(count)
    if number < 1:
        raise NoSuchDay("it repeats every 0 days")
    length = first.end - first.start
    for time in range(MOST_REPEATS):
        start = _moved(first.start, number * time, unit)
        if start > end:
            return
        yield Window(start, start + length)


def _moved(start: date, number: int, unit: str) -> date:
    if unit in ("month", "monthly"):
        months = start.month - 1 + number
        return _in_month(start.year + months // 12, months % 12 + 1, start.day)
    if unit == "working day":
        weeks, days = divmod(start.weekday() + number, 5)
        return start + timedelta(days=weeks * 7 + days - start.weekday())
    return start + timedelta(days=number * _DAYS_OF_UNIT[unit])


def _in_month(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _listed(plain: str, season: int) -> tuple[Window, ...]:
    """`7 April, 5 May and 2 June`; a part without its month or year takes the next one's."""
    parts = [part.strip() for part in re.split(r"[,;&+]|\band\b", plain) if part.strip()]
    days = [read_day(part) for part in parts]
    if len(parts) < 2 or any(day is None for day in days):
        return tuple(_listed_ranges(parts, season)) if len(parts) > 1 else ()
    filled: list[WrittenDay] = []
    for day in reversed(days):
        assert day is not None
        filled.append(day.filled_from(filled[-1]) if filled else day)
    if filled[0].month is None:
        return ()
    return tuple(sorted((day.window(season) for day in filled), key=lambda window: window.start))


def _listed_ranges(parts: Sequence[str], season: int) -> list[Window]:
    windows: list[Window] = []
    for part in parts:
        found = _single(part, season) or _range(part, season)
        if not found:
            return []
        windows.extend(found)
    return windows


_FREQUENCY = re.compile(
    r"\b(?:(?:every|each) (?:\w+ )?(?:working )?(?:day|week|fortnight|month|year)s?"
    r"|(?:bi-?)?(?:weekly|monthly)|fortnightly|annually|yearly"
    r"|(?:\w+ )?(?:times|cuts|once|twice) (?:a|per|each|in a|in the) (?:week|month|year|season))\b"
)


@lru_cache(maxsize=4_096)
def is_frequency(text: str) -> bool:
    """Whether text in place of dates says how often instead: `every 3 weeks`, `twice a year`."""
    return bool(_FREQUENCY.search(clean(text)))


def _bare_number(text: str) -> BadDate:
    try:
        days = int(float(text))
    except (ValueError, OverflowError):
        days = 0
    if 36526 <= days <= 73050:
        meant = date(1899, 12, 30) + timedelta(days=days)
        why = f"it is a bare number, which Excel might show as {meant:%-d %B %Y}"
        return bad_date(text, why, advice="Format the cell as a date, or enter one, like")
    return bad_date(text, "it is a bare number")


def bad_date(
    text: str, why: str, month_first: bool = False, advice: str = "Enter a date, like"
) -> BadDate:
    """The sentence about a text that was meant for a date and is none, because of `why`."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    order = "The day comes before the month. " if month_first else ""
    sentence = f'"{shown}" cannot be a date: {why}. {order}{advice} 07/04/2026 or 2026-04-07.'
    return BadDate(text, sentence, month_first)
