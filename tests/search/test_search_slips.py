"""A letter too many, missing, wrong or changed about: the text is found, whichever letter it is."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from mapsvc.search.deletions import LONGEST, Slips, slip_arrays

TEXTS = ["a", "ay", "highstreet", "milllane", "mill", "tŷgwyn", "x" * 40, "łódź"]


def slips_of(texts: Sequence[str]) -> Slips:
    return Slips(slip_arrays(texts))


def one_slip_away(text: str) -> Iterator[str]:
    yield text
    for at in range(min(len(text), LONGEST - 1)):
        yield text[:at] + text[at + 1 :]
        yield text[:at] + "q" + text[at:]
        yield text[:at] + "q" + text[at + 1 :]
        yield text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_every_single_slip_finds_the_text(number: int) -> None:
    slips = slips_of(TEXTS)
    for typed in one_slip_away(TEXTS[number]):
        assert number in slips.near([typed])[typed], typed


def test_what_is_two_slips_away_is_not_found() -> None:
    assert slips_of(TEXTS).near(["hihgstret", "qq", "milane"]) == {}


def test_texts_that_say_the_same_are_all_found_in_order() -> None:
    near = slips_of(["mill", "mile", "mill"]).near(["mill"])
    assert np.array_equal(near["mill"], [0, 1, 2])


def test_each_text_that_was_asked_for_has_its_own_answer() -> None:
    near = slips_of(TEXTS).near(["milllan", "highstret", "nothing like it"])
    assert {text: numbers.tolist() for text, numbers in near.items()} == {
        "milllan": [3],
        "highstret": [2],
    }


def test_nothing_is_near_where_there_are_no_texts() -> None:
    assert slips_of([]).near(["highstreet", ""]) == {}
