"""The reasons page: texts in place of dates that residents read because staff confirmed them."""

from contextlib import suppress

from werkzeug.wrappers import Response as AnyResponse

from mapsvc.errors import NotFound
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import account, allowed, blueprint, done, page

ADDRESS = "/staff/reasons"


@blueprint.get("/reasons")
@allowed("publish")
def reasons_page() -> AnyResponse:
    """The reasons in force, each with who confirmed it."""
    return page("reasons.html", reasons=council().store.reasons.all())


@blueprint.post("/reasons/<int:reason_id>")
@allowed("publish")
def withdraw_reason(reason_id: int) -> AnyResponse:
    """Residents read it no longer; a double tap does nothing more."""
    with suppress(NotFound):
        council().store.reasons.withdraw(reason_id, by=account().name, at=council().now())
    return done(ADDRESS, "The reason is withdrawn. Residents no longer read it.")
