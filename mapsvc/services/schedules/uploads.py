"""Files that staff send: kept as they came, checked, published as they were checked, or dropped.

What a check does is in `check_upload`; what its page says, in `check_findings`.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from mapsvc.errors import BadRequest, NotFound
from mapsvc.ingest.values.headings import KINDS, columns_of
from mapsvc.services.schedules.marks_at_stake import MarkAtStake, marks_at_stake
from mapsvc.services.schedules.reasons import confirm_reasons
from mapsvc.services.state.council import Council
from mapsvc.store.editions import Edition
from mapsvc.store.uploads import CHECKED, Decision, Upload

CHECK, TIDY = "check upload", "tidy uploads"
"""The kinds of jobs that uploads make."""

LARGEST = 20_000_000
"""Bytes of all files of one upload."""
MOST_FILES = 20
LONGEST_NAME = 120
OPEN_DAYS = 14
"""An upload that nobody publishes is dropped after so many days: its rows take room."""

USED_BY = {"schedule": ("gazetteer", "keepers", "boundaries"), "keepers": ("boundaries",)}
"""What else a check of a kind rests on."""

KEEP, WITHDRAW = "keep", "withdraw"


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What somebody said besides their files; empty is: as the files say."""

    service: str = ""
    season: int | None = None


def receive(
    council: Council,
    kind: str,
    files: Sequence[tuple[str, bytes]],
    said: UploadOptions,
    *,
    by: str,
    at: datetime,
) -> int:
    """Keep the files and have them checked; the upload's id.

    Raises
    ------
    BadRequest : naming the field, when there is no file, too many, or no such kind.
    """
    if kind not in KINDS:
        raise BadRequest("kind", "no_kind_chosen")
    named = [(file_name(name), content) for name, content in files if name or content]
    if not named:
        raise BadRequest("files", "no_file_chosen")
    if len(named) > MOST_FILES:
        raise BadRequest("files", "too_many_files", files=len(named), most=MOST_FILES)
    upload_id = council.store.uploads.add(
        kind,
        _told_apart(named),
        service=said.service if kind == "schedule" else "",
        season=said.season if kind == "schedule" else None,
        options={},
        by=by,
        at=at,
    )
    _queue_check(council, upload_id, by=by, at=at)
    return upload_id


def _queue_check(council: Council, upload_id: int, *, by: str, at: datetime) -> None:
    job = council.store.jobs.add(CHECK, {"upload": upload_id}, by=by, at=at)
    council.store.uploads.set_job(upload_id, job)


def file_name(name: str) -> str:
    """The last part of a person's name for a file, as text that is no path and fits a line."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c if c.isprintable() else " " for c in last).strip(" .") or "file"
    if len(shown.encode()) <= LONGEST_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    ending = ending[:10] if dot else ""
    stem = (stem or shown).encode()[: LONGEST_NAME - 20].decode("utf-8", "ignore")
    return f"{stem}.{ending}" if ending else stem


def _told_apart(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files with names of their own: two folders may hold a file of the same name."""
    taken: set[str] = set()
    result = []
    for name, content in files:
        own, number = name, 1
        while own.casefold() in taken:
            number += 1
            own = f"{number} {name}"
        taken.add(own.casefold())
        result.append((own, content))
    return result


def check_again(
    council: Council,
    upload_id: int,
    *,
    by: str,
    at: datetime,
    corrected: Mapping[str, Mapping[str, str]] | None = None,
    answers: Mapping[str, str] | None = None,
) -> None:
    """Have the files read once more, against what is published then. NotFound when it is done with.

    Parameters
    ----------
    corrected : shape of a sheet → column number → our column; remembered for files of the shape
    answers : question id → choice id; those that were given before and are not here stay
    """
    upload = council.store.uploads.get(upload_id)
    council.store.uploads.contents(upload_id)
    for shape, columns in (corrected or {}).items():
        council.store.uploads.choose(upload.kind, shape, columns, by=by, at=at)
    if answers:
        council.store.uploads.say(
            upload_id, answers={**upload.options.get("answers", {}), **answers}
        )
    council.store.uploads.wait(upload_id)  # first: a worker may be quicker than the next line
    _queue_check(council, upload_id, by=by, at=at)


