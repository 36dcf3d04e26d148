"""What was published: every edition that is kept, what it changed, and the way back to it."""

from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import NotFound
from mapsvc.services.operations.place_check import examined
from mapsvc.services.schedules import publishing
from mapsvc.services.schedules.check_findings import findings
from mapsvc.services.schedules.schedule_workbook import schedule_workbook
from mapsvc.store.editions import Edition
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import (
    XLSX,
    account,
    allowed,
    blueprint,
    done,
    download,
    page,
)

ADDRESS = "/staff/editions"
SHOWN_ENTRIES = 50


@blueprint.get("/editions")
@allowed("see")
def editions_page() -> AnyResponse:
    """All editions that are kept, newest first, and what nobody can tell from the current ones."""
    editions = council().store.editions.history()
    noticed = examined(council().moment.atlas)
    return page("editions.html", groups=_grouped(editions), noticed=noticed)


def _grouped(editions: list[Edition]) -> dict[str, list[Edition]]:
    """The editions by what they are of: `schedule of grass cutting for 2026`."""
    groups: dict[str, list[Edition]] = {}
    for edition in editions:
        groups.setdefault(name_of(edition), []).append(edition)
    return groups


def name_of(edition: Edition) -> str:
    """What an edition is of, as a heading: `Schedule of grass cutting for 2026`."""
    return edition.kind.capitalize() + _in_words(edition).removeprefix(edition.kind)


def _in_words(edition: Edition) -> str:
    of = f" of {edition.service}" if edition.service else ""
    return f"{edition.kind}{of}" + (f" for {edition.season}" if edition.season else "")


@blueprint.get("/editions/<int:number>")
@allowed("see")
def edition_page(number: int) -> AnyResponse:
    """Who published it, from which files, and what it changed against the one before."""
    edition = council().store.editions.get(number)
    before = _kept(edition.base)
    report = publishing.compare(council(), edition, before)
    return page(
        "edition.html",
        edition=edition,
        name=name_of(edition),
        before=before,
        findings=findings(report, council().moment.atlas),
        shown=SHOWN_ENTRIES,
        upload=council().store.uploads.of_editions([number]).get(number),
    )


def _kept(number: int | None) -> Edition | None:
    try:
        return None if number is None else council().store.editions.get(number)
    except NotFound:
        return None


@blueprint.get("/editions/<int:number>/files/<int:at>")
@allowed("publish")
def original_file(number: int, at: int) -> AnyResponse:
    """A file as it came. Spreadsheets hold telephone numbers, so only for those who publish."""
    upload = council().store.uploads.of_editions([number]).get(number)
    files = council().store.uploads.contents(upload.id) if upload else []
    if at >= len(files):
        raise NotFound("no_file_of_edition", number=number)
    name, content = files[at]
    return download(content, name, "application/octet-stream")


@blueprint.get("/editions/<int:number>/schedule.xlsx")
@allowed("publish")
def edition_workbook(number: int) -> AnyResponse:
    """A schedule as a workbook to edit and send again."""
    edition = council().store.editions.get(number)
    name = f"schedule-{edition.season}-edition-{number}.xlsx"
    return download(schedule_workbook(council(), edition), name, XLSX)


@blueprint.post("/editions/<int:number>/put-back")
@allowed("publish")
def put_back(number: int) -> AnyResponse:
    """Make an earlier edition the current one again."""
    edition = council().store.editions.get(number)
    publishing.roll_back(council(), edition.kind, number, by=account().name)
    words = (
        f"Edition {number} of the {_in_words(edition)} is published again. Residents read it now."
    )
    return done(ADDRESS, words)
