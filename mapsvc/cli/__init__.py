"""The command `mapsvc`. What it does is in `services`; here are words, options and exit codes.

Exit codes: 0 done, or publishable with its problems listed; 1 refused; 2 wrong use.
"""

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from mapsvc import __version__
from mapsvc.cli import keys, upkeep
from mapsvc.cli.terminal import COMMAND_LINE, Commands, Day, as_json, print_json, with_council
from mapsvc.config import Settings
from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.messages.words import Reader
from mapsvc.problems import Report
from mapsvc.services.accounts import people
from mapsvc.services.accounts.people import MAY
from mapsvc.services.answers import documents
from mapsvc.services.answers.streets import search_streets
from mapsvc.services.answers.teller import Answers
from mapsvc.services.marks.recording import Mark, record, withdraw
from mapsvc.services.operations.usage_counters import counts_by, counts_csv, enter_calls, words_of
from mapsvc.services.schedules.indexing import INDEXED, make_indexes
from mapsvc.services.schedules.ingest_reports import (
    edition_document,
    problems_csv,
    report_document,
    report_lines,
)
from mapsvc.services.schedules.marks_at_stake import marks_problem
from mapsvc.services.schedules.publishing import PROPOSERS, Options, propose, publish, roll_back
from mapsvc.services.state.council import Council


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mapsvc")
def main() -> None:
    """A council's grass-cutting status map: publish schedules, mark cuts, answer for a street."""


# Publishing


@main.command()
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
    problems_file: Path | None,
    is_json: bool,
) -> None:
    """Read FILES, report what publishing would change and, with --publish, publish."""
    options = Options(format_, season, service, attribution)
    proposal = propose(council, kind, files, options)
    report = proposal.report
    report.problems += [] if keep_marks else marks_problem(council, proposal)
    if problems_file:
        problems_file.write_text(problems_csv(report, Reader.TERMINAL), encoding="utf-8-sig")
    is_refused = report.is_blocked or (strict and report.has_problems)
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


def _last_line(report: Report, edition: Any, is_refused: bool) -> str:
    if edition:
        return f"Published as edition {edition.number}."
    if is_refused:
        return "Refused: nothing was published. Mend the problems above and try again."
    return "Nothing was published: this was a check. Add --publish to publish it."


@main.command()
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


@main.command()
@click.argument("kind", type=click.Choice(list(PROPOSERS)))
@click.argument("number", type=int)
@with_council
def rollback(council: Council, kind: str, number: int) -> None:
    """Make edition NUMBER of KIND the current one again."""
    edition = roll_back(council, kind, number, by=COMMAND_LINE)
    click.echo(f"The {edition.kind} is that of edition {edition.number} again.")


# Asking


@main.command()
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@as_json
@with_council
def search(council: Council, words: tuple[str, ...], limit: int, is_json: bool) -> None:
    """Find streets by name, place or road number."""
    text = " ".join(words)
    found = search_streets(council, text, limit)
    if is_json:
        print_json(documents.search_document(text, found))
        return
    for street in found:
        click.echo(f"{street.street.id:<12}  {street.street.full_name}")
    if not found:
        click.echo(f"No street found for {text!r}. Check the spelling, or try a part of the name.")


@main.command()
@click.argument("street_id", metavar="ID")
@click.option("--on", type=Day(), help="The day to answer for; any day. Default: today.")
@as_json
@with_council
def street(council: Council, street_id: str, on: date | None, is_json: bool) -> None:
    """Print the answer for a street, as its page gives it."""
    answer = Answers(council).answer(street_id, on or council.today())
    if is_json:
        print_json(documents.answer_document(answer))
        return
    for line in documents.answer_lines(answer):
        click.echo(line)


# Marking


@main.command()
@click.argument("target")
@click.argument("kind")
@click.option("--cut", type=int, help="The number of the cut.")
@click.option("--season", type=int, help="Its season. Default: that of the nearest such cut.")
@click.option("--on", type=Day(), help="The day it happened. Default: today.")
@click.option("--reason", default="", help="Why; residents read it.")
@click.option("--expected", type=Day(), help="When a delayed cut is expected now.")
@click.option("--until", type=Day(), help="The last day of a pause.")
@as_json
@with_council
def mark(
    council: Council,
    target: str,
    kind: str,
    cut: int | None,
    season: int | None,
    on: date | None,
    reason: str,
    expected: date | None,
    until: date | None,
    is_json: bool,
) -> None:
    """Record what happened to TARGET (verge:ID, street:ID, round:CODE, kind:K, place:P or all).

    KIND is started, done, part_done, missed, delayed, suspended or resumed. Prints the event's
    id, which `mapsvc withdraw` takes back.
    """
    event = record(
        council,
        Mark(
            target,
            kind.strip().lower().replace("-", "_"),
            on or council.today(),
            cut=cut,
            season=season,
            reason=reason,
            expected=expected,
            until=until,
            by=COMMAND_LINE,
        ),
    )
    if is_json:
        print_json({"event": event})
    else:
        click.echo(event)


