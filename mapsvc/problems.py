"""What is wrong in a file, and the report that says so: one for terminal, JSON and web.

A problem is something wrong in a file. What residents report on a street is an issue (`domain`).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mapsvc.messages.catalogue import Message
from mapsvc.messages.words import Reader

SHOWN_PER_KIND = 5
"""Problems printed per kind; the whole list is the CSV's."""

_PLURAL = re.compile(
    r"\b(row|line|street|verge|round|cut|keeper|place|area|relation|name|number|problem|question"
    r"|piece|mark)s\b"
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

    @property
    def in_place(self) -> Message:
        """The message, with where it is: `a.csv, row 2: …`."""
        where = ", ".join(part for part in (self.file, self.sheet) if part)
        if where and self.row:
            return Message("in_row", file=where, row=self.row, problem=self.message)
        return Message("in_file", file=where, problem=self.message) if where else self.message

    def __str__(self) -> str:
        return str(self.in_place)


LEAVE_OUT, AS_WRITTEN = "leave-out", "as-written"
"""The choices that `--leave-out` and `--as-written` make for every question that has them."""


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """One answer that a question can have: its id is stable."""

    id: str
    message: Message

    @property
    def for_staff(self) -> str:
        """What a page for staff says."""
        return self.message.told(Reader.STAFF)


@dataclass(frozen=True, slots=True)
class Question:
    """Something in a file that can be read in more than one way, or must be confirmed.

    Nothing is published while a question is open.

    Parameters
    ----------
    kind : a short stable code, such as `reason`, `day_or_month`
    about : what tells questions of one kind apart: the same in the same file sent again
    message : what is asked
    choices : the answers, of which one is to be chosen
    places : (file, sheet, row) of each row concerned
    column, value : where it stands, and what stands there
    likelier : the id of the choice that the file itself speaks for, or empty
    preselected : the id of the choice that a form begins with, where that is safe
    is_optional : whether its rows are left out, as a problem says, while nobody answers
    choice : the id of the choice that was made, empty while the question is open
    """

    kind: str
    about: str
    message: Message
    choices: tuple[QuestionChoice, ...]
    places: tuple[tuple[str, str, int], ...] = ()
    column: str = ""
    value: str = ""
    likelier: str = ""
    preselected: str = ""
    is_optional: bool = False
    choice: str = ""

    @property
    def id(self) -> str:
        """`reason-3f2a91c0`: the same whenever the same is asked."""
        if not self.about:
            return self.kind
        return f"{self.kind}-{hashlib.sha256(self.about.encode()).hexdigest()[:10]}"

    @property
    def sentence(self) -> str:
        """What the terminal and its `--json` ask."""
        return self.message.told(Reader.TERMINAL)

    @property
    def for_staff(self) -> str:
        """What a page for staff asks."""
        return self.message.told(Reader.STAFF)

    @property
    def rows(self) -> list[int]:
        """The numbers of its rows, as the spreadsheet shows them."""
        return sorted({row for _, _, row in self.places})

    def has(self, choice: str) -> bool:
        """Whether this is the id of one of its choices."""
        return any(one.id == choice for one in self.choices)


@dataclass(frozen=True, slots=True)
class QuestionAnswers:
    """What somebody answered: question id → choice id, and what goes for all other questions."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    leaves_out: bool = False
    takes_as_written: bool = False

    def choice_for(self, question: Question) -> str:
        """The choice made, empty where none was; one that the question has not counts as none."""
        wanted = (
            self.chosen.get(question.id, ""),
            AS_WRITTEN if self.takes_as_written else "",
            LEAVE_OUT if self.leaves_out else "",
        )
        return next((choice for choice in wanted if choice and question.has(choice)), "")


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
    named : heading → our column, as a person said on the command line it means, in every sheet
    headings : what the headings of each sheet were taken for
    answers : what somebody answered to questions of this file before
    questions : all that were asked, with the choices made
    confirmed : texts that somebody confirmed as reasons in place of dates, for the store
    settled : what rows of this file call a street → the id of the one meant, for the store
    lost : rows of a gazetteer that name a street, and that are left out as problems
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
    answers: QuestionAnswers = field(default_factory=QuestionAnswers)
    questions: list[Question] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems)

    @property
    def is_blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    @property
    def open_questions(self) -> list[Question]:
        """The questions that nobody has answered yet: while there is one, nothing is published."""
        return [one for one in self.questions if not one.choice and not one.is_optional]

    @property
    def offers(self) -> list[Question]:
        """The questions that nobody has answered or needs to: rows are left out until then."""
        return [one for one in self.questions if not one.choice and one.is_optional]

    def ask(self, question: Question) -> str:
        """The choice that was made for a question, empty while it is open; it is noted."""
        choice = self.answers.choice_for(question)
        self.questions.append(replace(question, choice=choice))
        return choice

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
