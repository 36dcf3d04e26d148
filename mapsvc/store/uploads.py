"""Files that staff sent: as they came, what was found in them, and what became of them.

The edition that a checked upload holds ready is in `editions`; what a check does, in `services`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from mapsvc.errors import EditionConflict, NotFound
from mapsvc.store.activity import note
from mapsvc.store.connections import Connections
from mapsvc.store.editions import Editions
from mapsvc.store.live import withdraw_in
from mapsvc.store.pointer import rival_of
from mapsvc.store.schema.staff_tables import heading_choice, upload, upload_file
from mapsvc.store.schema.tables import current_edition, event

WAITING, CHECKED, REFUSED = "waiting", "checked", "refused"
PUBLISHED, DROPPED = "published", "dropped"
"""States of an upload: its check is to come, it can be published, it cannot, it was, it is gone."""


class FileOfUpload(NamedTuple):
    """One file as it came. `is_kept` is False once its content was deleted."""

    name: str
    sha256: str
    size: int
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent. `base` is the edition that it was checked against, `edition` its own.

    `options` are what they said besides; `refusal` is why nothing can be made of it.
    """

    id: int
    kind: str
    service: str
    season: int | None
    state: str
    by: str
    options: dict[str, Any]
    at: datetime
    base: int | None
    edition: int | None
    job: int | None
    refusal: str
    erased_at: datetime | None
    files: tuple[FileOfUpload, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may still be published."""
        return self.state in (WAITING, CHECKED, REFUSED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided when a checked upload is published.

    Parameters
    ----------
    upload : its id
    withdraw : the marks to take back
    newest_event : the newest event that whoever decided could know of
    also_on : kind → the current edition of it that the check used
    """

    upload: int
    withdraw: Sequence[int]
    newest_event: int
    also_on: Mapping[str, int | None]


class Uploads:
    """The uploads of a store."""

    def __init__(self, store: Connections, editions: Editions) -> None:
        self._store = store
        self._editions = editions

    # Asking

    def get(self, upload_id: int) -> Upload:
        """The upload with this id. NotFound when there is none."""
        found = self._found(upload.c.id == upload_id)
        if found:
            return found[0]
        raise NotFound("no_upload", upload=upload_id)

    def newest(self, limit: int = 50) -> list[Upload]:
        """The newest uploads, newest first."""
        return self._found(upload.c.state != DROPPED, limit=limit)

    def of_editions(self, numbers: Iterable[int]) -> dict[int, Upload]:
        """Edition → the upload that it was made of."""
        mine = and_(upload.c.edition.in_(list(numbers)), upload.c.state == PUBLISHED)
        return {found.edition: found for found in self._found(mine) if found.edition}

    def older_than(self, at: datetime) -> list[Upload]:
        """The uploads of before `at` that nobody published or dropped."""
        return self._found(upload.c.at < at, upload.c.state.in_((WAITING, CHECKED, REFUSED)))

    def report(self, upload_id: int) -> dict[str, Any] | None:
        """What its check found, or None when it was not checked yet."""
        query = select(upload.c.report).where(upload.c.id == upload_id)
        with self._store.reading() as connection:
            found: dict[str, Any] | None = connection.scalar(query)
        return found

    def contents(self, upload_id: int) -> list[tuple[str, bytes]]:
        """Name and content of each file as it came. NotFound once they were deleted."""
        columns = upload_file.c
        query = select(columns.name, columns.content).where(columns.upload == upload_id)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(columns.fid)).all()
        if not rows or any(row.content is None for row in rows):
            raise NotFound("files_not_kept", upload=upload_id)
        return [(row.name, bytes(row.content)) for row in rows]

    def _found(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Upload]:
        columns = [column for column in upload.c if column.name != "report"]
        query = select(*columns).where(*conditions).order_by(upload.c.id.desc()).limit(limit)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
            files = _files(connection, [row.id for row in rows])
        return [Upload(**row._mapping, files=files.get(row.id, ())) for row in rows]

    # Changing

    def add(
        self,
        kind: str,
        files: Sequence[tuple[str, bytes]],
        *,
        service: str = "",
        season: int | None = None,
        options: Mapping[str, Any],
        by: str,
        at: datetime,
    ) -> int:
        """Keep files as they came; the upload's id."""
        said = {"kind": kind, "service": service, "season": season, "options": dict(options)}
        with self._store.writing("uploads") as connection:
            made = insert(upload).values(**said, by=by, at=at, state=WAITING, refusal="")
            number = int(connection.execute(made.returning(upload.c.id)).scalar_one())
            connection.execute(insert(upload_file), [_row(number, *file) for file in files])
            names = ", ".join(name for name, _ in files)
            note(connection, by=by, at=at, action="sent files", subject=names, detail=kind)
        return number

    def wait(self, upload_id: int) -> None:
        """It waits for a check; what an earlier one made is gone. NotFound when it is not open."""
        with self._store.writing("editions", "uploads") as connection:
            self._release(connection, upload_id, state=WAITING, job=None, refusal="")

    def say(self, upload_id: int, **options: Any) -> None:
        """Keep what somebody said besides. NotFound when it was published or dropped."""
        mine = and_(upload.c.id == upload_id, upload.c.state.in_((WAITING, CHECKED, REFUSED)))
        with self._store.writing("uploads") as connection:
            said = connection.execute(select(upload.c.options).where(mine)).scalar_one_or_none()
            if said is None:
                raise NotFound("upload_over", upload=upload_id)
            connection.execute(update(upload).where(mine).values(options={**said, **options}))

    def set_job(self, upload_id: int, job: int) -> None:
        """The job that checks it."""
        with self._store.writing("uploads") as connection:
            connection.execute(update(upload).where(upload.c.id == upload_id).values(job=job))

    def drop(self, upload_id: int, *, by: str, at: datetime) -> None:
        """It is not to be published; its files go too. NotFound when it is not open."""
        with self._store.writing("editions", "uploads") as connection:
            self._release(connection, upload_id, state=DROPPED)
            _erase(connection, [upload_id], at)
            note(connection, by=by, at=at, action="dropped files", subject=f"upload {upload_id}")

    def _release(self, connection: Connection, upload_id: int, **values: Any) -> None:
        """Change an open upload, and let its staged edition go."""
        mine = and_(upload.c.id == upload_id, upload.c.state.in_((WAITING, CHECKED, REFUSED)))
        staged = connection.execute(select(upload.c.edition).where(mine)).one_or_none()
        if staged is None:
            raise NotFound("upload_over", upload=upload_id)
        connection.execute(update(upload).where(mine).values(**values, edition=None, report=None))
        if staged.edition is not None:
            self._editions.drop(connection, staged.edition)

    def checked(self, connection: Connection, upload_id: int, edition: int, **values: Any) -> None:
        """It can be published as `edition`; within a transaction of `Editions.stage`.

        Raises
        ------
        NotFound : when it does not wait for a check any more.
        """
        _change_waiting(connection, upload_id, state=CHECKED, edition=edition, **values)

    def refused(self, upload_id: int, sentence: str, report: Mapping[str, Any]) -> None:
        """Nothing can be made of it. NotFound when it does not wait for a check any more."""
        with self._store.writing("uploads") as connection:
            values = {"refusal": sentence, "report": dict(report)}
            _change_waiting(connection, upload_id, state=REFUSED, **values)

    def publish(self, decision: Decision, *, by: str, at: datetime) -> int:
        """Its edition is the current one and the marks are taken back: all of it, or nothing.

        Raises
        ------
        EditionConflict : when somebody published, or recorded a mark, after the decision.
        NotFound : when it is not ready to be published.
        """
        mine = and_(upload.c.id == decision.upload, upload.c.state == CHECKED)
        with self._store.writing("editions", "events", "uploads") as connection:
            row = connection.execute(
                select(upload.c.edition, upload.c.base).where(mine)
            ).one_or_none()
            if row is None:
                raise NotFound("upload_not_ready", upload=decision.upload)
            _require_as_known(connection, decision)
            self._editions.activate(connection, row.edition, base=row.base, by=by, at=at)
            for mark in decision.withdraw:
                withdraw_in(connection, mark, by=by, at=at)
            connection.execute(update(upload).where(mine).values(state=PUBLISHED))
        return int(row.edition)

    def erase(self, upload_ids: Sequence[int], *, at: datetime) -> None:
        """Delete the content of files; their names and hashes stay."""
        with self._store.writing("uploads") as connection:
            _erase(connection, upload_ids, at)

    def with_files_before(self, at: datetime) -> list[int]:
        """The uploads of before `at` whose files are still kept."""
        query = select(upload.c.id).where(upload.c.at < at, upload.c.erased_at.is_(None))
        with self._store.reading() as connection:
            return list(connection.scalars(query))

    # What headings mean

    def choices(self, kind: str) -> dict[str, dict[str, str]]:
        """Shape → heading → column, as people said of files of a kind."""
        query = select(heading_choice.c.shape, heading_choice.c["columns"])
        with self._store.reading() as connection:
            rows = connection.execute(query.where(heading_choice.c.kind == kind))
            return {shape: dict(columns) for shape, columns in rows}

    def choose(
        self, kind: str, shape: str, columns: Mapping[str, str], *, by: str, at: datetime
    ) -> None:
        """Remember what the headings of files of this shape mean; empty columns forget it."""
        same = and_(heading_choice.c.kind == kind, heading_choice.c.shape == shape)
        values = {"kind": kind, "shape": shape, "columns": dict(columns), "by": by, "at": at}
        with self._store.writing("uploads") as connection:
            connection.execute(delete(heading_choice).where(same))
            if columns:
                connection.execute(insert(heading_choice).values(**values))


