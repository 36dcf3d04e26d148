"""The streets that a checked schedule changes, as residents see them now and would see them."""

from flask import Response, current_app
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.answers import Answer
from mapsvc.errors import NotFound
from mapsvc.services.answers.teller import Answers
from mapsvc.services.schedules.check_findings import CheckFinding, findings
from mapsvc.services.schedules.ingest_reports import report_of
from mapsvc.services.schedules.previews import (
    DRAWN_STREETS,
    Previews,
    street_drawing,
    streets_drawing,
)
from mapsvc.store.uploads import CHECKED, Upload
from mapsvc.web.common.context import answers, council
from mapsvc.web.staff.blueprint import allowed, blueprint, page

SHOWN_ENTRIES = 2_000
"""Lines of one list on a page; the download has all rows with problems."""
NOW, THEN = "now", "then"


def _answers_of(upload: Upload, when: str) -> Answers:
    """What residents read now, or then."""
    if when == NOW:
        return answers()
    previews: Previews = current_app.extensions.setdefault("previews", Previews(council()))
    return previews.of(upload.edition or 0)


@blueprint.get("/uploads/<int:upload_id>/lists/<slug>")
@allowed("publish")
def upload_list(upload_id: int, slug: str) -> AnyResponse:
    """The list behind a number of the check page, and its places on the map of both editions."""
    upload = council().store.uploads.get(upload_id)
    found = _finding(upload, slug)
    has_map = bool(found.streets) and upload.kind == "schedule" and upload.state == CHECKED
    return page(
        "upload_list.html",
        upload=upload,
        finding=found,
        entries=found.entries[:SHOWN_ENTRIES],
        has_map=has_map,
        drawn=DRAWN_STREETS,
    )


def _finding(upload: Upload, slug: str) -> CheckFinding:
    record = council().store.uploads.report(upload.id)
    for found in findings(report_of(record), council().moment.atlas) if record else ():
        if found.slug == slug:
            return found
    raise NotFound("no_such_list")


@blueprint.get("/uploads/<int:upload_id>/lists/<slug>/<any(now, then):when>.svg")
@allowed("publish")
def upload_list_drawing(upload_id: int, slug: str, when: str) -> AnyResponse:
    """The streets of a list on the map of one edition."""
    upload = council().store.uploads.get(upload_id)
    streets = _finding(upload, slug).streets
    title = "Now" if when == NOW else "After publishing"
    return _svg(streets_drawing(_answers_of(upload, when), streets, council().today(), title))


@blueprint.get("/uploads/<int:upload_id>/streets/<street_id>")
@allowed("publish")
def upload_street(upload_id: int, street_id: str) -> AnyResponse:
    """A street as residents read it now, beside how they would."""
    upload = council().store.uploads.get(upload_id)
    sides = [
        ("Residents read now", NOW, _answer(upload, NOW, street_id)),
        ("Residents would read", THEN, _answer(upload, THEN, street_id)),
    ]
    return page("upload_street.html", upload=upload, street=sides[0][2].street, sides=sides)


def _answer(upload: Upload, when: str, street_id: str) -> Answer:
    return _answers_of(upload, when).answer(street_id, council().today())


@blueprint.get("/uploads/<int:upload_id>/streets/<street_id>/<any(now, then):when>.svg")
@allowed("publish")
def upload_street_drawing(upload_id: int, street_id: str, when: str) -> AnyResponse:
    """The same street on the map of one edition."""
    upload = council().store.uploads.get(upload_id)
    return _svg(street_drawing(_answers_of(upload, when), street_id, council().today()))


def _svg(text: str) -> Response:
    return Response(text, mimetype="image/svg+xml")
