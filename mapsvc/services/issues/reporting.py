"""A resident's report: what it must say, what is reported already, and how much is taken.

Nothing about the person is kept but the e-mail address that they may give for news.
"""

import hashlib
import hmac
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shapely import Point

from mapsvc import crs
from mapsvc.domain.issues import Category, Issue
from mapsvc.errors import IssueRefused, TooMany, WrongCrs
from mapsvc.messages.catalogue import Message
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.issues import subscriptions
from mapsvc.services.issues.client_address import counted_as
from mapsvc.services.issues.form_tokens import FormToken
from mapsvc.services.state.back_offices import messages_of
from mapsvc.services.state.council import Council
from mapsvc.store.issues import IssueDraft
from mapsvc.store.outbox import OutgoingMessage

LONGEST_TEXT = 2_000
LONGEST_FROM_MACHINE = 8_000
"""Other systems add lines of their own to what people wrote."""
LONGEST_STRETCH = 200
NEARBY_METRES = 250
FARTHEST_METRES = 500
"""How far from its street the point of a report may lie."""
SAME_WITHIN = timedelta(minutes=10)
HOUR = timedelta(hours=1)
EMAIL = re.compile(r"[^\s\x00-\x1f\x7f@,;<>()\"\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class ResidentReport:
    """What somebody sends. `position` is longitude and latitude in degrees, None without a point.

    `trap` is a field that people do not see; `address` is the client's network address.
    """

    category: Category
    text: str
    stretch: str = ""
    email: str = ""
    position: tuple[float, float] | None = None
    trap: str = ""
    address: str = ""


def report_issue(
    council: Council,
    street: FoundStreet,
    report: ResidentReport,
    ticket: FormToken,
    now: datetime,
    messages: tuple[OutgoingMessage, ...] = (),
) -> Issue:
    """The issue that a report becomes; the one that is there when the same was sent before.

    Raises
    ------
    IssueRefused : naming the field and what to write
    TooMany : when this address, or everybody together, sent more than is taken in an hour
    """
    if report.trap.strip():
        raise IssueRefused("trap_not_empty")
    digest = hashlib.sha256(f"{report.category.code} {plain(report.text)}".encode()).hexdigest()
    draft = _draft(council, street, report, "resident", f"ticket {ticket.id} {digest[:16]}")
    same = _same(council, draft, now)
    if same is not None:
        return same
    _require_few(council, _limits(council, report.address), now)
    return _kept(council, draft, report, now, messages)


def report_by_machine(
    council: Council,
    street: FoundStreet,
    report: ResidentReport,
    sender: str,
    reference: str,
    now: datetime,
) -> Issue:
    """The issue that another system sends; the one that is there for its reference.

    Parameters
    ----------
    sender : the name of the API key, which has no limit of its own
    reference : the sender's own, empty when it has none

    Raises
    ------
    IssueRefused, TooMany : as for a resident's
    """
    key = f"api {sender} {reference[:200]}" if reference else None
    draft = _draft(council, street, report, sender, key, LONGEST_FROM_MACHINE)
    same = council.store.issues.of_key(key) if key else _same(council, draft, now)
    if same is not None:
        return same
    _require_few(council, _limits(council), now)
    return _kept(council, draft, report, now)


def _kept(
    council: Council,
    draft: IssueDraft,
    report: ResidentReport,
    now: datetime,
    messages: tuple[OutgoingMessage, ...] = (),
) -> Issue:
    """The issue, with what it sends to those who deal with it and to whoever wants news."""
    messages = (*messages_of(report.category, draft.reference), *messages)
    who = subscriptions.subscriber(council, report.email, draft.reference, now)
    return council.store.issues.add(draft, now, messages, who)


def _draft(
    council: Council,
    street: FoundStreet,
    report: ResidentReport,
    by: str,
    key: str | None,
    longest: int = LONGEST_TEXT,
) -> IssueDraft:
    text, stretch = plain(report.text), plain(report.stretch)
    if not text:
        raise IssueRefused("no_description", field="text")
    if len(text) > longest:
        raise IssueRefused("description_too_long", field="text", characters=len(text), most=longest)
    if len(stretch) > LONGEST_STRETCH:
        raise IssueRefused(
            "where_too_long", field="stretch", characters=len(stretch), most=LONGEST_STRETCH
        )
    require_email(report.email)
    return IssueDraft(
        category=report.category.code,
        text=text,
        street=street.street.id,
        stretch=stretch,
        point=point_of(council, street, report.position),
        by=by,
        key=key,
    )


def plain(text: str) -> str:
    """Text as people typed it, without control characters; line breaks stay."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = ("".join(c for c in line if unicodedata.category(c) not in HIDDEN) for line in lines)
    return "\n".join(line.rstrip() for line in shown).strip()


HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Unicode categories of characters that nobody sees, direction overrides among them."""


def require_email(text: str) -> None:
    """Refuse what cannot be an address to send news to; empty is none."""
    if text and not (len(text) <= 254 and EMAIL.fullmatch(text)):
        raise IssueRefused("bad_email", field="email")


def point_of(
    council: Council, street: FoundStreet, position: tuple[float, float] | None
) -> Point | None:
    """The point in the local CRS; the street's own where none was given.

    Raises
    ------
    IssueRefused : for a position that is none on earth, or far from the street.
    """
    label = _label_point(council, street)
    if position is None:
        return label
    lon, lat = position
    if not all(map(math.isfinite, position)) or abs(lat) > 90 or abs(lon) > 180:
        raise IssueRefused("bad_position_of_report", field="point", lat=str(lat), lon=str(lon))
    try:
        point = Point(*crs.point_to_local(lon, lat, council.settings.crs))
    except WrongCrs:
        raise IssueRefused("far_point", field="point", street=street.street.name) from None
    line = street.street.geometry
    metres = point.distance(line) if line is not None else 0.0
    if metres > FARTHEST_METRES:
        raise IssueRefused(
            "point_km_away", field="point", street=street.street.name, km=metres / 1000
        )
    return point


def _label_point(council: Council, street: FoundStreet) -> Point | None:
    if not math.isfinite(street.lat):
        return None
    return Point(*crs.point_to_local(street.lon, street.lat, council.settings.crs))


def _same(council: Council, draft: IssueDraft, now: datetime) -> Issue | None:
    """The same words about the same place, sent a moment ago: by a resend, or by a neighbour."""
    words, issues = _words(draft.text), council.store.issues
    recent = issues.of_street(draft.street, draft.category, now - SAME_WITHIN)
    return next((issue for issue in recent if _words(issue.text) == words), None)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _limits(council: Council, address: str | None = None) -> dict[str, int]:
    """How many reports are taken in an hour, by what they are counted under."""
    limits = {"report": council.settings.reports_per_hour}
    if address is not None:
        limits = {**_limit_of(council, address), **limits}
    return limits


def _limit_of(council: Council, address: str) -> dict[str, int]:
    return {f"report {_network(council, address)}": council.settings.reports_per_address}


def _network(council: Council, address: str) -> str:
    """What stands for a network: sealed, as a plain hash of so few addresses can be undone."""
    key = council.secret_key("networks")
    return hmac.new(key, counted_as(address).encode(), hashlib.sha256).hexdigest()[:32]


def _require_few(council: Council, limits: Mapping[str, int], now: datetime) -> None:
    """Count a report under each limit, and refuse what is over one."""
    issues = council.store.issues
    for key, most in limits.items():
        if issues.attempts(key, now - HOUR) >= most:
            raise TooMany(_too_many(council.settings.council_phone))
    for key in limits:
        issues.note_attempt(key, now, now - HOUR)


def _too_many(phone: str) -> Message:
    if phone:
        return Message("too_many_reports_call", phone=phone)
    return Message("too_many_reports")


def join_issue(
    council: Council, issue: Issue, address: str, now: datetime, email: str = ""
) -> Issue:
    """The issue with one more who noticed it, once for each network and day; with an address that
    is confirmed later, once for each of those. As often as reports.

    Parameters
    ----------
    email : where news of it are to go, may be empty

    Raises
    ------
    IssueRefused : when it is closed by now, or that is no address
    TooMany : when this network sent more than is taken in an hour
    """
    require_email(email)
    _require_few(council, _limit_of(council, address), now)
    day = now.astimezone(council.zone).date()
    who = subscriptions.subscriber(council, email, issue.reference, now)
    return council.store.issues.join(issue.id, f"{_network(council, address)} {day}", now, who)


def nearby(council: Council, street: FoundStreet) -> list[tuple[Issue, float]]:
    """Open issues of the street, and within 250 m of it, nearest first, each with its metres."""
    moment = council.moment
    on_street = moment.issues.of_street(moment.atlas.ids_of(street.street.id))
    point = _label_point(council, street)
    around = moment.issues.grid.near(point, NEARBY_METRES) if point else []
    ids = {issue.id for issue in on_street}
    return [(issue, 0.0) for issue in on_street] + [
        pair for pair in around if pair[0].id not in ids
    ]
