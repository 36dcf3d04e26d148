"""All that a date cell may say: sure dates, doubtful ones with their readings, a reason, or none.

The strict grammar of dates is `date_windows`; here is what people write around and instead of it.
Whatever a cell says is used whole: a part that no rule takes makes it doubtful or a bad date.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from mapsvc.domain.schedule import Window
from mapsvc.ingest.values import claims
from mapsvc.ingest.values.date_windows import BadDate, Reason, bad_date, is_frequency, parse_windows
from mapsvc.ingest.values.day import MONTH_NUMBERS, WEEKDAYS, clean, working_week

Windows = tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class SureDates:
    """Dates that can be read in one way, and the remark beside them, for staff alone."""

    windows: Windows
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DoubtfulDates:
    """Text that may mean one of several things: what may be meant, and what was left over.

    `is_one_way` says that there is one way of taking it as it is written.
    """

    readings: tuple[Windows, ...]
    left_over: str = ""
    is_one_way: bool = False


DateCell = SureDates | DoubtfulDates | Reason | BadDate


@lru_cache(maxsize=8_192)
def read_date_cell(text: str, season: int) -> DateCell:
    """What a text in a column of dates says; days without a year are in `season`. Never raises."""
    text = " ".join("; ".join(line for line in text.splitlines() if line.strip()).split())
    plain = clean(text)
    if refused := _never_a_plan(text, plain):
        return bad_date(text, refused)
    found = parse_windows(text, season)
    if isinstance(found, tuple):
        return SureDates(found)
    if isinstance(found, Reason) and (not found.text or is_frequency(plain)):
        return found
    for step in (_alternatives, _numbered_week, _week_of_month, _part_of_month, _qualified):
        if readings := step(plain, season):
            return DoubtfulDates(readings, is_one_way=len(readings) == 1)
    beside = _with_remark(text, season)
    if beside is not None:
        return beside
    if isinstance(found, Reason) and _speaks_of_days(plain):
        return bad_date(text, "a part of it is a date and the rest cannot be read")
    if isinstance(found, Reason) and claims.names_a_person(text):
        return bad_date(text, "it names a person")
    return found


def may_be_reason(text: str) -> str:
    """Why a text can never be told to residents in place of dates; empty when it can."""
    refused = _never_a_plan(text, clean(text))
    return refused or ("it names a person" if claims.names_a_person(text) else "")


# What is neither a plan nor a reason, however it is read

_ERROR = re.compile(r"#(?:ref|n/a|value|name|div/0|null|num|spill|calc)\b[!?]?|#+|err:\d+|nan")
DITTO = re.compile(
    r"[\s.-]*(?:[\"\u201c\u201d\u201e\u3003\u2033`]|''|,,)+[\s.-]*"
    r"|do\.?|ditto|dito|idem|id\.|(?:the )?same(?: as)?(?: above| before| again)?|as above"
    r"|see above"
    r"|as before|as previous|see previous|\^+|\u2193+|\u2191+",
    re.I,
)
"""What says `as in the row above`."""


def _never_a_plan(text: str, plain: str) -> str:
    """Why the text is a problem and can never be a reason either, as a clause; else empty."""
    if _ERROR.fullmatch(plain):
        return "it is an error of the spreadsheet"
    if text and DITTO.fullmatch(text):
        return "it repeats the row above. Write the date in each row"
    if claims.has_telephone(text) or claims.has_address(text):
        return "it holds a telephone number or an address"
    if claims.claims_work(plain):
        return "it says that grass was cut, and a schedule holds what is planned"
    if claims.is_relative(plain):
        return "it depends on the day on which it is read"
    return ""


def _speaks_of_days(plain: str) -> bool:
    return bool(
        re.search(r"\d", plain)
        and (claims.MONTH_OR_DAY.search(plain) or re.search(r"\d[/.-]\d", plain))
    )


# Doubtful dates


def _strict(plain: str, season: int) -> Windows:
    """The windows of a text of the strict grammar, none when it is not."""
    found = parse_windows(plain.strip(" -,:;"), season) if plain.strip(" -,:;") else ()
    return found if isinstance(found, tuple) else ()


def _one(plain: str, season: int) -> Window | None:
    found = _strict(plain, season)
    return found[0] if len(found) == 1 else None


def _alternatives(plain: str, season: int) -> tuple[Windows, ...]:
    """`8 June or 9 June`, `8/9 June`: the one, the other, from the one to the other, or both."""
    plain = plain.removeprefix("either ")
    for found in re.finditer(r"\s*(?:\bor\b|/)\s*", plain):
        second = _one(plain[found.end() :], season)
        if second is None:
            continue
        first_text = plain[: found.start()]
        first = _one(first_text, season)
        if first is None and re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", first_text):
            first = _one(f"{first_text} {second.start:%B} {second.start.year}", season)
        if first and first.start <= second.end:
            whole = Window(first.start, second.end)
            both = () if "or" in found.group() else ((first, second),)
            readings = ((first,), (second,), (whole,)) if "or" in found.group() else ((whole,),)
            return tuple(dict.fromkeys((*readings, *both)))
    return ()


_NUMBER_OF_WEEK = re.compile(
    r"(?:in )?(?:wks?|weeks?|w)\.?\s*(?:no\.?\s*|number\s*|#)?(?P<first>\d{1,2})"
    r"(?:\s*(?:-|to|and|&|/)\s*(?P<last>\d{1,2}))?(?:[\s,/]*(?:of )?(?P<year>20\d\d))?"
)


def _numbered_week(plain: str, season: int) -> tuple[Windows, ...]:
    """`wk 24`: by the calendar (ISO), or counted from the first week of the financial year."""
    found = _NUMBER_OF_WEEK.fullmatch(plain)
    if found is None:
        return ()
    year, first = int(found["year"] or season), int(found["first"])
    last = int(found["last"] or first)
    readings = []
    for monday in (_iso_monday, _monday_of_financial_year):
        try:
            start, end = monday(year, first), monday(year, last)
        except ValueError:
            continue
        if start <= end:
            readings.append((Window(start, end + timedelta(days=4)),))
    return tuple(dict.fromkeys(readings))


def _iso_monday(year: int, week: int) -> date:
    return date.fromisocalendar(year, week, 1)


def _monday_of_financial_year(year: int, week: int) -> date:
    if not 1 <= week <= 53:
        raise ValueError(week)
    april = date(year, 4, 1)
    return april - timedelta(days=april.weekday()) + timedelta(weeks=week - 1)


_NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4,
        "5th": 5, "fifth": 5, "last": -1, "final": -1}  # fmt: skip
_MONTH_NAME = r"(?P<month>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\.?"
_IN_MONTH = rf"(?: (?:of|in))?[ -]*(?:the )?{_MONTH_NAME}(?:[ ,]+(?P<year>20\d\d))?"
_NTH_OF_MONTH = re.compile(
    rf"(?:in |on |during )?(?:the )?(?P<nth>{'|'.join(_NTH)})(?: full| whole| working)? "
    rf"(?P<what>week|wk|{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))}){_IN_MONTH}"
)
_W_OF_MONTH = re.compile(rf"(?:week|wk) ?(?P<nth>[1-5]) ?{_IN_MONTH}")


def _week_of_month(plain: str, season: int) -> tuple[Windows, ...]:
    """`first week of June`: the week with its first day, the first full one, or its first days."""
    found = _NTH_OF_MONTH.fullmatch(plain) or _W_OF_MONTH.fullmatch(plain)
    if found is None:
        return ()
    parts = found.groupdict()
    nth = _NTH.get(parts["nth"]) or int(parts["nth"])
    year, month = int(parts["year"] or season), MONTH_NUMBERS[parts["month"]]
    days = _days_of(year, month)
    if (what := parts.get("what") or "week") not in ("week", "wk"):
        same = [day for day in days if day.weekday() == WEEKDAYS[what]]
        picked = same[nth if nth < 0 else nth - 1] if len(same) >= abs(nth) else None
        return ((Window(picked, picked),),) if picked else ()
    weeks = list(dict.fromkeys(working_week(day) for day in days if day.weekday() < 5))
    full = [week for week in weeks if week.start.month == month and week.end.month == month]
    at = nth if nth < 0 else nth - 1
    of_days = days[-7:] if nth < 0 else days[7 * at : 7 * at + 7]
    readings = [(list_[at],) for list_ in (weeks, full) if len(list_) >= abs(nth)]
    readings += [(Window(of_days[0], of_days[-1]),)] if of_days else []
    return tuple(dict.fromkeys(readings))


def _days_of(year: int, month: int) -> list[date]:
    day, days = date(year, month, 1), []
    while day.month == month:
        days.append(day)
        day += timedelta(days=1)
    return days


_PARTS = {
    "early": (1, 10), "beginning of": (1, 10), "start of": (1, 10), "beg": (1, 10),
    "beginning": (1, 10), "mid": (11, 20), "middle of": (11, 20), "mid to late": (11, 31),
    "late": (21, 31), "end of": (21, 31), "end": (21, 31), "first half of": (1, 15),
    "second half of": (16, 31), "early to mid": (1, 20),
}  # fmt: skip
_PART_OF_MONTH = re.compile(
    rf"(?:in |during )?(?:the )?(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})"
    rf"[ -]*{_MONTH_NAME}(?:[ ,]+(?P<year>20\d\d))?"
)


def _part_of_month(plain: str, season: int) -> tuple[Windows, ...]:
    """`early June`: a third of the month."""
    found = _PART_OF_MONTH.fullmatch(plain)
    if found is None:
        return ()
    days = _days_of(int(found["year"] or season), MONTH_NUMBERS[found["month"]])
    first, last = _PARTS[found["part"]]
    return ((Window(days[first - 1], days[min(last, len(days)) - 1]),),)


_UNTIL = r"by|on or before|no later than|not later than|latest|(?:up )?(?:to|until|till)|within"
_BEFORE = r"before|prior to|ahead of"
_AFTER = (
    r"after|from|not before|no earlier than|not earlier than|on or after|earliest|start(?:s|ing)?"
)
_ABOUT = (
    r"approx(?:imately|\.)?|about|around|circa|ca|c|roughly|~|est(?:imated|\.)?|say|hopefully"
    r"|provisional(?:ly)?|prov|possibly|probably|perhaps|maybe|likely|expected|aim(?:ing)? for"
    r"|target(?:ed)?(?: for| date)?|tbc|tentative(?:ly)?|\?+|subject to confirmation|unconfirmed"
)
_PREFIX = re.compile(
    rf"(?:(?P<until>{_UNTIL})|(?P<before>{_BEFORE})|(?P<after>{_AFTER})|(?P<about>{_ABOUT}))"
    r"(?<=[\w.~?])[\s.:-]*(?:the )?(?=\S)(?P<date>.+)"
)
_SUFFIX = re.compile(
    r"(?P<date>.+?)[\s,;:(\[-]*"
    r"(?:(?P<after>onwards?|\+|or later|at the earliest|earliest|start)"
    r"|(?P<until>at the latest|latest|or earlier|or before|deadline)"
    r"|(?P<about>\?+|tb[acd]|to be (?:confirmed|agreed|decided|advised|arranged)"
    r"|approx(?:\.|imately)?"
    r"|ish|or so|or thereabouts|est(?:\.|imated)?|prov(?:\.|isional)?|provisionally|maybe|possibly"
    r"|probably|hopefully|unconfirmed|not confirmed|subject to confirmation|if possible|expected"
    r"|tentative))[)\]\s]*"
)


def _qualified(plain: str, season: int) -> tuple[Windows, ...]:
    """`by 12 June`, `approx 8 June`, `8 June - TBC`: the readings of a date that is qualified."""
    for form in (_PREFIX, _SUFFIX):
        found = form.fullmatch(plain)
        window = _one(found["date"], season) if found else None
        if found is None or window is None:
            continue
        parts = found.groupdict()
        if parts.get("about"):
            return ((window,),)
        if parts.get("before"):
            end = window.start - timedelta(days=1)
            return _distinct(working_week(end) if end.weekday() < 5 else None, end)
        if parts.get("until"):
            week = Window(window.end - timedelta(days=window.end.weekday()), window.end)
            return _distinct(week, window)
        week = working_week(window.start)
        rest = Window(window.start, week.end) if week.end > window.start else None
        return _distinct(rest, window)
    return ()


def _distinct(*found: Window | date | None) -> tuple[Windows, ...]:
    windows = (Window(one, one) if isinstance(one, date) else one for one in found if one)
    return tuple(dict.fromkeys((one,) for one in windows))


# Dates with a remark

_HARMLESS = re.compile(
    r"(?:(?:am|pm|a\.m\.?|p\.m\.?|mornings?|afternoons?|evenings?|noon|midday|all day|half day"
    r"|daytime|early|late|first thing|subject to|depend(?:ent|ing|s|ant)|on|upon|if|the|and|or|but"
    r"|wet|dry|fine|bad|good|poor|weather|ground|conditions?|permitting|permits|allowing|allows"
    r"|rain|rainfall|season|growth|growing|growth rates?|possible|possibly|where|is|are|access"
    r"|traffic|soft|firm|enough|not too|too|will|may|might|can|could|change|changes|vary|of|in"
    r"|w/?p|all|being|well|only|n/?b|note|resources?|staff|availability|available|crew|team|gang"
    r"|squad|mower|cut (?:no\.? ?)?\d{1,2}|\d{1,2}(?:st|nd|rd|th) cut"
    r"|(?:first|second|third|fourth|fifth|sixth) cut|planned|scheduled|programmed|proposed|due"
    r"|\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m)?(?: ?- ?| to )\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m"
    r"|\d{1,2}[.:]\d\d(?: ?[ap]\.?m)?|\d{1,2} ?[ap]\.?m)(?![a-z0-9])|[\s,;:()\[\]/&+*!.-])+"
)
_TOKENS = 30


def _with_remark(text: str, season: int) -> DateCell | None:
    """`8 June (am)`, `w/c 8 June (weather permitting)`: the dates, and what stands beside them."""
    split = _split_off(text, season)
    if split is None:
        return None
    windows, remark = split
    plain = clean(remark)
    if not plain.strip("-?_/()[]{}*!:.,; "):
        return SureDates(windows)
    if claims.names_a_person(remark) or claims.INITIALS.search(remark):
        return bad_date(text, "it says who did it or is to do it, and residents would read that")
    if _HARMLESS.fullmatch(plain):
        return SureDates(windows, remark)
    if claims.takes_back(plain):
        return bad_date(text, "it says that this date does not hold")
    is_sure_of_day = not re.search(r"\d", plain) and not claims.MONTH_OR_DAY.search(plain)
    return DoubtfulDates((windows,), remark, is_one_way=is_sure_of_day)


_EDGES = " -,:;()[]{}*\u2013\u2014|"


@lru_cache(maxsize=4_096)
def _split_off(text: str, season: int) -> tuple[Windows, str] | None:
    """The longest run of words at either end that are dates, and all the other words."""
    words = re.sub(r"([(\[{])", r" \1", re.sub(r"([)\]}])", r"\1 ", text)).split()
    if not 1 < len(words) <= _TOKENS:
        return None
    for length in range(len(words) - 1, 0, -1):
        for dates, rest in (
            (words[:length], words[length:]),
            (words[-length:], words[:-length]),
        ):
            written = " ".join(dates).strip(_EDGES)
            remark = " ".join(rest).strip(_EDGES)
            is_day = any(letter.isdigit() for letter in written)  # `May need a cut` is no month
            if (is_day or _HARMLESS.fullmatch(clean(remark))) and (
                windows := _strict(clean(written), season)
            ):
                return windows, remark
    return None
