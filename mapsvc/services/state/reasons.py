"""The reasons in place of dates that ship: geodata/reference/reasons_in_place_of_dates.txt."""

from functools import lru_cache

from mapsvc import resources
from mapsvc.domain.reasons import KnownReasons, reason_key


@lru_cache(maxsize=1)
def shipped_reasons() -> KnownReasons:
    """The phrases of councils that residents may read without anybody's confirmation."""
    file = resources.geodata_dir() / "reference" / "reasons_in_place_of_dates.txt"
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    phrases = (line for line in lines if line and not line.startswith("#"))
    return KnownReasons(frozenset(map(reason_key, phrases)))
