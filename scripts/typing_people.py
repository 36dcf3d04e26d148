"""What people ask the search while they type, made by chance from the streets of a council.

Somebody means a street, any of them as likely as another. They type it letter after letter, and
halt now and then for long enough that the page asks for suggestions. They stop when their street
is among these; if it never is, they add its place. One in five makes a typing error.
"""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from mapsvc.config import Settings
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.streets import search_streets
from mapsvc.services.state.council import Council

SUGGESTIONS = 8
"""As many as the search box asks for; it asks from the second letter on."""
LETTERS_BETWEEN = (1, 1, 2, 2, 3)
ERRORS = 0.2


class Typing:
    """An endless stream of requests for the council in `data`."""

    def __init__(self, data: Path, local_crs: str, seed: int = 1) -> None:
        self._council = Council.open(Settings(data=data, crs=local_crs))
        self._streets = list(self._council.moment.atlas.all_streets())
        self._dice = random.Random(seed)
        self._asked: Counter[str] = Counter()
        self._stream = self._all()

    def requests(self, count: int) -> list[str]:
        """The next paths, in the order in which they are asked."""
        return list(islice(self._stream, count))

    def new(self, count: int) -> list[str]:
        """The next paths that were never asked before, each once."""
        return list(islice((path for path in self._stream if self._asked[path] == 1), count))

    def report(self) -> str:
        """How much of the stream was a repetition."""
        every, different = self._asked.total(), len(self._asked)
        return f"Of {every:,} requests typed, {different:,} ({different / every:.0%}) are different"

    def _all(self) -> Iterator[str]:
        while True:
            for text in self._typed(self._dice.choice(self._streets)):
                path = f"/api/search?limit={SUGGESTIONS}&q={quote(text)}"
                self._asked[path] += 1
                yield path

    def _typed(self, meant: FoundStreet) -> Iterator[str]:
        text = meant.street.name.lower()
        if self._dice.random() < ERRORS:
            text = _mistyped(self._dice, text)
        at = self._dice.choice((2, 3))
        while at < len(text):
            yield text[:at]
            if self._shows(text[:at], meant):
                return
            at += self._dice.choice(LETTERS_BETWEEN)
        yield text
        if not self._shows(text, meant):
            yield f"{text}, {meant.street.town.lower()}"

    def _shows(self, text: str, meant: FoundStreet) -> bool:
        found = search_streets(self._council, text.strip(), SUGGESTIONS)
        return any(street.street.id == meant.street.id for street in found)


def _mistyped(dice: random.Random, text: str) -> str:
    """Two letters changed about, one missing, or one twice."""
    at = dice.randrange(max(1, len(text) - 1))
    first, second = text[at : at + 1], text[at + 1 : at + 2]
    instead = dice.choice((second + first, second, first + first + second))
    return text[:at] + instead + text[at + 2 :]
