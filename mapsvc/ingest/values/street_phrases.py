"""The ways in which a written street name can be read: place, house numbers and stretch apart.

Which reading is a street of the gazetteer is decided in `ingest/matching`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class StreetPhrase:
    """A street's name, and what came with it: a place, the part that is meant, a road number."""

    name: str
    place: str = ""
    stretch: str = ""
    road_number: str = ""


_ROAD = r"[ABCU]\d{1,4}(?:\([MT]\))?"
_ROAD_FIRST = re.compile(rf"(?P<road>{_ROAD})[\s,:\u2013-]+(?P<name>.+)")
_ROAD_LAST = re.compile(rf"(?P<name>.+?)[\s,\u2013-]+[(\[]?(?P<road>{_ROAD})[)\]]?")
_CORNER = re.compile(r"\b(?:corner|junction|jct)\b", re.I)
_NUMBER = r"\d{1,4}[a-z]?"
_JOINT = r"\s*(?:-|\u2013|to|bis|&|and|,)\s*"
_NUMBERS = rf"{_NUMBER}(?:{_JOINT}(?:{_NUMBER}|end|ende))*"
_SIDES = r"(?:\s*\(?(?:odd|even|odds|evens)(?: numbers| nos\.?| side)?\)?)"
_LEADING = re.compile(
    rf"(?P<stretch>(?:nos?\.?\s*)?{_NUMBERS}{_SIDES}?)(?:\s*,\s*|\s+)(?P<name>\D.+)", re.I
)
_TRAILING = re.compile(
    rf"(?P<name>.*?\D)[\s,]+(?P<stretch>(?:nos?\.?|numbers?|nr\.?)?\s*{_NUMBERS}{_SIDES}?)", re.I
)
_SIDE = r"(?:north|south|east|west)(?:ern)?"
_PART_WORDS = re.compile(
    r"\b(?:odds?|evens?|numbers?|nos?|sides?|between|from|to|part|junction|jct|verges?"
    r"|reservation|opposite|outside|stop|\d+"
    rf"|{_SIDE}(?:[ -]?{_SIDE})?(?=\s*$|\s+(?:end|section|of|only|half)\b))\b"
    r"|^(?:(?:far|top|bottom|lower|upper|town) )?end$|\bend of\b",
    re.I,
)
_LAND = (
    r"(?:(?:(?:\d+|two|three) )?(?:land|verges?|grass(?:ed area)?|open space|fields?|site|area"
    r"|strip|bank|part|parcels?|plots?|garages?|car park|parking (?:area|spaces?)|allotments?"
    r"|(?:electrical )?sub-?station|playing fields?|play area|playground|foot ?path|cemetery"
    r"|churchyard)\s+(?:of land\s+)?)"
)
_BESIDE = (
    r"(?:(?:at|to|on|in)\s+)?(?:the\s+)?"
    r"(?:(?:rear|front|side|back|(?:north|south|east|west)(?:ern)?(?:[ -]?(?:east|west))?)"
    r"(?:\s+(?:side|end))?\s+of"
    r"|at|on|in|along|of|off|near|beside|behind|next to|adjacent to|adj\.? to|adj\.?|adjoining"
    r"|abutting|opposite|opp\.?|outside|fronting)"
)
_PART_OF = re.compile(rf"(?P<stretch>{_LAND}?{_BESIDE})\s+(?P<name>.+)", re.I)
_UNFINISHED = re.compile(rf"(?:.*\s)?{_BESIDE}\s*", re.I)
_BRACKETS = re.compile(r"(?P<name>[^()\[\]]+?)\s*[(\[](?P<extra>[^()\[\]]+)[)\]]\s*")
_DIVIDED = re.compile(r"(?P<name>[^,]+?)\s*(?:,| [-\u2013\u2014] |:)\s*(?P<extra>.+)")
_FROM_TO = re.compile(
    r"(?P<name>.+?)\s+(?P<extra>(?:between|from)\s+.+"
    r"|(?:odd|even)(?:s|\s+(?:numbers|nos\.?|side))?"
    r"|(?:north|south|east|west)(?:ern)?\s+(?:side|verge|end))",
    re.I,
)


def readings(text: str, is_place: Callable[[str], bool]) -> Iterator[StreetPhrase]:
    """The readings of a street as written, the surest first; the first is the text itself.

    `Main Street, Ashby`, `Main Street (odd numbers)`, `12-18 Main Street`, `Main Street 1 - 15`,
    `Main Street between Church Lane and the bridge`, `Heol Fawr / High Street`, `A48 Main Street`.
    """
    seen = {StreetPhrase(text)}
    waiting = [StreetPhrase(text)]
    for reading in waiting:
        yield reading
        for found in _simpler(reading, is_place):
            if found not in seen and len(waiting) < 40:
                seen.add(found)
                waiting.append(found)


def is_unfinished(text: str) -> bool:
    """Whether a name goes on in the next column: `Land abutting the east side of`, `Bride Road`."""
    return bool(_UNFINISHED.fullmatch(text))


def _simpler(reading: StreetPhrase, is_place: Callable[[str], bool]) -> Iterator[StreetPhrase]:
    for form in (_ROAD_FIRST, _ROAD_LAST):
        if found := form.fullmatch(reading.name):
            yield replace(reading, name=found["name"].strip(), road_number=found["road"])
            return
    for form in (_BRACKETS, _DIVIDED, _FROM_TO):
        if found := form.fullmatch(reading.name):
            yield _with_extra(reading, found["name"], found["extra"], is_place)
    for form in (_LEADING, _TRAILING, _PART_OF):
        if found := form.fullmatch(reading.name):
            yield _with_stretch(reading, found["name"], found["stretch"])
    is_one = "/" in reading.name and not _CORNER.search(reading.name)
    for part in reading.name.split("/")[:3] if is_one else ():
        yield replace(reading, name=part.strip())


def _with_extra(
    reading: StreetPhrase, name: str, extra: str, is_place: Callable[[str], bool]
) -> StreetPhrase:
    if not is_place(extra) and _PART_WORDS.search(extra):
        return _with_stretch(reading, name, extra)
    place = ", ".join(filter(None, (extra.strip(), reading.place)))
    return replace(reading, name=name.strip(), place=place)


def _with_stretch(reading: StreetPhrase, name: str, stretch: str) -> StreetPhrase:
    both = ", ".join(filter(None, (reading.stretch, stretch.strip(" ,()"))))
    return replace(reading, name=name.strip(), stretch=both)
