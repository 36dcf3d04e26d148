"""Every code for every reader, with sample facts; and that code and catalogue fit each other."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

import mapsvc
from mapsvc.messages.catalogue import (
    WORDS,
    Fact,
    Message,
    facts_of,
    message_of,
    record_of,
    said,
)
from mapsvc.messages.english import TABLES, counted
from mapsvc.messages.words import Reader, Wording

ROOT = Path(mapsvc.__file__).parent
PAGES = (Reader.RESIDENT, Reader.STAFF, Reader.MACHINE)
PRIVATE = {
    "path": "/srv/mapsvc/mapsvc.gpkg",
    "folder": "/srv/mapsvc",
    "store": "postgresql on db.internal.example",
    "host": "db.internal.example",
    "setting": "MAPSVC_DATABASE_URL",
}
"""Facts of these names are for the terminal alone."""

COMMANDS = re.compile(r"\bmapsvc [a-z]|(?<![\w-])--\w|\./run\b|MAPSVC_|(?<![\w/])/[a-z]|https?://")
PLACES_ON_PAGES = re.compile(
    r"\b(?:buttons?|pages?|tap|tick|ticked|links?)\b|/staff|https?://", re.IGNORECASE
)
ADDRESSES_OF_OTHERS = re.compile(r"https://\w+\.example\.\S+|\bhttps?://(?= |$)")
IS_NO = re.compile(r"(?<!here )\b(?:is|are) no (?!longer\b)")
OF_A_FILE = {"web_page"}
"""Codes about a file that is a page: the word says what was sent, not where to look."""

STILL_SENTENCES = {"cli", "config", "crs", "ingest/values"}
"""Parts that raise sentences; none may come back."""


@pytest.fixture(params=TABLES, ids=lambda table: min(table))
def table(request: pytest.FixtureRequest) -> Mapping[str, Wording]:
    """The words of one topic."""
    words: Mapping[str, Wording] = request.param
    return words


def said_by(words: Mapping[str, Wording], *readers: Reader) -> Iterator[tuple[str, str]]:
    """Each code of a table with what it says to readers, once with ones and once with many."""
    for code, number, reader in product(words, (1, 1234), readers):
        facts = {name: _sample(name, forms, number) for name, forms in facts_of(code).items()}
        yield code, Message(code, **facts).told(reader)


def _sample(name: str, forms: set[str], number: int) -> Fact:
    if forms & {"day", "weekday", "iso"}:
        return date(2026, 6, 17)
    if any("|" in form or form.startswith(",") for form in forms):
        return number
    return PRIVATE.get(name, f"SAMPLE {name}")


def test_each_reader_is_told_in_whole_words(table: Mapping[str, Wording]) -> None:
    for code, words in said_by(table, *Reader):
        assert words.strip() == words
        assert words, code
        assert "{" not in words
        assert "  " not in words
        assert not IS_NO.search(words), words


def test_pages_name_no_command_path_setting_or_server(table: Mapping[str, Wording]) -> None:
    for _, words in said_by(table, *PAGES):
        assert not COMMANDS.search(ADDRESSES_OF_OTHERS.sub("", words)), words
        assert not any(value in words for value in PRIVATE.values()), words


def test_the_terminal_names_nothing_of_a_page(table: Mapping[str, Wording]) -> None:
    for code, words in said_by(table, Reader.TERMINAL):
        found = PLACES_ON_PAGES.search(ADDRESSES_OF_OTHERS.sub("", words))
        assert code in OF_A_FILE or not found, words


def test_no_code_stands_in_two_tables() -> None:
    assert sum(map(len, TABLES)) == len(WORDS)


# The code and the catalogue


class Use(NamedTuple):
    """A message that the code makes: where, its code (None for a sentence), its facts' names."""

    place: str
    code: str | None
    facts: frozenset[str]
    is_open: bool
    """Whether facts are handed on with `**`."""


def uses() -> Iterator[Use]:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py")}
    names = _errors(trees.values()) | {"Message"}
    for path, tree in sorted(trees.items()):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in names:
                yield from _use(node, path)


