"""How pages arrange what they show: grass of which the same is said, streets that look alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mapsvc.domain.answers import Answer, Group
from mapsvc.domain.streets import Street
from mapsvc.domain.wording import stretches_in_words

LONGEST_BESIDE = 60
"""Characters of where some grass lies that stand beside its label; more have a row of their own."""


@dataclass(frozen=True, slots=True)
class Section:
    """Groups with the same words, keeper and round; `where` they lie, in words; `parts` of them."""

    group: Group
    where: str
    parts: int

    @property
    def beside(self) -> str:
        """What stands beside the label."""
        return self.where if len(self.where) <= LONGEST_BESIDE else f"{self.parts} parts"


def sections_of(answer: Answer) -> list[Section]:
    """The groups of an answer for reading: a long road has dozens that say the same."""
    alike: dict[tuple[object, ...], list[Group]] = {}
    for group in answer.groups:
        round_code = group.round.code if group.round else ""
        keeper, facts = group.keeper.code, group.facts
        key = (group.label, group.words, facts, keeper, round_code, group.kind)
        alike.setdefault(key, []).append(group)
    everywhere = [group.where for group in answer.groups]
    return [_section(groups, everywhere) for groups in alike.values()]


def _section(groups: Sequence[Group], everywhere: Sequence[str]) -> Section:
    stretches = [group.where for group in groups if group.where]
    return Section(groups[0], stretches_in_words(stretches, everywhere), len(stretches))


def alike(streets: Sequence[Street]) -> set[str]:
    """The ids of streets that name and places do not tell apart."""
    names = Counter((street.full_name, street.postcode_district) for street in streets)
    return {s.id for s in streets if names[s.full_name, s.postcode_district] > 1}
