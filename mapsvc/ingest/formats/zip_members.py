"""ZIP files that hold map layers or tables, each unpacked under a name of ours and read.

Zipped shapefiles, KMZ, and plain ZIP files around other formats. Runs in the child.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import archives, kinds

Messages = Iterator[dict[str, Any]]
ReadKind = Callable[[Path, Mapping[str, Any], str], Messages]
"""`readers.read_kind`, handed in: a member may be of any kind."""

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SINGLE = (
    ".gpkg",
    ".geojson",
    ".json",
    ".gml",
    ".xml",
    ".kml",
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".ods",
)
_PART_OF_GEODATABASE = re.compile(r"[A-Za-z0-9_]{1,40}(\.[A-Za-z0-9_]{1,60}){0,3}")
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".ods")


def read(path: Path, options: Mapping[str, Any], read_kind: ReadKind) -> Messages:
    """The messages of everything in the archive that we read, by name; layers before tables.

    Tables are read only where there is no layer: beside one they are its description.
    """
    name, profile = options["name"], options["profile"]
    with archives.opened(path, name, profile) as archive:
        entries = _entries(archive)
        if any(_ending(entry) == ".gdbtable" for entry in entries):
            yield from _geodatabases(archive, entries, options)
            return
        singles = [entry for entry in entries if _ending(entry) in _SINGLE]
        shapefiles = [entry for entry in entries if _ending(entry) == ".shp"]
        layers = [entry for entry in singles if _ending(entry) not in _TABLES]
        members = shapefiles or layers or singles
        names = Counter(PurePosixPath(_stem(entry)).name for entry in members)
        for number, entry in enumerate(members):
            messages = (
                _shapefile(archive, entry, entries, number, options)
                if shapefiles
                else _single(archive, entry, number, options, read_kind)
            )
            yield from _told_apart(messages, _stem(entry), names)


def _geodatabases(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], options: Mapping[str, Any]
) -> Messages:
    """The layers of each folder of an ArcGIS file geodatabase."""
    from mapsvc.ingest.formats import vectors

    tables = [entry for entry in entries if _ending(entry) == ".gdbtable"]
    folders = dict.fromkeys(PurePosixPath(entry.filename).parent for entry in tables)
    for number, folder in enumerate(folders):
        target = Path(f"layer{number}.gdb")
        target.mkdir()
        for entry in entries:
            name = PurePosixPath(entry.filename)
            if name.parent == folder and _PART_OF_GEODATABASE.fullmatch(name.name):
                archives.unpack(
                    archive, entry, target / name.name, options["name"], options["profile"]
                )
        yield from vectors.read(target, options, "geodatabase")


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [info for info in archive.infolist() if not archives.is_clutter(info.filename)]
    return sorted(found, key=lambda info: info.filename)


def _ending(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename.lower()).suffix


def _stem(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).with_suffix("").as_posix()


def _shapefile(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    entries: list[zipfile.ZipInfo],
    number: int,
    options: Mapping[str, Any],
) -> Messages:
    from mapsvc.ingest.formats import vectors

    stem = _stem(entry)
    own = {_ending(part): part for part in entries if _stem(part).lower() == stem.lower()}
    if ".dbf" not in own:
        raise FileRefused(
            "shapefile_without_dbf", part=PurePosixPath(entry.filename).name, file=options["name"]
        )
    for ending in _PARTS:
        if ending in own:
            target = Path(f"layer{number}{ending}")
            archives.unpack(archive, own[ending], target, options["name"], options["profile"])
    for message in vectors.read(Path(f"layer{number}.shp"), options, "shapefile"):
        yield _named(message, PurePosixPath(stem).name)
    for ending, sentence in _MISSING.items():
        if ending not in own:
            yield {"note": sentence}


_MISSING = {
    ".shx": "The shapefile has no .shx part; it was made again from the .shp.",
    ".prj": "The shapefile has no .prj part.",
}


def _single(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    number: int,
    options: Mapping[str, Any],
    read_kind: ReadKind,
) -> Messages:
    target = Path(f"member{number}")
    archives.unpack(archive, entry, target, options["name"], options["profile"])
    within = PurePosixPath(entry.filename).name
    inner = {**options, "name": f"{within} in {options['name']}"}
    kind = kinds.kind_of(target, inner["name"], options["profile"])
    if kind in kinds.BUNDLES:
        raise FileRefused("archive_in_archive", file=options["name"])
    for message in read_kind(target, inner, kind):
        yield _named(message, PurePosixPath(within).stem, only_unnamed=True)


def _told_apart(messages: Messages, stem: str, names: Counter[str]) -> Messages:
    """Each sheet under a name of its own: two folders may hold files of one name, and two workbooks
    a `Sheet1`, whose rows are not each other's.

    Parameters
    ----------
    stem : the member's path in the archive, without its ending
    names : how many members have which last part of it
    """
    last = PurePosixPath(stem).name
    own = stem if names[last] > 1 else last
    for message in messages:
        if "sheet" in message and names.total() > 1:
            sheet = message["sheet"]
            name = own if sheet["name"] == last else f"{own}, {sheet['name']}"
            message = {"sheet": {**sheet, "name": name}}
        yield message


def _named(message: dict[str, Any], name: str, *, only_unnamed: bool = False) -> dict[str, Any]:
    """A sheet's message under the name that the file has in the archive."""
    if "sheet" not in message or (only_unnamed and message["sheet"]["name"]):
        return message
    return {"sheet": {**message["sheet"], "name": name}}