@main.command(name="withdraw")
@click.argument("event", type=int)
@with_council
def withdraw_event(council: Council, event: int) -> None:
    """Take an event back; both stay in the record."""
    withdraw(council, event, by=COMMAND_LINE)
    click.echo(f"Event {event} no longer counts.")


@main.command()
@click.option("--csv", "is_csv", is_flag=True, help="Print CSV, a row per period.")
@click.option("--by", type=click.Choice(["month", "day"]), default="month", show_default=True)
@click.option("--from", "first", type=Day(), default="2000-01-01", help="The first day.")
@click.option("--to", "last", type=Day(), help="The last day. Default: today.")
@click.option("--calls", multiple=True, metavar="YYYY-MM=N", help="Enter a month's calls.")
@with_council
def counts(
    council: Council, is_csv: bool, by: str, first: date, last: date | None, calls: tuple[str, ...]
) -> None:
    """Print what was searched and answered, beside the calls that the council had."""
    for figure in calls:
        enter_calls(council, figure)
    found = counts_by(council, first, last or council.today(), month=by == "month")
    if is_csv:
        click.echo(counts_csv(found, by), nl=False)
        return
    if not found:
        click.echo("Nothing was counted in these days.")
    for when, counter in sorted(found.items()):
        click.echo(when)
        for word in words_of([counter]):
            click.echo(f"  {counter[word]:>8,}  {word}")


# Accounts


@main.group()
def user() -> None:
    """Who may sign in to the staff pages."""


@user.command(name="add")
@click.argument("name")
@click.option("--role", type=click.Choice(list(MAY)), default="viewer", show_default=True)
@click.option("--round", "rounds", multiple=True, metavar="CODE", help="A round of a crew.")
@with_council
def user_add(council: Council, name: str, role: str, rounds: tuple[str, ...]) -> None:
    """Add an account and print the one-use link with which its owner sets a password."""
    now = datetime.now(UTC)
    added = people.add_account(council, name, role, rounds=rounds, by=COMMAND_LINE, now=now)
    _print_link(council, added.name)
    known = council.moment.atlas.book(council.today().year).rounds
    for code in (code for code in added.rounds if code not in known):
        click.echo(f"No schedule has a round {code} yet. Check its code, or publish the schedule.")


@user.command(name="link")
@click.argument("name")
@with_council
def user_link(council: Council, name: str) -> None:
    """Print a new one-use link for somebody who lost their password."""
    _print_link(council, name.strip().lower())


def _print_link(council: Council, name: str) -> None:
    token = people.password_link(council, name, datetime.now(UTC))
    base = council.settings.public_url or "http://127.0.0.1:8000"
    click.echo(f"Give this link to {name}. It works once, for 48 hours:")
    click.echo(f"  {base}/staff/password/{token}")
    if not council.settings.public_url:
        click.echo("  (MAPSVC_PUBLIC_URL is not set, so this is the address on this machine.)")


@user.command(name="disable")
@click.argument("name")
@with_council
def user_disable(council: Council, name: str) -> None:
    """Let an account sign in no more, and sign it out everywhere."""
    people.disable_account(council, name, by=COMMAND_LINE, now=datetime.now(UTC))
    click.echo(f"{name} can sign in no more and is signed out everywhere.")


@user.command(name="enable")
@click.argument("name")
@with_council
def user_enable(council: Council, name: str) -> None:
    """Let a disabled account sign in again."""
    people.enable_account(council, name, by=COMMAND_LINE, now=datetime.now(UTC))
    click.echo(f"{name} can sign in again.")


@user.command(name="list")
@as_json
@with_council
def user_list(council: Council, is_json: bool) -> None:
    """List the accounts."""
    everybody = council.store.accounts.all()
    if is_json:
        print_json([asdict(person) for person in everybody])
        return
    if not everybody:
        click.echo("There is no account yet. Add one with: mapsvc user add NAME --role admin")
    for person in everybody:
        state = "disabled" if person.is_disabled else "" if person.has_password else "no password"
        rounds = ", ".join(person.rounds)
        click.echo("  ".join(filter(None, (f"{person.name:<30}", person.role, rounds, state))))


# Running


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Run the service."""
    from mapsvc.web.server import run_server  # the server's parts are not needed elsewhere

    run_server(Settings.from_environment(), host=host, port=port, workers=workers)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo keeps its data.",
)
@click.option("--county", is_flag=True, help="30,000 streets; inventing them takes minutes, once.")
@click.option("--no-serve", is_flag=True, help="Make the demo's data and stop.")
def demo(port: int, data: Path | None, county: bool, no_serve: bool) -> None:
    """Show the invented council of Rivershire, ready to look at."""
    from mapsvc.services.operations.demo import prepare_demo
    from mapsvc.web.server import run_server

    settings = prepare_demo(data, say=click.echo, is_county=county)
    if not no_serve:
        click.echo(f"Open http://127.0.0.1:{port}/  (Ctrl+C stops it)")
        run_server(settings, host="127.0.0.1", port=port, workers=1)


_UPKEEP = (upkeep.worker, upkeep.backup, upkeep.restore, upkeep.activity, upkeep.check)
for _command in (*_UPKEEP, upkeep.erase, keys.api_key):
    main.add_command(_command)
