"""OpenStreetMap files, read in the limited child: named ways, places, boundaries, grass.

Gives plain rows; what they mean for a gazetteer is in `osm_streets`. Imported by the child only,
which alone loads osmium.
"""

import gzip
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely

from mapsvc.errors import FileRefused

# A pool of threads, each with its own arena, does not fit into the child's address space.
os.environ.setdefault("OSMIUM_POOL_THREADS", "1")

NO_STREET = frozenset(
    "abandoned bus_guideway bus_stop construction corridor demolished disused elevator "
    "emergency_access_point emergency_bay no none planned platform proposed raceway razed "
    "removed rest_area services speed_camera street_lamp traffic_signals".split()
)
"""Values of `highway` that nobody can look up as their street."""

ROADS = frozenset("living_street primary residential secondary tertiary trunk unclassified".split())
"""Public roads, which should have a name: those without one are counted."""

LANGUAGES = ("cy", "en", "ga", "gd", "gv", "kw", "nrf", "sco")
"""The languages of these islands; OpenStreetMap has names in many more."""

OTHER_NAMES = ("alt_name", "official_name", "loc_name", "short_name", "old_name")

SETTLEMENTS = frozenset(
    "borough city hamlet island neighbourhood quarter suburb town village".split()
)

_KINDS = "nwr"

Tags = Mapping[str, str]


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a `.osm.pbf` or `.osm` file (also gzipped), in the order of the file.

    Each has `what`: `way` and `grass` (id, name …), `place`, `boundary` (name, level), with
    `wkb`, hexadecimal, EPSG:4326; at the end one `count` per word and number.

    Raises
    ------
    FileRefused : when it is no OpenStreetMap file or is cut off.
    """
    name = options.get("name") or Path(path).name
    format = _format(Path(path), name)
    counts: Counter[str] = Counter()
    try:
        for thing in _things(path, format):
            yield from _rows(thing, counts)
    except RuntimeError as error:
        raise FileRefused("osm_cut_short", file=name, reason=_told(error)) from None
    for word, number in counts.items():
        yield {"what": "count", "word": word, "number": number}


def _told(error: Exception) -> str:
    """What osmium says, without the name of our copy."""
    return str(error).splitlines()[0][:100].replace("'input'", "the file")


def _format(path: Path, name: str) -> str:
    """What osmium calls the format, by content: a file's name says nothing."""
    with path.open("rb") as file:
        head = file.read(4096)
    if b"OSMHeader" in head[:32]:
        return "pbf"
    suffix = ""
    if head.startswith(b"\x1f\x8b"):
        suffix = ".gz"
        with gzip.open(path) as file:
            head = file.read(4096)
    root = re.search(rb"<([A-Za-z][\w:.-]*)", re.sub(rb"(?s)<\?.*?\?>|<!--.*?-->", b"", head))
    if root and root[1] == b"osm":
        return "osm" + suffix
    raise FileRefused("not_openstreetmap", file=name)


def _things(path: Path | str, format: str) -> Iterator[Any]:
    import osmium

    wanted = osmium.filter.KeyFilter("highway", "landuse", "place", "boundary")
    areas = osmium.filter.TagFilter(
        ("landuse", "grass"),
        ("boundary", "administrative"),
        ("highway", "pedestrian"),
        ("highway", "footway"),
    )
    with tempfile.TemporaryDirectory() as folder:
        file = osmium.io.File(str(path), format)
        if format != "pbf" and not _is_sorted(file):
            file = _sorted(path, format, Path(folder, "sorted.osm.pbf"))
        yield from osmium.FileProcessor(file).with_areas(areas).with_filter(wanted)


def _is_sorted(file: Any) -> bool:
    """Whether nodes come before ways before relations, each by id: queries may answer otherwise."""
    import osmium

    last: tuple[int, int] | None = None
    for thing in osmium.FileProcessor(file):
        here = (_KINDS.index(thing.type_str()), thing.id)
        if last is not None and here <= last:
            return False
        last = here
    return True


def _sorted(path: Path | str, format: str, copy: Path) -> Any:
    """A sorted copy; it is made in memory, which the child's limits bound."""
    import osmium

    reader = osmium.MergeInputReader()
    reader.add_buffer(Path(path).read_bytes(), format)
    with osmium.SimpleWriter(str(copy)) as writer:
        reader.apply(writer)
    return osmium.io.File(str(copy), "pbf")


