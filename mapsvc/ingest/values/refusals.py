"""Messages that refuse a whole file, for every kind of file. Those of one row are its reader's."""

from collections.abc import Sequence

from mapsvc.ingest.values.headings import nearest, recognise
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report


def first_of(headings: Sequence[str]) -> str:
    """The first headings as a list in a sentence."""
    return ", ".join(headings[:8]) + (" …" if len(headings) > 8 else "")


def did_you_mean(
    kind: str, headings: Sequence[str], needs: Sequence[str]
) -> tuple[str, str] | None:
    """A heading and the known one that is needed and near to it, if there is such a pair."""
    strange = [heading for heading, _ in recognise(kind, headings).unrecognised]
    for heading in strange:
        if known := nearest(kind, heading, needs):
            return heading, known
    return None


def none_usable(files: Sequence[str], report: Report) -> Message:
    """Why no row of the files can be used: what all rows share, else the first problem."""
    names, rows = ", ".join(files), report.counts.get("rows read", 0)
    kinds = report.problems_by_kind()
    if rows > 1 and kinds["outside"] >= rows:
        return _all_outside(names, rows, report.problems)
    if rows > 1 and kinds.keys() == {"no_position"}:
        return Message("no_row_has_a_position", rows=rows, files=names)
    if not report.problems:
        return Message("no_row_usable", files=names)
    first = report.problems[0].in_place
    if rows > 1:
        return Message("none_of_the_rows_usable", rows=rows, files=names, first=first)
    return Message("first_row_unusable", files=names, first=first)


def _all_outside(names: str, rows: int, problems: Sequence[Problem]) -> Message:
    first = next(problem for problem in problems if problem.kind == "outside")
    point, _, how_far = first.sentence.partition(". ")[0].partition(" lies ")
    return Message("all_rows_outside", rows=rows, files=names, point=point, how_far=how_far)
