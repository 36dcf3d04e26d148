"""The demonstration of a county: invented when it is asked for, loaded like any files."""

from dataclasses import replace
from pathlib import Path

import pytest

from mapsvc.config import Settings
from mapsvc.demo.council import COUNTY, DEMO
from mapsvc.services.operations import demo
from mapsvc.services.state.council import Council

SMALL = replace(
    DEMO, sizes=(90, 30, 10, 9, 8, 8, 8), towns=2, streets=180, verges=250, postcodes=40
)


@pytest.fixture
def small_county(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits minutes for a test: the county is a small one here."""
    monkeypatch.setattr(demo, "COUNTY", SMALL)


def test_a_county_has_thirty_thousand_streets_and_verges() -> None:
    assert (COUNTY.streets, COUNTY.verges) == (30_000, 30_000)


@pytest.mark.usefixtures("small_county")
def test_a_county_is_invented_with_its_rounds_marks_and_keepers(tmp_path: Path) -> None:
    settings = demo.prepare_demo(tmp_path, print, is_county=True)

    council = Council.open(settings)
    atlas, day = council.moment.atlas, council.today()
    kinds = {edition.kind for edition in atlas.editions}
    assert kinds == {"keepers", "gazetteer", "places", "boundaries", "schedule"}
    assert atlas.street_count >= 180
    assert len(atlas.book(day.year).verges) == 250
    assert atlas.book(day.year).rounds
    assert council.store.live.newest_event_id() > 0
    council.close()


@pytest.mark.usefixtures("small_county")
def test_a_folder_with_the_other_demo_is_left_alone(tmp_path: Path) -> None:
    demo.prepare_demo(tmp_path, print, is_county=True)

    with pytest.raises(demo.OtherDemo) as refused:
        demo.prepare_demo(tmp_path, print)

    assert str(refused.value) == (
        f"{tmp_path} holds 186 streets, and this demo has 2,000. Name another folder with --data."
    )


@pytest.mark.parametrize(
    ("is_county", "folder"), [(True, "data/demo-county"), (False, "data/demo")]
)
def test_each_demo_has_a_folder_of_its_own(
    is_county: bool, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAPSVC_DATA", raising=False)
    seen: list[Settings] = []

    def opened(settings: Settings) -> Council:
        seen.append(settings)
        raise KeyboardInterrupt

    monkeypatch.setattr(Council, "open", opened)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        demo.prepare_demo(None, print, is_county=is_county)

    assert seen[0].data == Path(folder)
