"""Working days: Monday to Friday, without the bank holidays of one nation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)

SEARCHED_DAYS = 3_700
"""How far a deadline is looked for. A pause without an end lasts for the year it was made in, so
only a verge paused for ten years running has no deadline."""


@lru_cache(maxsize=64)
def bank_holidays(year: int, subdivision: str) -> frozenset[date]:
    """The bank holidays of a year in `ENG`, `WLS`, `SCT` or `NIR`."""
    return frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=year))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one nation. Counts are remembered: most verges share their dates."""

    subdivision: str = "ENG"

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in bank_holidays(day.year, self.subdivision)

    @lru_cache(maxsize=8_192)  # noqa: B019 - equal calendars share, so nothing piles up
    def working_days(self, start: date, end: date) -> int:
        """How many working days lie from `start` to `end`, both included."""
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return sum(map(self.is_working, days))

    def passed_since(self, past: date, day: date, most: int) -> int:
        """Working days after `past` up to and with `day`, counted no further than `most`."""
        count, current = 0, past
        while current < day and count < most:
            current += ONE_DAY
            count += self.is_working(current)
        return count

    @lru_cache(maxsize=8_192)  # noqa: B019 - as above
    def nth_working_day(self, start: date, number: int) -> date | None:
        """The `number`-th working day counted from `start`, which itself counts."""
        return self.nth_working_day_outside(start, number, lambda day: False)

    def nth_working_day_outside(
        self, start: date, number: int, is_suspended: Callable[[date], bool]
    ) -> date | None:
        """The `number`-th working day counted from `start` that is not suspended.

        None when there is none within `SEARCHED_DAYS`, or for a number below 1.
        """
        day = start
        for _ in range(SEARCHED_DAYS if number > 0 else 0):
            if self.is_working(day) and not is_suspended(day):
                number -= 1
                if number == 0:
                    return day
            day += ONE_DAY
        return None
