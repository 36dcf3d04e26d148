"""Our rules against the slow and literal reading of the contract in `oracle`."""

import os
from collections import Counter
from datetime import date
from random import Random

from hypothesis import given, settings

from mapsvc.domain.status import Status, VergeStatus
from tests.support import oracle
from tests.support.layered import layered_scenario
from tests.support.scenarios import Scenario, asked, scenarios

VERGE_DAYS = int(os.environ.get("VERGE_DAYS", "3000"))
"""How many random days are compared; CONTRIBUTING.md says when to ask for more."""


def as_record(found: VergeStatus) -> oracle.Record:
    is_paused = found.status is Status.SUSPENDED
    return {
        "status": str(found.status),
        "tracked": found.tracked,
        "cut": (found.season, found.cut) if found.window else None,
        "window": (found.window.start, found.window.end) if found.window else None,
        "deadline": found.deadline,
        "next": (found.next.start, found.next.end) if found.next else None,
        "last_cut": found.last_cut,
        "outstanding": list(found.outstanding),
        "reason": found.reason,
        "expected": found.expected,
        "until": found.until,
        "since": found.since if is_paused else None,
        "others": [layer[:3] for layer in found.paused[1:]] if is_paused else [],
    }


def by_the_contract(scenario: Scenario, day: date) -> oracle.Record:
    said = oracle.answer(scenario.verge, scenario.events, scenario.tolerance, day)
    cut, following = said["cut"], said["next"]
    # Layers that read alike are listed once.
    first = (said["since"], said["until"], said["reason"])
    others = [other for other in dict.fromkeys(said["others"]) if other != first]
    return {
        **said,
        "others": others,
        "cut": cut and cut[:2],
        "window": cut and cut[2:],
        "next": following and following[2:],
    }


@settings(deadline=None, max_examples=100, derandomize=True)
@given(scenarios())
def test_every_day_reads_as_the_contract_says(scenario: Scenario) -> None:
    for day in scenario.days()[::4]:
        assert as_record(asked(scenario, day)) == by_the_contract(scenario, day), day


def test_layered_pauses_read_as_the_contract_says() -> None:
    random, met = Random(20260617), Counter[str]()
    while met["days"] < VERGE_DAYS:
        scenario = layered_scenario(random)
        for day in random.sample(scenario.days(), 12):
            expected = by_the_contract(scenario, day)

            assert as_record(asked(scenario, day)) == expected, (scenario, day)
            met.update(_what_it_shows(expected, day))

    # A generator that met none of these would prove nothing.
    assert met["suspended"] > VERGE_DAYS / 10
    assert met["several pauses"] > VERGE_DAYS / 20
    assert met["over new year"] > VERGE_DAYS / 200


def _what_it_shows(said: oracle.Record, day: date) -> list[str]:
    shown = ["days", said["status"]]
    shown += ["several pauses"] if said["others"] else []
    is_later_year = said["status"] == "suspended" and said["since"].year < day.year
    return [*shown, "over new year"] if is_later_year else shown
