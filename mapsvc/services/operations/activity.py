"""Who did what, when, from which edition to which: one list of marks and all else, in sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mapsvc.domain.events import MARKS, PAUSES
from mapsvc.services.csv_safety import csv_text
from mapsvc.services.state.council import Council
from mapsvc.store.activity import (
    ADDED_NOTICE,
    PUBLISHED,
    PUT_BACK,
    REMOVED_NOTICE,
    Deed,
    DeedFilter,
)
from mapsvc.store.live import WITHDRAWN

PAGE_SIZE = 50

ABOUT: Mapping[str, tuple[str, ...]] = {
    "publications": (PUBLISHED, PUT_BACK),
    "marks": (*MARKS, WITHDRAWN),
    "pauses": PAUSES,
    "notices": (ADDED_NOTICE, REMOVED_NOTICE),
}
OTHER = "accounts and other"
"""Whatever is in none of those."""
KINDS = (*ABOUT, OTHER)
"""What the list can be limited to."""


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """Something that was done, at a time in the council's time zone, and the sentence for it."""

    at: datetime
    by: str
    action: str
    subject: str
    from_edition: int | None
    to_edition: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first, and how many there are in all."""

    entries: list[ActivityEntry]
    number: int
    pages: int
    total: int


def wanted(
    council: Council,
    *,
    by: str = "",
    action: str = "",
    kind: str = "",
    first: date | None = None,
    last: date | None = None,
) -> DeedFilter:
    """Which entries; what is empty is all.

    Parameters
    ----------
    by : a part of a name, in any case
    kind : one of KINDS; any other is all
    first, last : days in the council's time zone, both included
    """
    known = tuple(action for actions in ABOUT.values() for action in actions)
    return DeedFilter(
        by=by.strip(),
        actions=(action,) if action else ABOUT.get(kind, ()),
        not_actions=known if kind == OTHER else (),
        since=_midnight(council, first) if first else None,
        until=_midnight(council, last + timedelta(days=1)) if last else None,
    )


def _midnight(council: Council, day: date) -> datetime:
    return datetime.combine(day, time(), council.zone).astimezone(UTC)


def page(council: Council, which: DeedFilter, number: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page of entries; beyond the last one, the last."""
    log = council.store.activity
    total = log.count(which)
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    deeds = log.deeds(which, limit=size, offset=(number - 1) * size)
    return Page(list(_entries(council, deeds)), number, pages, total)


def entries(council: Council, which: DeedFilter) -> list[ActivityEntry]:
    """All entries, the newest first."""
    return list(_entries(council, council.store.activity.deeds(which)))


def _entries(council: Council, deeds: Iterable[Deed]) -> Iterable[ActivityEntry]:
    for deed in deeds:
        at = deed.at.astimezone(council.zone)
        editions = deed.from_edition, deed.to_edition
        yield ActivityEntry(at, deed.by, deed.action, deed.subject, *editions, sentence(deed))


def activity_csv(council: Council, which: DeedFilter) -> str:
    """All entries as CSV, inert in spreadsheets."""
    headings = ("time", "who", "what", "about", "from edition", "to edition", "sentence")
    rows = (
        (
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            *(entry.by, entry.action, entry.subject),
            *(entry.from_edition, entry.to_edition, entry.sentence),
        )
        for entry in entries(council, which)
    )
    return csv_text(headings, rows)


# Sentences


def sentence(deed: Deed) -> str:
    """What was done, as one sentence that names who did it."""
    say = SENTENCES.get(deed.action, _plainly)
    return f"{_who(deed.by)} {say(deed)}."


def _who(by: str) -> str:
    return {"": "Somebody", "command line": "Somebody at the command line"}.get(by, by)


def _published(deed: Deed) -> str:
    source = f" from {deed.detail}" if deed.detail else ""
    return f"published the {deed.subject}{source} as edition {deed.to_edition}; {_before(deed)}"


def _put_back(deed: Deed) -> str:
    return f"put back edition {deed.to_edition} of the {deed.subject}; {_before(deed)}"


def _before(deed: Deed) -> str:
    return f"before it was edition {deed.from_edition}" if deed.from_edition else "it is the first"


MARK_WORDS = {
    "started": "started",
    "done": "done",
    "part_done": "partly done",
    "missed": "not possible",
    "delayed": "delayed",
}


def _marked(deed: Deed) -> str:
    said = f"marked {_target(deed)} as {MARK_WORDS[deed.action]} on {_day(deed.on)}"
    if deed.expected:
        said += f", now expected by {_day(deed.expected)}"
    return said + _reason(deed)


def _suspended(deed: Deed) -> str:
    until = f" until {_day(deed.until)}" if deed.until else ", with no end yet"
    return f"paused {_target(deed)} from {_day(deed.on)}{until}{_reason(deed)}"


def _resumed(deed: Deed) -> str:
    return f"resumed {_target(deed)} from {_day(deed.on)}{_reason(deed)}"


def _withdrew(deed: Deed) -> str:
    return f"took back event {deed.withdraws}, about {_target(deed)}"


def _noticed(deed: Deed) -> str:
    return f"{deed.action} “{deed.detail}”"


def _plainly(deed: Deed) -> str:
    detail = f" ({deed.detail})" if deed.detail else ""
    return f"{deed.action} {deed.subject}".strip() + detail


SENTENCES: Mapping[str, Callable[[Deed], str]] = {
    PUBLISHED: _published,
    PUT_BACK: _put_back,
    **dict.fromkeys(MARKS, _marked),
    "suspended": _suspended,
    "resumed": _resumed,
    WITHDRAWN: _withdrew,
    ADDED_NOTICE: _noticed,
    REMOVED_NOTICE: _noticed,
}
"""Action → what follows the name; the rest is said as it was noted."""


def _target(deed: Deed) -> str:
    target = "all grass" if deed.subject == "all" else deed.subject.replace(":", " ", 1)
    return f"{target} (cut {deed.cut} of {deed.season})" if deed.cut else target


def _reason(deed: Deed) -> str:
    return f": {deed.detail.rstrip('.')}" if deed.detail else ""


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
