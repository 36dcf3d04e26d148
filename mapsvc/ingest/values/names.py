"""How the names in files become the names we show: cleaning, best spelling, capitals, districts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from mapsvc.domain.streets import AltName, format_alt_names, parse_alt_names
from mapsvc.search.normalise import ANYWHERE, AT_END, TYPES, tokens, words

LONGEST_NAME = 200
"""Longer text in a name column is a note or a broken file (BS 7666 allows 100)."""

SMALL_WORDS = frozenset(
    "a an and at by de del for in le of off on or over the to under upon with y yr".split()
)
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_KEPT = {"\u200c", "\u200d"}
_DISTRICT = re.compile(r"^([A-Z]{1,2}[0-9][0-9A-Z]?)(\s*[0-9][A-Z]{2})?$")
_ROAD_NUMBER = re.compile(r"^[A-Z]{1,3}[0-9]{1,5}(\([MT]\))?$")


def clean_text(value: object) -> str:
    """One line of visible text in NFC, spaces collapsed; `None`, NaN and blanks are "".

    What looks like HTML or a template stays as it is: it is text, and shown as text.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", "".join(map(_visible, text)))
    return " ".join(text.split())


def _visible(letter: str) -> str:
    if letter.isspace() or unicodedata.category(letter) in {"Cc", "Zl", "Zp"}:
        return " "
    hidden = unicodedata.category(letter) in _UNSEEN and letter not in _KEPT
    return "" if hidden else letter


def best_spelling(names: Sequence[str]) -> str:
    """The spelling to show of names that are one: mixed case first, then the most frequent."""
    counts = Counter(name for name in names if name)
    if not counts:
        return ""
    return min(counts, key=lambda name: (_is_one_case(name), -counts[name], name))


def _is_one_case(name: str) -> bool:
    letters = "".join(filter(str.isalpha, name))
    return letters == letters.upper() or letters == letters.lower()


def is_shouted(names: Iterable[str]) -> bool:
    """Whether a source writes all its names in capitals, as BS 7666 and OS Locator do."""
    wordy = [name for name in names if sum(map(str.isalpha, name)) > 3]
    return bool(wordy) and sum(name == name.upper() for name in wordy) >= 0.9 * len(wordy)


def quiet(name: str) -> str:
    """A name in capitals as it stands on a sign: `ST PETER'S ROAD` is `St Peter's Road`."""
    if name != name.upper():
        return name
    words = name.split(" ")
    return " ".join(_quiet_word(word, at) for at, word in enumerate(words))


def _quiet_word(word: str, at: int) -> str:
    if at and word.lower() in SMALL_WORDS:
        return word.lower()
    return "-".join(_quiet_part(part, at, n) for n, part in enumerate(word.split("-")))


def _quiet_part(part: str, at: int, position: int) -> str:
    if any(map(str.isdigit, part)) and not re.fullmatch(r"\d+(ST|ND|RD|TH)", part):
        return part
    if position and part.lower() in SMALL_WORDS | {"y", "yr", "on"}:
        return part.lower()
    if part[:1].isdigit():
        return part.lower()
    text = part.capitalize()
    text = re.sub(r"^(Mc|O['’]|D['’])(\w)", lambda m: m[1] + m[2].upper(), text)
    return re.sub(r"^([(\"'‘“&/]+)(\w)", lambda m: m[1] + m[2].upper(), text)


STREET_TYPES = TYPES | ANYWHERE.keys() | AT_END.keys()
STREET_TYPES |= frozenset(
    "aly alley anx arc arcade bch bend bg blf bluff bnd boul br branch brae brg bridge brook "
    "bypass byp byway canyon causeway cir circle circus cmn common cor corner cove crescent "
    "crossing crst crest cswy ct cts cut cv dale dene drove drv expressway expy ext fell "
    "ferry fold ford freeway fwy gate gates gdn glen grove harbor haven heights highway hl "
    "hls hollow hts hwy isle knoll landing lane lndg loop mead meadow meadows mdw mdws mtwy "
    "nook orchard oval overpass parkway pass passage path pathway pike pkwy pky plain plaza "
    "plz point pt pr promenade quay ramp reach ridge route rue run skyway spur sta stra ter "
    "throughway tpke trace trail trce trl turnpike twitten underpass vale valley via viaduct "
    "vista wall wood wynd xing".split()
)
"""Words and abbreviations that stand in a column of street types, here and overseas."""


def whole_name(name: str, prefix: str = "", type: str = "", suffix: str = "") -> str:
    """A street's name of its parts: `N`, `OAK`, `ST` are `N OAK ST`.

    What the name has already is not said twice, and a type that is no word for a street (such as
    `Designated Street Name`) is none.
    """
    type = type if type.casefold().rstrip(".") in STREET_TYPES else ""
    own = words(name)
    if prefix and words(prefix) == own[: len(words(prefix))]:
        prefix = ""
    is_turned = bool(suffix) and words(suffix) == own[-1:]
    base = own[:-1] if is_turned else own
    if type and tokens(f"x {type}")[-1] == tokens(" ".join(("x", *base)))[-1]:
        type = ""
    return " ".join(filter(None, (prefix, name, type, "" if is_turned else suffix)))


def alt_names_text(name: str, alternatives: Iterable[AltName]) -> str:
    """The other names of a street as stored, each once, without what only repeats `name`."""
    kept: dict[str, AltName] = {}
    for alternative in alternatives:
        text = clean_text(alternative.text.replace(";", " "))
        if text and text.casefold() != name.casefold():
            key = text.casefold()
            if key not in kept or (alternative.lang and not kept[key].lang):
                kept[key] = alternative._replace(text=text)
    return format_alt_names(tuple(kept.values()))


def read_alt_names(value: object) -> tuple[AltName, ...]:
    """The names in a cell: a `;` list with `cy:` prefixes; line breaks and `|` part them too."""
    return parse_alt_names(clean_text(re.sub(r"[\r\n|]+", ";", str(value or ""))))


def district_of(postcode: object) -> str:
    """`NP20` from `NP20`, `np20 4ab` or `NP204AB`; "" when it is no postcode or district."""
    text = clean_text(postcode).upper()
    squeezed = text.replace(" ", "")
    if len(squeezed) >= 5 and re.fullmatch(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}", squeezed):
        return squeezed[:-3]
    found = _DISTRICT.fullmatch(text)
    return found[1] if found else ""


def road_numbers(value: object) -> tuple[str, ...]:
    """The road numbers in a cell: `A48;B4591` or `a 48 / B4591` are `A48` and `B4591`."""
    parts = re.split(r"[;,/]", clean_text(value).upper())
    numbers = (part.replace(" ", "") for part in parts)
    return tuple(dict.fromkeys(number for number in numbers if _ROAD_NUMBER.fullmatch(number)))
