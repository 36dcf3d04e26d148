"""Events, notices and counters, on both databases."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mapsvc.domain.events import Event, Notice, Target
from mapsvc.errors import MarkRefused, NotFound
from mapsvc.store.database import Store, open_store
from mapsvc.store.live import EventDraft
from tests.support.store_samples import AT, publish, some_keepers

DAY = date(2026, 6, 17)
DONE = EventDraft(
    Target("round", "R1"), "done", DAY, 2026, AT, cut=2, verges=frozenset({"v1", "v2"}), by="crew"
)
PAUSE = EventDraft(
    Target("all"), "suspended", DAY, 2026, AT, reason="the ground is waterlogged", until=DAY
)


def test_events_come_back_as_recorded_in_the_order_of_recording(store: Store) -> None:
    ids = store.live.record([DONE, PAUSE])

    assert ids == [1, 2]
    assert store.live.events_after() == [
        Event(
            1, Target("round", "R1"), "done", DAY, 2026, AT, 2, frozenset({"v1", "v2"}), by="crew"
        ),
        Event(2, Target("all"), "suspended", DAY, 2026, AT, reason=PAUSE.reason, until=DAY),
    ]
    assert [event.id for event in store.live.events_after(1)] == [2]


def test_recording_with_the_same_key_again_gives_the_first_id(store: Store) -> None:
    first = store.live.record([replace(DONE, key="form 1"), replace(DONE, key="form 2")])

    again = store.live.record([replace(PAUSE, key="form 2"), replace(PAUSE, key="form 3")])

    assert again[0] == first[1]
    assert len(store.live.events_after()) == 3


def test_a_withdrawal_is_an_event_that_names_the_one_it_takes_back(store: Store) -> None:
    (mark,) = store.live.record([DONE])

    withdrawal = store.live.withdraw(mark, by="jane", at=AT + timedelta(hours=1))

    first, second = store.live.events_after()
    assert (first.id, first.withdraws) == (mark, None)
    assert (second.id, second.withdraws, second.kind) == (withdrawal, mark, "withdrawn")
    assert (second.target, second.by) == (DONE.target, "jane")


def test_an_event_is_withdrawn_once_and_a_withdrawal_never(store: Store) -> None:
    (mark,) = store.live.record([DONE])
    withdrawal = store.live.withdraw(mark, by="jane", at=AT)

    with pytest.raises(MarkRefused, match=f"Event {mark} is withdrawn already"):
        store.live.withdraw(mark, by="jane", at=AT)
    with pytest.raises(MarkRefused, match=f"Event {withdrawal} takes back event {mark}"):
        store.live.withdraw(withdrawal, by="jane", at=AT)
    assert len(store.live.events_after()) == 2


def test_an_event_that_nobody_recorded_cannot_be_withdrawn(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no event 7: none was recorded yet"):
        store.live.withdraw(7, by="jane", at=AT)


def test_events_of_many_threads_are_all_there_and_seen_in_the_order_of_their_ids(
    store: Store,
) -> None:
    seen: list[int] = []

    def record() -> None:
        for _ in range(10):
            store.live.record([DONE])

    crews = [threading.Thread(target=record) for _ in range(6)]
    for crew in crews:
        crew.start()
    while any(crew.is_alive() for crew in crews):
        seen += [event.id for event in store.live.events_after(max(seen, default=0))]
    seen += [event.id for event in store.live.events_after(max(seen, default=0))]

    assert seen == list(range(1, 61))
    assert store.live.newest_event_id() == 60


def test_the_stamp_changes_with_every_event_edition_and_notice_of_another_process(
    address: str, store: Store
) -> None:
    other = open_store(address)
    stamps = [store.live.current_stamp()]

    first = publish(other, some_keepers("A"))
    stamps.append(store.live.current_stamp())
    publish(other, some_keepers("B"))
    stamps.append(store.live.current_stamp())
    other.editions.roll_back(first.number, by="", at=AT)
    stamps.append(store.live.current_stamp())
    other.live.record([DONE])
    stamps.append(store.live.current_stamp())
    other.live.withdraw(1, by="", at=AT)
    stamps.append(store.live.current_stamp())
    notice = other.live.add_notice(Notice("Strike"), by="", at=AT)
    stamps.append(store.live.current_stamp())
    other.live.remove_notice(notice, at=AT)
    stamps.append(store.live.current_stamp())
    other.close()

    assert len(set(stamps)) == len(stamps) == 8
    assert store.live.current_stamp() == stamps[-1]


def test_notices_are_shown_until_removed_whoever_removes_them(address: str, store: Store) -> None:
    strike = Notice("No cutting this week.", "round:R1", DAY, None)
    number = store.live.add_notice(strike, by="jane", at=AT)
    store.live.add_notice(Notice("Thank you."), by="jane", at=AT)
    assert store.live.notices() == [strike, Notice("Thank you.")]

    other = open_store(address)
    other.live.remove_notice(number, at=AT)

    assert store.live.notices() == [Notice("Thank you.")]
    with pytest.raises(NotFound, match=f"There is no notice {number}"):
        other.live.remove_notice(number, at=AT)
    other.close()


def test_counters_add_up_by_day(store: Store) -> None:
    store.live.count(DAY, {("searches", ""): 2, ("answers", "cut"): 1})
    store.live.count(DAY, {("searches", ""): 3})
    store.live.count(DAY + timedelta(days=1), {("searches", ""): 9})
    store.live.count(DAY, {})

    assert store.live.counts(DAY, DAY) == [
        (DAY, "answers", "cut", 1),
        (DAY, "searches", "", 5),
    ]
