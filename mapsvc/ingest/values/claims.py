"""What a cell must never be taken for: claims that work was done, telephones, names of people.

All patterns are for text after `day.clean`, but for names, which are told by their capitals.
"""

import re
from functools import lru_cache

from mapsvc import resources
from mapsvc.ingest.values.day import MONTH_NUMBERS, WEEKDAYS

_DONE = (
    r"done|complete[sd]?|completion|finished|mown|mowed|strimmed|trimmed|collected|sprayed|swept"
    r"|emptied|visited|attended|inspected|actioned|serviced|treated|cleared|edged|weeded|raked"
    r"|carried out|signed off|started|commenced|begun|began|ok|okay|sorted|recut|re-cut|flailed"
    r"|pruned|mulched|undertaken|achieved|fulfilled|job closed|cut and collected|cut & collected"
    r"|[\u2713\u2714\u2611\u2705]"
)
_DONE_AT = re.compile(rf"(?<![\w-])(?:{_DONE})(?![\w-])")
_NOT_YET = re.compile(
    r"(?:\bnot|\bnever|\bno|\bbe|\bbeing|n't|\bis|\bare|\bwhen|\bif|\bonce|\buntil|\bunless|\bto)"
    r"(?: \w+)?\s*$"
)
_CUT = re.compile(r"\b(?:part[- ]|half[- ]|partly )?cut\b")
_NUMBERED = re.compile(
    r"(?:\b\d{1,2}(?:st|nd|rd|th)|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|final|single|each|every|per|full|no|next))\s*$"
)
_NO_CLAIM_AFTER = re.compile(
    r"\s*(?:(?:no\.?|number|#)?\s*\d{1,2}\b(?![/.-]\d|\s*(?:st|nd|rd|th)|\s*[a-z]{3})"
    r"|regularly|on (?:request|demand)|as\b|when\b|every\b|weekly|fortnightly|monthly|quarterly"
    r"|annually|once|twice|(?:and|&) collect\b|back\b|height|verges?\b|each\b|per\b|only\b"
    r"|down\b|in (?:spring|summer|autumn|winter)|again (?:in|on))"
)
_LAST = re.compile(
    r"\b(?:last|latest|previous|most recent|prior)\s+(?:\w+\s+)?cuts?\b|\bcuts? so far"
)
_UNDER_WAY = re.compile(
    r"\bin progress\b|\bongoing\b|\bon[- ]going\b|\bunder[ -]?way\b|\bin hand\b|\bhalf ?way\b"
    r"|\bcurrently\b|\d\s*%|\bleft to do\b|\bremaining\b|\boutstanding\b"
)
_TICKS = frozenset({"yes", "y", "x", "xx", "true", "t", "v", "\u2022", "*"})


@lru_cache(maxsize=16_384)
def claims_work(plain: str) -> bool:
    """Whether it says, of whatever day, that work was done or is being done."""
    if plain in _TICKS or _LAST.search(plain) or _UNDER_WAY.search(plain):
        return True
    if any(not _NOT_YET.search(plain[: found.start()]) for found in _DONE_AT.finditer(plain)):
        return True
    return any(_is_a_claim(plain, found) for found in _CUT.finditer(plain))


def _is_a_claim(plain: str, cut: re.Match[str]) -> bool:
    """`22/4 cut`, `cut by the parish`; `to be cut`, `first cut` and `cut 3` are none."""
    before, after = plain[: cut.start()], plain[cut.end() :]
    return not (_NOT_YET.search(before) or _NUMBERED.search(before) or _NO_CLAIM_AFTER.match(after))


_MONTH = f"(?:{'|'.join(MONTH_NUMBERS)})"
_CUT_AND_DAY = re.compile(
    r"\b(?:been|was|were|got|last|already|just) (?:\w+ )?cut\b"
    rf"|\bcut (?:on |in |by \w+ )?(?:\d{{1,2}}[/.-]\d|\d{{1,2}}(?:st|nd|rd|th)? ?{_MONTH}\b)"
    rf"|\d(?:st|nd|rd|th)? ?(?:[/.-]\d+|{_MONTH}\b)(?: \d+)? cut\b"
)


@lru_cache(maxsize=16_384)
def says_work_was_done(plain: str) -> bool:
    """As `claims_work`, for columns in which `amenity cut` or `y` is no claim."""
    if _LAST.search(plain) or _CUT_AND_DAY.search(plain):
        return True
    return any(not _NOT_YET.search(plain[: found.start()]) for found in _DONE_AT.finditer(plain))