def require_columns(kind: str, chosen: Mapping[int, str], headings: Sequence[str]) -> None:
    """BadRequest for a column that no file of this kind has, or that two headings mean."""
    known = set(columns_of(kind))
    taken: dict[str, int] = {}
    for at, column in chosen.items():
        if column and column not in known:
            raise BadRequest("columns", "unknown_column", column=column[:40])
        if column and column in taken:
            first, second = headings[taken[column]], headings[at]
            raise BadRequest(
                "columns", "one_column_twice", first=first[:60], second=second[:60], column=column
            )
        taken[column] = at


def stakes(council: Council, upload: Upload) -> list[MarkAtStake]:
    """The marks in force that publishing this upload would leave without their cut or verge."""
    if upload.state != CHECKED:
        return []
    report = council.store.uploads.report(upload.id) or {}
    return marks_at_stake(council.moment, report.get("disturbed", {}), upload.season)


def publish_upload(
    council: Council,
    upload_id: int,
    *,
    decisions: Mapping[int, str],
    others: str = "",
    is_accepted: bool,
    by: str,
    at: datetime,
) -> Edition:
    """The edition that was checked, as the current one; nothing is read again.

    Parameters
    ----------
    decisions : event id → KEEP or WITHDRAW, for marks at stake
    others : KEEP or WITHDRAW for those that are not decided one by one
    is_accepted : whether the problems that do not block were accepted

    Raises
    ------
    BadRequest : naming the field, when something is not decided
    EditionConflict : when somebody published or marked in between; nothing was changed
    NotFound : when it is not ready to be published
    """
    upload = council.store.uploads.get(upload_id)
    if upload.state != CHECKED:
        raise NotFound("upload_not_ready", upload=upload_id)
    moment = council.moment
    decided = {mark.event: decisions.get(mark.event, others) for mark in stakes(council, upload)}
    undecided = [mark for mark, word in decided.items() if word not in (KEEP, WITHDRAW)]
    if undecided:
        raise BadRequest("all-marks", "marks_undecided", marks=len(undecided))
    report = council.store.uploads.report(upload_id) or {}
    questions = report.get("questions", [])
    if any(not one["choice"] and not one.get("is_optional") for one in questions):
        raise BadRequest("questions", "answer_questions_first")
    if not is_accepted and report.get("problems"):
        raise BadRequest("accept", "problems_not_accepted")
    decision = Decision(
        upload=upload_id,
        withdraw=[mark for mark, word in decided.items() if word == WITHDRAW],
        newest_event=moment.ledger.newest_id,
        also_on=dict(upload.options.get("also_on", {})),
    )
    confirm_reasons(council, report.get("confirmed", []), by=by, at=at)
    council.store.settled.remember(report.get("settled", {}), by=by, at=at)
    number = council.store.uploads.publish(decision, by=by, at=at)
    council.store.jobs.add(TIDY, {}, by=by, at=datetime.now(UTC))  # workers go by the clock
    return council.store.editions.get(number)


def drop(council: Council, upload_id: int, *, by: str, at: datetime) -> None:
    """Forget an upload: its files and what was made ready. NotFound when it was published."""
    council.store.uploads.drop(upload_id, by=by, at=at)
    council.store.jobs.add(TIDY, {}, by=by, at=at)


def tidy(council: Council, at: datetime) -> None:
    """Drop what nobody published, delete originals that are old enough, and sweep editions."""
    uploads = council.store.uploads
    for upload in uploads.older_than(at - timedelta(days=OPEN_DAYS)):
        with suppress(NotFound):  # somebody published or dropped it just now
            uploads.drop(upload.id, by="housekeeping", at=at)
    months = relativedelta(months=council.settings.originals_months)
    old = uploads.with_files_before(at - months)
    if old:
        uploads.erase(old, at=at)
    council.store.editions.sweep()
