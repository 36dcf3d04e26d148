"""The status of a verge on a day, rule by rule.

The three cuts are planned for 7-10 April, 8-12 June and 6-10 July 2026. With five working days
of tolerance the deadlines are 17 April, 19 June and 17 July.
"""

from datetime import date

import pytest

from mapsvc.domain import status
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.schedule import Verge
from mapsvc.domain.status import Status, is_quiet_since
from tests.support.grass import (
    APRIL,
    CALENDAR,
    JULY,
    JUNE,
    cut,
    day,
    found,
    mark,
    pause,
    undated,
    verge,
    window,
    withdrawal,
)

RESTING_JUNE = ("1 June", "30 June", "so wild flowers can seed")


# The rules, the first that applies


def test_grass_of_another_keeper_is_elsewhere_even_when_it_rests_and_is_paused() -> None:
    answer = found("9 June", pause("5 June"), grass=verge(rest=RESTING_JUNE), ours=False)

    assert answer.status is Status.ELSEWHERE


def test_inside_the_rest_window_grass_is_resting_even_when_it_is_paused() -> None:
    answer = found("30 June", pause("5 June"), grass=verge(rest=RESTING_JUNE))

    assert answer.status is Status.RESTING
    assert (answer.until, answer.reason) == (day("30 June"), "so wild flowers can seed")


@pytest.mark.parametrize("on", ["31 May", "1 July"])
def test_a_day_before_and_after_the_rest_window_nothing_rests(on: str) -> None:
    assert found(on, grass=verge(rest=RESTING_JUNE)).status is not Status.RESTING


def test_a_paused_verge_is_suspended_before_anything_about_its_cuts() -> None:
    done, paused = mark("done", "9 June"), pause("10 June", reason="flood", until="30 June")

    answer = found("11 June", done, paused)

    assert answer.status is Status.SUSPENDED
    assert (answer.since, answer.until, answer.reason) == (day("10 June"), day("30 June"), "flood")


def test_grass_without_dates_that_was_marked_this_year_is_cut() -> None:
    answer = found("9 June", mark("done", "1 June", None), grass=undated("N/A", frequency="8"))

    assert (answer.status, answer.since, answer.last_cut) == (
        Status.CUT,
        day("1 June"),
        day("1 June"),
    )


def test_a_mark_of_last_year_does_not_make_grass_without_dates_cut_this_year() -> None:
    done = mark("done", "1 June 2025", None)

    answer = found("9 June", done, grass=undated(frequency="8"))

    assert answer.status is Status.ROUTINE
    assert answer.last_cut == day("1 June 2025")


def test_grass_without_dates_whose_newest_mark_is_missed_is_not_cut() -> None:
    events = mark("done", "1 June", None), mark("missed", "2 June", None)

    assert found("9 June", *events, grass=undated(frequency="8")).status is Status.ROUTINE


def test_without_dates_a_frequency_is_a_routine() -> None:
    answer = found("9 June", grass=undated("N/A", frequency="Fortnightly"))

    assert (answer.status, answer.frequency) == (Status.ROUTINE, "Fortnightly")


def test_without_dates_or_frequency_grass_is_unknown_for_the_reason_in_place_of_dates() -> None:
    answer = found("9 June", grass=undated("Contact Parish Council"))

    assert (answer.status, answer.reason) == (Status.UNKNOWN, "Contact Parish Council")


def test_grass_whose_every_cut_falls_into_its_rest_has_no_dates() -> None:
    assert found("9 July", grass=verge(JUNE, rest=RESTING_JUNE)).status is Status.UNKNOWN


def test_before_the_first_cut_grass_is_planned() -> None:
    answer = found("6 April")

    assert answer.status is Status.PLANNED
    assert (answer.cut, answer.window, answer.deadline) == (None, None, None)
    assert answer.next == APRIL.window


def test_more_than_28_days_after_the_last_deadline_the_season_is_over() -> None:
    assert found("14 August", tracked=False).status is Status.UNCONFIRMED
    assert found("15 August", tracked=False).status is Status.SEASON_OVER


