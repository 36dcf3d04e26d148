"""Parishes, wards, divisions and councils from any vector layer, recognised by what they hold."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.config import Settings
from mapsvc.ingest.gazetteer.parish_lookup import AREA_COLUMNS, with_areas
from mapsvc.ingest.records import Record, records_of, refuse_when_empty
from mapsvc.ingest.values.headings import plain
from mapsvc.ingest.values.names import clean_text
from mapsvc.ingest.values.positions import Bounds
from mapsvc.problems import Report

__all__ = ["read_boundaries", "with_areas"]

KIND_OF_CODE = {
    "05": "ward",
    "S13": "ward",
    "N08": "ward",
    "04": "parish",
    "58": "division",
    "06": "council",
    "07": "council",
    "08": "council",
    "09": "council",
    "10": "council",
    "S12": "council",
    "N09": "council",
}
"""Kinds by the first letters of the Office for National Statistics' nine-letter codes."""

KIND_OF_WORD = {
    "parish": "parish",
    "parishes": "parish",
    "community": "parish",
    "communities": "parish",
    "par": "parish",
    "ward": "ward",
    "wards": "ward",
    "wd": "ward",
    "division": "division",
    "divisions": "division",
    "ced": "division",
    "council": "council",
    "councils": "council",
    "district": "council",
    "borough": "council",
    "county": "council",
    "unitary": "council",
    "authority": "council",
    "lad": "council",
}

KIND_OF_LEVEL = {"10": "parish", "9": "ward", "8": "council", "6": "council"}
"""`admin_level` of OpenStreetMap, where the layer comes from there."""

_NAME_HEADING = re.compile(r"(name|^[a-z]+\d\dnm|_nm|^nm)$")
_ONS_CODE = re.compile(r"[EWSN]\d{8}")


def read_boundaries(
    files: Sequence[Path], *, settings: Settings, bounds: Bounds | None, report: Report
) -> gpd.GeoDataFrame:
    """The areas of the files.

    The kind is that of a column `kind`; else of the ONS codes in the row; else of words in the
    headings, the layer's name and the file's, such as `WD13NM` or `parishes.gpkg`.

    Returns
    -------
    (n, 3) AREA_COLUMNS in the local CRS; areas that come in several rows of one name are one

    Raises
    ------
    FileRefused : when there is no named area.
    """
    areas: dict[tuple[str, str], list[BaseGeometry]] = {}
    for record in records_of("boundaries", files, settings, bounds, report, needs=()):
        found = _area(record, report)
        if found and record.geometry is not None:
            areas.setdefault(found, []).append(record.geometry)
    refuse_when_empty(areas, "boundaries", files, report)
    frame = _frame(areas, settings.crs)
    for kind, number in frame["kind"].value_counts().items():
        report.count(f"areas of the kind {kind}", int(number))
    return frame


def _frame(areas: dict[tuple[str, str], list[BaseGeometry]], crs: str) -> gpd.GeoDataFrame:
    rows = [
        (name, kind, shapes[0] if len(shapes) == 1 else shapely.union_all(shapes))
        for (name, kind), shapes in areas.items()
    ]
    return gpd.GeoDataFrame(rows, columns=list(AREA_COLUMNS), geometry="geometry", crs=crs)


def _area(record: Record, report: Report) -> tuple[str, str] | None:
    """Name and kind, or None with a problem or a count."""
    if record.geometry is None or shapely.get_dimensions(record.geometry) < 2:
        report.count("without an area")
        report.add(*filter(None, [record.fault]))
        return None
    name, kind = _name(record), _kind(record)
    if not name:
        sentence = "This area has no name. Write its name into the column name."
        report.add(record.problem("no_name", "name", sentence))
        return None
    if not kind:
        sentence = (
            f"It is not clear what {name} is. Add a column kind with parish, ward, division or "
            "council."
        )
        report.add(record.problem("no_kind", "kind", sentence))
        return None
    return _without_kind_word(name, kind), kind


def _name(record: Record) -> str:
    """The name: of the column `name`, of one that says the kind, or of one like `WD24NM`."""
    for column in ("name", "ward", "parish", "division"):
        if record.text(column):
            return record.text(column)
    for heading, text in record.original.items():
        if _NAME_HEADING.search(plain(heading)) and clean_text(text):
            return clean_text(text)
    return ""


def _without_kind_word(name: str, kind: str) -> str:
    """`Bare` from `Bare Ward`; `Ward End` stays."""
    return re.sub(rf"\s+{kind}$", "", name, flags=re.IGNORECASE) or name


def _kind(record: Record) -> str:
    original = record.original
    return (
        _kind_of_words(record.text("kind"))
        or _kind_of_codes(original.values())
        or KIND_OF_LEVEL.get(clean_text(original.get("admin_level")), "")
        or _kind_of_words(record.text("name").rpartition(" ")[2])
        or _kind_of_words(" ".join(original))
        or _kind_of_words(f"{record.sheet} {record.file}")
    )


def _kind_of_codes(values: Iterable[object]) -> str:
    for value in values:
        text = clean_text(value)
        if _ONS_CODE.fullmatch(text):
            kind = KIND_OF_CODE.get(text[:3]) or KIND_OF_CODE.get(text[1:3])
            if kind:
                return kind
    return ""


def _kind_of_words(text: str) -> str:
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in KIND_OF_WORD:
            return KIND_OF_WORD[word]
    return ""
