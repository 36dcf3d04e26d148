"""Messages as code and facts, and their rendering for a reader: the one place where both meet.

The words lie in a package per language, here `english`; how to add some is in docs/wording.md.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from string import Formatter
from typing import Any, Union

from mapsvc.messages import english
from mapsvc.messages.words import Reader, Wording

Fact = Union[str, int, float, date, "Message", tuple["Fact", ...]]

WORDS: Mapping[str, Wording] = english.WORDS
"""Code → its words."""


class Message:
    """A code, and the facts that its words name: `Message("no_rows", file="plan.csv")`.

    A fact may be a message itself, such as the reason of a refusal, or a tuple of facts.
    """

    __slots__ = ("code", "facts")

    def __init__(self, code: str, /, **facts: Fact) -> None:
        self.code = code
        self.facts = facts

    def told(self, reader: Reader) -> str:
        """The words for a reader.

        Raises
        ------
        KeyError : when the catalogue has no such code, or a fact is missing.
        """
        return "".join(
            [
                literal + (_in_words(self.facts[name], form, reader) if name else "")
                for literal, name, form in _pieces(self.code, reader)
            ]
        )

    def __str__(self) -> str:
        return self.told(Reader.TERMINAL)

    def __repr__(self) -> str:
        return f"Message({self.code!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        return hash((self.code, tuple(self.facts.items())))


def said(words: str) -> Message:
    """The words of somebody else as they are: another program's, or of a report kept long ago."""
    return Message("said", words=words)


def as_message(words: str | Message, facts: Mapping[str, Fact] | None = None) -> Message:
    """The message itself, or that of a code with facts; a sentence stays as it was written."""
    if isinstance(words, Message):
        return words
    return Message(words, **(facts or {})) if words in WORDS else said(words)


def facts_of(code: str) -> dict[str, set[str]]:
    """The facts that the words of a code name, each with the forms that they ask for."""
    found: dict[str, set[str]] = {}
    for reader in Reader:
        for _, name, form in _pieces(code, reader):
            if name:
                found.setdefault(name, set()).add(form)
    return found


@cache
def _pieces(code: str, reader: Reader) -> tuple[tuple[str, str, str], ...]:
    """The text of a code cut up as (what stands before, the fact's name, its form)."""
    text = WORDS[code].text_for(reader)
    return tuple(
        (literal, name or "", form or "") for literal, name, form, _ in Formatter().parse(text)
    )


def _in_words(fact: Fact, form: str, reader: Reader) -> str:
    """A fact in one of these forms.

    `{rows:row|rows}` says `1 row` and `2,010 rows`; `{rows:~is|are}` the word without the number;
    `{on:day}` says `17 June 2026`, `{on:weekday}` `Wednesday 17 June 2026`, `{on:iso}`
    `2026-06-17`; others are those of `format`.
    """
    if isinstance(fact, Message):
        return fact.told(reader)
    if isinstance(fact, tuple):
        return ", ".join(_in_words(one, form, reader) for one in fact)
    if not form:
        return str(fact)
    if "|" in form and isinstance(fact, int):
        return english.counted(fact, form)
    if isinstance(fact, date):
        return fact.isoformat() if form == "iso" else english.day(fact, form)
    return format(fact, form)


# As JSON holds them


def record_of(message: Message) -> dict[str, Any]:
    """A message as JSON holds it; `message_of` makes it a message again."""
    facts = {name: _plain(fact) for name, fact in message.facts.items()}
    return {"code": message.code, "facts": facts}


def _plain(fact: Fact) -> Any:
    if isinstance(fact, Message):
        return record_of(fact)
    if isinstance(fact, tuple):
        return [_plain(one) for one in fact]
    return {"day": fact.isoformat()} if isinstance(fact, date) else fact


def message_of(record: Mapping[str, Any], sentence: str = "") -> Message:
    """The message that a record was made of.

    A code or fact that this version does not know (a record of another version, or a child process
    that was taken over) leaves `sentence`, as it was written then.
    """
    code, facts = record.get("code"), record.get("facts")
    if isinstance(code, str) and code in WORDS and isinstance(facts, dict):
        message = Message(code, **{str(name): _fact(one) for name, one in facts.items()})
        if facts_of(code).keys() <= facts.keys():
            return message
    return said(sentence)


def _fact(plain: Any) -> Fact:
    if isinstance(plain, dict):
        return date.fromisoformat(plain["day"]) if "day" in plain else message_of(plain)
    if isinstance(plain, list):
        return tuple(map(_fact, plain))
    return plain if isinstance(plain, (int, float)) else str(plain)
