"""A report in the forms people take it in: lines for the terminal, JSON, and a CSV of all rows."""

from collections.abc import Iterator
from typing import Any

from mapsvc.problems import SHOWN_PER_KIND, Problem, Report
from mapsvc.services.cells import csv_text
from mapsvc.store.editions import Edition

SHOWN_CHANGES = 5


def report_lines(report: Report) -> Iterator[str]:
    """The report as a newcomer reads it: counts, what would change, the first problems."""
    yield f"Read {', '.join(report.files)} as {report.kind}."
    for word, number in report.counts.items():
        yield f"  {number:>8,}  {word}"
    for note in report.notes:
        yield f"  Note: {note}"
    yield from _change_lines(report)
    yield from _problem_lines(report)


def _change_lines(report: Report) -> Iterator[str]:
    for word, names in report.changes.items():
        if names:
            yield f"{word[0].upper()}{word[1:]} ({len(names):,}): {_listed(names)}"


def _listed(names: list[str]) -> str:
    more = len(names) - SHOWN_CHANGES
    return "; ".join(names[:SHOWN_CHANGES]) + (f"; and {more:,} more" if more > 0 else "")


def _problem_lines(report: Report) -> Iterator[str]:
    if not report.problems:
        yield "No problems found."
        return
    total = len(report.problems)
    yield f"{total:,} {'problem' if total == 1 else 'problems'}:"
    by_kind = report.problems_by_kind()
    for problem in report.first_problems():
        yield f"  {problem}"
    for kind, number in by_kind.items():
        if number > SHOWN_PER_KIND:
            yield f"  … and {number - SHOWN_PER_KIND:,} more of the kind {kind!r}"


def report_document(report: Report, published: Edition | None) -> dict[str, Any]:
    """The report as one JSON document; `published` is the edition that it became, if it did."""
    return {
        "kind": report.kind,
        "files": list(report.files),
        "counts": report.counts,
        "notes": report.notes,
        "changes": report.changes,
        "problems": [_problem_document(problem) for problem in report.problems],
        "problem_counts": dict(report.problems_by_kind()),
        "blocked": report.is_blocked,
        "published": edition_document(published) if published else None,
    }


def _problem_document(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row or None,
        "column": problem.column,
        "value": problem.value,
        "sentence": problem.sentence,
        "blocks": problem.blocks,
    }


def edition_document(edition: Edition) -> dict[str, Any]:
    """An edition as JSON; `at` is UTC."""
    return {
        "number": edition.number,
        "kind": edition.kind,
        "service": edition.service,
        "season": edition.season,
        "files": list(edition.files),
        "sha256": edition.sha256,
        "by": edition.by,
        "at": edition.at.isoformat(),
        "counts": edition.counts,
        "problems": edition.problems,
        "base": edition.base,
        "source": edition.source,
        "licence": edition.licence,
        "attribution": edition.attribution,
        "current": edition.is_current,
    }


def problems_csv(report: Report) -> str:
    """Every problem as a row: where it is, why, and the original columns. Inert in spreadsheets."""
    columns = list(dict.fromkeys(name for p in report.problems for name in p.original))
    rows = (
        (
            *(problem.file, problem.sheet, problem.row or "", problem.column, problem.value),
            problem.sentence,
            *(problem.original.get(name, "") for name in columns),
        )
        for problem in report.problems
    )
    return csv_text(["file", "sheet", "row", "column", "value", "reason", *columns], rows)
