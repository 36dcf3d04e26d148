"""Which row of a table is that of its headings."""

from collections.abc import Sequence
from datetime import date

import pytest

from mapsvc.ingest.formats.table_layout import heading_place

UNKNOWN = [
    ["Beat", "MowDate", "Mow", "Strim", "Edge"],
    ["A-1", "2026-06-08", None, "y", "y"],
    ["A-1", "2026-06-15", "y", None, "y"],
]
COVERED = [
    ["Grass cutting 2026"],
    ["Area", "North", "Round", "R1"],
    ["Contact", "Jo"],
    ["Street", "Village", "Round", "Cut 1", "Cut 2"],
    ["High St", "Ex", "R1", "2026-04-06", "2026-05-06"],
    ["Low St", "Ex", "R1", "2026-04-06", "2026-05-06"],
]
ACROSS = [
    ["Street", "Town", date(2026, 4, 6), date(2026, 4, 13)],
    ["High St", "Ex", "x", None],
    ["Low St", "Ex", None, "x"],
]


def place(rows: Sequence[Sequence[object]], *named: str) -> int | None:
    return heading_place(list(enumerate(rows, start=1)), frozenset(named))


@pytest.mark.parametrize(("rows", "found"), [(UNKNOWN, 0), (COVERED, 3), (ACROSS, 0)])
def test_headings_are_not_taken_from_a_row_of_data_or_a_cover(
    rows: Sequence[Sequence[object]], found: int
) -> None:
    assert place(rows) == found


def test_rows_of_data_alone_have_no_headings() -> None:
    assert place([["Road", "2026-04-06", "Area"], ["Low St", "2026-04-07", "y"]]) is None
    assert place([["High St", "2026-04-06", "y", "y"], ["Low St", "2026-04-07", "y", "y"]]) is None


def test_headings_that_a_person_named_are_found_below_a_cover() -> None:
    rows = [["Area", "North", "See page 2", "Round"], *UNKNOWN]

    assert place(rows, "beat", "mowdate", "strim", "edge") == 1
