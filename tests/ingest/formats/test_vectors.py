"""Map layers that councils send: what is read, and what is refused in which words."""

import io
import json
import socket
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from mapsvc.errors import FileRefused
from mapsvc.ingest.rows import Row, Sheet
from mapsvc.ingest.sandbox.parent import REFERENCE, UPLOAD, Profile, file_kind, read_sheets
from tests.support.workbook_files import xlsx, zipped

Read = Callable[..., list[tuple[Sheet, list[Row]]]]

LINES = gpd.GeoDataFrame(
    {
        "name": ["Main Street", "Heol Tŷ"],
        "usrn": [10000001, 10000002],
        "start": pd.to_datetime(["2026-04-07", "NaT"]),
    },
    geometry=[
        LineString([(450000, 300000), (450100, 300000)]),
        LineString([(451000, 300000), (451100, 300000)]),
    ],
    crs="EPSG:27700",
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_content(
        content: bytes | str, name: str, profile: Profile = UPLOAD
    ) -> list[tuple[Sheet, list[Row]]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [(sheet, list(sheet.rows)) for sheet in read_sheets(path, profile=profile)]

    return read_content


@pytest.fixture
def refusal(read: Read) -> Callable[..., str]:
    """The sentence with which a file is refused; none comes for want of time."""

    def sentence(content: bytes | str, name: str) -> str:
        with pytest.raises(FileRefused) as refused:
            read(content, name)
        assert "could not be read within" not in str(refused.value)
        assert name in str(refused.value)
        return str(refused.value)

    return sentence


def saved(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> bytes:
    pyogrio.write_dataframe(frame, path, **options)
    return path.read_bytes()


def shapefile(folder: Path, *, without: tuple[str, ...] = (), inside: str = "") -> dict[str, bytes]:
    """The parts of LINES as a shapefile, by their name in the archive."""
    saved(LINES.drop(columns="start"), folder / "Streets.shp", encoding="UTF-8")
    return {
        f"{inside}{part.name}": part.read_bytes()
        for part in folder.glob("Streets.*")
        if part.suffix not in without
    }


def geojson(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


# --- formats ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["streets.gpkg", "streets.gml", "streets.csv", "streets.xml"])
@pytest.mark.parametrize("driver", ["GPKG", "GML"])
def test_a_layer_is_read_with_its_types_and_claim_whatever_its_name(
    read: Read, tmp_path: Path, name: str, driver: str
) -> None:
    content = saved(LINES, tmp_path / f"source.{driver.lower()}", driver=driver)

    ((sheet, rows),) = read(content, name)

    cells = dict(zip(sheet.headings, rows[0].cells, strict=True))
    assert (cells["name"], cells["usrn"], cells["start"]) == (
        "Main Street",
        10000001,
        date(2026, 4, 7),
    )
    assert sheet.crs == "EPSG:27700"
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].geometry == LINES.geometry[0]


def test_every_layer_of_a_geopackage_is_a_sheet(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "source.gpkg"
    saved(LINES, path, layer="north")
    content = saved(LINES[:1], path, layer="south", append=True)

    sheets = read(content, "all.gpkg")

    assert [(sheet.name, len(rows)) for sheet, rows in sheets] == [("north", 2), ("south", 1)]


@pytest.mark.parametrize(
    ("inside", "without", "notes"),
    [
        ("", (), []),
        ("Export 2026/Layers/", (), []),
        ("", (".prj",), ["The shapefile has no .prj part."]),
        ("", (".shx",), ["The shapefile has no .shx part; it was made again from the .shp."]),
    ],
)
def test_a_zipped_shapefile_is_read_wherever_it_lies_in_the_zip(
    read: Read, tmp_path: Path, inside: str, without: tuple[str, ...], notes: list[str]
) -> None:
    content = zipped(shapefile(tmp_path, without=without, inside=inside))

    ((sheet, rows),) = read(content, "streets.zip")

    assert sheet.name == "Streets"
    assert sheet.notes == notes
    assert bool(sheet.crs) is (".prj" not in without)
    assert [row.cells[:2] for row in rows] == [["Main Street", 10000001], ["Heol Tŷ", 10000002]]
    assert rows[1].geometry == LINES.geometry[1]


def test_a_shapefile_without_names_and_dates_is_refused(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    content = zipped(shapefile(tmp_path, without=(".dbf",)))

    assert refusal(content, "streets.zip") == (
        "Streets.shp in streets.zip has no .dbf part, which holds its names and dates. "
        "Put its .shp, .shx, .dbf and .prj into one ZIP file."
    )


def test_two_shapefiles_with_capital_endings_are_two_sheets(read: Read, tmp_path: Path) -> None:
    parts = shapefile(tmp_path)
    both = {name.replace("Streets", "North").upper(): part for name, part in parts.items()}

    sheets = read(zipped({**parts, **both, "__MACOSX/._x.shp": b"x"}), "streets.zip")

    assert [(sheet.name, len(rows)) for sheet, rows in sheets] == [("NORTH", 2), ("Streets", 2)]


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
PLACEMARK = (
    "<Placemark><name>{}</name><ExtendedData><Data name='Cut 1'><value>7 April</value></Data>"
    "</ExtendedData><Point><coordinates>-1.1,52.6,0</coordinates></Point></Placemark>"
)


def test_kml_with_two_folders_is_two_sheets_with_the_columns_it_was_given(read: Read) -> None:
    folders = "".join(
        f"<Folder><name>{name}</name>{PLACEMARK.format(name)}</Folder>"
        for name in ("North", "South")
    )

    sheets = read(KML.format(folders), "verges.kml")

    assert [sheet.name for sheet, _ in sheets] == ["North", "South"]
    cells = dict(zip(sheets[0][0].headings, sheets[0][1][0].cells, strict=True))
    assert "7 April" in cells.values()
    assert not {"begin", "end", "timestamp"} & set(sheets[0][0].headings)


def test_kmz_is_the_kml_inside_it(read: Read) -> None:
    ((_, rows),) = read(zipped({"doc.kml": KML.format(PLACEMARK.format("A")).encode()}), "a.kmz")

    assert shapely.force_2d(rows[0].geometry) == Point(-1.1, 52.6)


def test_geojson_says_which_system_it_claims(read: Read) -> None:
    member = {"type": "name", "properties": {"name": "EPSG:3857"}}

    ((plain, _),) = read(geojson(feature(point(-1.1, 52.6), a=1)), "a.json")
    ((mercator, _),) = read(geojson(feature(point(-122000, 6900000), a=1), crs=member), "b.json")

    assert (plain.crs, mercator.crs) == ("EPSG:4326", "EPSG:3857")
    assert plain.name == ""


def test_features_keep_their_number_when_one_has_no_or_a_broken_geometry(read: Read) -> None:
    open_ring = {"type": "Polygon", "coordinates": [[[0, 52], [1, 52], [1, 53], [0, 53]]]}
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 52], [1, 53], [1, 52], [0, 53], [0, 52]]]}
    content = geojson(
        feature(None, n=1),
        feature(open_ring, n=2),
        feature(bow_tie, n=3),
        feature(point(-1, 52), n=4),
    )

    ((_, rows),) = read(content, "verges.geojson")

    assert [(row.number, row.cells[0]) for row in rows] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert rows[0].geometry is None
    assert rows[3].geometry == Point(-1, 52)


def test_multi_part_lines_stay_together(read: Read, tmp_path: Path) -> None:
    shape = MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shape], crs="EPSG:27700")

    ((_, rows),) = read(saved(frame, tmp_path / "source.gpkg"), "a.gpkg")

    assert rows[0].geometry == shape


