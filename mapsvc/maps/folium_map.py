"""The Folium map of a council: what it is made of, without a single record of the council.

Its script is served as a file of its own, and the data come from the JSON endpoints. No text
of the council or of residents passes through Folium, whose text arguments end in JavaScript.
"""

from typing import Any, ClassVar

import folium
from branca.element import Figure, MacroElement
from folium.map import Layer
from folium.plugins import LocateControl
from folium.template import Template

from mapsvc.domain.wording import DUE_WORDS, MAP_WORDS, SHARE_WORDS, label
from mapsvc.maps.style import LAND, LOOKS
from mapsvc.maps.tiles import (
    DETAIL_FROM,
    HIGHEST_ZOOM,
    LOWEST_ZOOM,
    ROUNDS_FROM,
    WIDE_UP_TO,
)

CLOSEST_ZOOM = 19
PARTS = {"verges": "Grass", "streets": "Streets"}
"""What the layer control offers of the tiles, by the name that the script has for it."""
ISSUES_WORDS = "Open issues"
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


class MapPart(Layer):
    """A part of the tiles, as an entry of Folium's layer control."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = mapsvc.part({{ this.part|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, part: str, words: str) -> None:
        super().__init__(name=words, overlay=True)
        self._name = "Part"
        self.part = part


class IssueLayer(Layer):
    """The open issues of `/api/issues`, as an entry of the layer control."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = mapsvc.issues();
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__(name=ISSUES_WORDS, overlay=True)
        self._name = "Issues"


class Locate(LocateControl):
    """Folium's control without its links to other hosts: the page brings the script."""

    default_js: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]
    default_css: ClassVar[list[tuple[str, str]]] = []  # type: ignore[misc]


def map_script(tiles_url: str = "") -> str:
    """The script of the map for one configuration, the same text each time.

    Parameters
    ----------
    tiles_url : a base map under the council's data, from the settings; the page has its credit
    """
    council_map = CouncilMap()
    if tiles_url:
        base = folium.TileLayer(tiles_url, attr=" ", name="Base map", overlay=True)
        council_map.add_child(base)
    council_map.add_child(StatusTiles(_options(has_base_map=bool(tiles_url))))
    for part, words in PARTS.items():
        council_map.add_child(MapPart(part, words))
    council_map.add_child(IssueLayer())
    council_map.add_child(folium.LayerControl())
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
        "wideUpTo": WIDE_UP_TO,
        "roundsFrom": ROUNDS_FROM,
        "detailFrom": DETAIL_FROM,
        "land": "" if has_base_map else LAND,
        "words": {**DUE_WORDS, **MAP_WORDS},
        "looks": {
            status.value: {
                "label": label(status),
                "counted": SHARE_WORDS[status],
                "colour": look.colour,
                "dash": look.dash,
                "symbol": look.symbol,
            }
            for status, look in LOOKS.items()
        },
    }


def _number(council_map: CouncilMap) -> None:
    """Folium names its variables by chance; ours have to be the same for the same map."""
    council_map._id = "council"
    for number, child in enumerate(council_map._children.values()):
        child._id = str(number)
