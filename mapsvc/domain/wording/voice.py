"""Who speaks to whom: the same in every language."""

from dataclasses import dataclass

from mapsvc.domain.streets import Keeper


@dataclass(frozen=True, slots=True)
class Voice:
    """What a sentence needs besides the status."""

    keeper: Keeper
    council_phone: str = ""
    has_verges: bool = True
