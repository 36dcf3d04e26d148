"""What is planned: verges, rounds and their cuts. What was done is in `events`."""

from dataclasses import dataclass
from datetime import date, timedelta

from shapely.geometry.base import BaseGeometry

DEFAULT_SERVICE = "grass cutting"


@dataclass(frozen=True, slots=True)
class Window:
    """From one day to another, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def covers(self, other: "Window") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Rest:
    """A window in which grass is left long, and why."""

    window: Window
    reason: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """The `number`-th cut of a season: planned for a window, or without dates for a reason."""

    season: int
    number: int
    window: Window | None = None
    reason: str = ""


Programme = tuple[Cut, ...]
"""All cuts of a verge, by season and number. Verges of a round mostly share one."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one crew cuts together. `tracked` is None where the schedule does not say."""

    code: str
    name: str = ""
    service: str = DEFAULT_SERVICE
    frequency: str = ""
    tracked: bool | None = None


@dataclass(frozen=True, slots=True)
class Verge:
    """A piece of grass, with the cuts planned for it in all published seasons.

    `streets` are street ids; `places` the localities and towns of those streets, for pauses of
    a place; `keeper` and `round` are codes, empty when not said; `land_name` is that of a park or
    green. `geometry` is EPSG:27700.
    """

    id: str
    streets: tuple[str, ...] = ()
    kind: str = ""
    keeper: str = ""
    round: str = ""
    stretch: str = ""
    land_name: str = ""
    rest: Rest | None = None
    programme: Programme = ()
    frequency: str = ""
    tracked: bool | None = None
    service: str = DEFAULT_SERVICE
    places: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None

    @property
    def where(self) -> str:
        """What tells it from other grass of its street: `Example Park, north side`."""
        return ", ".join(filter(None, (self.land_name, self.stretch)))

    @property
    def dated_cuts(self) -> Programme:
        """The cuts that have dates, by start, before the rest window has its say."""
        dated = (cut for cut in self.programme if cut.window)
        return tuple(sorted(dated, key=_start_season_number))

    @property
    def reason_without_dates(self) -> str:
        """The first text found in place of dates, or empty."""
        return next((cut.reason for cut in self.programme if not cut.window and cut.reason), "")


def _start_season_number(cut: Cut) -> tuple[date, int, int]:
    assert cut.window is not None
    return cut.window.start, cut.season, cut.number


def cuts_outside_rest(cuts: Programme, rest: Rest | None) -> Programme:
    """The dated cuts as they stand for a verge with this rest window.

    A cut inside the window is dropped; one that begins inside it begins on the day after it
    (design, section 4).
    """
    if rest is None:
        return cuts
    kept = (cut_after_rest(cut, rest.window) for cut in cuts)
    return tuple(sorted((cut for cut in kept if cut), key=_start_season_number))


def cut_after_rest(cut: Cut, rest: Window) -> Cut | None:
    """A dated cut as the rest window leaves it, None where it drops it."""
    assert cut.window is not None
    if rest.covers(cut.window):
        return None
    if cut.window.start in rest:
        return Cut(cut.season, cut.number, Window(rest.end + timedelta(days=1), cut.window.end))
    return cut