def test_the_season_lasts_28_days_from_a_late_done() -> None:
    done = mark("done", "31 July", JULY)

    assert found("28 August", done).status is Status.CUT
    assert found("29 August", done).status is Status.SEASON_OVER
    assert found("29 August", done).was_done


def test_a_season_that_is_over_gives_way_to_the_first_cut_of_the_next() -> None:
    grass = verge(JULY, cut(1, "5 April 2027", "9 April 2027"))

    before, after = (found(on, grass=grass) for on in ("4 April 2027", "5 April 2027"))

    assert (before.status, before.next) == (
        Status.SEASON_OVER,
        window("5 April 2027", "9 April 2027"),
    )
    assert (after.status, after.season, after.cut) == (Status.DUE, 2027, 1)


def test_of_two_cuts_that_start_together_the_later_number_is_current_and_ends_the_season() -> None:
    grass = verge(cut(1, "8 June", "3 July"), cut(2, "22 June", "4 July"), rest=RESTING_JUNE)

    assert found("1 July", grass=grass).cut == 2
    assert found("31 December", grass=grass).status is Status.SEASON_OVER


def test_a_done_makes_the_current_cut_cut_from_its_day() -> None:
    done = mark("done", "10 June")

    assert found("9 June", done).status is Status.DUE
    assert found("10 June", done).status is Status.CUT
    assert found("10 June", done).next == JULY.window


def test_a_cut_that_was_done_early_is_the_current_one() -> None:
    answer = found("3 June", mark("done", "2 June"))

    assert (answer.status, answer.cut, answer.next) == (Status.CUT, 2, JULY.window)


def test_a_missed_cut_is_missed_for_its_reason() -> None:
    answer = found("10 June", mark("missed", "9 June", reason="parked cars"))

    assert (answer.status, answer.reason, answer.since) == (
        Status.MISSED,
        "parked cars",
        day("9 June"),
    )


def test_a_cut_is_delayed_until_its_expected_day_has_passed() -> None:
    delayed = mark("delayed", "9 June", reason="a mower broke down", expected="18 June")

    answer = found("18 June", delayed)

    assert (answer.status, answer.expected) == (Status.DELAYED, day("18 June"))
    assert found("19 June", delayed).status is Status.DUE
    assert found("20 June", delayed).status is Status.LATE


def test_a_delay_without_an_expected_day_goes_on() -> None:
    assert found("1 July", mark("delayed", "9 June")).status is Status.DELAYED


def test_a_start_after_the_delay_ends_it() -> None:
    events = mark("delayed", "9 June"), mark("started", "10 June")

    assert found("11 June", *events).status is Status.UNDER_WAY


def test_a_delay_after_the_start_is_a_delay() -> None:
    events = mark("started", "9 June"), mark("delayed", "9 June")

    assert found("11 June", *events).status is Status.DELAYED


def test_a_delay_alone_does_not_make_a_cut_current() -> None:
    answer = found("1 June", mark("delayed", "1 June"), tracked=False)

    assert (answer.status, answer.cut) == (Status.UNCONFIRMED, 1)


@pytest.mark.parametrize("kind", ["started", "part_done"])
def test_a_cut_that_has_begun_is_under_way_until_its_deadline(kind: str) -> None:
    begun = mark(kind, "9 June")

    assert found("19 June", begun).status is Status.UNDER_WAY
    assert found("19 June", begun).since == day("9 June")
    assert found("20 June", begun).status is Status.LATE


def test_what_is_under_way_is_said_by_the_mark_nearest_to_the_grass() -> None:
    started = mark("started", "9 June"), mark("started", "10 June")
    part = mark("part_done", "11 June", target="verge:v1")

    of_round, of_verge = found("12 June", *started), found("12 June", *started, part)

    assert (of_round.begun, of_round.since) == ("round", day("9 June"))
    assert (of_verge.begun, of_verge.since) == ("part of the verge", day("11 June"))


@pytest.mark.parametrize("on", ["8 June", "12 June", "13 June", "19 June"])
def test_an_unmarked_cut_is_due_from_its_first_day_to_its_deadline(on: str) -> None:
    answer = found(on)

    assert (answer.status, answer.deadline) == (Status.DUE, day("19 June"))


