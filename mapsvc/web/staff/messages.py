"""The page of what is sent out: what waits or did not arrive, why, and sending it again."""

from werkzeug.wrappers import Response as AnyResponse

from mapsvc.services.state.back_offices import MAILTO
from mapsvc.store.outbox import WAITING, Parcel
from mapsvc.store.subscriptions import MAIL
from mapsvc.web.common.context import council
from mapsvc.web.staff.blueprint import allowed, blueprint, done, page

ADDRESS = "/staff/messages"


@blueprint.get("/messages")
@allowed("see")
def messages() -> AnyResponse:
    """What was tried and did not arrive, with its last error, and how much waits or is sent."""
    outbox, issues = council().store.outbox, council().store.issues
    failing = outbox.failing()
    numbers = {one.issue for one in failing if one.issue is not None}
    return page(
        "messages.html",
        failing=failing,
        issues={number: issues.get(number) for number in numbers},
        numbers=outbox.numbers(),
        words_of=recipient_in_words,
        waiting=WAITING,
        zone=council().zone,
    )


@blueprint.post("/messages/<int:number>")
@allowed("steer")
def send_again(number: int) -> AnyResponse:
    """Try a message again now, whatever stopped it."""
    council().store.outbox.send_again(number, council().now())
    return done(ADDRESS, "The message is tried again now.")


def recipient_in_words(parcel: Parcel) -> str:
    """Whom a message is for. Who asked for news is nobody's business here."""
    recipient = parcel.message.recipient
    return "Somebody who asked for news" if recipient == MAIL else recipient.removeprefix(MAILTO)