def test_a_reference_file_streams_whatever_its_size(tmp_path: Path) -> None:
    count = 60_000
    frame = gpd.GeoDataFrame(
        {"name": [f"Street {n}" for n in range(count)]},
        geometry=shapely.points(range(count), range(count)),
        crs="EPSG:27700",
    )
    pyogrio.write_dataframe(frame, tmp_path / "large.gpkg")

    (sheet,) = read_sheets(tmp_path / "large.gpkg", profile=REFERENCE)

    assert next(sheet.rows, None) is None  # asking for another sheet used the first one up
    sheets = read_sheets(tmp_path / "large.gpkg", profile=REFERENCE)
    assert sum(1 for _ in next(sheets).rows) == count
    with pytest.raises(FileRefused, match="more than 20,000 features"):
        list(read_sheets(tmp_path / "large.gpkg"))


# --- traps --------------------------------------------------------------------------------

VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>"
    "</OGRVRTDataSource>"
)
ELSEWHERE = {
    "verges.osm": VRT.format("/etc/passwd"),
    "verges.kml": VRT.format("{url}"),
    "verges.gpkg": VRT.format("/vsicurl/{url}"),
    "verges.geojson": (
        '{{"type": "gdal_streamed_alg", "command_line": "gdal vector convert {url} x"}}'
    ),
    "verges.gml": "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "service.json": '{{"type": "FeatureCollection", "next": "{url}"',
    "topology.json": '{{"type": "Topology", "objects": {{}}, "arcs": []}}',
    "esri.json": '{{"geometryType": "esriGeometryPoint", "features": []}}',
}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address, and what anybody sent to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    heard.append(connection.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.geojson", heard
        done.set()
        thread.join()


@pytest.mark.parametrize("name", ELSEWHERE)
def test_files_that_point_elsewhere_are_refused_and_not_followed(
    refusal: Callable[..., str], listener: tuple[str, list[bytes]], name: str
) -> None:
    url, heard = listener

    sentence = refusal(ELSEWHERE[name].format(url=url), name)

    assert "root:" not in sentence
    assert heard == []


@pytest.mark.parametrize(
    "content",
    [
        KML.format(
            "<NetworkLink><Link><href>{url}</href></Link></NetworkLink>" + PLACEMARK.format("A")
        ),
        KML.format(
            "<Style id='s'><IconStyle><Icon><href>{url}</href></Icon></IconStyle></Style>"
            "<Placemark><name>A</name><styleUrl>{url}#s</styleUrl>"
            "<Point><coordinates>-1,52</coordinates></Point></Placemark>"
        ),
        (
            "<wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs' "
            "xmlns:gml='http://www.opengis.net/gml' xmlns:xlink='http://www.w3.org/1999/xlink' "
            "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
            "xsi:schemaLocation='http://x {url}?SERVICE=WFS&amp;REQUEST=DescribeFeatureType'>"
            "<gml:featureMember><v><name>A</name><gml:location xlink:href='{url}'/>"
            "<geom><gml:Point srsName='EPSG:27700'><gml:coordinates>450000,300000</gml:coordinates>"
            "</gml:Point></geom></v></gml:featureMember></wfs:FeatureCollection>"
        ),
    ],
)
def test_links_inside_a_layer_are_not_followed(
    read: Read, listener: tuple[str, list[bytes]], content: str
) -> None:
    url, heard = listener

    ((_, rows),) = read(content.replace("{url}", url), "verges.xml")

    assert len(rows) == 1
    assert heard == []


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;">]>'
)
READS_A_FILE = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (
            BOMB + "<kml><Document><name>&c;</name></Document></kml>",
            "a.kml",
            "defines XML entities",
        ),
        (READS_A_FILE + "<kml><name>&a;</name></kml>", "a.kml", "defines XML entities"),
        (KML.format(PLACEMARK.format("A"))[:-40], "a.kml", "is cut short after line 2"),
        (KML.format("<Placemark><name>A & B</name></Placemark>"), "a.kml", "is damaged in line 2"),
        (KML.format(""), "a.kml", "has no layer with features in it"),
        ('{"type": "FeatureCollection", "features": []}', "a.json", "has no layer with features"),
        ('{"type": "FeatureCollection", "features": [{"type": "Fea', "a.json", "is cut short"),
        ('{"type": "FeatureCollection", "features": [,]}', "a.json", "is damaged in line 1"),
        ('{"type": "FeatureCollection", "x": ' + "[" * 100_000 + "}", "a.json", "is damaged"),
        (b"SQLite format 3\x00" + bytes(4000), "a.gpkg", "is a damaged map layer"),
        (b"\x00\x00\x27\x0a" + bytes(200), "a.shp", "is one part of a shapefile. Put its .shp"),
        (
            "<ows:ExceptionReport xmlns:ows='x'><ows:Exception/></ows:ExceptionReport>",
            "a.gml",
            "is a map server's error message. Export the layer again.",
        ),
        ("<osm version='0.6'></osm>", "a.osm", "Use it with: mapsvc ingest gazetteer"),
        (zipped({"a.zip": zipped({"b.shp": b""})}), "a.zip", "without a table or map layer in it"),
        (zipped({"a.json": zipped({"b.shp": b"x"})}), "a.zip", "holds a ZIP file within"),
        (zipped({"a.shp": b"\x00\x00\x27\x0a" + bytes(300)}), "a.zip", "a.zip"),
        (zipped({"b.kml": BOMB.encode() + b"<kml>&c;</kml>"}), "a.kmz", "defines XML entities"),
    ],
)
def test_a_layer_with_a_trap_or_a_fault_is_refused_in_one_sentence(
    refusal: Callable[..., str], content: bytes | str, name: str, sentence: str
) -> None:
    assert sentence in refusal(content, name)


