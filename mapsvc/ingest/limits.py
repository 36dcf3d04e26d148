"""How much one file from outside may ask for: the two profiles of design 9, and nothing else."""

from dataclasses import dataclass, replace

MB = 1_000_000
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Profile:
    """The limits of one reading. None is no limit.

    Parameters
    ----------
    address_space, max_bytes, unpacked, output : bytes; `unpacked` is the sum over an archive,
        `output` is what the child may hand back
    cpu_seconds, wall_seconds, idle_seconds : of the whole reading, and without any message
    ratio : unpacked to packed size of one archive entry
    entries, rows, columns : counts, rows and columns per sheet
    """

    name: str
    address_space: int = GIB
    cpu_seconds: int | None = None
    wall_seconds: float | None = None
    idle_seconds: float | None = None
    max_bytes: int | None = None
    unpacked: int | None = None
    ratio: int | None = None
    entries: int | None = None
    rows: int | None = None
    columns: int | None = None
    output: int | None = None


UPLOAD = Profile(
    name="upload",
    cpu_seconds=10,
    wall_seconds=15.0,
    idle_seconds=15.0,
    max_bytes=20 * MB,
    unpacked=200 * MB,
    ratio=100,
    entries=100,
    rows=20_000,
    columns=200,
    output=100 * MB,
)
"""Every web upload."""

SCHEDULE = replace(
    UPLOAD,
    name="schedule",
    cpu_seconds=60,
    wall_seconds=60.0,
    idle_seconds=60.0,
    max_bytes=100 * MB,
    unpacked=400 * MB,
    rows=100_000,
    output=300 * MB,
)
"""A schedule from the command line."""

REFERENCE = Profile(name="reference", idle_seconds=60.0)
"""Gazetteers, boundaries and places from the command line: streamed, however large."""
