"""BS 7666 street records as GeoPlace's transfer formats DTF 7.3 and 8.1 carry them.

Types 11 (street), 12 (street to ESU), 13 and 14 (elementary street unit and its points) and 15
(name). Both formats give a street 20 fields, in different places; AddressBase Premium has them
in a third order. So fields are found by what they hold. The layouts are those of "NSG Data
Transfer Format 8.1" and of the DTF 7.3 field workbook.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from mapsvc.domain.streets import AltName
from mapsvc.errors import FileRefused
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.ingest.gazetteer.sources import GEOPLACE, Source
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.sandbox.parent import REFERENCE, read_sheets
from mapsvc.ingest.values.names import clean_text, road_numbers
from mapsvc.ingest.values.usrn import NoUsrn, Usrn
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report

NUMBERED = "3"
"""RECORD_TYPE of a street known by its road number; its ESUs belong to named streets too."""

CLOSED = "4"
"""STATE of a street that is there no longer."""

LANGUAGES = {"ENG": "", "CYM": "cy", "GAE": "gd", "SCO": "sco"}

FULL_SUPPLY, CHANGES = "F", "C"

Cells = Sequence[str]
Position = tuple[float, float]


@dataclass(slots=True)
class _Street:
    usrn: str
    row: int
    file: str
    change: str
    is_numbered: bool = False
    is_closed: bool = False
    ends: tuple[Position, Position] | None = None


@dataclass(slots=True)
class _Name:
    text: str
    row: int
    file: str
    lang: str = ""
    locality: str = ""
    town: str = ""
    authority: str = ""
    change: str = "I"


@dataclass(slots=True)
class _Records:
    """What the files say, by USRN and by ESU, later records over earlier ones."""

    streets: dict[str, _Street] = field(default_factory=dict)
    names: dict[str, dict[str, _Name]] = field(default_factory=dict)
    streets_of_unit: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, dict[int, Position]] = field(default_factory=dict)
    closed_units: set[str] = field(default_factory=set)
    file_type: str = ""
    has_changes: bool = False


def is_dtf(cells: Sequence[Cell]) -> bool:
    """Whether a file that begins with these cells is one of street records."""
    first = _texts(cells[:9])
    if len(first) < 4 or first[0] not in {"10", "11", "12", "13", "14", "15"}:
        return False
    return first[0] == "10" or first[1].upper() in {"I", "U", "D"}


def read_dtf(files: Iterable[Path], report: Report) -> Source:
    """The streets of the files; for changes, `is_update` is true and `deleted` says which go.

    In an update a street may lack name or geometry, which then stay as they were; such pieces
    have an empty name or an empty geometry.
    """
    records = _Records()
    for file in files:
        _take_file(file, records, report)
    source = Source(credit=GEOPLACE, is_in_capitals=True)
    source.is_update = records.file_type != FULL_SUPPLY and (
        records.has_changes or records.file_type == CHANGES
    )
    lines = _lines(records)
    numbers, folded = _road_numbers(records)
    for usrn in dict.fromkeys([*records.streets, *records.names]):
        _take_street(usrn, records, lines, numbers, folded, source, report)
    return source


def _take_file(file: Path, records: _Records, report: Report) -> None:
    for sheet in read_sheets(file, profile=REFERENCE, raw=True):
        report.notes += [f"{file.name}: {note}" for note in sheet.notes]
        for row in sheet.rows:
            cells = _texts(row.cells)
            if any(cells):
                report.count("rows read")
                _take_record(cells, row.number, file.name, records, report)


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [clean_text(cell).strip('"“”') for cell in cells]


def _take_record(cells: list[str], row: int, file: str, records: _Records, report: Report) -> None:
    take = _TAKERS.get(cells[0])
    if take is None:
        return
    try:
        take(cells, row, file, records)
    except (NoUsrn, ValueError, IndexError) as error:
        message = error.message if isinstance(error, NoUsrn) else _unreadable(cells)
        report.add(Problem("bad_record", message, file, row=row, value=",".join(cells)[:80]))


def _unreadable(cells: Cells) -> Message:
    return Message("bad_record", type=cells[0], fields=len(cells))


def _take_header(cells: Cells, row: int, file: str, records: _Records) -> None:
    records.file_type = next((c for c in reversed(cells) if c in {FULL_SUPPLY, CHANGES}), "")


def _usrn(text: str) -> str:
    usrn = Usrn.parse(text)
    if usrn is None:
        raise NoUsrn("record_without_usrn")
    return str(usrn)


def _change(cells: Cells, records: _Records) -> str:
    change = cells[1].upper()
    records.has_changes |= change in {"U", "D"}
    return change


def _take_street_record(cells: Cells, row: int, file: str, records: _Records) -> None:
    usrn, change = _usrn(cells[3]), _change(cells, records)
    records.streets[usrn] = _Street(
        usrn,
        row,
        file,
        change,
        is_numbered=cells[4:5] == [NUMBERED],
        is_closed=cells[6:7] == [CLOSED],
        ends=_ends(cells[14:]),
    )


def _ends(cells: Cells) -> tuple[Position, Position] | None:
    """Start and end from the first four coordinates; latitudes between them are passed over."""
    metres = [number for number in map(_metres, cells) if number is not None]
    if len(metres) < 4:
        return None
    return (metres[0], metres[1]), (metres[2], metres[3])


def _metres(text: str) -> float | None:
    """A British grid coordinate: neither a date nor a tolerance, count or latitude."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 1000 <= number < 1_400_000 else None


