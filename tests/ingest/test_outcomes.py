"""What becomes of real files from councils: each is read, or refused with one exact sentence.

The gazetteer is invented and has a street beside the shapes of the files, and Giessen's streets.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from mapsvc.errors import FileRefused
from mapsvc.services.schedules.ingest_reports import report_lines
from mapsvc.services.schedules.publishing import Options, propose
from mapsvc.services.state.council import Council
from tests.support.councils import open_council, publish_text

Shared = Callable[[str], Path]
Outcome = str | Mapping[str, int]

SPOTS = {
    "Verge Lane": (500_819, 307_469),
    "Acq Road": (519_238, 298_568),
    "Park Road": (540_037, 169_063),
    "Calverton Lane": (461_497, 349_228),
    "Salop Street": (351_362, 328_722),
    "Church Lane": (497_300, 371_500),
    "Whitepit Lane": (449_822, 90_373),
}
"""The middles of shapes in the files: each a street of 50 m, in EPSG:27700."""


def giessen_names(folder: Path) -> list[str]:
    """The streets of Giessen's directory without their house numbers, each once."""
    with (folder / "Straßenverzeichnis_2014.csv").open(encoding="utf-8", newline="") as file:
        names = [re.sub(r"[ ,]+\d.*", "", row[0]) for row in csv.reader(file)]
    return list(dict.fromkeys(names))


