"""Is this installation sound? One finding for each thing that breaks silently."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from mapsvc import crs, resources
from mapsvc.config import Settings, unknown_settings
from mapsvc.errors import MapsvcError
from mapsvc.services.state.council import Council
from mapsvc.store.engines.sqlite import best_sqlite, has_safe_wal

SHORTEST_KEY = 32


class CheckedPart(NamedTuple):
    """What was looked at and whether it is good."""

    is_good: bool
    sentence: str


def findings(settings: Settings) -> Iterator[CheckedPart]:
    """One finding per check, all of them whatever the others say."""
    checks: tuple[Callable[[Settings], CheckedPart], ...] = (
        _settings,
        _grid,
        _sqlite,
        _assets,
        _templates,
        _data,
        _store,
    )
    for check in checks:
        try:
            yield check(settings)
        except (MapsvcError, OSError, sqlite3.Error) as error:
            yield CheckedPart(False, str(error))


def _settings(settings: Settings) -> CheckedPart:
    """A name that is misspelt, or half of a pair, has no effect and nobody is told."""
    said = [*unknown_settings(), *_half_set(settings)]
    return CheckedPart(not said, " ".join(said) or "Every MAPSVC_ variable is a setting")


def _half_set(settings: Settings) -> Iterator[str]:
    if 0 < len(settings.secret_key) < SHORTEST_KEY:
        yield f"MAPSVC_SECRET_KEY can be guessed: give it {SHORTEST_KEY} characters or more."
    if bool(settings.smtp_url) != bool(settings.mail_from):
        yield "No mail is sent: set both MAPSVC_SMTP_URL and MAPSVC_MAIL_FROM."
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_roles):
        yield (
            "Nobody signs in through MAPSVC_OIDC_ISSUER: "
            "set MAPSVC_OIDC_CLIENT_ID and MAPSVC_OIDC_ROLES too."
        )
    if settings.tiles_url and not settings.tiles_attribution:
        yield "The base map's source is not named: set MAPSVC_TILES_ATTRIBUTION."


def _grid(settings: Settings) -> CheckedPart:
    """Official point TP31 is the one that is furthest off without the OSTN15 grid."""
    lon, lat = np.array([-4.108645636]), np.array([50.438858257])
    east, north = crs.transform(lon, lat, crs.WGS84, crs.LOCAL)[0]
    off = float(np.hypot(east - 250359.811, north - 62016.569))
    return CheckedPart(
        off < 0.01, f"British grid: an official point comes out {off * 100:.2f} cm off"
    )


def _sqlite(settings: Settings) -> CheckedPart:
    module = best_sqlite()
    advice = "" if has_safe_wal(module) else "; no write-ahead log: install pysqlite3 for it"
    return CheckedPart(True, f"SQLite {module.sqlite_version} from {module.__name__}{advice}")


def _assets(settings: Settings) -> CheckedPart:
    manifest = resources.static_dir() / "manifest.json"
    return CheckedPart(
        manifest.is_file(), f"Built assets in {manifest.parent}: ./run setup makes them"
    )


def _templates(settings: Settings) -> CheckedPart:
    folder = resources.templates_dir()
    return CheckedPart(any(folder.glob("*.html")), f"Templates in {folder}")


def _data(settings: Settings) -> CheckedPart:
    settings.data.mkdir(parents=True, exist_ok=True)
    is_good = os.access(settings.data, os.W_OK)
    return CheckedPart(
        is_good, f"MAPSVC_DATA={settings.data} can{'' if is_good else 'not'} be written"
    )


def _store(settings: Settings) -> CheckedPart:
    council = Council.open(settings)
    try:
        kinds = [edition.kind for edition in council.moment.atlas.editions]
    finally:
        council.close()
    return CheckedPart(True, f"Store opens; published: {', '.join(kinds) or 'nothing yet'}")
