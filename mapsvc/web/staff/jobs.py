"""What is done in the background: how far it is, and why it was not done. Nothing is begun here."""

from datetime import datetime

from werkzeug.wrappers import Response as AnyResponse

from mapsvc.store.jobs import DONE, FAILED, QUEUED, RUNNING, Job
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import allowed, blueprint, now, page

NEWEST = 100
STATE_WORDS = {QUEUED: "Waiting", RUNNING: "Under way", DONE: "Done", FAILED: "Not done"}
LEFT = "Stopped, to be begun again"
"""A job whose worker was not heard of in time."""


@blueprint.get("/jobs")
@allowed("see")
def jobs_page() -> AnyResponse:
    """The newest jobs, newest first."""
    jobs, at = council().store.jobs.newest(NEWEST), now()
    return page("jobs.html", jobs=[(job, _state(job, at)) for job in jobs], newest=NEWEST)


def _state(job: Job, at: datetime) -> str:
    is_left = job.state == RUNNING and job.lease_until is not None and job.lease_until < at
    return LEFT if is_left else STATE_WORDS[job.state]
