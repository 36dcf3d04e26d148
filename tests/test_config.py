"""Settings are read as the type of their field says, and refuse what is none."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_type_hints

import pytest

from mapsvc.config import READERS, READERS_OF_TYPES, Settings
from mapsvc.errors import SettingError

NO_FORM = {name: type for name, type in get_type_hints(Settings).items() if name not in READERS}


@dataclass(frozen=True)
class MoreSettings(Settings):
    """Fields that somebody adds, and says no more about."""

    lanes: int = 3
    shows_lanes: bool = False
    opened: date | None = None
    plan: Path | None = None
    lane_names: frozenset[str] = frozenset()


def test_a_field_that_is_added_is_read_as_its_type_says() -> None:
    said = {
        "MAPSVC_LANES": "12",
        "MAPSVC_SHOWS_LANES": "yes",
        "MAPSVC_OPENED": "2026-06-17",
        "MAPSVC_PLAN": "plans/lanes.csv",
        "MAPSVC_LANE_NAMES": "left; right",
    }

    read = MoreSettings.from_environment(said)

    assert isinstance(read, MoreSettings)
    assert (read.lanes, read.shows_lanes, read.opened) == (12, True, date(2026, 6, 17))
    assert read.plan == Path("plans/lanes.csv")
    assert read.lane_names == {"left", "right"}
    assert MoreSettings.from_environment(read.to_environment()) == read


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("MAPSVC_LANES", "ten", "write a whole number"),
        ("MAPSVC_LANES", "-1", "write a whole number"),
        ("MAPSVC_LANES", "1.5", "write a whole number"),
        ("MAPSVC_SHOWS_LANES", "maybe", "write yes or no"),
        ("MAPSVC_OPENED", "17/06/2026", "write a day as YYYY-MM-DD"),
    ],
)
def test_a_text_that_is_none_of_the_type_is_refused_by_the_key(
    key: str, text: str, sentence: str
) -> None:
    with pytest.raises(SettingError, match=f"{key}='{text}' cannot be used: {sentence}"):
        MoreSettings.from_environment({key: text})


@pytest.mark.parametrize("name", [name for name, type in NO_FORM.items() if type is int])
def test_no_number_is_taken_as_text(name: str) -> None:
    with pytest.raises(SettingError, match=f"MAPSVC_{name.upper()}='ten'"):
        Settings.from_environment({f"MAPSVC_{name.upper()}": "ten"})


def test_every_setting_can_be_read() -> None:
    assert [name for name, type in NO_FORM.items() if type not in READERS_OF_TYPES] == []
