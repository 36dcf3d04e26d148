"""The sentences that residents read. The first table is the design's table of tone."""

from datetime import UTC, date, datetime

import pytest

from mapsvc.domain.events import Event
from mapsvc.domain.schedule import Verge
from mapsvc.domain.status import Status, VergeStatus
from mapsvc.domain.streets import Keeper
from mapsvc.domain.wording import (
    LABELS,
    LANGUAGES,
    Voice,
    day_in,
    label,
    named_sentence,
    recorded,
    sentence,
    span,
    when,
)
from tests.support.grass import (
    APRIL,
    JULY,
    JUNE,
    YEAR,
    cut,
    found,
    mark,
    pause,
    undated,
    verge,
    window,
)

PARISH = Keeper(
    "LE", "Little Example Parish Council", kind="parish", ours=False, phone="01632 960001"
)
COUNCIL = Voice(Keeper("EC", "Exampleshire County Council"), "01632 960000")
SEPTEMBER = cut(6, "14 September", "18 September")


def said(answer: VergeStatus, voice: Voice = COUNCIL) -> str:
    return sentence(answer, voice)


# The table of tone


def test_elsewhere() -> None:
    assert said(found("9 June", ours=False), Voice(PARISH)) == (
        "Little Example Parish Council looks after this grass. We do not hold its cutting dates. "
        "Contact the clerk on 01632 960001."
    )


def test_resting() -> None:
    grass = verge(rest=("1 May", "30 June", "so wild flowers can seed"))

    assert said(found("9 June", grass=grass)) == (
        "We are leaving this grass to grow until Tuesday 30 June so wild flowers can seed. "
        "We plan to cut it between Monday 6 and Friday 10 July."
    )


def test_suspended_until_a_day() -> None:
    paused = pause("5 June", reason="the ground is waterlogged", until="30 June")

    assert said(found("9 June", paused)) == (
        "We paused cutting here on Friday 5 June because the ground is waterlogged. "
        "The pause runs to Tuesday 30 June."
    )


def test_suspended_without_an_end() -> None:
    assert said(found("9 June", pause("5 June", reason="the ground is waterlogged"))) == (
        "We paused cutting here on Friday 5 June because the ground is waterlogged. "
        "We do not have a restart date yet."
    )


def test_unknown() -> None:
    assert said(found("9 June", grass=undated("Contact Parish Council"))) == (
        "We do not have cutting dates for this grass. "
        'Our schedule says "Contact Parish Council". Call us on 01632 960000.'
    )


def test_routine() -> None:
    grass = undated(frequency="every 15 working days from March to October")

    assert said(found("9 June", grass=grass)) == (
        "We usually cut this grass every 15 working days from March to October. "
        "We do not publish dates."
    )


def test_planned() -> None:
    assert said(found("1 April")) == (
        "We plan to make this year's first cut between Tuesday 7 and Friday 10 April. "
        "Wet weather can change this."
    )


def test_cut() -> None:
    answer = found("17 June", mark("done", "10 June"), grass=verge(JUNE, JULY))

    assert said(answer) == (
        "Our crew marked this grass as cut on Wednesday 10 June. "
        "The next cut is planned between Monday 6 and Friday 10 July."
    )


def test_missed() -> None:
    missed = mark("missed", "9 June", reason="vehicles were parked on it")

    assert said(found("17 June", missed, grass=verge(JUNE, JULY))) == (
        "We could not cut this grass on Tuesday 9 June because vehicles were parked on it. "
        "The next cut is planned between Monday 6 and Friday 10 July."
    )


def test_delayed() -> None:
    delayed = mark("delayed", "9 June", reason="a mower broke down", expected="26 June")

    assert said(found("17 June", delayed, grass=verge(JUNE, JULY))) == (
        "The cut planned for Monday 8 to Friday 12 June is delayed because a mower broke down. "
        "We now expect to cut by Friday 26 June."
    )


def test_due_within_the_window() -> None:
    assert said(found("9 June", grass=verge(JUNE, JULY))) == (
        "We plan to cut this grass between Monday 8 and Friday 12 June."
    )


