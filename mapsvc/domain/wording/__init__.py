"""The words that residents read, a module per language. Nothing here decides a status.

Sentences follow the GOV.UK style: plain, full dates, the reason. None says "cut" without a
`done`, and none blames a crew for a mark that is not kept (design, section 4). A second language
stands beside `english` and is named in the tables here.
"""

from typing import TypeVar

from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.wording import english
from mapsvc.domain.wording.english import DUE_WORDS, LABELS, MAP_WORDS, due_words, named_sentence
from mapsvc.domain.wording.english_dates import day_in, full_date, recorded, span, when
from mapsvc.domain.wording.voice import Voice

__all__ = [
    "DUE_WORDS",
    "LABELS",
    "LANGUAGES",
    "MAP_WORDS",
    "Voice",
    "day_in",
    "due_words",
    "full_date",
    "label",
    "named_sentence",
    "recorded",
    "sentence",
    "span",
    "when",
]

LABEL_TABLES = {"en": LABELS}
SENTENCE_TABLES = {"en": english.SENTENCES}
ANNOUNCED = {"en": english.announced}
"""What is said after every sentence: pauses recorded for days to come."""
LANGUAGES = tuple(SENTENCE_TABLES)

Table = TypeVar("Table")


def label(status: Status, language: str = "en") -> str:
    """The short label of a status."""
    return _table(LABEL_TABLES, language)[status]


def sentence(found: VergeStatus, voice: Voice, language: str = "en") -> str:
    """What is true for this grass on the day, without the street's name and the record's time."""
    text = _table(SENTENCE_TABLES, language)[found.status](found, voice)
    to_come = _table(ANNOUNCED, language)(found)
    return " ".join(f"{text} {to_come}".split())


def _table(tables: dict[str, Table], language: str) -> Table:
    return tables.get(language, tables["en"])
