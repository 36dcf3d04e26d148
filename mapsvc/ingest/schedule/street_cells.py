"""What a street's cell says besides one street: several streets, or words that are none of it.

Each distinct text is looked at once, before its rows are matched; it is used whole, or its rows
are problems that name what was left over. How a name with its place or stretch is read is in
`values.street_phrases`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mapsvc.domain.reasons import reason_key
from mapsvc.ingest.matching.matcher import Matcher
from mapsvc.ingest.schedule.doubts import WITHOUT
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.ingest.values import claims
from mapsvc.ingest.values.day import clean
from mapsvc.messages.catalogue import Message
from mapsvc.problems import AS_WRITTEN, LEAVE_OUT, Question, QuestionChoice, Report
from mapsvc.search.normalise import TYPES, tokens


@dataclass(frozen=True, slots=True)
class StreetCell:
    """The names that a cell gives, or why its rows cannot be used; neither when left out.

    `stretch` are words beside the name that say where on the street.
    """

    names: tuple[str, ...] = ()
    stretch: str = ""
    problem: Message | None = None


_DIVIDED = re.compile(r"[,&+/\n\[\](){}*:;|?!\u2013\u2014\"]| - |\band\b|\bplus\b", re.I)
_LIST = re.compile(r"\s*(?:[,;&+/|\n]|\band\b|\bplus\b| - )+\s*", re.I)
_PIECES = re.compile(r"[\[\](){}*:;|,\n\u2013\u2014\"]|\s-+\s|-{2,}|\s-+(?=\S)")
_ABOUT_WORK = re.compile(
    r"\b(?:not?|never|don['\u2019]?t|do not|on hold|hold|cancel\w*|skip\w*|omit\w*|remov\w*"
    r"|delet\w*|stopped|ours|theirs|private(?:ly)?|(?:un)?adopted|postpon\w*|defer\w*|suspend\w*|paus\w*"
    r"|exclud\w*|except|done|cut|cuts|cutting|mown|mow|complet\w*|finish\w*|strim\w*|contractors?"
    r"|parish (?:council|cuts?|to|does|do)|p\.?c\.?|cllr|tb[acd]|query|check|n/?a|void|ignore|dup"
    r"|duplicate|see|awaiting|pending|leave|left long|wildflowers?|closed|sold|gone|old list|new"
    r"|added|moved|transferred|handed|ask|ring|call|was|were|wrong|stop|missed|refused|maintained"
    r"|responsib\w*|developer|housing|county|district|council|no longer|dangerous|unsafe)\b",
    re.I,
)
_NUMBERS = re.compile(r"\bnos?\.? ?\d", re.I)


def read_street_cells(
    lines: Sequence[ScheduleLine], matcher: Matcher, report: Report
) -> dict[str, StreetCell]:
    """For each text of a street's column that is not plainly one name, what is to be made of it.

    Parameters
    ----------
    lines : the first of each row
    """
    rows: dict[str, list[ScheduleLine]] = defaultdict(list)
    for line in lines:
        text = written_street(line)
        if text and _DIVIDED.search(text):
            rows[text].append(line)
    beside: dict[str, set[str]] = defaultdict(set)
    found = {text: _read(text, of_text, matcher, beside, report) for text, of_text in rows.items()}
    _ask_what_is_beside(beside, rows, found, lines, matcher, report)
    return {text: cell for text, cell in found.items() if cell is not None}


def written_street(line: ScheduleLine) -> str:
    """The text of a street's cell, with its lines where it has several."""
    cell = line.cells.get("street")
    return cell.strip() if isinstance(cell, str) and "\n" in cell else line.text("street")


def _read(
    text: str,
    rows: Sequence[ScheduleLine],
    matcher: Matcher,
    beside: dict[str, set[str]],
    report: Report,
) -> StreetCell | None:
    """What one text says, None where matching may read it as it is.

    `beside` gets words of which nothing is known, each with the texts that have them.
    """
    if matcher.has_street(text):
        return None if "?" not in text else StreetCell(problem=_left_over(text, "?"))
    pieces = [piece.strip(" .-") for piece in _PIECES.split(text)]
    pieces = [piece for piece in pieces if piece]
    for piece in pieces:
        if not (matcher.has_street(piece) or matcher.has_place(piece)) and _is_about_work(piece):
            return StreetCell(problem=_left_over(text, piece))
    if "?" in text:
        return StreetCell(problem=_left_over(text, "?"))
    if several := _several(text, matcher):
        return _asked_for(text, several, rows, report)
    streets = [piece for piece in pieces if matcher.has_street(piece)]
    if not streets or len(pieces) < 2:
        return None
    for piece in pieces[1:] if streets[0] == pieces[0] else pieces:
        if piece not in streets and _is_unknown(piece, matcher, rows):
            if _looks_like_a_street(piece):
                return StreetCell(problem=_left_over(text, piece))
            beside[piece.casefold()].add(text)
    return None


