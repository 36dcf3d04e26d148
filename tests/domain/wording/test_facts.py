"""The rows under a sentence, the label beside it, and where on the street it is true."""

import pytest

from mapsvc.domain.events import Event
from mapsvc.domain.status import Status
from mapsvc.domain.streets import Keeper
from mapsvc.domain.wording import Voice, facts, label, label_of, sentence, stretches_in_words
from tests.support.grass import JULY, JUNE, cut, found, mark, pause, undated, verge

SEPTEMBER = cut(4, "14 September", "18 September")
GRASS = verge(JUNE, JULY, SEPTEMBER)
COUNCIL = Voice(Keeper("EC", "Exampleshire County Council"))
IN_JULY, IN_SEPTEMBER = (
    "Between Monday 6 and Friday 10 July",
    "Between Monday 14 and Friday 18 September",
)


def rows(on: str, *events: Event, **more: object) -> dict[str, str]:
    return dict(facts(found(on, *events, **{"grass": GRASS, **more})))  # type: ignore[arg-type]


DELAYED = mark("delayed", "9 June", expected="26 June")
MISSED = mark("missed", "9 June", expected="26 June")


@pytest.mark.parametrize(
    ("on", "events", "this"),
    [
        ("9 June", [], "and we aim to do it by Friday 19 June"),
        ("17 June", [], "and we aim to do it by Friday 19 June"),
        ("10 June", [mark("started", "9 June")], "and we aim to do it by Friday 19 June"),
        ("22 June", [], "and we aimed to do it by Friday 19 June"),
        ("17 June", [DELAYED], "now expected by Friday 26 June"),
        ("17 June", [mark("delayed", "9 June")], "no new date yet"),
        ("17 June", [MISSED], "now expected by Friday 26 June"),
    ],
)
def test_this_cut_is_the_one_that_the_sentence_speaks_of(
    on: str, events: list[Event], this: str
) -> None:
    said = rows(on, *events)

    assert said["This cut"] == f"Planned for Monday 8 to Friday 12 June, {this}"
    assert said["The cut after"] == IN_JULY
    assert "Monday 8" in sentence(found("17 June", grass=GRASS), COUNCIL)


def test_a_cut_that_is_done_says_when_and_which_comes_after() -> None:
    assert rows("17 June", mark("done", "10 June")) == {
        "This cut": "Planned for Monday 8 to Friday 12 June",
        "Last marked": "Cut on Wednesday 10 June 2026",
        "The cut after": IN_JULY,
    }


def test_before_the_first_cut_it_is_the_one_that_is_planned() -> None:
    assert rows("1 July", grass=verge(JULY, SEPTEMBER)) == {
        "This cut": IN_JULY,
        "The cut after": IN_SEPTEMBER,
    }


def test_grass_left_to_grow_speaks_of_the_cut_after_the_rest() -> None:
    grass = verge(JUNE, JULY, SEPTEMBER, rest=("1 June", "30 June", ""))

    assert rows("9 June", grass=grass) == {"This cut": IN_JULY, "The cut after": IN_SEPTEMBER}


def test_paused_grass_has_a_row_for_each_pause() -> None:
    mud = pause("5 June", target="all", reason="the ground is waterlogged", until="30 June")
    nest = pause("1 June", reason="skylarks are nesting")

    status = found("9 June", mud, nest, grass=GRASS)

    assert [tuple(fact) for fact in facts(status)] == [
        ("Paused", "From Monday 1 June because skylarks are nesting, no restart date yet"),
        (
            "Paused",
            "From Friday 5 to Tuesday 30 June because the ground is waterlogged",
        ),
        ("This cut", "Planned for Monday 8 to Friday 12 June, now paused"),
        (
            "The cut after",
            f"Was planned {IN_JULY[:1].lower()}{IN_JULY[1:]}, when cutting is paused",
        ),
    ]


def test_a_pause_that_ends_before_the_cut_after_leaves_its_days() -> None:
    assert rows("9 June", pause("5 June", until="30 June"))["The cut after"] == IN_JULY


