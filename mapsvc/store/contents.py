"""What an edition holds, as rows of its tables and back. When rows are written is in `editions`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, Table, select

from mapsvc.crs import require_crs
from mapsvc.domain.schedule import Cut, Programme, Round, Window
from mapsvc.domain.schedule_columns import STORED, VERGE_COLUMNS
from mapsvc.domain.streets import STREET_COLUMNS, Keeper, Place
from mapsvc.store.schema import tables
from mapsvc.store.schema.geometry import Geometries, decode, encode

BOUNDARY_COLUMNS = ("name", "kind", "code", "geometry")

Rows = Iterable[dict[str, Any]]


@dataclass(frozen=True)
class ScheduleContent:
    """The schedule of one (service, season): VERGE_COLUMNS, rounds, and the programmes of cuts."""

    verges: gpd.GeoDataFrame
    rounds: Sequence[Round] = ()
    programmes: Sequence[Programme] = ()


@dataclass(frozen=True)
class EditionDraft:
    """An edition to publish. One of the contents is given: that of its kind.

    Parameters
    ----------
    kind : `gazetteer`, `schedule`, `keepers`, `places` or `boundaries`
    streets : STREET_COLUMNS, with `moved`: old street id → new id, and `places`: the settlements
        of its source
    boundaries : BOUNDARY_COLUMNS
    problems : how many the report had
    """

    kind: str
    service: str = ""
    season: int | None = None
    files: tuple[str, ...] = ()
    sha256: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: int = 0
    source: str = ""
    licence: str = ""
    attribution: str = ""
    streets: gpd.GeoDataFrame | None = None
    moved: Mapping[str, str] = field(default_factory=dict)
    schedule: ScheduleContent | None = None
    keepers: Sequence[Keeper] | None = None
    places: Sequence[Place] | None = None
    boundaries: gpd.GeoDataFrame | None = None


@dataclass(frozen=True, slots=True)
class GeometryStorage:
    """How geometries are stored: the CRS, its number and the database's dialect."""

    crs: str
    srid: int
    dialect: str

    def encode(self, geometries: Any) -> list[bytes | str | None]:
        """What the database stores for geometries."""
        return encode(geometries, self.srid, self.dialect)


ROWS_AT_ONCE = 20_000

TABLES_OF = {
    "gazetteer": (tables.street, tables.street_redirect, tables.place),
    "schedule": (tables.verge, tables.schedule_round, tables.schedule_cut),
    "keepers": (tables.keeper,),
    "places": (tables.place,),
    "boundaries": (tables.boundary,),
}
KEPT_WHEN_PRUNED = (tables.street_redirect,)
"""Old addresses lead on, however many gazetteers came since."""


# Out: the rows of a draft


def geometries_of(draft: EditionDraft) -> Geometries:
    """All geometries of a draft; (0,) where its kind has none."""
    if draft.kind == "places":
        return _points(draft)
    frame = draft.schedule.verges if draft.schedule else draft.streets
    frame = draft.boundaries if frame is None else frame
    return np.asarray([] if frame is None else frame.geometry.to_numpy(), dtype=object)


def _points(draft: EditionDraft) -> Geometries:
    return np.asarray(shapely.points(_coordinates(draft.places or ())), dtype=object)