def test_due_after_the_window_on_a_tracked_round() -> None:
    assert said(found("17 June", grass=verge(JUNE, JULY))) == (
        "This cut was planned for Monday 8 to Friday 12 June and has not been marked as done. "
        "We aim to do it by Friday 19 June."
    )


def test_due_after_the_window_on_an_untracked_round() -> None:
    assert said(found("17 June", tracked=False)) == (
        "We planned to cut this grass between Monday 8 and Friday 12 June, "
        "and aim to have done so by Friday 19 June."
    )


def test_under_way() -> None:
    answer = found("10 June", mark("started", "9 June"), grass=verge(JUNE, JULY))

    assert said(answer) == (
        "We started this round on Tuesday 9 June. Your street may be done or still to come. "
        "We aim to finish by Friday 19 June."
    )


def test_late() -> None:
    assert said(found("22 June", grass=verge(JUNE, JULY))) == (
        "This cut is running late. It was planned for Monday 8 to Friday 12 June and has not been "
        "marked as done. You only need to report it if it blocks a view or a path."
    )


def test_unconfirmed() -> None:
    assert said(found("22 June", tracked=False)) == (
        "We planned to cut this grass between Monday 8 and Friday 12 June. We do not mark each "
        "cut on this map, so it cannot show whether this one is done. "
        "The next is planned between Monday 6 and Friday 10 July."
    )


def test_season_over_after_a_done() -> None:
    answer = found("2 November", mark("done", "15 September", SEPTEMBER), grass=verge(SEPTEMBER))

    assert said(answer) == (
        "No more cuts are planned here this year. "
        "The last was marked as done on Tuesday 15 September."
    )


def test_season_over_without_a_done() -> None:
    assert said(found("2 November", grass=verge(SEPTEMBER))) == (
        "No more cuts are planned here this year. "
        "The last was planned for Monday 14 to Friday 18 September and was not marked as done."
    )


# The same statuses in other situations


@pytest.mark.parametrize(
    ("keeper", "who", "contact"),
    [
        (
            Keeper("NH", "National Highways", ours=False, phone="0300 123 5000"),
            "National Highways",
            " Contact them on 0300 123 5000.",
        ),
        (
            Keeper("D", "Example District Council", ours=False, url="https://example.org/grass"),
            "Example District Council",
            " Contact them at https://example.org/grass.",
        ),
        (Keeper("P", " ", kind="private", ours=False), "Another organisation", ""),
    ],
)
def test_a_keeper_is_named_with_the_way_to_reach_it(keeper: Keeper, who: str, contact: str) -> None:
    assert said(found("9 June", ours=False), Voice(keeper)) == (
        f"{who} looks after this grass. We do not hold its cutting dates.{contact}"
    )


def test_a_street_without_verges_has_no_grass_on_record() -> None:
    answer = found("9 June", grass=Verge(id=""))

    assert said(answer, Voice(COUNCIL.keeper, "01632 960000", has_verges=False)) == (
        "We have no record of grass that we cut here. Call us on 01632 960000."
    )


def test_resting_grass_that_is_not_cut_again_promises_nothing() -> None:
    grass = verge(JUNE, rest=("1 June", "30 June", ""))

    assert said(found("9 June", grass=grass)) == (
        "We are leaving this grass to grow until Tuesday 30 June."
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("No Mow May", "until Sunday 31 May because of No Mow May."),
        ("So wild flowers can seed.", "until Sunday 31 May so wild flowers can seed."),
        ("to help bees", "until Sunday 31 May to help bees."),
    ],
)
def test_grass_rests_for_a_reason_in_any_form(reason: str, words: str) -> None:
    assert words in said(found("9 May", grass=verge(rest=("1 May", "31 May", reason))))


def test_grass_without_dates_can_be_paused() -> None:
    assert said(found("9 June", pause("5 June", until="9 June"), grass=undated())) == (
        "We paused cutting here on Friday 5 June. The pause runs to Tuesday 9 June."
    )


def test_an_unknown_verge_without_reason_or_phone_says_only_that() -> None:
    assert said(found("9 June", grass=undated()), Voice(COUNCIL.keeper)) == (
        "We do not have cutting dates for this grass."
    )