def texts() -> set[str]:
    """All texts in the code: a code may also stand in a table."""
    trees = (
        ast.parse(path.read_text(encoding="utf-8"))
        for path in ROOT.rglob("*.py")
        if "messages/english" not in path.as_posix()
    )
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and str(node.value) == node.value
    }


def _errors(trees: Iterable[ast.Module]) -> set[str]:
    """The names of MapsvcError and all that come of it."""
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names, before = {"MapsvcError"}, 0
    while len(names) > before:
        before = len(names)
        names |= {node.name for node in nodes if names & set(map(_name, node.bases))}
    return names


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _use(call: ast.Call, path: Path) -> Iterator[Use]:
    at = 1 if _name(call.func) in ("BadRequest", "NotOffered") and len(call.args) > 1 else 0
    if len(call.args) <= at:
        return
    place = f"{path.relative_to(ROOT)}:{call.lineno}"
    facts = frozenset(word.arg for word in call.keywords if word.arg) - {"field", "rival"}
    is_open = any(word.arg is None for word in call.keywords)
    for code in _codes(call.args[at]):
        yield Use(place, code, facts, is_open)


def _codes(node: ast.expr) -> list[str | None]:
    if isinstance(node, ast.IfExp):
        return [*_codes(node.body), *_codes(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value if re.fullmatch(r"[a-z0-9_]+", node.value) else None]
    return [None] if isinstance(node, (ast.JoinedStr, ast.BinOp)) else []


def test_each_code_is_used_with_its_facts_and_each_wording_is_used() -> None:
    found = list(uses())
    with_code = [use for use in found if use.code]

    assert not [use for use in with_code if use.code not in WORDS]
    wrong = [
        use
        for use in with_code
        if not use.is_open and use.code in WORDS and use.facts != facts_of(use.code).keys()
    ]
    assert not wrong, [(use, sorted(facts_of(use.code or ""))) for use in wrong]
    assert not WORDS.keys() - texts()


def test_no_sentence_is_raised_where_codes_are() -> None:
    sentences = [use.place for use in uses() if use.code is None]

    part = re.compile("|".join(STILL_SENTENCES) or "(?!)")
    assert not [place for place in sentences if not part.match(place)]


# How it is told


def test_numbers_have_their_words() -> None:
    assert counted(1, "row|rows") == "1 row"
    assert counted(2010, "row|rows") == "2,010 rows"
    assert counted(0, "~is|are") == "are"


def test_readers_have_their_own_next_step() -> None:
    words = Wording("No.", page="Choose one.", terminal="Write --one.", machine="Send one.")

    assert words.text_for(Reader.STAFF) == "No. Choose one."
    assert words.text_for(Reader.RESIDENT) == "No. Choose one."
    assert words.text_for(Reader.TERMINAL) == "No. Write --one."
    assert words.text_for(Reader.MACHINE) == "No. Send one."


def test_what_is_for_the_terminal_alone_is_told_to_nobody_else() -> None:
    words = Wording("{path} is full.", "Free space.", public="Full.", resident="Sorry.")

    assert words.text_for(Reader.TERMINAL) == "{path} is full. Free space."
    assert words.text_for(Reader.STAFF) == "Full."
    assert words.text_for(Reader.RESIDENT) == "Sorry."
    assert words.text_for(Reader.MACHINE) == "Sorry."


def test_a_message_survives_json_with_all_that_it_holds() -> None:
    reason = Message("bad_usrn", value="x", digits=8)
    message = Message("said", words=(reason, date(2026, 6, 17), 3, "a"))

    assert message_of(record_of(message)) == message
    assert str(message_of(record_of(message))) == str(message)


def test_a_record_of_another_version_keeps_its_sentence() -> None:
    assert message_of({"code": "of_tomorrow", "facts": {}}, "It is bad.") == said("It is bad.")
    assert message_of({"code": "bad_usrn", "facts": {}}, "It is bad.") == said("It is bad.")
    assert message_of({}, "It is bad.") == said("It is bad.")
