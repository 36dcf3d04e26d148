"""Whether the dates of a whole file can well be meant so: what looks like a slip is asked once.

Each finding is of one kind over all rounds and verges. Single cells are judged in `doubts`.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from mapsvc.domain.calendar import Calendar
from mapsvc.domain.schedule import Cut, Programme, Window
from mapsvc.ingest.schedule.cuts import StatedCut
from mapsvc.ingest.schedule.doubts import in_words
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.ingest.schedule.rounds import RoundDraft, Rounds
from mapsvc.ingest.schedule.verges import VergeDraft
from mapsvc.messages.catalogue import Message
from mapsvc.problems import AS_WRITTEN, LEAVE_OUT, Question, QuestionChoice, Report

BY_DATE, FIRST_DATES = "by-date", "first-dates"
LONG, TIMES_LONGER = 21, 4
"""Days from which a window is long, where it is also so many times the file's median."""
ENOUGH_ROWS = 3
"""Rows that count up from which on a person did not type each of them, most likely."""
MOST_NAMED = 6

Draft = RoundDraft | VergeDraft


def judge(
    drafts: list[VergeDraft], rounds: Rounds, name_of: Callable[[VergeDraft], str], report: Report
) -> list[VergeDraft]:
    """The verges to go on with; their programmes and those of the rounds are as was answered."""
    case = _WholeFile(drafts, rounds, name_of, report)
    case.judge_counting_up()
    case.judge_order_of_cuts()
    case.judge_long_windows()
    return case.judge_rounds_apart()


