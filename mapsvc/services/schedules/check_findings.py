"""What a check found, in the words of its page: sentences with numbers, each with a list."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from mapsvc.ingest.compare.changes import CHANGE, GAIN, LOSE, MOVE
from mapsvc.messages.words import Reader
from mapsvc.problems import Problem, Report
from mapsvc.published.atlas import Atlas


class Words(NamedTuple):
    """The address of a list, and its sentence for one and for several."""

    slug: str
    one: str
    many: str


CHANGES = {
    CHANGE: Words("change", "1 street changes", "{} streets change"),
    LOSE: Words("lose", "1 street loses a date", "{} streets lose a date"),
    GAIN: Words("gain", "1 street gains a date", "{} streets gain a date"),
    MOVE: Words("move", "1 moves by more than 14 days", "{} move by more than 14 days"),
    "streets added": Words("added", "1 street is new", "{} streets are new"),
    "streets renamed": Words("renamed", "1 street has a new name", "{} streets have a new name"),
    "streets moved": Words("moved", "1 street lies elsewhere", "{} streets lie elsewhere"),
    "streets removed": Words("removed", "1 street goes", "{} streets go"),
    "removed streets that have verges": Words(
        "orphans", "1 street that goes has grass", "{} streets that go have grass"
    ),
    "entries added": Words("added", "1 entry is new", "{} entries are new"),
    "entries changed": Words("changed", "1 entry changes", "{} entries change"),
    "entries removed": Words("removed", "1 entry goes", "{} entries go"),
}
"""Word of a report → its sentence, in the order in which they are said."""

PROBLEMS = {
    "ambiguous": Words("ambiguous", "1 name fits two streets", "{} names fit two streets"),
    "unknown_street": Words("unknown", "1 street was not found", "{} streets were not found"),
    "contradiction": Words(
        "contradiction", "1 row contradicts itself", "{} rows contradict themselves"
    ),
    "bad_date": Words("dates", "1 date could not be read", "{} dates could not be read"),
    "wrong_season": Words("season", "1 row is of another season", "{} rows are of another season"),
    "unknown_keeper": Words("keepers", "1 keeper is not published", "{} keepers are not published"),
    "bad_record": Words("rows", "1 row could not be read", "{} rows could not be read"),
}
OTHER = Words("other", "1 row has another problem", "{} rows have another problem")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A line of a list; `street` is its id where it has one."""

    words: str
    street: str = ""


@dataclass(frozen=True)
class CheckFinding:
    """One sentence of the page, and what is behind its number: read when it is asked for, as a
    page says the number of a county's streets and names none of them.
    """

    slug: str
    words: str
    list_of: Callable[[], tuple[FindingLine, ...]]
    is_problem: bool = False

    @cached_property
    def entries(self) -> tuple[FindingLine, ...]:
        return self.list_of()

    @property
    def streets(self) -> tuple[str, ...]:
        """The streets concerned, for the map."""
        return tuple(entry.street for entry in self.entries if entry.street)


def findings(report: Report, atlas: Atlas) -> list[CheckFinding]:
    """All sentences, changes before problems; what does not occur is not said."""
    return [*_changes(report, atlas), *_problems(report.problems)]


def _changes(report: Report, atlas: Atlas) -> Iterator[CheckFinding]:
    for word, words in CHANGES.items():
        streets, said = set(report.places.get(word, ())), report.changes.get(word, [])
        if number := len(streets or said):
            listed = partial(_entries, streets, said, atlas)
            yield CheckFinding(words.slug, _said(words, number), listed)


def _entries(
    streets: Collection[str], said: Sequence[str], atlas: Atlas
) -> tuple[FindingLine, ...]:
    """A line for each street, with what is said of it; where no street is known, what is said."""
    if not streets:
        return tuple(map(FindingLine, said))
    details = {name: rest for name, _, rest in (words.partition(": ") for words in said)}
    named = ((_name(street, atlas), street) for street in streets)
    entries = [
        FindingLine(f"{name}: {details[name]}" if name in details else name, street)
        for name, street in named
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.words, entry.street)))


def _name(street_id: str, atlas: Atlas) -> str:
    found = atlas.street(street_id)
    return found.street.full_name if found else street_id


def _problems(problems: Sequence[Problem]) -> Iterator[CheckFinding]:
    by_words: dict[Words, list[Problem]] = {}
    for problem in problems:
        by_words.setdefault(PROBLEMS.get(problem.kind, OTHER), []).append(problem)
    for words in (*PROBLEMS.values(), OTHER):
        found = by_words.get(words, [])
        if found:
            yield CheckFinding(
                words.slug, _said(words, len(found)), partial(_named, found), is_problem=True
            )


def _named(problems: Iterable[Problem]) -> tuple[FindingLine, ...]:
    return tuple(FindingLine(problem.in_place.told(Reader.STAFF)) for problem in problems)


def _said(words: Words, number: int) -> str:
    return words.one if number == 1 else words.many.format(f"{number:,}")


def is_unchanged(report: Report) -> bool:
    """Whether publishing would change nothing that residents read."""
    return not any(report.changes.values()) and not any(report.places.values())


class InRow(NamedTuple):
    """A problem with the cells of its row, each as (heading, text, whether the problem is there).

    `bad` is the cell that it is about; `others` those that are not empty, in their order.
    """

    problem: Problem
    bad: tuple[tuple[str, str, bool], ...]
    others: tuple[tuple[str, str, bool], ...]


def in_their_rows(problems: Sequence[Problem], most: int) -> list[InRow]:
    """The first problems of the file, each with its row."""
    return [_in_row(problem) for problem in problems[:most]]


def _in_row(problem: Problem) -> InRow:
    cells = [(name, str(text), name == problem.column) for name, text in problem.original.items()]
    bad = tuple(cell for cell in cells if cell[2])
    return InRow(problem, bad, tuple(cell for cell in cells if not cell[2] and cell[1].strip()))
