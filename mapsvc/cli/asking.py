"""The commands that ask: which streets there are, and what happens with their grass."""

from datetime import date

import click

from mapsvc.cli.terminal import Day, as_json, print_json, with_council
from mapsvc.services.answers import documents
from mapsvc.services.answers.streets import search_streets
from mapsvc.services.answers.teller import Answers
from mapsvc.services.state.council import Council


@click.command()
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


@click.command()
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
