"""The check of an upload: read in the limited child, matched, compared, and laid ready.

It runs in a process of its own, so that a large file takes neither memory nor time from the
pages, and a reader that breaks takes nobody with it:

    python -m mapsvc.services.schedules.check_upload UPLOAD
"""

import json
import logging
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mapsvc.config import Settings, environment_of_child
from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.errors import EditionConflict, FileRefused, MapsvcError
from mapsvc.ingest.sandbox.parent import as_upload
from mapsvc.messages.words import Reader
from mapsvc.problems import QuestionAnswers, Report
from mapsvc.services.jobs import JobProgress
from mapsvc.services.schedules.ingest_reports import report_record
from mapsvc.services.schedules.marks_at_stake import disturbed
from mapsvc.services.schedules.publishing import (
    Options,
    Proposal,
    losses_problem,
    propose_into,
)
from mapsvc.services.schedules.uploads import USED_BY
from mapsvc.services.state.council import Council, opened
from mapsvc.store.jobs import Job
from mapsvc.store.uploads import WAITING, Upload

log = logging.getLogger(__name__)

LONGEST_SECONDS = 120
"""Reading has its own limit of seconds; this one is for what comes after."""
ADDRESS_SPACE = 4 * 1024**3
STEPS = 3
TRIES = 3
"""Somebody may publish while a file is read; then it is compared anew."""


# In the worker


def check(council: Council, job: Job, progress: JobProgress) -> None:
    """Check the upload of a job in a process of its own.

    Raises
    ------
    MapsvcError : when that process did not come to its end.
    """
    upload_id = int(job.payload["upload"])
    words = [sys.executable, "-m", "mapsvc.services.schedules.check_upload", str(upload_id)]
    child = subprocess.Popen(
        words, stdout=subprocess.PIPE, env=environment_of_child(council.settings)
    )
    timer = threading.Timer(LONGEST_SECONDS, child.kill)
    timer.start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            progress(*json.loads(line))
        code = child.wait()
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if code:
        log.error("the check of upload %s ended with %s", upload_id, code)
        raise MapsvcError("check_broke_off")


# In the process of its own


def main() -> None:
    """Check the upload that the command names; progress goes to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    with opened(Settings.from_environment(), create=False) as council:
        check_here(council, int(sys.argv[1]), _say)


def _say(done: int, total: int, words: str = "") -> None:
    print(json.dumps([done, total, words]), flush=True)


def check_here(council: Council, upload_id: int, progress: JobProgress) -> None:
    """Check an upload that waits for it, in this process; done twice is the same as once."""
    upload = council.store.uploads.get(upload_id)
    if upload.state != WAITING:
        return
    with files_of(council, upload) as files:
        for attempt in range(TRIES):
            try:
                _check(council, upload, files, progress)
                break
            except EditionConflict:
                if attempt == TRIES - 1:
                    raise
    progress(STEPS, STEPS, "Ready")


def _check(council: Council, upload: Upload, files: list[Path], progress: JobProgress) -> None:
    answers = QuestionAnswers(upload.options.get("answers", {}))
    report = Report(upload.kind, corrected=_corrected(council, upload.kind), answers=answers)
    also_on = _also_on(council, upload.kind)  # before reading: a newer one may come meanwhile
    progress(0, STEPS, "Reading the files and finding their streets")
    try:
        with as_upload():
            proposal = propose_into(report, council, files, _options(upload))
        report.add(*losses_problem(report))
        if report.is_blocked:
            raise FileRefused(next(one.in_place for one in report.problems if one.blocks))
    except FileRefused as refusal:
        sentence = refusal.told(Reader.STAFF)
        council.store.uploads.refused(upload.id, sentence, report_record(report))
        return
    progress(1, STEPS, "Laying the new edition ready beside the current one")
    _stage(council, upload, proposal, also_on)


def _also_on(council: Council, kind: str) -> dict[str, int | None]:
    """What else the check rests on: kind → number of its current edition."""
    editions = {other: council.store.editions.current(other) for other in USED_BY.get(kind, ())}
    return {other: edition.number if edition else None for other, edition in editions.items()}


def _corrected(council: Council, kind: str) -> dict[str, dict[int, str]]:
    return {
        shape: {int(at): column for at, column in columns.items()}
        for shape, columns in council.store.uploads.choices(kind).items()
    }


def _options(upload: Upload) -> Options:
    return Options(season=upload.season, service=upload.service or DEFAULT_SERVICE)


def _stage(
    council: Council, upload: Upload, proposal: Proposal, also_on: dict[str, int | None]
) -> None:
    draft = proposal.draft
    record = report_record(proposal.report)
    if draft.schedule is not None:
        before = (
            council.store.editions.schedule(proposal.base) if proposal.base is not None else None
        )
        record["disturbed"] = disturbed(draft.schedule, before)
    values = {
        "base": proposal.base,
        "season": draft.season,
        "service": draft.service,
        "options": {**upload.options, "also_on": also_on},
        "report": record,
    }
    council.store.editions.stage(
        draft,
        base=proposal.base,
        by=upload.by,
        at=council.now(),
        note_it=lambda connection, number: council.store.uploads.checked(
            connection, upload.id, number, **values
        ),
    )


@contextmanager
def files_of(council: Council, upload: Upload) -> Iterator[list[Path]]:
    """The files as they came, in a folder of their own, while the block runs."""
    with tempfile.TemporaryDirectory(prefix="mapsvc-upload-") as folder:
        files = []
        for name, content in council.store.uploads.contents(upload.id):
            file = Path(folder, name)
            file.write_bytes(content)
            files.append(file)
        yield files


if __name__ == "__main__":
    main()