def _take_cross_reference(cells: Cells, row: int, file: str, records: _Records) -> None:
    _change(cells, records)
    at = 4 if len(cells) > 7 and len(cells[3]) < 3 else 3  # DTF 7 has a type before the USRN
    if cells[1].upper() != "D":
        records.streets_of_unit.setdefault(cells[at + 2], []).append(_usrn(cells[at]))


def _take_unit(cells: Cells, row: int, file: str, records: _Records) -> None:
    change = _change(cells, records)
    unit, points = cells[3], records.points.setdefault(cells[3], {})
    ends = _ends(cells[7:])
    if ends:  # DTF 7 has the ends here and the points between them in type 14
        points.setdefault(0, ends[0])
        points.setdefault(1_000_000, ends[1])
    is_ended = len(cells) > 10 and not ends and bool(cells[10])
    if change == "D" or is_ended:
        records.closed_units.add(unit)


def _take_point(cells: Cells, row: int, file: str, records: _Records) -> None:
    if _change(cells, records) == "D":
        return
    filled = [cell for cell in cells if cell]
    x, y = _metres(filled[-2]), _metres(filled[-1])
    if x is None or y is None:
        raise ValueError("no coordinates")
    points = records.points.setdefault(cells[3], {})
    order = int(cells[5]) if len(filled) >= 8 else len(points) + 1
    points[order] = x, y


def _take_name(cells: Cells, row: int, file: str, records: _Records) -> None:
    usrn, change = _usrn(cells[3]), _change(cells, records)
    if len(cells) > 10 and cells[10] and "-" in cells[10]:
        return  # AddressBase: a name with an end date is in use no longer
    locality, town, authority, language = (*cells[5:9], "", "", "", "")[:4]
    lang = LANGUAGES.get(language.upper(), "")
    name = _Name(cells[4], row, file, lang, locality, town, authority, change)
    records.names.setdefault(usrn, {})[lang] = name


_TAKERS = {
    "10": _take_header,
    "11": _take_street_record,
    "12": _take_cross_reference,
    "13": _take_unit,
    "14": _take_point,
    "15": _take_name,
}


def _lines(records: _Records) -> dict[str, list[LineString]]:
    """The lines of each USRN: of its open ESUs, or of its closed ones where none is open."""
    open_lines = _lines_of(records, set(records.points) - records.closed_units)
    return _lines_of(records, records.closed_units) | open_lines


def _lines_of(records: _Records, units: set[str]) -> dict[str, list[LineString]]:
    lines: dict[str, list[LineString]] = {}
    ends = _usrns_by_ends(records)
    for unit, points in records.points.items():
        ordered = [points[number] for number in sorted(points)]
        distinct = [p for at, p in enumerate(ordered) if not at or p != ordered[at - 1]]
        if len(distinct) < 2 or unit not in units:
            continue
        owners = records.streets_of_unit.get(unit) or ends.get((distinct[0], distinct[-1]), [])
        for usrn in dict.fromkeys(owners):
            lines.setdefault(usrn, []).append(LineString(distinct))
    return lines


