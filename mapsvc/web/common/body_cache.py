"""Bodies that were made before, kept until the answer's facts change.

A mark anywhere moves the record's time of every answer, each second on a busy morning; the rest
of an answer stays as it is. So a body is kept with two marks in the place of that time.
"""

import zlib
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache

from mapsvc.domain.wording import recorded

AS_AT = "\ue000as-at\ue000"
CLOSING = "\ue000closing\ue000"
"""Marks of private letters (Unicode, private use area) that no name has and no encoder changes."""

OVERHEAD = 1_000
"""Bytes that a body takes beside its content: key, stamp and the objects themselves."""


class Body(NamedTuple):
    """What is kept: the body with its marks, and the statuses to count when it is read.

    `holds_until` is the last day on which it stands if nothing is recorded, None where that is
    not known.
    """

    content: bytes
    checksum: int
    statuses: tuple[str, ...] = ()
    holds_until: date | None = None

    def at(self, as_at: datetime) -> bytes:
        """The body as it reads when the newest record is of `as_at`."""
        content = self.content
        for mark, text in _times(as_at):
            content = content.replace(mark, text)
        return content

    def etag(self, as_at: datetime) -> str:
        return f"{self.checksum:08x}-{int(as_at.timestamp() * 1000):x}"


def kept_body(text: str, statuses: tuple[str, ...] = (), holds_until: date | None = None) -> Body:
    """A body to keep."""
    content = text.encode()
    return Body(content, zlib.crc32(content), statuses, holds_until)


@lru_cache(maxsize=16)
def _times(as_at: datetime) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (AS_AT.encode(), as_at.isoformat(timespec="seconds").encode()),
        (CLOSING.encode(), recorded(as_at).encode()),
    )


class Entry(NamedTuple):
    """A body, the moment that it was last asked for in, and the stamp that it was made of."""

    moment: int
    stamp: Hashable
    body: Body


class Kept:
    """The bodies asked for last, by key. A lost race makes a body twice, nothing worse."""

    def __init__(self, most_bytes: int) -> None:
        self._bodies: LRUCache[Hashable, Entry] = LRUCache(most_bytes, getsizeof=_weight)
        self._lock = Lock()

    def body(
        self,
        key: Hashable,
        moment: int,
        stamp: Callable[[], Hashable],
        make: Callable[[], Body],
    ) -> Body:
        """What is kept under `key` for the moment, or for an earlier one whose stamp is the same.

        Parameters
        ----------
        moment : the number of the council's state
        stamp : changes when the body does; asked only in a moment that is new to the body
        """
        with self._lock:
            known = self._bodies.get(key)
        if known and known.moment == moment:
            return known.body
        current = stamp()
        body = known.body if known and known.stamp == current else make()
        entry = Entry(moment, current, body)
        with self._lock, suppress(ValueError):  # a body larger than the whole is not kept
            self._bodies[key] = entry
        return body


def _weight(entry: Entry) -> int:
    return len(entry.body.content) + OVERHEAD
