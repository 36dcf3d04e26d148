"""Sending a file, seeing what it would change, publishing it: three steps, three addresses."""

import json
import re
from typing import NamedTuple

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from mapsvc.domain.schedule import DEFAULT_SERVICE
from mapsvc.errors import BadRequest, EditionConflict, NotFound
from mapsvc.ingest.values.headings import columns_of
from mapsvc.messages.catalogue import Message
from mapsvc.messages.words import Reader
from mapsvc.problems import Report
from mapsvc.services.schedules import uploads
from mapsvc.services.schedules.check_findings import findings, in_their_rows, is_unchanged
from mapsvc.services.schedules.ingest_reports import problems_csv, problems_workbook, report_of
from mapsvc.services.schedules.uploads import LARGEST, UploadOptions
from mapsvc.store.jobs import Job
from mapsvc.store.uploads import CHECKED, REFUSED, WAITING, Upload
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import (
    XLSX,
    account,
    allowed,
    blueprint,
    done,
    download,
    now,
    page,
    takes_files,
)
from mapsvc.web.staff.editions import name_of

ADDRESS = "/staff/uploads"
SHOWN_PROBLEMS = 20
SHOWN_CELLS = 12

KINDS = {
    "schedule": "Schedule: rounds, cuts and their dates",
    "gazetteer": "Gazetteer: the streets",
    "keepers": "Keepers: who looks after grass",
    "boundaries": "Boundaries: parishes and wards",
    "places": "Places: postcodes and villages to search for",
}
STATES = {
    WAITING: "being checked",
    CHECKED: "checked, not published",
    REFUSED: "cannot be used",
    "published": "published",
}


@blueprint.get("/uploads")
@allowed("publish")
def uploads_page() -> AnyResponse:
    """The form, and what was sent before."""
    return _list()


def _list(code: int = 200, errors: tuple[tuple[str, str], ...] = ()) -> AnyResponse:
    form = request.form if errors else {}
    schedules = [e for e in council().moment.atlas.editions if e.kind == "schedule"]
    services = sorted({edition.service for edition in schedules})
    return page(
        "uploads.html",
        code,
        sent=council().store.uploads.newest(),
        kinds=KINDS,
        states=STATES,
        form=form,
        errors=errors,
        schedules=schedules,
        services=services or [DEFAULT_SERVICE],
    )


@blueprint.post("/uploads")
@takes_files(LARGEST)
@allowed("publish")
def send_files() -> AnyResponse:
    """Keep the files as they are, and have them checked in the background."""
    files = [(one.filename or "", one.read()) for one in request.files.getlist("files")]
    try:
        upload_id = uploads.receive(
            council(), request.form.get("kind", ""), files, _said(), by=account().name, at=now()
        )
    except BadRequest as wrong:
        return _list(422, ((wrong.parameter, wrong.told(Reader.STAFF)),))
    return done(f"{ADDRESS}/{upload_id}")


def _said() -> UploadOptions:
    season, service = (request.form.get(name, "").strip() for name in ("season", "service"))
    if season and not re.fullmatch(r"20\d\d", season, re.ASCII):
        raise BadRequest("season", "bad_season")
    return UploadOptions(
        service=" ".join(service[:80].split()), season=int(season) if season else None
    )


# The check


@blueprint.get("/uploads/<int:upload_id>")
@allowed("publish")
def upload_page(upload_id: int) -> AnyResponse:
    """How far the check is; then what publishing would change."""
    return _show(council().store.uploads.get(upload_id))


def _show(upload: Upload, code: int = 200, errors: tuple[tuple[str, str], ...] = ()) -> AnyResponse:
    if upload.state == WAITING:
        job = _job(upload)
        progress = _progress(job) if job else None
        return page("upload_waiting.html", code, upload=upload, job=job, progress=progress)
    report = _report(upload)
    form = request.form if errors else {}
    return page(
        "upload.html",
        code,
        upload=upload,
        report=report,
        findings=findings(report, council().moment.atlas),
        is_unchanged=is_unchanged(report),
        cells=in_their_rows(report.problems, SHOWN_PROBLEMS),
        shown_cells=SHOWN_CELLS,
        columns=columns_of(upload.kind),
        sheets=_sheets(report),
        stakes=uploads.stakes(council(), upload),
        edition=_edition(upload),
        errors=errors,
        form=form,
    )


class Choice(NamedTuple):
    """A heading and the column that it is taken for, empty for none."""

    id: str
    heading: str
    column: str


def _sheets(report: Report) -> list[tuple[str, list[Choice]]]:
    """The headings of each sheet; sheets with the same ones share them."""
    by_shape = {sheet.shape: sheet for sheet in reversed(report.headings)}
    return [
        (
            sheet.sheet or sheet.file,
            [
                Choice(f"{sheet.shape}-{at}", heading, sheet.columns.get(at, ""))
                for at, heading in enumerate(sheet.headings)
                if heading
            ],
        )
        for sheet in reversed(by_shape.values())
    ]


def _job(upload: Upload) -> Job | None:
    return council().store.jobs.get(upload.job) if upload.job else None


def _report(upload: Upload) -> Report:
    record = council().store.uploads.report(upload.id)
    return report_of(record) if record else Report(upload.kind)


def _edition(upload: Upload) -> object:
    if upload.state != "published" or upload.edition is None:
        return None
    try:
        return council().store.editions.get(upload.edition)
    except NotFound:  # ten came after it
        return None


