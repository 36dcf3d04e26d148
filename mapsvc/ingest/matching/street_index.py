"""The streets of a gazetteer, indexed by what rows call them, where they are and where they lie.

Which of them a row means is decided in `matcher`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.streets import divided_places, parse_alt_names, place_words
from mapsvc.search.normalise import TYPES, squash, street_key, tokens
from mapsvc.search.place_names import place_key, place_keys

_PLACE_COLUMNS = ("locality", "town", "parish", "ward", "authority")
_SAY_WHERE = 3
"""Of these, the ones small enough to say where a street is."""

SMALL, WIDE, ELECTORAL, WHOLE = 1.0, 0.8, 0.3, 0.1
"""How much it says that a street is in a place: its village or parish, the town of its village,
its ward, its council."""

_PART = 0.9
"""The same of `Ketton`, where the parish is `Ketton and Tinwell`."""

_NEXT_TO = 100.0
"""Metres within which another street says where one is: `High Street by Mill Lane`."""

_SLIP = re.compile(r"([a-z])\1{2,}")


class StreetIndex:
    """Streets by number, name and position; a street is known here by its place in the frame.

    Parameters
    ----------
    streets : STREET_COLUMNS
    """

    def __init__(self, streets: gpd.GeoDataFrame) -> None:
        self.ids: list[str] = streets["id"].tolist()
        self.names: list[str] = streets["name"].tolist()
        self.districts: list[str] = streets["postcode_district"].tolist()
        self.shapes = streets.geometry.to_numpy()
        self._road_numbers: list[str] = streets["road_number"].tolist()
        self._usrns: list[str] = streets["usrn"].tolist()
        self._alt_names: list[str] = streets["alt_names"].tolist()
        self._place_texts = [streets[column].tolist() for column in _PLACE_COLUMNS]
        self.by_id = {id: at for at, id in enumerate(self.ids)}
        self.by_usrn = {usrn: at for at, usrn in enumerate(self._usrns) if usrn}

    # By name

    def called(self, name: str) -> list[int]:
        """The streets that may be written so: by words, by letters alone, or but for `The`."""
        found = self.by_key.get(street_key(name) or name, [])
        words = tokens(name)
        found = found or self._by_letters.get(_letters(words), [])
        bare = _bare_letters(words)
        return found or self._by_letters.get(bare) or self._by_letters_after_the.get(bare, [])

    def bear_as_own(self, candidates: Iterable[int], name: str) -> list[int]:
        """Those for which it is the name, and not another one."""
        letters = _letters(tokens(name))
        return [at for at in candidates if _letters(tokens(self.names[at])) == letters]

    def numbered(self, candidates: list[int], road_number: str) -> list[int]:
        """Those that have the road number, or all when none of them has."""
        bear = [at for at in candidates if road_number in self._road_numbers[at].split(";")]
        return bear if road_number and bear else candidates

    def names_of(self, at: int) -> list[str]:
        """A street's name, its other names, and both halves of `Shore Road/The Underway`."""
        name, alternatives = self.names[at], self._alt_names[at]
        if not alternatives and "/" not in name:
            return [name]
        halves = [half.strip() for half in name.split("/")] if "/" in name else []
        return [name, *halves, *(other.text for other in parse_alt_names(alternatives))]

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        """Key → the streets that bear the name, each once."""
        found: dict[str, list[int]] = defaultdict(list)
        for at in range(len(self.ids)):
            for key in {street_key(name) or name for name in self.names_of(at)}:
                found[key].append(at)
        return dict(found)

    @cached_property
    def _by_letters(self) -> dict[str, list[int]]:
        """By the letters alone: `Cronk- Y- Berry Mooar`, `Greenfield Road`, `Green Field Road`."""
        return _regrouped(self.by_key, _letters)

    @cached_property
    def _by_letters_after_the(self) -> dict[str, list[int]]:
        named = {key: rows for key, rows in self.by_key.items() if key.startswith("the ")}
        return _regrouped(named, _bare_letters)

    def full_name(self, at: int) -> str:
        """Name, locality and town; without these the parish."""
        locality, town, parish = (column[at] for column in self._place_texts[:3])
        return ", ".join(dict.fromkeys((self.names[at], *place_words(locality, town, parish))))

    def told_apart(self, rows: Sequence[int]) -> list[str]:
        """The full names of streets in words that differ, and never by an id.

        Namesakes are told by parish, ward, postcode district or road number, else by a street
        that they are next to.
        """
        names = [self.full_name(at) for at in rows]
        if _differ(names):
            return names
        for said in (self._in_parish, self._in_ward, self._in_its_district, self._beside_another):
            told = [said(at) for at in rows]
            if _differ(told):
                return told
        return [f"{name} ({self._position(at)})" for name, at in zip(names, rows, strict=True)]

    def identified(self, at: int) -> str:
        """The full name with the USRN, where there is one."""
        usrn = self._usrns[at]
        return f"{self.full_name(at)} (USRN {usrn})" if usrn else self.full_name(at)

    def _in_parish(self, at: int) -> str:
        places = (column[at] for column in self._place_texts[:2])
        parishes = " and ".join(divided_places(self._place_texts[2][at]))
        name = ", ".join(dict.fromkeys(filter(None, (self.names[at], *places))))
        return f"{name} in {parishes}" if parishes else name

    def _in_ward(self, at: int) -> str:
        wards = " and ".join(divided_places(self._place_texts[3][at]))
        return f"{self.full_name(at)} in {wards} ward" if wards else self.full_name(at)

    def _in_its_district(self, at: int) -> str:
        said = self.districts[at] or self._road_numbers[at]
        return f"{self.full_name(at)} ({said})" if said else self.full_name(at)

    def _beside_another(self, at: int) -> str:
        key = street_key(self.names[at])
        shape = self.shapes[at]
        if self.tree is None or shape is None or shape.is_empty:
            return self.full_name(at)
        around = self.tree.query(shape, predicate="dwithin", distance=_NEXT_TO).tolist()
        others = [one for one in around if street_key(self.names[one]) != key]
        if not others:
            return self.full_name(at)
        apart = shapely.distance(self.shapes[others], shape).tolist()
        _, nearest = min(zip(apart, (self.names[one] for one in others), strict=True))
        return f"{self.full_name(at)} by {nearest}"

    def _position(self, at: int) -> str:
        shape = self.shapes[at]
        if self._usrns[at]:
            return f"USRN {self._usrns[at]}"
        if shape is None or shape.is_empty:
            return "without a position"
        middle = shape.centroid
        return f"easting {middle.x:.0f}, northing {middle.y:.0f}"

    # By place

    @cached_property
    def all_places(self) -> frozenset[str]:
        """The keys of all places that streets are said to be in."""
        whole = {key for text in set(self._place_texts[-1]) for key in place_keys(text)[:1]}
        small = {text for column in self._place_texts[:-1] for text in set(column)}
        parts = {key for text in small for one in divided_places(text) for key in place_keys(one)}
        return frozenset(whole | parts)

    def is_place(self, text: str) -> bool:
        return place_key(text) in self.all_places

    def places_of(self, at: int) -> dict[str, float]:
        """The keys of the places that a street is said to be in, and how much each says."""
        locality = self._place_texts[0][at]
        weights = (SMALL, WIDE if locality else SMALL, SMALL, ELECTORAL, WHOLE)
        found: dict[str, float] = {}
        for column, weight in zip(self._place_texts, weights, strict=True):
            text = column[at]
            for one in divided_places(text) if text else ():
                whole, *parts = place_keys(one) or ("",)
                found[whole] = max(weight, found.get(whole, 0.0))
                for part in parts if weight >= ELECTORAL else ():
                    found[part] = max(weight * _PART, found.get(part, 0.0))
        return found

    def is_placeless(self, at: int) -> bool:
        return not any(column[at] for column in self._place_texts[:_SAY_WHERE])

    @cached_property
    def has_placeless(self) -> bool:
        return any(map(self.is_placeless, range(len(self.ids))))

    # By position

    @cached_property
    def tree(self) -> shapely.STRtree | None:
        return shapely.STRtree(self.shapes) if len(self.shapes) else None

    def within(self, candidates: Sequence[int], geometry: BaseGeometry, reach: float) -> list[int]:
        """Those no further than `reach` from a geometry; also those that lie nowhere known."""
        distances = shapely.distance(self.shapes[list(candidates)], geometry)
        return [at for at, apart in zip(candidates, distances, strict=True) if not apart > reach]

    def any_beside(self, at: int, reach: float, fits: Callable[[int], bool]) -> bool:
        """Whether a street within `reach` of this one fits."""
        if self.tree is None or self.shapes[at] is None:
            return False
        around = self.tree.query(self.shapes[at], predicate="dwithin", distance=reach)
        return any(fits(int(other)) for other in around)

    def nearest(self, shapes: Sequence[BaseGeometry]) -> list[tuple[str, float]]:
        """The id of the street nearest to each shape, and how far it is from the line.

        Of streets equally near, that with the smallest id. Without any street ("", infinity).
        """
        found = [("", float("inf"))] * len(shapes)
        if self.tree is None or not len(shapes):
            return found
        pairs, distances = self.tree.query_nearest(
            np.array(shapes, dtype=object), return_distance=True
        )
        for shape, street, distance in zip(*pairs.tolist(), distances.tolist(), strict=True):
            id = self.ids[street]
            if found[shape][0] == "" or id < found[shape][0]:
                found[shape] = (id, distance)
        return found


def _differ(names: Sequence[str]) -> bool:
    """Whether no two are alike, also to somebody who does not look for an apostrophe."""
    return len(set(map(street_key, names))) == len(names)


def _letters(words: Sequence[str]) -> str:
    """The words run together; three of a letter in one word are a slip of the finger for two."""
    return squash(_SLIP.sub(r"\1\1", " ".join(words)).split())


def _bare_letters(words: Sequence[str]) -> str:
    """The same without `The` in front; nothing when only `Street` or `Avenue` would be left."""
    rest = words[1:] if words[:1] == ("the",) else words
    return "" if len(rest) == 1 and rest[0] in TYPES else _letters(rest)


def _regrouped(
    by_key: Mapping[str, list[int]], key_of: Callable[[Sequence[str]], str]
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, rows in by_key.items():
        found[key_of(tuple(key.split()))].extend(rows)
    found.pop("", None)
    return {key: sorted(set(rows)) for key, rows in found.items()}
