"""Fields that staff forms share: days, cuts, and the key that makes a resend harmless."""

import re
import secrets
from datetime import date, datetime

from flask import request

from mapsvc.domain.status import CutKey
from mapsvc.errors import BadRequest
from mapsvc.web.staff.blueprint import account

KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
Problems = list[tuple[str, str]]
"""What an error summary shows: the id of a field, empty for none, and a sentence."""


def new_key() -> str:
    """A key for a form that is shown now."""
    return secrets.token_urlsafe(12)


def form_key(*more: str) -> str:
    """The key of the form that was sent, of this account alone; `more` makes it another one."""
    key = request.form.get("key", "")
    if not KEY.fullmatch(key):
        raise BadRequest("key", "This form did not come whole. Reload the page and send it again.")
    return ".".join((str(account().id), key, *more))


def day_field(name: str) -> date | None:
    """The day in a field, None when it is empty. Browsers send ISO; people also write 17/6/2026."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise BadRequest(name, f"{text[:40]!r} is no day. Write it like 17/6/2026.")


def cut_of(text: str) -> CutKey | None:
    """The cut that a field names as `2026-4`, None for a round without dates."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})-(\d{1,4})", text, re.ASCII)
    if not found:
        raise BadRequest("cut", f"{text[:40]!r} is no cut. Choose one from the list.")
    return int(found[1]), int(found[2])
