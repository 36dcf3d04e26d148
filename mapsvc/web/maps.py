"""The map: its page, its list, its script, the drawing without a script, and the tiles."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request, url_for

from mapsvc.config import Settings
from mapsvc.domain.status import Status
from mapsvc.domain.streets import Street
from mapsvc.errors import NotFound
from mapsvc.maps.drawing import box_around
from mapsvc.maps.folium_map import map_script
from mapsvc.maps.tiles import Tile
from mapsvc.services.maps import Maps, box_in_degrees, statuses_of
from mapsvc.web.assets import FOR_EVER, asset_url
from mapsvc.web.context import answers, council, day_parameter, revalidated, street_response
from mapsvc.web.kept import Body, kept_body

SCRIPTS = ("leaflet.js", "leaflet-gesture-handling.js", "leaflet-locate.js", "map.js")
GREAT_BRITAIN = (-6.4, 49.9, 1.8, 58.7)

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
    """What the map's element needs: `bounds` are west, south, east, north in EPSG:4326."""

    bounds: str
    street: str = ""
    drawing: str = ""

    @property
    def scripts(self) -> str:
        return json.dumps([*map(asset_url, SCRIPTS), _script_url()])

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
    return MapBox(_written(bounds), street.id, drawing + day)


def _written(bounds: Iterable[float]) -> str:
    return json.dumps([round(value, 5) for value in bounds])


@blueprint.get("/map")
def page() -> Response:
    """The map of the council, or of a street and its surroundings."""
    return _map_page("map.html")


@blueprint.get("/map/list")
def listed() -> Response:
    """The same content as a list."""
    return _map_page("map_list.html")


def map_of_council() -> MapBox:
    """The map of all that is published."""
    return MapBox(_written(maps().extent(council().today()) or GREAT_BRITAIN))


def _map_page(template: str) -> Response:
    street_id, today = request.args.get("street", ""), council().today()
    if street_id:
        view = maps().street_view(street_id, today)
        content = render_template(
            template,
            view=view,
            neighbours=maps().neighbours(view),
            statuses=list(dict.fromkeys(statuses_of(view.answer).values())),
            map=map_of_street(view.answer.street, today),
        )
    else:
        board = answers().board(today)
        content = render_template(
            template,
            view=None,
            places=[place for place in council().moment.atlas.places if place.kind != "postcode"],
            rounds=_rounds(board.rounds),
            statuses=list(Status),
            as_at=board.as_at,
            map=map_of_council(),
        )
    body = content.encode()
    return revalidated(Response(body, mimetype="text/html"), f"{zlib.crc32(body):08x}")


def _rounds(statuses: dict[str, Status]) -> list[tuple[Status, list[str]]]:
    """The names of the rounds by what is true for most of their grass."""
    known = council().moment.atlas.book(council().today().year).rounds
    found: dict[Status, list[str]] = {status: [] for status in Status}
    for code, status in sorted(statuses.items()):
        found[status].append((known[code].name if code in known else "") or code)
    return [(status, names) for status, names in found.items() if names]


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
    return _script_of(settings.tiles_url, settings.tiles_attribution)


@lru_cache(maxsize=4)
def _script_of(tiles_url: str, attribution: str) -> tuple[bytes, str]:
    content = map_script(tiles_url, attribution).encode()
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
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _tile(z: str, x: str, y: str) -> Tile:
    numbers = [text for text in (z, x, y) if text.isascii() and text.isdecimal() and len(text) < 7]
    if len(numbers) < 3:
        raise NotFound(f"There is no tile {z[:9]}/{x[:9]}/{y[:9]}.")
    return Tile(int(z), int(x), int(y))
