"""Notices: sentences for residents, of everything, a place or a round, from one day to another."""

from datetime import date, datetime

from mapsvc.domain.events import Notice
from mapsvc.domain.reasons import plain
from mapsvc.errors import BadRequest
from mapsvc.services.state.council import Council

LONGEST_NOTICE = 300


def checked_notice(
    council: Council, text: str, area: str, starts: date | None, ends: date | None
) -> Notice:
    """The notice that these fields make.

    Raises
    ------
    BadRequest : naming the field that cannot be used
    """
    words, today = plain(text), council.today()
    if not words:
        raise BadRequest("text", "notice_without_text")
    if len(words) > LONGEST_NOTICE:
        raise BadRequest("text", "notice_too_long", characters=len(words), most=LONGEST_NOTICE)
    if not _is_there(council, area):
        raise BadRequest("area", "unknown_area", value=area[:60])
    if ends and ends < today:
        raise BadRequest("ends", "last_day_over", day=ends)
    if starts and ends and ends < starts:
        raise BadRequest("ends", "ends_before_it_begins", day=ends)
    return Notice(words, area, starts, ends)


def _is_there(council: Council, area: str) -> bool:
    book = council.moment.atlas.book(council.today().year)
    level, _, code = area.partition(":")
    if level == "place":
        return any(code in verge.places for verge in book.verges.values())
    return area == "all" or (level == "round" and code in book.by_round)


def state_of(notice: Notice, today: date) -> str:
    """`shown`, `to come` or `over`."""
    if notice.starts and notice.starts > today:
        return "to come"
    return "over" if notice.ends and notice.ends < today else "shown"


def add_notice(council: Council, notice: Notice, *, by: str, at: datetime) -> None:
    """Keep it; one that is there already with the same words and days is not added twice."""
    if notice not in council.store.live.notices():
        council.store.live.add_notice(notice, by=by, at=at)
