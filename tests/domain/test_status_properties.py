"""What holds on every day of every scenario."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from mapsvc.domain.status import Status, in_force
from mapsvc.domain.streets import Keeper
from mapsvc.domain.wording import LABELS, Voice, named_sentence, recorded, sentence
from tests.support.grass import RECORDED
from tests.support.scenarios import (
    Record,
    Scenario,
    asked,
    event_of,
    marks,
    scenarios,
    withdrawal_of,
)

VOICES = [
    Voice(Keeper("LCC", "Exampleshire County Council"), "01632 960000"),
    Voice(Keeper("P1", "Little Example Parish Council", "parish", False, phone="01632 960001")),
    Voice(Keeper("", "", ours=False), has_verges=False),
]
GAP = re.compile(r"None|  | [.,;:]|\.\.|[{}]|\b(between|and|on|to|by|until|of)\s*[.,]|^\s|\s$")

bounded = settings(deadline=None, max_examples=60, derandomize=True)


@bounded
@given(scenarios())
def test_a_passed_window_without_a_done_is_never_cut(scenario: Scenario) -> None:
    unmarked = [event for event in scenario.events if event["kind"] != "done"]

    for day in scenario.days()[::2]:
        answer = asked(scenario.with_events(unmarked), day)
        assert answer.status is not Status.CUT
        assert answer.last_cut is None
        assert "marked this grass as cut" not in sentence(answer, VOICES[0])


@bounded
@given(scenarios())
def test_an_untracked_round_is_never_late_nor_anything_outstanding(scenario: Scenario) -> None:
    untracked = Scenario({**scenario.verge, "tracked": False}, scenario.events, scenario.tolerance)

    for day in untracked.days()[::2]:
        answer = asked(untracked, day)
        assert answer.status is not Status.LATE
        assert answer.outstanding == ()


@bounded
@given(scenarios(), st.data())
def test_adding_a_done_changes_no_earlier_day(scenario: Scenario, data: st.DataObject) -> None:
    drawn: Record = data.draw(marks(scenario.verge))
    done = {**drawn, "id": 99, "kind": "done", "expected": None}

    for day in scenario.days()[::2]:
        if day < done["on"]:
            assert asked(scenario.with_events([*scenario.events, done]), day) == asked(
                scenario, day
            )


@bounded
@given(scenarios(), st.data())
def test_a_withdrawn_event_leaves_no_trace(scenario: Scenario, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(scenario.events)))
    event = {"id": 98, **data.draw(marks(scenario.verge))}
    withdrawn = [*scenario.events[:place], event, *scenario.events[place:]]
    withdrawn.append(withdrawal_of(event, 99))

    assert set(in_force(map(event_of, withdrawn))) == set(in_force(map(event_of, scenario.events)))
    for day in scenario.days()[::4]:
        assert asked(scenario.with_events(withdrawn), day) == asked(scenario, day)


@bounded
@given(scenarios())
def test_every_day_has_one_status_and_a_sentence_without_gaps(scenario: Scenario) -> None:
    for day in scenario.days()[::2]:
        answer = asked(scenario, day)
        assert answer.status in LABELS
        for voice in VOICES:
            words = sentence(answer, voice)
            assert not GAP.search(words), words
            assert words[0].isupper()
            assert words.endswith(".")


@bounded
@given(scenarios())
def test_a_next_cut_that_is_promised_is_still_to_come(scenario: Scenario) -> None:
    for day in scenario.days()[::4]:
        words = sentence(asked(scenario, day), VOICES[0])
        named = named_sentence("Main Street, Little Example", "", words)
        full = f"{named} {recorded(RECORDED)}"
        assert full.startswith("Main Street, Little Example: ")
        assert _promises_nothing_past(words, day), (words, day)


def _promises_nothing_past(words: str, day: date) -> bool:
    """Whether a next cut, where one is promised, is not before the day."""
    promised = re.search(r"next (cut )?is planned (?:between .*? and|on) (\w+ [^.]*)\.", words)
    if promised is None:
        return True
    found = re.search(r"(\d+) (\w+)(?: (\d{4}))?$", promised[2])
    assert found is not None
    month = [date(2000, n, 1).strftime("%B") for n in range(1, 13)].index(found[2]) + 1
    return date(int(found[3] or day.year), month, int(found[1])) >= day
