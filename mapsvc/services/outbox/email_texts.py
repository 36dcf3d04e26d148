"""What mails say, in plain words. `smtp` sends them, `issues/subscriptions` knows to whom."""

from mapsvc.domain.issues import STATE_WORDS, Issue, IssueEvent
from mapsvc.services.issues import subscriptions
from mapsvc.services.outbox.smtp import Letter
from mapsvc.services.state.back_offices import MAILTO
from mapsvc.services.state.categories import category_name
from mapsvc.services.state.council import Council
from mapsvc.store.outbox import OutgoingMessage
from mapsvc.store.subscriptions import CONFIRM, Subscription


def to_mailbox(council: Council, issue: Issue, message: OutgoingMessage) -> Letter:
    """A new issue for those who deal with it."""
    name = category_name(council.categories, issue.category)
    place = _place(council, issue)
    facts = [f"Where: {issue.stretch}"] if issue.stretch else []
    lines = [
        f"{name}",
        place,
        *facts,
        "",
        issue.text,
        "",
        f"Our reference: {issue.reference}",
        f"{_base(council)}/issues/{issue.reference}",
    ]
    subject = f"{issue.reference}: {name}, {place}"
    recipient = message.recipient
    return Letter(recipient.removeprefix(MAILTO), _line(subject), _body(lines), _key(message))


def to_subscriber(council: Council, message: OutgoingMessage) -> Letter | None:
    """A mail to somebody who asked for news; None when they do so no more."""
    who = council.store.subscriptions.get(int(message.payload["subscription"]))
    if who is None:
        return None
    issue = council.store.issues.get(who.issue)
    if message.kind == CONFIRM:
        return _asking(council, issue, who, message)
    events = council.store.issues.events_of(issue.id)
    event = next(one for one in events if one.id == message.payload["event"])
    return _telling(council, issue, who, event, message)


def _asking(
    council: Council, issue: Issue, who: Subscription, message: OutgoingMessage
) -> Letter | None:
    if who.confirmed_at is not None:
        return None
    name = category_name(council.categories, issue.category)
    lines = [
        (
            f"Somebody, probably you, reported “{name}” on {_place(council, issue)} and asked that "
            "news of it come to this address."
        ),
        "",
        "If it was you, open this page within 48 hours and press the button:",
        f"{_base(council)}/news/confirm/{message.payload['token']}",
        "",
        "If it was not you, do nothing. We write no more and forget this address.",
    ]
    subject = f"{issue.reference}: do you want news of your report?"
    return Letter(who.email, _line(subject), _body(lines), _key(message))


def _telling(
    council: Council, issue: Issue, who: Subscription, event: IssueEvent, message: OutgoingMessage
) -> Letter:
    name = category_name(council.categories, issue.category)
    state = STATE_WORDS[event.state]
    end = f"{_base(council)}/news/end/{subscriptions.end_token(council, who)}"
    lines = [
        f"{name}, {_place(council, issue)}",
        "",
        f"{state}." + (f" {event.sentence}" if event.sentence else ""),
        "",
        f"All that is known: {_base(council)}/issues/{issue.reference}",
        "",
        f"No more news of this, and your address forgotten: {end}",
    ]
    headers = {
        "List-Unsubscribe": f"<{end}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    subject = f"{issue.reference}: {state.lower()}"
    return Letter(who.email, _line(subject), _body(lines), _key(message), headers)


def _place(council: Council, issue: Issue) -> str:
    street = council.moment.atlas.street(issue.street)
    return street.street.full_name if street else issue.street


def _base(council: Council) -> str:
    return council.settings.public_url or "http://127.0.0.1:8000"


def _body(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """A subject: one line, whatever names and texts hold."""
    return " ".join(text.split())[:200]


def _key(message: OutgoingMessage) -> str:
    return f"{message.kind} {message.recipient} {message.reference}"
