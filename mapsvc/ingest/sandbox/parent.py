"""The door to files from outside: this process copies the file, a limited child reads it.

What happens on the other side is `child` (limits) and the readers named in READERS. Nothing of
a file's content is parsed here but the JSON lines and WKB that the child hands back, and those
are distrusted too: bounded in length, in time and in shape.

A reader is a function `read(path: Path, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]`
in a module of its own. It runs in the child, where `path` is the copy (named `input`, without the
person's name), `options["name"]` the name for sentences and `options["profile"]` the `Profile`.
It yields dicts that JSON can hold, geometry as `wkb_text(wkb)`, and raises `FileRefused` with one
sentence for a file that cannot be used. Its module should import heavy libraries inside the
function or be imported by nobody else. Yield something (such as `{"progress": 1}`) at least once
a minute: a silent reader is ended.
"""

import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.limits import REFERENCE, SCHEDULE, UPLOAD, Profile
from mapsvc.ingest.rows import Sheet
from mapsvc.ingest.sandbox.messages import heard, sheets_of
from mapsvc.messages.catalogue import Message

__all__ = [
    "READERS",
    "REFERENCE",
    "SCHEDULE",
    "UPLOAD",
    "Profile",
    "as_upload",
    "file_kind",
    "in_child",
    "read_sheets",
]

log = logging.getLogger(__name__)

