"""Bodies that were made before, kept until the answer's facts change.

A mark anywhere moves the record's time of every answer, each second on a busy morning; the rest
of an answer stays as it is. So a body is kept with two marks in the place of that time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

AS_AT = "\ue000as-at\ue000"
CLOSING = "\ue000closing\ue000"
"""Marks of private letters (Unicode, private use area) that no name has and no encoder changes."""

Body = TypeVar("Body")


class Kept:
    """The newest bodies by key. A lost race makes a body twice, nothing worse."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bodies: OrderedDict[Hashable, tuple[Hashable, object]] = OrderedDict()

    def body(self, key: Hashable, stamp: Hashable, make: Callable[[], Body]) -> Body:
        """What is kept under `key` if its stamp is still `stamp`, else what `make` makes."""
        found = self._bodies.get(key)
        if found and found[0] == stamp:
            return cast(Body, found[1])
        body = make()
        self._bodies[key] = stamp, body
        if len(self._bodies) > self._most:
            self._bodies.popitem(last=False)
        return body
