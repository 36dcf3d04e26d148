"""Our rules against the slow and literal reading of the contract in `oracle`."""

from datetime import date

from hypothesis import given, settings

from mapsvc.domain.status import VergeStatus
from tests.support import oracle
from tests.support.scenarios import Scenario, asked, scenarios


def as_record(found: VergeStatus) -> oracle.Record:
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
    }


def by_the_contract(scenario: Scenario, day: date) -> oracle.Record:
    said = oracle.answer(scenario.verge, scenario.events, scenario.tolerance, day)
    cut, following = said["cut"], said["next"]
    return {
        **said,
        "cut": cut and cut[:2],
        "window": cut and cut[2:],
        "next": following and following[2:],
    }


@settings(deadline=None, max_examples=100, derandomize=True)
@given(scenarios())
def test_every_day_reads_as_the_contract_says(scenario: Scenario) -> None:
    for day in scenario.days()[::4]:
        assert as_record(asked(scenario, day)) == by_the_contract(scenario, day), day
