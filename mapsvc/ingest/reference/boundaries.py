"""Parishes, wards, divisions and councils from any vector layer, recognised by what they hold."""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
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
from mapsvc.problems import Report, counted
from mapsvc.search.place_names import is_no_name, place_key, shown_place

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
_OF_A_FILE = re.compile(r"file|layer|folder|source|data|sheet|user|author|editor|creator")
_OF_THE_WHOLE = re.compile(r"county|district|council|region|country|nation|^(?:cty|rgn|lad|ltla)")
"""Headings with the name of the file, or of what a parish or ward is a part of."""

_OWN_CODES = frozenset({"code", "parishcode", "wardcode", "gsscode", "gss", "onscode"})
_ONS_CODE = re.compile(r"[EWSN]\d{8}")


def read_boundaries(
    files: Sequence[Path], *, settings: Settings, bounds: Bounds | None, report: Report
) -> gpd.GeoDataFrame:
    """The areas of the files.

    The kind is that of a column `kind`; else of the ONS codes in the row; else of words in the
    headings, the layer's name and the file's, such as `WD13NM` or `parishes.gpkg`.

    Returns
    -------
    (n, 4) AREA_COLUMNS in the local CRS. Rows of one code, else of one name, are one area

    Raises
    ------
    FileRefused : when there is no named area.
    """
    areas: dict[Hashable, _NamedArea] = {}
    for record in records_of("boundaries", files, settings, bounds, report, needs=()):
        found = _area(record, report)
        if found:
            first = areas.setdefault(found.key, found)
            if first is not found:
                first.shapes.extend(found.shapes)
    _say_nameless(report)
    refuse_when_empty(areas, "boundaries", files, report)
    frame = _frame(areas.values(), settings.crs)
    for kind, number in frame["kind"].value_counts().items():
        report.count(f"areas of the kind {kind}", int(number))
    return frame


@dataclass(frozen=True, slots=True)
class _NamedArea:
    """An area as its rows add up to it."""

    name: str
    kind: str
    code: str
    shapes: list[BaseGeometry]

    @property
    def key(self) -> Hashable:
        """What rows of one area share: its code, else its name."""
        return self.kind, self.code or place_key(self.name)


def _frame(areas: Iterable[_NamedArea], crs: str) -> gpd.GeoDataFrame:
    rows = [(area.name, area.kind, area.code, _whole(area.shapes)) for area in areas]
    return gpd.GeoDataFrame(rows, columns=list(AREA_COLUMNS), geometry="geometry", crs=crs)


def _whole(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def _area(record: Record, report: Report) -> _NamedArea | None:
    """What a row says, or None with a problem or a count."""
    if record.geometry is None or shapely.get_dimensions(record.geometry) < 2:
        report.count("without an area")
        report.add(*filter(None, [record.fault]))
        return None
    kind = _kind(record)
    name = _name(record, kind)
    if not name:
        report.count(NAMELESS)
        return None
    if not kind:
        sentence = (
            f"It is not clear what {name} is. Add a column kind with parish, ward, division or "
            "council."
        )
        report.add(record.problem("no_kind", "kind", sentence))
        return None
    return _NamedArea(
        name if kind == "council" else shown_place(name),
        kind,
        _code(record, kind),
        [record.geometry],
    )


NAMELESS = "areas without a name"


def _say_nameless(report: Report) -> None:
    """Land outside all parishes comes as an area without a name: it is nobody's parish."""
    number = report.counts.get(NAMELESS, 0)
    if number:
        report.notes.append(f"{counted(number, NAMELESS)} left out.")


def _name(record: Record, kind: str) -> str:
    """The name: of the column `name`, of one that says the kind, or of one like `WD24NM`.

    Never that of another thing: the file, or the district that a parish lies in.
    """
    own = [column for column in ("name", "ward", "parish", "division") if column in record.headings]
    texts: Iterable[str] = map(record.text, own)
    if not own:
        headings = ((plain(heading), value) for heading, value in record.original.items())
        texts = (clean_text(value) for heading, value in headings if _is_own_name(heading, kind))
    return next((text for text in texts if not is_no_name(text)), "")


def _is_own_name(heading: str, kind: str) -> bool:
    is_whole = kind == "council" and not _OF_A_FILE.search(heading)
    is_other = _OF_A_FILE.search(heading) or _OF_THE_WHOLE.search(heading)
    return bool(_NAME_HEADING.search(heading)) and (is_whole or not is_other)


def _code(record: Record, kind: str) -> str:
    """The code of the area: the Office for National Statistics' of its kind, else `code`."""
    for value in record.original.values():
        text = clean_text(value)
        if _ONS_CODE.fullmatch(text) and _kind_of_code(text) == kind:
            return text
    heading = plain(record.headings.get("code", ""))
    text = record.text("code")
    is_own = heading in _OWN_CODES and bool(re.search(r"\d", text))
    return text if is_own and not _ONS_CODE.fullmatch(text) else ""


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
            kind = _kind_of_code(text)
            if kind:
                return kind
    return ""


def _kind_of_code(code: str) -> str:
    return KIND_OF_CODE.get(code[:3]) or KIND_OF_CODE.get(code[1:3]) or ""


def _kind_of_words(text: str) -> str:
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in KIND_OF_WORD:
            return KIND_OF_WORD[word]
    return ""
