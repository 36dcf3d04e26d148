"""The sentences of a check, and the lists behind their numbers."""

from pathlib import Path

import pytest

from mapsvc.ingest.compare.changes import CHANGE, LOSE
from mapsvc.messages.catalogue import said
from mapsvc.problems import Problem, Report
from mapsvc.published.atlas import Atlas
from mapsvc.services.schedules.check_findings import findings
from mapsvc.store.database import open_store
from tests.support.store_samples import a_gazetteer, publish


@pytest.fixture
def atlas(tmp_path: Path) -> Atlas:
    store = open_store(tmp_path / "mapsvc.gpkg")
    publish(store, a_gazetteer())
    return Atlas(store, store.editions.current_all(), tmp_path / "indexes")


def test_a_sentence_says_how_long_its_list_is(atlas: Atlas) -> None:
    report = Report("schedule")
    report.places = {CHANGE: ["s2", "s1", "gone"], LOSE: ["s1"]}
    report.changes = {
        LOSE: ["1 Street, Exampleton: cut 1 on 7 April 2026"],
        "entries added": ["Ashby (parish)", "Barton (parish)"],
    }
    report.problems = [
        Problem("bad_date", said("No date.")),
        Problem("bad_date", said("No date either.")),
    ]

    told = {one.words: [entry.words for entry in one.entries] for one in findings(report, atlas)}

    assert told == {
        "3 streets change": ["1 Street, Exampleton", "2 Street, Exampleton", "gone"],
        "1 street loses a date": ["1 Street, Exampleton: cut 1 on 7 April 2026"],
        "2 entries are new": ["Ashby (parish)", "Barton (parish)"],
        "2 dates could not be read": ["No date.", "No date either."],
    }


def test_only_a_list_that_is_asked_for_is_read(
    atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = Report("schedule")
    report.places = {CHANGE: ["s1"]}
    monkeypatch.setattr(Atlas, "street", pytest.fail)

    (found,) = findings(report, atlas)

    assert found.words == "1 street changes"
