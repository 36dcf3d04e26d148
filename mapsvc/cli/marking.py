"""The commands that record what happened to the grass, and take it back."""

from datetime import date

import click

from mapsvc.cli.terminal import COMMAND_LINE, Day, as_json, print_json, with_council
from mapsvc.domain.events import Event
from mapsvc.services.answers.teller import Answers
from mapsvc.services.marks.recording import Mark, record, withdraw
from mapsvc.services.plan_changes.pauses import pieces_of_grass, still_paused
from mapsvc.services.state.council import Council


@click.command()
@click.argument("target")
@click.argument("kind")
@click.option("--cut", type=int, help="The number of the cut.")
@click.option("--season", type=int, help="Its season. Default: that of the nearest such cut.")
@click.option("--on", type=Day(), help="The day it happened. Default: today.")
@click.option("--reason", default="", help="Why; residents read it.")
@click.option("--expected", type=Day(), help="When a delayed cut is expected now.")
@click.option("--until", type=Day(), help="The last day of a pause.")
@click.option("--sure", is_flag=True, help="Record what cannot well be true all the same.")
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
    sure: bool,
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
            sure=sure,
        ),
    )
    staying = still_paused(Answers(council), council.moment.ledger.event(event))
    if is_json:
        said = {"still_paused": [_staying(*one) for one in staying]} if staying else {}
        print_json({"event": event, **said})
        return
    click.echo(event)
    for pause, pieces in staying:
        words = f"{pieces_of_grass(pieces)} still paused by event {pause.id}, {pause.target}."
        click.echo(words, err=True)


def _staying(pause: Event, pieces: int) -> dict[str, object]:
    return {"event": pause.id, "target": str(pause.target), "verges": pieces}


@click.command(name="withdraw")
@click.argument("event", type=int)
@with_council
def withdraw_event(council: Council, event: int) -> None:
    """Take an event back; both stay in the record."""
    withdraw(council, event, by=COMMAND_LINE)
    click.echo(f"Event {event} no longer counts.")
