"""What can be searched for and what comes back. No index here."""

from __future__ import annotations

from dataclasses import dataclass

STREET, POSTCODE, SETTLEMENT = "street", "postcode", "settlement"


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that can be found by its words, known to the caller by `row`."""

    row: int
    name: str
    place: tuple[str, ...] = ()
    """Locality, town, parish …: what tells it from its namesakes, the closest first."""
    alt_names: tuple[str, ...] = ()
    road_number: str = ""
    district: str = ""
    """The outward half of its postcode, such as NP20."""
    kind: str = STREET
    size: float = 0.0
    """How large its place is; of namesakes the one in the larger place comes first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One row found: `score` from 0 to 1 (1: the very name), `matched` says by what."""

    row: int
    score: float
    matched: str
    """`name`, `alt`, `road` or `place`."""
