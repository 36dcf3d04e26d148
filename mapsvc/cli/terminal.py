"""What all commands share: how a day is read, a refusal is said, and the council is opened."""

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click

from mapsvc.config import Settings
from mapsvc.errors import MapsvcError
from mapsvc.services.state.council import opened

COMMAND_LINE = "command line"
"""Who is named as the publisher where nobody has signed in."""


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise NoDay(
                f"{value!r} is no day. Write it as YYYY-MM-DD, such as 2026-06-17."
            ) from None


class NoDay(MapsvcError):
    """A day on the command line that no calendar has."""


class Commands(click.Group):
    """Commands whose refusals are one sentence on the terminal and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MapsvcError as refusal:
            click.echo(f"mapsvc: {refusal}", err=True)
            ctx.exit(1)


def with_council(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the opened council of the environment's settings to a command, and close it after."""

    @wraps(command)
    def with_council_opened(**options: Any) -> Any:
        with opened(Settings.from_environment()) as council:
            return command(council, **options)

    return with_council_opened


as_json = click.option("--json", "is_json", is_flag=True, help="Print one JSON document.")


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
