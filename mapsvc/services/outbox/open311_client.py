"""Issues to a back office by Open311 and its answers back. When to send is in `sender`.

Each one carries our reference, in its description and as an attribute, and is looked for by it
before it is sent again: a line that broke after the other side had accepted makes no second one.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

from mapsvc.domain.issues import Issue, State
from mapsvc.errors import IssueRefused
from mapsvc.services.issues import open311_server
from mapsvc.services.issues.reporting import plain
from mapsvc.services.outbox.http_client import NotReached, Refused, call
from mapsvc.services.state.back_offices import BackOffice
from mapsvc.services.state.council import Council
from mapsvc.store.outbox import Parcel

AT_ONCE = 50
"""Numbers asked about in one address."""
FOLLOWED = timedelta(days=365)
"""How long after it was sent a back office is asked about an issue."""
LONGEST_WORDS = 500
TOKEN = "token:"
NOT_OFFERED = (400, 403, 404, 405, 501)
"""Answers of a back office that lets nobody list what it has."""

STATES: Mapping[str, State] = {
    "investigating": State.TRIAGED,
    "acknowledged": State.TRIAGED,
    "planned": State.PLANNED,
    "action_scheduled": State.PLANNED,
    "in_progress": State.IN_PROGRESS,
    "fixed": State.FIXED,
    "no_further_action": State.NO_ACTION,
    "not_councils_responsibility": State.NOT_OURS,
}
"""What updates say beyond open and closed. `closed` alone does not say that it was fixed."""


@dataclass(frozen=True, slots=True)
class OfficeStatement:
    """Something that a back office says of an issue. `id` tells it from what it said before."""

    external: str
    id: str
    status: str
    words: str


# Sending


def send(council: Council, office: BackOffice, issue: Issue, parcel: Parcel) -> str:
    """The number that the back office gives the issue; the one it has when it got it before.

    Raises
    ------
    NotReached, Refused : saying why
    """
    known = look_up(office, issue, parcel) if parcel.attempts > 1 else None
    if known:
        return known
    root = _posted(office, _form(council, office, issue))
    number = root.findtext(".//service_request_id", "").strip()
    token = root.findtext(".//token", "").strip()
    if not number and not token:
        raise NotReached("office_gave_no_number", office=office.name)
    return (number or TOKEN + token)[:200]


def look_up(office: BackOffice, issue: Issue, parcel: Parcel) -> str | None:
    """The number under which a back office has our reference, if it shows it."""
    since = parcel.at - timedelta(days=1)
    query = {"service_code": issue.category, "start_date": _written(since)}
    code, body = call(office, "requests.xml", {**_who(office), **query})
    if code in NOT_OFFERED:
        return None
    for request in _parsed(office, code, body).iter("request"):
        if any(parcel.message.reference in (part.text or "") for part in request.iter()):
            return request.findtext("service_request_id", "").strip() or None
    return None


def _form(council: Council, office: BackOffice, issue: Issue) -> dict[str, str]:
    """The issue in the words of the specification."""
    document = open311_server.documents(council, [issue])[0]
    stretch = f"\n\nWhere: {issue.stretch}" if issue.stretch else ""
    form = {
        **_who(office),
        "api_key": office.api_key,
        "service_code": issue.category,
        "description": f"{issue.text}{stretch}\n\nOur reference: {issue.reference}",
        "address_string": document["address"] or "",
        "address_id": issue.street,
        f"attribute[{open311_server.REFERENCE}]": issue.reference,
        f"attribute[{open311_server.STRETCH}]": issue.stretch,
    }
    if document["lat"] is not None:
        form |= {"lat": str(document["lat"]), "long": str(document["long"])}
    return {name: value for name, value in form.items() if value}


def _who(office: BackOffice) -> dict[str, str]:
    return {"jurisdiction_id": office.jurisdiction} if office.jurisdiction else {}


def _posted(office: BackOffice, form: Mapping[str, str]) -> ElementTree.Element:
    code, body = call(office, "requests.xml", {}, form)
    if code in (400, 404, 410, 413, 422):
        raise Refused(
            "office_refused", office=office.name, status=code, reason=_words_of(office, body)
        )
    return _parsed(office, code, body)


def _words_of(office: BackOffice, body: bytes) -> str:
    try:
        root = _xml(office, body)
    except NotReached:
        return "it did not say why."
    return plain(root.findtext(".//description", "it did not say why."))[:LONGEST_WORDS]


def _parsed(office: BackOffice, code: int, body: bytes) -> ElementTree.Element:
    if not 200 <= code < 300:
        raise NotReached(
            "office_failed", office=office.name, status=code, reason=_words_of(office, body)
        )
    return _xml(office, body)


def _xml(office: BackOffice, body: bytes) -> ElementTree.Element:
    """The document. NotReached when it is none, or has a DTD, which nothing needs."""
    try:
        return fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotReached(
            "office_answer_unreadable", office=office.name, reason=str(error)
        ) from error


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# What comes back


def pull(council: Council, office: BackOffice, now: datetime) -> int:
    """Ask a back office about what it got, and note what is new; how much that was."""
    for parcel in council.store.outbox.sent_to(office.name, now - FOLLOWED):
        if parcel.external.startswith(TOKEN):
            _exchange(council, office, parcel)
    sent = council.store.outbox.sent_to(office.name, now - FOLLOWED)
    followed = {p.external: p for p in sent if _is_followed(council, p)}
    numbers = [number for number in followed if not number.startswith(TOKEN)]
    if not numbers:
        return 0
    said = [*_updates(office, list(followed.values()), now), *_statuses(office, numbers)]
    known = [one for one in said if one.external in followed]
    return sum(_note(council, office, followed[one.external], one, now) for one in known)


def _exchange(council: Council, office: BackOffice, parcel: Parcel) -> None:
    """Ask for the number of which a back office gave a token only."""
    token = quote(parcel.external.removeprefix(TOKEN), safe="")
    code, body = call(office, f"tokens/{token}.xml", _who(office))
    number = _parsed(office, code, body).findtext(".//service_request_id", "").strip()
    if number:
        council.store.outbox.number_is(parcel.id, number[:200])


def _is_followed(council: Council, parcel: Parcel) -> bool:
    return parcel.issue is not None and not council.store.issues.get(parcel.issue).is_closed


def _statuses(office: BackOffice, numbers: Sequence[str]) -> Iterator[OfficeStatement]:
    for start in range(0, len(numbers), AT_ONCE):
        asked = ",".join(numbers[start : start + AT_ONCE])
        code, body = call(office, "requests.xml", {**_who(office), "service_request_id": asked})
        for request in _parsed(office, code, body).iter("request"):
            external, status, words = _texts(
                request, "service_request_id", "status", "status_notes"
            )
            if status != "open" or words:
                yield OfficeStatement(external, _digest(status, words), status, words)


def _updates(
    office: BackOffice, followed: Sequence[Parcel], now: datetime
) -> Iterator[OfficeStatement]:
    """What happened since, where a back office offers it (an extension of FixMyStreet's)."""
    since = max(min(p.sent_at or now for p in followed), now - timedelta(days=14))
    query = {**_who(office), "start_date": _written(since), "end_date": _written(now)}
    code, body = call(office, "servicerequestupdates.xml", query)
    if code in NOT_OFFERED:
        return
    for update in _parsed(office, code, body).iter("request_update"):
        external, number, status, words = _texts(
            update, "service_request_id", "update_id", "status", "description"
        )
        yield OfficeStatement(external, f"update {number}"[:100], status, words)


def _texts(element: ElementTree.Element, *names: str) -> list[str]:
    return [plain(element.findtext(name, ""))[:LONGEST_WORDS] for name in names]


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _note(
    council: Council, office: BackOffice, parcel: Parcel, said: OfficeStatement, now: datetime
) -> int:
    """Note what a back office said, once; it moves the issue where nobody else has it too."""
    kept: dict[str, Any] = parcel.message.payload
    seen = list(kept.get("seen", []))
    if said.id in seen or parcel.issue is None:
        return 0
    _tell(council, office, parcel.issue, said, now)
    kept.update(status=said.status, seen=[*seen, said.id])
    council.store.outbox.keep(parcel.id, kept)
    return 1


def _tell(
    council: Council, office: BackOffice, issue_id: int, said: OfficeStatement, now: datetime
) -> None:
    issues = council.store.issues
    if issues.get(issue_id).is_closed:
        return
    by, state = office.name, STATES.get(said.status.lower())
    has_one = len([p for p in council.store.outbox.of_issue(issue_id) if p.external]) == 1
    sentence = said.words or (f"{office.name} has closed this." if said.status == "closed" else "")
    note = f"{office.name} says: {said.status}"
    if state is not None and has_one:
        try:
            issues.move(issue_id, state, by=by, at=now, sentence=sentence, note=note)
        except IssueRefused:  # it is past that here
            pass
        else:
            return
    issues.change(issue_id, "answered", by=by, at=now, sentence=sentence, note=note)
