"""Names of which a person can say which street they mean: asked once each, and never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mapsvc.ingest.matching.matcher import Matcher, Unmatched, WantedStreet, settling_key
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.messages.catalogue import Message, said
from mapsvc.problems import LEAVE_OUT, Question, QuestionChoice, Report

WHICH_STREET = "which_street"
"""The kind of these questions."""


@dataclass(slots=True)
class _Doubt:
    """What some rows call a street, why that is no match, and the rows."""

    wanted: WantedStreet
    found: Unmatched
    rows: list[ScheduleLine] = field(default_factory=list)


def settle_streets(lines: Sequence[ScheduleLine], matcher: Matcher, report: Report) -> None:
    """Ask which street is meant where a name fits several, or only nearly fits some.

    What was chosen is told to the matcher, and kept in `report.settled`. While nobody says, the
    rows are left out as problems. Rows with a USRN or an outline are corrected, not settled.
    """
    doubts: dict[str, _Doubt] = {}
    for line in lines:
        if line.text("street") and not line.text("usrn") and line.geometry is None:
            _note(line, matcher, doubts)
    for key, doubt in doubts.items():
        choice = report.ask(_question(key, doubt, matcher))
        if choice and choice != LEAVE_OUT:
            matcher.settle(doubt.wanted, choice)
            report.settled[key] = choice


def _note(line: ScheduleLine, matcher: Matcher, doubts: dict[str, _Doubt]) -> None:
    wanted = wanted_by(line, "", line.text("street"))
    found = matcher.match(wanted)
    if isinstance(found, Unmatched) and found.candidates:
        doubts.setdefault(settling_key(wanted), _Doubt(wanted, found)).rows.append(line)


def wanted_by(line: ScheduleLine, usrn: str, name: str) -> WantedStreet:
    """What a row asks of the gazetteer, by one of the names in its street's cell."""
    places = (line.text(column) for column in ("locality", "town", "parish", "ward"))
    locality, town, parish, ward = places
    return WantedStreet(usrn, name, locality, town, parish, ward)


def _question(key: str, doubt: _Doubt, matcher: Matcher) -> Question:
    streets, first = doubt.found.candidates, doubt.rows[0]
    names = matcher.told_apart(streets)
    choices = [QuestionChoice(id, said(name)) for id, name in zip(streets, names, strict=True)]
    choices.append(QuestionChoice(LEAVE_OUT, Message("leave_out_rows", rows=len(doubt.rows))))
    wanted = doubt.wanted
    place = next(filter(None, (wanted.locality, wanted.town, wanted.parish)), "")
    return Question(
        WHICH_STREET,
        key,
        Message("ask_which_street", text=", ".join(filter(None, (wanted.name, place)))),
        tuple(choices),
        tuple(line.place for line in doubt.rows),
        column=first.headings.get("street", "street"),
        value=wanted.name,
        is_optional=True,
    )
