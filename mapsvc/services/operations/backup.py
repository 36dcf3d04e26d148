"""Backups for those who run the service, and copies for QGIS; what each of them is told."""

from datetime import datetime
from pathlib import Path

from mapsvc.config import Settings
from mapsvc.services.state.council import STORE_FILE, Council
from mapsvc.store import backups


def back_up(council: Council, file: Path) -> str:
    """The whole store in a new file, while the service runs; a sentence that says so."""
    backups.back_up(council.store, file)
    return f"Wrote {file} ({_size(file)}), whole and checked. Keep it private: it names people."


def qgis_copy(council: Council, file: Path) -> str:
    """A new GeoPackage without accounts, names and unreleased texts; a sentence that says so."""
    backups.write_desktop_copy(council.store, file)
    return (
        f"Wrote {file} ({_size(file)}) for QGIS. It holds no accounts, no names of staff and no "
        "text of residents that was not released."
    )


def restore(settings: Settings, file: Path, *, by: str, at: datetime) -> list[str]:
    """Put the store back as it was in `file`; what was done and how to undo it, in sentences.

    Raises
    ------
    BackupRefused : when the file is no whole backup, or a service has the store open
    """
    ending = ".dump" if settings.database_url else ".gpkg"
    kept = settings.data / f"{Path(STORE_FILE).stem}.before-{at:%Y-%m-%dT%H%M%SZ}{ending}"
    address = settings.database_url or settings.data / STORE_FILE
    done = backups.restore(address, file, kept, crs=settings.crs, by=by, at=at)
    lines = [f"The store is as it was in {file}. Everybody has to sign in again."]
    if done.kept:
        lines.append(f"The store that was there is kept as {done.kept}.")
        lines.append(f"To go back to it: mapsvc restore {done.kept}")
    return [*lines, "Start the service again."]


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:,.1f} MB"