def test_a_window_that_passed_unmarked_reads_late_on_a_tracked_round_and_never_cut() -> None:
    assert found("20 June").status is Status.LATE


def test_a_window_that_passed_unmarked_reads_unconfirmed_on_an_untracked_round() -> None:
    assert found("20 June", tracked=False).status is Status.UNCONFIRMED


# Which events count


def test_a_mark_dated_in_the_future_does_not_count_yet() -> None:
    answer = found("9 June", mark("done", "12 June"), mark("missed", "7 July", JULY))

    assert (answer.status, answer.cut, answer.last_cut) == (Status.DUE, 2, None)


def test_a_withdrawn_mark_never_counts() -> None:
    done = mark("done", "9 June")

    assert found("10 June", done, withdrawal(done)) == found("10 June")


def test_a_mark_of_the_round_inside_the_rest_window_does_not_count() -> None:
    grass = verge(APRIL, cut(2, "25 May", "5 July"), rest=RESTING_JUNE)
    second = grass.programme[1]

    for kind in ("done", "started", "part_done"):
        assert found("2 July", mark(kind, "9 June", second), grass=grass).status is Status.DUE


def test_a_mark_of_the_verge_itself_inside_its_rest_window_counts() -> None:
    grass = verge(APRIL, cut(2, "25 May", "5 July"), rest=RESTING_JUNE)

    answer = found("2 July", mark("done", "9 June", target="verge:v1"), grass=grass)

    assert (answer.status, answer.last_cut) == (Status.CUT, day("9 June"))


def test_a_missed_mark_of_the_round_inside_the_rest_window_counts() -> None:
    grass = verge(APRIL, cut(2, "25 May", "5 July"), rest=RESTING_JUNE)

    assert found("2 July", mark("missed", "9 June"), grass=grass).status is Status.MISSED


def test_a_done_for_a_cut_that_the_rest_dropped_is_still_the_last_cut() -> None:
    grass = verge(rest=RESTING_JUNE)

    answer = found("2 July", mark("done", "9 June", target="verge:v1"), grass=grass)

    assert (answer.cut, answer.last_cut) == (1, day("9 June"))


# Verdicts


def test_the_most_specific_level_decides_whatever_came_later() -> None:
    on_verge = mark("missed", "9 June", target="verge:v1")
    on_street = mark("done", "10 June", target="street:s1")
    on_round = mark("missed", "11 June")

    assert found("12 June", on_verge, on_street, on_round).status is Status.MISSED
    assert found("12 June", on_street, on_round).status is Status.CUT
    assert found("12 June", on_round).status is Status.MISSED


def test_within_a_level_the_newest_day_decides_then_the_order_of_recording() -> None:
    later = mark("done", "10 June")
    recorded_last = mark("missed", "9 June")
    same_day = mark("missed", "10 June")

    assert found("12 June", later, recorded_last).status is Status.CUT
    assert found("12 June", later, same_day).status is Status.MISSED
    assert found("12 June", same_day, later).status is Status.MISSED


def test_the_last_cut_is_the_newest_done_that_won_in_any_season() -> None:
    last_year = mark("done", "9 September 2025", cut(6, "9 September 2025"))
    lost = mark("done", "8 April", APRIL)
    won = mark("missed", "8 April", APRIL, target="verge:v1")

    answer = found("10 June", last_year, lost, won)

    assert answer.last_cut == day("9 September 2025")


def test_the_last_cut_and_the_next_are_given_whatever_the_status() -> None:
    events = mark("done", "8 April", APRIL), pause("5 June")

    for answer in (found("9 June", *events), found("9 June", *events, ours=False)):
        assert (answer.last_cut, answer.next) == (day("8 April"), JULY.window)


# Rest windows and cuts


def test_a_cut_inside_the_rest_window_is_dropped() -> None:
    answer = found("1 July", grass=verge(rest=RESTING_JUNE))

    assert (answer.cut, answer.next) == (1, JULY.window)


