"""The commands for the accounts of those who sign in to the staff pages."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from mapsvc.cli.terminal import COMMAND_LINE, as_json, print_json, with_council
from mapsvc.services.accounts import people
from mapsvc.services.accounts.people import MAY
from mapsvc.services.state.council import Council


@click.group()
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
