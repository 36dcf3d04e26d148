"""The events in force, indexed by what they concern. One per process, kept up with the store."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from mapsvc.domain.events import PAUSES, Event, Target
from mapsvc.domain.schedule import Verge
from mapsvc.search.normalise import street_key

ServicesOf = Callable[[Event], Iterable[str]]


class Ledger:
    """Marks by verge, pauses by target, and the days on which each service was last heard of.

    `newest_at` is when the newest event was recorded, None when there is none. A change of one
    verge's marks leaves the versions of the others alone, so that what was answered for them
    stays good.
    """

    def __init__(self, events: Sequence[Event], services_of: ServicesOf) -> None:
        self.newest_id = 0
        self.newest_at: datetime | None = None
        self.pauses_version = 0
        self._services_of = services_of
        self._events: dict[int, Event] = {}
        self._marks: dict[str, list[Event]] = defaultdict(list)
        self._pauses: dict[Target, list[Event]] = defaultdict(list)
        self._spellings: dict[Target, Target] = {}
        self._versions: dict[str, int] = {}
        self._days: dict[str, list[date]] = defaultdict(list)
        self._ahead: dict[str, list[tuple[date, datetime]]] = defaultdict(list)
        self.add(events)

    def add(self, events: Iterable[Event]) -> None:
        """Take in what was recorded since, in the order of recording."""
        for event in events:
            self.newest_id = event.id
            self.newest_at = max(self.newest_at or event.at, event.at)
            if event.withdraws is None:
                self._enter(event)
            elif event.withdraws in self._events:
                self._strike(self._events.pop(event.withdraws), event.id)

    def event(self, event_id: int) -> Event | None:
        """The event with this id, None when there is none or it was withdrawn."""
        return self._events.get(event_id)

    def marks_of(self, verge_id: str) -> Sequence[Event]:
        """The marks that had this verge."""
        return self._marks.get(verge_id, ())

    def events_of(self, verge: Verge) -> list[Event]:
        """The marks that had this verge, and the pauses whose target it belongs to now."""
        return [*self.marks_of(verge.id), *self.pauses_of(verge)]

    def pauses_of(self, verge: Verge) -> list[Event]:
        """The pauses and resumptions whose target the verge belongs to now."""
        if not self._pauses:
            return []
        return [event for t in targets_of(verge) for event in self._pauses.get(t, ())]

    def pauses(self) -> list[Event]:
        """All pauses and resumptions in force, in the order of recording."""
        found = [event for events in self._pauses.values() for event in events]
        return sorted(found, key=lambda event: event.id)

    def spelled(self, event: Event) -> Event:
        """The event with its target as it was first written: a resumption of `ashby` is one of
        `Ashby`.
        """
        key = folded(event.target)
        return replace(event, target=self._spellings.get(key, event.target))

    def version_of(self, verge_id: str) -> int:
        """The id of the newest event that touched this verge's marks, 0 for none."""
        return self._versions.get(verge_id, 0)

    def newest_day(self, service: str, day: date) -> date | None:
        """The newest day, up to `day`, of any event of a service."""
        days = self._days.get(service, [])
        position = bisect_right(days, day)
        return days[position - 1] if position else None

    def days_ahead(self, service: str, day: date, recorded_before: datetime | None) -> list[date]:
        """The days after `day` of what is recorded of a service; all of it, or what was by then."""
        if recorded_before is None:
            days = self._days.get(service, [])
            return days[bisect_right(days, day) :]
        ahead = self._ahead.get(service, ())
        return [on for on, at in ahead if on > day and at < recorded_before]

    def _enter(self, event: Event) -> None:
        if event.kind in PAUSES:
            self._spellings.setdefault(folded(event.target), event.target)
            event = self.spelled(event)
        self._events[event.id] = event
        for service in self._services_of(event):
            insort(self._days[service], event.on)
            if event.at.date() < event.on:
                self._ahead[service].append((event.on, event.at))
        if event.kind in PAUSES:
            self._pauses[folded(event.target)].append(event)
            self.pauses_version = event.id
            return
        for verge in event.verges:
            self._marks[verge].append(event)
            self._versions[verge] = event.id

    def _strike(self, event: Event, by: int) -> None:
        for service in self._services_of(event):
            self._days[service].remove(event.on)
            if event.at.date() < event.on:
                self._ahead[service].remove((event.on, event.at))
        if event.kind in PAUSES:
            self._pauses[folded(event.target)].remove(event)
            self.pauses_version = by
            return
        for verge in event.verges:
            self._marks[verge].remove(event)
            self._versions[verge] = by


@lru_cache(maxsize=8192)
def folded(target: Target) -> Target:
    """A target as it is compared: kinds and places without regard to case and accents."""
    if target.level in ("kind", "place"):
        return Target(target.level, street_key(target.code))
    return target


def targets_of(verge: Verge) -> Iterable[Target]:
    """Every target that a pause of this verge can have."""
    yield Target("verge", verge.id)
    yield from (Target("street", street) for street in verge.streets)
    yield from _shared_targets(verge.round, verge.kind, verge.places)


@lru_cache(maxsize=8192)
def _shared_targets(code: str, kind: str, places: tuple[str, ...]) -> tuple[Target, ...]:
    """The targets that much grass has in common."""
    found = [Target("round", code)] if code else []
    found += [folded(Target("kind", kind))] if kind else []
    return (*found, *(folded(Target("place", place)) for place in places), Target("all"))