@pytest.fixture(scope="module")
def council(shared_data: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """A council with the invented gazetteer published."""
    spots = {**SPOTS}
    for n, name in enumerate(giessen_names(shared_data("giessen_rounds"))):
        spots.setdefault(name, (400_000 + 20 * n, 300_000))
    lines = [
        f'{100 + n},"{name}",,Ourtown,"LINESTRING({x} {y},{x + 50} {y})"'
        for n, (name, (x, y)) in enumerate(spots.items())
    ]
    folder = tmp_path_factory.mktemp("outcomes")
    council = open_council(folder, bounds=(0.0, 0.0, 700_000.0, 700_000.0))
    text = "\n".join(["usrn,name,locality,town,wkt", *lines])
    publish_text(council, folder, "gazetteer", text)
    yield council
    council.close()


def outcome(council: Council, kind: str, files: list[Path], options: Options) -> Outcome:
    """The counts that are not nought, or the sentence."""
    try:
        report = propose(council, kind, files, options).report
    except FileRefused as refusal:
        return str(refusal)
    if report.is_blocked:
        return str(next(problem for problem in report.problems if problem.blocks))
    counts = {word: number for word, number in report.counts.items() if number}
    return counts | ({"problems": len(report.problems)} if report.problems else {})


NO_STREET = (
    "{file} has no column that names a street; its columns are {said} "
    "Columns that always work: usrn,name,locality,town,easting,northing."
)
NO_SCHEDULE = (
    "{file} has no column that names a street, verge or round; its columns are {said} "
    "Columns that always work: usrn,street,locality,town,verge,kind,stretch,keeper,round,"
    "frequency,tracked,cut,start,end,rest_from,rest_until,rest_reason."
)
NOT_CUTTING = (
    "{file} says nothing about cutting: its columns are {said} A schedule has a street and its "
    "round, start, frequency or keeper. If this is a file of streets, use: "
    "mapsvc ingest gazetteer {file}"
)
A_SCHEDULE = "{file} looks like a schedule: it has the {said}. Use: mapsvc ingest schedule {file}"
NO_POSITION = (
    "None of the 9 rows of {file} has a position. Give each its easting and northing or its lon "
    "and lat, or export the streets from a map program as GeoPackage."
)
AREAS = (
    "{file} holds {said} areas and no streets. For parishes and wards use: "
    "mapsvc ingest boundaries {file}"
)
ELSEWHERE = (
    "All {said} from the council's area. Check that it is this council's file, and which "
    "coordinates it says it uses."
)
NO_HEADINGS = (
    "{file} has no heading row. Begin with a row of headings such as "
    "usrn,name,locality,town,easting,northing. For streets with their rounds use: "
    "mapsvc ingest schedule {file}"
)
NOT_TOLD = (
    "{file} has no heading row, and its columns cannot be told. Put a row of headings at the top, "
    "such as street,locality,town,round, or give the file of the rounds' dates too."
)
SERVICES = (
    "The files hold 8 services: blue, yellow, green, grey (eco), grey (big), orange, red, brown. "
    'Read one at a time, such as --service "blue".'
)
NO_ROUNDS = (
    "{file}: There are dates for {said} rounds and no street with its round in {file}. Give the "
    "file that says which street is in which round as well."
)
NO_NAMES = (
    "{file} has USRNs and no street names. Give it together with a file of names, such as OS Open "
    "Roads: mapsvc ingest gazetteer {file} oproad_gb.gpkg"
)
NO_SUCH_STREET = "None of the {said} in the gazetteer. {hint}Correct the name or give the USRN."

ADDRESSES = "Add1, Add2, Add3, Add4, Add5, Add6, PostCode, StationCode \u2026."
XPRESS = (
    "ElectionDate, Contested, Property_URN, AddressLine1, AddressLine2, AddressLine3, "
    "AddressLine4, AddressLine5 \u2026."
)
EROS = (
    "HouseID, HouseName, HouseNumber, HousePostCode, UPRN, SubStreetName, StreetNumber, "
    "StreetName \u2026."
)
WEBLOOKUP = (
    "AuthorityCode, PropertyNumber, StreetName, PostCode, PollingDistrictReference, "
    "PollingPlaceId, PollingPlaceAddress1, PollingPlaceAddress2 \u2026."
)
BROWNFIELD = (
    "OrganisationURI, OrganisationLabel, SiteReference, PreviouslyPartOf, SiteNameAddress, "
    "Site{plan}URL, CoordinateReferenceSystem, GeoX \u2026. "
)
CALVERTON = (
    "OBJECTID_1, OBJECTID_2, OBJECTID, FEATURE_RE, RECORD_NUM, NUM_VERTIC, TITLE, KEYVAL \u2026."
)
MONTHS = "columns WARD SECTION (CONCATENATED), MONTH NAME, MONTH NUMBER, DATES"
ROAD_WORKS = "start_date, end_date, summary, description, promoter."
SECTION = ' Did you mean "Section Code" by "StationCode"?'
REFERENCE = 'Did you mean "Street Reference" by "SiteReference"?'
SITE = 'Did you mean "Site Address" by "SiteNameAddress"?'
PLAN, SITE_PLAN = BROWNFIELD.format(plan="plan"), BROWNFIELD.format(plan="Plan")

UNDATED = {"rows read": 1, "matched": 1, "without a date": 1, "verges": 1}
DATED = {"rows read": 1, "matched": 1, "verges": 1, "cuts": 3, "problems": 1}
KEEPERLESS = UNDATED | {"problems": 1}
"""The keeper's code is no published keeper's: a problem, and the verge is kept."""

GAZETTEERS: list[tuple[str, str, str]] = [
    ("council_csv_uploads/districts.kml", AREAS, "2"),
    ("council_csv_uploads/ems-dcounts-districts.csv", NO_STREET, ADDRESSES),
    ("council_csv_uploads/ems-dcounts-stations.csv", NO_STREET, ADDRESSES),
    ("council_csv_uploads/ems-idox-eros.csv", NO_POSITION, ""),
    ("council_csv_uploads/ems-xpress-dc.csv", NO_STREET, XPRESS),
    ("council_csv_uploads/ems-xpress-weblookup.CSV", NO_POSITION, ""),
    (
        "council_csv_uploads/stations_27700.csv",
        NO_STREET,
        "internal_council_id, address, postcode, east, north.",
    ),
    (
        "council_csv_uploads/stations_4326.csv",
        NO_STREET,
        "internal_council_id, address, postcode, lng, lat.",
    ),
    ("council_csv_uploads/teignbridge_2019.csv", NO_STREET, XPRESS),
    ("council_gis_uploads/calverton_conservation_area.geojson", NO_STREET, CALVERTON),
    ("council_gis_uploads/conservation_area.kml", AREAS, "12"),
    ("council_gis_uploads/halton_inspire.gml", AREAS, "10"),
    ("council_gis_uploads/north_kesteven_brownfield.csv", NO_STREET, PLAN + REFERENCE),
    ("council_gis_uploads/shapefile.zip", AREAS, "6"),
    ("council_gis_uploads/sheet.xlsx", NO_STREET, SITE_PLAN + REFERENCE),
    ("giessen_rounds/Straßenverzeichnis_2014.csv", NO_HEADINGS, ""),
    ("giessen_rounds/Straßenverzeichnis_2014.xlsx", NO_HEADINGS, ""),
    ("giessen_rounds/monday.csv", A_SCHEDULE, "column Date"),
    ("giessen_rounds/monday.ods", A_SCHEDULE, "column Date"),
    ("chicago_sweeping/Street_Sweeping_Schedule_-_2024.csv", A_SCHEDULE, MONTHS),
    ("chicago_sweeping/Street_Sweeping_Schedule_-_2025.csv", A_SCHEDULE, MONTHS),
    ("lincs_grass_wfs/bromley-parks.xml", NO_STREET, "gml_id, site_name, site_code."),
    (
        "lincs_grass_wfs/iow_roadworks.json",
        NO_STREET,
        ROAD_WORKS + ' Did you mean "Descriptor" by "description"?',
    ),
    *(
        (f"lincs_grass_wfs/lincs_grass_{name}.xml", A_SCHEDULE, "columns Cut_1, Cut_2, Cut_3")
        for name in (
            "LCDC_contactLCC",
            "LCDC_contactLCDC",
            "contact_parish",
            "f1_withDates",
            "lcc_noDate",
            "lcc_withDates",
        )
    ),
    ("lincs_grass_wfs/peterborough_pcc.json", NO_STREET, "Layer."),
    ("lincs_grass_wfs/shropshire_gazetteer.xml", NO_NAMES, ""),
]

SCHEDULES: list[tuple[str, Outcome, str]] = [
    (
        "council_csv_uploads/districts.kml",
        {**UNDATED, "rows read": 2, "unknown": 1, "problems": 2},
        "",
    ),
    ("council_csv_uploads/ems-dcounts-districts.csv", NO_SCHEDULE, ADDRESSES + SECTION),
    ("council_csv_uploads/ems-dcounts-stations.csv", NO_SCHEDULE, ADDRESSES + SECTION),
    ("council_csv_uploads/ems-idox-eros.csv", NOT_CUTTING, EROS),
    ("council_csv_uploads/ems-xpress-dc.csv", NO_SCHEDULE, XPRESS),
    ("council_csv_uploads/ems-xpress-weblookup.CSV", NOT_CUTTING, WEBLOOKUP),
    (
        "council_csv_uploads/stations_27700.csv",
        NOT_CUTTING,
        "internal_council_id, address, postcode, east, north.",
    ),
    (
        "council_csv_uploads/stations_4326.csv",
        NOT_CUTTING,
        "internal_council_id, address, postcode, lng, lat.",
    ),
    ("council_csv_uploads/teignbridge_2019.csv", NO_SCHEDULE, XPRESS),
    ("council_gis_uploads/calverton_conservation_area.geojson", UNDATED, ""),
    (
        "council_gis_uploads/conservation_area.kml",
        ELSEWHERE,
        "12 rows of {file} lie in the wrong place: the first, at -1.63579, 55.00634, is 196 km",
    ),
    (
        "council_gis_uploads/halton_inspire.gml",
        ELSEWHERE,
        "10 rows of {file} lie in the wrong place: the first, at -2.63364, 53.33944, is 11 km",
    ),
    ("council_gis_uploads/north_kesteven_brownfield.csv", NO_SCHEDULE, PLAN + SITE),
    (
        "council_gis_uploads/shapefile.zip",
        {**UNDATED, "rows read": 6, "matched": 6, "without a date": 6, "verges": 6},
        "",
    ),
    ("council_gis_uploads/sheet.xlsx", NO_SCHEDULE, SITE_PLAN + SITE),
    ("giessen_rounds/Straßenverzeichnis_2014.csv", NOT_TOLD, ""),
    ("giessen_rounds/Straßenverzeichnis_2014.xlsx", NOT_TOLD, ""),
    ("giessen_rounds/monday.csv", SERVICES, ""),
    ("giessen_rounds/monday.ods", SERVICES, ""),
    ("chicago_sweeping/Street_Sweeping_Schedule_-_2024.csv", NO_ROUNDS, "844"),
    ("chicago_sweeping/Street_Sweeping_Schedule_-_2025.csv", NO_ROUNDS, "849"),
    (
        "lincs_grass_wfs/bromley-parks.xml",
        {**UNDATED, "rows read": 6, "matched": 6, "without a date": 6, "verges": 6},
        "",
    ),
    ("lincs_grass_wfs/iow_roadworks.json", NO_SCHEDULE, ROAD_WORKS),
    ("lincs_grass_wfs/lincs_grass_LCDC_contactLCC.xml", KEEPERLESS, ""),
    ("lincs_grass_wfs/lincs_grass_LCDC_contactLCDC.xml", KEEPERLESS, ""),
    ("lincs_grass_wfs/lincs_grass_contact_parish.xml", KEEPERLESS, ""),
    ("lincs_grass_wfs/lincs_grass_f1_withDates.xml", DATED, ""),
    ("lincs_grass_wfs/lincs_grass_lcc_noDate.xml", KEEPERLESS, ""),
    ("lincs_grass_wfs/lincs_grass_lcc_withDates.xml", DATED, ""),
    ("lincs_grass_wfs/peterborough_pcc.json", UNDATED, ""),
    ("lincs_grass_wfs/shropshire_gazetteer.xml", NOT_CUTTING, "gml_id, SITE_CLASS, USRN."),
]

FOLDERS = sorted({path.partition("/")[0] for path, _, _ in GAZETTEERS})


@pytest.mark.parametrize(
    ("kind", "path", "expected", "said"),
    [
        *(("gazetteer", *row) for row in GAZETTEERS),
        *(("schedule", *row) for row in SCHEDULES),
    ],
)
def test_a_file_is_read_or_refused_with_one_sentence(
    council: Council, shared_data: Shared, kind: str, path: str, expected: Outcome, said: str
) -> None:
    folder, _, name = path.partition("/")

    found = outcome(council, kind, [shared_data(folder) / name], Options())

    if isinstance(expected, str):
        expected = expected.replace("{said}", said).replace("{file}", name)
    assert found == expected


def test_the_docs_tell_of_every_file() -> None:
    docs = (Path(__file__).parents[2] / "docs/real-files.md").read_text(encoding="utf-8")

    assert [path for path, _, _ in GAZETTEERS if f"`{Path(path).name}`" not in docs] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_table_has_every_file(shared_data: Shared, folder: str) -> None:
    files = {f"{folder}/{file.name}" for file in shared_data(folder).iterdir()}

    for table in (GAZETTEERS, SCHEDULES):
        assert files - {f"{folder}/SOURCE.txt"} == {
            path for path, *_ in table if path.startswith(folder)
        }


@pytest.mark.parametrize("calendar", ["monday.csv", "monday.ods"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_giessen_streets_without_headings_are_read_with_their_calendar(
    council: Council, shared_data: Shared, ending: str, calendar: str
) -> None:
    folder = shared_data("giessen_rounds")
    files = [folder / f"Straßenverzeichnis_2014.{ending}", folder / calendar]

    found = outcome(council, "schedule", files, Options(service="grey (big)"))

    assert found == {
        "rows read": 1142,
        "matched": 772,
        "unknown": 5,
        "verges": 772,
        "rounds": 2,
        "cuts": 20072,
        "problems": 5,
    }


def test_two_years_given_at_once_are_not_taken_for_one(
    council: Council, shared_data: Shared, tmp_path: Path
) -> None:
    years = sorted(shared_data("chicago_sweeping").glob("*.csv"))
    streets = tmp_path / "streets.csv"
    streets.write_text("street,round\nVerge Lane,0101\n")

    report = propose(council, "schedule", [streets, *years], Options()).report

    assert report.changes["streets that gain a date"] == [
        (
            "Verge Lane, Ourtown: cut 1 on 1 April 2025, cut 2 on 13 May 2025, "
            "cut 3 on 26 June 2025, cut 4 on 8 August 2025 and 2 more"
        )
    ]
    assert [str(problem) for problem in report.problems] == [
        (
            "Street_Sweeping_Schedule_-_2024.csv: This file is of 2024 by its name and others of "
            "2025, so it was left out. Read it by itself, with the streets of its rounds and "
            "--season 2024."
        )
    ]


def test_shapes_that_nothing_is_said_of_are_read_with_a_warning(
    council: Council, shared_data: Shared
) -> None:
    file = shared_data("lincs_grass_wfs") / "peterborough_pcc.json"

    lines = list(report_lines(propose(council, "schedule", [file], Options()).report))

    assert any("No column says when, how often or by whom this grass is cut." in x for x in lines)
