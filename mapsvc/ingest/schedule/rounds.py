"""The rounds of a schedule: what lines say of them, and the cuts that they pass to their verges."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from mapsvc.domain.schedule import Programme, Rest, Round, Window
from mapsvc.ingest.schedule.cuts import (
    StatedCut,
    frequency_in_place_of_dates,
    numbered,
    only_adds_a_cut,
    over_new_year,
    said_cuts,
)
from mapsvc.ingest.schedule.lines import ScheduleLine, where, yes_or_no
from mapsvc.ingest.values.date_windows import BadDate, parse_window
from mapsvc.problems import Problem, Report


@dataclass(slots=True)
class RoundDraft:
    """A round while lines are read: the first word on each thing, and the line that had it."""

    code: str
    said: dict[str, tuple[str, ScheduleLine]] = field(default_factory=dict)
    cuts: list[StatedCut] = field(default_factory=list)
    contradicted: set[str] = field(default_factory=set)
    rest: Rest | None = None
    programme: Programme = ()

    def get(self, name: str) -> str:
        return self.said[name][0] if name in self.said else ""

    @property
    def tracked(self) -> bool | None:
        """Two rows that disagree make it untracked: a round must mark every cut to run late."""
        return False if "tracked" in self.contradicted else yes_or_no(self.get("tracked"))

    def as_round(self, service: str) -> Round:
        return Round(
            code=self.code,
            name=self.get("round_name"),
            service=service,
            frequency=self.get("frequency"),
            tracked=self.tracked,
        )


Rounds = dict[str, RoundDraft]
"""By code, without regard to case."""


def read_rounds(lines: Iterable[ScheduleLine], season: int, report: Report) -> Rounds:
    """The rounds that lines name. Lines of a round and no verge state its cuts, and come first."""
    rounds: Rounds = {}
    lines = [line for line in lines if line.text("round")]
    own = [line for line in lines if not line.names_a_verge]
    for line in own:
        draft = _draft(rounds, line)
        _take(draft, line, ("round_name", "frequency", "tracked", "keeper"), report)
        draft.rest = draft.rest or rest_of(line, season, report)
        draft.cuts.extend(said_cuts(line, season, report))
    stated = {key for key, draft in rounds.items() if "frequency" in draft.said}
    for before, line in zip([None, *lines], lines, strict=False):
        if not only_adds_a_cut(line, before) and line.names_a_verge:
            draft = _draft(rounds, line)
            names = ("tracked",) if draft.code.casefold() in stated else ("frequency", "tracked")
            _take(draft, line, ("round_name", *names), report)
    for draft in rounds.values():
        draft.programme = numbered(draft.cuts, season, f"round {draft.code}", report)
    return rounds


def _draft(rounds: Rounds, line: ScheduleLine) -> RoundDraft:
    code = line.text("round")
    return rounds.setdefault(code.casefold(), RoundDraft(code))


def _take(draft: RoundDraft, line: ScheduleLine, names: Iterable[str], report: Report) -> None:
    for name in names:
        value = frequency_of(line) if name == "frequency" else line.text(name)
        if not value or (name == "tracked" and not _is_word(line, report)):
            continue
        first, said_in = draft.said.setdefault(name, (value, line))
        if not _is_same(name, first, value) and name not in draft.contradicted:
            draft.contradicted.add(name)
            report.add(_contradiction(draft, name, first, said_in, line))


def _is_word(line: ScheduleLine, report: Report) -> bool:
    text = line.text("tracked")
    if yes_or_no(text) is not None:
        return True
    sentence = f'"{text}" does not say whether each cut is marked. Write yes or no.'
    report.add(line.problem("bad_value", "tracked", sentence))
    return False


def _is_same(name: str, first: str, second: str) -> bool:
    if name == "tracked":
        return yes_or_no(first) == yes_or_no(second)
    return first.casefold() == second.casefold()


def _contradiction(
    draft: RoundDraft, name: str, first: str, said_in: ScheduleLine, line: ScheduleLine
) -> Problem:
    what = {"round_name": "name"}.get(name, name)
    outcome = "It counts as not tracked" if name == "tracked" else "The first counts for the round"
    sentence = (
        f'Round {draft.code} has two values of {what} in {where(said_in, line)}: "{first}" and '
        f'"{line.text(name) or line.text("start")}". {outcome}; correct one of them.'
    )
    return line.problem("two_values", name, sentence)


def frequency_of(line: ScheduleLine) -> str:
    """How often, from its own column or from where dates were looked for."""
    text = line.text("frequency") or frequency_in_place_of_dates(line)
    if not re.fullmatch(r"\d{1,2}", text):
        return text
    heading = line.headings.get("frequency", "")
    is_count = re.search(r"(?i)cut|visit|times|year|season|number", heading)
    return _times_a_year(int(text)) if is_count else text


def _times_a_year(number: int) -> str:
    """`12` under `Cuts per Year` in words that a resident can read."""
    return {1: "once a year", 2: "twice a year"}.get(number, f"{number} times a year")


_OF_A_REST = frozenset({"rest_from", "rest_until"})


def rest_of(line: ScheduleLine, season: int, report: Report) -> Rest | None:
    """The rest window that a line gives; half of one, or one with bad dates, is a problem."""
    if not (line.text("rest_from") or line.text("rest_until")) or line.unread & _OF_A_REST:
        return None
    start = _day_of_rest(line, "rest_from", season, report)
    until = _day_of_rest(line, "rest_until", season, report)
    if start is None or until is None:
        return None
    first, last = over_new_year(line, ("rest_from", "rest_until"), (start.start, until.end), season)
    if last < first:
        sentence = (
            f"The rest ends on {until.end:%-d %B %Y}, before it starts on "
            f"{start.start:%-d %B %Y}. Correct one of them."
        )
        report.add(line.problem("bad_date", "rest_until", sentence))
        return None
    return Rest(Window(first, last), line.text("rest_reason"))


def _day_of_rest(line: ScheduleLine, name: str, season: int, report: Report) -> Window | None:
    found = parse_window(line.cells.get(name), season)
    if isinstance(found, Window):
        return found
    half = f"The rest window has no date in {name}. Write both rest_from and rest_until as dates."
    sentence = found.sentence if isinstance(found, BadDate) else half
    report.add(line.problem("bad_date", name, sentence))
    return None
