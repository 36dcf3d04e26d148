"""The commands of those who run the service: work in the background, backups, soundness."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mapsvc.cli.terminal import COMMAND_LINE, with_council
from mapsvc.config import Settings
from mapsvc.services import backup as backups
from mapsvc.services.check import findings
from mapsvc.services.council import Council
from mapsvc.services.jobs import Worker
from mapsvc.services.work import WORK

a_file = click.Path(path_type=Path)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@with_council
def worker(council: Council, once: bool) -> None:
    """Do work in the background, besides what `mapsvc serve` does; Ctrl+C stops it."""
    found = Worker(council, WORK)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: found.stop())
    if once:
        click.echo(f"Jobs done or given up: {found.run_due()}.")
    else:
        found.run()


@click.command()
@click.argument("file", type=a_file)
@click.option("--for-qgis", is_flag=True, help="A copy without what names people, for QGIS.")
def backup(file: Path, for_qgis: bool) -> None:
    """Write a whole copy of the store to FILE while the service runs."""
    council = Council.open(Settings.from_environment(), create=False)
    try:
        write = backups.qgis_copy if for_qgis else backups.back_up
        click.echo(write(council, file))
    finally:
        council.close()


@click.command()
@click.argument("file", type=a_file)
def restore(file: Path) -> None:
    """Put the store back as it was in FILE. The present store is kept; stop the service first."""
    settings = Settings.from_environment()
    for line in backups.restore(settings, file, by=COMMAND_LINE, at=datetime.now(UTC)):
        click.echo(line)


@click.command()
def check() -> None:
    """Is this installation sound? Exit code 1 when it is not."""
    is_sound = True
    for finding in findings(Settings.from_environment()):
        click.echo(f"{'ok  ' if finding.is_good else 'BAD '} {finding.sentence}")
        is_sound &= finding.is_good
    sys.exit(0 if is_sound else 1)
