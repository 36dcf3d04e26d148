"""Which street of the gazetteer a row means: by USRN, by name with place, by lying near.

Never a guess: what fits two streets, or only nearly fits one, is `Unmatched` with a sentence.
What streets are called and where they lie is in `street_index`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from rapidfuzz import fuzz
from shapely.geometry.base import BaseGeometry

from mapsvc.ingest.matching.learned_places import Whereabouts
from mapsvc.ingest.matching.models import Matched, Unmatched, WantedStreet
from mapsvc.ingest.matching.street_index import StreetIndex
from mapsvc.ingest.matching.suggestions import Suggest, Suggestions, listed
from mapsvc.ingest.values.street_phrases import StreetPhrase, is_unfinished, readings
from mapsvc.ingest.values.usrn import NoUsrn, Usrn
from mapsvc.search.normalise import normalise, street_key, tokens
from mapsvc.search.place_names import place_keys

__all__ = ["Matched", "Matcher", "Suggest", "Unmatched", "WantedStreet", "settling_key"]

NEAR = 300.0
"""Metres from a verge within which a street of the right name is the one meant."""

FAR = 1000.0
"""Metres from which a verge cannot belong to the street whose USRN it is given."""

TIED = 30.0
"""Metres within which a verge without a street's name belongs to the nearest street."""

MOST_CANDIDATES = 20
"""Streets of which a person is asked which one is meant; of more, nobody finds the one."""

PlaceKeys = tuple[str, ...]
"""The keys of one place that a row names, see `search.place_names`."""

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}\b", re.IGNORECASE)
_JOINTS = re.compile(r"[/;&]|\b(?:and|at|between|from|near|of|off|to)\b", re.IGNORECASE)


