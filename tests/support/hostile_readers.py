"""Readers that misbehave, for the tests of the child process: each stands for a file that would."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapsvc.ingest.formats import readers

Options = Mapping[str, Any]
Messages = Iterator[dict[str, Any]]


def surroundings(path: Path, options: Options) -> Messages:
    yield {"environment": dict(os.environ), "files": sorted(os.listdir()), "path": str(path)}


def reads_and_lists_modules(path: Path, options: Options) -> Messages:
    for _ in readers.read(path, options):
        pass
    yield {"modules": sorted(sys.modules)}


def asks_for_memory(path: Path, options: Options) -> Messages:
    yield {"size": len(bytearray(4 * 1024**3))}


def aborts(path: Path, options: Options) -> Messages:
    os.abort()


def crashes(path: Path, options: Options) -> Messages:
    ctypes.string_at(0)
    yield {}


def is_killed(path: Path, options: Options) -> Messages:
    os.kill(os.getpid(), signal.SIGKILL)
    yield {}


def hangs(path: Path, options: Options) -> Messages:
    yield {"first": 1}
    time.sleep(60)


def burns(path: Path, options: Options) -> Messages:
    while time.monotonic() > 0:
        pass
    yield {}


def leaves_quietly(path: Path, options: Options) -> Messages:
    os._exit(0)


def raises(path: Path, options: Options) -> Messages:
    raise KeyError("a mistake of ours")


def writes_garbage(path: Path, options: Options) -> Messages:
    _to_parent(b"\xff\x00 no JSON at all\n")
    yield {}


def nests_deeply(path: Path, options: Options) -> Messages:
    _to_parent(b"[" * 1_000_000 + b"\n")
    yield {}


def never_ends_a_line(path: Path, options: Options) -> Messages:
    while time.monotonic() > 0:
        _to_parent(b"x" * 1_000_000)
    yield {}


def talks_without_end(path: Path, options: Options) -> Messages:
    while True:
        yield {"text": "x" * 100_000}


def yields_no_dict(path: Path, options: Options) -> Iterator[Any]:
    yield ["a list"]


def connects(path: Path, options: Options) -> Messages:
    try:
        socket.create_connection(("127.0.0.1", options["port"]), timeout=2).close()
    except OSError as error:
        yield {"error": str(error)}
    else:
        yield {"error": ""}


def starts_a_program(path: Path, options: Options) -> Messages:
    try:
        subprocess.run(["/bin/true"], check=True)
    except OSError as error:
        yield {"error": str(error)}
    else:
        yield {"error": ""}


def _to_parent(data: bytes) -> None:
    """Write to the pipe, whichever number it has."""
    for number in range(3, 20):
        try:
            os.write(number, data)
        except OSError:
            continue
        return