def test_what_a_schedule_says_keeps_its_quotation_marks_and_stops_apart() -> None:
    answer = found("9 June", grass=undated('See "Note 3".\nThen call.'))

    assert "Our schedule says \"See 'Note 3'. Then call\"." in said(answer)


@pytest.mark.parametrize(
    ("frequency", "words"),
    [
        ("Fortnightly", "We usually cut this grass fortnightly."),
        ("8", "We usually cut this grass 8 times a year."),
        ("6 cuts a year", "We usually cut this grass 6 times a year."),
        ("Twice a year", "We usually cut this grass twice a year."),
        ("Urban programme", 'We usually cut this grass as our schedule says: "Urban programme".'),
        ("0", 'We usually cut this grass as our schedule says: "0".'),
    ],
)
def test_a_frequency_is_said_in_a_sentence(frequency: str, words: str) -> None:
    answer = found("9 June", grass=undated(frequency=frequency))

    assert said(answer) == f"{words} We do not publish dates."


def test_the_first_cut_of_next_year_is_not_this_years() -> None:
    grass = verge(cut(1, "5 April 2027", "9 April 2027"))

    assert said(found("1 December", grass=grass)) == (
        "We plan to make the first cut of 2027 between Monday 5 and Friday 9 April 2027. "
        "Wet weather can change this."
    )


def test_after_a_cut_marked_before_there_were_dates_none_is_called_the_first() -> None:
    assert said(found("1 April", mark("done", "20 March", None))).startswith(
        "We plan to cut this grass between Tuesday 7 and Friday 10 April."
    )


def test_a_last_cut_that_is_done_says_that_no_more_are_planned() -> None:
    assert said(found("8 July", mark("done", "7 July", JULY), grass=verge(JULY))) == (
        "Our crew marked this grass as cut on Tuesday 7 July. "
        "No more cuts are planned here this year."
    )


def test_in_january_last_years_cut_says_nothing_of_this_year() -> None:
    december = cut(9, "14 December", "18 December")

    answer = found("8 January 2027", mark("done", "16 December", december), grass=verge(december))

    assert said(answer) == "Our crew marked this grass as cut on Wednesday 16 December 2026."


def test_grass_without_dates_promises_nothing_after_its_cut() -> None:
    assert said(found("8 June", mark("done", "5 June", None), grass=undated())) == (
        "Our crew marked this grass as cut on Friday 5 June."
    )


def test_a_missed_last_cut_says_that_no_more_are_planned() -> None:
    assert said(found("8 July", mark("missed", "7 July", JULY), grass=verge(JULY))) == (
        "We could not cut this grass on Tuesday 7 July. No more cuts are planned here this year."
    )


def test_a_missed_cut_with_a_new_day_does_not_say_that_no_more_are_planned() -> None:
    missed = mark("missed", "7 July", JULY, reason="wet weather", expected="14 July")

    assert said(found("8 July", missed, grass=verge(JULY))) == (
        "We could not cut this grass on Tuesday 7 July because of wet weather. "
        "We now expect to cut by Tuesday 14 July."
    )
    assert "expect" not in said(found("15 July", missed, grass=verge(JULY)))


def test_a_delay_without_a_new_day_says_so() -> None:
    assert said(found("9 June", mark("delayed", "9 June"), grass=verge(JUNE))) == (
        "The cut planned for Monday 8 to Friday 12 June is delayed. We do not have a new date yet."
    )


def test_a_cut_of_one_day_is_due_on_it() -> None:
    grass = verge(cut(1, "9 June"))

    assert said(found("9 June", grass=grass)) == "We plan to cut this grass on Tuesday 9 June."
    assert said(found("10 June", grass=grass)).startswith(
        "This cut was planned for Tuesday 9 June and has not"
    )


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        ("part_done", "round:R1", "We started this round on Tuesday 9 June. Your street may be "),
        ("started", "street:s1", "We started work on this street on Tuesday 9 June. "),
        ("started", "verge:v1", "We started work on this grass on Tuesday 9 June. "),
        ("part_done", "verge:v1", "Our crew marked part of this grass as done on Tuesday 9 June. "),
        ("part_done", "street:s1", "Our crew marked part of this street as done on Tuesday 9 June"),
    ],
)
def test_what_has_begun_is_no_more_than_what_was_marked(kind: str, target: str, words: str) -> None:
    answer = found("10 June", mark(kind, "9 June", target=target), grass=verge(JUNE))

    assert said(answer).startswith(words)
    assert said(answer).endswith(" We aim to finish by Friday 19 June.")


