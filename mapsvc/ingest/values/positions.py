"""Where the rows of a sheet lie, in the local CRS: claims checked, mistakes named by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from mapsvc.config import Settings
from mapsvc.errors import FileRefused, WrongCrs
from mapsvc.ingest.rows import Cell, Row, Sheet
from mapsvc.ingest.values.coordinates import WrittenPosition, written_position
from mapsvc.ingest.values.geometries import Bounds, GeometryFinding, to_local
from mapsvc.messages.catalogue import as_message
from mapsvc.problems import Problem

__all__ = ["Bounds", "PlacedRow", "original", "placed"]

RIGHT_NAMES = {
    "lon": "Name the columns easting and northing if they are.",
    "easting": "Name the columns lon and lat if they are.",
}


@dataclass(slots=True)
class PlacedRow:
    """Where one row lies.

    Parameters
    ----------
    geometry : in the local CRS; None when the row has none that can be used
    fault : what is wrong with the position that the row has; it may have been put right
    """

    geometry: BaseGeometry | None = None
    fault: Problem | None = None


def placed(
    rows: Sequence[Row],
    cells: Sequence[Mapping[str, Cell]],
    headings: Mapping[str, str],
    sheet: Sheet,
    settings: Settings,
    bounds: Bounds | None,
) -> list[PlacedRow]:
    """The position of each row of a sheet.

    Parameters
    ----------
    cells : our column → cell, one for each row
    headings : our column → heading in the file
    bounds : in the local CRS; None for a first gazetteer

    Raises
    ------
    FileRefused : when nobody can tell which coordinates the file uses.
    """
    written = [
        _written(row, own, sheet, settings.crs) for row, own in zip(rows, cells, strict=True)
    ]
    found = [
        PlacedRow(fault=_fault(row, one, headings, sheet))
        for row, one in zip(rows, written, strict=True)
    ]
    for claim, said in dict.fromkeys(_claim(one, headings) for one in written):
        chosen = [
            at
            for at, one in enumerate(written)
            if one.geometry is not None and _claim(one, headings) == (claim, said)
        ]
        if chosen:
            _place(chosen, rows, written, claim, said, found, headings, sheet, settings, bounds)
    return found


def _written(row: Row, cells: Mapping[str, Cell], sheet: Sheet, local_crs: str) -> WrittenPosition:
    if row.geometry is not None:
        return WrittenPosition(row.geometry, sheet.crs)
    written = written_position(cells, local_crs)
    if written.geometry is not None and not written.crs:
        return WrittenPosition(written.geometry, sheet.crs, written.column, written.value)
    return written


def _claim(written: WrittenPosition, headings: Mapping[str, str]) -> tuple[str, str]:
    """The CRS, and how it is claimed, for sentences."""
    if written.column in {"", "wkt"}:
        return written.crs, ""
    names = (written.column, "lat" if written.column == "lon" else "northing")
    shown = " and ".join(headings.get(name, name) for name in names)
    return written.crs, f"the columns are {shown}"


def _fault(
    row: Row, written: WrittenPosition, headings: Mapping[str, str], sheet: Sheet
) -> Problem | None:
    if not written.fault:
        return None
    return _problem("bad_position", written.fault, row, written, headings, sheet)


def _problem(
    kind: str,
    sentence: str,
    row: Row,
    written: WrittenPosition,
    headings: Mapping[str, str],
    sheet: Sheet,
) -> Problem:
    return Problem(
        kind,
        as_message(sentence),
        file=sheet.file,
        sheet=sheet.name,
        row=row.number,
        column=headings.get(written.column, written.column),
        value=written.value[:100],
        original=original(sheet.headings, row),
    )


def _place(
    chosen: Sequence[int],
    rows: Sequence[Row],
    written: Sequence[WrittenPosition],
    claim: str,
    said: str,
    found: list[PlacedRow],
    headings: Mapping[str, str],
    sheet: Sheet,
    settings: Settings,
    bounds: Bounds | None,
) -> None:
    shapes = [written[at].geometry for at in chosen]
    try:
        local, findings = to_local(shapes, claim, bounds, local_crs=settings.crs, said=said)
    except WrongCrs as error:
        raise FileRefused(f"{sheet.file}: {error}") from None
    for at, shape in zip(chosen, local, strict=True):
        found[at].geometry = shape
    for finding in findings:
        if finding.index < 0:
            is_layer = any(rows[at].geometry is not None for at in chosen)
            _note(finding.sentence, sheet, "" if is_layer else settings.crs)
            continue
        at = chosen[finding.index]
        sentence = _with_next_step(finding, written[at])
        found[at].fault = _problem(finding.kind, sentence, rows[at], written[at], headings, sheet)


def _with_next_step(finding: GeometryFinding, written: WrittenPosition) -> str:
    """The sentence; where the columns have the wrong name, with the right one."""
    if finding.kind == "wrong_crs" and written.column in RIGHT_NAMES:
        what, _, _ = finding.sentence.partition(". ")
        return f"{what}. {RIGHT_NAMES[written.column]}"
    return finding.sentence


def _note(sentence: str, sheet: Sheet, no_news: str) -> None:
    """Say it once; that a table is in the local CRS, which it should be, is no news."""
    if sentence not in sheet.notes and not (no_news and no_news in sentence):
        sheet.notes.append(sentence)


def original(headings: Sequence[str], row: Row) -> dict[str, str]:
    """The row as it came: heading → text; columns without heading have their number."""
    return {
        (headings[at] if at < len(headings) else "") or f"column {at + 1}": text
        for at, text in enumerate(_texts(row.cells))
    }


def _texts(cells: Iterable[Cell]) -> Iterable[str]:
    return ("" if cell is None else str(cell) for cell in cells)
