"""Days, windows and times as English sentences say them."""

from datetime import date, datetime

from mapsvc.domain.schedule import Window


def recorded(as_at: datetime) -> str:
    """When the records were as they are: `Recorded as of 2:05pm on Wednesday 17 June 2026.`"""
    return f"Recorded as of {_clock(as_at.hour, as_at.minute)} on {full_date(as_at.date())}."


def _clock(hour: int, minute: int) -> str:
    """`2:05pm`; GOV.UK writes `midday` and `midnight`, because few are sure which is 12pm."""
    if minute == 0 and hour % 12 == 0:
        return "midday" if hour else "midnight"
    return f"{hour % 12 or 12}:{minute:02}{'am' if hour < 12 else 'pm'}"


def full_date(day: date) -> str:
    """`Wednesday 17 June 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def day_in(year: int, day: date) -> str:
    """`Wednesday 17 June`, with the year where it is another than `year`."""
    return f"{day:%A} {day.day} {day:%B}" if day.year == year else full_date(day)


def span(window: Window, year: int, joined: str) -> str:
    """`Monday 8 <joined> Friday 12 June`: month and year are said once where they are the same."""
    start, end = window.start, window.end
    if start == end:
        return day_in(year, end)
    first = day_in(year, start)
    if (start.year, start.month) == (end.year, end.month):
        first = f"{start:%A} {start.day}"
    elif start.year == end.year:
        first = f"{start:%A} {start.day} {start:%B}"
    return f"{first} {joined} {day_in(year, end)}"


def when(window: Window, year: int) -> str:
    """`between Monday 8 and Friday 12 June`, or `on Tuesday 9 June`."""
    return f"{'on' if window.start == window.end else 'between'} {span(window, year, 'and')}"
