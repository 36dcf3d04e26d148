"""Files sent through the staff pages of a test council, checked in the same process."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from mapsvc.services.jobs import JobProgress, Work, Worker
from mapsvc.services.schedules import check_upload, uploads
from mapsvc.services.state.council import Council
from mapsvc.store.jobs import Job
from tests.support.staff import SEAL, StaffBrowser


def _check(council: Council, job: Job, progress: JobProgress) -> None:
    check_upload.check_here(council, int(job.payload["upload"]), progress)


def _tidy(council: Council, job: Job, progress: JobProgress) -> None:
    uploads.tidy(council, datetime.now(UTC))


WORK: Mapping[str, Work] = {uploads.CHECK: _check, uploads.TIDY: _tidy}


def run_jobs(council: Council, jobs: Mapping[str, Work] = WORK) -> None:
    """Do what waits in the background."""
    Worker(council, jobs).run_due()


def send(
    browser: StaffBrowser,
    content: str | bytes,
    name: str = "cuts.csv",
    jobs: Mapping[str, Work] = WORK,
    **form: Any,
) -> str:
    """Send a file as a person does and have it checked; the address of its page."""
    data = content.encode() if isinstance(content, str) else content
    browser.get("/staff/uploads")
    seal = SEAL.search(browser.page)
    assert seal is not None
    files = FileStorage(io.BytesIO(data), filename=name)
    fields = {"seal": seal[1], "kind": "schedule", "files": files, **form}
    boundary, body = encode_multipart(fields)  # the client itself leaves files open
    kind = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post("/staff/uploads", data=body, content_type=kind)
    assert answer.status_code == 303, answer.text
    run_jobs(browser.client.application.extensions["council"], jobs)
    return answer.headers["Location"]
