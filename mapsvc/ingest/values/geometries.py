"""Geometry from outside in the local CRS: claims are checked, mistakes named, rings mended.

Works on what the child handed back; where a geometry comes from (layer, columns) is the caller's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc import crs
from mapsvc.errors import WrongCrs
from mapsvc.ingest.rows import Row, Sheet
from mapsvc.messages.catalogue import as_message
from mapsvc.problems import Problem

Bounds = tuple[float, float, float, float]
Geometries = NDArray[np.object_]

MARGIN = 5_000.0
"""Metres beyond the bounds that are still the council's: verges of roads that cross its border."""

_LON_LAT = frozenset({"EPSG:4326", "EPSG:4258", "EPSG:4979", "OGC:CRS84"})
_SYSTEMS = {
    crs.WGS84: "longitude and latitude (EPSG:4326)",
    crs.LOCAL: "British National Grid (EPSG:27700)",
    crs.WEB_MERCATOR: "Web Mercator (EPSG:3857)",
    "swapped": "latitude before longitude",
}


@dataclass(frozen=True, slots=True)
class GeometryFinding:
    """Something about one geometry, or about all (`index` -1).

    Parameters
    ----------
    index : place among the geometries given
    kind : `no_geometry`, `bad_coordinates`, `wrong_crs`, `swapped`, `outside`, `mended`,
        `collapsed`; `crs_guessed` for all
    is_lost : whether the geometry is None in the result
    """

    index: int
    kind: str
    sentence: str
    value: str = ""
    is_lost: bool = True

    def problem(self, row: Row, sheet: Sheet) -> Problem:
        """The same as a problem of its row."""
        return Problem(
            self.kind,
            as_message(self.sentence),
            file=sheet.file,
            sheet=sheet.name,
            row=row.number,
            value=self.value,
        )


def to_local(
    geometries: Sequence[Any] | Geometries,
    claimed_crs: str,
    bounds: Bounds | None = None,
    *,
    local_crs: str = crs.LOCAL,
    said: str = "",
) -> tuple[Geometries, list[GeometryFinding]]:
    """Geometries in the local CRS, two-dimensional and valid, and what was found about them.

    Parameters
    ----------
    geometries : (n,) shapely geometries or None, in the claimed CRS
    claimed_crs : code or WKT; "" when the file does not say, then the numbers decide
    bounds : of the council in the local CRS; None where nothing says where it is
    said : how the claim was made, for sentences ("the columns are lon and lat")

    Returns
    -------
    (n,) geometries, None where lost; findings in order of index, those about all first

    Raises
    ------
    WrongCrs : when the claim is no coordinate reference system, or missing and the numbers
        fit none.
    """
    shapes = shapely.force_2d(np.array([*geometries, None], dtype=object)[:-1])
    findings = list(_unusable(shapes))
    shapes = _without(shapes, findings)
    claim, guessed = _claim(shapes, claimed_crs, local_crs)
    findings += guessed
    said = said or f"the file says {_SYSTEMS.get(claim, claim)}"
    mislabelled = list(_mislabelled(shapes, claim, said)) if local_crs == crs.LOCAL else []
    local = crs.to_local(_without(shapes, mislabelled), claim, local_crs)
    unplaced = list(_off_the_grid(shapes, local, local_crs))
    local = _without(local, unplaced)
    outside = list(_outside(shapes, local, bounds, claim, local_crs))
    mended, repairs = _mended(_without(local, outside))
    findings += [*mislabelled, *unplaced, *outside, *repairs]
    return mended, sorted(findings, key=lambda finding: finding.index)


def _without(shapes: Geometries, findings: Sequence[GeometryFinding]) -> Geometries:
    kept = shapes.copy()
    for finding in findings:
        if finding.is_lost and finding.index >= 0:
            kept[finding.index] = None
    return kept


def _unusable(shapes: Geometries) -> Iterator[GeometryFinding]:
    for index in np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)):
        yield GeometryFinding(
            int(index), "no_geometry", "This feature has no geometry. Draw it again."
        )
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    for index in np.unique(owner[~np.isfinite(coordinates).all(axis=1)]):
        yield GeometryFinding(
            int(index),
            "bad_coordinates",
            "This feature has a point without coordinates (NaN or infinite). Draw it again.",
        )


def _claim(
    shapes: Geometries, claimed_crs: str, local_crs: str
) -> tuple[str, list[GeometryFinding]]:
    """The CRS to read the numbers in, and the finding that it was guessed."""
    if claimed_crs:
        return crs.code_of(claimed_crs), []
    centres = _centres(shapes)
    centres = centres[np.isfinite(centres).all(axis=1)]
    if not len(centres):
        return local_crs, []
    votes = Counter(crs.looks_like(x, y) for x, y in centres)
    (guess, _), *_ = votes.most_common(1)
    if guess not in (crs.WGS84, crs.LOCAL, crs.WEB_MERCATOR):
        x, y = centres[0]
        raise WrongCrs(
            f"The file does not say which coordinates it uses, and {_pair(x, y)} fits none that "
            "is known here. Export it again with its coordinate reference system."
        )
    sentence = f"The file does not say which coordinates it uses; read as {_SYSTEMS[guess]}."
    return guess, [GeometryFinding(-1, "crs_guessed", sentence, is_lost=False)]