def test_a_cut_that_begins_inside_the_rest_window_begins_on_the_day_after_it() -> None:
    grass = verge(APRIL, cut(2, "29 June", "3 July"), rest=RESTING_JUNE)

    assert found("30 June", grass=grass).next == window("1 July", "3 July")
    assert found("1 July", grass=grass).window == window("1 July", "3 July")


def test_a_cut_that_ends_inside_the_rest_window_keeps_its_dates() -> None:
    grass = verge(APRIL, cut(2, "25 May", "5 June"), rest=RESTING_JUNE)

    assert found("31 May", grass=grass).window == window("25 May", "5 June")


# Pauses


@pytest.mark.parametrize(
    ("on", "status"),
    [("4 June", Status.UNCONFIRMED), ("5 June", Status.SUSPENDED), ("30 June", Status.SUSPENDED)],
)
def test_a_pause_holds_from_its_day_to_its_last(on: str, status: Status) -> None:
    paused = pause("5 June", until="30 June")

    assert found(on, paused, tracked=False).status is status


def test_after_the_last_day_of_a_pause_it_is_over() -> None:
    assert found("1 July", pause("5 June", until="30 June")).status is not Status.SUSPENDED


def test_a_resumption_of_a_verge_or_street_lifts_every_wider_pause() -> None:
    for wide in ("all", "place:Little Example", "kind:urban", "round:R1", "street:s1"):
        ended = pause("8 June", kind="resumed", target="verge:v1")

        assert found("8 June", pause("5 June", target=wide), ended).status is Status.DUE, wide
        assert found("7 June", pause("5 June", target=wide), ended).status is Status.SUSPENDED


@pytest.mark.parametrize("target", ["round:R1", "kind:urban", "place:Little Example"])
def test_a_resumption_of_a_round_kind_or_place_lifts_its_own_pauses_and_those_of_all(
    target: str,
) -> None:
    wider_and_narrower = {
        "round:R1": ("kind:urban", "place:Little Example", "street:s1", "verge:v1"),
        "kind:urban": ("place:Little Example", "round:R1", "street:s1", "verge:v1"),
        "place:Little Example": ("kind:urban", "round:R1", "street:s1", "verge:v1"),
    }
    ended = pause("8 June", kind="resumed", target=target)

    assert found("8 June", pause("5 June", target="all"), ended).status is Status.DUE
    assert found("8 June", pause("5 June", target=target), ended).status is Status.DUE
    for other in wider_and_narrower[target]:
        answer = found("8 June", pause("5 June", target=other), ended)

        assert answer.status is Status.SUSPENDED, other


def test_a_resumption_of_everything_lifts_the_pauses_of_everything_alone() -> None:
    larks, everything = pause("1 May"), pause("5 June", target="all")
    ended = pause("8 June", kind="resumed", target="all")

    answer = found("9 June", larks, everything, ended)

    assert (answer.status, answer.since) == (Status.SUSPENDED, day("1 May"))


def test_a_resumption_of_one_street_leaves_the_pause_of_another_that_the_grass_lies_on() -> None:
    paused = pause("5 June", target="street:s2")
    ended = pause("8 June", target="street:s1", kind="resumed")

    assert found("9 June", paused, ended).status is Status.SUSPENDED


def test_a_pause_that_is_newer_than_the_resumption_holds() -> None:
    events = pause("5 June", kind="resumed"), pause("6 June", target="place:Little Example")
    same_day = pause("5 June", kind="resumed"), pause("5 June")

    assert found("9 June", *events).status is Status.SUSPENDED
    assert found("9 June", *same_day).status is Status.SUSPENDED
    assert found("9 June", *reversed(same_day)).status is Status.SUSPENDED


def test_a_resumption_recorded_after_the_pause_of_its_day_lifts_it_from_the_first_day() -> None:
    paused, ended = pause("5 June"), pause("5 June", kind="resumed")

    assert found("5 June", paused, ended).status is not Status.SUSPENDED


