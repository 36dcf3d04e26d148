"""Public products are known by what they hold: real files where there are any, else made ones.

The table "Known by fingerprint" of docs/real-files.md says the same, line by line.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mapsvc.config import Settings
from mapsvc.ingest.gazetteer.read import read_gazetteer
from mapsvc.ingest.reference.boundaries import read_boundaries
from mapsvc.ingest.reference.places import read_places
from mapsvc.problems import Report, counted

Shared = Callable[[str], Path]
DOCS = Path(__file__).parents[2] / "docs" / "real-files.md"

ESRI = {
    "geometryType": "esriGeometryPolyline",
    "spatialReference": {"wkid": 27700},
    "fields": [{"name": "STREET", "type": "esriFieldTypeString"}],
    "features": [
        {
            "attributes": {"STREET": "Mill Lane"},
            "geometry": {"paths": [[[450000, 300000], [450100, 300000]]]},
        }
    ],
}
TOPOLOGY = {
    "type": "Topology",
    "objects": {
        "streets": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "LineString", "arcs": [0], "properties": {"name": "Mill Lane"}}
            ],
        }
    },
    "arcs": [[[-1.26, 52.6], [-1.259, 52.6]]],
}

REAL = [
    ("bath_os/os_roads.geojson", "gazetteer", "EPSG:27700", {"rows read": 9015, "streets": 2318}),
    ("bath_os/os_postcodes.geojson", "places", "EPSG:27700", {"rows read": 5783, "places": 5783}),
    ("bath_os/os_place_names.geojson", "places", "EPSG:27700", {"rows read": 936, "places": 936}),
    (
        "bath_os/os_parishes.geojson",
        "boundaries",
        "EPSG:27700",
        {"rows read": 52, "areas of the kind parish": 51},
    ),
    (
        "uk_wards_2013/wards_blaby.geojson",
        "boundaries",
        "EPSG:27700",
        {"rows read": 18, "areas of the kind ward": 18},
    ),
    (
        "fingerprints/BAN_licence_gratuite_repartage_75.zip",
        "gazetteer",
        "EPSG:2154",
        {"rows read": 99, "streets": 99},
    ),
    (
        "fingerprints/nj-statewide.gdb.zip",
        "gazetteer",
        "EPSG:3424",
        {"rows read": 1059, "streets": 57},
    ),
]
MADE = [("lanes.json", ESRI), ("lanes.topojson", TOPOLOGY)]


def counts_of(file: Path, kind: str, crs: str) -> dict[str, int]:
    report, settings = Report(kind), Settings(crs=crs)
    if kind == "places":
        read_places([file], settings=settings, bounds=None, report=report)
    elif kind == "boundaries":
        read_boundaries([file], settings=settings, bounds=None, report=report)
    else:
        read_gazetteer([file], format=None, settings=settings, bounds=None, report=report)
    return report.counts


@pytest.mark.parametrize(("path", "kind", "crs", "counts"), REAL)
def test_a_real_file_is_read_as_the_documents_say(
    shared_data: Shared, path: str, kind: str, crs: str, counts: dict[str, int]
) -> None:
    folder, _, name = path.partition("/")

    read = counts_of(shared_data(folder) / name, kind, crs)

    assert {word: read[word] for word in counts} == counts
    said = ", ".join(counted(number, word) for word, number in counts.items())
    (line,) = (
        line for line in DOCS.read_text(encoding="utf-8").splitlines() if f"`{name}`" in line
    )
    assert f"`{kind}`" in line
    assert said in line


@pytest.mark.parametrize(("name", "content"), MADE)
def test_json_of_other_programs_is_read(
    tmp_path: Path, name: str, content: dict[str, object]
) -> None:
    file = tmp_path / name
    file.write_text(json.dumps(content), encoding="utf-8")

    assert counts_of(file, "gazetteer", "EPSG:27700") == {"rows read": 1, "streets": 1}
