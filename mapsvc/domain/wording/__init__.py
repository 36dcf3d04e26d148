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
from mapsvc.domain.wording.english_facts import facts as english_facts
from mapsvc.domain.wording.english_season import became_in_words, planned_in_words
from mapsvc.domain.wording.english_shares import LEGEND, SHARE_WORDS, shares_words
from mapsvc.domain.wording.english_stretches import stretches_in_words
from mapsvc.domain.wording.voice import Fact, Voice

__all__ = [
    "DUE_WORDS",
    "LABELS",
    "LANGUAGES",
    "LEGEND",
    "MAP_WORDS",
    "SHARE_WORDS",
    "Fact",
    "Voice",
    "became_in_words",
    "day_in",
    "due_words",
    "facts",
    "full_date",
    "label",
    "label_of",
    "named_sentence",
    "planned_in_words",
    "recorded",
    "sentence",
    "shares_words",
    "span",
    "stretches_in_words",
    "when",
]

LIST_LABELS = {"en": {**LABELS, **english.IN_A_LIST}}
LABEL_TABLES = {"en": english.label}
FACT_TABLES = {"en": english_facts}
SENTENCE_TABLES = {"en": english.SENTENCES}
ANNOUNCED = {"en": english.announced}
"""What is said after every sentence: pauses recorded for days to come."""
LANGUAGES = tuple(SENTENCE_TABLES)

Table = TypeVar("Table")


def label(status: Status, language: str = "en") -> str:
    """The short label of a status where no day is known: in legends and lists."""
    return _table(LIST_LABELS, language)[status]


def label_of(found: VergeStatus, language: str = "en") -> str:
    """The short label of what is true for some grass on a day."""
    return _table(LABEL_TABLES, language)(found)


def facts(found: VergeStatus, language: str = "en") -> tuple[Fact, ...]:
    """The rows under the sentence about our own grass."""
    return _table(FACT_TABLES, language)(found)


def sentence(found: VergeStatus, voice: Voice, language: str = "en") -> str:
    """What is true for this grass on the day, without the street's name and the record's time."""
    text = _table(SENTENCE_TABLES, language)[found.status](found, voice)
    to_come = _table(ANNOUNCED, language)(found)
    return " ".join(f"{text} {to_come}".split())


def _table(tables: dict[str, Table], language: str) -> Table:
    return tables.get(language, tables["en"])
