"""What was searched for before, as JSON. How a search comes in and goes out is not here."""

import json

from mapsvc.services.answers.documents import search_document
from mapsvc.services.answers.streets import search_streets
from mapsvc.services.state.council import Council
from mapsvc.web.common.body_cache import Body, Kept, kept_body

MOST_BYTES = 20_000_000

SEARCHED = ("gazetteer", "boundaries", "places", "schedule")
"""What a search rests on (schedules name parks): other publications leave what was found."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Searches:
    """What is found, as JSON, kept for the next who types the same. Safe for threads."""

    def __init__(self, council: Council) -> None:
        self._council = council
        self._kept = Kept(MOST_BYTES)

    def document(self, text: str, limit: int) -> bytes:
        """The document for a search."""
        moment = self._council.moment
        results = self._kept.body(
            (text.casefold(), limit),
            moment.number,
            lambda: tuple(e.number for e in moment.atlas.editions if e.kind in SEARCHED),
            lambda: self._results(text, limit),
        )
        return b'{"query":%s,"results":%s}' % (_encode(text).encode(), results.content)

    def _results(self, text: str, limit: int) -> Body:
        found = search_streets(self._council, text, limit)
        return kept_body(_encode(search_document(text, found)["results"]))
