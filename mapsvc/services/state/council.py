"""A council as one process sees it: its published editions and its events, always up to date."""

import gc
import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from mapsvc.config import NATIONS, Settings
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import Event, Notice
from mapsvc.domain.reasons import KnownReasons
from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.domain.streets import Keeper
from mapsvc.published.atlas import Atlas
from mapsvc.services.state.back_offices import read_back_offices, require_known
from mapsvc.services.state.categories import read_categories
from mapsvc.services.state.issue_board import IssueBoard, brought_up_to_date
from mapsvc.services.state.ledger import Ledger
from mapsvc.services.state.reasons import shipped_reasons
from mapsvc.store.database import WRITES, Store, open_store
from mapsvc.store.editions import Edition
from mapsvc.store.secrets import kept_key

log = logging.getLogger(__name__)

STORE_FILE = "mapsvc.gpkg"
LOOK_SECONDS = 0.01
RETRY_SECONDS = 5.0
"""Until it is tried again to read a publication that could not be read."""


@dataclass(frozen=True)
class Moment:
    """An atlas and the ledger that was read for it: one consistent state of the council.

    `number` is another one for every state that this process sees.
    """

    atlas: Atlas
    ledger: Ledger
    as_at: datetime
    notices: tuple[Notice, ...]
    issues: IssueBoard
    reasons: KnownReasons
    number: int


