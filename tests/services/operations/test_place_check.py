"""What a new council is told of its own streets."""

from pathlib import Path

from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.services.operations.place_check import examined
from tests.support.councils import KEEPERS, open_council, publish_text

NAMESAKES = "\n".join(f"High Street,{-2.3 - at / 50},51.38" for at in range(4))
STREETS = "\n".join(f"Oak {at} Road,Oakham,-2.2,{51.3 + at / 100}" for at in range(6))


def test_streets_without_a_place_and_namesakes_are_counted(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", f"name,lon,lat\n{NAMESAKES}\n")

    assert examined(council.atlas()) == [
        (
            "4 streets in one area without a name: no parish, village or town is known for them. "
            "Publish boundaries that name it, or a gazetteer with localities."
        ),
        "4 streets called High Street cannot be told apart by their place.",
    ]


def test_a_town_without_a_label_and_a_parish_without_streets_are_named(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", f"name,town,lon,lat\n{STREETS}\n")
    publish_text(council, tmp_path, "keepers", KEEPERS)

    assert examined(council.atlas()) == [
        (
            "Oakham has no label on the map and cannot be searched for. Publish places that name "
            "them with their positions."
        ),
        (
            "Little Example Parish Council keeps Little Example, and no street is known to lie "
            "there."
        ),
    ]


def test_nothing_is_said_where_all_is_well(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", f"name,town,lon,lat\n{STREETS}\n")
    publish_text(council, tmp_path, "places", "name,kind,lon,lat\nOakham,town,-2.2,51.33\n")

    assert examined(council.atlas()) == []


def test_the_command_says_it_and_calls_the_installation_sound(tmp_path: Path) -> None:
    council = open_council(tmp_path)
    publish_text(council, tmp_path, "gazetteer", f"name,lon,lat\n{NAMESAKES}\n")
    council.close()

    said = CliRunner().invoke(main, ["check"], env={"MAPSVC_DATA": str(tmp_path / "data")})

    assert "note 4 streets called High Street cannot be told apart by their place." in said.output
