"""Which street of the gazetteer a row means: by USRN, by name with place, by lying near.

Never a guess: what fits two streets, or only nearly fits one, is `Unmatched` with a sentence.
What streets are called and where they lie is in `street_index`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

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

__all__ = ["Matched", "Matcher", "Suggest", "Unmatched", "WantedStreet"]

NEAR = 300.0
"""Metres from a verge within which a street of the right name is the one meant."""

FAR = 1000.0
"""Metres from which a verge cannot belong to the street whose USRN it is given."""

TIED = 30.0
"""Metres within which a verge without a street's name belongs to the nearest street."""

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}\b", re.IGNORECASE)
_JOINTS = re.compile(r"[/;&]|\b(?:and|at|between|from|near|of|off|to)\b", re.IGNORECASE)


class Matcher:
    """The streets of a gazetteer, indexed by what rows call them.

    Parameters
    ----------
    streets : STREET_COLUMNS
    suggest : gives names near to one that is not there, the nearest first; without it, names
        are compared one by one
    """

    def __init__(self, streets: gpd.GeoDataFrame, suggest: Suggest | None = None) -> None:
        self._streets = StreetIndex(streets)
        self._suggestions = Suggestions(self._streets, suggest)
        self._whereabouts = Whereabouts()
        self._known: dict[WantedStreet, Matched | Unmatched] = {}

    def match(self, wanted: WantedStreet) -> Matched | Unmatched:
        """The street that `wanted` means. With a USRN the name must agree; without, design 4."""
        if wanted.geometry is not None:
            return self._match(wanted)
        if wanted not in self._known:
            self._known[wanted] = self._match(wanted)
        return self._known[wanted]

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
        places = _split_places(wanted.locality, wanted.town, stated.place)
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

    def full_name(self, street: str) -> str:
        """A street's name with its locality and town, or the id itself when it is unknown."""
        at = self._streets.by_id.get(street)
        return street if at is None else self._streets.full_name(at)

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
        fitting = self._in_places(candidates, _split_places(*texts))
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

    def _in_places(self, candidates: list[int], places: Sequence[str]) -> list[int]:
        """Those in the most of `places` that are in no other place than these.

        A street whose place the gazetteer does not say may be anywhere, but comes last.
        """
        if not places:
            return candidates
        scores = [len(self._streets.places_of(at).intersection(places)) for at in candidates]
        best = max(scores)
        top = [at for at, score in zip(candidates, scores, strict=True) if score == best]
        if best == 0:
            placeless = [at for at in top if self._streets.is_placeless(at)]
            if placeless:
                return self._whereabouts.fitting(placeless, self._streets.shapes, places)
            return [at for at in top if self._is_beside(at, places)]
        return [at for at in top if self._bears_the_rest(at, places)]

    def _bears_the_rest(self, at: int, places: Sequence[str]) -> bool:
        """Whether the places that a street is not said to be in are no contradiction.

        A locality that matches settles it: towns are postal in one file and districts in
        another. A town that matches does not, unless the locality is one that the gazetteer does
        not know, or one that the street touches (long roads run through several).
        """
        own = self._streets.places_of(at)
        if places[0] in own:
            return True
        known = self._streets.all_places
        rest = [place for place in places if place not in own and place in known]
        return not rest or self._is_beside(at, rest)

    def _is_beside(self, at: int, places: Sequence[str]) -> bool:
        """Whether a street of the first of `places` lies within `NEAR` of this one."""
        return self._streets.any_beside(
            at, NEAR, lambda other: places[0] in self._streets.places_of(other)
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
        names = [self._streets.full_name(at) for at in fitting]
        advice = "Add the locality or the USRN."
        if len(set(names)) < len(names):
            names = [self._streets.identified(at) for at in fitting]
            advice = "Give its USRN, or the id shown here, in the column usrn."
        sentence = f"{wanted.name} fits {len(names)} streets: {listed(names)}. {advice}"
        return Unmatched("ambiguous", sentence, value=wanted.name)

    def _several(self, streets: Sequence[str], wanted: WantedStreet) -> Unmatched:
        names = listed(map(self.full_name, streets))
        sentence = (
            f"{wanted.name} names {len(streets)} streets: {names}. Give each a row of its own."
        )
        return Unmatched("ambiguous", sentence, value=wanted.name)

    def _elsewhere(
        self, candidates: list[int], wanted: WantedStreet, reading: StreetPhrase
    ) -> Unmatched:
        place = _joined(wanted.locality, wanted.town) or _joined(reading.place)
        if any(map(self._streets.is_placeless, candidates)):
            has = (
                f"{listed(map(self._streets.identified, candidates))}, but nothing says it is there"
            )
            advice = "Correct the place, or give the USRN or the id shown here in the column usrn."
        else:
            has = listed(dict.fromkeys(map(self._streets.full_name, candidates)))
            advice = "Correct the place or give the USRN."
        sentence = f"There is no {reading.name} in {place}. The gazetteer has {has}. {advice}"
        return Unmatched("unknown_street", sentence, value=wanted.name)

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
        if named:
            hint = f" It has {listed(map(self.full_name, named))}, which this row names too."
        elif near := self._suggestions.near(simplest.name, place):
            hint = f" Did you mean {listed(near, 'or')}?"
        sentence = (
            f'There is no street "{_short(wanted.name)}" in the gazetteer.{hint} '
            "Correct the name or give the USRN."
        )
        return Unmatched("unknown_street", sentence, value=wanted.name)

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


def _split_places(*texts: str) -> list[str]:
    parts = (part for text in texts for part in text.split(","))
    return list(filter(None, map(normalise, parts)))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _joined(*texts: str) -> str:
    parts = (part.strip() for text in texts for part in text.split(","))
    return ", ".join(filter(None, parts))
