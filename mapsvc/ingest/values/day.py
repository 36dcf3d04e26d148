"""One day, week or month as people write it, perhaps without a year. No ranges here."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches

from mapsvc.domain.schedule import Window

MONTHS = (
    ("january", "jan", "ionawr"),
    ("february", "feb", "chwefror"),
    ("march", "mar", "mawrth"),
    ("april", "apr", "ebrill"),
    ("may", "mai"),
    ("june", "jun", "mehefin"),
    ("july", "jul", "gorffennaf"),
    ("august", "aug", "awst"),
    ("september", "sept", "sep", "medi"),
    ("october", "oct", "hydref"),
    ("november", "nov", "tachwedd"),
    ("december", "dec", "rhagfyr"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
FIRST_YEAR, LAST_YEAR = 2000, 2099

_MONTH = "(?P<month>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = r"(?:[t ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}",
        rf"(?P<day>\d{{1,2}})(?P<gap>[-/.])(?P<month>\d{{1,2}})(?P=gap)(?P<year>\d{{4}}|\d\d){_TIME}",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})",
        rf"{_DAY}(?: of)?[ \-./]*{_MONTH}(?:[ \-./,]+(?P<year>\d{{4}}|'?\d\d))?{_TIME}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? {_YEAR})?",
        rf"{_MONTH}(?:[ \-/,]*{_YEAR})?",
        _DAY,
    )
)
_MONTH_AND_TWO_DIGITS = re.compile(rf"{_MONTH}[-/]\d\d")
_WEEKDAY = re.compile(
    r"\b(" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\b\.?,?\s*", re.ASCII
)
_WEEK = re.compile(
    r"(?:the )?(?:w\.?/?c\b\.?|w/?b\b|w/?e\b|week[ -]?(?:commencing|beginning|starting|ending|of)"
    r"|wythnos yn dechrau)[ :]*"
)


class NoSuchDay(ValueError):
    """Text that is meant for a date and cannot be one; the message says why, as a clause."""

    def __init__(self, why: str, *, month_first: bool = False) -> None:
        super().__init__(why)
        self.month_first = month_first


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """What was written of a day: parts left out are None. No `day` means the whole month.

    `week` means Monday to Friday of the week that holds the day; `weekday` is 0 for Monday.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    week: bool = False
    weekday: int | None = None

    def filled_from(self, other: "WrittenDay") -> "WrittenDay":
        """With the year, and the month of a bare day, of `other` where they were left out."""
        month = other.month if self.month is None else self.month
        return replace(self, year=self.year or other.year, month=month)

    def window(self, year: int) -> Window:
        """The days meant, in `year` unless one was written.

        Raises
        ------
        NoSuchDay : for 31 February, a thirteenth month, a year that no schedule is for.
        """
        year = self.year or year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise NoSuchDay(f"the year {year} cannot be right")
        if self.month is None or not 1 <= self.month <= 12:
            raise NoSuchDay(
                f"there is no month {self.month}" if self.month is not None else "it has no month",
                month_first=self.month is not None and self.month > 12 and _fits_month(self.day),
            )
        return self._days(year, self.month)

    def _days(self, year: int, month: int) -> Window:
        length = monthrange(year, month)[1]
        if self.day is None:
            return Window(date(year, month, 1), date(year, month, length))
        if not 1 <= self.day <= length:
            raise NoSuchDay(f"{MONTHS[month - 1][0].title()} {year} has {length} days")
        day = date(year, month, self.day)
        if self.weekday is not None and not self.week and day.weekday() != self.weekday:
            raise NoSuchDay(f"{day:%-d %B %Y} is a {day:%A}")
        return working_week(day) if self.week else Window(day, day)


def _fits_month(day: int | None) -> bool:
    return day is not None and 1 <= day <= 12


def working_week(day: date) -> Window:
    """Monday to Friday of the week of `day`; a weekend begins the week after it."""
    monday = day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else -day.weekday())
    return Window(monday, monday + timedelta(days=4))


def clean(text: str) -> str:
    """`text` in small letters on one line, full-width digits narrowed, dashes all alike."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return re.sub(r"\s+", " ", text).strip(" .,;")


def read_day(text: str) -> WrittenDay | None:
    """What `text` (after `clean`) says of a day, or None when it is written as no day is.

    Raises
    ------
    NoSuchDay : when it can be read in two ways.
    """
    week = _WEEK.match(text)
    text = text[week.end() :] if week else text
    weekdays = _WEEKDAY.findall(text)
    text = _WEEKDAY.sub("", text).strip(" ,") if len(weekdays) == 1 else text
    if _MONTH_AND_TWO_DIGITS.fullmatch(text):
        raise NoSuchDay("it can be read as a day or as a year")
    for form in _FORMS:
        if found := form.fullmatch(text):
            weekday = WEEKDAYS[weekdays[0]] if weekdays else None
            return _written(found.groupdict(), bool(week), weekday)
    return None


def _written(parts: dict[str, str | None], week: bool, weekday: int | None) -> WrittenDay:
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    number = year and int(year.lstrip("'"))
    return WrittenDay(
        year=(number + 2000 if number < 100 else number) if isinstance(number, int) else None,
        month=MONTH_NUMBERS.get(month) or int(month) if month else None,
        day=int(day) if day else None,
        week=week,
        weekday=weekday,
    )


_AROUND_DATES = re.compile(
    "to|until|till|from|and|between|of|the|w|c|b|e|wc|wb|week|commencing|beginning|st|nd|rd|th|t|z"
)


def is_meant_as_date(text: str) -> bool:
    """Whether `text` holds digits and nothing but numbers, names of months and days, and joints."""
    tokens = re.findall(r"\d+|[^\W\d_]+", clean(text))
    return any(token.isdigit() for token in tokens) and all(map(_belongs_to_dates, tokens))


def _belongs_to_dates(token: str) -> bool:
    if token.isdigit() or token in WEEKDAYS or _AROUND_DATES.fullmatch(token):
        return True
    return len(token) > 2 and bool(get_close_matches(token, MONTH_NUMBERS, 1, cutoff=0.75))
