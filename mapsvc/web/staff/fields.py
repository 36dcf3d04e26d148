"""Fields that staff forms share: days, numbers, cuts, what can be chosen, and the form's key."""

import re
import secrets
from datetime import date, datetime

from flask import request

from mapsvc.domain.status import CutKey
from mapsvc.domain.wording import day_in
from mapsvc.errors import BadRequest
from mapsvc.web.common.context import council
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
        raise BadRequest("key", "form_not_whole")
    return ".".join((str(account().id), key, *more))


def require_confirmed() -> None:
    """BadRequest unless the form comes from the page on which its preview was read."""
    if request.form.get("step") != "confirm":
        raise BadRequest("step", "form_not_whole")


def day_field(name: str) -> date | None:
    """The day in a field of the form that was sent, None when it is empty."""
    return day_of(name, request.values.get(name, ""))


def when_read(first: date) -> str:
    """When residents read something that begins on a day: `now`, `from Friday 3 July`."""
    today = council().today()
    return f"from {day_in(today.year, first)}" if first > today else "now"


def day_of(name: str, text: str) -> date | None:
    """The day that a text says, None when it is empty. Browsers send ISO; people 17/6/2026."""
    text = text.strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise BadRequest(name, "bad_day")


def cut_of(text: str) -> CutKey | None:
    """The cut that a field names as `2026-4`, None for a round without dates."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})-(\d{1,4})", text, re.ASCII)
    if not found:
        raise BadRequest("cut", "unknown_cut")
    return int(found[1]), int(found[2])


def number_field(name: str, text: str, least: int, most: int) -> int:
    """The whole number in a field."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 7
    if not is_number or not least <= int(text) <= most:
        raise BadRequest(name, "number_out_of_range", value=text[:40], least=least, most=most)
    return int(text)


def page_number() -> int:
    """`?page=`, 1 when it is not given."""
    return number_field("page", request.args.get("page", "1"), 1, 99_999)


def numbers_field(name: str) -> tuple[int, ...]:
    """The whole numbers in a hidden field, with spaces between."""
    texts = request.form.get(name, "").split()
    if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts):
        raise BadRequest(name, "form_not_whole")
    return tuple(map(int, texts))


def targets_there() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen of this year's grass: kinds, rounds and places, each with its target."""
    book = council().moment.atlas.book(council().today().year)
    kinds = {verge.kind for verge in book.verges.values() if verge.kind}
    places = {place for verge in book.verges.values() for place in verge.places}
    rounds = {code: book.rounds[code].name if code in book.rounds else "" for code in book.by_round}
    return {
        "Class of grass": [(f"kind:{kind}", kind) for kind in sorted(kinds)],
        "Rounds": [(f"round:{code}", rounds[code] or code) for code in sorted(rounds)],
        "Towns and villages": [(f"place:{place}", place) for place in sorted(places)],
    }
