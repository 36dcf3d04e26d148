"""What the tests of schedules share: a small county, and a file read against it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from mapsvc.config import Settings
from mapsvc.domain.schedule import DEFAULT_SERVICE, Programme
from mapsvc.domain.streets import STREET_COLUMNS, Keeper
from mapsvc.ingest.schedule.read import ScheduleRead, read_schedule
from mapsvc.problems import QuestionAnswers, Report
from mapsvc.services.state.reasons import shipped_reasons

DAY = date(2026, 6, 17)
KEEPERS = (Keeper("CC", "Exampleshire County Council"), Keeper("PC", "Ashby Parish Council"))


def gazetteer(*streets: tuple[str, str, str, float], **more: str) -> gpd.GeoDataFrame:
    """Streets (id, name, `locality, town`, easting), each a line of 100 m to the north."""
    rows = []
    for id, name, place, easting in streets:
        locality, _, town = place.partition(", ")
        row: dict[str, str | BaseGeometry] = {**dict.fromkeys(STREET_COLUMNS, ""), **more}
        row |= {"id": id, "usrn": id if id.isdigit() else "", "name": name}
        row |= {"locality": locality, "town": town}
        rows.append(row | {"geometry": LineString([(easting, 300_000), (easting, 300_100)])})
    return gpd.GeoDataFrame(rows, columns=list(STREET_COLUMNS), crs="EPSG:27700")


COUNTY = gazetteer(
    ("101", "Main Street", "Ashby, Exampleton", 400_000),
    ("102", "Main Street", "Barton, Exampleton", 405_000),
    ("103", "St Peter's Road", "Ashby, Exampleton", 400_200),
    ("104", "Topsham Road", "Ashby, Exampleton", 400_400),
    ("105", "Church Lane", "Barton, Exampleton", 405_100),
)


class Read:
    """A schedule read from files, its report, and what tests ask of them."""

    def __init__(
        self,
        files: Sequence[Path],
        season: int | None = None,
        service: str = DEFAULT_SERVICE,
        streets: gpd.GeoDataFrame = COUNTY,
        keepers: Sequence[Keeper] = KEEPERS,
        suggest: Callable[[str], list[str]] | None = None,
        answers: QuestionAnswers = QuestionAnswers(),  # noqa: B008
    ) -> None:
        self.report = Report("schedule", answers=answers)
        self.schedule: ScheduleRead = read_schedule(
            files,
            season=season,
            service=service,
            day=DAY,
            streets=streets,
            keepers=keepers,
            suggest=suggest,
            settings=Settings(),
            report=self.report,
            known_reasons=shipped_reasons(),
        )

    @property
    def problems(self) -> list[str]:
        return [str(problem) for problem in self.report.problems]

    def verge(self, streets: str, stretch: str = "", kind: str | None = None) -> dict[str, object]:
        """The one verge of a street (and stretch)."""
        rows = self.schedule.verges
        rows = rows[(rows["streets"] == streets) & (rows["stretch"] == stretch)]
        rows = rows if kind is None else rows[rows["kind"] == kind]
        (row,) = rows.to_dict("records")
        return dict(row)

    def programme(self, streets: str, stretch: str = "") -> Programme:
        return self.schedule.programmes[int(str(self.verge(streets, stretch)["programme"]))]

    def cuts(self, streets: str, stretch: str = "") -> list[str]:
        """`1: 2026-04-07/2026-04-10` or `1: "reason"` for each cut of a street's one verge."""
        return [
            f"{cut.number}: {cut.window.start}/{cut.window.end}"
            if cut.window
            else f'{cut.number}: "{cut.reason}"'
            for cut in self.programme(streets, stretch)
        ]