@dataclass
class _WholeFile:
    """One file: its rounds, its verges, and what becomes of their programmes."""

    drafts: list[VergeDraft]
    rounds: Rounds
    name_of: Callable[[VergeDraft], str]
    report: Report

    @property
    def own(self) -> Iterator[tuple[str, Draft]]:
        """Everything that states cuts of its own, with its name."""
        for of_round in self.rounds.values():
            if of_round.cuts:
                yield f"round {of_round.code}", of_round
        for draft in self.drafts:
            if draft.cuts:
                yield self.name_of(draft), draft

    def set_programme(self, draft: Draft, programme: Programme) -> None:
        """Also for the verges that take the cuts of their round."""
        draft.programme = programme
        if isinstance(draft, RoundDraft):
            for verge in self.drafts:
                if not verge.cuts and verge.get("round").casefold() == draft.code.casefold():
                    verge.programme = programme

    # Cuts not in the order of their numbers

    def judge_order_of_cuts(self) -> None:
        """`Cut 1` in July and `Cut 2` in June."""
        found = [(name, draft) for name, draft in self.own if _is_out_of_order(draft.programme)]
        if not found:
            return
        _, first = found[0]
        one, other = next(_pairs_out_of_order(first.programme))
        assert one.window is not None
        assert other.window is not None
        message = Message(
            "ask_cut_order",
            named=_named([name for name, _ in found]),
            number=one.number,
            date=in_words([one.window]),
            other=other.number,
            other_date=in_words([other.window]),
        )
        choice = self._ask(
            "cut_order",
            message,
            [
                QuestionChoice(BY_DATE, Message("number_by_date")),
                QuestionChoice(AS_WRITTEN, Message("keep_numbers")),
            ],
            (cut.line for _, draft in found for cut in draft.cuts),
            likelier=BY_DATE,
        )
        for _, draft in found:
            if choice == BY_DATE:
                self.set_programme(draft, _by_date(draft.programme))
            elif choice != AS_WRITTEN:
                self.set_programme(draft, ())

    # Windows far longer than the others

    def judge_long_windows(self) -> None:
        """One window of a month in a file of weeks: the end may be of another row."""
        stated = [(cut, draft) for _, draft in self.own for cut in draft.programme if cut.window]
        days = [_length(cut) for cut, _ in stated]
        if len(set(days)) < 2:
            return
        usual = median(days)
        far = [
            (cut, draft)
            for cut, draft in stated
            if _length(cut) > max(LONG, TIMES_LONGER * usual) and not _is_whole_months(cut)
        ]
        if not far or 4 * len(far) > len(stated):
            return
        cut = max((cut for cut, _ in far), key=_length)
        assert cut.window is not None
        windows = {one.window for one, _ in far}
        lines = [said.line for _, draft in far for said in draft.cuts if said.window in windows]
        message = Message(
            "ask_long_windows",
            windows=len(far),
            date=in_words([cut.window]),
            days=_length(cut),
            usual=round(usual),
        )
        keep = QuestionChoice(AS_WRITTEN, Message("windows_right"))
        if self._ask("long_windows", message, [keep], lines) != AS_WRITTEN:
            for _, draft in far:
                kept = tuple(one for one in draft.programme if one.window not in windows)
                self.set_programme(draft, kept)

    # Rows that count up

    def judge_counting_up(self) -> None:
        """One round whose rows count up a day or a week at a time: a cell was dragged down."""
        found = [group for group in self._groups_of_rounds() if _counts_up(group)]
        if not found:
            return
        first, last = found[0][0][1], found[0][-1][1]
        assert first.window is not None
        assert last.window is not None
        message = Message(
            "ask_counting_up",
            named=_named([draft.get("round") for draft, _ in (group[0] for group in found)]),
            first=in_words([first.window]),
            last=in_words([last.window]),
            rows=sum(map(len, found)),
        )
        choice = self._ask(
            "counting_up",
            message,
            [
                QuestionChoice(FIRST_DATES, Message("take_first_dates")),
                QuestionChoice(AS_WRITTEN, Message("rows_right")),
            ],
            (cut.line for group in found for _, cut in group),
        )
        for group in found:
            for draft, cut in group:
                if choice == FIRST_DATES:
                    draft.programme = _moved(draft.programme, cut.window, group[0][1].window)
                elif choice != AS_WRITTEN:
                    draft.programme = _moved(draft.programme, cut.window, None)

    def _groups_of_rounds(self) -> Iterable[list[tuple[VergeDraft, StatedCut]]]:
        """For each round and number of a cut, the rows of its verges in their order."""
        groups: dict[tuple[str, str, str, int | None], list[tuple[VergeDraft, StatedCut]]]
        groups = defaultdict(list)
        for draft in self.drafts:
            code = draft.get("round").casefold()
            for cut in draft.cuts if code else ():
                key = code, cut.line.file, cut.line.sheet, cut.number
                groups[key].append((draft, cut))
        for group in groups.values():
            yield sorted(group, key=lambda one: one[1].line.row)

    # Rounds without streets, streets of rounds without dates

    def judge_rounds_apart(self) -> list[VergeDraft]:
        """Names that do not meet: dates of a round that no street has, and the other way round."""
        dated = {
            key for key, one in self.rounds.items() if any(cut.window for cut in one.programme)
        }
        used = {draft.get("round").casefold() for draft in self.drafts} - {""}
        idle = [self.rounds[key] for key in self.rounds if key in dated - used]
        bare = [
            draft
            for draft in self.drafts
            if draft.get("round").casefold() in used - dated
            and not draft.cuts
            and not draft.get("frequency")
        ]
        if not dated or not used:
            return self.drafts
        if not bare:  # nobody reads of a round that no street has
            self._say_idle(idle)
            return self.drafts
        codes = list(dict.fromkeys(draft.get("round") for draft in bare))
        message = Message("ask_rounds_bare", bare=_named(codes), streets=len(bare))
        if idle:
            named = _named([one.code for one in idle])
            message = Message("ask_rounds_apart", idle=named, bare=_named(codes), streets=len(bare))
        lines = [cut.line for one in idle for cut in one.cuts]
        lines += [draft.first for draft in bare]
        keep = QuestionChoice(AS_WRITTEN, Message("rounds_right"))
        if self._ask("rounds_apart", message, [keep], lines) == AS_WRITTEN:
            return self.drafts
        for one in idle:
            del self.rounds[one.code.casefold()]
        left = {id(draft) for draft in bare}
        return [draft for draft in self.drafts if id(draft) not in left]

    def _say_idle(self, idle: Sequence[RoundDraft]) -> None:
        if idle:
            named = _named([one.code for one in idle])
            self.report.notes.append(f"Rounds with dates and no street of their own: {named}.")

    def _ask(
        self,
        kind: str,
        message: Message,
        choices: Sequence[QuestionChoice],
        lines: Iterable[ScheduleLine],
        likelier: str = "",
    ) -> str:
        places = tuple(dict.fromkeys(line.place for line in lines))
        left_out = QuestionChoice(LEAVE_OUT, Message("leave_out_rows", rows=len(places)))
        question = Question(kind, "", message, (*choices, left_out), places, likelier=likelier)
        return self.report.ask(question)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(names[:MOST_NAMED]))
    return shown + (" …" if len(names) > MOST_NAMED else "")


def _length(cut: Cut) -> int:
    return (cut.window.end - cut.window.start).days + 1 if cut.window else 0


