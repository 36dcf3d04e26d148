"""ZIP files: what they are, whether they can be unpacked without harm, and unpacking them.

Workbooks, KMZ and zipped shapefiles are all ZIP files. Nothing is ever written under a name
that stands in the archive.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mapsvc.errors import FileRefused
from mapsvc.ingest.limits import Profile

_TEXT_NAMES = (".csv", ".tsv", ".txt", ".tab")
_LAYERS = {
    ".shp": "shapefile",
    ".gdbtable": "geodatabase",
    ".gpkg": "zip",
    ".geojson": "zip",
    ".json": "zip",
    ".gml": "zip",
    ".xml": "zip",
    ".kml": "kmz",
}
_CHUNK = 1024 * 1024


def kind_of(path: Path, name: str, profile: Profile) -> str:
    """`xlsx`, `xlsb`, `ods`, `kmz`, `shapefile`, or `zip` for other files that we read.

    Raises
    ------
    FileRefused : when it would do harm, or holds nothing that is read here.
    """
    with opened(path, name, profile) as archive:
        names = {info.filename for info in archive.infolist()}
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            return "xlsb"
        if "content.xml" in names and "mimetype" in names:
            return _open_document(archive, name)
    return _layers(names, name)


def _open_document(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open("mimetype") as file:
        mimetype = file.read(200)
    if b"spreadsheet" not in mimetype:
        raise FileRefused("document_not_a_table", file=name)
    return "ods"


def _layers(names: set[str], name: str) -> str:
    endings = {PurePosixPath(entry.lower()).suffix for entry in names if not is_clutter(entry)}
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise FileRefused("document_not_a_table", file=name)
    if name.lower().endswith(_TEXT_NAMES):
        raise FileRefused("archive_not_a_table", file=name)
    for ending, kind in _LAYERS.items():
        if ending in endings:
            return kind
    if endings & {".csv", ".tsv", ".txt", ".xlsx", ".ods"}:
        return "zip"
    raise FileRefused("archive_without_table", file=name)


def is_clutter(entry: str) -> bool:
    """Folders, and what macOS and Windows put beside the files."""
    path = PurePosixPath(entry)
    return entry.endswith("/") or "__MACOSX" in path.parts or path.name.startswith(".")


@contextmanager
def opened(path: Path, name: str, profile: Profile) -> Iterator[zipfile.ZipFile]:
    """The archive, after `check`; damage found while it is read becomes a FileRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            check(archive, name, profile)
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        raise FileRefused("archive_damaged", file=name) from None


def check(archive: zipfile.ZipFile, name: str, profile: Profile) -> None:
    """Refuse what unpacks to far more than it is, lies, overlaps, or points outside."""
    entries = archive.infolist()
    if profile.entries is not None and len(entries) > profile.entries:
        raise FileRefused(
            "archive_of_many_files", file=name, files=len(entries), most=profile.entries
        )
    for entry in entries:
        _check_entry(entry, name, profile)
    unpacked = sum(entry.file_size for entry in entries)
    if profile.unpacked is not None and unpacked > profile.unpacked:
        raise FileRefused("archive_too_large", file=name)
    _refuse_overlaps(entries, name)


def _check_entry(entry: zipfile.ZipInfo, name: str, profile: Profile) -> None:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename[:2]:
        raise FileRefused("archive_leads_outside", file=name, entry=entry.filename[:60])
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused("archive_with_shortcut", file=name, entry=entry.filename[:60])
    if entry.flag_bits & 0x1:
        raise FileRefused("file_protected", file=name)
    # small files of blanks pack well: a ratio tells of a bomb only from a megabyte on
    if profile.ratio is not None and entry.file_size > max(
        _CHUNK, entry.compress_size * profile.ratio
    ):
        raise FileRefused("archive_too_large", file=name)


def _refuse_overlaps(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Entries that share bytes: the trick of small archives that unpack to terabytes."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise FileRefused("archive_damaged", file=name)
        end = entry.header_offset + 30 + entry.compress_size


def unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, name: str, profile: Profile
) -> None:
    """Write one entry to `target`, counting bytes: sizes in an archive may lie."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > entry.file_size or (profile.unpacked and written > profile.unpacked):
                raise FileRefused("archive_too_large", file=name)
            out.write(chunk)


def verify(archive: zipfile.ZipFile) -> None:
    """Unpack every entry to nowhere: a lie about a size or checksum comes out here.

    For readers that unpack by themselves, without our limits.
    """
    for entry in archive.infolist():
        with archive.open(entry) as source:
            while source.read(_CHUNK):
                pass