@blueprint.get("/uploads/<int:upload_id>/state")
@allowed("publish")
def upload_state(upload_id: int) -> AnyResponse:
    """The progress of the check, for the script that watches it."""
    upload = council().store.uploads.get(upload_id)
    job = _job(upload)
    is_over = upload.state != WAITING or job is None or not job.is_open
    body = {"over": is_over, **(_progress(job)._asdict() if job else {})}
    return Response(json.dumps(body), mimetype="application/json")


class CheckProgress(NamedTuple):
    """How far a check is."""

    words: str
    done: int
    total: int


def _progress(job: Job) -> CheckProgress:
    words = job.words or "Waiting for its turn"
    step = f" (step {min(job.done + 1, job.total)} of {job.total})" if job.total else ""
    return CheckProgress(f"{words}{step}.", job.done, job.total or 1)


@blueprint.get("/uploads/<int:upload_id>/problems.csv")
@allowed("publish")
def upload_problems_csv(upload_id: int) -> AnyResponse:
    """All rows with problems, as they came, each with its reason."""
    upload = council().store.uploads.get(upload_id)
    text = "\ufeff" + problems_csv(_report(upload), Reader.STAFF)
    return download(text.encode(), f"problems-{upload_id}.csv", "text/csv")


@blueprint.get("/uploads/<int:upload_id>/problems.xlsx")
@allowed("publish")
def upload_problems_workbook(upload_id: int) -> AnyResponse:
    """The same as a workbook."""
    upload = council().store.uploads.get(upload_id)
    content = problems_workbook(_report(upload), Reader.STAFF)
    return download(content, f"problems-{upload_id}.xlsx", XLSX)


# What is done with it


@blueprint.post("/uploads/<int:upload_id>/answers")
@allowed("publish")
def answer_questions(upload_id: int) -> AnyResponse:
    """Keep the choices that were made, and check the files again with them."""
    upload = council().store.uploads.get(upload_id)
    questions = _report(upload).questions
    answers = {
        question.id: made
        for question in questions
        if (made := request.form.get(question.id, "")) and question.has(made)
    }
    left = [question for question in questions if question.id not in answers]
    if not answers and left:
        wrong = [(question.id, str(Message("choose_answer"))) for question in left]
        return _show(upload, 422, tuple(wrong))
    uploads.check_again(council(), upload_id, by=account().name, at=now(), answers=answers)
    return done(f"{ADDRESS}/{upload_id}")


@blueprint.post("/uploads/<int:upload_id>/check")
@allowed("publish")
def check_upload_again(upload_id: int) -> AnyResponse:
    """Read the files again, with what the form says that headings mean."""
    upload = council().store.uploads.get(upload_id)
    try:
        corrected = _corrected(upload)
    except BadRequest as wrong:
        return _show(upload, 422, (("columns", wrong.told(Reader.STAFF)),))
    uploads.check_again(
        council(), upload_id, by=account().name, at=now(), corrected=corrected or None
    )
    return done(f"{ADDRESS}/{upload_id}")


def _corrected(upload: Upload) -> dict[str, dict[str, str]]:
    """What the form says of each sheet whose columns it shows."""
    said = {}
    for sheet in _report(upload).headings:
        names = {f"{sheet.shape}-{at}": at for at in range(len(sheet.headings))}
        chosen = {at: request.form[name] for name, at in names.items() if name in request.form}
        uploads.require_columns(upload.kind, chosen, sheet.headings)
        if chosen:
            said[sheet.shape] = {str(at): column for at, column in chosen.items()}
    return said


@blueprint.post("/uploads/<int:upload_id>/publish")
@allowed("publish")
def publish_upload(upload_id: int) -> AnyResponse:
    """Make what was checked the current edition."""
    if council().store.uploads.get(upload_id).state == "published":  # in another tab, say
        return redirect(f"{ADDRESS}/{upload_id}", 303)
    decisions = {
        int(name.removeprefix("mark-")): word
        for name, word in request.form.items()
        if re.fullmatch(r"mark-\d{1,12}", name, re.ASCII)
    }
    try:
        edition = uploads.publish_upload(
            council(),
            upload_id,
            decisions=decisions,
            others=request.form.get("all-marks", ""),
            is_accepted=request.form.get("accept") == "yes",
            by=account().name,
            at=council().now(),
        )
    except BadRequest as wrong:
        return _show(
            council().store.uploads.get(upload_id),
            422,
            ((wrong.parameter, wrong.told(Reader.STAFF)),),
        )
    except EditionConflict as conflict:
        return _conflict(upload_id, conflict)
    return done(f"{ADDRESS}/{upload_id}?published={edition.number}")


def _conflict(upload_id: int, conflict: EditionConflict) -> AnyResponse:
    """Who came first, with what, and what can be done now."""
    rival = conflict.rival
    edition = council().store.editions.get(rival.edition) if rival else None
    return page(
        "upload_conflict.html",
        409,
        upload_id=upload_id,
        rival=rival,
        edition=edition,
        name=name_of(edition) if edition else "",
        kept_days=uploads.OPEN_DAYS,
    )


@blueprint.post("/uploads/<int:upload_id>/drop")
@allowed("publish")
def drop_upload(upload_id: int) -> AnyResponse:
    """Forget the files."""
    uploads.drop(council(), upload_id, by=account().name, at=now())
    return done(ADDRESS, "The file is forgotten. Nothing that is published has changed.")