def _mislabelled(shapes: Geometries, claim: str, said: str) -> Iterator[GeometryFinding]:
    """Numbers that fit Great Britain in another system than the one claimed."""
    plain = crs.WGS84 if claim in _LON_LAT else claim
    if plain not in _SYSTEMS:
        return
    for index, (x, y) in enumerate(_centres(shapes)):
        seems = crs.looks_like(x, y)
        if seems and seems != plain:
            if seems == "swapped" and plain != crs.WGS84:
                seems = crs.WGS84
            yield _wrong_system(index, x, y, seems, said)


def _wrong_system(index: int, x: float, y: float, seems: str, said: str) -> GeometryFinding:
    value = _pair(x, y)
    if seems == "swapped":
        return GeometryFinding(
            index,
            "swapped",
            f"{value} looks like latitude and longitude in the wrong order. Swap the two and try "
            "again.",
            value,
        )
    return GeometryFinding(
        index,
        "wrong_crs",
        f"{value} looks like {_SYSTEMS[seems]}, but {said}. Correct what is said about the "
        "coordinates, or the coordinates, and try again.",
        value,
    )


def _off_the_grid(
    shapes: Geometries, local: Geometries, local_crs: str
) -> Iterator[GeometryFinding]:
    coordinates, owner = shapely.get_coordinates(local, return_index=True)
    for index in np.unique(owner[~np.isfinite(coordinates).all(axis=1)]):
        value = _pair(*_centres(shapes[index : index + 1])[0])
        area = "Great Britain" if local_crs == crs.LOCAL else f"the area of {local_crs}"
        yield GeometryFinding(
            int(index),
            "outside",
            f"{value} lies outside {area}. Correct the coordinates or take the row out.",
            value,
        )


def _outside(
    shapes: Geometries, local: Geometries, bounds: Bounds | None, claim: str, local_crs: str
) -> Iterator[GeometryFinding]:
    there = np.flatnonzero(~shapely.is_missing(local))
    if bounds is None or not len(there):
        return
    away = _metres_away(local[there], bounds)
    for index in there[away > MARGIN]:
        x, y = _centres(shapes[index : index + 1])[0]
        distance = f"{away[there == index][0] / 1000:,.0f} km from the council's area"
        if _fits_swapped(x, y, bounds, claim, local_crs):
            yield _wrong_system(int(index), x, y, "swapped", "")
        else:
            yield GeometryFinding(
                int(index),
                "outside",
                f"{_pair(x, y)} lies {distance}. Correct the coordinates or take the row out.",
                _pair(x, y),
            )


def _metres_away(local: Geometries, bounds: Bounds) -> NDArray[np.float64]:
    return np.asarray(shapely.distance(local, shapely.box(*bounds)), dtype=float)


def _fits_swapped(x: float, y: float, bounds: Bounds, claim: str, local_crs: str) -> bool:
    """Whether the point would lie where it should with its two numbers exchanged."""
    if claim in _LON_LAT and abs(x) > 90:
        return False
    point = crs.to_local([shapely.Point(y, x)], claim, local_crs)
    if not np.isfinite(shapely.get_coordinates(point)).all():
        return False
    return bool(_metres_away(point, bounds)[0] <= MARGIN)


def _centres(shapes: Geometries) -> NDArray[np.float64]:
    """(n, 2) middles of the bounding boxes, NaN where there is none."""
    boxes = np.asarray(shapely.bounds(shapes), dtype=float).reshape(-1, 4)
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, dtype=float)


def _pair(x: float, y: float) -> str:
    """Two numbers as a person reads them: metres whole, degrees to five places."""
    digits = 0 if max(abs(x), abs(y)) > 1000 else 5
    return f"{x:.{digits}f}, {y:.{digits}f}"


def _mended(shapes: Geometries) -> tuple[Geometries, list[GeometryFinding]]:
    """Valid geometries of the dimension they had, and which needed it."""
    kept, findings = shapes.copy(), []
    for index in np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)):
        kept[index] = _mend(shapes[index])
        if kept[index] is None:
            sentence, kind = "This feature has no length or area. Draw it again.", "collapsed"
        else:
            sentence, kind = "The outline of this feature crosses itself; it was mended.", "mended"
        findings.append(GeometryFinding(int(index), kind, sentence, is_lost=kept[index] is None))
    return kept, findings


def _mend(shape: Any) -> Any:
    """Valid parts of the same dimension as one geometry, or None."""
    valid = shapely.make_valid(shape)
    parts = shapely.get_parts(shapely.get_parts(valid))
    same = parts[shapely.get_dimensions(parts) == shapely.get_dimensions(shape)]
    same = same[~shapely.is_empty(same)]
    if not len(same):
        return None
    return same[0] if len(same) == 1 else shapely.union_all(same)