def geopackage(path: Path, *statements: str) -> bytes:
    saved(LINES, path, layer="verges")
    with sqlite3.connect(path) as database:
        for (trigger,) in list(
            database.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ):
            database.execute(f'DROP TRIGGER "{trigger}"')
        for statement in statements:
            database.execute(statement)
    database.close()
    return path.read_bytes()


ENDLESS = (
    "WITH RECURSIVE n(fid, geom, name) AS "
    "(SELECT 1, NULL, 'x' UNION ALL SELECT fid + 1, geom, name FROM n) SELECT * FROM n"
)


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            ("ALTER TABLE verges RENAME TO hidden", f"CREATE VIEW verges AS {ENDLESS}"),
            'The layer "verges" of trap.gpkg is a stored query (a view), which is not read.',
        ),
        (
            (
                "ALTER TABLE gpkg_contents RENAME TO c",
                "CREATE VIEW gpkg_contents AS SELECT * FROM c",
            ),
            "trap.gpkg is a database, but not a GeoPackage.",
        ),
        (("DROP TABLE gpkg_contents",), "trap.gpkg is a database, but not a GeoPackage."),
    ],
)
def test_a_geopackage_whose_layers_are_queries_is_refused(
    refusal: Callable[..., str], tmp_path: Path, statements: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refusal(geopackage(tmp_path / "source.gpkg", *statements), "trap.gpkg")


def test_a_bomb_inside_a_zipped_layer_is_not_unpacked(refusal: Callable[..., str]) -> None:
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.geojson", "w") as file,
    ):
        for _ in range(150):
            file.write(b" " * 1_000_000)

    assert "packed so tightly" in refusal(memory.getvalue(), "a.zip")


