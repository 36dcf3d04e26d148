"""Which streets of a first gazetteer are too far away: judged by the whole file."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from shapely import Point

from mapsvc.cli import main
from mapsvc.crs import to_wgs84
from mapsvc.ingest.gazetteer.merging import Piece
from mapsvc.ingest.gazetteer.strays import without_strays
from mapsvc.problems import Report

LONDON, EXETER, DURHAM, LEEDS = (
    (530_000, 180_000), (292_000, 92_000), (427_000, 542_000), (430_000, 433_000)
)  # fmt: skip
TOWNS = [LONDON] * 8 + [EXETER] * 6 + [DURHAM] * 5 + [LEEDS] * 5
COUNTY = [(450_000 + 500 * n, 300_000) for n in range(40)]

Spots = Sequence[tuple[float, float]]
Runner = Callable[..., Result]


def pieces(spots: Spots) -> list[Piece]:
    return [
        Piece(f"Street {n}", Point(x + 700 * (n % 7), y + 300 * n), file="a.csv", row=n + 2)
        for n, (x, y) in enumerate(spots)
    ]


def kept(spots: Spots) -> tuple[int, Report]:
    report = Report("gazetteer")
    return len(without_strays(pieces(spots), "EPSG:27700", report)), report


def test_towns_all_over_a_nation_are_taken() -> None:
    number, report = kept(TOWNS)

    assert (number, report.problems, report.lost) == (24, [], 0)


@pytest.mark.parametrize("spots", [[LONDON], [LONDON, LEEDS], [LONDON, EXETER, DURHAM, LEEDS]])
def test_few_streets_far_apart_are_no_mistake(spots: Spots) -> None:
    number, report = kept(spots)

    assert (number, report.problems) == (len(spots), [])


def test_one_street_far_from_all_others_is_a_problem() -> None:
    number, report = kept([*COUNTY, (450_000, 600_000)])

    assert (number, report.lost) == (40, 1)
    assert str(report.problems[0]) == (
        "a.csv, row 42: Street 40, at 453500, 612000, lies 297 km from all other streets of the "
        "file. It is left out: correct its coordinates, or take the row out."
    )


@pytest.mark.parametrize("count", [1, 3])
def test_streets_with_their_coordinates_exchanged_are_told_so(count: int) -> None:
    report = Report("gazetteer")
    good = pieces(COUNTY)
    bad = [
        Piece(f"Bad {n}", Point(one.geometry.y, one.geometry.x), file="a.csv", row=90 + n)
        for n, one in enumerate(good[10 : 10 + count])
    ]

    found = without_strays([*good, *bad], "EPSG:27700", report)

    assert found == good
    assert [problem.kind for problem in report.problems] == ["swapped"] * count
    assert "its two coordinates were in the wrong order" in str(report.problems[0])


def test_no_street_of_a_large_nation_is_lost() -> None:
    rng = np.random.default_rng(1)
    spots = [(float(x), float(y)) for x, y in rng.uniform((200e3, 50e3), (600e3, 950e3), (9000, 2))]

    number, report = kept(spots)

    assert (number, report.problems) == (9000, [])


def table(folder: Path, spots: Spots, *more: str) -> Path:
    """A gazetteer in longitude and latitude, read in batches."""
    file = folder / "streets.csv"
    places = to_wgs84([Point(x + 700 * (n % 7), y + 300 * n) for n, (x, y) in enumerate(spots)])
    rows = [f"{10000001 + n},Street {n},{p.x:.6f},{p.y:.6f}" for n, p in enumerate(places)]
    file.write_text("\n".join(["usrn,name,lon,lat", *rows, *more]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(main, ["ingest", "gazetteer", *map(str, words)])


def test_a_nations_gazetteer_is_published_whole(ingest: Runner, tmp_path: Path) -> None:
    done = ingest(table(tmp_path, TOWNS), "--publish", "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["counts"]["streets"] == 24
    assert json.loads(done.stdout)["problems"] == []


def test_a_gazetteer_that_loses_more_than_a_row_in_a_hundred_needs_a_word(
    ingest: Runner, tmp_path: Path
) -> None:
    file = table(tmp_path, COUNTY, "10000900,Nowhere Lane,,")

    refused = ingest(file, "--publish")
    published = ingest(file, "--publish", "--accept-losses")

    assert refused.exit_code == 1
    assert "1 of 41 rows would be left out, which is more than one in a hundred." in refused.stdout
    assert "with --accept-losses" in refused.stdout
    assert published.exit_code == 0
    assert "Published as edition 1." in published.stdout


def test_a_gazetteer_that_loses_one_row_in_a_hundred_is_published(
    ingest: Runner, tmp_path: Path
) -> None:
    file = table(tmp_path, COUNTY * 3, "10000900,Nowhere Lane,,")

    assert ingest(file, "--publish").exit_code == 0


def test_a_column_is_what_the_command_says_that_it_is(ingest: Runner, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Bez,Rue,Est,Nord\n1,Mill Lane,450000,300000\n2,High Street,450100,300000\n")

    read = ingest(
        file, "--column", "Rue=name", "--column", "Est=easting", "--column", "NORD=northing"
    )
    misspelt = ingest(file, "--column", "Roue=name")
    no_field = ingest(file, "--column", "Rue=nom")

    assert read.exit_code == 0
    assert "2  streets" in read.stdout
    assert 'No column of these files is headed "Roue"' in misspelt.output
    assert misspelt.exit_code == 1
    assert no_field.exit_code == 2
    assert "A gazetteer file has no field 'nom'." in no_field.output
