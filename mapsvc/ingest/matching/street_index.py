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

from mapsvc.domain.streets import parse_alt_names
from mapsvc.search.normalise import TYPES, normalise, squash, street_key, tokens

_PLACE_COLUMNS = ("locality", "town", "parish", "ward", "authority")
_SAY_WHERE = 3
"""Of these, the ones small enough to say where a street is."""

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
        """Name, locality and town."""
        places = (column[at] for column in self._place_texts[:2])
        return ", ".join(dict.fromkeys(filter(None, (self.names[at], *places))))

    def identified(self, at: int) -> str:
        """The full name with the USRN, or else the id."""
        number = f"USRN {self._usrns[at]}" if self._usrns[at] else f"id {self.ids[at]}"
        return f"{self.full_name(at)} ({number})"

    # By place

    @cached_property
    def all_places(self) -> frozenset[str]:
        """All places that streets are said to be in, normalised."""
        return frozenset(self._place_keys.values()) - {""}

    @cached_property
    def _place_keys(self) -> dict[str, str]:
        """Each place as it is written → normalised, once for all the streets in it."""
        return {text: normalise(text) for column in self._place_texts for text in set(column)}

    def is_place(self, text: str) -> bool:
        return normalise(text) in self.all_places

    def places_of(self, at: int) -> set[str]:
        """The places that a street is said to be in, normalised."""
        return {self._place_keys[column[at]] for column in self._place_texts} - {""}

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