NOTE = b"This is only a note, to myself.\nCall the depot.\n"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"Street,Town\n", "a.xlsx", "csv"),
        (NOTE, "a.csv", "csv"),
        (b"usrn\n10000001\n10000002\n", "a.xls", "csv"),
        (xlsx(""), "a.csv", "xlsx"),
        (KML.format("").encode(), "a.csv", "kml"),
        (b"<?xml version='1.0'?><!-- x --><osm/>", "a.xml", "osm"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader", "a", "pbf"),
        (zipped({"x/a.SHP": b""}), "a", "shapefile"),
        (zipped({"a.kml": b""}), "a", "kmz"),
        (zipped({"a.gpkg": b""}), "a", "zip"),
    ],
)
def test_the_kind_of_a_file_is_found_by_content(
    tmp_path: Path, content: bytes, name: str, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert file_kind(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("a.xlsx", "an Excel workbook"),
        ("A.XLS", "an Excel workbook"),
        ("a.ods", "an OpenDocument spreadsheet"),
        ("a.gpkg", "a GeoPackage"),
        ("a.zip", "a ZIP archive"),
    ],
)
def test_a_text_under_the_name_of_something_else_is_called_one(
    tmp_path: Path, name: str, claimed: str
) -> None:
    (tmp_path / name).write_bytes(NOTE)

    with pytest.raises(FileRefused) as refused:
        file_kind(tmp_path / name)

    assert str(refused.value) == (
        f"{name} is plain text without a table, although its name says that it is {claimed}. Save "
        "the table as CSV or XLSX, or the map layer as GeoPackage, and give that file."
    )


# --- real files ---------------------------------------------------------------------------

GRASS = "lincs_grass_wfs"
REAL = {
    ("council_csv_uploads", "districts.kml"): (2, "EPSG:4326"),
    ("council_gis_uploads", "calverton_conservation_area.geojson"): (1, "EPSG:4326"),
    ("council_gis_uploads", "conservation_area.kml"): (12, "EPSG:4326"),
    ("council_gis_uploads", "halton_inspire.gml"): (10, "EPSG:4326"),
    ("council_gis_uploads", "shapefile.zip"): (6, "EPSG:27700"),
    ("leeds_centre_osm", "leeds_centre_osm_ways_2022.gpkg"): (11_741, "EPSG:4326"),
    ("exeter_bng_streets", "Exeter_segment_model.zip"): (12_319, "EPSG:27700"),
    (GRASS, "lincs_grass_lcc_withDates.xml"): (1, "EPSG:3857"),
    (GRASS, "lincs_grass_lcc_noDate.xml"): (1, "EPSG:3857"),
    (GRASS, "lincs_grass_LCDC_contactLCC.xml"): (1, "EPSG:3857"),
    (GRASS, "lincs_grass_LCDC_contactLCDC.xml"): (1, "EPSG:3857"),
    (GRASS, "lincs_grass_contact_parish.xml"): (1, "EPSG:3857"),
    (GRASS, "lincs_grass_f1_withDates.xml"): (1, "EPSG:3857"),
    (GRASS, "shropshire_gazetteer.xml"): (6, "EPSG:27700"),
    (GRASS, "bromley-parks.xml"): (6, "EPSG:3857"),
    (GRASS, "iow_roadworks.json"): (1, "EPSG:4326"),
    (GRASS, "peterborough_pcc.json"): (1, "EPSG:3857"),
}


@pytest.mark.parametrize(("place", "expected"), REAL.items(), ids=lambda value: str(value))
def test_real_layers_are_read_whole_with_their_geometry(
    shared_data: Callable[[str], Path], place: tuple[str, str], expected: tuple[int, str]
) -> None:
    folder, name = place

    (sheet,) = read_sheets(shared_data(folder) / name)
    rows = list(sheet.rows)

    assert (len(rows), sheet.crs) == expected
    assert all(row.geometry is not None for row in rows)
