"""What a file is by its content, whatever its name says. Runs in the child.

A name is a wish: councils send `.csv` that is a workbook and `.xml` that is a map layer.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import archives
from mapsvc.ingest.formats.delimited import looks_like_a_table

TABLES = frozenset({"csv", "xlsx", "xlsb", "ods", "xls"})
LAYERS = frozenset(
    {"gpkg", "geojson", "esrijson", "topojson", "kml", "kmz", "gml", "shapefile", "geodatabase"}
)
BUNDLES = frozenset({"kmz", "shapefile", "geodatabase", "zip"})
OTHERS = frozenset({"osm", "pbf"})
KINDS = TABLES | LAYERS | BUNDLES | OTHERS
"""Kinds that some reader of ours takes. `pbf` and `osm` have their own (`osm`)."""

HEAD = 64 * 1024

_FOREIGN = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"fgb", "a FlatGeobuf file"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One message, `{"kind": ...}`; a reader for `parent.in_child`."""
    yield {"kind": kind_of(path, options["name"], options["profile"])}


def kind_of(path: Path, name: str, profile: Any) -> str:
    """A key of KINDS.

    Raises
    ------
    FileRefused : saying what the file is, when it is none of them.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_ZIP):
        return archives.kind_of(path, name, profile)
    if head.startswith(_OLE):
        return _old_office(head, path, name)
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if b"OSMHeader" in head[:32]:
        return "pbf"
    if head.startswith(b"\x1f\x8b"):
        return _gzipped(name)
    _refuse_foreign(head, name)
    return _kind_of_text(head, path, name)


def _refuse_foreign(head: bytes, name: str) -> None:
    for magic, what in _FOREIGN:
        # two letters may begin a CSV as well; what follows in a picture or program is binary
        if head.startswith(magic) and (len(magic) > 3 or b"\x00" in head[:64]):
            raise FileRefused("file_of_foreign_kind", file=name, kind=what)
    if head.startswith(b"\x00\x00\x27\x0a"):
        raise FileRefused("shapefile_part", file=name)


def _old_office(head: bytes, path: Path, name: str) -> str:
    content = path.read_bytes() if path.stat().st_size < 64 * 1024 * 1024 else head
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("file_protected", file=name)
    if any(part.encode("utf-16-le") in content for part in ("Workbook", "Book")):
        return "xls"
    raise FileRefused("document_not_a_table", file=name)


def _gzipped(name: str) -> str:
    if name.lower().endswith((".osm.gz", ".osm")):
        return "osm"
    raise FileRefused("file_compressed", file=name)


def _kind_of_text(head: bytes, path: Path, name: str) -> str:
    start = _plain(head).lstrip()
    if _XML.match(start):
        return kind_of_xml(start, name)
    if _JSON.match(start):
        return _kind_of_json(start, path, name)
    _refuse_prose(start, name)
    return "csv"


_NO_TEXT = {
    ".xlsx": "an Excel workbook",
    ".xlsb": "an Excel workbook",
    ".xls": "an Excel workbook",
    ".ods": "an OpenDocument spreadsheet",
    ".gpkg": "a GeoPackage",
    ".zip": "a ZIP archive",
    ".kmz": "a KMZ archive",
    ".shp": "a shapefile",
}


def _refuse_prose(start: str, name: str) -> None:
    """FileRefused for a text under the name of something else, unless it looks like a table."""
    claimed = _NO_TEXT.get(Path(name.lower()).suffix)
    if claimed is None or "\x00" in start:
        return
    if start.strip() and not looks_like_a_table(start):
        raise FileRefused("prose_not_a_table", file=name, claimed=claimed)


_XML = re.compile(r"<[?!A-Za-z]")
_JSON = re.compile(r"\{|\[\s*([\[{\"\]]|-?\d)")  # a CSV may begin with [index]


def _plain(head: bytes) -> str:
    """The beginning as text, good enough to see `<` and `{`."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


_XML_EXTRA = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.S)
_ROOT = re.compile(r"<\s*([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)([^>]*)")


def kind_of_xml(start: str, name: str) -> str:
    """`kml`, `gml` or `osm` by the root element."""
    root = _ROOT.search(_XML_EXTRA.sub("", start))
    if root is None:
        raise FileRefused("xml_cut_short", file=name)
    element, attributes = root[2], root[3]
    if element == "kml":
        return "kml"
    if element in ("osm", "osmChange"):
        return "osm"
    if element.lower() == "html":
        raise FileRefused("web_page", file=name)
    if element.startswith(("OGR", "GDAL", "VRT")):
        raise FileRefused("file_points_elsewhere", file=name)
    if element in ("ExceptionReport", "ServiceExceptionReport"):
        raise FileRefused("map_server_error", file=name)
    if "FeatureCollection" in element or "gml" in attributes or "/wfs" in attributes:
        return "gml"
    raise FileRefused("xml_of_foreign_kind", file=name, element=element[:40])


_GEOJSON = re.compile(
    r'"type"\s*:\s*"(FeatureCollection|Feature|Point|LineString|Polygon|Multi\w+|Geometry\w+)"'
)


_ESRI = re.compile(r'"geometryType"\s*:\s*"esriGeometry\w+"')
_TOPOLOGY = re.compile(r'"type"\s*:\s*"Topology"')


def _kind_of_json(start: str, path: Path, name: str) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        end = file.read().decode("utf-8", "replace")
    if "gdal_streamed_alg" in start[:4096]:
        raise FileRefused("file_points_elsewhere", file=name)
    if start.startswith("{") and (_TOPOLOGY.search(start) or _TOPOLOGY.search(end)):
        return "topojson"
    if start.startswith("{") and (_GEOJSON.search(start) or _GEOJSON.search(end)):
        return "geojson"
    if start.startswith("{") and (_ESRI.search(start) or _ESRI.search(end)):
        return "esrijson"
    raise FileRefused("json_not_geojson", file=name)
