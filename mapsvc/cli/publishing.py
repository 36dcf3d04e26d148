"""The commands that publish: what files hold, which editions are kept, which is in use."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from mapsvc.cli.terminal import COMMAND_LINE, as_json, print_json, with_council
from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.errors import FileRefused
from mapsvc.ingest.values.headings import columns_of
from mapsvc.messages.words import Reader
from mapsvc.problems import QuestionAnswers, Report
from mapsvc.services.schedules.indexing import INDEXED, make_indexes
from mapsvc.services.schedules.ingest_reports import (
    answers_in,
    edition_document,
    problems_csv,
    report_document,
    report_lines,
)
from mapsvc.services.schedules.marks_at_stake import marks_problem
from mapsvc.services.schedules.publishing import (
    PROPOSERS,
    Options,
    losses_problem,
    propose,
    publish,
    roll_back,
)
from mapsvc.services.state.council import Council


@click.command()
@click.argument("kind", type=click.Choice(list(PROPOSERS)))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option("--format", "format_", metavar="F", help="How to read a gazetteer, such as csv, osm.")
@click.option("--season", type=click.IntRange(2000, 2100), help="The schedule's year.")
@click.option(
    "--service", default=DEFAULT_SERVICE, show_default=True, help="The schedule's service."
)
@click.option("--attribution", default="", help="What the data's source wants said.")
@click.option("--publish", "is_publishing", is_flag=True, help="Publish what was read.")
@click.option("--strict", is_flag=True, help="Refuse when there is any problem.")
@click.option(
    "--keep-marks", is_flag=True, help="Publish also where marks lose their cut, and keep them."
)
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The document that --json printed, with a choice made for each question.",
)
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="TEXT",
    help="A text in place of dates that residents may read. Once for each.",
)
@click.option("--leave-out", is_flag=True, help="Leave out the rows of every question.")
@click.option(
    "--as-written", is_flag=True, help="Take rows as written where they can be read in one way."
)
@click.option("--add", "how", flag_value="add", help="Keep what a schedule does not name.")
@click.option(
    "--replace", "how", flag_value="replace", help="Replace the schedule, whatever it loses."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=FIELD",
    help="What a column is, such as MowDate=start; an empty field is not used.",
)
@click.option(
    "--accept-losses",
    is_flag=True,
    help="Publish also a gazetteer of which more than one row in a hundred is left out.",
)
@click.option(
    "--problems",
    "problems_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all problems with their rows to this CSV file.",
)
@as_json
@with_council
def ingest(
    council: Council,
    kind: str,
    files: tuple[Path, ...],
    format_: str | None,
    season: int | None,
    service: str,
    attribution: str,
    is_publishing: bool,
    strict: bool,
    keep_marks: bool,
    answers_file: Path | None,
    reasons: tuple[str, ...],
    leave_out: bool,
    as_written: bool,
    columns: tuple[str, ...],
    accept_losses: bool,
    how: str | None,
    problems_file: Path | None,
    is_json: bool,
) -> None:
    """Read FILES, report what publishing would change and, with --publish, publish."""
    answers = QuestionAnswers(_answers(answers_file), leave_out, as_written)
    options = Options(
        format_,
        season,
        service,
        attribution,
        named=_named_columns(kind, columns),
        answers=answers,
        reasons=reasons,
        how=how or "",
    )
    proposal = propose(council, kind, files, options)
    report = proposal.report
    report.problems += [] if keep_marks else marks_problem(council, proposal)
    report.problems += [] if accept_losses else losses_problem(report)
    if problems_file:
        problems_file.write_text(problems_csv(report, Reader.TERMINAL), encoding="utf-8-sig")
    is_open = is_publishing and bool(report.open_questions)
    is_refused = is_open or report.is_blocked or (strict and report.has_problems)
    edition = None
    if is_publishing and not is_refused:
        edition = publish(council, proposal, by=COMMAND_LINE)
        if kind in INDEXED:
            make_indexes(council.settings)
    if is_json:
        print_json(report_document(report, edition))
    else:
        for line in (*report_lines(report), _last_line(report, edition, is_refused)):
            click.echo(line)
    sys.exit(1 if is_refused else 0)


def _answers(file: Path | None) -> dict[str, str]:
    """Question id → choice id, as somebody wrote them into the document that --json printed."""
    if file is None:
        return {}
    try:
        return answers_in(json.loads(file.read_text(encoding="utf-8-sig")))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileRefused("answers_no_json", path=str(file), why=str(error)) from error


def _named_columns(kind: str, columns: Iterable[str]) -> dict[str, str]:
    """Heading → field of `HEADING=FIELD`, as the page takes it. Exit 2 for a field that is none."""
    named: dict[str, str] = {}
    for text in columns:
        heading, equals, name = (part.strip() for part in text.rpartition("="))
        if not (equals and heading):
            raise click.BadParameter(f"Write HEADING=FIELD, not {text!r}.", param_hint="--column")
        if name and name not in columns_of(kind):
            known = ", ".join(columns_of(kind))
            raise click.BadParameter(
                f"A {kind} file has no field {name!r}. It has {known}.", param_hint="--column"
            )
        if name and name in named.values():
            raise click.BadParameter(f"Two headings are said to be {name}.", param_hint="--column")
        named[heading] = name
    return named


def _last_line(report: Report, edition: Any, is_refused: bool) -> str:
    if edition:
        return f"Published as edition {edition.number}."
    if is_refused and report.open_questions and not report.is_blocked:
        return (
            "Refused: nothing was published. Print the questions with --json, write a choice for "
            "each into that document, and give it with --answers."
        )
    if is_refused:
        return "Refused: nothing was published. Mend the problems above and try again."
    return "Nothing was published: this was a check. Add --publish to publish it."


@click.command()
@as_json
@with_council
def editions(council: Council, is_json: bool) -> None:
    """List the editions that are kept, the newest first; * marks those in use."""
    history = council.store.editions.history()
    if is_json:
        print_json([edition_document(edition) for edition in history])
        return
    if not history:
        click.echo(
            "No edition is published yet. Begin with: mapsvc ingest gazetteer FILE --publish"
        )
    for edition in history:
        mark = "*" if edition.is_current else " "
        of = f" {edition.service} {edition.season}" if edition.season else ""
        at = edition.at.astimezone(council.zone)
        click.echo(
            f"{mark} {edition.number:>4}  {edition.kind}{of}  {at:%d %B %Y %H:%M}  "
            f"{edition.by}  {', '.join(edition.files)}"
        )


@click.command()
@click.argument("kind", type=click.Choice(list(PROPOSERS)))
@click.argument("number", type=int)
@with_council
def rollback(council: Council, kind: str, number: int) -> None:
    """Make edition NUMBER of KIND the current one again."""
    edition = roll_back(council, kind, number, by=COMMAND_LINE)
    click.echo(f"The {edition.kind} is that of edition {edition.number} again.")
