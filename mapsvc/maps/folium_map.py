"""The Folium map of a council: what it is made of, without a single record of the council.

Its script is served as a file of its own, and the data come from the JSON endpoints. No text
of the council or of residents passes through Folium, whose text arguments end in JavaScript.
"""

from typing import Any, ClassVar

import folium
from branca.element import Figure, MacroElement
from folium.plugins import LocateControl
from folium.template import Template

from mapsvc.maps.style import LAND, LOOKS
from mapsvc.maps.tiles import HIGHEST_ZOOM, LOWEST_ZOOM

CLOSEST_ZOOM = 19
LOCATE_WORDS = {"title": "Show where I am", "popup": "You are about here"}


class CouncilMap(folium.Map):
    """A Leaflet map in the page's `#map`; `mapsvc.map` reads where to look from the element."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = mapsvc.map({{ this.options|tojavascript }});
        {% endmacro %}
        """
    )
    default_js: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]
    default_css: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__(tiles=None, gesture_handling=True)
        # Folium takes these for its own layer of tiles, which we do not use.
        self.options.update(min_zoom=LOWEST_ZOOM, max_zoom=CLOSEST_ZOOM)


class StatusTiles(MacroElement):
    """Streets and grass from `/tiles`, in the colours of `/api/status`."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mapsvc.statusTiles({{ this.options|tojson }}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "StatusTiles"
        self.options = options


class Locate(LocateControl):
    """Folium's control without its links to other hosts: the page brings the script."""

    default_js: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]
    default_css: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]


def map_script(tiles_url: str = "", tiles_attribution: str = "") -> str:
    """The script of the map for one configuration, the same text each time.

    Parameters
    ----------
    tiles_url, tiles_attribution : a base map under the council's data, from the settings
    """
    council_map = CouncilMap()
    if tiles_url:
        base = folium.TileLayer(tiles_url, attr=tiles_attribution or " ", name="base map")
        council_map.add_child(base)
    council_map.add_child(StatusTiles(_options(has_base_map=bool(tiles_url))))
    council_map.add_child(Locate(strings=LOCATE_WORDS))  # type: ignore[no-untyped-call]
    _number(council_map)
    council_map.render()  # type: ignore[no-untyped-call]
    figure = council_map.get_root()
    assert isinstance(figure, Figure)
    return str(figure.script.render())


def _options(*, has_base_map: bool) -> dict[str, Any]:
    return {
        "minZoom": LOWEST_ZOOM,
        "maxZoom": CLOSEST_ZOOM,
        "maxNativeZoom": HIGHEST_ZOOM,
        "land": "" if has_base_map else LAND,
        "looks": {
            status.value: {"colour": look.colour, "dash": look.dash, "symbol": look.symbol}
            for status, look in LOOKS.items()
        },
    }


def _number(council_map: CouncilMap) -> None:
    """Folium names its variables by chance; ours have to be the same for the same map."""
    council_map._id = "council"
    for number, child in enumerate(council_map._children.values()):
        child._id = str(number)