def test_outstanding_cuts_are_named_at_the_end() -> None:
    assert said(found("9 June")).endswith("Cut 1 of this year has not been marked as done.")
    assert said(found("7 July")).endswith("Cuts 1 and 2 of this year have not been marked as done.")
    assert said(
        found("7 July", grass=verge(*YEAR[:2], cut(3, "29 June"), cut(4, "6 July")))
    ).endswith("Cuts 1, 2 and 3 of this year have not been marked as done.")


def test_outstanding_cuts_of_last_year_are_not_this_years() -> None:
    grass = verge(cut(8, "7 December"), cut(9, "31 December"))

    assert said(found("4 January 2027", grass=grass)).endswith(
        "Cut 8 of 2026 has not been marked as done."
    )


def test_in_january_a_season_that_is_over_is_last_years() -> None:
    grass = verge(SEPTEMBER, cut(1, "5 April 2027", "9 April 2027"))

    assert said(found("4 January 2027", grass=grass)) == (
        "The cuts planned here for 2026 are over. The last was planned for "
        "Monday 14 to Friday 18 September 2026 and was not marked as done. "
        "The next cut is planned between Monday 5 and Friday 9 April."
    )


def test_in_autumn_a_season_that_is_over_names_next_years_first_cut() -> None:
    grass = verge(SEPTEMBER, cut(1, "5 April 2027", "9 April 2027"))

    assert said(found("2 November", grass=grass)).endswith(
        "The next cut is planned between Monday 5 and Friday 9 April 2027."
    )


@pytest.mark.parametrize(
    "reason", ["<script>alert(1)</script>", "${x} {0}", "wet ground and rain " * 100, "%s"]
)
def test_a_reason_is_given_as_it_was_written_and_never_run(reason: str) -> None:
    words = said(found("9 June", pause("5 June", reason=reason)))

    assert f" because of {' '.join(reason.split())}. We do not" in words


# Dates


@pytest.mark.parametrize(
    ("start", "end", "year", "words"),
    [
        ("8 June", "12 June", 2026, "Monday 8 to Friday 12 June"),
        ("29 June", "3 July", 2026, "Monday 29 June to Friday 3 July"),
        ("9 June", "9 June", 2026, "Tuesday 9 June"),
        ("9 June", "9 June", 2027, "Tuesday 9 June 2026"),
        ("8 June", "12 June", 2027, "Monday 8 to Friday 12 June 2026"),
        ("29 June", "3 July", 2025, "Monday 29 June to Friday 3 July 2026"),
        ("28 December", "8 January 2027", 2026, "Monday 28 December to Friday 8 January 2027"),
        ("28 December", "8 January 2027", 2027, "Monday 28 December 2026 to Friday 8 January"),
        ("8 June", "11 June 2027", 2026, "Monday 8 June to Friday 11 June 2027"),
    ],
)
def test_a_span_says_month_and_year_once(start: str, end: str, year: int, words: str) -> None:
    assert span(window(start, end), year, "to") == words


def test_a_window_of_one_day_is_on_it_and_a_longer_one_between() -> None:
    assert when(window("9 June"), 2026) == "on Tuesday 9 June"
    assert when(window("8 June", "12 June"), 2026) == "between Monday 8 and Friday 12 June"


def test_a_day_names_its_year_only_where_it_is_another() -> None:
    assert day_in(2026, date(2026, 6, 9)) == "Tuesday 9 June"
    assert day_in(2025, date(2026, 6, 9)) == "Tuesday 9 June 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "clock"),
    [
        (14, 5, "2:05pm"),
        (0, 5, "12:05am"),
        (12, 5, "12:05pm"),
        (9, 0, "9:00am"),
        (23, 59, "11:59pm"),
        (12, 0, "midday"),
        (0, 0, "midnight"),
    ],
)
def test_the_records_time_is_on_a_twelve_hour_clock(hour: int, minute: int, clock: str) -> None:
    as_at = datetime(2026, 6, 17, hour, minute, tzinfo=UTC)

    assert recorded(as_at) == f"Recorded as of {clock} on Wednesday 17 June 2026."