def _rows(thing: Any, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    tags = {tag.k: tag.v for tag in thing.tags}
    row = None
    if thing.is_node():
        row = _place(thing, tags)
    elif thing.is_way():
        row = _way(thing, tags, counts) or _grass_way(thing, tags)
    elif thing.is_area():
        row = _area(thing, tags, counts)
    elif tags.get("landuse") == "grass":
        counts["grass relations"] += 1
    if row:
        counts[f"{row['what']} rows"] += 1
        yield row


def _place(node: Any, tags: Tags) -> dict[str, Any] | None:
    if tags.get("place") not in SETTLEMENTS or not tags.get("name") or not node.location.valid():
        return None
    point = shapely.Point(node.location.lon, node.location.lat)
    return _place_row(tags, point)


def _place_row(tags: Tags, point: Any) -> dict[str, Any]:
    return {
        "what": "place",
        "name": tags["name"],
        "kind": tags["place"],
        "others": [name for name, _ in _alt_names(tags)],
        "wkb": _hex(point),
    }


def _way(way: Any, tags: Tags, counts: Counter[str]) -> dict[str, Any] | None:
    highway = tags.get("highway", "")
    if not highway or highway in NO_STREET:
        return None
    counts["rows read"] += 1
    name = _name(tags)
    if not name:
        counts["without a name"] += highway in ROADS
        return None
    points = _points(way)
    if len(points) < 2:
        counts["without a line"] += 1
        return None
    return _street(way.id, name, tags, shapely.LineString(points))


def _street(id: int, name: str, tags: Tags, shape: Any) -> dict[str, Any]:
    return {
        "what": "way",
        "id": id,
        "name": name,
        "alt_names": _alt_names(tags),
        "road_number": tags.get("ref", ""),
        "postcode": tags.get("postal_code") or tags.get("addr:postcode", ""),
        "wkb": _hex(shape),
    }


def _name(tags: Tags) -> str:
    keys = ("name", *(f"name:{language}" for language in LANGUAGES))
    return next((tags[key] for key in keys if tags.get(key, "").strip()), "")


def _alt_names(tags: Tags) -> list[list[str]]:
    """Pairs of text and language."""
    spoken = [[tags[f"name:{lang}"], lang] for lang in LANGUAGES if tags.get(f"name:{lang}")]
    others = [part for key in OTHER_NAMES for part in tags.get(key, "").split(";")]
    return spoken + [[part.strip(), ""] for part in others if part.strip()]


def _points(way: Any) -> list[tuple[float, float]]:
    """Longitude and latitude of the nodes that the file has, without repeats."""
    points: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid() and (not points or (node.lon, node.lat) != points[-1]):
            points.append((node.lon, node.lat))
    return points


def _grass_way(way: Any, tags: Tags) -> dict[str, Any] | None:
    """Grass within a closed way. osmium leaves out rings that cross themselves; we mend them."""
    points = _points(way) if tags.get("landuse") == "grass" else []
    if len(points) < 4 or not way.is_closed():
        return None
    return _grass(way.id, tags, shapely.Polygon(points))


def _grass(id: int, tags: Tags, shape: Any) -> dict[str, Any] | None:
    mended = shape if shape.is_valid else shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shapely.get_parts(mended)) if part.area]
    if not parts:
        return None
    union = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return {"what": "grass", "id": id, "name": tags.get("name", ""), "wkb": _hex(union)}


def _area(area: Any, tags: Tags, counts: Counter[str]) -> dict[str, Any] | None:
    is_grass = tags.get("landuse") == "grass" and not area.from_way()
    counts["grass relations assembled"] += is_grass
    is_boundary = tags.get("boundary") == "administrative" and bool(tags.get("name"))
    is_place = tags.get("place") in SETTLEMENTS and bool(tags.get("name"))
    highway = tags.get("highway", "") if not area.from_way() else ""
    is_street = bool(highway) and highway not in NO_STREET and bool(_name(tags))
    if not (is_grass or is_boundary or is_street or is_place):
        return None
    shape = _multipolygon(area)
    if is_boundary:
        level = tags.get("admin_level", "")
        said = {"name": tags["name"], "level": level, "code": tags.get("ref:gss", "")}
        return {"what": "boundary", **said, "wkb": _hex(shape)}
    if is_street:
        return _street(area.orig_id(), _name(tags), tags, shapely.boundary(shape))
    if is_place:
        return _place_row(tags, shape.representative_point())
    return _grass(area.orig_id(), tags, shape)


def _multipolygon(area: Any) -> Any:
    polygons = []
    for outer in area.outer_rings():
        holes = [_points_of(ring) for ring in area.inner_rings(outer)]
        polygons.append(shapely.Polygon(_points_of(outer), holes))
    return shapely.make_valid(shapely.MultiPolygon(polygons))


def _points_of(ring: Any) -> list[tuple[float, float]]:
    return [(node.lon, node.lat) for node in ring]


def _hex(shape: Any) -> str:
    return str(shapely.to_wkb(shape, hex=True))