def _is_whole_months(cut: Cut) -> bool:
    """`April` was written as a month, and nobody mistyped its end."""
    window = cut.window
    return window is not None and window.start.day == (window.end + timedelta(days=1)).day == 1


def _pairs_out_of_order(programme: Programme) -> Iterator[tuple[Cut, Cut]]:
    dated = [cut for cut in programme if cut.window]
    for one, other in itertools.pairwise(dated):
        assert one.window is not None
        assert other.window is not None
        if other.window.start < one.window.start:
            yield one, other


def _is_out_of_order(programme: Programme) -> bool:
    return next(_pairs_out_of_order(programme), None) is not None


def _by_date(programme: Programme) -> Programme:
    """The same windows with their numbers in the order of their dates."""
    dated = sorted((cut for cut in programme if cut.window), key=_start)
    numbers = [cut.number for cut in programme if cut.window]
    again = [replace(cut, number=number) for cut, number in zip(dated, numbers, strict=True)]
    return tuple(sorted((*again, *(cut for cut in programme if not cut.window))))


def _start(cut: Cut) -> date:
    assert cut.window is not None
    return cut.window.start


def _counts_up(group: Sequence[tuple[VergeDraft, StatedCut]]) -> bool:
    if len(group) < ENOUGH_ROWS or any(cut.window is None for _, cut in group):
        return False
    starts = [cut.window.start for _, cut in group if cut.window]
    steps = {
        (later - earlier).days if not _is_over_weekend(earlier, later) else 1
        for earlier, later in itertools.pairwise(starts)
    }
    return steps in ({1}, {7})


def _is_over_weekend(earlier: date, later: date) -> bool:
    return earlier.weekday() == 4 and later - earlier == timedelta(days=3)


def _moved(programme: Programme, window: Window | None, to: Window | None) -> Programme:
    """The cuts with another window in place of one; without it where there is none."""
    moved = (replace(cut, window=to) if cut.window == window else cut for cut in programme)
    return tuple(cut for cut in moved if cut.window or cut.reason)


# Codes of rounds


def with_one_code_for_a_round(lines: Sequence[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines with `01` and `1`, `R 1` and `R1`, as one round, under the code of its dates."""
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    for line in sorted(lines, key=lambda line: line.names_a_verge):
        if code := line.text("round"):
            codes[_code_key(code)][code] = None
    same = {
        code: next(iter(of_key))
        for of_key in codes.values()
        if len({code.casefold() for code in of_key}) > 1
        for code in of_key
    }
    if not same:
        return list(lines)
    for of_key in codes.values():
        if len({code.casefold() for code in of_key}) > 1:
            first = next(iter(of_key))
            report.notes.append(f"{' and '.join(of_key)} are taken for one round, {first}.")
    return [
        line.with_cells({**line.cells, "round": same[code]})
        if (code := line.text("round")) in same
        else line
        for line in lines
    ]


def _code_key(code: str) -> str:
    """A code without spaces and without noughts before its numbers."""
    return re.sub(r"\d+", lambda found: str(int(found[0])), "".join(code.casefold().split()))


# What is said and not asked


def say_unusual_days(drafts: Iterable[VergeDraft], calendar: Calendar, report: Report) -> None:
    """Windows without a working day, and months in which hardly any other cut is."""
    windows = {cut.window for draft in drafts for cut in draft.programme if cut.window}
    idle = sorted(
        (window for window in windows if not _has_working_day(window, calendar)),
        key=lambda window: window.start,
    )
    if idle:
        report.notes.append(
            "On weekends or bank holidays alone: "
            + _named([in_words([window]) for window in idle])
            + ". Check that crews work then."
        )
    months = Counter(window.start.month for window in windows)
    lonely = [window for window in windows if months[window.start.month] == 1]
    near = {
        (month + step - 1) % 12 + 1 for month, n in months.items() if n > 1 for step in (-1, 0, 1)
    }
    far = sorted(
        (window for window in lonely if window.start.month not in near),
        key=lambda window: window.start,
    )
    if far and len(windows) >= 2 * ENOUGH_ROWS and len(far) * 5 <= len(windows):
        report.notes.append(
            "Far from the months of the other dates: "
            + _named([in_words([window]) for window in far])
            + "."
        )


def _has_working_day(window: Window, calendar: Calendar) -> bool:
    days = (window.end - window.start).days + 1
    return any(calendar.is_working(window.start + timedelta(days=n)) for n in range(min(days, 10)))
