"""What every template may use: dates in words, assets, and what stands on every page."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request

from mapsvc.config import Settings
from mapsvc.domain.reasons import because
from mapsvc.domain.schedule import Window
from mapsvc.domain.wording import (
    LEGEND,
    became_in_words,
    day_in,
    due_words,
    full_date,
    label,
    planned_in_words,
    recorded,
    shares_words,
    when,
)
from mapsvc.maps.rings import RING, segments_of
from mapsvc.maps.style import LOOKS
from mapsvc.problems import counted
from mapsvc.web.common.assets import asset_url
from mapsvc.web.common.context import council
from mapsvc.web.common.headers import is_embed


def register(app: Flask, settings: Settings) -> None:
    """Give the templates of `app` their filters and the values of every page."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        full_date=full_date,
        moment_in_words=moment_in_words,
        label=label,
        recorded=recorded,
        phone_link=phone_link,
        because=because,
        counted=counted,
        lower_first=lambda words: words[:1].lower() + words[1:],
    )
    app.jinja_env.globals.update(
        asset_url=asset_url,
        looks=LOOKS,
        became_in_words=became_in_words,
        planned_in_words=planned_in_words,
        window_in_words=window_in_words,
        short_window=short_window,
        due_words=due_words,
        shares_words=shares_words,
        legend_groups=LEGEND,
        ring_segments=segments_of,
        ring_size=RING,
        day_in_words=lambda day, on: day_in(on.year, day),
        council_name=settings.council_name,
        council_phone=settings.council_phone,
        public_url=settings.public_url,
        nation=settings.nation,
        tiles_attribution=settings.tiles_attribution if settings.tiles_url else "",
        tiles_host=urlsplit(settings.tiles_url).netloc.removeprefix("{s}."),
        demonstration_day=full_date(settings.today) if settings.today else "",
    )
    app.jinja_env.tests["web_address"] = is_web_address
    app.context_processor(_page_values)


def _page_values() -> dict[str, Any]:
    """The page's layout and the way back to the search: another site's frame has its own."""
    embedded = is_embed(request.path)
    return {
        "attributions": council().moment.atlas.attributions,
        "embedded": embedded,
        "layout": "embed_layout.html" if embedded else "base.html",
        "home": "/embed" if embedded else "/",
    }


def window_in_words(window: Window, on: date) -> str:
    """A window as the start of a table cell: `Between Monday 8 and Friday 12 June`."""
    words = when(window, on.year)
    return words[:1].upper() + words[1:]


def moment_in_words(at: datetime) -> str:
    """`17 June 2026, 14:05`, in the council's time zone."""
    return f"{at.astimezone(council().zone):%-d %B %Y, %H:%M}"


def short_window(window: Window) -> str:
    """A window where there is little room: `8 June to 12 June 2026`."""
    start, end = window.start, window.end
    first = "" if start == end else f"{start.day} {start:%B} to "
    return f"{first}{end.day} {end:%B} {end.year}"


def phone_link(number: str) -> str:
    """The address that dials a telephone number as people write it."""
    return "tel:" + "".join(re.findall(r"[0-9+]", number))


def is_web_address(text: str) -> bool:
    """Whether a link may lead there: `javascript:` and the like are shown as text."""
    return text.startswith(("https://", "http://"))
