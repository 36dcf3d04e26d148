"""Streets from plain tables and map layers, whatever their columns are called."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import shapely

from mapsvc.config import Settings
from mapsvc.domain.streets import AltName
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.joining import with_names
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.ingest.gazetteer.os_open import english_first
from mapsvc.ingest.gazetteer.sources import ORDNANCE_SURVEY, Source
from mapsvc.ingest.records import Record, records_of
from mapsvc.ingest.values.headings import plain
from mapsvc.ingest.values.names import (
    LONGEST_NAME,
    clean_text,
    district_of,
    read_alt_names,
    road_numbers,
    whole_name,
)
from mapsvc.ingest.values.positions import Bounds
from mapsvc.ingest.values.usrn import NoUsrn, Usrn
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Report, counted
from mapsvc.search.normalise import TYPES, tokens

LANGUAGE_COLUMNS = {"name_cy": "cy", "name_gv": "gv", "name_gd": "gd"}

NATIONAL = ({"usrn", "streettype"}, {"name1", "formofway"}, {"distname", "featcode"})
"""Headings of layers that cover the whole country."""

_OS_LANGUAGES = ("name_1_lang", "name_2_lang")

LANGUAGES = {"cym": "cy", "cy": "cy", "wel": "cy", "gae": "gd", "gla": "gd", "gd": "gd"}
LANGUAGES |= {"gv": "gv", "glv": "gv", "man": "gv", "ga": "ga", "gle": "ga", "iri": "ga"}

LONGEST_ID = 64

_plain = lru_cache(maxsize=256)(plain)


def read_tables(
    files: Sequence[Path], settings: Settings, bounds: Bounds | None, report: Report
) -> Source:
    """The rows of the files as pieces; a row that cannot be used is a problem or is counted.

    Rows without a name are common in layers from a GIS, where they are counted; in a table each
    is a problem. The `id` column of a layer numbers its features as a rule, see `merging`.
    """
    source = Source()
    areas = Counter[str]()
    nameless: list[Piece] = []
    for record in records_of("gazetteer", files, settings, bounds, report, ("name", "usrn")):
        source.ids_are_streets &= _names_streets(record)
        if _is_national(record.all_headings):
            source.credit = ORDNANCE_SURVEY
        if _is_left_out(record, areas, report):
            continue
        if record.is_feature and not _has_names(record):
            nameless += filter(None, [_nameless(record, report)])
        else:
            source.pieces += filter(None, [_piece(record, report)])
    if nameless:
        source.pieces = _joined(nameless, source.pieces, files, report)
    source.pieces = _with_second_names(source.pieces)
    _report_areas(areas, source, report)
    return source


def _with_second_names(pieces: list[Piece]) -> list[Piece]:
    """A USRN's rows in another language as other names of its row without or in English."""
    main = {piece.usrn for piece in pieces if piece.usrn and not piece.lang}
    second: dict[str, list[AltName]] = {}
    for piece in pieces:
        if piece.lang and piece.usrn in main:
            second.setdefault(piece.usrn, []).append(AltName(piece.name, piece.lang))
    return [
        replace(piece, alt_names=(*piece.alt_names, *second.get(piece.usrn, ())))
        if piece.usrn in second
        else piece
        for piece in pieces
        if not (piece.lang and piece.usrn in main)
    ]


def _lang(record: Record) -> str:
    """The code of the row's language, where a column says it: `CYM`, `cy` or `Welsh`."""
    for at, heading in enumerate(record.all_headings):
        if _plain(heading) in {"language", "lang", "languagecode"}:
            text = clean_text(record.source.cells[at]).lower()
            return LANGUAGES.get(text[:3], "")
    return ""


@lru_cache(maxsize=64)
def _is_national(headings: tuple[str, ...]) -> bool:
    """Whether a layer is OS Open USRN, OS Open Roads or OS VectorMap District."""
    known = {plain(heading) for heading in headings}
    return any(own <= known for own in NATIONAL)


def _is_left_out(record: Record, areas: Counter[str], report: Report) -> bool:
    """Whether the row is no street of ours, counted if so: a park, a road elsewhere."""
    if _is_some_area(record):
        areas[record.file] += 1
        return True
    is_elsewhere = record.fault is not None and record.fault.kind == "outside"
    if is_elsewhere and _is_national(record.all_headings):
        report.count("outside the area")
        return True
    is_numbered = record.text("highway").casefold() == "numbered street"
    if is_numbered:
        report.count("road numbers of named streets")
    return is_numbered


def _has_names(record: Record) -> bool:
    return bool({"name", "alt_names", *LANGUAGE_COLUMNS} & record.headings.keys())


def _nameless(record: Record, report: Report) -> Piece | None:
    """A line that has a USRN and waits for its name."""
    usrn = _usrn(record, report)
    if not usrn or record.geometry is None:
        report.count("without a position" if usrn else "without a name")
        return None
    return Piece("", record.geometry, file=record.file, row=record.row, usrn=usrn)


