"""Which pauses hold on a day: every pause is a layer of its own, and none rewrites another.

The rule is the design's section 4, *Suspended*. What a pause means for a cut is in `status`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mapsvc.domain.events import PAUSE_LEVELS, PAUSES, Event, Target
from mapsvc.domain.schedule import Window

ONE_DAY = timedelta(days=1)
RANKS = {level: PAUSE_LEVELS.index(level) for level in PAUSE_LEVELS} | {
    "place": PAUSE_LEVELS.index("kind")
}
"""How wide a target is; a kind and a place are one level."""


class Spell(NamedTuple):
    """The days on which one pause holds, as far as is recorded: none where `last` is before."""

    pause: Event
    last: date

    @property
    def first(self) -> date:
        return self.pause.on

    def holds_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def goes_on(self) -> date | None:
        """The day of the resumption that ends it, None where it lasts as long as was said."""
        return self.last + ONE_DAY if self.last < said_end(self.pause) else None


class Layer(NamedTuple):
    """A pause as it is told: its first day, its last if one was given, and why.

    `goes_on` is the day of a resumption that is recorded for days to come.
    """

    since: date
    until: date | None
    reason: str
    goes_on: date | None = None

    @property
    def last(self) -> date:
        """The last day on which it holds, as far as is recorded."""
        if self.goes_on:
            return self.goes_on - ONE_DAY
        return self.until or date(self.since.year, 12, 31)


def said_end(pause: Event) -> date:
    """The last day that a pause was recorded with: 31 December of its year where none was."""
    return pause.until or date(pause.on.year, 12, 31)


def lifts(resumed: Target, paused: Target) -> bool:
    """Whether a resumption of one target lifts a pause of another that has the verge too."""
    if resumed == paused:
        return True
    if resumed.level in ("verge", "street"):
        return RANKS[paused.level] > RANKS[resumed.level]
    return resumed.level != "all" and paused.level == "all"


def spells_of(events: Iterable[Event]) -> tuple[Spell, ...]:
    """When each pause among the events of one verge holds, in the order in which they are told:
    the longest first, then the earliest, then the first recorded.
    """
    said = [event for event in events if event.kind in PAUSES]
    ends = [event for event in said if event.kind == "resumed"]
    spells = [Spell(one, _last_day(one, ends)) for one in said if one.kind == "suspended"]
    return tuple(sorted(spells, key=_telling_order))


def _last_day(pause: Event, ends: Sequence[Event]) -> date:
    lifted = (
        end.on - ONE_DAY
        for end in ends
        if end.newest_key > pause.newest_key and lifts(end.target, pause.target)
    )
    return min((said_end(pause), *lifted))


def _telling_order(spell: Spell) -> tuple[int, date, int]:
    return -said_end(spell.pause).toordinal(), spell.first, spell.pause.order


def layers(spells: Iterable[Spell]) -> tuple[Layer, ...]:
    """Pauses as they are told, those that read alike once."""
    return tuple(
        dict.fromkeys(Layer(s.first, s.pause.until, s.pause.reason, s.goes_on) for s in spells)
    )


def is_open_in(window: Window, paused: Sequence[Layer], since: date) -> bool:
    """Whether a day of the window, from `since` on, is left that no pause covers."""
    day = max(window.start, since)
    while day <= window.end:
        covered = [layer.last for layer in paused if layer.since <= day <= layer.last]
        if not covered:
            return True
        day = max(covered) + ONE_DAY
    return False


def pause_over(window: Window, spells: Iterable[Spell]) -> Spell | None:
    """The pause that is told of a window where pauses cover all its days; None where they do not.

    Parameters
    ----------
    spells : in the order in which they are told
    """
    over = [spell for spell in spells if spell.first <= window.end and window.start <= spell.last]
    return None if not over or is_open_in(window, layers(over), window.start) else over[0]
