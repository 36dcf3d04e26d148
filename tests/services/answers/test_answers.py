"""What a street's answer says, from published files and recorded marks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mapsvc.domain.answers import Answer
from mapsvc.domain.events import Notice
from mapsvc.domain.status import Status
from mapsvc.errors import NotFound
from mapsvc.services.answers.documents import answer_document
from mapsvc.services.answers.teller import Answers
from mapsvc.services.marks.recording import Mark, record
from mapsvc.services.schedules.publishing import roll_back
from mapsvc.services.state.council import Council
from tests.support.councils import (
    DEFAULT_FILES,
    GAZETTEER,
    PUBLISHED,
    SCHEDULE,
    TODAY,
    make_council,
    mark,
    publish_text,
)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    council = make_council(tmp_path)
    yield council
    council.close()


def answer(council: Council, street: str, on: date = TODAY) -> Answer:
    return Answers(council).answer(street, on)


def statuses(council: Council, street: str, on: date = TODAY) -> dict[str, str]:
    groups = answer(council, street, on).groups
    return {group.where: group.found.status.value for group in groups}


def test_verges_of_one_street_are_grouped_by_what_is_true_of_them(council: Council) -> None:
    mark(council, "round:R1", "started", "2026-06-08", cut=2)

    assert statuses(council, "10000002") == {"north side": "under_way", "south side": "unconfirmed"}


def test_a_mark_is_in_the_next_answer_of_another_process_too(
    council: Council, tmp_path: Path
) -> None:
    other = Council.open(council.settings)
    before = statuses(other, "10000003")

    mark(council, "round:R1", "done", "2026-06-10", cut=2)
    after = statuses(other, "10000003")
    other.close()

    assert (before, after) == ({"": "due"}, {"": "cut"})


def test_a_withdrawn_mark_leaves_no_trace_in_the_answer(council: Council) -> None:
    before = answer_document(answer(council, "10000003"))
    event = mark(council, "verge:V3", "done", "2026-06-10", cut=2)
    council.store.live.withdraw(event, by="tests", at=datetime(2026, 6, 16, tzinfo=UTC))

    after = answer_document(answer(council, "10000003"))

    assert after | {"as_at": "", "groups": []} == before | {"as_at": "", "groups": []}
    assert [g | {"sentence": ""} for g in after["groups"]] == [
        g | {"sentence": ""} for g in before["groups"]
    ]


def test_publishing_the_same_files_again_changes_no_answer(
    council: Council, tmp_path: Path
) -> None:
    mark(council, "round:R1", "done", "2026-06-10", cut=2)
    streets = [f"1000000{number}" for number in range(1, 6)]
    before = [answer_document(answer(council, street)) for street in streets]

    for kind, text in DEFAULT_FILES.items():
        publish_text(council, tmp_path, kind, text)

    assert [answer_document(answer(council, street)) for street in streets] == before


def test_a_street_without_verges_takes_the_keeper_of_its_road_or_parish(council: Council) -> None:
    trunk, parish = answer(council, "10000004").groups, answer(council, "10000001").groups

    assert (trunk[0].keeper.name, trunk[0].found.status) == ("National Highways", "elsewhere")
    assert (parish[0].keeper.code, parish[0].found.status) == ("LE", "elsewhere")
    assert "Contact the clerk on 01632 960001." in parish[0].words


def test_a_street_that_nobody_names_says_that_there_is_no_record(tmp_path: Path) -> None:
    council = make_council(tmp_path, {"gazetteer": GAZETTEER})

    groups = answer(council, "10000005").groups
    council.close()

    assert [group.found.status for group in groups] == ["unknown"]
    assert groups[0].words.startswith("We have no record of grass that we cut here.")


def test_a_pause_of_a_place_holds_for_its_streets_only(council: Council) -> None:
    mark(council, "place:great example", "suspended", "2026-06-15", reason="a street fair")

    assert set(statuses(council, "10000002").values()) == {"suspended"}
    assert statuses(council, "10000005") == {"": "routine"}


def test_a_verge_that_joins_a_paused_round_is_paused(council: Council, tmp_path: Path) -> None:
    mark(council, "round:R2", "suspended", "2026-06-15")
    publish_text(
        council, tmp_path, "schedule", SCHEDULE.replace("V3,urban,,CC,R1", "V3,urban,,CC,R2")
    )

    assert statuses(council, "10000003") == {"": "suspended"}


def test_a_mark_stays_with_the_verges_that_the_round_had(council: Council, tmp_path: Path) -> None:
    mark(council, "round:R1", "done", "2026-06-10", cut=2)
    publish_text(
        council, tmp_path, "schedule", SCHEDULE.replace("V3,urban,,CC,R1", "V3,urban,,CC,R9")
    )

    assert statuses(council, "10000003") == {"": "cut"}


def test_a_tracked_round_reads_unconfirmed_when_the_council_has_gone_quiet(
    tmp_path: Path,
) -> None:
    late = date(2026, 6, 25)
    council = make_council(tmp_path, today=late)
    mark(council, "round:R1", "done", "2026-05-13", cut=1)

    quiet = statuses(council, "10000003", late)
    object.__setattr__(council.settings, "today", late)
    mark(council, "round:R2", "done", "2026-06-24", cut=1)
    heard = statuses(council, "10000003", late)
    council.close()

    assert (quiet, heard) == ({"": "unconfirmed"}, {"": "late"})


def test_the_sentence_names_street_and_place_and_closes_with_the_record_time(
    council: Council,
) -> None:
    mark(council, "round:R1", "done", "2026-06-10", cut=2)

    group = answer_document(answer(council, "10000003"))["groups"][0]

    assert group["sentence"] == (
        "Church Lane, Great Example, Exampleton: Our crew marked this grass as cut on Wednesday "
        "10 June. The next cut is planned between Monday 6 and Friday 10 July. "
        "Cut 1 of this year has not been marked as done. "
        "Recorded as of 4:12pm on Tuesday 16 June 2026."
    )


def test_the_season_lists_each_window_with_what_was_marked(council: Council) -> None:
    mark(council, "round:R1", "done", "2026-05-13", cut=1)

    season = answer_document(answer(council, "10000003"))["season"]

    assert [(cut["cut"], [m["kind"] for m in cut["marks"]]) for cut in season] == [
        (1, ["done"]),
        (2, []),
        (3, []),
    ]


def test_todays_colours_give_rounds_and_the_verges_that_differ(council: Council) -> None:
    mark(council, "verge:V3", "done", "2026-06-10", cut=2)

    board = Answers(council).board(TODAY)

    assert board.rounds["R1"].status in ("due", "cut")
    assert board.rounds["R2"].status == "unconfirmed"
    assert (board.rounds["R1"].streets, board.rounds["R1"].due) == (2, 1)
    assert set(board.verges) <= {"V1", "V3"}
    assert len(board.verges) == 1


def test_colours_that_are_kept_follow_a_mark_and_the_day(council: Council) -> None:
    answers = Answers(council)
    before = answers.board(TODAY)
    assert answers.board(TODAY) is before

    mark(council, "round:R2", "done", "2026-06-16", cut=1)

    assert before.rounds["R2"].status == "unconfirmed"
    assert answers.board(TODAY).rounds["R2"].status == "cut"
    assert answers.board(date(2026, 6, 15)).rounds["R2"].status == "unconfirmed"


def test_each_settlement_says_what_is_true_for_most_of_its_grass(council: Council) -> None:
    board = Answers(council).board(TODAY)

    assert all(share.due <= share.streets for share in board.areas.values())
    assert "Great Example, Exampleton" in board.areas
    assert board.areas["Exampleton and around"].streets >= 3


def test_an_unknown_street_is_named_with_the_gazetteer_that_was_asked(council: Council) -> None:
    with pytest.raises(NotFound, match='no street "20509999" in the gazetteer of 2 March 2026'):
        answer(council, "20509999")


@pytest.mark.parametrize("street", ["\x00", "10000002\n", "\u202e2000"])
def test_an_id_that_cannot_be_shown_is_not_repeated(council: Council, street: str) -> None:
    with pytest.raises(NotFound, match="no street with such an id in the gazetteer of 2 March"):
        answer(council, street)


def test_what_is_recorded_in_a_demonstration_is_recorded_on_its_day(council: Council) -> None:
    record(council, Mark("verge:V3", "done", TODAY, cut=2))
    roll_back(council, "gazetteer", 2, by="tests")

    assert answer(council, "10000003").as_at.date() == TODAY


# How long an answer holds


def test_an_answer_holds_until_the_day_before_its_words_change(council: Council) -> None:
    document = answer_document(answer(council, "10000003"))
    last = date.fromisoformat(document["holds_until"])

    on_last = answer_document(answer(council, "10000003", last))
    after = answer_document(answer(council, "10000003", last + timedelta(days=1)))

    assert document["groups"][0]["holds_until"] == document["holds_until"]
    assert [g["sentence"] for g in on_last["groups"]] == [g["sentence"] for g in document["groups"]]
    assert [g["sentence"] for g in after["groups"]] != [g["sentence"] for g in document["groups"]]


def test_an_answer_that_no_day_changes_holds_for_more_than_a_year(council: Council) -> None:
    assert answer_document(answer(council, "10000005"))["holds_until"] is None


def test_a_service_that_goes_quiet_ends_an_answer(council: Council) -> None:
    mark(council, "verge:V2", "done", "2026-06-10", cut=1)

    group = answer(council, "10000002", date(2026, 6, 22)).groups[0]

    # The tenth working day after 10 June is the 24th: from then on nobody says that it is late.
    assert (group.found.status, group.holds_until) == (Status.LATE, date(2026, 6, 23))


def test_a_notice_that_ends_ends_the_answer_and_not_its_grass(council: Council) -> None:
    council.store.live.add_notice(
        Notice("A street fair.", "all", None, date(2026, 6, 18)), by="tests", at=PUBLISHED
    )

    found = answer(council, "10000005")

    assert (found.holds_until, found.groups[0].holds_until) == (date(2026, 6, 18), None)


def test_an_earlier_day_knows_nothing_of_what_was_recorded_later(council: Council) -> None:
    on, later = date(2026, 6, 1), datetime(2026, 6, 5, 9, tzinfo=UTC)
    before = answer(council, "10000003", on)

    mark(council, "all", "suspended", "2026-06-10", until=date(2026, 6, 30), at=later)

    assert answer(council, "10000003", on) == replace(before, as_at=later)
    assert answer(council, "10000003", date(2026, 6, 6)).holds_until == date(2026, 6, 7)
