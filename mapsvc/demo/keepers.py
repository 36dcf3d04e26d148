"""Who looks after the grass of the invented council; telephone numbers are those for drama."""

from collections.abc import Sequence
from dataclasses import dataclass

from mapsvc.demo.land import Settlement
from mapsvc.demo.names import COUNCIL
from mapsvc.demo.roads import TRUNK_NUMBER

OURS = "RIVER"
NATIONAL = "NATR"


@dataclass(frozen=True)
class Keepers:
    """The rows of the keepers' file, and the parishes that cut their own grass."""

    rows: tuple[tuple[str, ...], ...]
    parish_codes: dict[str, str]


def make_keepers(sites: Sequence[Settlement], towns: int) -> Keepers:
    """The county, a district, the trunk roads' keeper, two landlords and ten parish councils."""
    parishes = [site.name for site in sites[towns + 1 :: 2]][:10]
    codes = {name: f"PC{n:02d}" for n, name in enumerate(parishes, 1)}
    rows = [
        (
            OURS,
            COUNCIL,
            "county",
            "yes",
            "https://rivershire.example/grass",
            "01632 960000",
            "",
            "",
        ),
        (
            "DIST",
            f"{sites[1].name} District Council",
            "district",
            "no",
            "https://calderwick.example/greens",
            "01632 960020",
            "",
            "",
        ),
        (
            NATIONAL,
            "National Trunk Roads",
            "national highways",
            "no",
            "https://trunkroads.example",
            "01632 960030",
            "",
            TRUNK_NUMBER,
        ),
        (
            "HOUS",
            "Averdale Homes",
            "housing",
            "no",
            "https://averdale.example",
            "01632 960040",
            "",
            "",
        ),
        ("PRIV", "A private owner", "private", "no", "", "", "", ""),
    ]
    for n, (name, code) in enumerate(codes.items(), 1):
        phone = f"01632 960{100 + n}"
        rows.append((code, f"{name} Parish Council", "parish", "no", "", phone, name, ""))
    return Keepers(tuple(rows), codes)
