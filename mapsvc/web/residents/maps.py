"""The map: its page, its list, its script, the drawing without a script, and the tiles."""

import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request, url_for

from mapsvc.config import Settings
from mapsvc.domain.issues import ShownIssue
from mapsvc.domain.schedule import Verge
from mapsvc.domain.shares import Share
from mapsvc.domain.status import Status
from mapsvc.domain.streets import Street
from mapsvc.errors import BadRequest, NotFound
from mapsvc.maps.drawing import box_around
from mapsvc.maps.folium_map import map_script
from mapsvc.maps.tiles import HIGHEST_ZOOM, LOWEST_ZOOM, Tile
from mapsvc.published.areas import Area
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.maps import Maps, StreetView, box_in_degrees
from mapsvc.services.answers.teller import StatusBoard
from mapsvc.services.issues.issue_layer import newest_issues
from mapsvc.web.common.assets import FOR_EVER, asset_url
from mapsvc.web.common.body_cache import Body, kept_body
from mapsvc.web.common.context import answers, council, day_parameter, revalidated, street_response

GREAT_BRITAIN = (-6.4, 49.9, 1.8, 58.7)

ISSUES_LISTED = 50
PLACES_BESIDE = 20
"""Places that stand beside a map that is still on its way; all are in the list."""
AROUND = 0.002
"""Degrees around points that a map shows: a street's length, where there is only one."""

blueprint = Blueprint("maps", __name__)


def maps() -> Maps:
    """The map of the council that this application serves."""
    found = current_app.extensions.get("maps")
    if found is None:
        found = current_app.extensions.setdefault("maps", Maps(answers()))
    assert isinstance(found, Maps)
    return found


@dataclass(frozen=True, slots=True)
class MapBox:
    """What the map's element needs: `bounds` are west, south, east, north in EPSG:4326.

    With the `edition` tiles are asked for together with the status, which names it too.
    `issues` is where the map's issues come from, empty for all that are open; `no_issues` says
    that none was open when the page was made, so that nobody asks at first.
    """

    bounds: str
    edition: str
    street: str = ""
    drawing: str = ""
    issues: str = ""
    no_issues: bool = False

    @property
    def scripts(self) -> list[str]:
        return [asset_url("map.js"), _script_url()]

    @property
    def scripts_with_list(self) -> list[str]:
        return [asset_url("map.js"), asset_url("map-list.js"), _script_url()]

    @property
    def scripts_with_pin(self) -> list[str]:
        return [asset_url("map.js"), asset_url("map-pin.js"), _script_url()]

    @property
    def style(self) -> str:
        return asset_url("map.css")


def map_of_street(street: Street, on: date) -> MapBox | None:
    """The map under an answer, None where nobody knows where the street lies."""
    moment = council().moment
    verges = moment.atlas.book(on.year).of_street(street.id)
    box = box_around([street.geometry, *(verge.geometry for verge in verges)])
    if box is None:
        return None
    bounds = box_in_degrees(box, moment.atlas.local_crs)
    drawing = f"/streets/{quote(street.id, safe='')}/map.svg"
    day = f"?on={on}" if on != council().today() else ""
    return _map_box(bounds, street.id, drawing + day)


def _map_box(
    bounds: Iterable[float], street: str = "", drawing: str = "", issues: str = ""
) -> MapBox:
    written = json.dumps([round(value, 5) for value in bounds])
    return MapBox(written, maps().edition(council().today()), street, drawing, issues)


@blueprint.get("/map")
def page() -> Response:
    """The map of the council, or of a street and its surroundings."""
    return _map_page("map.html", PLACES_BESIDE)


@blueprint.get("/map/list")
def listed() -> Response:
    """The same content as a list; with `?place=` the streets of a settlement."""
    return _place_page() if request.args.get("place") else _map_page("map_list.html")


def map_of_council() -> MapBox:
    """The map of all that is published."""
    found = _map_box(maps().extent(council().today()) or GREAT_BRITAIN)
    return replace(found, no_issues=not council().moment.issues.by_id)


def map_of_grass(verges: Iterable[Verge]) -> MapBox:
    """The map around some grass; of all that is published where none of it has a shape."""
    box = box_around([verge.geometry for verge in verges])
    if box is None:
        return map_of_council()
    return _map_box(box_in_degrees(box, council().moment.atlas.local_crs))


def map_of_points(points: Collection[tuple[float, float]], issues: str) -> MapBox | None:
    """The map around points in longitude and latitude, with issues from an address of ours."""
    if not points:
        return None
    east, north = (max(point[axis] for point in points) + AROUND for axis in (0, 1))
    west, south = (min(point[axis] for point in points) - AROUND for axis in (0, 1))
    return _map_box((west, south, east, north), issues=issues)


