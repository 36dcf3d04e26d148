"""Daily counters: what residents ask and are told. No personal data, no cookies, no addresses."""

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from mapsvc.errors import BadRequest
from mapsvc.services.csv_safety import csv_text
from mapsvc.services.state.council import Council
from mapsvc.store.live import Count

SEARCHES = "searches"
NOT_FOUND = "searches without result"
ANSWERS = "answers"
EMBEDDED = "embedded on"
REPORTS = "reports"
ANSWERED = "reports that the answer made needless"
JOINED = "reports joined to an open issue"
CALLS = "calls about grass"
"""What the council enters by month, to be seen beside the others."""

FLUSH_SECONDS = 5
MOST_KEYS = 500
"""Different counters kept between two flushes; hosts beyond are counted as `other`."""


class Tally:
    """Counts in memory, added to the store every few seconds: a request never waits for a disk."""

    def __init__(self, council: Council) -> None:
        self._council = council
        self._counted: Counter[tuple[date, str, str]] = Counter()
        self._lock = threading.Lock()
        self._flushed = time.monotonic()

    def add(self, name: str, key: str = "") -> None:
        """Count one more of today's."""
        with self._lock:
            known = (self._council.today(), name, key)
            if len(self._counted) >= MOST_KEYS and known not in self._counted:
                known = (known[0], name, "other")
            self._counted[known] += 1
            is_due = time.monotonic() - self._flushed > FLUSH_SECONDS
        if is_due:
            self.flush()

    def flush(self) -> None:
        """Add what was counted to the store."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
            self._flushed = time.monotonic()
        by_day: dict[date, dict[tuple[str, str], int]] = defaultdict(dict)
        for (day, name, key), number in counted.items():
            by_day[day][name, key] = number
        for day, increments in by_day.items():
            self._council.store.live.count(day, increments)


def enter_calls(council: Council, text: str) -> None:
    """Set a month's calls, written `2026-05=412`. BadRequest when it is not written so."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])=(\d{1,7})", text.strip())
    if match is None:
        raise BadRequest("calls", "bad_month_of_calls", value=text[:40])
    first = date(int(match[1]), int(match[2]), 1)
    before = sum(c.number for c in council.store.live.counts(first, first) if c.name == CALLS)
    council.store.live.count(first, {(CALLS, ""): int(match[3]) - before})


def counts_by(council: Council, first: date, last: date, *, month: bool) -> dict[str, Counter[str]]:
    """The counters from a day to another, by day (`2026-05-04`) or month (`2026-05`), then word."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for count in council.store.live.counts(first, last):
        found[count.day.isoformat()[: 7 if month else 10]][_word(count)] += count.number
    return dict(found)


def _word(count: Count) -> str:
    return f"{count.name}: {count.key}" if count.key else count.name


def words_of(counts: Iterable[Counter[str]]) -> Sequence[str]:
    """Every counter's word, the calls last: they stand beside the others."""
    return sorted({word for counter in counts for word in counter}, key=lambda w: (w == CALLS, w))


def counts_csv(counts: dict[str, Counter[str]], period: str) -> str:
    """A row per day or month and a column per counter."""
    words = words_of(counts.values())
    rows = ((when, *(counter[word] for word in words)) for when, counter in sorted(counts.items()))
    return csv_text([period, *words], rows)
