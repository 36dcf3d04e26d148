"""What all commands share: how a day is read, a refusal is said, and the council is opened."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import wraps
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from mapsvc.config import Settings
from mapsvc.errors import MapsvcError

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
            raise NoDay(f"Enter a day, like 2026-06-17, not {value!r}.") from None


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


class Unloaded(Mapping[str, click.Command]):
    """Commands by name, each loaded when somebody looks at it.

    `found` has `module:attribute` within `package` for each name, and a summary.
    """

    def __init__(self, package: str, found: Mapping[str, tuple[str, str]]) -> None:
        self.package = package
        self.found = found

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = self.found[name][0].partition(":")
        command: click.Command = getattr(import_module(f"{self.package}.{module}"), attribute)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


class LazyCommands(Commands):
    """Commands whose help, and whose completion of names, need none of them loaded.

    What they need takes a second or two to load.
    """

    def __init__(self, *, found: Unloaded, **options: Any) -> None:
        super().__init__(**options)
        self.commands = found  # type: ignore[assignment]  # nobody adds to them
        self.summaries = {name: summary for name, (_, summary) in found.found.items()}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        named = [
            CompletionItem(name, help=summary)
            for name, summary in self.summaries.items()
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


def with_council(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the opened council of the environment's settings to a command, and close it after."""

    @wraps(command)
    def with_council_opened(**options: Any) -> Any:
        from mapsvc.services.state.council import opened  # takes longer than all of click

        with opened(Settings.from_environment()) as council:
            return command(council, **options)

    return with_council_opened


as_json = click.option("--json", "is_json", is_flag=True, help="Print one JSON document.")


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