class Matcher:
    """The streets of a gazetteer, indexed by what rows call them.

    Parameters
    ----------
    streets : STREET_COLUMNS
    suggest : gives the ids of streets whose names are near to one that is not there, the nearest
        first; without it, names are compared one by one
    settled : what people said before: `settling_key` → the id of the street that was meant
    """

    def __init__(
        self,
        streets: gpd.GeoDataFrame,
        suggest: Suggest | None = None,
        settled: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._streets = StreetIndex(streets)
        self._settled = dict(settled)
        self._suggestions = Suggestions(self._streets, suggest)
        self._whereabouts = Whereabouts()
        self._known: dict[WantedStreet, Matched | Unmatched] = {}

    def match(self, wanted: WantedStreet) -> Matched | Unmatched:
        """The street that `wanted` means. With a USRN the name must agree; without, design 4.

        What people settled counts where the row alone does not say which street is meant.
        """
        if wanted.geometry is not None:
            return self._match(wanted)
        if wanted not in self._known:
            found = self._match(wanted)
            if isinstance(found, Unmatched) and not wanted.usrn:
                street = self._settled.get(settling_key(wanted), "")
                found = Matched(street) if street in self._streets.by_id else found
            self._known[wanted] = found
        return self._known[wanted]

    def settle(self, wanted: WantedStreet, street: str) -> None:
        """From now on, rows that name a street like this one mean that street."""
        self._settled[settling_key(wanted)] = street
        self._known.clear()

    def learn_places(self, rows: Iterable[WantedStreet]) -> None:
        """Learn where places lie that the gazetteer does not name, from what all rows say."""
        self._whereabouts = Whereabouts()
        for wanted in set(rows) if self._streets.has_placeless else ():
            self._learn(wanted)
        self._known.clear()

    def _learn(self, wanted: WantedStreet) -> None:
        ways = list(readings(wanted.name, self._streets.is_place))
        found = next((one for one in ways if self._streets.called(one.name)), None)
        stated = found or next((one for one in ways if one.place), ways[0])
        groups = _split_places(wanted.locality, wanted.town, stated.place)
        places = [group[0] for group in groups]
        self._whereabouts.ask(places, normalise(wanted.name), found is not None)
        candidates = self._streets.called(wanted.name)
        if places and len(candidates) == 1 and self._streets.is_placeless(candidates[0]):
            (at,) = candidates
            self._whereabouts.add(places, at, self._streets.shapes[at])

    def nearest(self, shapes: Sequence[BaseGeometry]) -> list[tuple[str, float]]:
        """The id of the street nearest to each shape, and how far it is from the line."""
        return self._streets.nearest(shapes)

    def knows(self, name: str) -> bool:
        """Whether a street of the gazetteer may be written so, wherever it is."""
        return any(self._streets.called(one.name) for one in readings(name, self._streets.is_place))

    def has_street(self, name: str) -> bool:
        """Whether a street of the gazetteer is called just so, wherever it is."""
        return bool(self._streets.called(name))

    def streets_called(self, name: str) -> tuple[int, ...]:
        """The positions of the streets that are called just so."""
        return tuple(self._streets.called(name))

    def has_place(self, text: str) -> bool:
        """Whether the gazetteer has a street that is said to be in such a place."""
        return self._streets.is_place(text)

    def full_name(self, street: str) -> str:
        """A street's name with its locality and town, or the id itself when it is unknown."""
        at = self._streets.by_id.get(street)
        return street if at is None else self._streets.full_name(at)

    def told_apart(self, streets: Sequence[str]) -> list[str]:
        """The names of several streets in words that differ."""
        return self._streets.told_apart([self._streets.by_id[street] for street in streets])

    def _match(self, wanted: WantedStreet) -> Matched | Unmatched:
        if wanted.usrn:
            return self._match_number(wanted)
        if wanted.name.isdecimal() and not self._streets.called(wanted.name):
            return self._match_number(WantedStreet(usrn=wanted.name))
        return self._match_name(wanted)

    # By number

    def _match_number(self, wanted: WantedStreet) -> Matched | Unmatched:
        at = self._streets.by_id.get(wanted.usrn.strip())
        if at is None:
            try:
                usrn = Usrn.parse(wanted.usrn)
            except NoUsrn as error:
                return Unmatched("bad_usrn", str(error), "usrn", wanted.usrn)
            at = self._streets.by_usrn.get(str(usrn))
        if at is None:
            return self._unknown_number(wanted)
        if wanted.name and not self._is_called(at, wanted.name):
            return self._contradiction(at, wanted)
        if wanted.geometry is not None and not self._streets.within([at], wanted.geometry, FAR):
            return self._too_far([at], wanted, "usrn")
        return Matched(self._streets.ids[at], self._stretch_in(at, wanted.name))

    def _stretch_in(self, at: int, name: str) -> str:
        for reading in readings(name, self._streets.is_place) if name else ():
            if at in self._streets.called(reading.name):
                return reading.stretch
        return ""

    def _is_called(self, at: int, name: str) -> bool:
        """Whether a street may be written so: a slip of spelling is none of the USRN's business."""
        written = [set(tokens(reading.name)) for reading in readings(name, self._streets.is_place)]
        for own in self._streets.names_of(at):
            words = set(tokens(own))
            if any(words <= other or (other and other <= words) for other in written):
                return True
            if fuzz.ratio(street_key(own), street_key(name)) >= 80:
                return True
        return False

    def _contradiction(self, at: int, wanted: WantedStreet) -> Unmatched:
        sentence = (
            f"USRN {wanted.usrn} is {self._streets.full_name(at)} in the gazetteer, "
            f"not {wanted.name}. Correct the USRN or the name."
        )
        return Unmatched("contradiction", sentence, "usrn", wanted.usrn)

    def _unknown_number(self, wanted: WantedStreet) -> Unmatched:
        named = self._match_name(wanted) if wanted.name else None
        hint = ""
        if isinstance(named, Matched):
            hint = (
                f" The gazetteer has {self._streets.identified(self._streets.by_id[named.street])}."
            )
        sentence = (
            f"There is no street with USRN {wanted.usrn} in the gazetteer.{hint} "
            "Correct the USRN, or publish the gazetteer that has it first."
        )
        return Unmatched("unknown_street", sentence, "usrn", wanted.usrn)

    # By name

    def _match_name(self, wanted: WantedStreet) -> Matched | Unmatched:
        if wanted.locality and is_unfinished(wanted.name):
            wanted = replace(wanted, name=f"{wanted.name} {wanted.locality}", locality="")
        return self._read(wanted) or self._unknown_name(wanted)

    def _read(self, wanted: WantedStreet) -> Matched | Unmatched | None:
        """The first reading that is one street, else why the first with streets is none.

        What fits several is no better read in another way, such as without its `(& Greenway)`.
        """
        refusal = None
        for reading in readings(wanted.name, self._streets.is_place):
            if candidates := self._streets.called(reading.name):
                found = self._of_name(candidates, reading, wanted)
                if isinstance(found, Matched):
                    return self._with_other_half(found, wanted)
                if found.kind == "ambiguous":
                    return found
                refusal = refusal or found
        return refusal

    def _with_other_half(self, found: Matched, wanted: WantedStreet) -> Matched | Unmatched:
        """The same, unless `Church Road/Mill Street` turns out to be two streets."""
        if "/" not in wanted.name or self._streets.called(wanted.name):
            return found
        for half in wanted.name.split("/"):
            other = self._read(replace(wanted, name=half.strip()))
            if isinstance(other, Matched) and other.street != found.street:
                return self._several([found.street, other.street], wanted)
        return found

    def _of_name(
        self, candidates: list[int], reading: StreetPhrase, wanted: WantedStreet
    ) -> Matched | Unmatched:
        """One of the streets that bear the name: in the named place, or near the verge."""
        texts = (wanted.locality, wanted.town, reading.place)
        candidates = self._streets.numbered(candidates, reading.road_number)
        fitting = self._in_places(candidates, self._stated_places(wanted, reading))
        fitting = self._in_ward(fitting, wanted.ward)
        if wanted.geometry is None:
            fitting = self._in_district(fitting, " ".join(texts))
        if not fitting:
            return self._elsewhere(candidates, wanted, reading)
        if wanted.geometry is not None:
            near = self._streets.within(fitting, wanted.geometry, NEAR)
            if not near:
                return self._too_far(fitting, wanted)
            fitting = near
        fitting = self._own_name_first(fitting, reading.name)
        if len(fitting) > 1:
            return self._ambiguous(fitting, wanted)
        return Matched(self._streets.ids[fitting[0]], reading.stretch)

    def _own_name_first(self, fitting: list[int], name: str) -> list[int]:
        """Of streets side by side, that whose own name it is and not another one."""
        own = self._streets.bear_as_own(fitting, name)
        if len(own) != 1 or len(fitting) == 1:
            return fitting
        shape = self._streets.shapes[own[0]]
        return own if len(self._streets.within(fitting, shape, NEAR)) == len(fitting) else fitting

    def _stated_places(self, wanted: WantedStreet, reading: StreetPhrase) -> list[PlaceKeys]:
        """The places of a row, the closest first; a parish that the gazetteer never heard of
        says nothing.
        """
        parishes = _split_places(wanted.parish)
        known = [keys for keys in parishes if not self._streets.all_places.isdisjoint(keys)]
        return [*_split_places(wanted.locality, wanted.town, reading.place), *known]

    def _in_ward(self, fitting: list[int], ward: str) -> list[int]:
        """Those in the ward, or all where none is: wards change, and few know theirs."""
        keys = place_keys(ward)
        there = [at for at in fitting if not self._streets.places_of(at).keys().isdisjoint(keys)]
        return there or fitting

    def _in_places(self, candidates: list[int], places: Sequence[PlaceKeys]) -> list[int]:
        """Those that are most in `places`, and in no other place than these.

        A street whose place the gazetteer does not say may be anywhere, but comes last. One that
        only lies beside the place is meant where it is the only one of its name.
        """
        if not places:
            return candidates
        scores = [self._score(at, places) for at in candidates]
        best = max(scores)
        top = [at for at, score in zip(candidates, scores, strict=True) if score == best]
        is_alone = len(candidates) == 1
        if best == 0:
            placeless = [at for at in top if self._streets.is_placeless(at)]
            if placeless:
                firsts = [keys[0] for keys in places]
                return self._whereabouts.fitting(placeless, self._streets.shapes, firsts)
            return [at for at in top if is_alone and self._is_beside(at, places[0])]
        return [at for at in top if self._bears_the_rest(at, places, is_alone=is_alone)]

    def _score(self, at: int, places: Sequence[PlaceKeys]) -> float:
        own = self._streets.places_of(at)
        return sum(max(own.get(key, 0.0) for key in keys) for keys in places)

    def _bears_the_rest(self, at: int, places: Sequence[PlaceKeys], *, is_alone: bool) -> bool:
        """Whether the places that a street is not said to be in are no contradiction.

        A locality that matches settles it: towns are postal in one file and districts in
        another. A town that matches does not, unless the locality is one that the gazetteer does
        not know, or one that the only street of the name touches (long roads run through several).
        """
        own = self._streets.places_of(at).keys()
        if not own.isdisjoint(places[0]):
            return True
        known = self._streets.all_places
        rest = [keys for keys in places if own.isdisjoint(keys) and not known.isdisjoint(keys)]
        return not rest or (is_alone and self._is_beside(at, rest[0]))

    def _is_beside(self, at: int, place: PlaceKeys) -> bool:
        """Whether a street of the place lies within `NEAR` of this one."""
        return self._streets.any_beside(
            at, NEAR, lambda other: not self._streets.places_of(other).keys().isdisjoint(place)
        )

    def _in_district(self, fitting: list[int], text: str) -> list[int]:
        """Those that may have the postcode that the text names: a long road has several."""
        found = _POSTCODE.search(text)
        if found is None:
            return fitting
        allowed = ("", found[1].upper())
        districts = self._streets.districts
        return [
            at
            for at in fitting
            if districts[at] in allowed
            or self._streets.any_beside(at, NEAR, lambda other: districts[other] == allowed[1])
        ]

    def _ambiguous(self, fitting: list[int], wanted: WantedStreet) -> Unmatched:
        names = self._streets.told_apart(fitting)
        sentence = (
            f"{wanted.name} fits {len(names)} streets: {listed(names)}. Add the locality or the "
            "USRN."
        )
        return self._refused("ambiguous", sentence, wanted, fitting)

    def _refused(
        self, kind: str, sentence: str, wanted: WantedStreet, candidates: Sequence[int] = ()
    ) -> Unmatched:
        few = candidates if len(candidates) <= MOST_CANDIDATES else ()
        ids = tuple(self._streets.ids[at] for at in few)
        return Unmatched(kind, sentence, value=wanted.name, candidates=ids)

    def _several(self, streets: Sequence[str], wanted: WantedStreet) -> Unmatched:
        names = listed(map(self.full_name, streets))
        sentence = (
            f"{wanted.name} names {len(streets)} streets: {names}. Give each a row of its own."
        )
        return Unmatched("ambiguous", sentence, value=wanted.name)

    def _elsewhere(
        self, candidates: list[int], wanted: WantedStreet, reading: StreetPhrase
    ) -> Unmatched:
        place = _joined(wanted.locality, wanted.town) or _joined(reading.place, wanted.parish)
        has = listed(self._streets.told_apart(candidates))
        if any(map(self._streets.is_placeless, candidates)):
            has = f"{has}, but nothing says it is there"
        sentence = (
            f"There is no {reading.name} in {place}. The gazetteer has {has}. "
            "Correct the place or give the USRN."
        )
        return self._refused("unknown_street", sentence, wanted, candidates)

    def _too_far(
        self, candidates: list[int], wanted: WantedStreet, column: str = "street"
    ) -> Unmatched:
        apart = shapely.distance(self._streets.shapes[candidates], wanted.geometry)
        nearest = int(np.nanargmin(apart))
        metres = float(apart[nearest])
        far = f"{metres:,.0f} m" if metres < 10_000 else f"{metres / 1000:,.0f} km"
        sentence = (
            f"This verge lies {far} from {self._streets.full_name(candidates[nearest])}. "
            f"Correct the {'USRN' if column == 'usrn' else 'name'} or the position."
        )
        value = wanted.usrn if column == "usrn" else wanted.name
        return Unmatched("unknown_street", sentence, column, value)

    def _unknown_name(self, wanted: WantedStreet) -> Unmatched:
        named = self._named_within(wanted.name, wanted)
        if len(named) > 1:
            return self._several(named, wanted)
        named = named or self._named_within(wanted.locality, replace(wanted, locality=""))
        simplest = min(readings(wanted.name, self._streets.is_place), key=lambda one: len(one.name))
        place = _joined(wanted.locality, wanted.town, simplest.place)
        hint = ""
        near: Sequence[int] = ()
        if named:
            near = [self._streets.by_id[street] for street in named]
            hint = f" It has {listed(map(self.full_name, named))}, which this row names too."
        elif near := self._suggestions.near(simplest.name, place):
            hint = f" Did you mean {listed(self._streets.told_apart(near), 'or')}?"
        sentence = (
            f'There is no street "{_short(wanted.name)}" in the gazetteer.{hint} '
            "Correct the name or give the USRN."
        )
        return self._refused("unknown_street", sentence, wanted, near)

    def _named_within(self, text: str, wanted: WantedStreet) -> list[str]:
        """The streets that parts of a text name: `Corner of Church Road and Mill Street`."""
        chunks = text.split(",")
        found = []
        for at, chunk in enumerate(chunks):
            places = _joined(*chunks[at + 1 :], wanted.locality)
            for part in map(str.strip, _JOINTS.split(chunk)):
                if " " in part and part != wanted.name:
                    found.append(self._read(replace(wanted, name=part, locality=places)))
        return list(dict.fromkeys(one.street for one in found if isinstance(one, Matched)))


def settling_key(wanted: WantedStreet) -> str:
    """What rows of any file share that name the same street in the same place."""
    texts = (wanted.locality, wanted.town, wanted.parish)
    places = {keys[0] for keys in _split_places(*texts)}
    return "|".join((street_key(wanted.name) or wanted.name, *sorted(places)))


def _split_places(*texts: str) -> list[PlaceKeys]:
    parts = (part for text in texts for part in re.split("[,;]", text))
    return list(dict.fromkeys(filter(None, map(place_keys, parts))))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _joined(*texts: str) -> str:
    parts = (part.strip() for text in texts for part in text.split(","))
    return ", ".join(filter(None, parts))
