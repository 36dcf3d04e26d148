"""Editions: whole or not at all, one current, ten kept. On both databases."""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing.context import ForkServerContext

import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from sqlalchemy import func, select

from mapsvc.domain.events import Target
from mapsvc.domain.streets import Keeper, Place
from mapsvc.errors import EditionConflict, NotFound, WrongCrs
from mapsvc.store.database import Store
from mapsvc.store.editions import EditionDraft
from mapsvc.store.live import EventDraft
from mapsvc.store.schema.tables import edition, street
from tests.support.store_samples import (
    AT,
    a_gazetteer,
    a_schedule,
    publish,
    race,
    some_keepers,
    some_streets,
)


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes of their own, which have the store imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mapsvc.store.database"])
    return context


# What goes in comes out


def test_streets_come_back_as_they_were_published(store: Store) -> None:
    streets = some_streets()

    number = publish(store, a_gazetteer(streets)).number

    assert_geodataframe_equal(store.editions.streets(number), streets)


def test_a_schedule_comes_back_as_it_was_published(store: Store) -> None:
    draft = a_schedule()
    assert draft.schedule

    content = store.editions.schedule(publish(store, draft).number)

    assert_geodataframe_equal(content.verges, draft.schedule.verges)
    assert content.rounds == draft.schedule.rounds
    assert content.programmes == draft.schedule.programmes


def test_a_schedule_without_verges_comes_back_empty(store: Store) -> None:
    draft = a_schedule()
    assert draft.schedule
    content = type(draft.schedule)(draft.schedule.verges.iloc[:0])

    back = store.editions.schedule(
        publish(store, EditionDraft("schedule", "sweeping", 2026, schedule=content)).number
    )

    assert (len(back.verges), back.rounds, back.programmes) == (0, [], [])


def test_keepers_places_and_boundaries_come_back_as_they_were_published(store: Store) -> None:
    keepers = [
        Keeper("P", "Little Example", "parish", False, "https://x", "1", ("A", "B"), ("A1",))
    ]
    places = [Place("EX1 1AA", "postcode", 1.5, 2.25), Place("Exampleton", "town", 3, 4)]
    columns = {"town": "kind", "usrn": "code"}
    areas = some_streets()[["name", "town", "usrn", "geometry"]].rename(columns=columns)

    kept = publish(store, EditionDraft("keepers", keepers=keepers)).number
    found = publish(store, EditionDraft("places", places=places)).number
    drawn = publish(store, EditionDraft("boundaries", boundaries=areas)).number

    assert store.editions.keepers(kept) == keepers
    assert store.editions.places(found) == places
    assert_geodataframe_equal(store.editions.boundaries(drawn), areas)


def test_an_edition_says_who_published_what_when(store: Store) -> None:
    draft = a_gazetteer(counts={"rows read": 3}, problems=2, sha256="ab", licence="ODbL")

    published = publish(store, draft, by="jane")

    assert published == store.editions.get(published.number)
    assert (published.by, published.at, published.files) == ("jane", AT, ("streets.csv",))
    assert (published.counts, published.problems, published.licence) == (
        {"rows read": 3},
        2,
        "ODbL",
    )
    assert (published.base, published.is_current, published.season) == (None, True, None)


def test_three_dimensions_and_empty_shapes_are_flattened(store: Store) -> None:
    streets = some_streets(2)
    streets["geometry"] = [shapely.LineString([(0, 0, 9), (1, 1, 9)]), shapely.LineString()]

    back = store.editions.streets(publish(store, a_gazetteer(streets)).number)

    assert [shape and shape.wkt for shape in back.geometry] == ["LINESTRING (0 0, 1 1)", None]


def test_streets_in_another_crs_are_refused_and_nothing_stays(store: Store) -> None:
    with pytest.raises(WrongCrs):
        publish(store, a_gazetteer(some_streets().set_crs("EPSG:3857", allow_override=True)))

    assert store.editions.history() == []
    assert rows_in(store, edition) == 0


# Which is current


def test_a_schedule_of_one_season_never_touches_another(store: Store) -> None:
    first = publish(store, a_schedule(2025))
    second = publish(store, a_schedule(2026))
    weeds = publish(store, a_schedule(2026, "weed spraying"))

    assert store.editions.current("schedule", "grass cutting", 2025) == first
    assert store.editions.current_all() == [first, second, weeds]
    assert store.editions.current("schedule", "grass cutting", 2024) is None


def test_the_edition_before_stays_until_the_next_is_whole(store: Store) -> None:
    first = publish(store, some_keepers("A"))
    second = publish(store, some_keepers("B"))

    assert [e.number for e in store.editions.history("keepers")] == [second.number, first.number]
    assert [e.is_current for e in store.editions.history("keepers")] == [True, False]
    assert second.base == first.number