class Council:
    """The store of one council, opened. Safe for threads.

    `patience` is how many seconds a thread waits for new editions that it was the first to see;
    None is until they are read. Where many ask at once, the first is always a resident.
    """

    patience: float | None = None
    is_behind = False
    """Whether what was published last could not be read, and answers are from the one before."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.calendar = Calendar(NATIONS[settings.nation])
        self.zone = ZoneInfo(settings.timezone)
        self.categories = read_categories(settings)
        self.back_offices = read_back_offices(settings)
        require_known(self.categories, self.back_offices)
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._read: tuple[Atlas, Ledger] | None = None
        self._stamp: object = None
        self._looked = (-1, 0.0)
        self._not_before = 0.0
        self._moment: Moment | None = None

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> "Council":
        """The council in `MAPSVC_DATABASE_URL`, else in the GeoPackage of `MAPSVC_DATA`."""
        address = settings.database_url or settings.data / STORE_FILE
        return cls(open_store(address, create=create, local_crs=settings.crs), settings)

    def close(self) -> None:
        if self._moment:
            self._moment.atlas.close()
        self.store.close()

    def today(self) -> date:
        return self.settings.day_today

    def now(self) -> datetime:
        """The time, in UTC; in a demonstration the clock's time on the demonstration's day."""
        now, day = datetime.now(UTC), self.settings.today
        if day is None:
            return now
        return now.astimezone(self.zone).replace(*day.timetuple()[:3]).astimezone(UTC)

    @property
    def moment(self) -> Moment:
        """What is published and recorded now; another process's doings at most 10 ms later.

        New editions are read when they are first seen, which takes seconds for a county. Until then
        others have the editions before, with every mark; who saw them first, when `patience` ends.

        Asking the store lets go of the interpreter each time, and threads that take turns for
        it halve what a busy server answers (docs/performance.md).
        """
        writes, now = WRITES.number, time.monotonic()
        if self._moment and self._looked[0] == writes and now - self._looked[1] < LOOK_SECONDS:
            return self._moment
        moment = self._current()
        self._looked = writes, now
        return moment

    def atlas(self) -> Atlas:
        """What is published now, without the marks: for checks, which ask for little of it."""
        read, editions = self._read, self.store.editions.current_all()
        return read[0] if read and self._is_of(editions) else self._atlas_of(editions)

    def catch_up(self) -> None:
        """Wait until what is published is read: for staff, who look at what they just did, and
        for what is made ready before residents ask.
        """
        _ = self.moment  # begins to read
        with self._reading:
            pass
        self._looked = -1, 0.0  # somebody may have looked before it was read

    def _current(self) -> Moment:
        stamp = self.store.live.current_stamp()
        if stamp != self._stamp or self._moment is None:
            if self._may_read() and self._reading.acquire(blocking=self._read is None):
                self._read_with_patience()
            with self._lock:
                if stamp != self._stamp or self._moment is None:
                    is_newest = self._is_of(self.store.editions.current_all())
                    self._moment = self._refreshed(self._moment)
                    self._stamp = stamp if is_newest else None
        return self._moment

    def _may_read(self) -> bool:
        return self._read is None or time.monotonic() >= self._not_before

    def _read_with_patience(self) -> None:
        """Read new editions, in a thread that goes on where that takes longer than the patience."""
        if self._read is None or self.patience is None:
            self._read_editions()
            return
        reader = threading.Thread(target=self._read_aside, daemon=True, name="editions")
        try:
            reader.start()
        except RuntimeError:  # no more threads; the lock would stay for ever
            self._reading.release()
            raise
        reader.join(self.patience)

    def _read_aside(self) -> None:
        try:
            self._read_editions()
        except Exception:  # whatever it is, residents go on with the editions before
            log.exception("what was published last could not be read; it is tried again")
            self.is_behind, self._not_before = True, time.monotonic() + RETRY_SECONDS

    def _read_editions(self) -> None:
        """Read them where they are new; whoever holds the lock for it gives it back."""
        try:
            editions = self.store.editions.current_all()
            if not self._is_of(editions):
                atlas = self._atlas_of(editions)
                atlas.book(self.today().year)  # read at the first question, where nobody waits
                events = self.store.live.events_after(0)
                self._read = atlas, Ledger(events, ServicesOfEvents(atlas))
            self.is_behind = False
        finally:
            self._reading.release()

    def _atlas_of(self, editions: Sequence[Edition]) -> Atlas:
        folder, before = self.settings.data / "atlas", self._read[0] if self._read else None
        return Atlas(self.store, editions, folder, self.settings.crs, before)

    def _is_of(self, editions: Iterable[Edition]) -> bool:
        """Whether what was read is of these editions."""
        return self._read is not None and [e.number for e in editions] == [
            e.number for e in self._read[0].editions
        ]

    def _refreshed(self, before: Moment | None) -> Moment:
        assert self._read is not None, "editions are read before a moment is made"
        atlas, ledger = self._read
        ledger.add(self.store.live.events_after(ledger.newest_id))
        number = before.number + 1 if before else 1
        notices = tuple(self.store.live.notices())
        board = brought_up_to_date(
            before.issues if before else IssueBoard(), self.store.issues, self.settings.crs
        )
        as_at, reasons = self._as_at(atlas, ledger), self.known_reasons()
        return Moment(atlas, ledger, as_at, notices, board, reasons, number)

    def known_reasons(self) -> KnownReasons:
        """The reasons in place of dates that residents may read: shipped, and confirmed here."""
        return shipped_reasons().with_keys(one.key for one in self.store.reasons.all())

    def _as_at(self, atlas: Atlas, ledger: Ledger) -> datetime:
        """The later of publication and newest mark, never the time of the request."""
        times = [edition.at for edition in atlas.editions]
        times += [ledger.newest_at] if ledger.newest_at else []
        newest = max(times, default=datetime(1970, 1, 1, tzinfo=UTC))
        return newest.astimezone(self.zone)

    def secret_key(self, name: str) -> bytes:
        """The 32 bytes that seal what this name stands for, the same in all processes."""
        said = self.settings.secret_key.encode()
        return (
            hmac.new(said, name.encode(), hashlib.sha256).digest()
            if said
            else kept_key(self.store, name)
        )

    @cached_property
    def own_keeper(self) -> Keeper:
        """The council itself, where no published keeper is ours."""
        return Keeper(
            code="",
            name=self.settings.council_name,
            kind="county",
            phone=self.settings.council_phone,
        )


@contextmanager
def opened(settings: Settings, *, create: bool = True) -> Iterator[Council]:
    """A council for a command, or for a process that does one thing; closed afterwards.

    Python looks for waste rarely while the block runs. By default it looks among all objects again
    as they become more, a quarter of a long reading, and what files hold is none.
    """
    council, before = Council.open(settings, create=create), gc.get_threshold()
    try:
        gc.set_threshold(200_000, 20)
        yield council
    finally:
        gc.set_threshold(*before)
        council.close()


class ServicesOfEvents:
    """The services that an event speaks of: those of the verges that it had."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def __call__(self, event: Event) -> Iterable[str]:
        book = self._atlas.book(event.season)
        found = {book.verges[verge].service for verge in event.verges if verge in book.verges}
        if not found and event.target.code in book.rounds:
            found = {book.rounds[event.target.code].service}
        return sorted(found) or [DEFAULT_SERVICE]
