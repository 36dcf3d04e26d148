"""What a row asks of the gazetteer, and what it gets. How it is found is in `matcher`."""

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class WantedStreet:
    """A street as a row names it; `geometry` is that of its verge, in the local CRS."""

    usrn: str = ""
    name: str = ""
    locality: str = ""
    town: str = ""
    parish: str = ""
    ward: str = ""
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """The id of the one street meant, and the stretch that its written name spoke of."""

    street: str
    stretch: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why no street was matched: a problem's kind, sentence, column and value.

    `candidates` are the ids of the few streets of which a person can say which one is meant.
    """

    kind: str
    sentence: str
    column: str = "street"
    value: str = ""
    candidates: tuple[str, ...] = ()
