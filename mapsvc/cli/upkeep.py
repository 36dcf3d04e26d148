"""The commands of those who run the service: work in the background, backups, soundness."""

import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from mapsvc.cli.terminal import COMMAND_LINE, Day, with_council
from mapsvc.config import Settings
from mapsvc.problems import counted
from mapsvc.services.issues import erasing
from mapsvc.services.jobs import Worker
from mapsvc.services.operations import activity as deeds
from mapsvc.services.operations import backup as backups
from mapsvc.services.operations.job_handlers import WORK
from mapsvc.services.operations.place_check import examined_in_store
from mapsvc.services.operations.self_check import findings
from mapsvc.services.operations.usage_counters import counts_by, counts_csv, enter_calls, words_of
from mapsvc.services.outbox.sender import Sender
from mapsvc.services.state.council import Council, opened

a_file = click.Path(path_type=Path)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@with_council
def worker(council: Council, once: bool) -> None:
    """Do work in the background, besides what `mapsvc serve` does; Ctrl+C stops it."""
    found, sender = Worker(council, WORK), Sender(council)

    def stop(*_: object) -> None:
        found.stop()
        sender.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if once:
        click.echo(f"Jobs done or given up: {found.run_due()}.")
        click.echo(f"Messages sent or tried: {sender.run_due()}.")
    else:
        sending = sender.start()
        found.run()
        sending.join()


@click.command()
@click.argument("email")
@with_council
def erase(council: Council, email: str) -> None:
    """Forget an e-mail address at once, wherever it stands."""
    number = erasing.erase(council, email)
    click.echo(
        f"Erased in {counted(number, 'places')}. Backups still have it until they are deleted."
    )


@click.command()
@click.argument("file", type=a_file)
@click.option("--for-qgis", is_flag=True, help="A copy without what names people, for QGIS.")
def backup(file: Path, for_qgis: bool) -> None:
    """Write a whole copy of the store to FILE while the service runs."""
    write = backups.qgis_copy if for_qgis else backups.back_up
    with opened(Settings.from_environment(), create=False) as council:
        click.echo(write(council, file))


@click.command()
@click.argument("file", type=a_file)
def restore(file: Path) -> None:
    """Put the store back as it was in FILE. The present store is kept; stop the service first."""
    settings = Settings.from_environment()
    for line in backups.restore(settings, file, by=COMMAND_LINE, at=datetime.now(UTC)):
        click.echo(line)


@click.command()
@click.option("--csv", "is_csv", is_flag=True, help="Print CSV.")
@click.option("--from", "first", type=Day(), help="The first day. Default: all.")
@click.option("--to", "last", type=Day(), help="The last day. Default: today.")
@click.option("--by", default="", metavar="NAME", help="Who did it; a part of the name will do.")
@with_council
def activity(
    council: Council, is_csv: bool, first: date | None, last: date | None, by: str
) -> None:
    """Print who did what and when, the newest first."""
    which = deeds.wanted(council, by=by, first=first, last=last)
    if is_csv:
        click.echo(deeds.activity_csv(council, which), nl=False)
        return
    found = deeds.entries(council, which)
    for entry in found:
        click.echo(f"{entry.at:%Y-%m-%d %H:%M}  {entry.sentence}")
    if not found:
        click.echo("Nothing was done in these days.")


@click.command()
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


@click.command()
def check() -> None:
    """Is this installation sound? Exit code 1 when it is not.

    Then what nobody can tell of the published streets, which is no fault of the installation.
    """
    is_sound = True
    settings = Settings.from_environment()
    for finding in findings(settings):
        click.echo(f"{'ok  ' if finding.is_good else 'BAD '} {finding.sentence}")
        is_sound &= finding.is_good
    for sentence in examined_in_store(settings):
        click.echo(f"note {sentence}")
    sys.exit(0 if is_sound else 1)