def _usrns_by_ends(records: _Records) -> dict[tuple[Position, Position], list[str]]:
    """Streets by their ends, either way round, for files without cross references."""
    found: dict[tuple[Position, Position], list[str]] = {}
    for street in records.streets.values():
        if street.ends:
            start, end = street.ends
            found.setdefault((start, end), []).append(street.usrn)
            found.setdefault((end, start), []).append(street.usrn)
    return found


def _road_numbers(records: _Records) -> tuple[dict[str, list[str]], set[str]]:
    """Road numbers by USRN, and the numbered streets that named streets stand for."""
    numbers: dict[str, list[str]] = {}
    folded = set()
    for owners in records.streets_of_unit.values():
        numbered = [usrn for usrn in owners if _is_numbered(usrn, records)]
        named = [usrn for usrn in owners if usrn not in numbered]
        for usrn in numbered if named else ():
            folded.add(usrn)
            for other in named:
                numbers.setdefault(other, []).extend(_number_names(usrn, records))
    return numbers, folded


def _is_numbered(usrn: str, records: _Records) -> bool:
    street = records.streets.get(usrn)
    return street is not None and street.is_numbered


def _number_names(usrn: str, records: _Records) -> tuple[str, ...]:
    names = records.names.get(usrn, {}).values()
    return road_numbers(";".join(name.text for name in names))


def _take_street(
    usrn: str,
    records: _Records,
    lines: Mapping[str, list[LineString]],
    numbers: Mapping[str, list[str]],
    folded: set[str],
    source: Source,
    report: Report,
) -> None:
    street = records.streets.get(usrn)
    if street is not None and (street.is_closed or street.change == "D"):
        report.count("closed" if street.is_closed else "deleted")
        source.deleted.append(usrn)
    elif usrn in folded:
        report.count("road numbers of named streets")
    else:
        _add_piece(usrn, street, records, _shape(street, lines.get(usrn)), source, report)
        if source.pieces and source.pieces[-1].usrn == usrn:
            own = ";".join(dict.fromkeys(numbers.get(usrn, _number_names(usrn, records))))
            source.pieces[-1] = replace(source.pieces[-1], road_number=own)


def _shape(street: _Street | None, lines: list[LineString] | None) -> BaseGeometry:
    """ESU geometry, else a line from start to end, else the one point; empty when unknown."""
    if lines:
        return MultiLineString(lines)
    if street is None or street.ends is None:
        return MultiLineString()
    start, end = street.ends
    return LineString(street.ends) if start != end else Point(start)


def _add_piece(
    usrn: str,
    street: _Street | None,
    records: _Records,
    shape: BaseGeometry,
    source: Source,
    report: Report,
) -> None:
    names = [name for name in records.names.get(usrn, {}).values() if name.change != "D"]
    main = next((name for name in names if not name.lang), names[0] if names else None)
    if main is None and not source.is_update:
        report.count("without a name")
        return
    if shape.is_empty and not source.is_update:
        report.add(_placeless(usrn, main))
        return
    where = street or main
    assert where is not None
    piece = Piece(
        main.text if main else "", shape, file=where.file, row=where.row, id=usrn, usrn=usrn
    )
    source.pieces.append(_named(piece, main, names) if main else piece)


def _named(piece: Piece, main: _Name, names: Iterable[_Name]) -> Piece:
    others = tuple(AltName(name.text, name.lang) for name in names if name is not main)
    return replace(
        piece,
        alt_names=others,
        locality=main.locality,
        town=main.town,
        authority=main.authority,
    )


def _placeless(usrn: str, name: _Name | None) -> Problem:
    assert name is not None
    return Problem(
        "no_position",
        Message("name_without_record", street=name.text, usrn=usrn),
        name.file,
        row=name.row,
        value=usrn,
    )


def refuse_without_names(files: Iterable[Path], source: Source, report: Report) -> None:
    """Nothing, unless the files hold street records and not one name.

    Raises
    ------
    FileRefused
    """
    if source.pieces or source.deleted or not report.counts.get("without a name"):
        return
    names = ", ".join(file.name for file in files)
    raise FileRefused("records_without_names", files=names)
