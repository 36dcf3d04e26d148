"""Texts in place of dates that residents may read: confirmed with a file, withdrawn by staff."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mapsvc.domain.reasons import KnownReasons, reason_key
from mapsvc.errors import FileRefused
from mapsvc.ingest.values.date_cells import may_be_reason
from mapsvc.problems import Report
from mapsvc.services.state.council import Council


def known_with(council: Council, confirmed: Iterable[str], report: Report) -> KnownReasons:
    """The reasons that residents may read already, and those that come with a file.

    Raises
    ------
    FileRefused : for a text that can never be told to residents, such as a claim of work done
    """
    texts = list(confirmed)
    require_reasons(texts)
    report.confirmed += texts
    return council.known_reasons().with_keys(map(reason_key, texts))


def require_reasons(texts: Iterable[str]) -> None:
    """FileRefused for a text that can never be told to residents in place of dates."""
    for text in texts:
        if why := may_be_reason(text):
            raise FileRefused("no_reason", text=text, why=why)


def confirm_reasons(council: Council, texts: Sequence[str], *, by: str, at: datetime) -> None:
    """Remember texts that residents may read in place of dates, until somebody withdraws them."""
    require_reasons(texts)
    if texts:
        reasons = [(reason_key(text), " ".join(text.split())) for text in texts]
        council.store.reasons.confirm(reasons, by=by, at=at)
