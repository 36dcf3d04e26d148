"""Telephone numbers as they are dialled: as a number in a spreadsheet, one loses its zero."""

import re

_PARTS = re.compile(r"(\s*(?:[/;,|]|\bor\b|\band\b)\s*)", re.I)
_NUMBER = re.compile(r"(?P<number>\(?[+\d][\d\s\u00a0().-]*)(?P<rest>.*)", re.S)
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?\s*e\s*\+?\d+", re.I)

_SHORTEST = 7
"""Digits; shorter numbers, such as 101 and 116123, are dialled as they are."""


class NoTelephone(ValueError):
    """What is written is no number that can be dialled."""


def telephone(text: str) -> str:
    """The text, each national number in it with its zero; without change where nothing is missing.

    Raises
    ------
    NoTelephone : for a number too long or too short, or that a spreadsheet has rounded.
    """
    if _EXPONENT.search(text):
        raise NoTelephone(text)
    parts = _PARTS.split(text)
    return "".join(part if at % 2 else _dialled(part) for at, part in enumerate(parts))


def _dialled(text: str) -> str:
    written = _NUMBER.fullmatch(text)
    if written is None:
        return text
    digits = re.sub(r"\D", "", written["number"])
    if digits.startswith("0") or "+" in written["number"] or len(digits) < _SHORTEST:
        return text
    if len(digits) in (11, 12) and digits.startswith("44"):
        digits = digits[2:]
    if len(digits) not in (9, 10) or digits[0] not in "1235789":
        raise NoTelephone(text)
    rest = written["rest"]
    return _spaced(digits) + (f" {rest}" if rest else "")


def _spaced(digits: str) -> str:
    """`01632 960123`, `020 7946 0000`, `0113 496 0000`: the code is two to four digits long."""
    if digits[0] == "2":
        return f"0{digits[:2]} {digits[2:6]} {digits[6:]}"
    if digits[0] in "389" or re.match(r"11|1\d1", digits):
        return f"0{digits[:3]} {digits[3:6]} {digits[6:]}"
    return f"0{digits[:4]} {digits[4:]}"
