"""A street and its grass as an SVG: the map without a script, on paper and before the map is there.

Draws geometries of a metric CRS; knows nothing of where they come from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.status import Status
from mapsvc.maps.style import LAND, LOOKS

Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 720, 480
LEAST_METRES = 240.0
"""Width of the smallest piece of the world that is drawn: a cul-de-sac needs its surroundings."""
MARGIN = 0.12
MOST_NEIGHBOURS = 150
SYMBOLS_UP_TO = 12
SCALE_BARS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)


@dataclass(frozen=True, slots=True)
class DrawnVerge:
    """A verge to draw: polygon or line, and its status."""

    shape: BaseGeometry
    status: Status


def box_around(shapes: Iterable[BaseGeometry | None]) -> Box | None:
    """A box of the drawing's proportions around geometries, with a margin; None without any."""
    bounds = [shape.bounds for shape in shapes if shape is not None and not shape.is_empty]
    if not bounds:
        return None
    west, south, _, _ = np.min(bounds, axis=0)
    _, _, east, north = np.max(bounds, axis=0)
    margin = 1 + 2 * MARGIN
    width = max((east - west) * margin, (north - south) * margin * WIDTH / HEIGHT, LEAST_METRES)
    height = width * HEIGHT / WIDTH
    x, y = (west + east) / 2, (south + north) / 2
    return (
        float(x - width / 2),
        float(y - height / 2),
        float(x + width / 2),
        float(y + height / 2),
    )


def street_svg(
    box: Box,
    street: BaseGeometry | None,
    patches: Sequence[DrawnVerge],
    neighbours: Iterable[BaseGeometry | None],
    *,
    title: str,
    description: str,
) -> str:
    """The street, its neighbours and its grass inside `box`, as a whole SVG document."""
    pen = _Pen(box)
    around = _longest(neighbours, MOST_NEIGHBOURS)
    return "".join(
        (
            _opening(title, description),
            _road(pen.path(around), "#cfcabb", "#fff", pen.road_width),
            _road(pen.path([street]), "#505a5f", "#fff", pen.road_width + 3),
            "</g>",
            *(_patch(pen, patch) for patch in patches),
            *_symbols(pen, patches),
            _scale_bar(pen),
            "</svg>",
        )
    )


def _opening(title: str, description: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LAND}"/>'
        '<g fill="none" stroke-linecap="round" stroke-linejoin="round">'
    )


class _Pen:
    """Turns metres into whole pixels of the drawing."""

    def __init__(self, box: Box) -> None:
        self.west, _, east, self.north = box
        self.metre = WIDTH / (east - self.west)
        self.frame = shapely.box(*box).buffer(20 / self.metre)
        self.road_width = min(14.0, max(2.5, round(6 * self.metre, 1)))

    def path(self, shapes: Iterable[BaseGeometry | None]) -> str:
        known = [shape for shape in shapes if shape is not None]
        within = shapely.simplify(shapely.intersection(known, self.frame), 0.6 / self.metre)
        parts = shapely.get_parts(within)
        rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
        lines = parts[shapely.get_type_id(parts) == 1]
        return "".join(map(self._line, rings)) + "".join(map(self._line, lines))

    def _line(self, line: BaseGeometry) -> str:
        """A path with relative steps, which are shorter."""
        points = shapely.get_coordinates(line)
        pixels = np.rint((points - (self.west, self.north)) * (self.metre, -self.metre))
        steps = np.diff(pixels.astype(int), axis=0)
        steps = steps[steps.any(axis=1)]
        if not len(steps):
            return ""
        x, y = pixels[0].astype(int)
        return f"M{x} {y}l" + " ".join(f"{dx} {dy}" for dx, dy in steps)

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.west) * self.metre), round((self.north - y) * self.metre)


def _longest(shapes: Iterable[BaseGeometry | None], most: int) -> list[BaseGeometry]:
    known = [shape for shape in shapes if shape is not None]
    return sorted(known, key=shapely.length, reverse=True)[:most]


def _road(path: str, casing: str, fill: str, width: float) -> str:
    if not path:
        return ""
    return (
        f'<path d="{path}" stroke="{casing}" stroke-width="{width + 2.5:g}"/>'
        f'<path d="{path}" stroke="{fill}" stroke-width="{width:g}"/>'
    )


def _patch(pen: _Pen, patch: DrawnVerge) -> str:
    look = LOOKS[patch.status]
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in look.dash)}"' if look.dash else ""
    is_area = patch.shape.geom_type.endswith("Polygon")
    fill = f'fill="{look.colour}" fill-opacity=".4"' if is_area else 'fill="none"'
    path = pen.path([patch.shape])
    width = 3 if is_area else 5
    return f'<path d="{path}" {fill} stroke="{look.colour}" stroke-width="{width}"{dash}/>'


def _symbols(pen: _Pen, patches: Sequence[DrawnVerge]) -> Iterable[str]:
    """The symbol of the largest patches, so that nothing rests on colour alone."""
    largest = sorted(patches, key=lambda p: p.shape.area or p.shape.length, reverse=True)
    drawn: list[tuple[int, int]] = []
    for patch in largest[:SYMBOLS_UP_TO]:
        point = patch.shape.representative_point()
        x, y = pen.pixel(point.x, point.y)
        if all(abs(x - a) + abs(y - b) > 34 for a, b in drawn):
            drawn.append((x, y))
            look = LOOKS[patch.status]
            yield (
                f'<g transform="translate({x} {y})"><circle r="12" fill="{look.colour}" '
                f'stroke="#fff" stroke-width="2"/><path d="{look.symbol}" fill="none" '
                'stroke="#fff" stroke-width="2" transform="scale(.8) translate(-8 -8)"/></g>'
            )


def _scale_bar(pen: _Pen) -> str:
    metres = max((m for m in SCALE_BARS if m * pen.metre <= WIDTH / 4), default=SCALE_BARS[0])
    length = round(metres * pen.metre)
    words = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    y = HEIGHT - 16
    return (
        f'<path d="M16 {y - 6}v6h{length}v-6" fill="none" stroke="#0b0c0c" stroke-width="2"/>'
        f'<text x="{20}" y="{y - 8}" font-family="sans-serif" font-size="16" fill="#0b0c0c" '
        f'stroke="{LAND}" stroke-width="3" paint-order="stroke">{words}</text>'
    )
