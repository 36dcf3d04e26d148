"""Files sent through the staff pages of a test council, checked in the same process."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mapsvc.services import checking, uploads
from mapsvc.services.council import Council
from mapsvc.services.jobs import Progress, Work, Worker
from mapsvc.store.jobs import Job
from tests.staff import StaffBrowser


def _check(council: Council, job: Job, progress: Progress) -> None:
    checking.check_here(council, int(job.payload["upload"]), progress)


def _tidy(council: Council, job: Job, progress: Progress) -> None:
    uploads.tidy(council, datetime.now(UTC))


WORK: Mapping[str, Work] = {uploads.CHECK: _check, uploads.TIDY: _tidy}


def run_jobs(council: Council) -> None:
    """Do what waits in the background."""
    Worker(council, WORK).run_due()


def send(browser: StaffBrowser, content: str | bytes, name: str = "cuts.csv", **form: Any) -> str:
    """Send a file as a person does and have it checked; the address of its page."""
    data = content.encode() if isinstance(content, str) else content
    browser.get("/staff/uploads")
    fields = {"kind": "schedule", "files": (io.BytesIO(data), name), **form}
    answer = browser.post("/staff/uploads", fields, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    run_jobs(browser.client.application.extensions["council"])
    return answer.headers["Location"]
