"""A report in the forms people take it in: lines for the terminal, JSON, and a CSV of all rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.messages.catalogue import message_of, record_of
from mapsvc.messages.words import Reader
from mapsvc.problems import (
    SHOWN_PER_KIND,
    Problem,
    Question,
    QuestionChoice,
    Report,
    SheetHeadings,
    counted,
    noun,
)
from mapsvc.services.csv_safety import csv_text, inert
from mapsvc.services.workbooks import workbook
from mapsvc.store.editions import Edition

SHOWN_CHANGES = 5
REPORT_FIELDS = tuple(
    field.name for field in fields(Report) if field.name not in ("corrected", "answers")
)
PROBLEM_FIELDS = tuple(field.name for field in fields(Problem))
QUESTION_FIELDS = tuple(field.name for field in fields(Question))


def report_lines(report: Report) -> Iterator[str]:
    """The report as a newcomer reads it: counts, what would change, the first problems."""
    yield f"Read {', '.join(report.files)} as {report.kind}."
    for word, number in report.counts.items():
        yield f"  {number:>8,}  {noun(number, word)}"
    for note in report.notes:
        yield f"  Note: {note}"
    yield from _change_lines(report)
    yield from _problem_lines(report)
    yield from _question_lines(report)


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
    yield f"{counted(len(report.problems), 'problems')}:"
    by_kind = report.problems_by_kind()
    for problem in report.first_problems():
        yield f"  {problem}"
    for kind, number in by_kind.items():
        if number > SHOWN_PER_KIND:
            yield f"  … and {number - SHOWN_PER_KIND:,} more of the kind {kind!r}"


def _question_lines(report: Report) -> Iterator[str]:
    questions = report.open_questions
    if questions:
        yield f"{counted(len(questions), 'questions')} to answer before it can be published:"
    yield from _asked(questions)
    if report.offers:
        names = counted(len(report.offers), "names")
        yield f"{names} of streets that --answers can settle; their rows are left out till then:"
    yield from _asked(report.offers[:SHOWN_PER_KIND])
    if len(report.offers) > SHOWN_PER_KIND:
        yield f"  … and {len(report.offers) - SHOWN_PER_KIND:,} more; --json prints all"


def _asked(questions: Iterable[Question]) -> Iterator[str]:
    for question in questions:
        rows = question.rows
        where = f" (rows {', '.join(map(str, rows[:8]))}{' …' if len(rows) > 8 else ''})"
        yield f"  {question.id}: {question.sentence}{where if rows else ''}"
        for choice in question.choices:
            likelier = " (likelier)" if choice.id == question.likelier else ""
            yield f"      {choice.id}: {choice.message}{likelier}"


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
        "questions": [_question_document(one) for one in (*report.open_questions, *report.offers)],
        "answered": [_question_document(one) for one in report.questions if one.choice],
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


def _question_document(question: Question) -> dict[str, Any]:
    """A question as `--answers` takes it back: with the id of one of its choices in `choice`."""
    rows: dict[tuple[str, str], list[int]] = {}
    for file, sheet, row in question.places:
        rows.setdefault((file, sheet), []).append(row)
    return {
        "id": question.id,
        "kind": question.kind,
        "sentence": question.sentence,
        "rows": question.rows,
        "places": [{"file": f, "sheet": s, "rows": r} for (f, s), r in rows.items()],
        "column": question.column,
        "value": question.value,
        "choices": [
            {"id": one.id, "words": one.message.told(Reader.TERMINAL)} for one in question.choices
        ],
        "likelier": question.likelier or None,
        "choice": question.choice or None,
        "optional": question.is_optional,
    }


def answers_in(document: Any) -> dict[str, str]:
    """Question id → choice id, of a document such as `report_document` makes, with choices made.

    Raises
    ------
    FileRefused : for a document of another form, or a choice that its question has not.
    """
    said = document if isinstance(document, dict) else {"questions": document}
    lists = [said.get(name, []) for name in ("questions", "answered")]
    questions = [one for each in lists if isinstance(each, list) for one in each]
    if "questions" not in said or not all(isinstance(one, dict) for one in questions):
        raise FileRefused("answers_of_other_form")
    return {str(one.get("id")): made for one in questions if (made := _choice_made(one))}


def _choice_made(question: Mapping[str, Any]) -> str:
    made = question.get("choice")
    made = made.get("id") if isinstance(made, dict) else made
    ids = [one.get("id") for one in question.get("choices", []) if isinstance(one, dict)]
    if made and ids and made not in ids:
        listed = tuple(map(str, ids))
        id = str(question.get("id"))
        raise FileRefused("answer_not_a_choice", choice=str(made), question=id, choices=listed)
    return str(made or "")


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


MOST_ORIGINAL_CHARACTERS = 20_000_000
"""Of all original rows in one report that is kept: as much as a file may have."""


def report_record(report: Report) -> dict[str, Any]:
    """All of a report as JSON holds it; `report_of` makes it a report again."""
    record = {name: getattr(report, name) for name in REPORT_FIELDS}
    record["headings"] = [asdict(sheet) for sheet in report.headings]
    record["problems"] = [_problem_record(problem) for problem in report.problems]
    record["questions"] = [_question_record(question) for question in report.questions]
    left = MOST_ORIGINAL_CHARACTERS
    for problem in record["problems"]:
        left -= sum(map(len, problem["original"].values()))
        if left < 0:
            problem["original"] = {}
    return record


def _problem_record(problem: Problem) -> dict[str, Any]:
    """With code and facts, so that its page says it in the words of the page."""
    values = {name: getattr(problem, name) for name in PROBLEM_FIELDS if name != "message"}
    return {**values, "sentence": problem.for_staff, "message": record_of(problem.message)}


def report_of(record: Mapping[str, Any]) -> Report:
    """The report that `report_record` was made of, but for what a person corrected."""
    values = {name: value for name, value in record.items() if name in REPORT_FIELDS}
    values["files"] = tuple(values["files"])
    values["problems"] = [_problem(one) for one in values["problems"]]
    values["questions"] = [_question(one) for one in values.get("questions", [])]
    values["headings"] = [_headings(one) for one in values["headings"]]
    return Report(**values)


def _problem(record: Mapping[str, Any]) -> Problem:
    """A problem that was kept; one of an older version has its sentence alone."""
    values = {name: value for name, value in record.items() if name in PROBLEM_FIELDS}
    values["message"] = message_of(record.get("message", {}), str(record.get("sentence", "")))
    return Problem(**values)


def _question_record(question: Question) -> dict[str, Any]:
    values = {name: getattr(question, name) for name in QUESTION_FIELDS}
    choices = [{"id": one.id, "message": record_of(one.message)} for one in question.choices]
    return {**values, "message": record_of(question.message), "choices": choices}


def _question(record: Mapping[str, Any]) -> Question:
    values = {name: value for name, value in record.items() if name in QUESTION_FIELDS}
    values["message"] = message_of(values["message"])
    values["places"] = tuple((file, sheet, row) for file, sheet, row in values["places"])
    values["choices"] = tuple(
        QuestionChoice(one["id"], message_of(one["message"])) for one in values["choices"]
    )
    return Question(**values)


def _headings(record: Mapping[str, Any]) -> SheetHeadings:
    columns = {int(at): column for at, column in record["columns"].items()}
    return SheetHeadings(**{**record, "headings": tuple(record["headings"]), "columns": columns})


def problems_csv(report: Report, reader: Reader) -> str:
    """Every problem as a row: where it is, why, and the original columns. Inert in spreadsheets."""
    headings, *rows = _problem_rows(report, reader)
    return csv_text(headings, rows)


def problems_workbook(report: Report, reader: Reader) -> bytes:
    """The same as an Excel workbook."""
    headings, *rows = ([inert(cell) for cell in row] for row in _problem_rows(report, reader))
    return workbook("Problems", headings, rows)


def _problem_rows(report: Report, reader: Reader) -> Iterator[list[str]]:
    columns = list(dict.fromkeys(name for p in report.problems for name in p.original))
    yield ["file", "sheet", "row", "column", "value", "reason", *columns]
    for problem in report.problems:
        original = [problem.original.get(name, "") for name in columns]
        where = [problem.file, problem.sheet, str(problem.row or ""), problem.column]
        yield [*where, problem.value, problem.message.told(reader), *original]
