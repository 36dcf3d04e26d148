"""Who speaks to whom, and what besides sentences is said: the same in every language."""

from dataclasses import dataclass
from typing import NamedTuple

from mapsvc.domain.streets import Keeper


@dataclass(frozen=True, slots=True)
class Voice:
    """What a sentence needs besides the status."""

    keeper: Keeper
    council_phone: str = ""
    has_verges: bool = True


class Fact(NamedTuple):
    """A row under a sentence: what it is about, and what is known of it."""

    term: str
    words: str
