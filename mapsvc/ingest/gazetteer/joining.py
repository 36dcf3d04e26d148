"""Lines with a USRN and no name (OS Open USRN) given the names of the links that they follow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.ingest.gazetteer.merging import REACH, Piece
from mapsvc.problems import Report
from mapsvc.search.normalise import street_key

BESIDE = 10.0
"""Metres within which a named link runs along a USRN's line: both are drawn in the carriageway."""

LEAST_SHARE = 0.5
"""Of the length of the USRN's line, or of the link, that must run together."""


def with_names(lines: Sequence[Piece], links: Sequence[Piece], report: Report) -> list[Piece]:
    """The lines that some name covers, named, and the named links that no line stands for.

    Parameters
    ----------
    lines : with USRN, without name
    links : with name, without USRN
    report : counts the lines that no named link follows
    """
    if not links:
        report.count("without a name", len(lines))
        return []
    shapes = np.array([link.geometry for link in links], dtype=object)
    tree = shapely.STRtree(shapes)
    named = []
    for line in lines:
        link = _link_along(line, links, shapes, tree)
        if link is None:
            report.count("without a name")
        else:
            named.append(_named(line, link))
    return named + _left_over(links, named)


def _link_along(
    line: Piece, links: Sequence[Piece], shapes: NDArray[np.object_], tree: shapely.STRtree
) -> Piece | None:
    """The link whose name runs longest with the line, if it is long enough."""
    near: NDArray[np.int64] = tree.query(line.geometry, predicate="dwithin", distance=BESIDE)
    if not len(near):
        return None
    around = line.geometry.buffer(BESIDE, cap_style="flat")
    lengths = shapely.length(shapely.intersection(shapes[near], around))
    shared: Counter[str] = Counter()
    candidates: list[int] = near.tolist()
    for at, length in zip(candidates, lengths.tolist(), strict=True):
        shared[street_key(links[at].name)] += length
    key = max(shared, key=lambda name: shared[name])
    own = [at for at in candidates if street_key(links[at].name) == key]
    reference = min(line.geometry.length, float(shapely.length(shapes[own]).sum()))
    if shared[key] < LEAST_SHARE * max(reference, 1.0):
        return None
    return links[own[0]]


def _named(line: Piece, link: Piece) -> Piece:
    return replace(
        link, geometry=line.geometry, usrn=line.usrn, id="", file=line.file, row=line.row
    )


def _left_over(links: Sequence[Piece], named: Sequence[Piece]) -> list[Piece]:
    """The links whose name has no USRN nearby: streets that are too new, or private."""
    taken: dict[str, list[Piece]] = {}
    for piece in named:
        taken.setdefault(street_key(piece.name), []).append(piece)
    return [link for link in links if not _is_near(link, taken.get(street_key(link.name), []))]


def _is_near(link: Piece, pieces: Sequence[Piece]) -> bool:
    shapes = np.array([piece.geometry for piece in pieces], dtype=object)
    return bool(len(shapes)) and bool(shapely.dwithin(shapes, link.geometry, REACH).any())
