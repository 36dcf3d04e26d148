"""Changes to a gazetteer (BS 7666 change-only transfers) applied to the edition before."""

import geopandas as gpd
import pandas as pd

from mapsvc.domain.streets import STREET_COLUMNS
from mapsvc.ingest.gazetteer.merging import frame
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report

Street = dict[str, object]


def with_update(
    current: gpd.GeoDataFrame, changes: gpd.GeoDataFrame, deleted: list[str], report: Report
) -> gpd.GeoDataFrame:
    """The streets of the current edition with the changes made and the deleted left out.

    Parameters
    ----------
    current, changes : STREET_COLUMNS in one CRS, known to each other by `id`; an empty text or
        geometry of a change leaves what was there
    report : gets counts, and a problem for each change that concerns no known street

    Returns
    -------
    STREET_COLUMNS, the known streets in their order and then the new ones
    """
    streets: dict[str, Street] = {row["id"]: row for row in current.to_dict("records")}
    for change in changes.to_dict("records"):
        _apply(change, streets, report)
    for id in deleted:
        if streets.pop(id, None) is None:
            report.add(_unknown(id, "deleted"))
        else:
            report.count("streets removed")
    return frame(streets.values(), str(current.crs or changes.crs))


def _apply(change: Street, streets: dict[str, Street], report: Report) -> None:
    id = str(change["id"])
    before = streets.get(id)
    after = {**(before or {}), **{k: v for k, v in change.items() if _says_something(v)}}
    if not (after.get("name") and _says_something(after.get("geometry"))):
        report.add(_unknown(id, "changed"))
        return
    streets[id] = {column: after.get(column, "") for column in STREET_COLUMNS}
    report.count("streets changed" if before else "streets added")


def _says_something(value: object) -> bool:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return False
    return bool(value) if isinstance(value, str) else not getattr(value, "is_empty", False)


def _unknown(id: str, done: str) -> Problem:
    return Problem(
        "unknown_street",
        Message("street_to_change_unknown", street=id, change=done),
        value=id,
    )
