"""The settings, read once from `MAPSVC_*` variables (docs/operating.md lists them)."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from mapsvc.errors import SettingError

EVERY_SERVICE = ""

SECRET = ("MAPSVC_SMTP_URL", "MAPSVC_DATABASE_URL")
"""Settings that hold a password, so no sentence repeats them."""

ROLES = ("viewer", "crew", "editor", "admin")
"""Roles of staff, the lowest first; `services/accounts/people` says what each may do."""

NATIONS = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}
"""Names that MAPSVC_NATION takes, with the codes of the `holidays` package."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service runs and for whom. Field `x_y` is the variable `MAPSVC_X_Y`."""

    data: Path = Path("data")
    database_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    embed_hosts: tuple[str, ...] = ()
    council_name: str = "the council"
    council_phone: str = ""
    tiles_url: str = ""
    tiles_attribution: str = ""
    crs: str = "EPSG:27700"
    bounds: tuple[float, float, float, float] | None = None
    nation: str = "england"
    timezone: str = "Europe/London"
    statements: Path | None = None
    today: date | None = None
    tolerance: Mapping[str, int] = field(default_factory=dict)
    tracked: frozenset[str] = frozenset()
    proxies: int = 0
    sign_in_failures_per_address: int = 30
    emergency_phone: str = ""
    categories: Path | None = None
    reports_per_address: int = 10
    reports_per_hour: int = 500
    back_offices: Path | None = None
    insecure_loopback: bool = False
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    erase_months: int = 12
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_claim: str = "groups"
    oidc_roles: Mapping[str, str] = field(default_factory=dict)
    worker: bool = True
    originals_months: int = 24
    reasons: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of `environment`.

        Raises
        ------
        SettingError : naming the key and the value that cannot be used.
        """
        values = {}
        for name, type_ in get_type_hints(cls).items():
            key = f"MAPSVC_{name.upper()}"
            text = environment.get(key, "").strip()
            if text:
                values[name] = _read(key, text, READERS.get(name) or READERS_OF_TYPES[type_])
        return cls(**values)

    def to_environment(self) -> dict[str, str]:
        """The variables that `from_environment` reads these settings back from."""
        texts = {name: _written(getattr(self, name)) for name in (f.name for f in fields(self))}
        return {f"MAPSVC_{name.upper()}": text for name, text in texts.items() if text}

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the service over an encrypted line."""
        return self.public_url.startswith("https://")

    @property
    def day_today(self) -> date:
        """Today in the council's time zone, or the demonstration's day."""
        return self.today or datetime.now(ZoneInfo(self.timezone)).date()

    @property
    def sends_mail(self) -> bool:
        """Whether there is a server to send mail with, and an address to send it from."""
        return bool(self.smtp_url and self.mail_from)

    def tolerance_of(self, service: str) -> int:
        """Working days that a cut may run over before it is late; 5 unless set."""
        return self.tolerance.get(service, self.tolerance.get(EVERY_SERVICE, 5))


