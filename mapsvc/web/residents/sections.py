"""How pages arrange what they show: grass of which the same is said, streets that look alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapsvc.domain.answers import Answer, Group
from mapsvc.domain.streets import Street


@dataclass(frozen=True, slots=True)
class Section:
    """Groups with the same words, keeper and round; `stretches` are where they lie."""

    group: Group
    stretches: tuple[str, ...]


def sections_of(answer: Answer) -> list[Section]:
    """The groups of an answer for reading: a long road has dozens that say the same."""
    found: dict[tuple[object, ...], Section] = {}
    for group in answer.groups:
        round_code = group.round.code if group.round else ""
        key = (group.found.status, group.words, group.keeper.code, round_code, group.kind)
        known = found.get(key)
        where = (group.where,) if group.where else ()
        if known is None:
            found[key] = Section(group, where)
        else:
            found[key] = replace(known, stretches=(*known.stretches, *where))
    return list(found.values())


def alike(streets: Sequence[Street]) -> set[str]:
    """The ids of streets that name and places do not tell apart."""
    names = Counter((street.full_name, street.postcode_district) for street in streets)
    return {s.id for s in streets if names[s.full_name, s.postcode_district] > 1}
