"""What can be done in the background: the kinds of jobs, each with the function that does it.

How jobs are leased, held and ended is in `jobs`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from mapsvc.services.issues import erasing
from mapsvc.services.jobs import JobProgress, Work
from mapsvc.services.outbox import sender
from mapsvc.services.schedules import check_upload, uploads
from mapsvc.services.state.council import Council
from mapsvc.store.jobs import Job


def _tidy(council: Council, job: Job, progress: JobProgress) -> None:
    uploads.tidy(council, datetime.now(UTC))


def _pull(council: Council, job: Job, progress: JobProgress) -> None:
    sender.pull_all(council, council.now())


def _erase(council: Council, job: Job, progress: JobProgress) -> None:
    erasing.erase_closed(council, council.now())


WORK: Mapping[str, Work] = {
    uploads.CHECK: check_upload.check,
    uploads.TIDY: _tidy,
    sender.PULL: _pull,
    sender.ERASE: _erase,
}
"""Kind of job → what does it. It may be killed at any point and begun again, three times at
most: done twice must be the same as done once."""
