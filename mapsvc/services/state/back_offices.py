"""Where issues are handed on to: the council's list of back offices, a CSV file of its own."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mapsvc.config import Settings
from mapsvc.domain.issues import Category
from mapsvc.errors import SettingError
from mapsvc.messages.catalogue import Message
from mapsvc.store.outbox import OutgoingMessage

COLUMNS = ("name", "endpoint", "api_key", "jurisdiction", "private")
ISSUE, MAILTO = "issue", "mailto:"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class BackOffice:
    """One that speaks Open311. `is_private`: its host may have an address of a private network."""

    name: str
    endpoint: str
    api_key: str = field(repr=False)
    jurisdiction: str = ""
    is_private: bool = False


def read_back_offices(settings: Settings) -> Mapping[str, BackOffice]:
    """The back offices by name; none where no file is set.

    Raises
    ------
    SettingError : naming the file, the row and what is wrong
    """
    if settings.back_offices is None:
        return {}
    try:
        text = settings.back_offices.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "offices_unreadable", path=str(settings.back_offices), reason=str(error)
        ) from None
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and set(COLUMNS) - set(rows[0]):
        raise SettingError(
            "headings_missing", path=str(settings.back_offices), headings=",".join(COLUMNS)
        )
    offices = (_office(settings, number, row) for number, row in enumerate(rows, start=2))
    return {office.name: office for office in offices}


def _office(settings: Settings, number: int, row: Mapping[str, str | None]) -> BackOffice:
    texts = {name: (row[name] or "").strip() for name in COLUMNS}
    wrong = _wrong(texts, settings.insecure_loopback)
    if wrong:
        raise SettingError(
            "office_unusable", path=str(settings.back_offices), row=number, reason=wrong
        )
    return BackOffice(
        texts["name"],
        texts["endpoint"].rstrip("/") + "/",
        texts["api_key"],
        texts["jurisdiction"],
        is_private=texts["private"].lower() == "yes",
    )


def _wrong(texts: Mapping[str, str], may_be_loopback: bool) -> Message | None:
    """What is wrong with a row, if anything is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", texts["name"]):
        return Message("office_badly_named")
    if texts["private"].lower() not in ("yes", "no", ""):
        return Message("office_not_yes_or_no")
    address = urlsplit(texts["endpoint"])
    is_loopback = may_be_loopback and address.hostname in LOOPBACK
    if not address.hostname or not (address.scheme == "https" or is_loopback):
        return Message("office_not_https", endpoint=texts["endpoint"][:80])
    return None


def recipients(category: Category) -> tuple[str, ...]:
    """Where the issues of a category go: names of back offices and `mailto:` addresses."""
    return tuple(part.strip() for part in category.recipient.split(";") if part.strip())


def require_known(categories: Iterable[Category], offices: Mapping[str, BackOffice]) -> None:
    """Refuse a category that goes to a back office that is not in the list.

    Raises
    ------
    SettingError : naming both
    """
    for category in categories:
        for name in recipients(category):
            if not name.startswith(MAILTO) and name not in offices:
                raise SettingError("category_to_nobody", category=category.code, recipient=name)


def messages_of(category: Category, reference: str) -> list[OutgoingMessage]:
    """What a new issue sends out: one message to each recipient of its category."""
    return [message_to(recipient, reference) for recipient in recipients(category)]


def message_to(recipient: str, reference: str) -> OutgoingMessage:
    """An issue to a back office or a mailbox. Text and place are read when it is sent."""
    return OutgoingMessage(ISSUE, recipient, reference, {})