def _row(number: int, name: str, content: bytes) -> dict[str, Any]:
    digest = sha256(content).hexdigest()
    return {
        "upload": number,
        "name": name,
        "sha256": digest,
        "size": len(content),
        "content": content,
    }


def _files(connection: Connection, uploads: Sequence[int]) -> dict[int, tuple[FileOfUpload, ...]]:
    columns = upload_file.c
    is_kept = columns.content.is_not(None)
    query = select(columns.upload, columns.name, columns.sha256, columns.size, is_kept)
    found: dict[int, list[FileOfUpload]] = {}
    rows = connection.execute(query.where(columns.upload.in_(uploads)).order_by(columns.fid))
    for number, name, digest, size, kept in rows:
        found.setdefault(number, []).append(FileOfUpload(name, digest, size, bool(kept)))
    return {number: tuple(files) for number, files in found.items()}


def _erase(connection: Connection, upload_ids: Sequence[int], at: datetime) -> None:
    files = upload_file.c.upload.in_(list(upload_ids))
    connection.execute(update(upload_file).where(files).values(content=None))
    gone = upload.c.id.in_(list(upload_ids))
    connection.execute(update(upload).where(gone).values(erased_at=at))


def _change_waiting(connection: Connection, upload_id: int, **values: Any) -> None:
    mine = and_(upload.c.id == upload_id, upload.c.state == WAITING)
    if not connection.execute(update(upload).where(mine).values(**values)).rowcount:
        raise NotFound("upload_not_waiting", upload=upload_id)


def _require_as_known(connection: Connection, decision: Decision) -> None:
    newest = connection.scalar(select(func.max(event.c.id))) or 0
    if newest != decision.newest_event:
        raise EditionConflict("mark_recorded_meanwhile")
    pointers = select(current_edition).where(current_edition.c.kind.in_(decision.also_on))
    now = {pointer.kind: pointer for pointer in connection.execute(pointers)}
    for kind, number in decision.also_on.items():
        rival = rival_of(now.get(kind))
        if (rival.edition if rival else None) != number:
            raise EditionConflict("kind_published_meanwhile", rival=rival, kind=kind)
