"""The open issues as a layer of the map: the newest within a box, as everybody may see them."""

import math
from collections.abc import Iterable
from functools import lru_cache

from mapsvc import crs
from mapsvc.domain.issues import Issue, ShownIssue
from mapsvc.errors import BadRequest
from mapsvc.services.answers import Teller
from mapsvc.services.council import Council

MOST = 200
"""Issues of one answer: some 5 KB compressed."""

Box = tuple[float, float, float, float]
Places = dict[int, tuple[float, float]]


def issues_shown(
    council: Council, box: Box | None = None, most: int = MOST
) -> tuple[list[ShownIssue], Places]:
    """Open issues, the newest first, and longitude and latitude of each that has a point.

    Parameters
    ----------
    box : west, south, east, north in degrees; None is everywhere, without a point included
    """
    board = council.moment.issues
    by_time = sorted(board.by_id.values(), key=lambda one: one.id, reverse=True)
    found: list[Issue] = []
    places: Places = {}
    for issue in by_time:
        place = _place(council, issue)
        if box is None or (place and _is_in(place, box)):
            found.append(issue)
            places.update({issue.id: place} if place else {})
        if len(found) == most:
            break
    teller = Teller(council, council.moment, council.today())
    return [teller.shown(issue) for issue in found], places


def places_of(council: Council, issues: Iterable[Issue]) -> Places:
    """Longitude and latitude of each issue that has a point, by its id."""
    found = ((issue.id, _place(council, issue)) for issue in issues)
    return {number: place for number, place in found if place}


def parse_box(text: str) -> Box:
    """`west,south,east,north` in degrees. BadRequest when it is no box."""
    parts = text.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        raise _no_box(text) from None
    sides = (west, south, east, north)
    if not all(map(math.isfinite, sides)) or west > east or south > north:
        raise _no_box(text)
    return sides


def _no_box(text: str) -> BadRequest:
    return BadRequest("bbox", f"{text[:60]!r} is no box. Write west,south,east,north in degrees.")


def _is_in(place: tuple[float, float], box: Box) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north


def _place(council: Council, issue: Issue) -> tuple[float, float] | None:
    if issue.x is None or issue.y is None:
        return None
    return _degrees(issue.x, issue.y, council.settings.crs)


@lru_cache(maxsize=50_000)  # open maps ask for all issues again each minute
def _degrees(x: float, y: float, local_crs: str) -> tuple[float, float]:
    return crs.point_to_wgs84(x, y, local_crs)
