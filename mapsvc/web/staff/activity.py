"""Who did what and when, by name, kind and days; the same as a file. What is noted is elsewhere."""

from dataclasses import asdict, dataclass
from datetime import date

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import BadRequest
from mapsvc.services.operations import activity
from mapsvc.store.activity import DeedFilter
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import (
    allowed,
    blueprint,
    download,
    page,
)
from mapsvc.web.staff.fields import day_of, page_number

KINDS = {"": "Everything", **{kind: kind.capitalize() for kind in activity.KINDS}}
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is limited to, as the address says it; empty is all."""

    who: str
    kind: str
    first: date | None
    last: date | None

    def parameters(self) -> dict[str, str]:
        """The same for another address."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@blueprint.get("/activity")
@allowed("see")
def activity_page() -> AnyResponse:
    """A page of it, newest first."""
    asked = _asked()
    found = activity.page(council(), _wanted(asked), page_number())
    return page("activity.html", asked=asked, found=found, kinds=KINDS)


@blueprint.get("/activity.csv")
@allowed("see")
def activity_file() -> AnyResponse:
    """All of it that fits, to keep."""
    content = activity.activity_csv(council(), _wanted(_asked()))
    return download(content.encode(), "activity.csv", "text/csv; charset=utf-8")


def _asked() -> Asked:
    who, kind = request.args.get("who", "").strip(), request.args.get("kind", "")
    if kind not in KINDS:
        kinds = ", ".join(activity.KINDS)
        raise BadRequest("kind", "unknown_activity", value=kind[:40], choices=kinds)
    first, last = _day("first"), _day("last")
    if first and last and last < first:
        raise BadRequest("last", "last_day_before_first", last=last, first=first)
    return Asked(who[:200], kind, first, last)


def _day(name: str) -> date | None:
    day = day_of(name, request.args.get(name, ""))
    if day and day.year not in YEARS:
        raise BadRequest(name, "day_of_no_record", day=day, year=YEARS[0])
    return day


def _wanted(asked: Asked) -> DeedFilter:
    return activity.wanted(
        council(), by=asked.who, kind=asked.kind, first=asked.first, last=asked.last
    )
