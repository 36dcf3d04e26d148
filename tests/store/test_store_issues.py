"""Issues and what they send, in a real GeoPackage and a real PostGIS."""

from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point

from mapsvc.domain.issues import NEXT, State
from mapsvc.errors import IssueRefused, NotFound
from mapsvc.store.database import Store
from mapsvc.store.issues import IssueDraft, fitting
from mapsvc.store.outbox import SENT, STOPPED, WAITING, OutgoingMessage
from mapsvc.store.subscriptions import CONFIRM, NEWS, Subscriber

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
MAIL = OutgoingMessage("mail", "grounds@example.gov.uk", "G-1", {"subject": "Long grass"})


def draft(**values: object) -> IssueDraft:
    said = {"category": "long", "text": "Up to my knees", "street": "1", **values}
    return IssueDraft(**said)  # type: ignore[arg-type]


def test_an_issue_and_its_message_are_kept_together(store: Store) -> None:
    added = store.issues.add(draft(point=Point(450000, 300000)), NOW, [MAIL])

    assert store.issues.of_reference(added.reference.lower()) == added
    assert (added.x, added.y, added.state, added.public_text) == (450000, 300000, State.OPEN, "")
    assert [parcel.message for parcel in store.outbox.page()] == [MAIL]
    assert [event.kind for event in store.issues.events_of(added.id)] == ["reported"]


def test_a_report_sent_twice_is_one_issue(store: Store) -> None:
    first, second = (store.issues.add(draft(key="k"), NOW, [MAIL]) for _ in range(2))

    assert first == second
    assert store.issues.number() == len(store.outbox.page()) == 1


def test_others_who_notice_it_count_once_each(store: Store) -> None:
    one = store.issues.add(draft(), NOW)
    for key in ("a", "b", "a"):
        joined = store.issues.join(one.id, key, NOW)
    store.issues.move(one.id, State.NO_ACTION, by="ann", at=NOW)

    assert joined.noticed == 2
    with pytest.raises(IssueRefused, match="closed by now"):
        store.issues.join(one.id, "c", NOW)


def test_a_life_is_recorded_step_by_step(store: Store) -> None:
    one = store.issues.add(draft(), NOW)
    planned = store.issues.move(one.id, State.PLANNED, by="ann", at=NOW, season=2026, cut=3)
    fixed = store.issues.move(one.id, State.FIXED, by="ann", at=NOW, sentence="It was cut.")

    assert (planned.cut, planned.closed_at, fixed.closed_at) == (3, None, NOW)
    states = [event.state for event in store.issues.events_of(one.id)]
    assert states == [State.OPEN, State.PLANNED, State.FIXED]
    assert store.issues.open() == []


def test_a_step_that_no_issue_takes_is_refused_and_changes_nothing(store: Store) -> None:
    one = store.issues.add(draft(), NOW)
    store.issues.move(one.id, State.FIXED, by="ann", at=NOW)

    with pytest.raises(IssueRefused, match=r"“fixed” cannot become “planned”\. It can become: rep"):
        store.issues.move(one.id, State.PLANNED, by="ann", at=NOW, messages=[MAIL])
    assert store.issues.get(one.id).state is State.FIXED
    assert store.outbox.page() == []


def test_the_queue_is_filtered_and_paged(store: Store) -> None:
    for number in range(5):
        store.issues.add(draft(category="ab"[number % 2]), NOW + timedelta(days=number))

    asked = fitting(category="a", since=NOW + timedelta(days=1), states=[State.OPEN])

    assert [one.at.day for one in store.issues.page(*asked)] == [21, 19]
    assert store.issues.number(*fitting(category="a")) == 3
    assert [one.at.day for one in store.issues.page(limit=1, offset=1)] == [20]


def test_an_unknown_issue_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match='There is no issue "G-0'):
        store.issues.of_reference("G-0")


# The outbox


def test_a_message_is_leased_by_one_worker_until_its_time_is_over(store: Store) -> None:
    store.issues.add(draft(), NOW, [MAIL])
    until = NOW + timedelta(minutes=1)

    first = store.outbox.lease("a", NOW, until)
    assert first is not None
    assert store.outbox.lease("b", NOW, until) is None
    again = store.outbox.lease("b", until + timedelta(seconds=1), until + timedelta(minutes=1))
    assert again is not None
    assert (again.id, first.attempts, again.attempts) == (first.id, 1, 2)


