"""Streets, places and keepers: who and where. What is cut and when is in `schedule`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

STREET_COLUMNS = (
    "id",
    "usrn",
    "name",
    "alt_names",
    "locality",
    "town",
    "road_number",
    "postcode_district",
    "parish",
    "ward",
    "authority",
    "geometry",
)
"""The columns of a frame of streets, EPSG:27700. All but `geometry` are text, empty if unknown."""


class AltName(NamedTuple):
    """Another name of a street; `lang` is a BCP 47 code such as `cy`, empty when not said.

    A former name is one that the street had in an earlier gazetteer.
    """

    text: str
    lang: str = ""
    is_former: bool = False


_FORMER = "former"


def parse_alt_names(text: str) -> tuple[AltName, ...]:
    """The names in a `;` list whose entries may say their language, or that they are former ones:
    `cy:Heol Fawr;Top Road;former:Plantation Road`.
    """
    names = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        lang, colon, name = entry.partition(":")
        is_tagged = bool(colon) and 2 <= len(lang) <= 3 and lang.isalpha() and lang.islower()
        if colon and lang.casefold() == _FORMER:
            names.append(AltName(name.strip(), is_former=True))
        else:
            names.append(AltName(name.strip(), lang) if is_tagged else AltName(entry))
    return tuple(names)


def format_alt_names(names: tuple[AltName, ...]) -> str:
    """The text that `parse_alt_names` reads back."""
    tags = (_FORMER if name.is_former else name.lang for name in names)
    pairs = zip(tags, (name.text for name in names), strict=True)
    return ";".join(f"{tag}:{text}" if tag else text for tag, text in pairs)


def named_places(locality: str, town: str, parish: str = "") -> tuple[str, ...]:
    """The locality and town of a street, each once, the smaller first; else its parishes."""
    named = tuple(dict.fromkeys(filter(None, (locality, town))))
    return named or divided_places(parish)


def place_words(locality: str, town: str, parish: str = "") -> tuple[str, ...]:
    """The same as they are said after a street's name: `Ketton and Tinwell` where it runs through
    both.
    """
    named = named_places(locality, town)
    both = " and ".join(divided_places(parish))
    return named or ((both,) if both else ())


def listed_places(names: Iterable[str]) -> str:
    """The parishes or wards of one street as text: `Ketton; Tinwell`."""
    return "; ".join(dict.fromkeys(filter(None, names)))


def divided_places(text: str) -> tuple[str, ...]:
    """The parishes or wards that `listed_places` put together."""
    return tuple(filter(None, map(str.strip, text.split(";"))))


@dataclass(frozen=True, slots=True)
class Street:
    """One gazetteer entry. `id` is the USRN where the source has one, else a derived one.

    A street through several parishes or wards has them all: `Ketton; Tinwell`. `parish_code` are
    the codes of its parishes, where boundaries give them.
    """

    id: str
    name: str
    usrn: str = ""
    alt_names: tuple[AltName, ...] = ()
    locality: str = ""
    town: str = ""
    road_number: str = ""
    postcode_district: str = ""
    parish: str = ""
    ward: str = ""
    authority: str = ""
    parish_code: str = ""
    geometry: BaseGeometry | None = None

    @property
    def other_names(self) -> tuple[AltName, ...]:
        """The names that it bears besides its own."""
        return tuple(name for name in self.alt_names if not name.is_former)

    @property
    def former_names(self) -> tuple[str, ...]:
        """The names that it bore before."""
        return tuple(name.text for name in self.alt_names if name.is_former)

    @property
    def places(self) -> tuple[str, ...]:
        """The locality and town, each once, the smaller first; else the parishes."""
        return named_places(self.locality, self.town, self.parish)

    @property
    def full_name(self) -> str:
        """The name with its places: `Main Street, Little Example, Exampleton`."""
        return ", ".join((self.name, *place_words(self.locality, self.town, self.parish)))


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode or settlement, only to search from. Coordinates are EPSG:27700."""

    name: str
    kind: str
    easting: float
    northing: float


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who looks after grass. `parishes` and `roads` are what it keeps where no verge is known.

    A parish is given by its name or, as names repeat, by its code (`E04001234`).
    """

    code: str
    name: str
    kind: str = ""
    ours: bool = True
    url: str = ""
    phone: str = ""
    parishes: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
