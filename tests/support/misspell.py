"""Misspellings of street names as residents make them: the set that the search is tuned on.

Seeded, so that a figure can be had again. The second set, by other rules, is `misspell_again`:
it is only for reporting. Neither knows how the search works.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mapsvc.search.normalise import normalise

MOST_NAMESAKES = 5
"""With more streets of one name than are shown, nobody can find the right one without its place."""

ROWS_OF_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("c", "k"),
    ("k", "c"),
    ("ei", "ie"),
    ("ie", "ei"),
    ("y", "i"),
    ("i", "y"),
    ("ea", "ee"),
    ("ee", "ea"),
    ("gh", "g"),
    ("s", "z"),
    ("z", "s"),
    ("ou", "u"),
    ("w", "v"),
    ("x", "ks"),
    ("qu", "kw"),
    ("ough", "ow"),
    ("tion", "shun"),
    ("wr", "r"),
    ("kn", "n"),
    ("ae", "a"),
    ("gg", "g"),
    ("vei", "vej"),
    ("kj", "k"),
    ("hj", "j"),
    ("and", "an"),
    ("er", "or"),
    ("or", "er"),
    ("a", "e"),
    ("e", "a"),
    ("o", "u"),
)


@dataclass(frozen=True)
class Misspelt:
    """A query, what it should find (normalised name and place), and what was done to it."""

    text: str
    name: str
    place: str
    rule: str


Edit = Callable[[random.Random, str], str]


def insert(dice: random.Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + text[at:]


def delete(dice: random.Random, text: str) -> str:
    at = _letter(dice, text)
    return text[:at] + text[at + 1 :]


def substitute(dice: random.Random, text: str) -> str:
    at = _letter(dice, text)
    return text[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :]


def transpose(dice: random.Random, text: str) -> str:
    if len(text) < 2:
        return text
    at = dice.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def double(dice: random.Random, text: str) -> str:
    at = _letter(dice, text)
    return text[: at + 1] + text[at:]


def undouble(dice: random.Random, text: str) -> str:
    twins = [at for at in range(1, len(text)) if text[at] == text[at - 1]]
    at = dice.choice(twins) if twins else _letter(dice, text)
    return text[:at] + text[at + 1 :]


def slip(dice: random.Random, text: str) -> str:
    """A finger on the key beside."""
    at = _letter(dice, text)
    for keys in ROWS_OF_KEYS:
        if text[at].lower() in keys:
            key = keys.index(text[at].lower()) + dice.choice((-1, 1))
            return text[:at] + keys[max(0, min(key, len(keys) - 1))] + text[at + 1 :]
    return substitute(dice, text)


def by_ear(dice: random.Random, text: str) -> str:
    heard = [pair for pair in SOUNDS if pair[0] in text]
    if not heard:
        return substitute(dice, text)
    old, new = dice.choice(heard)
    return text.replace(old, new, 1)


def join(dice: random.Random, text: str) -> str:
    gaps = [at for at, letter in enumerate(text) if letter == " "]
    at = dice.choice(gaps) if gaps else len(text)
    return text[:at] + text[at + 1 :]


def split(dice: random.Random, text: str) -> str:
    at = dice.randrange(2, len(text) - 1) if len(text) > 4 else len(text)
    return f"{text[:at]} {text[at:]}".strip()


def swap(dice: random.Random, text: str) -> str:
    parts = text.split(" ")
    at = dice.randrange(len(parts))
    return " ".join(parts[at:] + parts[:at])


def drop(dice: random.Random, text: str) -> str:
    parts = text.split(" ")
    if len(parts) > 2:
        parts.pop(dice.randrange(len(parts) - 1))
    return " ".join(parts)


def cut(dice: random.Random, text: str) -> str:
    """Without its last word: `Topsham` for `Topsham Road`."""
    return text.rsplit(" ", 1)[0]


LETTERS: tuple[Edit, ...] = (insert, delete, substitute, transpose, double, undouble, slip, by_ear)
WORDS: tuple[Edit, ...] = (join, split, swap, drop, cut)


def misspellings(
    streets: Sequence[tuple[str, str]], count: int, seed: int = 1
) -> Iterator[Misspelt]:
    """`count` misspelt queries for (name, place) pairs drawn evenly from `streets`."""
    dice = random.Random(seed)
    namesakes = Counter(normalise(name) for name, _ in streets)
    begun = Counter(normalise(name).rsplit(" ", 1)[0] for name, _ in streets)
    while count:
        name, place = dice.choice(streets)
        key = normalise(name)
        edits = _edits(dice, key)
        text = name.lower()
        for edit in edits:
            text = edit(dice, text)
        if len(key) < 4 or normalise(text) in namesakes or not normalise(text):
            continue
        needs_place = namesakes[key] > MOST_NAMESAKES or (
            cut in edits and begun[key.rsplit(" ", 1)[0]] > MOST_NAMESAKES
        )
        rule = "+".join(sorted(edit.__name__ for edit in edits))
        if needs_place or dice.random() < 0.4:
            text, rule = _with_place(dice, text, place), rule + "+place"
        yield Misspelt(text, key, normalise(place), rule)
        count -= 1


def _edits(dice: random.Random, key: str) -> list[Edit]:
    edits = [dice.choice(LETTERS)]
    if " " in key and dice.random() < 0.35:
        edits[:0] = [dice.choice(WORDS)]
        if dice.random() < 0.5:
            return edits[:1]
    if len(key) > 9 and dice.random() < 0.3:
        edits.append(dice.choice(LETTERS))
    if len(key) > 16 and dice.random() < 0.1:
        edits.append(dice.choice(LETTERS))
    return edits


def _with_place(dice: random.Random, text: str, place: str) -> str:
    place = place.lower()
    if dice.random() < 0.15 and len(place) > 4:
        place = dice.choice(LETTERS)(dice, place)
    form = dice.random()
    if form < 0.4:
        return f"{text}, {place}"
    return f"{text} {place}" if form < 0.85 else f"{place} {text}"


def _letter(dice: random.Random, text: str) -> int:
    """Where a letter stands; the first one is the one least often mistaken."""
    at = dice.randrange(len(text))
    return dice.randrange(len(text)) if at == 0 else at