def rows_of(draft: EditionDraft, ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    """The rows of each table that the draft's kind has, without their edition's number.

    They are made as they are taken: those of a national gazetteer do not fit into memory.

    Raises
    ------
    WrongCrs : when a frame is not in the local CRS.
    """
    yield from ROWS_OF[draft.kind](draft, ground)


def _gazetteer(draft: EditionDraft, ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    assert draft.streets is not None
    yield tables.street, _frame_rows(draft.streets, STREET_COLUMNS, ground)
    moved = ({"old_id": old, "new_id": new} for old, new in draft.moved.items())
    yield tables.street_redirect, moved
    yield from _places(draft, ground)


def _schedule(draft: EditionDraft, ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    assert draft.schedule is not None
    yield tables.schedule_round, map(_fields, draft.schedule.rounds)
    yield tables.schedule_cut, _cut_rows(draft.schedule.programmes)
    yield tables.verge, _frame_rows(draft.schedule.verges, VERGE_COLUMNS, ground)


def _keepers(draft: EditionDraft, _ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    yield tables.keeper, map(_fields, draft.keepers or ())


def _places(draft: EditionDraft, ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    pairs = zip(draft.places or (), ground.encode(_points(draft)), strict=True)
    rows = ({"name": place.name, "kind": place.kind, "geom": point} for place, point in pairs)
    yield tables.place, rows


def _boundaries(draft: EditionDraft, ground: GeometryStorage) -> Iterator[tuple[Table, Rows]]:
    assert draft.boundaries is not None
    yield tables.boundary, _frame_rows(draft.boundaries, BOUNDARY_COLUMNS, ground)


ROWS_OF: dict[str, Callable[[EditionDraft, GeometryStorage], Iterator[tuple[Table, Rows]]]] = {
    "gazetteer": _gazetteer,
    "schedule": _schedule,
    "keepers": _keepers,
    "places": _places,
    "boundaries": _boundaries,
}


def _frame_rows(frame: gpd.GeoDataFrame, columns: Sequence[str], ground: GeometryStorage) -> Rows:
    require_crs(frame.crs, ground.crs)
    names = ["geom" if column == "geometry" else column for column in columns]
    for start in range(0, len(frame), ROWS_AT_ONCE):
        part = frame.iloc[start : start + ROWS_AT_ONCE]
        values = [_column(part, column, ground) for column in columns]
        yield from (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))


def _column(frame: gpd.GeoDataFrame, column: str, ground: GeometryStorage) -> list[Any]:
    if column == "geometry":
        return list(ground.encode(frame.geometry))
    clean: Callable[[Any], Any] = CLEANERS.get(column, _text)
    values: Any = frame[column]
    return [clean(value) for value in values.tolist()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if pd.isna(value) else str(value)


def _day(value: Any) -> date | None:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _flag(value: Any) -> bool | None:
    return None if pd.isna(value) else bool(value)


CLEANER_OF_TYPE: dict[type, Callable[[Any], Any]] = {
    str: _text,
    date: _day,
    bool: _flag,
    int: int,
}
CLEANERS = {column.name: CLEANER_OF_TYPE[column.type] for column in STORED}
"""Columns of frames; those that are not here are text."""


def _fields(record: Round | Keeper) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _cut_rows(programmes: Sequence[Programme]) -> Iterator[dict[str, Any]]:
    for position, programme in enumerate(programmes):
        for cut in programme:
            yield {
                "programme": position,
                "season": cut.season,
                "number": cut.number,
                "start": cut.window and cut.window.start,
                "end": cut.window and cut.window.end,
                "reason": cut.reason,
            }


def _coordinates(places: Sequence[Place]) -> Any:
    return np.array([(place.easting, place.northing) for place in places]).reshape(-1, 2)


# Back: what an edition holds


def read_frame(
    connection: Connection, table: Table, columns: Sequence[str], number: int, local_crs: str
) -> gpd.GeoDataFrame:
    """The rows of an edition as a frame with these columns, in the order of their publication."""
    names = ["geom" if column == "geometry" else column for column in columns]
    values: dict[str, list[Any]] = {column: [] for column in columns}
    query = _query(table, names, number).execution_options(yield_per=ROWS_AT_ONCE)
    for part in connection.execute(query).partitions():
        read: dict[str, Any] = dict(zip(columns, zip(*part, strict=True), strict=True))
        read["geometry"] = decode(read["geometry"])
        for column in columns:
            values[column].extend(read[column])
    geometry = values.pop("geometry")
    data = {
        column: pd.Series(found, dtype=DTYPES.get(column, "str"))
        for column, found in values.items()
    }
    frame = gpd.GeoDataFrame(data, geometry=geometry, crs=local_crs)
    return frame[list(columns)]


DTYPE_OF_TYPE: dict[type, Any] = {str: "str", date: "object", bool: "object", int: "int64"}
DTYPES = {column.name: DTYPE_OF_TYPE[column.type] for column in STORED}


def _rows(connection: Connection, table: Table, names: Sequence[str], number: int) -> list[Any]:
    return list(connection.execute(_query(table, names, number)).all())


def _query(table: Table, names: Sequence[str], number: int) -> Any:
    query = select(*(table.c[name] for name in names)).where(table.c.edition == number)
    return query.order_by(table.c.fid)


def read_schedule(connection: Connection, number: int, local_crs: str) -> ScheduleContent:
    """The verges, rounds and programmes of a schedule edition."""
    verges = read_frame(connection, tables.verge, VERGE_COLUMNS, number, local_crs)
    names = ("code", "name", "service", "frequency", "tracked")
    rounds = [Round(*row) for row in _rows(connection, tables.schedule_round, names, number)]
    return ScheduleContent(verges, rounds, _read_programmes(connection, verges, number))


def _read_programmes(
    connection: Connection, verges: gpd.GeoDataFrame, number: int
) -> list[Programme]:
    names = ("programme", "season", "number", "start", "end", "reason")
    rows = _rows(connection, tables.schedule_cut, names, number)
    found = {
        position: tuple(_cut(row) for row in group)
        for position, group in groupby(rows, key=lambda row: row.programme)
    }
    last = max([-1, *found, *verges["programme"].tolist()])
    return [found.get(position, ()) for position in range(last + 1)]


def _cut(row: Any) -> Cut:
    window = Window(row.start, row.end) if row.start else None
    return Cut(row.season, row.number, window, row.reason)


def read_keepers(connection: Connection, number: int) -> list[Keeper]:
    """The keepers of an edition."""
    names = Keeper.__slots__
    return [
        Keeper(**{**row._mapping, "parishes": tuple(row.parishes), "roads": tuple(row.roads)})
        for row in _rows(connection, tables.keeper, names, number)
    ]


def read_places(connection: Connection, number: int) -> list[Place]:
    """The places of an edition."""
    rows = _rows(connection, tables.place, ("name", "kind", "geom"), number)
    points = decode([row.geom for row in rows])
    xs, ys = shapely.get_x(points).tolist(), shapely.get_y(points).tolist()
    return [Place(row.name, row.kind, x, y) for row, x, y in zip(rows, xs, ys, strict=True)]
