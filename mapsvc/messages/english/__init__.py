"""English: the tables of all topics as one, and what English makes of a number and of a day.

A second language is a package beside this one, with the same codes and facts.
"""

from datetime import date

from mapsvc.messages.english import (
    accounts,
    elsewhere,
    files,
    forms,
    gazetteers,
    issues,
    marks,
    outbox,
    questions,
    schedules,
    settings,
    store,
    streets,
    uploads,
    values,
)
from mapsvc.messages.words import Wording

TABLES = (
    accounts.WORDS,
    elsewhere.WORDS,
    files.WORDS,
    forms.WORDS,
    gazetteers.WORDS,
    issues.WORDS,
    marks.WORDS,
    outbox.WORDS,
    questions.WORDS,
    schedules.WORDS,
    settings.WORDS,
    store.WORDS,
    streets.WORDS,
    uploads.WORDS,
    values.WORDS,
)
WORDS: dict[str, Wording] = {code: words for table in TABLES for code, words in table.items()}


def counted(number: int, forms: str) -> str:
    """`1 row`, `2,010 rows` for the forms `row|rows`; `~is|are` leaves the number out."""
    one, _, many = forms.removeprefix("~").partition("|")
    word = one if number == 1 else many
    return word if forms.startswith("~") else f"{number:,} {word}"


def day(of: date, form: str) -> str:
    """`17 June 2026`, `Wednesday 17 June 2026` for `weekday`."""
    words = f"{of.day} {of:%B %Y}"
    return f"{of:%A} {words}" if form == "weekday" else words
