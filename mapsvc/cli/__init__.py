"""The command `mapsvc`. What it does is in `services`; here are words, options and exit codes.

Exit codes: 0 done, or publishable with its problems listed; 1 refused; 2 wrong use.
"""

import click

from mapsvc import __version__
from mapsvc.cli.terminal import LazyCommands, Unloaded

COMMANDS = {
    "activity": ("upkeep:activity", "Print who did what and when, the newest first."),
    "api-key": ("keys:api_key", "Which programs may send reports by Open311."),
    "backup": ("upkeep:backup", "Write a whole copy of the store to FILE while the service runs."),
    "check": ("upkeep:check", "Is this installation sound? Exit code 1 when it is not."),
    "counts": (
        "upkeep:counts",
        "Print what was searched and answered, beside the calls that the council had.",
    ),
    "demo": ("running:demo", "Show the invented council of Rivershire, ready to look at."),
    "editions": (
        "publishing:editions",
        "List the editions that are kept, the newest first; * marks those in use.",
    ),
    "erase": ("upkeep:erase", "Forget an e-mail address at once, wherever it stands."),
    "ingest": (
        "publishing:ingest",
        "Read FILES, report what publishing would change and, with --publish, publish.",
    ),
    "mark": (
        "marking:mark",
        "Record what happened to TARGET (verge:ID, street:ID, round:CODE, kind:K, place:P or all).",
    ),
    "restore": ("upkeep:restore", "Put the store back as it was in FILE."),
    "rollback": ("publishing:rollback", "Make edition NUMBER of KIND the current one again."),
    "search": ("asking:search", "Find streets by name, place or road number."),
    "serve": ("running:serve", "Run the service."),
    "street": ("asking:street", "Print the answer for a street, as its page gives it."),
    "user": ("accounts:user", "Who may sign in to the staff pages."),
    "withdraw": ("marking:withdraw_event", "Take an event back; both stay in the record."),
    "worker": (
        "upkeep:worker",
        "Do work in the background, besides what `mapsvc serve` does; Ctrl+C stops it.",
    ),
}
"""Where each command is, and what help and completion say of it before it is loaded."""


@click.group(
    cls=LazyCommands,
    found=Unloaded(__name__, COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="mapsvc")
def main() -> None:
    """A council's grass-cutting status map: publish schedules, mark cuts, answer for a street."""
