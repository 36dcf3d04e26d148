"""A council as one process sees it, while something else is written to it."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mapsvc.published.atlas import Atlas
from mapsvc.services.state.council import Council, Moment
from tests.support.councils import mark, publish_text
from tests.support.web_council import SCHEDULE, make_web_council

ATLAS = "mapsvc.services.state.council.Atlas"


class SlowAtlas:
    """An atlas that is made when the test says so."""

    def __init__(self) -> None:
        self.is_begun, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, *words: Any) -> Atlas:
        self.is_begun.set()
        assert self.may_go_on.wait(30)
        return Atlas(*words)


@pytest.fixture
def council(tmp_path: Path) -> Any:
    """One that has been looked at, and then got a newer schedule."""
    council = make_web_council(tmp_path)
    _ = council.moment
    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    yield council
    council.close()


@pytest.fixture
def before(council: Council) -> Moment:
    """What it answers from until it looks again."""
    assert council._moment is not None
    return council._moment


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowAtlas:
    slow = SlowAtlas()
    monkeypatch.setattr(ATLAS, slow)
    return slow


def is_newest(council: Council, moment: Moment) -> bool:
    newest = [edition.number for edition in council.store.editions.current_all()]
    return [edition.number for edition in moment.atlas.editions] == newest


def wait_until_read(council: Council) -> Moment:
    ends = time.monotonic() + 30
    while not is_newest(council, council.moment) and time.monotonic() < ends:
        time.sleep(0.01)
    return council.moment


def test_while_new_editions_are_read_others_have_those_before_with_every_mark(
    council: Council, before: Moment, slow: SlowAtlas
) -> None:
    first = threading.Thread(target=lambda: council.moment)
    first.start()
    assert slow.is_begun.wait(30)
    mark(council, "verge:V1", "done", "2026-06-16", cut=2)
    during = council.moment
    slow.may_go_on.set()
    first.join()
    after = council.moment

    verge = before.atlas.book(2026).verges["V1"]
    assert during.atlas is before.atlas
    assert len(during.ledger.marks_of("V1")) == len(after.ledger.marks_of("V1")) == 1
    assert after.atlas.book(2026).verges["V1"].programme != verge.programme


def test_a_check_has_what_is_published_now_and_reads_no_grass(
    council: Council, before: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapsvc.published.atlas.verge_books", pytest.fail)

    now = council.atlas()

    published = [edition.number for edition in council.store.editions.current_all()]
    assert [edition.number for edition in now.editions] == published
    assert now.editions != before.atlas.editions


def test_who_sees_new_editions_first_waits_no_longer_than_the_patience(
    council: Council, before: Moment, slow: SlowAtlas
) -> None:
    council.patience = 0.01

    during = council.moment
    slow.may_go_on.set()

    assert during.atlas is before.atlas
    assert is_newest(council, wait_until_read(council))


def test_staff_wait_until_what_they_published_is_read(
    council: Council, before: Moment, slow: SlowAtlas
) -> None:
    council.patience = 0.01
    during = council.moment
    threading.Timer(0.1, slow.may_go_on.set).start()

    council.catch_up()

    assert during.atlas is before.atlas
    assert is_newest(council, council.moment)


def test_editions_that_cannot_be_read_are_tried_again(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ATLAS, None)
        with pytest.raises(TypeError):
            _ = council.moment

    assert is_newest(council, council.moment)


def test_while_they_cannot_be_read_residents_have_those_before_and_it_is_tried_now_and_then(
    council: Council, before: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def full_disk(*words: Any) -> Atlas:
        tried.append(words)
        raise OSError("No space left on device")

    council.patience = 30
    with monkeypatch.context() as patch:
        patch.setattr(ATLAS, full_disk)
        council.catch_up()
        moments = [council.moment for _ in range(3)]

        assert all(moment.atlas is before.atlas for moment in moments)
        assert len(tried) == 1
        assert council.is_behind

    monkeypatch.setattr("mapsvc.services.state.council.RETRY_SECONDS", 0)
    council._not_before = 0
    council.catch_up()

    assert is_newest(council, council.moment)
    assert not council.is_behind


def test_a_process_that_gets_no_thread_can_read_later(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_threads(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    council.patience = 30
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_more_threads)
        with pytest.raises(RuntimeError):
            _ = council.moment

    assert is_newest(council, council.moment)