def test_a_changed_pause_keeps_its_place_in_the_order_of_recording() -> None:
    first, ended = pause("5 June"), pause("5 June", kind="resumed")
    changed = pause("5 June", until="30 June", instead_of=first.id)

    answer = found("9 June", first, ended, withdrawal(first), changed)

    assert answer.status is not Status.SUSPENDED


def test_a_newer_pause_that_has_ended_leaves_an_older_one() -> None:
    events = pause("1 June"), pause("2 June", until="4 June", target="all")

    assert found("9 June", *events).status is Status.SUSPENDED


def test_the_pause_that_lasts_longest_is_told_then_the_earliest_then_the_first_recorded() -> None:
    short = pause("1 May", until="30 June", reason="larks")
    long = pause("8 June", target="all", reason="mud")
    as_long = pause("5 June", target="kind:urban", until="31 December", reason="works")
    same = pause("5 June", target="place:Little Example", reason="fair")

    answer = found("9 June", long, short, as_long, same)

    assert (answer.since, answer.until, answer.reason) == (
        day("5 June"),
        day("31 December"),
        "works",
    )
    assert [layer.reason for layer in answer.paused] == ["works", "fair", "mud", "larks"]


def test_a_pause_without_an_end_ends_with_the_year_of_its_first_day() -> None:
    paused = pause("5 June")

    assert found("31 December", paused).status is Status.SUSPENDED
    assert found("1 January 2027", paused).status is not Status.SUSPENDED


def test_a_pause_with_an_end_holds_over_new_year() -> None:
    paused = pause("18 December", until="31 January 2027")

    assert found("1 January 2027", paused).status is Status.SUSPENDED
    assert found("31 January 2027", paused).status is Status.SUSPENDED
    assert found("1 February 2027", paused).status is not Status.SUSPENDED


def test_a_pause_of_days_to_come_is_announced_and_changes_no_status() -> None:
    to_come = pause("19 June", until="30 June", reason="a street fair")

    answer = found("9 June", to_come)

    assert answer.status is Status.DUE
    assert [(one.since, one.until) for one in answer.announced] == [
        (day("19 June"), day("30 June"))
    ]
    assert found("19 June", to_come).announced == ()


def test_a_pause_to_come_that_is_lifted_before_it_begins_is_not_announced() -> None:
    to_come, lifted = pause("19 June"), pause("19 June", kind="resumed")

    assert found("9 June", to_come, lifted).announced == ()


def test_a_resumption_of_a_day_to_come_is_known_to_the_words_alone() -> None:
    paused, to_come = pause("5 June", until="30 June"), pause("22 June", kind="resumed")

    answer = found("9 June", paused, to_come)

    assert (answer.until, answer.paused[0].goes_on) == (day("30 June"), day("22 June"))


def test_resting_grass_knows_its_pauses_and_grass_of_others_none() -> None:
    grass, paused = verge(rest=RESTING_JUNE), pause("5 June", until="31 July")

    resting, elsewhere = (found("9 June", paused, grass=grass, ours=ours) for ours in (True, False))

    assert [layer.until for layer in resting.paused] == [day("31 July")]
    assert elsewhere.paused == ()


def test_a_window_that_pauses_cover_is_not_open() -> None:
    paused, to_come = pause("5 June", until="30 June"), pause("1 July", until="10 July")

    answer = found("9 June", paused, to_come)

    assert not answer.is_open_in(window("6 July", "10 July"))
    assert answer.is_open_in(window("6 July", "11 July"))
    assert found("9 June", paused).is_open_in(window("6 July", "10 July"))


@pytest.mark.parametrize("kind", ["done", "started", "part_done"])
def test_a_mark_of_the_round_says_nothing_of_grass_that_was_paused_before(kind: str) -> None:
    water_main = pause("5 June", target="street:s1", until="14 June")

    round_alone = found("15 June", water_main, mark(kind, "10 June"))
    of_street = found("15 June", water_main, mark(kind, "10 June", target="street:s1"))
    same_day = found("15 June", pause("10 June", until="14 June"), mark(kind, "10 June"))

    assert (round_alone.status, round_alone.last_cut) == (Status.DUE, None)
    assert of_street.status is not Status.DUE
    assert same_day.status is not Status.DUE


