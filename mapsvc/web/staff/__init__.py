"""The pages for staff, under /staff: one module per thing that people do there."""

from mapsvc.web.staff import (
    activity,
    editions,
    home,
    issues,
    jobs,
    left_long,
    messages,
    notices,
    pauses,
    people,
    previews,
    progress,
    reasons,
    rounds,
    signing_in,
    single_sign_on,
    uploads,
)
from mapsvc.web.staff.blueprint import blueprint

__all__ = [
    "activity",
    "blueprint",
    "editions",
    "home",
    "issues",
    "jobs",
    "left_long",
    "messages",
    "notices",
    "pauses",
    "people",
    "previews",
    "progress",
    "reasons",
    "rounds",
    "signing_in",
    "single_sign_on",
    "uploads",
]
