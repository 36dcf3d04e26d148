"""What residents would read if a checked schedule were published: the same answers and drawings.

One preview is kept at a time: it holds all verges of the council once more.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mapsvc.domain.answers import Answer
from mapsvc.errors import NotFound
from mapsvc.maps.drawing import DrawnVerge, box_around, street_svg
from mapsvc.problems import counted
from mapsvc.published.atlas import Atlas
from mapsvc.services.answers.maps import Maps, statuses_of
from mapsvc.services.answers.teller import Answers
from mapsvc.services.state.council import Council, Moment
from mapsvc.store.editions import Edition

DRAWN_STREETS = 400
"""Streets of one list that are drawn; the rest is in the list."""


class _Fixed(Council):
    """A council at one moment, which may be one that is still to come."""

    def __init__(self, council: Council, moment: Moment) -> None:
        self.__dict__.update(council.__dict__)
        self._fixed = moment

    @property
    def moment(self) -> Moment:
        """The one that it was made with."""
        return self._fixed

    def atlas(self) -> Atlas:
        """That of the moment."""
        return self._fixed.atlas


class Previews:
    """The previews of one council."""

    def __init__(self, council: Council) -> None:
        self._council = council
        self._lock = threading.Lock()
        self._kept: tuple[tuple[int, ...], Answers] | None = None

    def of(self, number: int) -> Answers:
        """The answers as they would be with this staged schedule. NotFound when it is none."""
        moment = self._council.moment
        editions = with_staged(moment.atlas.editions, self._council.store.editions.staged(number))
        key = tuple(edition.number for edition in editions)
        with self._lock:
            if self._kept is None or self._kept[0] != key:
                self._kept = key, self._made(moment, editions)
            return self._kept[1]

    def _made(self, moment: Moment, editions: Sequence[Edition]) -> Answers:
        council = self._council
        folder = council.settings.data / "atlas"
        atlas = Atlas(council.store, editions, folder, council.settings.crs, moment.atlas)
        atlas.book(council.today().year)  # read by one, and while the staged verges are there
        return Answers(_Fixed(council, replace(moment, atlas=atlas)))


def with_staged(editions: Sequence[Edition], staged: Edition) -> list[Edition]:
    """The current editions with a staged one in the place of the one that it would follow."""

    def key(edition: Edition) -> tuple[str, str, int | None]:
        return edition.kind, edition.service, edition.season

    return [*(edition for edition in editions if key(edition) != key(staged)), staged]


def street_drawing(answers: Answers, street_id: str, on: date) -> str:
    """The street and its grass as SVG. NotFound where neither has a geometry."""
    return Maps(answers).street_drawing(street_id, on)


def streets_drawing(answers: Answers, streets: Sequence[str], on: date, title: str) -> str:
    """Several streets and their grass as SVG, coloured as residents see them on the day."""
    found = [_answer(answers, street, on) for street in streets[:DRAWN_STREETS]]
    known = [answer for answer in found if answer and answer.street.geometry is not None]
    box = box_around([answer.street.geometry for answer in known])
    if box is None:
        raise NotFound("streets_without_position")
    patches = [patch for answer in known for patch in _patches(answers, answer)]
    around = answers.council.moment.atlas.streets_in(box)
    lines = [street.street.geometry for street in around]
    streets = counted(len(known), "streets")
    said = f"{streets}, with the status of their grass by colour, line and symbol."
    return street_svg(box, None, patches, lines, title=title, description=said)


def _answer(answers: Answers, street_id: str, on: date) -> Answer | None:
    try:
        return answers.answer(street_id, on)
    except NotFound:  # a street that goes has no place on the map that comes
        return None


def _patches(answers: Answers, answer: Answer) -> list[DrawnVerge]:
    statuses = statuses_of(answer)
    verges = answers.council.moment.atlas.book(answer.on.year).of_street(answer.street.id)
    return [
        DrawnVerge(shape, statuses[verge.id])
        for verge in verges
        if (shape := verge.geometry or answer.street.geometry) is not None and verge.id in statuses
    ]
