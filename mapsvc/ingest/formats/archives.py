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
        raise FileRefused(f"{name} is a document, not a spreadsheet. Save the table as CSV.")
    return "ods"


def _layers(names: set[str], name: str) -> str:
    endings = {PurePosixPath(entry.lower()).suffix for entry in names if not is_clutter(entry)}
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise FileRefused(
            f"{name} is an Office document, not a spreadsheet. Save the table as CSV."
        )
    if name.lower().endswith(_TEXT_NAMES):
        raise FileRefused(
            f"{name} is a ZIP archive, not a table. Unpack it and give the file inside."
        )
    for ending, kind in _LAYERS.items():
        if ending in endings:
            return kind
    if endings & {".csv", ".tsv", ".txt", ".xlsx", ".ods"}:
        return "zip"
    raise FileRefused(
        f"{name} is a ZIP archive without a table or map layer in it. Give a zipped shapefile, "
        "or unpack it and give the file inside."
    )


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
        raise FileRefused(_damaged(name)) from None


def check(archive: zipfile.ZipFile, name: str, profile: Profile) -> None:
    """Refuse what unpacks to far more than it is, lies, overlaps, or points outside."""
    entries = archive.infolist()
    if profile.entries is not None and len(entries) > profile.entries:
        raise FileRefused(
            f"{name} holds {len(entries):,} files, and at most {profile.entries} are read. "
            "Put only the schedule or layer into it."
        )
    for entry in entries:
        _check_entry(entry, name, profile)
    unpacked = sum(entry.file_size for entry in entries)
    if profile.unpacked is not None and unpacked > profile.unpacked:
        raise FileRefused(_too_large(name, profile))
    _refuse_overlaps(entries, name)


def _check_entry(entry: zipfile.ZipInfo, name: str, profile: Profile) -> None:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename[:2]:
        raise FileRefused(
            f"{name} holds a file with a path that leads outside it ({entry.filename[:60]!r}). "
            "Make the ZIP file again from the files alone."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused(
            f"{name} holds a link in place of a file ({entry.filename[:60]!r}). "
            "Make the ZIP file again from the files themselves."
        )
    if entry.flag_bits & 0x1:
        raise FileRefused(f"{name} is protected by a password. Save it without one and try again.")
    # small files of blanks pack well: a ratio tells of a bomb only from a megabyte on
    if profile.ratio is not None and entry.file_size > max(
        _CHUNK, entry.compress_size * profile.ratio
    ):
        raise FileRefused(_too_large(name, profile))


def _refuse_overlaps(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Entries that share bytes: the trick of small archives that unpack to terabytes."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise FileRefused(_damaged(name))
        end = entry.header_offset + 30 + entry.compress_size


def _damaged(name: str) -> str:
    return (
        f"{name} is damaged or incomplete and cannot be unpacked. Save or export it again and try "
        "that file."
    )


def _too_large(name: str, profile: Profile) -> str:
    most = f" to more than {profile.unpacked / 1e6:,.0f} MB" if profile.unpacked else ""
    return (
        f"{name} is packed so tightly that it would unpack{most} or a hundred times its size, "
        "which no schedule does, so it was not opened. Copy the table alone into a new file."
    )


def unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, name: str, profile: Profile
) -> None:
    """Write one entry to `target`, counting bytes: sizes in an archive may lie."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > entry.file_size or (profile.unpacked and written > profile.unpacked):
                raise FileRefused(_too_large(name, profile))
            out.write(chunk)


def verify(archive: zipfile.ZipFile) -> None:
    """Unpack every entry to nowhere: a lie about a size or checksum comes out here.

    For readers that unpack by themselves, without our limits.
    """
    for entry in archive.infolist():
        with archive.open(entry) as source:
            while source.read(_CHUNK):
                pass