def _is_about_work(piece: str) -> bool:
    plain = clean(piece)
    if _NUMBERS.search(plain):
        return False
    return bool(
        _ABOUT_WORK.search(plain)
        or claims.claims_work(plain)
        or claims.has_telephone(piece)
        or claims.has_address(piece)
        or claims.names_a_person(piece)
    )


def _left_over(text: str, piece: str) -> Message:
    return Message("left_over_of_street", text=text, left_over=piece)


def _several(text: str, matcher: Matcher) -> tuple[str, ...]:
    """The streets of a list, each with the place at the end of it; none when it is no list.

    A list with `;` alone is one that the format has: nobody needs to be asked.
    """
    parts = [part for part in _LIST.split(text) if part.strip(" .")]
    is_place = [matcher.has_place(part) and "," in text for part in parts]
    at = next((at for at, part in enumerate(parts) if not matcher.has_street(part)), len(parts))
    streets, places = parts[:at], parts[at:]
    while streets and not places and len(streets) > 1 and is_place[len(streets) - 1]:
        places.insert(0, streets.pop())
    if len({matcher.streets_called(street) for street in streets}) < 2:
        return ()
    if any(_looks_like_a_street(place) or _PART.search(place) for place in places):
        return ()
    if not places and set("".join(_LIST.findall(text))) <= set("; "):
        return ()
    return tuple(", ".join((street, *places)) for street in streets)


def _asked_for(
    text: str, names: tuple[str, ...], rows: Sequence[ScheduleLine], report: Report
) -> StreetCell:
    question = Question(
        "several_streets",
        reason_key(text),
        Message("ask_several_streets", text=text, streets=len(names)),
        (
            QuestionChoice(AS_WRITTEN, Message("take_each_street", names="; ".join(names))),
            QuestionChoice(LEAVE_OUT, Message("leave_out_rows", rows=len(rows))),
        ),
        tuple(line.place for line in rows),
        column=rows[0].headings.get("street", "street"),
        value=text,
    )
    return StreetCell(names if report.ask(question) == AS_WRITTEN else ())


# Words of which nothing is known

_PART = re.compile(
    r"\b(?:odds?|evens?|numbers?|nos?|sides?|between|from|to|part|junction|jct|verges?|reservation"
    r"|opposite|opp|outside|near|corner|bus stop|end|section|half|north|south|east|west|northern"
    r"|southern|eastern|western|front|rear|back|top|bottom|upper|lower|central|island|splays?"
    r"|roundabout|bank|slope|green|grass|open space|play area|all|whole|both|entrance|along|of)\b"
    r"|\d",
    re.I,
)
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?:\s*\d[A-Z]{2})?", re.I)


def _is_unknown(piece: str, matcher: Matcher, rows: Iterable[ScheduleLine]) -> bool:
    if matcher.has_place(piece) or _PART.search(piece) or _POSTCODE.fullmatch(piece):
        return False
    own = {line.text(name).casefold() for line in rows for name in ("locality", "town")}
    return piece.casefold() not in own


def _looks_like_a_street(piece: str) -> bool:
    words = tokens(piece)
    return len(words) > 1 and words[-1] in TYPES


def _ask_what_is_beside(
    beside: Mapping[str, set[str]],
    rows: Mapping[str, Sequence[ScheduleLine]],
    found: dict[str, StreetCell | None],
    lines: Iterable[ScheduleLine],
    matcher: Matcher,
    report: Report,
) -> None:
    """Words beside streets are a place where the file says so too; else somebody must."""
    if not beside:
        return
    said = {line.text(name).casefold() for line in lines for name in ("locality", "town")}
    for words, texts in beside.items():
        if words not in said and len(texts) == 1:
            (text,) = texts
            found[text] = _beside(text, words, rows[text], matcher, report)


def _beside(
    text: str, words: str, rows: Sequence[ScheduleLine], matcher: Matcher, report: Report
) -> StreetCell | None:
    pieces = [piece.strip(" .-") for piece in _PIECES.split(text)]
    street = next(piece for piece in pieces if matcher.has_street(piece))
    left_over = next(piece for piece in pieces if piece.casefold() == words)
    question = Question(
        "beside_street",
        reason_key(text),
        Message("ask_beside_street", text=text, left_over=left_over),
        (
            QuestionChoice(AS_WRITTEN, Message("beside_says_where", left_over=left_over)),
            QuestionChoice(WITHOUT, Message("leave_out_words")),
            QuestionChoice(LEAVE_OUT, Message("leave_out_rows", rows=len(rows))),
        ),
        tuple(line.place for line in rows),
        column=rows[0].headings.get("street", "street"),
        value=text,
    )
    choice = report.ask(question)
    if choice == AS_WRITTEN:  # one of several streets may be told by it
        is_one = len(matcher.streets_called(street)) == 1
        return StreetCell((street,), stretch=left_over) if is_one else None
    return StreetCell((street,)) if choice == WITHOUT else StreetCell()
