"""Who did what and when: written with what was done, in one list, safe to open anywhere."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.domain.events import Notice, Target
from mapsvc.errors import EditionConflict, NotFound
from mapsvc.services.csv_safety import csv_text
from mapsvc.services.operations.activity import OTHER, activity_csv, entries, page, wanted
from mapsvc.services.state.council import Council
from mapsvc.store.activity import Deed, DeedFilter
from mapsvc.store.database import Store
from mapsvc.store.editions import EditionDraft
from mapsvc.store.live import EventDraft
from tests.support.councils import make_council, mark, open_council
from tests.support.store_samples import AT, a_gazetteer, a_schedule, publish, some_keepers

DAY = date(2026, 6, 17)
MARK = EventDraft(Target("round", "R1"), "done", DAY, 2026, AT, cut=2, by="ann")
HOUR = timedelta(hours=1)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    opened = open_council(tmp_path)
    yield opened
    opened.close()


def sentences(council: Council, which: DeedFilter | None = None) -> list[str]:
    return [entry.sentence for entry in entries(council, which or DeedFilter())]


# In the store


def test_publishing_and_putting_back_are_noted_from_edition_to_edition(store: Store) -> None:
    publish(store, a_gazetteer(), by="ann")
    publish(store, a_schedule(), by="bob")
    publish(store, a_gazetteer(), by="ann")
    store.editions.roll_back(1, by="cat", at=AT + HOUR)

    found = [
        (deed.by, deed.action, deed.subject, deed.detail, deed.from_edition, deed.to_edition)
        for deed in store.activity.deeds()
    ]

    assert found == [
        ("cat", "put back", "gazetteer", "streets.csv", 3, 1),
        ("ann", "published", "gazetteer", "streets.csv", 1, 3),
        ("bob", "published", "schedule of grass cutting for 2026", "", None, 2),
        ("ann", "published", "gazetteer", "streets.csv", None, 1),
    ]


def test_what_was_refused_is_not_noted(store: Store) -> None:
    publish(store, some_keepers("A"))

    with pytest.raises(EditionConflict):
        store.editions.publish(some_keepers("B"), base=None, by="bob", at=AT)
    with pytest.raises(NotFound):
        store.editions.roll_back(9, by="bob", at=AT)
    with pytest.raises(NotFound):
        store.live.remove_notice(9, by="bob", at=AT)

    assert [deed.by for deed in store.activity.deeds()] == ["staff"]


def test_marks_and_all_else_are_one_list_in_the_order_of_time(store: Store) -> None:
    store.live.record([MARK, replace(MARK, at=AT + 3 * HOUR)])
    number = store.live.add_notice(Notice("Strike."), by="bob", at=AT + HOUR)
    store.live.remove_notice(number, by="cat", at=AT + 2 * HOUR)
    store.live.withdraw(1, by="dan", at=AT + 4 * HOUR)

    found = store.activity.deeds()

    assert [(deed.by, deed.action) for deed in found] == [
        ("dan", "withdrawn"),
        ("ann", "done"),
        ("cat", "removed the notice"),
        ("bob", "added the notice"),
        ("ann", "done"),
    ]
    assert found[-1] == Deed(
        is_mark=True,
        id=1,
        at=AT,
        by="ann",
        action="done",
        subject="round:R1",
        detail="",
        from_edition=None,
        to_edition=None,
        on=DAY,
        season=2026,
        cut=2,
        expected=None,
        until=None,
        withdraws=None,
    )
    assert store.activity.deeds(limit=2, offset=1) == found[1:3]


@pytest.mark.parametrize(
    ("which", "days"),
    [
        (DeedFilter(), [3, 2, 1, 0]),
        (DeedFilter(by="ANN"), [3, 0]),
        (DeedFilter(by="%"), []),
        (DeedFilter(actions=("done",)), [2, 0]),
        (DeedFilter(not_actions=("done",)), [3, 1]),
        (DeedFilter(since=AT + timedelta(days=1)), [3, 2, 1]),
        (DeedFilter(until=AT + timedelta(days=1)), [0]),
        (DeedFilter(by="bob", actions=("done",), since=AT + timedelta(days=1)), [2]),
    ],
)
def test_the_list_is_filtered(store: Store, which: DeedFilter, days: list[int]) -> None:
    at = [AT + timedelta(days=number) for number in range(4)]
    store.live.record([MARK, replace(MARK, by="bob", at=at[2])])
    store.live.add_notice(Notice("Strike."), by="bob", at=at[1])
    store.live.add_notice(Notice("Over."), by="joann", at=at[3])

    assert [(deed.at - AT).days for deed in store.activity.deeds(which)] == days
    assert store.activity.count(which) == len(days)


# In sentences


def test_each_deed_is_a_sentence_that_names_who_did_it(council: Council) -> None:
    store = council.store
    ann, line = "ann@example.gov.uk", "Somebody at the command line"
    publish(store, EditionDraft("gazetteer", files=("a.gpkg",), streets=a_gazetteer().streets), "")
    publish(store, replace(a_gazetteer(), files=("b.gpkg",)), by=ann)
    store.editions.roll_back(1, by="command line", at=AT)
    events = [
        MARK,
        replace(MARK, kind="missed", target=Target("street", "s1"), reason="cars were parked."),
        replace(MARK, kind="delayed", cut=None, expected=date(2026, 6, 26)),
        replace(MARK, kind="suspended", target=Target("all"), cut=None, reason="wet ground"),
        replace(MARK, kind="suspended", target=Target("place", "A: B"), cut=None, until=DAY),
        replace(MARK, kind="resumed", target=Target("all"), cut=None),
    ]
    store.live.record([replace(e, at=AT + (n + 1) * HOUR) for n, e in enumerate(events)])
    store.live.withdraw(1, by="bob", at=AT + 8 * HOUR)
    store.live.add_notice(Notice("No cutting this week."), by="bob", at=AT + 9 * HOUR)
    store.accounts.add("cat", "crew", (), subject=None, by="bob", at=AT + 10 * HOUR)

    assert sentences(council)[::-1] == [
        "Somebody published the gazetteer from a.gpkg as edition 1; it is the first.",
        f"{ann} published the gazetteer from b.gpkg as edition 2; before it was edition 1.",
        f"{line} put back edition 1 of the gazetteer; before it was edition 2.",
        "ann marked round R1 (cut 2 of 2026) as done on 17 June 2026.",
        "ann marked street s1 (cut 2 of 2026) as not possible on 17 June 2026: cars were parked.",
        "ann marked round R1 as delayed on 17 June 2026, now expected by 26 June 2026.",
        "ann paused all grass from 17 June 2026, with no end yet: wet ground.",
        "ann paused place A: B from 17 June 2026 until 17 June 2026.",
        "ann resumed all grass from 17 June 2026.",
        "bob took back event 1, about round R1 (cut 2 of 2026).",
        "bob added the notice “No cutting this week.”.",
        "bob added the account cat (crew).",
    ]


def test_days_are_those_of_the_council(council: Council) -> None:
    late = datetime.fromisoformat("2026-06-17T23:30:00+00:00")  # 00:30 on the 18th in London
    council.store.live.add_notice(Notice("Strike."), by="bob", at=late)

    on_17th = wanted(council, first=DAY, last=DAY)
    on_18th = wanted(council, first=date(2026, 6, 18), last=date(2026, 6, 18))

    assert sentences(council, on_17th) == []
    (entry,) = entries(council, on_18th)
    assert f"{entry.at:%d %H:%M}" == "18 00:30"


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("publications", ["published"]),
        ("marks", ["withdrawn", "done"]),
        ("pauses", ["suspended"]),
        ("notices", ["added the notice"]),
        (OTHER, ["added the account"]),
        ("", ["withdrawn", "added the account", "suspended", "done", "added the notice"]),
    ],
)
def test_the_list_can_be_limited_to_a_kind(council: Council, kind: str, actions: list[str]) -> None:
    publish(council.store, some_keepers("A"))
    council.store.live.add_notice(Notice("Strike."), by="bob", at=AT + HOUR)
    council.store.live.record([replace(MARK, at=AT + 2 * HOUR)])
    pause = replace(MARK, kind="suspended", cut=None, at=AT + 3 * HOUR)
    council.store.live.record([pause])
    council.store.accounts.add("c", "crew", (), subject=None, by="b", at=AT + 4 * HOUR)
    council.store.live.withdraw(1, by="bob", at=AT + 5 * HOUR)

    found = [entry.action for entry in entries(council, wanted(council, kind=kind))]

    assert found[: len(actions)] == actions
    assert kind == "" or len(found) == len(actions)


def test_pages_hold_so_many_and_the_last_the_rest(council: Council) -> None:
    council.store.live.record([replace(MARK, at=AT + n * HOUR) for n in range(7)])

    pages = [page(council, DeedFilter(), number, size=3) for number in (1, 2, 3, 99, 0)]

    assert [(p.number, p.pages, p.total) for p in pages] == [
        (1, 3, 7),
        (2, 3, 7),
        (3, 3, 7),
        (3, 3, 7),
        (1, 3, 7),
    ]
    assert [len(p.entries) for p in pages] == [3, 3, 1, 1, 3]
    assert page(council, wanted(council, by="nobody")).pages == 1


def test_as_csv_no_text_runs_as_a_formula(council: Council) -> None:
    evil = '=HYPERLINK("http://x","y")'
    council.store.live.record([replace(MARK, by=evil, reason="＝1+1")])

    rows = list(csv.DictReader(io.StringIO(activity_csv(council, DeedFilter()))))

    assert rows[0]["who"] == f"'{evil}"
    assert rows[0]["time"] == "2026-06-17 14:05:00"
    assert rows[0]["sentence"].startswith(f"'{evil} marked round R1")


def test_numbers_stay_numbers_in_csv() -> None:
    assert csv_text(["=a", "b"], [("-1", -1), ("\t=x", 2.5)]) == "'=a,b\r\n'-1,-1\r\n'\t=x,2.5\r\n"


def test_the_command_prints_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    council = make_council(tmp_path)
    mark(council, "verge:V3", "done", "2026-06-10", cut=2, by="crew")
    council.close()
    monkeypatch.setenv("MAPSVC_DATA", str(tmp_path / "data"))
    run = CliRunner().invoke

    lines = run(main, ["activity"]).output.splitlines()
    by_crew = run(main, ["activity", "--csv", "--by", "crew", "--from", "2026-06-16"]).output
    nothing = run(main, ["activity", "--to", "2025-01-01"]).output

    assert lines[0] == (
        "2026-06-16 16:12  crew marked verge V3 (cut 2 of 2026) as done on 10 June 2026."
    )
    assert lines[-1].endswith(
        "tests published the keepers from keepers.csv as edition 1; it is the first."
    )
    assert by_crew.splitlines()[1].startswith("2026-06-16 16:12:00,crew,done,verge:V3,,,crew ")
    assert nothing == "Nothing was done in these days.\n"