def test_a_cut_that_was_missed_before_the_pause_is_not_what_waits() -> None:
    said = rows("17 June", mark("missed", "9 June"), pause("15 June", until="30 June"))

    assert said["This cut"] == "Planned for Monday 8 to Friday 12 June"


def test_a_day_that_a_pause_has_is_no_aim() -> None:
    said = rows("17 June", pause("19 June", until="19 June"), pause("22 June", until="22 June"))

    assert said["This cut"] == "Planned for Monday 8 to Friday 12 June"


def test_grass_without_dates_has_no_cuts_to_tell() -> None:
    assert rows("9 June", grass=undated(frequency="Fortnightly")) == {}
    assert rows("9 June", mark("done", "5 June", None), grass=undated()) == {
        "Last marked": "Cut on Friday 5 June 2026"
    }


# The label


@pytest.mark.parametrize(
    ("on", "grass", "words"),
    [
        ("2 November", [SEPTEMBER], "Finished for the year"),
        ("10 June 2027", [SEPTEMBER], "No dates yet for 2027"),
        ("1 June 2028", [SEPTEMBER], "No dates yet for 2028"),
        ("1 March 2027", [SEPTEMBER, cut(1, "5 April 2027", "9 April 2027")], "Finished for 2026"),
    ],
)
def test_the_label_of_a_season_that_is_over_depends_on_the_year(
    on: str, grass: list[object], words: str
) -> None:
    status = found(on, grass=verge(*grass))  # type: ignore[arg-type]

    assert (status.status, label_of(status)) == (Status.SEASON_OVER, words)


def test_in_the_year_after_the_sentence_says_that_there_are_no_dates_yet() -> None:
    assert sentence(found("10 June 2027", grass=verge(SEPTEMBER)), COUNCIL) == (
        "The cuts planned here for 2026 are over. The last was planned for Monday 14 to Friday 18 "
        "September 2026 and was not marked as done. We do not have dates for 2027 yet."
    )


def test_a_list_that_knows_no_year_claims_none() -> None:
    assert label(Status.SEASON_OVER) == "Season over"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            mark("missed", "15 September", SEPTEMBER, reason="vehicles were parked on it"),
            "The last could not be cut on Tuesday 15 September because vehicles were parked on it.",
        ),
        (
            mark("delayed", "15 September", SEPTEMBER, reason="wet weather"),
            (
                "The last was planned for Monday 14 to Friday 18 September. "
                "It was delayed because of wet weather and was not marked as done."
            ),
        ),
        (
            pause("10 September", until="20 September", reason="flooding"),
            (
                "The last was planned for Monday 14 to Friday 18 September, "
                "when cutting was paused because of flooding."
            ),
        ),
    ],
)
def test_a_season_that_ended_keeps_the_known_reason(event: Event, words: str) -> None:
    status = found("2 December", event, grass=verge(SEPTEMBER))

    assert status.status is Status.SEASON_OVER
    assert sentence(status, COUNCIL) == f"No more cuts are planned here this year. {words}"


# Where


@pytest.mark.parametrize(
    ("here", "others", "words"),
    [
        (["north side"], [], "north side"),
        (["north side", "south side"], [], "north side; south side"),
        (["junction 1"], [], "one junction"),
        (["junction 1", "junction 2"], [], "both junctions"),
        (["junction 1", "junction 3"], ["junction 2"], "2 of 3 junctions"),
        (["west side, part 1", "west side, part 2"], [], "west side"),
        (["west side, part 2"], ["west side, part 1"], "west side (1 of 2 parts)"),
        (["part 5"], ["part 1", "part 2"], "1 of 3 parts"),
        (["Section 2", "verge no. 7"], ["section 1"], "1 of 2 sections; one verge"),
        (["even numbers", "numbers 2 to 10"], [], "even numbers; numbers 2 to 10"),
        (["outside 14"], [], "outside 14"),
        ([""], [], ""),
    ],
)
def test_parts_are_counted_where_nobody_knows_their_numbers(
    here: list[str], others: list[str], words: str
) -> None:
    assert stretches_in_words(here, [*here, *others]) == words
