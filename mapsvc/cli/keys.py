"""The commands for the keys of programs that send reports by Open311."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from mapsvc.cli.terminal import COMMAND_LINE, as_json, print_json, with_council
from mapsvc.services.accounts import api_keys
from mapsvc.services.state.council import Council


@click.group(name="api-key")
def api_key() -> None:
    """Which programs may send reports by Open311."""


@api_key.command(name="add")
@click.argument("name")
@with_council
def add(council: Council, name: str) -> None:
    """Add a key for a program and print it, once."""
    key = api_keys.add_key(council, name, by=COMMAND_LINE, now=datetime.now(UTC))
    click.echo(f"The api_key of {name}. It is shown this once, so keep it safe:")
    click.echo(f"  {key}")


@api_key.command(name="list")
@as_json
@with_council
def show(council: Council, is_json: bool) -> None:
    """List the keys by name; nobody can read a key back."""
    keys = council.store.api_keys.all()
    if is_json:
        print_json([asdict(key) for key in keys])
        return
    if not keys:
        click.echo("There is no API key yet. Add one with: mapsvc api-key add NAME")
    for key in keys:
        state = f"disabled {key.disabled_at:%Y-%m-%d}" if key.disabled_at else ""
        click.echo(f"{key.name:<30}  since {key.at:%Y-%m-%d}  {state}".rstrip())


@api_key.command(name="disable")
@click.argument("name")
@with_council
def disable(council: Council, name: str) -> None:
    """Let a key work no more."""
    council.store.api_keys.disable(name, by=COMMAND_LINE, at=datetime.now(UTC))
    click.echo(f"The API key {name} works no more.")
