"""The indexes of what was just published, made before somebody asks, in a process of their own.

Whoever opened the council next would make them else, and need the time and the memory of both.
What an index is, and where it lies, is known in `atlas`.

    python -m mapsvc.services.schedules.indexing
"""

import logging
import subprocess
import sys

from mapsvc.config import Settings, environment_of_child
from mapsvc.services.state.council import opened

log = logging.getLogger(__name__)

INDEXED = frozenset({"gazetteer", "boundaries", "places"})
"""Editions of these kinds make other indexes."""


def make_indexes(settings: Settings) -> None:
    """The indexes of all that is current; they are there when this returns.

    A failure is only logged: publishing is done, and the next who opens the council tries again.
    """
    words = [sys.executable, "-m", "mapsvc.services.schedules.indexing"]
    code = subprocess.run(words, env=environment_of_child(settings)).returncode
    if code:
        log.error("the indexes of what is published were not made: ended with %s", code)


def main() -> None:
    """Ask for the streets, whose indexes are made where they are missing."""
    with opened(Settings.from_environment(), create=False) as council:
        council.atlas()


if __name__ == "__main__":
    main()
