"""Map layers from outside as the child's messages: GeoPackage, shapefile, GeoJSON, KML, GML, and
ArcGIS's geodatabase and JSON.

The one user of GDAL for files that others wrote. Geometry is handed on as the file has it, in
the file's own CRS; whether it can be true is judged in `geometries`. Runs in the child.
"""

import base64
import json
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import xml
from mapsvc.ingest.limits import MB, Profile
from mapsvc.messages.catalogue import Message

ALLOWED_DRIVERS = frozenset(
    {
        "GPKG",
        "GeoJSON",
        "ESRIJSON",
        "TopoJSON",
        "KML",
        "LIBKML",
        "ESRI Shapefile",
        "OpenFileGDB",
        "GML",
    }
)
"""GDAL ignores file names and would follow a VRT anywhere: no other driver is registered."""

_OTHER_DRIVERS = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud Arrow CAD CSV CSW Carto Cloudant CouchDB DB2ODBC DGN "
    "DWG DXF EDIGEO EEDA Elasticsearch FileGDB FlatGeobuf GDALG GMLAS GMT GPSBabel GPX "
    "GTFS GeoJSONSeq GeoRSS Geoconcept HANA HTTP Idrisi Interlis1 Interlis2 JML JSONFG LVBAG "
    "MBTiles MEM MSSQLSpatial MVT MapML Memory MiraMonVector MongoDBv3 MySQL NAS NGW NTF OAPIF OCI "
    "ODBC ODS OGCAPI OGR_GMT OGR_PDS OGR_VRT OSM PCIDSK PDF PDS4 PGDUMP PGeo PLSCENES "
    "PMTiles Parquet PostgreSQL REC S57 SOSI SQLite SVG SXF Selafin TIGER UK.NTF VDV VFK "
    "VICAR WAsP WFS Walk XLS XLSX netCDF"
)
_GDAL = {
    # Names with blanks need the comma
    "GDAL_SKIP": ",".join([*_OTHER_DRIVERS.split(), "MapInfo File", "UK .NTF"]),
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "SHAPE_RESTORE_SHX": "YES",
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF",
    "OGR_STROKE_CURVE": "YES",
    "CPL_LOG_ERRORS": "OFF",
}
_OPEN_OPTIONS = {
    "gml": {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"},
    "gpkg": {"LIST_ALL_TABLES": "NO"},
}
_ENDINGS = {
    "gpkg": ".gpkg",
    "geojson": ".geojson",
    "esrijson": ".json",
    "topojson": ".json",
    "kml": ".kml",
    "gml": ".gml",
}
_FURNITURE = frozenset(
    "lowerCorner upperCorner timestamp begin end altitudeMode tessellate extrude visibility "
    "drawOrder icon".split()
)
"""Fields that the KML and GML drivers add to layers; `begin` and `end` are no cutting dates."""

_CHECKED_JSON = 20 * MB
_BATCH = 500


def read(path: Path, options: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """The messages of every layer of one file of a kind in `_ENDINGS`, or of one `.shp` or `.gdb`.

    Raises
    ------
    FileRefused : when it is damaged, empty, points elsewhere or holds a trap.
    """
    name = options["name"]
    path = _under_its_own_ending(path, kind)
    if kind in _CHECKS:
        _CHECKS[kind](path, name)
    pyogrio = _pyogrio()
    found = False
    for layer in _layers(pyogrio, path, name, kind):
        for message in _layer(pyogrio, path, layer, kind, options):
            found = True
            yield message
    if not found:
        raise FileRefused("no_layer", file=name)


def _under_its_own_ending(path: Path, kind: str) -> Path:
    """GDAL finds the parts of some formats by their ending."""
    ending = _ENDINGS.get(kind)
    if ending is None or path.suffix == ending:
        return path
    return path.rename(path.with_suffix(ending))


def _pyogrio() -> Any:
    """The module, with the allowed drivers alone, and without pandas: that saves 0.3 s."""
    os.environ.update(_GDAL)
    for heavy in ("pandas", "geopandas", "pyarrow", "pyproj"):
        sys.modules.setdefault(heavy, None)  # type: ignore[arg-type]
    import pyogrio

    unexpected = set(pyogrio.list_drivers()) - ALLOWED_DRIVERS
    if unexpected:
        raise RuntimeError(f"GDAL drivers to add to vectors._OTHER_DRIVERS: {sorted(unexpected)}")
    return pyogrio


def _layers(pyogrio: Any, path: Path, name: str, kind: str) -> list[str]:
    try:
        layers = [str(layer) for layer, _ in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, ValueError) as error:
        raise FileRefused(_unreadable(name, error)) from None
    return [layer for layer in layers if layer != "layer_styles"]


def _layer(
    pyogrio: Any, path: Path, layer: str, kind: str, options: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """A layer's messages; none when it has no features."""
    name, profile = options["name"], options["profile"]
    try:
        with pyogrio.raw.open_arrow(
            path, layer=layer, use_pyarrow=False, batch_size=_BATCH, **_OPEN_OPTIONS.get(kind, {})
        ) as (about, stream):
            fields = list(about["fields"])
            kept = [at for at, heading in enumerate(fields) if heading not in _FURNITURE]
            _require_columns(len(kept), layer, name, profile)
            # A format without layer names is given the name of our copy
            title = "" if layer == path.stem else layer
            sheet = {"name": title, "headings": [fields[at] for at in kept]}
            head = {"sheet": {**sheet, "crs": about["crs"] or ""}}
            for rows in _batches(stream, len(fields), kept, layer, name, profile):
                if head:
                    yield head
                head = {}
                yield {"rows": rows}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise FileRefused(_unreadable(name, error)) from None


def _batches(
    stream: Any, fields: int, kept: list[int], layer: str, name: str, profile: Profile
) -> Iterator[list[Any]]:
    import nanoarrow

    number = 0
    with warnings.catch_warnings():
        # nanoarrow says that it hands `geoarrow.wkb` over as bytes, which is what is wanted
        warnings.simplefilter("ignore")
        for batch in nanoarrow.ArrayStream(stream):
            columns = [batch.child(at).to_pylist() for at in range(batch.n_children)]
            shapes = columns[fields] if len(columns) > fields else [None] * len(batch)
            rows = []
            for at in range(len(batch)):
                number += 1
                cells = [_cell(columns[column][at]) for column in kept]
                rows.append([number, cells, _wkb(shapes[at])])
            if profile.rows is not None and number > profile.rows:
                raise FileRefused("too_many_features", layer=layer, file=name, most=profile.rows)
            yield rows


def _wkb(shape: bytes | None) -> str | None:
    return base64.b64encode(shape).decode() if shape else None


def _cell(value: Any) -> Any:
    """A value as `rows.Cell` in JSON: trimmed text, ISO dates without time."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, float):
        return None if value != value or abs(value) == float("inf") else _whole(value)
    if value is None or isinstance(value, int):
        return value
    return None if isinstance(value, bytes) else str(value)


def _whole(value: float) -> int | float:
    """Shapefiles keep a USRN as 10000001.0."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _require_columns(count: int, layer: str, name: str, profile: Profile) -> None:
    if profile.columns is not None and count > profile.columns:
        raise FileRefused(
            "too_many_columns_in_layer", layer=layer, file=name, columns=count, most=profile.columns
        )


def _unreadable(name: str, error: Exception) -> Message:
    reason = str(error).replace("input", "it").split(";")[0][:120]
    return Message("layer_damaged", file=name, reason=reason)


def _check_xml(path: Path, name: str) -> None:
    with path.open("rb") as file:
        xml.parse(file, name)


def _check_json(path: Path, name: str) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 1024))
        is_cut = not file.read().rstrip(b"\x00 \t\r\n").endswith(b"}")
    try:
        if not is_cut and size <= _CHECKED_JSON:
            json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FileRefused(
            Message("json_damaged_at", file=name, line=error.lineno)
            if isinstance(error, json.JSONDecodeError)
            else Message("json_damaged", file=name)
        ) from None
    if is_cut:
        raise FileRefused("file_cut_short", file=name)


def _check_geopackage(path: Path, name: str) -> None:
    """Refuse a database whose layers are views: a view may run for ever."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            kinds = dict(database.execute("SELECT lower(name), type FROM sqlite_master"))
            if kinds.get("gpkg_contents") != "table":
                raise FileRefused("database_not_a_geopackage", file=name)
            layers = [row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")]
    except sqlite3.Error as error:
        raise FileRefused(_unreadable(name, error)) from None
    _refuse_views(kinds, [str(layer) for layer in layers], name)


def _refuse_views(kinds: Mapping[str, str], layers: list[str], name: str) -> None:
    own = {layer.lower(): layer for layer in layers}
    for thing, kind in kinds.items():
        if kind == "view" and (thing in own or thing.startswith(("gpkg_", "rtree_", "sqlite_"))):
            raise FileRefused("layer_is_a_view", layer=own.get(thing, thing)[:60], file=name)


_CHECKS = {
    "kml": _check_xml,
    "gml": _check_xml,
    "geojson": _check_json,
    "esrijson": _check_json,
    "topojson": _check_json,
    "gpkg": _check_geopackage,
}