def test_the_whole_sentence_names_street_place_and_stretch_and_closes_with_the_record() -> None:
    as_at = datetime(2026, 6, 17, 14, 5, tzinfo=UTC)

    named = named_sentence("Main Street, Little Example", "north side", "It is due.")

    assert f"{named} {recorded(as_at)}" == (
        "Main Street, Little Example (north side): It is due. "
        "Recorded as of 2:05pm on Wednesday 17 June 2026."
    )


# Languages and labels


def test_every_status_has_its_own_label_and_sentence() -> None:
    assert set(LABELS) == set(Status)
    assert len(set(LABELS.values())) == len(Status)
    assert label(Status.DUE) == "Due"


def test_a_language_without_a_table_reads_english() -> None:
    assert LANGUAGES == ("en",)
    assert label(Status.LATE, "cy") == "Running late"


# Pauses of days to come, and windows that pauses cover


APRIL_DONE = (mark("done", "8 April", APRIL),)


def test_a_pause_to_come_is_told_after_the_sentence() -> None:
    to_come = pause("19 June", until="30 June", reason="a street fair")

    assert said(found("10 June", *APRIL_DONE, mark("done", "10 June"), to_come)) == (
        "Our crew marked this grass as cut on Wednesday 10 June. The next cut is planned between "
        "Monday 6 and Friday 10 July. Cutting will pause here from Friday 19 June to Tuesday "
        "30 June because of a street fair."
    )


def test_no_aim_lies_in_a_pause_to_come() -> None:
    assert said(found("15 June", *APRIL_DONE, pause("19 June"))) == (
        "This cut was planned for Monday 8 to Friday 12 June and has not been marked as done. "
        "Cutting will pause here from Friday 19 June."
    )


@pytest.mark.parametrize(
    ("on", "events", "words"),
    [
        ("1 April", (pause("6 April", until="30 April"),), "We planned to make this year's first"),
        ("10 June", (mark("done", "10 June"), pause("1 July")), "The next cut was planned between"),
        ("24 June", (mark("done", "10 June"), pause("1 July")), "The next cut was planned between"),
    ],
)
def test_a_window_that_a_pause_covers_is_told_as_what_was_planned(
    on: str, events: tuple[Event, ...], words: str
) -> None:
    text = said(found(on, *events))

    assert words in text
    assert "when cutting is paused." in text
    assert "plan to" not in text


def test_resting_grass_promises_no_window_that_its_pause_covers() -> None:
    grass = verge(rest=("1 May", "30 June", "so wild flowers can seed"))
    paused = pause("5 June", until="31 July", reason="the ground is waterlogged")

    assert said(found("9 June", paused, grass=grass)) == (
        "We are leaving this grass to grow until Tuesday 30 June so wild flowers can seed. "
        "Cutting here is paused as well because the ground is waterlogged. The pause runs to "
        "Friday 31 July. We planned to cut it between Monday 6 and Friday 10 July, when cutting "
        "is paused."
    )


def test_a_pause_that_ends_before_the_rest_changes_no_word() -> None:
    grass = verge(rest=("1 May", "30 June", "so wild flowers can seed"))

    assert said(found("9 June", pause("5 June", until="12 June"), grass=grass)) == said(
        found("9 June", grass=grass)
    )


def test_a_resumption_of_a_day_to_come_ends_the_pause_in_words() -> None:
    events = pause("5 June", until="30 June"), pause("22 June", kind="resumed")

    assert said(found("9 June", *events)).endswith("The pause runs to Sunday 21 June.")


def test_a_second_pause_is_announced_only_where_it_lasts_longer() -> None:
    paused = pause("5 June", until="30 June")

    assert "will pause" not in said(found("9 June", paused, pause("12 June", until="20 June")))
    assert "from Wednesday 1 July" in said(found("9 June", paused, pause("1 July")))
