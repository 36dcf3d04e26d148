"""The open issues as a layer of the map, as everybody may see them."""

import math

from mapsvc.domain.issues import ShownIssue
from mapsvc.errors import BadRequest
from mapsvc.services.answers.documents import Document, layer_document
from mapsvc.services.answers.teller import Teller
from mapsvc.services.state.council import Council
from mapsvc.services.state.issue_grid import HIGHEST, MOST, WORLD, Box, IssueGrid, Seen


def newest_issues(council: Council, most: int) -> tuple[list[ShownIssue], int]:
    """The newest open issues of everywhere, and how many there are in all."""
    found = council.moment.issues.grid.newest
    teller = Teller(council, council.moment, council.today())
    return [teller.shown(issue) for issue in found[:most]], len(found)


def layer_of(council: Council, grid: IssueGrid, bbox: str, zoom: str) -> Document:
    """The newest issues of a grid, those of a box, or what a map shows of them.

    Parameters
    ----------
    bbox : `west,south,east,north` in degrees; empty is everywhere, without a point included
    zoom : the map's, so that what would lie on top of each other is merged; may be empty

    Raises
    ------
    BadRequest : for a box or a zoom that is none
    """
    seen = _seen(grid, parse_box(bbox) if bbox else None, zoom)
    teller = Teller(council, council.moment, council.today())
    shown = [teller.shown(issue) for issue in seen.issues]
    return layer_document(shown, grid.places, seen.clusters)


def _seen(grid: IssueGrid, box: Box | None, zoom: str) -> Seen:
    if zoom:
        return grid.seen(box or WORLD, parse_zoom(zoom))
    return Seen((grid.within(box) if box else grid.newest)[:MOST])


def parse_box(text: str) -> Box:
    """`west,south,east,north` in degrees. BadRequest when it is no box."""
    try:
        west, south, east, north = sides = tuple(map(float, text.split(",")))
    except ValueError:
        raise _no_box(text) from None
    if not all(map(math.isfinite, sides)) or west > east or south > north:
        raise _no_box(text)
    return west, south, east, north


def _no_box(text: str) -> BadRequest:
    return BadRequest("bbox", "bad_box", value=text[:60])


def parse_zoom(text: str) -> int:
    """A zoom of web maps. BadRequest when it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= HIGHEST):
        raise BadRequest("zoom", "number_out_of_range", value=text[:40], least=0, most=HIGHEST)
    return int(text)
