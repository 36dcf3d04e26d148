"""The first staff page: what there is to do for whoever is signed in."""

from typing import NamedTuple

from werkzeug.wrappers import Response as AnyResponse

from mapsvc.services.accounts.people import may
from mapsvc.services.marks.rounds_table import warnings
from mapsvc.services.plan_changes.pauses import in_december
from mapsvc.web.common.context import answers, council
from mapsvc.web.staff.blueprint import account, blueprint, page


class Task(NamedTuple):
    """A line of the first page, for the roles that may do it."""

    permission: str
    address: str
    title: str
    words: str


TASKS = (
    Task("see", "/staff/issues", "Issues", "What residents reported, and what becomes of it."),
    Task("see", "/staff/messages", "Messages", "What was sent on, and what did not arrive."),
    Task("mark", "/staff/rounds", "Rounds", "Mark what is started, done, missed or delayed."),
    Task("see", "/staff/progress", "Progress", "All rounds in a table and on the map; mark many."),
    Task("see", "/staff/late", "Late or quiet", "What is late or has gone quiet, by ward."),
    Task("steer", "/staff/notices", "Notices", "Sentences that residents read above the answers."),
    Task("steer", "/staff/pauses", "Pauses", "Pause the programme or parts of it, and go on."),
    Task("steer", "/staff/left-long", "Left long", "Grass that is left to grow for some weeks."),
    Task(
        "publish",
        "/staff/uploads",
        "Publish a spreadsheet",
        "Send a schedule or other file, see what it would change, then publish it.",
    ),
    Task(
        "see",
        "/staff/editions",
        "What was published",
        "Every edition: who, when, what changed. Put an earlier one back.",
    ),
    Task(
        "publish",
        "/staff/reasons",
        "Reasons in place of dates",
        "Words of schedules that residents read where there are no dates. Withdraw one.",
    ),
    Task(
        "see",
        "/staff/activity",
        "Who did what",
        "Every mark, publication and change, with its time.",
    ),
    Task("see", "/staff/jobs", "Work in the background", "How far it is, and why it was not done."),
    Task(
        "manage accounts",
        "/staff/accounts",
        "Accounts",
        "Who may sign in, and what they may do.",
    ),
)


@blueprint.get("")
def home() -> AnyResponse:
    """The pages that the role may open."""
    tasks = [task for task in TASKS if may(account(), task.permission)]
    said = warnings(answers(), council().today()) if may(account(), "see") else []
    asked = in_december(answers()) if may(account(), "steer") else ""
    return page("home.html", tasks=tasks, warnings=said, asked=asked)