def test_a_sender_that_wakes_after_another_sent_the_message_changes_nothing(store: Store) -> None:
    store.issues.add(draft(), NOW, [MAIL])
    slow = store.outbox.lease("a", NOW, NOW + timedelta(seconds=90))
    at = NOW + timedelta(seconds=95)
    quick = store.outbox.lease("b", at, at + timedelta(seconds=90))
    assert slow is not None
    assert quick is not None
    store.outbox.note_sent(quick, "77", at)

    store.outbox.note_failure(slow, "timed out", at, open_until=at + timedelta(minutes=30))

    assert [(one.state, one.external, one.error) for one in store.outbox.page()] == [
        (SENT, "77", "")
    ]
    assert store.outbox.failures(MAIL.recipient) == 0
    assert store.outbox.lease("c", at + timedelta(days=1), at + timedelta(days=2)) is None


def test_failures_open_the_circuit_and_staff_close_it(store: Store) -> None:
    store.issues.add(draft(), NOW, [MAIL])
    parcel = store.outbox.lease("a", NOW, NOW)
    assert parcel is not None
    later = NOW + timedelta(minutes=30)
    store.outbox.note_failure(parcel, "refused", NOW, open_until=later)

    assert store.outbox.failures(MAIL.recipient) == 1
    assert store.outbox.lease("a", NOW + timedelta(minutes=1), later) is None
    parcel = store.outbox.lease("a", later + timedelta(minutes=1), later + timedelta(minutes=2))
    assert parcel is not None
    store.outbox.note_failure(parcel, "refused", None, open_until=later)
    assert store.outbox.numbers() == {STOPPED: 1}
    store.outbox.send_again(parcel.id, NOW)
    parcel = store.outbox.lease("a", NOW, NOW)
    assert parcel is not None
    assert (parcel.state, parcel.error) == (WAITING, "refused")
    store.outbox.note_sent(parcel, "77", NOW)
    assert [(one.state, one.external) for one in store.outbox.page()] == [(SENT, "77")]
    assert store.outbox.failures(MAIL.recipient) == 0


# Who asked for news


def who(email: str, n: int) -> Subscriber:
    return Subscriber(email, f"t{n}", f"c{n}", NOW + timedelta(hours=48), f"e{n}")


def test_news_are_put_into_the_outbox_with_the_event_for_those_who_confirmed(store: Store) -> None:
    one = store.issues.add(draft(), NOW, (), who("ann@example.com", 1))
    asked = store.subscriptions.to_confirm("c1")
    assert asked is not None
    store.issues.move(one.id, State.TRIAGED, by="x", at=NOW)
    assert (store.subscriptions.confirm(asked.id, NOW), store.subscriptions.to_confirm("c1")) == (
        True,
        None,
    )
    assert not store.subscriptions.confirm(asked.id, NOW)
    store.issues.move(one.id, State.PLANNED, by="x", at=NOW)
    store.issues.change(one.id, "assigned", by="x", at=NOW)

    kinds = [parcel.message.kind for parcel in store.outbox.of_issue(one.id)]

    assert kinds == [CONFIRM, NEWS]


def test_an_address_is_erased_in_the_list_and_in_texts(store: Store) -> None:
    one = store.issues.add(
        draft(text="Ann@Example.com, 100% _"), NOW, (), who("ann@example.com", 1)
    )

    assert store.subscriptions.erase("ann@EXAMPLE.com", "a hash", NOW) == 2
    assert store.subscriptions.to_end("e1") is None
    assert store.issues.get(one.id).text == "[erased], 100% _"
    assert store.subscriptions.erase("%", "a hash", NOW) == 1  # a sign, not a pattern
    assert store.issues.get(one.id).text == "[erased], 100[erased] _"


def test_those_of_issues_closed_long_ago_are_forgotten_with_unreleased_texts(store: Store) -> None:
    old = NOW - timedelta(days=400)
    gone, read, recent = (store.issues.add(draft(), at, (), who(f"{n}@x.example", n))
                          for n, at in enumerate((old, old, NOW)))  # fmt: skip
    store.issues.change(read.id, "released", by="x", at=old, is_released=True)
    for one, at in ((gone, old), (read, old), (recent, NOW)):
        store.issues.move(one.id, State.FIXED, by="x", at=at)

    store.subscriptions.erase_closed(NOW - timedelta(days=365), NOW)

    kept = [store.subscriptions.to_end(f"e{n}") is not None for n in range(3)]
    assert kept == [False, False, True]
    texts = [store.issues.get(one.id).text for one in (gone, read, recent)]
    assert texts == ["", "Up to my knees", "Up to my knees"]


def test_closed_issues_can_only_be_opened_again() -> None:
    assert {frozenset(NEXT[state]) for state in State if state.value.startswith("fix")} == {
        frozenset({State.OPEN})
    }
    assert set(NEXT) == set(State)
