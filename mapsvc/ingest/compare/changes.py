"""What publishing would change, in the words of the report: streets, and the dates of streets."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Protocol

import geopandas as gpd
import numpy as np
import shapely

from mapsvc.domain.schedule import Cut, Programme, Round, Verge

MOVED_DAYS = 14
"""A cut that moves by more is named: residents may have made plans."""

MOVED_METRES = 25.0
"""A street that is drawn anew within this has not moved."""

SHOWN_CUTS = 4
"""Of one street, in a list of many: collections have 26 a year."""

GAIN, LOSE = "streets that gain a date", "streets that lose a date"
MOVE = f"streets whose dates move by more than {MOVED_DAYS} days"
CHANGE = "streets that change"

Changes = dict[str, list[str]]
StreetChanges = dict[str, dict[str, str]]
"""Words → street id → its dates."""
Starts = dict[int, set[date]]
"""The days on which the cuts of a street begin, by number; its verges may differ."""


class Planned(Protocol):
    """Verges, rounds and programmes, read from files or published."""

    @property
    def verges(self) -> gpd.GeoDataFrame:
        """VERGE_COLUMNS; `programme` is a position in `programmes`."""

    @property
    def rounds(self) -> Sequence[Round]:
        """The rounds that verges name by their codes."""

    @property
    def programmes(self) -> Sequence[Programme]:
        """The different lists of cuts."""


def named_changes(found: StreetChanges, streets: gpd.GeoDataFrame) -> Changes:
    """What was found of each street, with its name.

    Parameters
    ----------
    streets : STREET_COLUMNS, for their names

    Returns
    -------
    words → a sentence's worth for each street, sorted; words without any are left out
    """
    names = _full_names(streets, {street for of_word in found.values() for street in of_word})
    changes = {
        word: [f"{names.get(street, street)}: {what}" for street, what in of_word.items()]
        for word, of_word in found.items()
    }
    return _sorted(changes)


def street_changes(new: Planned, before: Planned | None) -> StreetChanges:
    """The dates that each street gains or loses, or that move by over two weeks.

    Parameters
    ----------
    before : the current edition of the same service and season, None for the first
    """
    now, was = _starts(new), _starts(before) if before is not None else {}
    gained, lost, moved = dict[str, str](), dict[str, str](), dict[str, str]()
    for street in {*now, *was}:
        own, old = now.get(street, {}), was.get(street, {})
        if more := own.keys() - old.keys():
            gained[street] = _cuts(more, own)
        if less := old.keys() - own.keys():
            lost[street] = _cuts(less, old)
        if shifts := _shifts(own, old):
            moved[street] = "; ".join(shifts)
    return {GAIN: gained, LOSE: lost, MOVE: moved}


def left_without_dates(new: Planned, before: Planned | None) -> tuple[int, int]:
    """How many of the streets with dates would have none any more, and how many have some now."""
    now, was = _dated(new), _dated(before) if before is not None else set[str]()
    return len(was - now), len(was)


def _dated(planned: Planned) -> set[str]:
    has_dates = [any(cut.window for cut in programme) for programme in planned.programmes]
    verges = zip(planned.verges["streets"], planned.verges["programme"], strict=True)
    found = {street for listed, n in verges if has_dates[n] for street in listed.split(";")}
    return found - {""}


def changed_streets(new: Planned, before: Planned | None) -> list[str]:
    """The ids of all streets of whose grass anything is said differently, sorted."""
    now, was = _facts(new), _facts(before) if before is not None else {}
    return sorted(street for street in {*now, *was} if now.get(street) != was.get(street))


def _facts(planned: Planned) -> dict[str, set[Hashable]]:
    """All that is said of the grass of each street, but for where it lies in the file."""
    verges = planned.verges
    names = [name for name in verges.columns if name not in ("programme", "geometry")]
    texts = verges[names].astype(object).where(verges[names].notna(), None)
    shapes = shapely.to_wkb(shapely.normalize(verges.geometry.to_numpy()))
    found: dict[str, set[Hashable]] = defaultdict(set)
    rounds = {one.code: one for one in planned.rounds}
    rows = zip(verges["streets"], texts.itertuples(index=False), verges["programme"], shapes,
               strict=True)  # fmt: skip
    for listed, said, programme, shape in rows:
        facts = (
            tuple(said),
            tuple(sorted(planned.programmes[programme], key=_order)),
            shape,
            rounds.get(said.round),
        )
        for street in listed.split(";"):
            found[street].add(facts)
    found.pop("", None)
    return found


def _order(cut: Cut) -> tuple[int, int]:
    return cut.season, cut.number


def _starts(planned: Planned) -> dict[str, Starts]:
    found: dict[str, Starts] = defaultdict(lambda: defaultdict(set))
    verges = planned.verges
    for listed, programme in zip(verges["streets"], verges["programme"], strict=True):
        for cut in planned.programmes[programme]:
            for street in listed.split(";") if cut.window else ():
                found[street][cut.number].add(cut.window.start)
    found.pop("", None)
    return {street: dict(starts) for street, starts in found.items()}


def _shifts(own: Starts, old: Starts) -> list[str]:
    """`cut 2 from 8 June 2026 to 29 June 2026`, for cuts that no verge keeps near its old day."""
    shifts = []
    for number in sorted(own.keys() & old.keys()):
        day = max(own[number], key=lambda day: _days_from(day, old[number]))
        if _days_from(day, old[number]) > MOVED_DAYS:
            past = min(old[number], key=lambda past: abs((day - past).days))
            shifts.append(f"cut {number} from {_day(past)} to {_day(day)}")
    return shifts


def _days_from(day: date, others: Iterable[date]) -> int:
    return min(abs((day - other).days) for other in others)


def _cuts(numbers: Iterable[int], starts: Mapping[int, set[date]]) -> str:
    cuts = [f"cut {n} on {_day(min(starts[n]))}" for n in sorted(numbers)]
    more = len(cuts) - SHOWN_CUTS
    return ", ".join(cuts) if more < 2 else ", ".join(cuts[:SHOWN_CUTS]) + f" and {more} more"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def entry_changes(new: Mapping[str, Hashable], before: Mapping[str, Hashable] | None) -> Changes:
    """The entries of a list that are added, changed and removed, by their names."""
    if before is None:
        return {}
    return _sorted(
        {
            "entries added": [name for name in new if name not in before],
            "entries changed": [
                name for name in new if name in before and new[name] != before[name]
            ],
            "entries removed": [name for name in before if name not in new],
        }
    )


def gazetteer_changes(
    new: gpd.GeoDataFrame,
    before: gpd.GeoDataFrame | None,
    with_verges: Mapping[str, Sequence[Verge]] = MappingProxyType({}),
) -> Changes:
    """The streets added, renamed, moved and removed, and those removed that have verges.

    Parameters
    ----------
    new, before : STREET_COLUMNS, same CRS, ids carried over; None before the first edition
    with_verges : the verges of current schedules by the ids of their streets
    """
    if before is None:
        return {}
    now = {id: at for at, id in enumerate(new["id"])}
    was = {id: at for at, id in enumerate(before["id"])}
    names, old_names = _full_names(new), _full_names(before)
    kept = [id for id in now if id in was]
    removed = [id for id in was if id not in now]
    lost = [
        f"{old_names.get(id, id)}: {_in_words(verges)}"
        for id, verges in with_verges.items()
        if id not in now
    ]
    renamed = [
        f"{old_names[id]} is now {names[id]}"
        for id in kept
        if new["name"].iat[now[id]] != before["name"].iat[was[id]]
    ]
    return _sorted(
        {
            "streets added": [names[id] for id in now if id not in was],
            "streets renamed": renamed,
            "streets moved": [names[id] for id in _moved(new, now, before, was, kept)],
            "streets removed": [old_names[id] for id in removed],
            "removed streets that have verges": lost,
        }
    )


def _in_words(verges: Sequence[Verge]) -> str:
    """`grass cutting V1 (round R1), V2`: what residents of a removed street would no longer see."""
    services: dict[str, list[str]] = defaultdict(list)
    for verge in verges:
        of_round = f" (round {verge.round})" if verge.round else ""
        services[verge.service].append(f"{verge.id}{of_round}")
    return "; ".join(f"{service} {', '.join(ids)}" for service, ids in services.items())


def _moved(
    new: gpd.GeoDataFrame,
    now: Mapping[str, int],
    before: gpd.GeoDataFrame,
    was: Mapping[str, int],
    kept: Sequence[str],
) -> list[str]:
    shapes = new.geometry.to_numpy()[[now[id] for id in kept]]
    old = before.geometry.to_numpy()[[was[id] for id in kept]]
    redrawn = ~shapely.equals_exact(shapes, old) & ~shapely.is_missing(shapes)
    apart = np.zeros(len(kept))
    apart[redrawn] = shapely.hausdorff_distance(shapes[redrawn], old[redrawn])
    return [id for id, metres in zip(kept, apart, strict=True) if metres > MOVED_METRES]


def _full_names(streets: gpd.GeoDataFrame, ids: Collection[str] | None = None) -> dict[str, str]:
    columns = (streets[name].tolist() for name in ("id", "name", "locality", "town"))
    return {
        id: ", ".join(dict.fromkeys(filter(None, (name, locality, town))))
        for id, name, locality, town in zip(*columns, strict=True)
        if ids is None or id in ids
    }


def _sorted(changes: Changes) -> Changes:
    return {word: sorted(entries) for word, entries in changes.items() if entries}