def _map_page(template: str, most_places: int | None = None) -> Response:
    street_id, today = request.args.get("street", ""), council().today()
    if street_id:
        view = maps().street_view(street_id, today)
        neighbours = maps().neighbours(view)
        return _page(
            template,
            view=view,
            statuses=_statuses_of(view, neighbours),
            neighbours=neighbours,
            map=map_of_street(view.answer.street, today),
        )
    board, settlements = answers().board(today), maps().settlements(today)
    issues, open_issues = _issues()
    return _page(
        template,
        view=None,
        statuses=statuses_today(),
        settlements=_largest(settlements, most_places),
        places=len(settlements),
        rounds=_rounds(board),
        issues=issues,
        open_issues=open_issues,
        as_at=board.as_at,
        map=map_of_council(),
    )


def _statuses_of(
    view: StreetView, neighbours: Iterable[tuple[FoundStreet, Collection[Status]]]
) -> set[Status]:
    return set(view.answer.signs).union(*(statuses for _, statuses in neighbours))


def _largest(
    settlements: Sequence[tuple[Area, Share]], most: int | None
) -> Sequence[tuple[Area, Share]]:
    """The settlements with the most streets, in the order in which they came."""
    largest = sorted(settlements, key=lambda found: -found[1].streets)[:most]
    keys = {area.key for area, _ in largest}
    return [found for found in settlements if found[0].key in keys]


def _issues() -> tuple[list[tuple[ShownIssue, Street | None]], int]:
    """The newest open issues, each with its street, and how many are open in all."""
    shown, number = newest_issues(council(), ISSUES_LISTED)
    streets = ((one, council().moment.atlas.street(one.issue.street)) for one in shown)
    return [(one, found.street if found else None) for one, found in streets], number


def _place_page() -> Response:
    today = council().today()
    found = maps().area_page(request.args["place"], _page_number(), today)
    return _page(
        "map_place.html",
        found=found,
        streets=[
            (street.street, maps().signs_on(street.street.id, today)) for street in found.streets
        ],
        as_at=council().moment.as_at,
    )


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text)):
        raise BadRequest("page", "bad_page_number", value=text[:40])
    return int(text)


def _page(template: str, **values: object) -> Response:
    body = render_template(template, **values).encode()
    return revalidated(Response(body, mimetype="text/html"), f"{zlib.crc32(body):08x}")


def _rounds(board: StatusBoard) -> list[tuple[str, Share]]:
    """The rounds by name, each with how its streets divide."""
    found = [(board.names.get(code, code), share) for code, share in board.rounds.items()]
    return sorted(found, key=lambda pair: pair[0].casefold())


def statuses_today() -> set[Status]:
    """The statuses of all grass: what a map of the council can show."""
    return {
        status
        for share in answers().board(council().today()).areas.values()
        for status in share.shares
    }


@blueprint.get("/map/script.js")
def script() -> Response:
    """What Folium makes of the map, for ever under the address that pages give."""
    content, digest = _script(council().settings)
    response = revalidated(Response(content, mimetype="text/javascript"), digest)
    if request.args.get("v") == digest:
        response.headers["Cache-Control"] = FOR_EVER
    return response


def _script_url() -> str:
    return url_for("maps.script", v=_script(council().settings)[1])


def _script(settings: Settings) -> tuple[bytes, str]:
    return _script_of(settings.tiles_url)


@lru_cache(maxsize=4)
def _script_of(tiles_url: str) -> tuple[bytes, str]:
    content = map_script(tiles_url).encode()
    return content, f"{zlib.crc32(content):08x}"


@blueprint.get("/streets/<street_id>/map.svg")
def drawing(street_id: str) -> Response:
    """The street and its grass: the map without a script, on paper and before the map is there."""
    on = day_parameter()

    def draw() -> Body:
        return kept_body(maps().street_drawing(street_id, on))

    return street_response("svg", street_id, on, draw, "image/svg+xml")[0]


@blueprint.get("/tiles/<edition>/<z>/<x>/<y>.json")
def tile(edition: str, z: str, x: str, y: str) -> Response:
    """Streets and grass of one tile; 204 outside the council."""
    address = _tile(z, x, y)
    day = council().today()
    body = maps().tile(edition, address, day)
    response = Response(body, 200 if body else 204, content_type="application/geo+json")
    if body:
        revalidated(response, f"{zlib.crc32(body):08x}")
    else:
        response.headers["Mapsvc-Reason"] = "This tile lies outside the council."
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _tile(z: str, x: str, y: str) -> Tile:
    numbers = [text for text in (z, x, y) if text.isascii() and text.isdecimal() and len(text) < 7]
    if len(numbers) < 3:
        raise NotFound(
            "no_tile", tile=f"{z[:9]}/{x[:9]}/{y[:9]}", least=LOWEST_ZOOM, most=HIGHEST_ZOOM
        )
    return Tile(int(z), int(x), int(y))
