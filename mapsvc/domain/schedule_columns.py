"""The columns of a schedule, each declared once: of its file, its workbook, its frame, its store.

A new column is a line here, its headings in geodata/reference/columns.csv, and a migration where
it is stored. What it means is said where it is used.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

About = Literal["street", "verge", "cut", "round", "edition"]


class GeometryCell:
    """What a cell of Shapely's is; whoever reads a table has no need to load Shapely."""


@dataclass(frozen=True, slots=True)
class ScheduleColumn:
    """One column.

    Parameters
    ----------
    name : in a frame of verges and in the store; its heading in files where it is not stored
    type : of its cells; a text is empty when not said, the others are None
    about : what it says something of
    heading : the plain heading in a file and in the workbook; empty when no file says it
    is_stored : whether a frame of verges and the store have it
    is_said : whether rows say it word for word: two that differ for one verge are a problem
    is_plain : whether it is among the headings that the documents promise
    in_template : whether the workbook to edit and send again has it
    is_public : whether residents may read it
    """

    name: str
    type: type
    about: About
    heading: str = ""
    is_stored: bool = True
    is_said: bool = False
    is_plain: bool = True
    in_template: bool = True
    is_public: bool = True


def _in_files(name: str, about: About, **more: bool) -> ScheduleColumn:
    return ScheduleColumn(name, str, about, heading=name, is_stored=False, **more)


def _said(name: str) -> ScheduleColumn:
    return ScheduleColumn(name, str, "verge", heading=name, is_said=True)


def _derived(name: str, type: type, *, is_public: bool = True) -> ScheduleColumn:
    return ScheduleColumn(
        name, type, "verge", is_plain=False, in_template=False, is_public=is_public
    )


COLUMNS = (
    _in_files("usrn", "street"),
    _in_files("street", "street"),
    _in_files("street_before", "street", is_plain=False, in_template=False),
    _in_files("street_type", "street", is_plain=False, in_template=False),
    _in_files("street_after", "street", is_plain=False, in_template=False),
    _in_files("locality", "street"),
    _in_files("town", "street"),
    _in_files("parish", "street", is_plain=False, in_template=False),
    _in_files("ward", "street", is_plain=False, in_template=False),
    ScheduleColumn("id", str, "verge", heading="verge"),
    _derived("streets", str),
    _said("kind"),
    _said("stretch"),
    ScheduleColumn("land_name", str, "verge", heading="land_name", is_said=True, is_plain=False),
    _said("keeper"),
    _said("round"),
    _in_files("round_name", "round", is_plain=False),
    _said("frequency"),
    ScheduleColumn("tracked", bool, "verge", heading="tracked"),
    _in_files("cut", "cut", in_template=False),
    _in_files("start", "cut", in_template=False),
    _in_files("end", "cut", in_template=False),
    ScheduleColumn("rest_from", date, "verge", heading="rest_from"),
    ScheduleColumn("rest_until", date, "verge", heading="rest_until"),
    ScheduleColumn("rest_reason", str, "verge", heading="rest_reason"),
    _in_files("season", "edition", is_plain=False),
    _in_files("service", "edition", is_plain=False),
    _derived("programme", int, is_public=False),
    _derived("geometry", GeometryCell),
)
"""In the order of the plain file.

`streets` is a `;` list of street ids; `tracked` is None where not said; `programme` is the
position of the verge's cuts in the schedule's list of programmes; `geometry` is polygon, line or
None, in the local CRS.
"""

STORED = tuple(column for column in COLUMNS if column.is_stored and column.type is not GeometryCell)
"""The columns of a frame of verges, and of the store, but for the geometry."""

VERGE_COLUMNS = (*(column.name for column in STORED), "geometry")
"""The columns of a frame of verges."""

SAID_OF_A_VERGE = tuple(column.name for column in COLUMNS if column.is_said)

PLAIN_FIELDS = tuple(column.heading for column in COLUMNS if column.is_plain)
"""The headings of the plain schedule, which always work."""

FIELDS = tuple(column.heading for column in COLUMNS if column.heading)
"""All that a row of a file can say, by its plain heading."""

IN_TEMPLATE = tuple(column.heading for column in COLUMNS if column.in_template)
"""The headings of the workbook; its cuts follow, each with two columns of its own."""

ONLY_OF_SCHEDULES = frozenset(PLAIN_FIELDS) - {
    *(column.heading for column in COLUMNS if column.about == "street"),
    *("verge", "kind", "stretch"),
}
"""Headings that no gazetteer has: one of them makes a table a schedule."""
