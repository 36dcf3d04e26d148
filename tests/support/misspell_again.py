"""A second set of misspellings by other rules, held back from tuning: only to report.

Where `misspell` moves letters, this one hurries, mishears, reads badly and shortens.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from mapsvc.search.normalise import normalise
from tests.support.misspell import MOST_NAMESAKES, Misspelt

Rule = Callable[[random.Random, str], str]

FINGERS = {
    "q": "wa",
    "w": "qes",
    "e": "wrd",
    "r": "etf",
    "t": "ryg",
    "y": "tuh",
    "u": "yij",
    "i": "uok",
    "o": "ipl",
    "p": "ol",
    "a": "qsz",
    "s": "awdx",
    "d": "sefc",
    "f": "drgv",
    "g": "fthb",
    "h": "gyjn",
    "j": "hukm",
    "k": "jil",
    "l": "kop",
    "z": "ax",
    "x": "zsc",
    "c": "xdv",
    "v": "cfb",
    "b": "vgn",
    "n": "bhm",
    "m": "njk",
}
MISREAD = (("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("cl", "d"), ("vv", "w"), ("ii", "u"))
MISHEARD = (
    ("dge", "ge"),
    ("ght", "t"),
    ("tch", "ch"),
    ("sch", "sk"),
    ("ley", "ly"),
    ("ton", "tin"),
    ("ough", "uff"),
    ("wood", "wod"),
    ("bally", "bali"),
    ("kill", "kil"),
    ("skj", "sj"),
    ("gj", "j"),
    ("hv", "v"),
    ("vegen", "veien"),
    ("veien", "vegen"),
    ("eien", "ein"),
    ("nd", "n"),
    ("ld", "l"),
    ("ll", "l"),
    ("ss", "s"),
    ("tt", "t"),
    ("d", "t"),
    ("t", "d"),
    ("b", "p"),
    ("g", "k"),
    ("oa", "o"),
    ("ai", "ay"),
)
SPELT_OUT = (("å", "aa"), ("ø", "oe"), ("æ", "ae"), ("á", "a"), ("é", "e"), ("ó", "o"))


def without_a_vowel(dice: random.Random, text: str) -> str:
    vowels = [at for at, letter in enumerate(text) if letter in "aeiouyåøæ" and at]
    at = dice.choice(vowels) if vowels else len(text)
    return text[:at] + text[at + 1 :]


def another_vowel(dice: random.Random, text: str) -> str:
    vowels = [at for at, letter in enumerate(text) if letter in "aeiouy" and at]
    at = dice.choice(vowels) if vowels else len(text)
    return text[:at] + dice.choice("aeiou") + text[at + 1 :]


def neighbouring_key(dice: random.Random, text: str) -> str:
    keys = [at for at, letter in enumerate(text) if letter in FINGERS]
    at = dice.choice(keys) if keys else len(text)
    return text[:at] + dice.choice(FINGERS.get(text[at : at + 1], "e")) + text[at + 1 :]


def two_keys_at_once(dice: random.Random, text: str) -> str:
    keys = [at for at, letter in enumerate(text) if letter in FINGERS]
    at = dice.choice(keys) if keys else len(text)
    return text[:at] + dice.choice(FINGERS.get(text[at : at + 1], "e")) + text[at:]


def too_quick(dice: random.Random, text: str) -> str:
    """Two letters changed about inside a word."""
    inside = [at for at in range(1, len(text) - 1) if " " not in text[at - 1 : at + 2]]
    if not inside:
        return text
    at = dice.choice(inside)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def misheard(dice: random.Random, text: str) -> str:
    return _replaced(dice, text, MISHEARD)


def misread(dice: random.Random, text: str) -> str:
    return _replaced(dice, text, MISREAD)


def a_syllable_twice(dice: random.Random, text: str) -> str:
    at = dice.randrange(max(1, len(text) - 2))
    return text[: at + 2] + text[at:]


def spelt_out(dice: random.Random, text: str) -> str:
    for letter, instead in SPELT_OUT:
        text = text.replace(letter, instead)
    return text


def without_spaces(dice: random.Random, text: str) -> str:
    return text.replace(" ", "")


def with_a_space(dice: random.Random, text: str) -> str:
    at = dice.randrange(1, len(text))
    return f"{text[:at]} {text[at:]}"


def an_s_more_or_less(dice: random.Random, text: str) -> str:
    parts = text.split(" ")
    at = dice.randrange(len(parts))
    parts[at] = parts[at][:-1] if parts[at].endswith("s") else parts[at] + "s"
    return " ".join(parts)


def last_word_first(dice: random.Random, text: str) -> str:
    *rest, last = text.split(" ")
    return " ".join([last, *rest])


def last_letters_missing(dice: random.Random, text: str) -> str:
    return text[: max(4, len(text) - dice.randint(1, 4))]


def with_a_house_number(dice: random.Random, text: str) -> str:
    return f"{dice.randint(1, 200)}{dice.choice(['', '', 'a'])} {text}"


RULES: tuple[Rule, ...] = (
    without_a_vowel,
    another_vowel,
    neighbouring_key,
    two_keys_at_once,
    too_quick,
    misheard,
    misread,
    a_syllable_twice,
    spelt_out,
    without_spaces,
    with_a_space,
    an_s_more_or_less,
    last_word_first,
    last_letters_missing,
    with_a_house_number,
)


def misspellings(
    streets: Sequence[tuple[str, str]], count: int, seed: int = 1
) -> Iterator[Misspelt]:
    """`count` misspelt queries for (name, place) pairs drawn evenly from `streets`."""
    dice = random.Random(seed)
    namesakes = Counter(normalise(name) for name, _ in streets)
    while count:
        name, place = dice.choice(streets)
        key = normalise(name)
        text = re.sub(r"\s+", " ", name.lower()).strip()
        rules = dice.sample(RULES, 1 if len(key) < 8 else dice.choice((1, 1, 2)))
        for rule in rules:
            text = rule(dice, text)
        if len(key) < 4 or normalise(text) in namesakes or normalise(text) == key:
            continue
        needs_place = namesakes[key] > MOST_NAMESAKES or last_letters_missing in rules
        if needs_place or dice.random() < 0.3:
            text = f"{text}{dice.choice([', ', ' '])}{_mistyped(dice, place.lower())}"
        yield Misspelt(text, key, normalise(place), "+".join(rule.__name__ for rule in rules))
        count -= 1


def _mistyped(dice: random.Random, place: str) -> str:
    """One place in ten has a slip as well."""
    if dice.random() < 0.1 and len(place) > 5:
        return dice.choice((neighbouring_key, without_a_vowel, too_quick))(dice, place)
    return place


def _replaced(dice: random.Random, text: str, pairs: Sequence[tuple[str, str]]) -> str:
    heard = [pair for pair in pairs if pair[0] in text]
    return text.replace(*dice.choice(heard), 1) if heard else without_a_vowel(dice, text)
