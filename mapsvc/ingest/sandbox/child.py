"""The child process itself: takes its limits, runs one reader, writes JSON lines.

It is started by `parent` with the copy of one file as `input` in its own folder. The limits are
taken before the file is opened; what a reader does with the file is the reader's.
"""

import ctypes
import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from mapsvc.errors import FileRefused
from mapsvc.ingest.limits import GIB, Profile
from mapsvc.messages.catalogue import Message, record_of

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_WITH_THREADS = frozenset({"mapsvc.ingest.formats.osm:read"})
"""osmium decodes in threads; every other reader is refused new threads and processes."""

_LARGEST_FILE = 4 * GIB
"""What a reader may unpack into its folder where the profile names no limit."""


def main() -> None:
    """Read the request from standard input, answer on standard output."""
    answer = _own_output()
    request = json.load(sys.stdin)
    profile = Profile(**request["profile"])
    _leave_the_network()
    _take_limits(profile, threads=request["reader"] in _WITH_THREADS)
    options = {**request["options"], "profile": profile}
    try:
        for message in _reader(request["reader"])(Path("input"), options):
            _write(answer, {"message": message})
        _write(answer, {"done": True})
    except FileRefused as refusal:
        _write(answer, {"refused": record_of(refusal.message)})
    except MemoryError:
        message = Message("file_wants_memory", file=options["name"])
        _write(answer, {"refused": record_of(message)})
    except BrokenPipeError:
        pass
    # Rust's panics derive from BaseException; whatever it is, the parent must hear of it
    except BaseException:
        _write(answer, {"failed": traceback.format_exc()[-4000:]})
    # Libraries may crash while they tidy up after a hostile file; all is said by now
    answer.flush()
    os._exit(0)


def _own_output() -> IO[str]:
    """The pipe to the parent, under a number that no library prints to."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1024 * 1024)
    os.dup2(2, 1)
    return pipe


def _reader(reader: str) -> Any:
    module, _, function = reader.partition(":")
    return getattr(importlib.import_module(module), function)


def _write(answer: IO[str], message: Mapping[str, Any]) -> None:
    answer.write(json.dumps(message, separators=(",", ":"), allow_nan=False))
    answer.write("\n")
    answer.flush()


def _leave_the_network() -> None:
    """An own network without devices, where the system allows it."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _take_limits(profile: Profile, *, threads: bool) -> None:
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, None if threads else 0),
        (resource.RLIMIT_FSIZE, profile.unpacked or _LARGEST_FILE),
        (resource.RLIMIT_CPU, profile.cpu_seconds),
        (resource.RLIMIT_AS, profile.address_space),
    ]
    for limit, most in limits:
        if most is not None:
            _lower(limit, most)


def _lower(limit: int, most: int) -> None:
    """Lower one limit; macOS knows RLIMIT_AS and refuses to set it."""
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(limit, (most, most))
    except (ValueError, OSError):
        print(f"limit {limit} cannot be set to {most}", file=sys.stderr)
