"""A council as one process sees it, while something else is written to it."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mapsvc.atlas import Atlas
from tests.councils import mark, publish_text
from tests.web_council import SCHEDULE, make_web_council


def test_while_new_editions_are_read_others_have_those_before_with_every_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_web_council(tmp_path)
    before = council.moment
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    is_reading, may_go_on = threading.Event(), threading.Event()

    def slowly(*words: Any) -> Atlas:
        is_reading.set()
        assert may_go_on.wait(30)
        return Atlas(*words)

    monkeypatch.setattr("mapsvc.services.council.Atlas", slowly)
    first = threading.Thread(target=lambda: council.moment)
    first.start()
    assert is_reading.wait(30)
    mark(council, "verge:V1", "done", "2026-06-16", cut=2)
    during = council.moment
    may_go_on.set()
    first.join()
    after = council.moment

    verge = before.atlas.book(2026).verges["V1"]
    assert during.atlas is before.atlas
    assert len(during.ledger.marks_of(verge)) == len(after.ledger.marks_of(verge)) == 1
    assert after.atlas.book(2026).verges["V1"].programme != verge.programme
    council.close()


def test_who_sees_new_editions_first_waits_no_longer_than_the_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_web_council(tmp_path)
    before = council.moment
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    newest = [edition.number for edition in council.store.editions.current_all()]
    may_go_on, is_read = threading.Event(), threading.Event()

    def slowly(*words: Any) -> Atlas:
        assert may_go_on.wait(30)
        is_read.set()
        return Atlas(*words)

    monkeypatch.setattr("mapsvc.services.council.Atlas", slowly)
    council.patience = 0.01
    during = council.moment
    may_go_on.set()
    assert is_read.wait(30)
    council.patience = None
    ends = time.monotonic() + 30
    while council.moment.atlas is before.atlas and time.monotonic() < ends:
        time.sleep(0.01)

    assert during.atlas is before.atlas
    assert [edition.number for edition in council.moment.atlas.editions] == newest
    council.close()


def test_staff_wait_until_what_they_published_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_web_council(tmp_path)
    before = council.moment
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    may_go_on = threading.Event()

    def slowly(*words: Any) -> Atlas:
        assert may_go_on.wait(30)
        return Atlas(*words)

    monkeypatch.setattr("mapsvc.services.council.Atlas", slowly)
    council.patience = 0.01
    during = council.moment
    threading.Timer(0.1, may_go_on.set).start()
    council.catch_up()

    assert during.atlas is before.atlas
    assert council.moment.atlas is not before.atlas
    council.close()


def test_editions_that_cannot_be_read_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_web_council(tmp_path)
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    newest = [edition.number for edition in council.store.editions.current_all()]

    with monkeypatch.context() as patch:
        patch.setattr("mapsvc.services.council.Atlas", None)
        with pytest.raises(TypeError):
            _ = council.moment

    assert [edition.number for edition in council.moment.atlas.editions] == newest
    council.close()
