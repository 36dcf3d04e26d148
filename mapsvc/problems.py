"""What is wrong in a file, and the report that says so: one for terminal, JSON and web.

A problem is something wrong in a file. What residents report on a street is an issue (`domain`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mapsvc.messages.catalogue import Message
from mapsvc.messages.words import Reader

SHOWN_PER_KIND = 5
"""Problems printed per kind; the whole list is the CSV's."""

_PLURAL = re.compile(
    r"\b(row|line|street|verge|round|cut|keeper|place|area|relation|name|number|problem|piece|mark)s\b"
)


def noun(number: int, words: str) -> str:
    """The words of a count, such as `rows read`, as they fit a number: `row read` for 1."""
    return _PLURAL.sub(r"\1", words, count=1) if number == 1 else words


def counted(number: int, words: str) -> str:
    """`1 row read`, `2,010 rows read`."""
    return f"{number:,} {noun(number, words)}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file.

    Parameters
    ----------
    kind : a short stable code, such as `ambiguous`, `unknown_street`, `bad_date`
    message : what is wrong, for each reader: the thing, the value, the next step
    file, sheet, row, column, value : where; `row` as the spreadsheet shows it (1 is the
        heading row), 0 when the problem is the whole file's
    original : the row as it came, for the list of all problems
    blocks : whether it stops publishing; the others leave out their row only
    """

    kind: str
    message: Message
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    original: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = False

    @property
    def sentence(self) -> str:
        """What the terminal and its `--json` say."""
        return self.message.told(Reader.TERMINAL)

    @property
    def for_staff(self) -> str:
        """What a page for staff says."""
        return self.message.told(Reader.STAFF)

    def placed(self, reader: Reader) -> str:
        """The words for a reader, and before them where it is: `a.csv, row 2: …`."""
        row = f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (self.file, self.sheet, row) if part)
        words = self.message.told(reader)
        return f"{where}: {words}" if where else words

    def __str__(self) -> str:
        return self.placed(Reader.TERMINAL)


@dataclass(frozen=True, slots=True)
class SheetHeadings:
    """What the headings of one sheet were taken for: column number (from 0) → our column.

    `shape` is the same for every sheet with the same headings.
    """

    file: str
    sheet: str
    shape: str
    headings: tuple[str, ...]
    columns: Mapping[int, str]


@dataclass(slots=True)
class Report:
    """What one `ingest` found: counts, problems, and what publishing would change.

    Parameters
    ----------
    kind : `gazetteer`, `schedule`, `keepers`, `places` or `boundaries`
    counts : insertion-ordered, word → number, such as {"rows read": 812, "matched": 799}
    changes : word → the streets, verges or codes concerned, such as
        {"streets that lose a date": [...]}
    notes : sentences that are no problem: what was recognised, assumed or folded
    places : word → the ids of the streets concerned, for the words of `changes` that have a
        place on the map, and `streets that change` for all of them
    corrected : shape of a sheet → column number → our column, as a person said it means; an
        empty column is not used
    headings : what the headings of each sheet were taken for
    """

    kind: str
    files: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    places: dict[str, list[str]] = field(default_factory=dict)
    corrected: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    headings: list[SheetHeadings] = field(default_factory=list)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems)

    @property
    def is_blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    def add(self, *problems: Problem) -> None:
        self.problems.extend(problems)

    def count(self, word: str, number: int = 1) -> None:
        self.counts[word] = self.counts.get(word, 0) + number

    def problems_by_kind(self) -> Counter[str]:
        return Counter(problem.kind for problem in self.problems)

    def first_problems(self, per_kind: int = SHOWN_PER_KIND) -> Iterable[Problem]:
        """The first `per_kind` problems of each kind, in the order of the file."""
        seen: Counter[str] = Counter()
        for problem in self.problems:
            seen[problem.kind] += 1
            if seen[problem.kind] <= per_kind:
                yield problem