READERS = frozenset(
    {
        "mapsvc.ingest.formats.first_row:read",
        "mapsvc.ingest.formats.readers:read",
        "mapsvc.ingest.formats.kinds:read",
        "mapsvc.ingest.formats.osm:read",
    }
)
"""Functions that may run in the child; a new reader is added here."""

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one message: a coastline of two million points fits."""

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
_START = (
    "import sys; root = sys.argv[1]; root in sys.path or sys.path.insert(0, root); "
    "from mapsvc.ingest.sandbox.child import main; main()"
)
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "OGR_GPKG_NUM_THREADS": "1",
}


_LIMITED = ContextVar("limited", default=False)


@contextmanager
def as_upload() -> Iterator[None]:
    """Within the block every file has the limits of an upload, whatever its reader asks for."""
    token = _LIMITED.set(True)
    try:
        yield
    finally:
        _LIMITED.reset(token)


def read_sheets(
    path: Path,
    *,
    profile: Profile = UPLOAD,
    name: str = "",
    raw: bool = False,
    known: Collection[str] = (),
) -> Generator[Sheet, None, None]:
    """The tables or layers of a file of any kind that we read, recognised by its content.

    A sheet of an upload is complete when it comes. A reference file streams: read the rows of a
    sheet before you ask for the next, and close the iterator if you do not read to the end.

    Parameters
    ----------
    name : the person's name for the file, for sentences; the last part of `path` when empty
    raw : True for tables without headings by definition (BS 7666 records): no row is taken as
        headings, rows of any length are given
    known : headings that a person named, so that their row is found

    Raises
    ------
    FileRefused : at the first step or while rows are read, with one sentence for the person.
    """
    name = name or Path(path).name
    profile = UPLOAD if _LIMITED.get() else profile
    messages = in_child(
        "mapsvc.ingest.formats.readers:read",
        path,
        profile=profile,
        options={"raw": raw, "known": [*known]},
        name=name,
    )
    with closing(messages):
        yield from sheets_of(messages, name, keep=profile.rows is not None)


def file_kind(path: Path, *, profile: Profile = UPLOAD, name: str = "") -> str:
    """What the file is by its content: a key of `kinds.KINDS`, such as `csv`, `osm` or `gpkg`."""
    for message in in_child("mapsvc.ingest.formats.kinds:read", path, profile=profile, name=name):
        return str(message["kind"])
    raise FileRefused("file_unreadable", file=name)


def in_child(
    reader: str,
    path: Path,
    profile: Profile = UPLOAD,
    options: Mapping[str, Any] | None = None,
    *,
    name: str = "",
) -> Generator[dict[str, Any], None, None]:
    """What `reader` (one of READERS) yields about the file, as it comes.

    Closing the iterator ends the child and removes its folder.

    Raises
    ------
    FileRefused : when the reader refuses the file, breaks its limits, or dies.
    """
    if reader not in READERS:
        raise ValueError(f"{reader!r} is not in mapsvc.ingest.sandbox.parent.READERS")
    path, name = Path(path), name or Path(path).name
    profile = UPLOAD if _LIMITED.get() else profile
    _require_readable(path, name, profile)
    with tempfile.TemporaryDirectory(prefix="mapsvc-read-") as folder:
        shutil.copyfile(path, Path(folder, "input"))
        request = {
            "reader": reader,
            "profile": asdict(profile),
            "options": {**(options or {}), "name": name},
        }
        with _running(Path(folder), request) as child:
            yield from _messages(child, profile, name)


def _require_readable(path: Path, name: str, profile: Profile) -> None:
    if not path.exists():
        raise FileRefused("no_file", file=name)
    if not path.is_file():
        raise FileRefused("file_is_a_folder", file=name)
    if not os.access(path, os.R_OK):
        raise FileRefused("file_not_allowed", file=name)
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("file_empty", file=name)
    if profile.max_bytes is not None and size > profile.max_bytes:
        raise FileRefused("file_too_large", file=name, mb=size / 1e6, most=profile.max_bytes / 1e6)


@contextmanager
def _running(folder: Path, request: Mapping[str, Any]) -> Iterator["subprocess.Popen[bytes]"]:
    with open(folder / "messages.log", "wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _START, _PACKAGE_ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
    try:
        _send(child, request)
        yield child
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _send(child: "subprocess.Popen[bytes]", request: Mapping[str, Any]) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:  # it died before it listened; reading its answer says so
        log.warning("The reading process ended before it was asked anything.")


def _messages(
    child: "subprocess.Popen[bytes]", profile: Profile, name: str
) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in _lines(child.stdout, profile, name):
        kind, content = _parsed(line, name)
        if kind == "message" and isinstance(content, dict):
            yield content
        elif kind == "refused":
            raise FileRefused(heard(content))
        elif kind == "failed":
            log.error("Reading %s failed in the child:\n%s", name, content)
            raise FileRefused("file_unreadable", file=name)
        elif kind == "done":
            return
        else:
            raise FileRefused("file_unreadable", file=name)
    raise FileRefused(_death(child, profile, name))


def _parsed(line: bytes, name: str) -> tuple[str, Any]:
    try:
        message = json.loads(line)
        ((kind, content),) = message.items()
    except (ValueError, TypeError, AttributeError, RecursionError):
        log.error("The reading process of %s wrote %r", name, line[:200])
        raise FileRefused("file_unreadable", file=name) from None
    return kind, content


def _lines(pipe: IO[bytes], profile: Profile, name: str) -> Iterator[bytes]:
    """Whole lines from the pipe. Only the time spent waiting for the child counts."""
    started, total = bytearray(), 0
    for chunk in _chunks(pipe.fileno(), profile, name):
        total += len(chunk)
        if profile.output is not None and total > profile.output:
            raise FileRefused("file_of_much_text", file=name)
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield bytes(started + end)
            started.clear()
        started += rest
        if len(started) > LONGEST_LINE:
            raise FileRefused("file_unreadable", file=name)


def _chunks(pipe: int, profile: Profile, name: str) -> Iterator[bytes]:
    waited = 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = None if profile.wall_seconds is None else profile.wall_seconds - waited
            patience = min(t for t in (left, profile.idle_seconds, 3600.0) if t is not None)
            begin = time.monotonic()
            if not selector.select(max(patience, 0.0)):
                raise FileRefused(_too_slow(name, profile))
            waited += time.monotonic() - begin
            chunk = os.read(pipe, 1024 * 1024)
            if not chunk:
                return
            yield chunk


def _death(child: "subprocess.Popen[bytes]", profile: Profile, name: str) -> Message:
    """What is said of a child that ended without saying that it was done."""
    try:
        code = child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        code = 0
    log.warning("The reading process of %s ended with %s.", name, code)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow(name, profile)
    if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        return Message("file_wants_memory", file=name)
    return Message("file_unreadable", file=name)


def _too_slow(name: str, profile: Profile) -> Message:
    seconds = profile.wall_seconds or profile.idle_seconds or 0
    return Message("file_too_slow", file=name, seconds=round(seconds))