def environment_of_child(settings: Settings) -> dict[str, str]:
    """The environment of a process of our own that shall have these settings and our modules."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("MAPSVC_")}
    return {**others, **settings.to_environment(), "PYTHONPATH": os.pathsep.join(sys.path)}


def unknown_settings(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """A sentence for each variable that looks like a setting and is none."""
    known = [f"MAPSVC_{known.name.upper()}" for known in fields(Settings)]
    for key in sorted(environment):
        if key.startswith("MAPSVC_") and key not in known:
            nearest = get_close_matches(key, known, n=1)
            meant = f" Did you mean {nearest[0]}?" if nearest else ""
            yield f"There is no setting {key}, so it has no effect.{meant}"


def _read(key: str, text: str, reader: Callable[[str], Any]) -> Any:
    try:
        return reader(text)
    except (ValueError, KeyError) as error:
        hint = (
            str(error) if isinstance(error, ValueError) and str(error) else "see docs/operating.md"
        )
        shown = f"{key}={text!r}" if key not in SECRET else key
        raise SettingError(f"{shown} cannot be used: {hint}.") from None


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case Mapping():
            return "; ".join(f"{name}={said}" for name, said in value.items())
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return "; ".join(sorted(value))
        case tuple():
            return " ".join(map(str, value))
    return str(value)


def _bounds(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in re.split(r"[,\s]+", text))
    except ValueError:
        raise ValueError("write four numbers: west,south,east,north in the local CRS") from None
    if not (west < east and south < north):
        raise ValueError("the first two numbers must be smaller than the last two")
    return west, south, east, north


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("write a day as YYYY-MM-DD") from None


def _nation(text: str) -> str:
    if text.lower() not in NATIONS:
        raise ValueError("write one of " + ", ".join(NATIONS))
    return text.lower()


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise ValueError("write a time zone such as Europe/London") from None
    return text


def _crs(text: str) -> str:
    if not re.fullmatch(r"EPSG:\d{4,6}", text):
        raise ValueError("write a code such as EPSG:27700")
    return text


def _tolerance(text: str) -> dict[str, int]:
    """`5`, or `grass cutting=5; weed spraying=10`."""
    if text.isdecimal():
        return {EVERY_SERVICE: int(text)}
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    try:
        return {name.strip(): int(days) for name, _, days in pairs}
    except ValueError:
        raise ValueError("write working days, or service=days; service=days") from None


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError("write yes or no")
    return text.lower() == "yes"


def _public_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", text):
        raise ValueError("write an address such as https://grass.example.gov.uk")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if not re.match(r"(postgresql(\+psycopg)?|postgres)://", text) and not text.endswith(".gpkg"):
        raise ValueError("write postgresql://user@host/database, or leave it out for a file")
    return text


def _tiles_url(text: str) -> str:
    if not (re.match(r"https?://", text) and all(part in text for part in ("{z}", "{x}", "{y}"))):
        raise ValueError("write an address such as https://tiles.example.org/{z}/{x}/{y}.png")
    return text


def _embed_hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(text.split())
    for host in hosts:
        if not re.fullmatch(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:(\d+|\*))?", host):
            raise ValueError(f"enter a host, like https://www.example.gov.uk, not {host!r}")
    return hosts


def _issuer(text: str) -> str:
    if not re.fullmatch(r"https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?", text):
        raise ValueError("write the https:// address that the provider calls its issuer")
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    if not re.fullmatch(r"smtps?://([^\s:@/]+:[^\s@/]*@)?[A-Za-z0-9.-]+(:\d{1,5})?/?", text):
        raise ValueError("write smtp://name:password@host:587, or smtps:// for TLS from the start")
    return text.rstrip("/")


def _mail_address(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>\"(),;:\\]+@[A-Za-z0-9.-]+", text):
        raise ValueError("write an address such as grass@example.gov.uk")
    return text


def _roles(text: str) -> dict[str, str]:
    """`grounds-editors=editor; grounds-admins=admin`."""
    pairs = [part.rpartition("=") for part in text.split(";") if part.strip()]
    table = {group.strip(): role.strip() for group, _, role in pairs}
    for group, role in table.items():
        if not group or role not in ROLES:
            raise ValueError(f"write group=role; group=role, each role one of {', '.join(ROLES)}")
    return table


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise ValueError("write a whole number")
    return int(text)


def _reasons(text: str) -> Path:
    file = Path(text)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError("write the path of a text file with one reason a line") from None
    if not any(line.strip() and not line.startswith("#") for line in lines):
        raise ValueError("the file holds no reasons; write one a line")
    return file


READERS: dict[str, Callable[[str], Any]] = {
    "smtp_url": _smtp_url,
    "mail_from": _mail_address,
    "reasons": _reasons,
    "public_url": _public_url,
    "database_url": _database_url,
    "tiles_url": _tiles_url,
    "embed_hosts": _embed_hosts,
    "bounds": _bounds,
    "nation": _nation,
    "oidc_issuer": _issuer,
    "oidc_roles": _roles,
    "timezone": _timezone,
    "crs": _crs,
    "tolerance": _tolerance,
}
"""How a text with a form of its own is read. All others are read as their field's type says."""

READERS_OF_TYPES: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: _number,
    bool: _yes_or_no,
    date | None: _day,
    Path: Path,
    Path | None: Path,
    frozenset[str]: lambda text: frozenset(filter(None, map(str.strip, text.split(";")))),
}