def _joined(
    nameless: Sequence[Piece], named: Sequence[Piece], files: Sequence[Path], report: Report
) -> list[Piece]:
    """The nameless lines with the names of the links that run along them.

    Raises
    ------
    FileRefused : when no file has names.
    """
    if not named:
        raise FileRefused("usrns_without_names", files=" ".join(file.name for file in files))
    with_usrn = [piece for piece in named if piece.usrn]
    links = [piece for piece in named if not piece.usrn]
    return with_usrn + with_names(nameless, links, report)


def _names_streets(record: Record) -> bool:
    """Whether the ids of the row are those of streets: a column `id` or `street id` of a table."""
    return not record.is_feature and _plain(record.headings.get("id", "id")) in {"id", "streetid"}


def _is_some_area(record: Record) -> bool:
    """Whether the row is a polygon that nothing says to be a street: a park, a ward, a site."""
    if record.geometry is None or shapely.get_dimensions(record.geometry) < 2:
        return False
    is_street = "street" in _plain(record.headings.get("name", "")) or record.text("usrn")
    return not is_street


def _report_areas(areas: Counter[str], source: Source, report: Report) -> None:
    """Areas are left out, and where there is nothing else the file is refused.

    Raises
    ------
    FileRefused
    """
    for file, number in areas.items():
        said = counted(number, "areas")
        if not source.pieces:
            raise FileRefused("areas_in_place_of_streets", file=file, areas=number)
        report.notes.append(f"{file}: {said} left out, because areas are no streets.")


def _piece(record: Record, report: Report) -> Piece | None:
    name, others = _names(record)
    if not name:
        _count_nameless(record, report)
        return None
    if len(name) > LONGEST_NAME:
        report.lost += 1
        message = Message("name_too_long", name=name[:40], letters=len(name))
        report.add(record.problem("bad_name", "name", message))
        return None
    usrn = _usrn(record, report)
    if record.geometry is None:
        _report_placeless(record, name, report)
        return None
    if record.fault:
        report.add(record.fault)
    return Piece(
        name,
        record.geometry,
        file=record.file,
        row=record.row,
        sheet=record.sheet,
        id=_id(record),
        usrn=usrn,
        lang=_lang(record) if usrn else "",
        alt_names=others,
        locality=record.text("locality"),
        town=record.text("town"),
        road_number=_road_numbers(record),
        postcode_district=_district(record),
        parish=record.text("parish"),
        ward=record.text("ward") or record.text("division"),
        authority=record.text("authority"),
    )


def _names(record: Record) -> tuple[str, tuple[AltName, ...]]:
    """The name to show and the others: a Welsh name alone is the name."""
    if "name_1_lang" in record.all_headings:  # OS Open Roads says the language of its names
        row = record.original
        own = [clean_text(row.get(f"name_{n}")) for n in (1, 2)]
        return english_first(zip(own, map(row.get, _OS_LANGUAGES), strict=True))
    cell = record.cells.get("alt_names")
    others = [*_spoken(record), *(read_alt_names(cell) if cell else ())]
    name = _whole_name(record)
    if not name and others:
        name = others.pop(0).text
    return name, tuple(others)


def _whole_name(record: Record) -> str:
    """The name, of its parts where the table has them, whatever the order of its columns."""
    name = record.text("name")
    prefix, type, suffix = map(record.text, ("name_prefix", "name_type", "name_suffix"))
    has_type = tokens(name)[-1:] and tokens(name)[-1] in TYPES
    if "street" in _plain(record.headings.get("highway", "")) and not has_type:
        type = type or record.text("highway")
    return whole_name(name, prefix, type, suffix) if name and (prefix or type or suffix) else name


def _spoken(record: Record) -> Iterator[AltName]:
    for column, lang in LANGUAGE_COLUMNS.items():
        text = record.text(column)
        for part in text.split(";") if text else ():
            if part.strip():
                yield AltName(part.strip(), lang)


def _count_nameless(record: Record, report: Report) -> None:
    report.count("without a name")
    if not record.is_feature:
        report.lost += 1
        report.add(record.problem("no_name", "name", "row_without_name"))


def _usrn(record: Record, report: Report) -> str:
    """The USRN; what is none is a problem, and the street is kept without it."""
    try:
        usrn = Usrn.parse(record.cells.get("usrn"))
    except NoUsrn as fault:
        report.add(
            record.problem("bad_usrn", "usrn", Message("kept_without_usrn", fault=fault.message))
        )
        return ""
    return str(usrn) if usrn else ""


def _report_placeless(record: Record, name: str, report: Report) -> None:
    report.count("without a position")
    report.lost += 1
    message = Message("not_drawn" if record.is_feature else "no_position", name=name)
    report.add(record.fault or record.problem("no_position", "easting", message))


def _id(record: Record) -> str:
    """The id of the source, as it may stand in an address; "" when it may not."""
    id = record.text("id")
    allowed = all(letter.isalnum() or letter in "-_.~" for letter in id) and id.isascii()
    return id if allowed and len(id) <= LONGEST_ID else ""


def _road_numbers(record: Record) -> str:
    text = record.text("road_number")
    return ";".join(road_numbers(text)) if text else ""


def _district(record: Record) -> str:
    texts = map(record.text, ("postcode_district", "postcode"))
    return next(filter(None, (district_of(text) for text in texts if text)), "")
