"""Gazetteers in, streets out: recognises the format, reads, merges, places and names the streets.

Each format has its reader; here is what they have in common. Nothing is published here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd

from mapsvc.config import Settings
from mapsvc.domain.streets import STREET_COLUMNS, Place
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.detect import FORMATS, format_of
from mapsvc.ingest.gazetteer.dtf import read_dtf, refuse_without_names
from mapsvc.ingest.gazetteer.grass import with_nearest_streets
from mapsvc.ingest.gazetteer.localities import with_localities
from mapsvc.ingest.gazetteer.merging import Piece, merged, with_ids, with_trusted_ids
from mapsvc.ingest.gazetteer.os_open import read_locator, read_open_names
from mapsvc.ingest.gazetteer.osm_streets import read_osm
from mapsvc.ingest.gazetteer.parish_lookup import with_areas
from mapsvc.ingest.gazetteer.sources import Source
from mapsvc.ingest.gazetteer.strays import without_strays
from mapsvc.ingest.gazetteer.table_streets import read_tables
from mapsvc.ingest.values.names import is_shouted, quiet
from mapsvc.ingest.values.refusals import none_usable
from mapsvc.problems import Report

TOO_FEW = 10
"""Names in capitals that say nothing yet of how their source writes."""

Bounds = tuple[float, float, float, float]
Reader = Callable[[Sequence[Path], Settings, Bounds | None, Report], Source]


@dataclass(frozen=True, slots=True)
class GazetteerRead:
    """What gazetteer files hold, ready to publish.

    Parameters
    ----------
    streets : STREET_COLUMNS in the local CRS; in an update, empty text and geometry mean "as it
        was" (see `updates`)
    grass : (name, kind, street, geometry) polygons; `street` is the id of the nearest street or
        "". None where the format has none
    deleted : ids of streets that an update takes away
    source, licence, attribution : preset by the reader, empty for a council's own tables
    """

    streets: gpd.GeoDataFrame
    grass: gpd.GeoDataFrame | None = None
    places: list[Place] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    is_update: bool = False
    source: str = ""
    licence: str = ""
    attribution: str = ""


READERS: dict[str, Reader] = {
    "csv": read_tables,
    "vector": read_tables,
    "openusrn": read_tables,
    "osm": read_osm,
    "dtf": lambda files, settings, bounds, report: read_dtf(files, report),
    "opennames": read_open_names,
    "locator": read_locator,
}


def read_gazetteer(
    files: Sequence[Path],
    *,
    format: str | None,
    settings: Settings,
    bounds: Bounds | None,
    report: Report,
) -> GazetteerRead:
    """The streets of one or several files of one format.

    Parameters
    ----------
    format : one of FORMATS; None to recognise it by content
    bounds : of the published gazetteer, in the local CRS; what lies far outside is a problem
    report : gets counts, problems and notes

    Raises
    ------
    FileRefused : when a file is not what it was given for, or holds nothing that can be used.
    """
    report.files = tuple(file.name for file in files)
    format = format or _format_of_all(files)
    if format not in READERS:
        raise FileRefused("unknown_format", value=format[:40], formats=FORMATS)
    source = READERS[format](files, settings, bounds, report)
    if format == "dtf":
        refuse_without_names(files, source, report)
    _refuse_when_empty(source, report)
    if bounds is None and not source.is_update:
        source.pieces = without_strays(source.pieces, settings.crs, report)
    return _assembled(source, settings.crs, report)


def _format_of_all(files: Sequence[Path]) -> str:
    formats = {file: format_of(file) for file in files}
    first = formats[files[0]]
    for file, format in formats.items():
        if {format, first} - {"csv", "vector"} and format != first:
            raise FileRefused(
                "two_formats", file=file.name, format=format, other=files[0].name, first=first
            )
    return first


def _refuse_when_empty(source: Source, report: Report) -> None:
    if source.pieces or source.deleted:
        return
    names, rows = ", ".join(report.files), report.counts.get("rows read", 0)
    nameless = report.counts.get("without a name", 0)
    if _has_only_blank_names(report):
        raise FileRefused("column_empty", column=report.problems[0].column)
    if report.problems:
        raise FileRefused(none_usable(report.files, report))
    raise FileRefused("no_named_street", files=names, rows=rows, nameless=nameless)


def _has_only_blank_names(report: Report) -> bool:
    """Whether the column of the names is there, and nothing in it."""
    rows = report.counts.get("rows read", 0)
    return bool(rows) and report.problems_by_kind() == {"no_name": rows}


def _assembled(source: Source, crs: str, report: Report) -> GazetteerRead:
    pieces = _quietened(source.pieces, 1 if source.is_in_capitals else TOO_FEW, report)
    if not source.ids_are_streets:
        pieces = with_trusted_ids(pieces, report)
    streets = merged(pieces, report, crs)
    streets = with_localities(streets, source.settlements, source.areas)
    if source.areas is not None and len(source.areas):
        streets = with_areas(streets, source.areas)[list(STREET_COLUMNS)]
    streets = with_ids(streets)
    report.counts = _in_order(report.counts | {"streets": len(streets)})
    return GazetteerRead(
        streets,
        grass=None if source.grass is None else with_nearest_streets(source.grass, streets),
        places=source.places,
        deleted=source.deleted,
        is_update=source.is_update,
        source=source.credit.source,
        licence=source.credit.licence,
        attribution=source.credit.attribution,
    )


def _in_order(counts: dict[str, int]) -> dict[str, int]:
    """What was read and what came of it first; then what else was counted, if any."""
    first = {word: counts.get(word, 0) for word in ("rows read", "streets")}
    return first | {word: number for word, number in counts.items() if number and word not in first}


def _quietened(pieces: list[Piece], leave_below: int, report: Report) -> list[Piece]:
    """Names of a source that is all capitals as they stand on signs; other sources as they are."""
    if len(pieces) < leave_below or not is_shouted(piece.name for piece in pieces):
        return pieces
    report.notes.append("All names were in capitals and are shown with small letters.")
    return [
        replace(
            piece,
            name=quiet(piece.name),
            alt_names=tuple(name._replace(text=quiet(name.text)) for name in piece.alt_names),
            locality=quiet(piece.locality),
            town=quiet(piece.town),
            authority=quiet(piece.authority),
        )
        for piece in pieces
    ]
