"""What people wrote, made to fit a sentence: reasons and frequencies, in English.

Staff and schedules write `Wet weather.`, `vehicles were parked on it`, `8` or `Fortnightly`.
The sentences that take these words up are in `wording`.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

NO_REASON = {"", "-", "?", "n/a", "na", "nil", "none", "null", "not known", "tbc", "unknown"}
"""What stands in a column that nobody filled in, in small letters."""

_CALENDAR_NAMES = {*calendar.month_name, *calendar.month_abbr, *calendar.day_name}


@dataclass(frozen=True, slots=True)
class KnownReasons:
    """The texts in place of dates that residents may read, by their keys."""

    keys: frozenset[str] = frozenset()

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and reason_key(text) in self.keys

    def with_keys(self, keys: Iterable[str]) -> "KnownReasons":
        """These and others."""
        return KnownReasons(self.keys.union(keys))


@lru_cache(maxsize=16_384)
def reason_key(text: str) -> str:
    """A text as reasons are compared: without regard to case, spaces and kinds of letters."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


_JOINED = re.compile(
    r"(so|because|for|while|to|as|until|due to|owing to|thanks to|on account of|after|before|"
    r"during|following|pending|since|when|at the request of|in order to)\b"
)
_VERB = re.compile(
    r"\b(is|are|was|were|has|have|had|can|cannot|could|did|does|will|would|needs|broke|fell|got|"
    r"went|came|took|blew|ran|made|found|keeps?|remains?|requires?|prevents?|means)\b"
    r"|n['’]t\b|\b(it|there|that|we|they|he|she)['’](s|re|ve|ll|d)\b"
    r"|^(we|they|he|she|it|i|you|there|nobody|no one|somebody|someone) \w"
)
_NO_NOUN = r"(?<!^)(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\bof )(?<!\bby )"
_PAST = re.compile(_NO_NOUN + r"\b\w{3,}(?<!e)ed\b")
_IRREGULAR_PAST = re.compile(
    _NO_NOUN + r"\b(lost|left|let|gave|hit|sent|stole|stood|began|became|forgot|threw|tore|rose)\b"
)
_STATE = (
    r"(waterlogged|flooded|wet|dry|hard|soft|broken|down|blocked|closed|shut|locked|parked|unsafe|"
    r"ill|sick|absent|unavailable|available|stolen|stuck)"
)
_HAS_OBJECT = re.compile(
    r"(?<!^)\b(?!(on|in|at|of|by|for|with|from|to|under|over|near|along|off|behind|into|onto|across|"
    r"beside|between|around|round|after|before|during|until|through|against|beyond|without|inside|"
    r"outside|above|below|past|up|down|and|or|but|as|than|like|all|both|half|such|what|not|once|"
    r"twice)\b)\w{2,}(?<!ing) (the|a|an|our|their|its|it|us|them)\b"
)
"""A word before an article that is no preposition is a verb: `the summer fairs use the greens`."""
_HAS_SHORT_IS = re.compile(rf"['’]s ((been|not|now|still|too) )*{_STATE}$")
_CLAUSE = _VERB, _IRREGULAR_PAST, _HAS_OBJECT, _HAS_SHORT_IS
_BARE_STATE = re.compile(
    rf"^(too|not) (?!much\b|many\b|enough\b)|^(unable|waiting|awaiting)\b"
    rf"|\w (too|not|stuck|out of) |\b(on|off) (leave|holiday|strike|duty|work)$|\b{_STATE}$"
)


def because(reason: str) -> str:
    """A reason as the end of a sentence: ` because the ground is waterlogged`, or empty.

    A noun reads ` because of wet weather`; a reason that brings its own joining word keeps it,
    and one that is neither noun nor clause (`ground waterlogged`) stands in brackets.
    """
    words = tidy(reason)
    if not words:
        return ""
    lower = words.lower()
    if _JOINED.match(lower):
        return f" {words[:1].lower()}{words[1:]}"
    if any(sign.search(lower) for sign in _CLAUSE):
        return f" because {words}"
    if _BARE_STATE.search(lower):
        return f" ({words})"
    return f" because {words}" if _PAST.search(lower) else f" because of {words}"


def tidy(reason: str) -> str:
    """A reason on one line without its closing stop, empty where it says nothing.

    Its first letter is small unless it begins with a name; one in capitals throughout is not.
    """
    words = plain(reason).rstrip(" .,;:!…")
    if words.lower() in NO_REASON:
        return ""
    if words.isupper() and len(words.split()) > 1:
        words = words.lower()
    return words if _begins_with_name(words) else words[:1].lower() + words[1:]


def plain(text: str) -> str:
    """`text` on one line, without characters that nobody sees (they can turn a line around)."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split())


def _begins_with_name(words: str) -> bool:
    first, _, rest = words.partition(" ")
    is_written_as_name = first[1:] != first[1:].lower() or rest[:1].isupper()
    return is_written_as_name or first in _CALENDAR_NAMES or re.match(r"I\b", first) is not None


# Frequencies

_TIMES = re.compile(
    r"(?P<from>\d+)(?: ?(?:-|–|to) ?(?P<to>\d+))? ?(?:x|×|times|cuts?|visits?|mows?)?"
    r"(?: ?(?:per|a|each|every|/|p\.?) ?(?P<period>year|annum|a\.?|season|month|week))?\b",
)
_PERIOD_BY_WORD = {"season": "a season", "month": "a month", "week": "a week"}
_EVERY = re.compile(r"\d+( ?(-|–|to) ?\d+)? (working )?(days?|weeks?|months?)$")
_N_WEEKLY = re.compile(r"(?P<number>\d+)[ -](?P<period>week|month)ly\b")
_HOW_OFTEN = re.compile(
    r"(every|each|once|twice|daily|[\w-]*(week|night|month|year|quarter|annual)ly|about|around|"
    r"up to|at least|at most|(\w+|\d+ to \d+) times|from|between|in|as|when|where|throughout|"
    r"regularly)\b"
)


def how_often(frequency: str) -> str:
    """A frequency as it follows `We usually cut this grass`: ` every 3 weeks`, ` twice a year`.

    Empty where the words are no such thing.
    """
    words = _in_words(tidy(frequency))
    return f" {words[:1].lower()}{words[1:]}" if _HOW_OFTEN.match(words.lower()) else ""


def _in_words(often: str) -> str:
    weekly = _N_WEEKLY.match(often)
    if weekly:
        return f"every {weekly['number']} {weekly['period']}s{often[weekly.end() :]}"
    if _EVERY.match(often):
        return f"every {often}"
    times = _TIMES.match(often)
    if times is None or int(times["from"]) == 0 or _runs_on(often[times.end() :]):
        return often
    return _times(times) + often[times.end() :].rstrip(".")


def _runs_on(rest: str) -> bool:
    """Whether what follows the number of times is more than `, …` or `from March`."""
    return re.match(r"\.?$|,| (from|between|in|during)\b", rest) is None


def _times(found: re.Match[str]) -> str:
    number, most = found["from"], found["to"]
    period = _PERIOD_BY_WORD.get(found["period"] or "", "a year")
    often = {"1": "once", "2": "twice"}.get(number, f"{number} times")
    return f"{number} to {most} times {period}" if most else f"{often} {period}"
