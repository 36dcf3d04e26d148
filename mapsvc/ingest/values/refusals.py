"""Sentences that refuse a whole file, for every kind of file. Those of one row are its reader's."""

from collections.abc import Sequence

from mapsvc.ingest.values.headings import nearest, recognise
from mapsvc.problems import Problem, Report


def first_of(headings: Sequence[str]) -> str:
    """The first headings as a list in a sentence."""
    return ", ".join(headings[:8]) + (" …" if len(headings) > 8 else "")


def did_you_mean(kind: str, headings: Sequence[str], needs: Sequence[str]) -> str:
    """A question, with a blank before it, when a heading is near to one that is needed."""
    strange = [heading for heading, _ in recognise(kind, headings).unrecognised]
    for heading in strange:
        if known := nearest(kind, heading, needs):
            return f" Did you mean {known!r} by {heading!r}?"
    return ""


def none_usable(files: Sequence[str], report: Report) -> str:
    """Why no row of the files can be used: what all rows share, else the first problem."""
    names, rows = ", ".join(files), report.counts.get("rows read", 0)
    kinds = report.problems_by_kind()
    none = f"None of the {rows:,} rows" if rows > 1 else "No row"
    if rows > 1 and kinds["outside"] >= rows:
        return _all_outside(names, rows, report.problems)
    if rows > 1 and kinds.keys() == {"no_position"}:
        return (
            f"{none} of {names} has a position. Give each its easting and northing or its lon and "
            "lat, or export the streets from a map program as GeoPackage."
        )
    first = f" The first: {report.problems[0]}" if report.problems else ""
    return f"{none} of {names} can be used.{first}"


def _all_outside(names: str, rows: int, problems: Sequence[Problem]) -> str:
    first = next(problem for problem in problems if problem.kind == "outside")
    point, _, how_far = first.sentence.partition(". ")[0].partition(" lies ")
    return (
        f"All {rows:,} rows of {names} lie in the wrong place: the first, at {point}, is "
        f"{how_far}. Check that it is this council's file, and which coordinates it says it uses."
    )