def test_rolling_back_moves_the_pointer_and_the_next_publication_builds_on_it(
    store: Store,
) -> None:
    first, second = publish(store, some_keepers("A")), publish(store, some_keepers("B"))

    back = store.editions.roll_back(first.number, by="staff", at=AT)

    assert back.number == first.number
    assert back.is_current
    assert not store.editions.get(second.number).is_current
    assert publish(store, some_keepers("C")).base == first.number


def test_publishing_on_an_edition_that_was_replaced_is_refused_whole(store: Store) -> None:
    first = publish(store, some_keepers("A"))
    second = publish(store, some_keepers("B"), by="jane")

    with pytest.raises(EditionConflict) as refused:
        store.editions.publish(some_keepers("C"), base=first.number, by="me", at=AT)

    assert str(refused.value) == (
        "Somebody (jane) published the keepers on 17 June 2026 at 13:05 UTC, after you read your "
        "files. Nothing of yours was published. Read your files again to see what they would "
        "change now."
    )
    assert store.editions.current("keepers") == second
    assert rows_in(store, edition) == 2


def test_rolling_back_while_somebody_publishes_refuses_the_publication(store: Store) -> None:
    first, second = (publish(store, a_gazetteer(some_streets(n))) for n in (1, 2))
    refused: list[Exception] = []

    def publish_much() -> None:
        try:
            big = a_gazetteer(some_streets(20_000))
            store.editions.publish(big, base=second.number, by="me", at=AT)
        except EditionConflict as error:
            refused.append(error)

    thread = threading.Thread(target=publish_much)
    thread.start()
    while rows_in(store, edition) < 3:
        time.sleep(0.01)
    store.editions.roll_back(first.number, by="staff", at=AT)
    thread.join()

    assert len(refused) == 1
    assert store.editions.current("gazetteer") == store.editions.get(first.number)
    assert rows_in(store, street) == 3


def test_ten_editions_are_kept_and_the_current_one_whatever_its_age(store: Store) -> None:
    numbers = [publish(store, some_keepers(str(n))).number for n in range(10)]
    store.editions.roll_back(numbers[0], by="staff", at=AT)

    newest = publish(store, some_keepers("new"))
    then = publish(store, some_keepers("newer"))

    kept = [e.number for e in store.editions.history("keepers")]
    assert kept == [then.number, newest.number, *numbers[:1:-1]]
    with pytest.raises(NotFound, match="no longer kept"):
        store.editions.roll_back(numbers[0], by="staff", at=AT)
    assert store.editions.keepers(numbers[0]) == []


def test_there_is_no_edition_nobody_published(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no edition 99"):
        store.editions.get(99)


# Addresses that changed


def test_an_old_street_id_leads_to_the_newest_over_several_editions(store: Store) -> None:
    publish(store, a_gazetteer())
    publish(store, a_gazetteer(moved={"a": "b", "x": "y"}))
    publish(store, a_gazetteer(moved={"b": "c"}))

    assert store.editions.redirects() == {"a": "c", "b": "c", "x": "y"}


def test_an_id_that_came_back_leads_nowhere_else(store: Store) -> None:
    publish(store, a_gazetteer(moved={"a": "b"}))
    publish(store, a_gazetteer(moved={"b": "a"}))

    assert store.editions.redirects() == {"b": "a"}


def test_rolling_back_takes_redirects_back_and_pruning_does_not(store: Store) -> None:
    first = publish(store, a_gazetteer(moved={"a": "b"}))
    second = publish(store, a_gazetteer(moved={"b": "c"}))
    store.editions.roll_back(first.number, by="staff", at=AT)

    assert store.editions.redirects() == {"a": "b"}

    store.editions.roll_back(second.number, by="staff", at=AT)
    for _ in range(11):
        publish(store, a_gazetteer())

    assert store.editions.redirects() == {"a": "c", "b": "c"}


# Others at the same time


def test_of_two_who_publish_at_once_one_wins_every_time(
    address: str, store: Store, processes: ForkServerContext
) -> None:
    with processes.Manager() as manager, ProcessPoolExecutor(2, processes) as pool:
        start = manager.Barrier(2)
        racers = [pool.submit(race, address, name, start, 20) for name in ("A", "B")]
        results = [racer.result(60) for racer in racers]

    assert [sorted(pair) for pair in zip(*results, strict=True)] == [["refused", "won"]] * 20
    assert rows_in(store, edition) == 20


def test_a_mark_need_not_wait_for_a_large_gazetteer(store: Store) -> None:
    big = a_gazetteer(some_streets(20_000))
    publisher = threading.Thread(target=publish, args=(store, big))
    mark = EventDraft(Target("round", "R1"), "started", date(2026, 6, 17), 2026, AT)
    publisher.start()

    marks_in_between = 0
    while publisher.is_alive():
        store.live.record([mark])
        marks_in_between += store.editions.current("gazetteer") is None
        time.sleep(0.02)
    publisher.join()

    assert marks_in_between > 5
    assert store.editions.current("gazetteer") is not None


def rows_in(store: Store, table: object) -> int:
    with store.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)))  # type: ignore[arg-type]
