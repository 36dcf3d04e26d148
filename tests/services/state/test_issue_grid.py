"""Where issues lie: within a box, or merged into counted cells, whatever their number."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from shapely import Point

from mapsvc.domain.issues import Issue, State
from mapsvc.services.state.issue_board import IssueBoard, brought_up_to_date
from mapsvc.services.state.issue_grid import MOST, WORLD, Box, IssueGrid
from mapsvc.store.database import Store, open_store
from mapsvc.store.issues import IssueDraft

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
COUNTY: Box = (-1.6, 52.4, -0.6, 53.0)
LOCAL = "EPSG:27700"


def issue(number: int) -> Issue:
    empty = dict.fromkeys(("text", "verge", "stretch", "assigned", "external"), "")
    none = dict.fromkeys(("season", "cut", "duplicate_of", "closed_at"))
    said = {"reference": f"G-{number}", "category": "other", "street": "1", "state": State.OPEN}
    times = {"at": NOW, "changed_at": NOW, "noticed": 0, "is_released": False}
    return Issue(id=number, **empty, **none, **said, **times)  # type: ignore[arg-type]


def grid(*places: tuple[float, float]) -> IssueGrid:
    """Issues 1, 2, … at these longitudes and latitudes."""
    numbers = range(1, len(places) + 1)
    return IssueGrid(map(issue, numbers), dict(zip(numbers, places, strict=True)))


def scattered(number: int, box: Box = COUNTY) -> IssueGrid:
    chance, (west, south, east, north) = Random(1), box
    return grid(
        *((chance.uniform(west, east), chance.uniform(south, north)) for _ in range(number))
    )


def test_within_a_box_come_the_newest_first_its_edges_included() -> None:
    found = grid((-1, 52), (-1.5, 52.5), (0, 53), (1, 52)).within((-1.5, 52, 0, 53))

    assert [one.id for one in found] == [3, 2, 1]


def test_no_issue_is_found_where_there_is_none() -> None:
    nothing = grid()

    assert nothing.within(WORLD) == nothing.newest == []
    assert (nothing.seen(WORLD, 10).issues, nothing.seen(WORLD, 17).issues) == ([], [])


def test_an_issue_without_a_point_is_newest_and_in_no_box() -> None:
    found = IssueGrid([issue(1), issue(2)], {1: (-1.0, 52.0)})

    assert [one.id for one in found.newest] == [2, 1]
    assert [one.id for one in found.within(WORLD)] == [1]
    assert [one.id for one in found.seen(WORLD, 5).issues] == [1]


def test_close_by_each_issue_is_by_itself_and_far_out_neighbours_are_counted() -> None:
    found = grid((-1.0001, 52.0001), (-1.0002, 52.0002), (-1.0003, 52.0003), (0.5, 51))

    close = found.seen((-1.1, 51.9, -0.9, 52.1), 14)
    far = found.seen((-2, 50, 1, 53), 8)

    assert ([one.id for one in close.issues], list(close.clusters)) == ([3, 2, 1], [])
    assert [one.id for one in far.issues] == [4]
    assert [(one.number, one.newest.id) for one in far.clusters] == [(3, 3)]
    assert far.clusters[0].place == pytest.approx((-1.0002, 52.0002))


@pytest.mark.parametrize("number", [0, 1, MOST, MOST + 1, 5_000])
@pytest.mark.parametrize("zoom", [0, 7, 9, 13, 14, 17, 22])
def test_every_issue_counts_and_an_answer_keeps_to_its_size(number: int, zoom: int) -> None:
    seen = scattered(number).seen(COUNTY, zoom)

    assert len(seen.issues) + sum(one.number for one in seen.clusters) == number
    assert len(seen.issues) + len(seen.clusters) <= MOST


@pytest.mark.parametrize("box", [WORLD, (-1e300, -1e300, 1e300, 1e300), (-180, -90, 180, 90)])
def test_the_whole_world_is_asked_for_as_any_box(box: Box) -> None:
    seen = scattered(500).seen(box, 22)

    assert len(seen.issues) + sum(one.number for one in seen.clusters) == 500
    assert len(seen.issues) + len(seen.clusters) <= MOST


def test_a_cell_at_the_edge_of_the_view_counts_all_its_issues() -> None:
    """Otherwise its marker would move and count otherwise with every pan."""
    found = grid((-1.0001, 52.0), (-0.9999, 52.0))

    seen = found.seen((-2, 51, -1, 53), 8)

    assert [one.number for one in seen.clusters] == [2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "s.gpkg")
    yield opened
    opened.close()


def test_a_board_that_followed_each_change_is_the_one_made_anew(store: Store) -> None:
    followed, chance = IssueBoard(), Random(2)
    for number in range(60):
        point = Point(450_000 + number, 300_000) if number % 3 else None
        added = store.issues.add(IssueDraft("other", "x", str(number % 5), point=point), NOW)
        if number % 7 == 0:
            store.issues.move(added.id, State.FIXED, by="ann", at=NOW)
        if number % 14 == 0:
            store.issues.move(added.id, State.OPEN, by="ann", at=NOW)
        if chance.random() < 0.5:
            followed = brought_up_to_date(followed, store.issues, LOCAL)

    anew = brought_up_to_date(IssueBoard(), store.issues, LOCAL)
    followed = brought_up_to_date(followed, store.issues, LOCAL)

    assert brought_up_to_date(followed, store.issues, LOCAL) is followed
    assert (followed.by_id, followed.places) == (anew.by_id, anew.places)
    assert {s: of for s, of in followed.by_street.items() if of} == anew.by_street
    assert followed.grid.newest == anew.grid.newest
    assert {one.id for one in store.issues.open()} == set(anew.by_id)


def test_open_issues_nearby_come_nearest_first(store: Store) -> None:
    far, near, fixed, _ = (
        store.issues.add(draft_at(450_000 + metres), NOW) for metres in (240, 10, 20, 251)
    )
    store.issues.move(fixed.id, State.FIXED, by="ann", at=NOW)
    board = brought_up_to_date(IssueBoard(), store.issues, LOCAL)

    found = board.grid.near(Point(450_000, 300_000), 250)

    assert [(one.id, round(metres)) for one, metres in found] == [(near.id, 10), (far.id, 240)]
    assert grid().near(Point(450_000, 300_000), 250) == []


def draft_at(easting: float) -> IssueDraft:
    return IssueDraft("other", "x", "1", point=Point(easting, 300_000))


def test_a_point_outside_the_grid_of_the_council_is_no_place(store: Store) -> None:
    store.issues.add(IssueDraft("other", "x", "1", point=Point(9e9, 9e9)), NOW)

    board = brought_up_to_date(IssueBoard(), store.issues, LOCAL)

    assert len(board.by_id) == 1
    assert board.places == {}
