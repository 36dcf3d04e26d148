"""Forgetting people: at once when they ask, and some months after their issue was closed."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from mapsvc.errors import IssueRefused
from mapsvc.services.issues.reporting import require_email
from mapsvc.services.issues.subscriptions import address_key
from mapsvc.services.state.council import Council


def erase(council: Council, email: str) -> int:
    """Forget an e-mail address wherever it stands; in how many places it stood.

    Raises
    ------
    IssueRefused : when the text is no e-mail address
    """
    email = email.strip()
    if not email:
        raise IssueRefused("no_address_to_erase")
    require_email(email)
    return council.store.subscriptions.erase(email, address_key(council, email), council.now())


def erase_closed(council: Council, now: datetime) -> int:
    """Forget who asked about issues closed long ago, and what nobody released of their texts."""
    months = relativedelta(months=council.settings.erase_months)
    return council.store.subscriptions.erase_closed(now - months, now)