def test_a_round_mark_of_the_day_on_which_the_pause_ended_counts() -> None:
    paused, ended = pause("5 June"), pause("10 June", kind="resumed")

    assert found("10 June", paused, mark("done", "10 June"), ended).status is Status.CUT


def test_a_missed_of_the_round_counts_for_paused_grass() -> None:
    paused = pause("5 June", target="street:s1", until="12 June")

    assert found("15 June", paused, mark("missed", "10 June")).status is Status.MISSED


# Deadlines


def test_the_deadline_skips_bank_holidays() -> None:
    grass = verge(cut(1, "30 March", "2 April"))

    answer = found("30 March", grass=grass)

    # Good Friday and Easter Monday, 3 and 6 April, are no working days.
    assert answer.deadline == day("13 April")


def test_the_deadline_skips_paused_days() -> None:
    paused = pause("10 June", until="16 June")

    assert found("17 June", paused).deadline == day("26 June")
    assert found("22 June", paused).status is Status.DUE


def test_a_deadline_before_a_pause_was_recorded_does_not_know_of_it() -> None:
    assert found("9 June", pause("10 June", until="16 June")).deadline == day("19 June")


def test_a_pause_without_an_end_moves_the_deadline_into_the_next_year() -> None:
    answer = found("2 July", pause("10 June"))

    # Two working days came before the pause; the other eight follow New Year's Day.
    assert answer.deadline == day("13 January 2027")


def test_a_deadline_outlasts_pauses_of_several_years() -> None:
    pauses = [pause(f"1 January {year}") for year in (2026, 2027, 2028)]

    answer = found("1 June 2029", *pauses, grass=verge(cut(1, "8 June", "12 June")))

    assert answer.deadline == day("15 January 2029")
    assert answer.status is Status.SEASON_OVER


def test_without_tolerance_the_deadline_is_the_last_working_day_of_the_window() -> None:
    grass = verge(cut(1, "8 June", "14 June"))

    assert found("8 June", grass=grass, tolerance=0).deadline == day("12 June")


def test_a_window_without_a_working_day_or_tolerance_has_its_end_as_deadline() -> None:
    grass = verge(cut(1, "13 June", "14 June"))

    assert found("13 June", grass=grass, tolerance=0).deadline == day("14 June")


# Outstanding


def test_earlier_cuts_of_the_season_without_a_verdict_are_outstanding() -> None:
    assert found("7 July").outstanding == (1, 2)
    assert found("7 July", mark("missed", "9 June")).outstanding == (1,)
    assert found("7 July", mark("started", "9 June")).outstanding == (1, 2)


def test_nothing_is_outstanding_on_untracked_rounds_or_of_another_season() -> None:
    grass = verge(JULY, cut(1, "5 April 2027", "9 April 2027"))

    assert found("7 July", tracked=False).outstanding == ()
    assert found("6 April 2027", grass=grass).outstanding == ()


# A council gone quiet


def test_a_service_is_quiet_once_ten_working_days_have_passed_since_its_newest_event() -> None:
    # After Monday 8 June, Friday 19 June is the ninth working day and Monday 22 June the tenth.
    assert not is_quiet_since(day("8 June"), day("19 June"), CALENDAR)
    assert not is_quiet_since(day("8 June"), day("21 June"), CALENDAR)
    assert is_quiet_since(day("8 June"), day("22 June"), CALENDAR)


def test_a_service_that_was_never_heard_of_is_quiet() -> None:
    assert is_quiet_since(None, date(2026, 6, 8), CALENDAR)


def test_a_verge_of_which_nothing_is_known_is_unknown() -> None:
    assert found("9 June", grass=Verge(id="v9")).status is Status.UNKNOWN


def test_a_service_may_be_quiet_later_than_after_ten_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "QUIET_AFTER_WORKING_DAYS", 15)
    newest = date(2026, 6, 1)

    assert not status.is_quiet_since(newest, date(2026, 6, 19), Calendar())
    assert status.is_quiet_since(newest, date(2026, 6, 22), Calendar())
