"""Nearest streets and boxes, with all the traps of the R-tree package."""

from __future__ import annotations

import math
import random
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from shapely import LineString, Point

from mapsvc.search.space import SpaceIndex, build_space_index

NORTH = LineString([(0, 100), (100, 100)])
EAST = LineString([(130, 0), (130, 10)])
DIAGONAL = LineString([(-500, -500), (-500, 500), (500, 500)])


@pytest.fixture
def three(tmp_path: Path) -> Iterator[SpaceIndex]:
    streets = [NORTH, EAST, DIAGONAL]
    build_space_index(tmp_path, ((row, line.bounds) for row, line in enumerate(streets)))
    index = SpaceIndex(tmp_path)
    yield index
    index.close()


def line_of(row: int) -> LineString:
    return [NORTH, EAST, DIAGONAL][row]


def test_the_nearest_is_measured_to_the_line_and_not_to_its_box(three: SpaceIndex) -> None:
    assert three.nearest(0, 0, 3, line_of) == [(0, 100.0), (1, 130.0), (2, 500.0)]


def test_no_more_than_the_limit_comes_back(three: SpaceIndex) -> None:
    assert three.nearest(0, 0, 1, line_of) == [(0, 100.0)]
    assert three.nearest(0, 0, 0, line_of) == []


def test_streets_beyond_the_greatest_distance_are_left_out(three: SpaceIndex) -> None:
    assert three.nearest(0, 0, 3, line_of, max_distance_m=130) == [(0, 100.0), (1, 130.0)]
    assert three.nearest(0, 0, 3, line_of, max_distance_m=1) == []


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_a_position_that_is_no_number_is_near_nothing(three: SpaceIndex, x: float) -> None:
    assert three.nearest(x, 0, 3, line_of) == []


def test_boxes_that_meet_come_back_by_row(three: SpaceIndex) -> None:
    assert three.intersecting((90, 0, 130, 100)) == [0, 1, 2]
    assert three.intersecting((125, 0, 140, 5)) == [1, 2]
    assert three.intersecting((900, 900, 901, 901)) == []


def test_a_box_out_of_order_meets_nothing(three: SpaceIndex) -> None:
    assert three.intersecting((10, 0, 0, 10)) == []
    assert three.intersecting((math.nan, 0, 0, 10)) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    build_space_index(tmp_path, iter([]))
    index = SpaceIndex(tmp_path)

    assert index.nearest(0, 0, 5, line_of) == []
    assert index.intersecting((-1, -1, 1, 1)) == []
    index.close()


def test_a_street_without_geometry_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    empty = (math.nan, math.nan, math.nan, math.nan)
    build_space_index(tmp_path, [(0, empty), (1, EAST.bounds), (2, (5.0, 0.0, 1.0, 1.0))])
    index = SpaceIndex(tmp_path)

    assert [row for row, _ in index.nearest(0, 0, 5, line_of)] == [1]
    index.close()


def test_building_again_replaces_what_was_there(tmp_path: Path) -> None:
    build_space_index(tmp_path, [(0, NORTH.bounds), (1, EAST.bounds)])
    build_space_index(tmp_path, [(1, EAST.bounds)])
    index = SpaceIndex(tmp_path)

    assert [row for row, _ in index.nearest(0, 0, 5, line_of)] == [1]
    index.close()


def test_streets_at_one_distance_come_by_row_however_many_there_are(tmp_path: Path) -> None:
    points = {row: Point(math.cos(row), math.sin(row)).buffer(0.01) for row in range(100)}
    same = {row: Point(7, 0) for row in range(100, 200)}
    streets = points | same
    build_space_index(tmp_path, ((row, streets[row].bounds) for row in reversed(streets)))
    index = SpaceIndex(tmp_path)

    found = index.nearest(7, 0, 5, streets.__getitem__)

    assert found == [(row, 0.0) for row in range(100, 105)]
    index.close()


def test_long_diagonals_do_not_hide_the_near_street(tmp_path: Path) -> None:
    """Their boxes all hold the point, so the first look sees nothing else."""
    diagonals = {n: LineString([(-900 - n, 900), (-900 - n, -900), (900, -900)]) for n in range(90)}
    streets = diagonals | {90: LineString([(3, 4), (30, 40)])}
    build_space_index(tmp_path, ((row, line.bounds) for row, line in streets.items()))
    index = SpaceIndex(tmp_path)

    assert index.nearest(0, 0, 1, streets.__getitem__) == [(90, 5.0)]
    index.close()


def test_the_answer_is_that_of_looking_at_every_street(tmp_path: Path) -> None:
    dice = random.Random(5)
    streets = {row: _random_line(dice) for row in range(2_000)}
    build_space_index(tmp_path, ((row, line.bounds) for row, line in streets.items()))
    index = SpaceIndex(tmp_path)

    for _ in range(50):
        point = Point(dice.uniform(0, 10_000), dice.uniform(0, 10_000))
        every = sorted((line.distance(point), row) for row, line in streets.items())

        found = index.nearest(point.x, point.y, 10, streets.__getitem__)

        assert [(far, row) for row, far in found] == every[:10]
    index.close()


def test_eight_threads_ask_thousands_of_times_with_a_handle_each(tmp_path: Path) -> None:
    dice = random.Random(6)
    streets = {row: _random_line(dice) for row in range(3_000)}
    build_space_index(tmp_path, ((row, line.bounds) for row, line in streets.items()))
    index = SpaceIndex(tmp_path)
    wanted = [row for row, _ in index.nearest(5_000, 5_000, 10, streets.__getitem__)]

    def ask(_: int) -> bool:
        found = index.nearest(5_000, 5_000, 10, streets.__getitem__)
        met = index.intersecting((4_000, 4_000, 6_000, 6_000))
        return [row for row, _ in found] == wanted and len(met) > 0

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(4_000)))
        handles = index.handles

    assert all(answers)
    assert 2 <= handles <= 9
    index.close()
    assert index.handles == 0


def test_a_thread_that_ends_gives_its_handle_back(three: SpaceIndex) -> None:
    for _ in range(20):
        with ThreadPoolExecutor(1) as thread:
            thread.submit(three.nearest, 0, 0, 1, line_of).result()

    assert three.handles <= 1


def test_the_published_files_are_read_only_and_stay_untouched(tmp_path: Path) -> None:
    build_space_index(tmp_path, [(1, EAST.bounds)])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for path in tmp_path.iterdir():
        path.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

    index = SpaceIndex(tmp_path)
    found = index.nearest(0, 0, 1, line_of)
    index.close()

    tmp_path.chmod(stat.S_IRWXU)
    assert found == [(1, 130.0)]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_closing_twice_does_no_harm(three: SpaceIndex) -> None:
    three.close()
    three.close()


def _random_line(dice: random.Random) -> LineString:
    x, y = dice.uniform(0, 10_000), dice.uniform(0, 10_000)
    return LineString([(x, y), (x + dice.gauss(0, 300), y + dice.gauss(0, 300))])