_TAKEN_BACK = re.compile(
    r"\b(?:not|never|no|none|cancel\w*|hold|held|on hold|stop\w*|skip\w*|omit\w*|remove\w*|delet\w*"
    r"|postpon\w*|defer\w*|moved?|re-?arrang\w*|re-?schedul\w*|delay\w*|miss\w*|abandon\w*|aborted"
    r"|ignore|disregard|wrong|error|incorrect|superseded|withdrawn|suspended|paused|void|was|were"
    r"|old|instead|rained off|called off|private|ours|theirs|avoid|leave|left|exclud\w*|except"
    r"|n/a|nil|don['\u2019]?t|do not|won['\u2019]?t|can['\u2019]?t|cannot|unable|refused)\b"
)


@lru_cache(maxsize=16_384)
def takes_back(plain: str) -> bool:
    """Whether words beside a date or street say that it does not hold: `NOT CUT`, `[HOLD]`."""
    return bool(_TAKEN_BACK.search(plain))


_RELATIVE = re.compile(
    r"\b(?:today|tomorrow|tomorow|tommorow|tmrw|tonight|yesterday|now|asap|soon|shortly|imminent"
    r"|imminently|overdue)\b|^due$"
    r"|\b(?:next|this|last|coming|following|previous|past)\s+(?:\w+\s+)?"
    rf"(?:days?|weeks?|wk|months?|weekend|{'|'.join(WEEKDAYS)})\b(?!\s+(?:of|in)\b)"
    r"|\bin (?:a|an|one|two|three|four|the|\d+)(?: couple of| few| coming| next)? (?:days?|weeks?)"
    r"|\b(?:days?|weeks?|months?) (?:ago|from now|later|time)\b|\bas soon as\b"
)
_WEEKDAY_ALONE = re.compile(rf"(?:on )?(?:{'|'.join(WEEKDAYS)})(?: (?:am|pm|morning|afternoon))?")


@lru_cache(maxsize=16_384)
def is_relative(plain: str) -> bool:
    """Whether it names a day by that on which it is read: `tomorrow`, `next week`, `Monday`."""
    return bool(_RELATIVE.search(plain) or _WEEKDAY_ALONE.fullmatch(plain))


_TELEPHONE = re.compile(
    r"(?<![\d/.-])(?:\+\s?44|0)(?:[\s()]*\d){8,11}(?!\d)"
    r"|(?<![\d/.-])0\d{2,4}[\s-]\d{3}[\s-]?\d{3,4}(?!\d)"
    r"|\b(?:tel|telephone|phone|ring|call|mob|mobile|ext|text|contact)\b\.?:?[\s(+]*\d{3,}"
)
_E_MAIL = re.compile(r"\S@\S+\.\S|\bhttps?://|\bwww\.")


@lru_cache(maxsize=16_384)
def has_telephone(text: str) -> bool:
    """Whether it holds a telephone number or a part of one that somebody could ring."""
    return bool(_TELEPHONE.search(text.casefold()))


@lru_cache(maxsize=16_384)
def has_address(text: str) -> bool:
    """Whether it holds an e-mail address or one of a page."""
    return bool(_E_MAIL.search(text))


_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|cllr|councillor|sir|rev)\b\.? +[A-Z]", re.I)
_INITIALED = re.compile(r"\b[A-Z]\.\s?(?:[A-Z]\.\s?)?[A-Z][a-z]{2,}\b")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_NAMED_PLACES = frozenset(
    """road street lane close avenue drive way crescent court place gardens grove hill park walk
    green row terrace square view mews rise end field fields common bridge farm house hall church
    school cottage cottages roundabout estate wood woods meadow meadows junction corner hospital
    centre center ward parish saint st rd ave cl dr cres gdns ln""".split()
)


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    file = resources.geodata_dir() / "reference" / "first_names.txt"
    lines = file.read_text(encoding="utf-8").split("\n")
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(word.casefold() for word in words)


@lru_cache(maxsize=16_384)
def names_a_person(text: str) -> bool:
    """Whether it likely names somebody: `Ask Dave`, `Mrs Green`, `J. Smith`; not `John's Road`."""
    if _TITLED.search(text) or _INITIALED.search(text):
        return True
    words = _WORD.findall(text)
    return any(
        word[:1].isupper()
        and word.casefold().removesuffix("'s").removesuffix("\u2019s") in _first_names()
        and not _is_of_a_place(words, at)
        for at, word in enumerate(words)
    )


def _is_of_a_place(words: list[str], at: int) -> bool:
    around = {word.casefold() for word in (*words[max(at - 1, 0) : at], *words[at + 1 : at + 3])}
    return bool(around & _NAMED_PLACES)


INITIALS = re.compile(r"\b(?!AM\b|PM\b|TBC\b|TBA\b|WC\b|WE\b|BH\b|PC\b|CC\b|DC\b|BC\b)[A-Z]{2,3}\b")
MONTH_OR_DAY = re.compile(rf"\b(?:{'|'.join([*MONTH_NUMBERS, *WEEKDAYS])})\b")
