"""How reasons and frequencies that people wrote fit a sentence."""

import pytest

from mapsvc.domain.reasons import because, how_often, plain, tidy


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("wet weather", " because of wet weather"),
        ("Wet weather.", " because of wet weather"),
        ("WET WEATHER", " because of wet weather"),
        ("parked cars", " because of parked cars"),
        ("a blocked drain", " because of a blocked drain"),
        ("weed spraying", " because of weed spraying"),
        ("Resurfacing works", " because of resurfacing works"),
        ("No Mow May", " because of No Mow May"),
        ("Storm Dennis", " because of Storm Dennis"),
        ("May bank holiday", " because of May bank holiday"),
        ("MOT overdue", " because of MOT overdue"),
        ("too much rain", " because of too much rain"),
        ("Not enough staff", " because of not enough staff"),
        ("a burst water main", " because of a burst water main"),
        ("Ponies on the verge", " because of ponies on the verge"),
        ("the state of the ground", " because of the state of the ground"),
        ("A bin lorry blocking the road", " because of a bin lorry blocking the road"),
        ("all the rain", " because of all the rain"),
        ("lost keys", " because of lost keys"),
        ("work on Main Street", " because of work on Main Street"),
        ("the council's wet weather plan", " because of the council's wet weather plan"),
        ("<script>alert(1)</script>", " because of <script>alert(1)</script>"),
    ],
)
def test_a_noun_follows_because_of(reason: str, words: str) -> None:
    assert because(reason) == words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("vehicles were parked on it", " because vehicles were parked on it"),
        ("Vehicles were parked on it.", " because vehicles were parked on it"),
        ("the ground is waterlogged", " because the ground is waterlogged"),
        ("a mower broke down", " because a mower broke down"),
        ("mower failed", " because mower failed"),
        ("resident asked us to wait", " because resident asked us to wait"),
        ("It's too wet!", " because it's too wet"),
        ("we couldn’t get in", " because we couldn’t get in"),
        ("I could not get in", " because I could not get in"),
        ("The mower broke", " because the mower broke"),
        ("We lost a mower", " because we lost a mower"),
        ("They hit a pipe.", " because they hit a pipe"),
        ("Contractor let us down", " because contractor let us down"),
        ("Somebody stole the mower", " because somebody stole the mower"),
        ("The road's closed", " because the road's closed"),
        ("the summer fairs use the greens", " because the summer fairs use the greens"),
        ("Vandals cut the fence", " because vandals cut the fence"),
        ("Staff left early", " because staff left early"),
    ],
)
def test_a_clause_follows_because(reason: str, words: str) -> None:
    assert because(reason) == words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("so wild flowers can seed", " so wild flowers can seed"),
        ("due to staff sickness", " due to staff sickness"),
        ("Due to staff sickness.", " due to staff sickness"),
        ("because of rain", " because of rain"),
        ("while the road is resurfaced", " while the road is resurfaced"),
        ("Following a complaint", " following a complaint"),
    ],
)
def test_a_reason_with_its_own_joining_word_keeps_it(reason: str, words: str) -> None:
    assert because(reason) == words


@pytest.mark.parametrize(
    "reason",
    [
        "ground waterlogged",
        "too wet",
        "not safe",
        "ground too hard",
        "parts not delivered",
        "mower stuck in mud",
        "mowers out of action",
        "crew off sick",
        "crew on leave",
        "waiting for parts",
        "unable to get access",
        "road shut",
    ],
)
def test_a_note_that_is_neither_stands_in_brackets(reason: str) -> None:
    assert because(reason) == f" ({reason})"


@pytest.mark.parametrize("reason", ["", "  ", ".", "-", "N/A", "None", "TBC", "?", "\u200b"])
def test_a_reason_that_says_nothing_is_left_out(reason: str) -> None:
    assert because(reason) == ""


def test_a_reason_is_one_line_without_invisible_characters() -> None:
    assert plain(" wet\n\tground\u202e \x1b[31m") == "wet ground [31m"


def test_a_long_reason_is_kept_whole() -> None:
    assert tidy("rain " * 500) == " ".join(["rain"] * 500)


@pytest.mark.parametrize(
    ("frequency", "words"),
    [
        (
            "every 15 working days from March to October",
            " every 15 working days from March to October",
        ),
        ("Every 3 weeks.", " every 3 weeks"),
        ("15 working days", " every 15 working days"),
        ("10-14 days", " every 10-14 days"),
        ("3 weekly", " every 3 weeks"),
        ("3-weekly", " every 3 weeks"),
        ("Fortnightly", " fortnightly"),
        ("bi-monthly", " bi-monthly"),
        ("Annually", " annually"),
        ("Between May and July", " between May and July"),
        ("As required", " as required"),
        ("Twice a year", " twice a year"),
        ("Four times a year", " four times a year"),
        ("8", " 8 times a year"),
        ("1", " once a year"),
        ("2 visits/year", " twice a year"),
        ("6 cuts", " 6 times a year"),
        ("6 cuts a year", " 6 times a year"),
        ("6 x per annum", " 6 times a year"),
        ("6 p.a.", " 6 times a year"),
        ("6-8 cuts per year", " 6 to 8 times a year"),
        ("8 per season", " 8 times a season"),
        ("2 a month", " twice a month"),
        ("6 cuts from March to October", " 6 times a year from March to October"),
    ],
)
def test_a_frequency_says_how_often(frequency: str, words: str) -> None:
    assert how_often(frequency) == words


@pytest.mark.parametrize("frequency", ["", "0", "N/A", "Urban programme", "12 cuts (urban)"])
def test_words_that_do_not_say_how_often_are_left_to_be_quoted(frequency: str) -> None:
    assert how_often(frequency) == ""
