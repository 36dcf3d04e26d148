"""The schedule of an edition as a workbook to edit and send again: a row a verge, a column a cut.

Outlines are not in it: a verge that a file names by its id keeps the one that it has.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from mapsvc.domain.schedule import Programme
from mapsvc.domain.schedule_columns import IN_TEMPLATE
from mapsvc.errors import NotFound
from mapsvc.ingest.limits import UPLOAD
from mapsvc.published.atlas import Atlas
from mapsvc.services.state.council import Council
from mapsvc.services.workbooks import Cell, workbook
from mapsvc.store.editions import Edition, ScheduleContent


def schedule_workbook(council: Council, edition: Edition) -> bytes:
    """The workbook of a schedule.

    Raises
    ------
    NotFound : when the edition is none, or has more verges than an upload may have rows.
    """
    if edition.kind != "schedule":
        raise NotFound("edition_not_a_schedule", number=edition.number)
    content = council.store.editions.schedule(edition.number)
    most = UPLOAD.rows or 0
    if len(content.verges) + len(content.rounds) > most:
        raise NotFound("schedule_too_long_to_send", verges=len(content.verges), most=most)
    numbers = sorted({cut.number for programme in content.programmes for cut in programme})
    cuts = [f"cut {n} {side}" for n in numbers for side in ("start", "end")]
    rows = _rows(content, edition, council.moment.atlas, numbers)
    return workbook("Schedule", [*IN_TEMPLATE, *cuts], rows)


def _rows(
    content: ScheduleContent, edition: Edition, atlas: Atlas, numbers: list[int]
) -> Iterator[list[Cell]]:
    shared = {"season": str(edition.season), "service": edition.service}
    for known in content.rounds:
        said = {"round": known.code, "round_name": known.name, "frequency": known.frequency}
        yield _row({**said, **shared, "tracked": _yes_or_no(known.tracked)})
    for verge in content.verges.drop(columns="geometry").to_dict("records"):
        cells = {**verge, **shared, **_streets(verge["streets"].split(";"), atlas)}
        cells |= {"verge": verge["id"], "tracked": _yes_or_no(verge["tracked"])}
        yield [*_row(cells), *_cuts(content.programmes[verge["programme"]], numbers)]


def _row(cells: dict[str, Any]) -> list[Cell]:
    return [cells.get(name) or "" for name in IN_TEMPLATE]


def _streets(ids: list[str], atlas: Atlas) -> dict[str, str]:
    """The ids, and for one street its name and place, which a person looks for."""
    found = atlas.street(ids[0]) if len(ids) == 1 else None
    named = (
        {"street": found.street.name, "locality": found.street.locality, "town": found.street.town}
        if found
        else {}
    )
    return {"usrn": ";".join(ids), **named}


def _yes_or_no(tracked: bool | None) -> str:
    return "" if tracked is None else "yes" if tracked else "no"


def _cuts(programme: Programme, numbers: list[int]) -> list[Cell]:
    by_number = {cut.number: cut for cut in programme}
    cells: list[Cell] = []
    for number in numbers:
        cut = by_number.get(number)
        start: date | str = "" if cut is None else cut.window.start if cut.window else cut.reason
        cells += [start, cut.window.end if cut and cut.window else ""]
    return cells
