"""Schedules in the plain long table: what the rows add up to, and what is wrong with them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mapsvc.domain.schedule_columns import VERGE_COLUMNS
from mapsvc.errors import FileRefused
from tests.support.schedule_files import Read

HEADINGS = (
    "usrn,street,locality,town,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end,"
    "rest_from,rest_until,rest_reason"
)

Reader = Callable[..., Read]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """`read(text, ...)`: the schedule in files of these texts, `a.csv`, `b.csv` …"""

    def read_texts(*texts: str, **options: object) -> Read:
        files = []
        for name, text in zip("abcdef", texts, strict=False):
            files.append(tmp_path / f"{name}.csv")
            files[-1].write_text(text, encoding="utf-8")
        return Read(files, **options)  # type: ignore[arg-type]

    return read_texts


def test_all_columns_of_the_plain_table_are_read(read: Reader) -> None:
    row = "101,Main Street,Ashby,Exampleton,V7,urban,north side,CC,A,every 3 weeks,yes,2,"
    row += "2026-06-08,2026-06-12,2026-05-01,2026-05-31,bees"

    found = read(f"{HEADINGS}\n{row}\n")

    verge = found.schedule.verges.iloc[0]
    assert list(found.schedule.verges.columns) == list(VERGE_COLUMNS)
    assert verge[["id", "streets", "kind", "keeper", "round", "stretch"]].tolist() == [
        "V7", "101", "urban", "CC", "A", "north side",
    ]  # fmt: skip
    assert (str(verge["rest_from"]), str(verge["rest_until"])) == ("2026-05-01", "2026-05-31")
    assert (verge["rest_reason"], verge["frequency"], verge["tracked"]) == (
        "bees", "every 3 weeks", True,
    )  # fmt: skip
    assert found.cuts("101", "north side") == ["2: 2026-06-08/2026-06-12"]
    assert (found.schedule.season, found.schedule.service) == (2026, "grass cutting")
    assert found.problems == []


def test_headings_that_say_nothing_are_named_and_no_row_is_taken_for_them(read: Reader) -> None:
    found = read("Beat,MowDate,Mow,Strim,Edge\nA-1,2026-06-08,,y,y\nA-1,2026-06-15,y,,y\n")

    assert found.report.counts["rows read"] == 2
    assert "no street with its round" in str(found.report.problems[0])
    assert found.report.notes == [
        "a.csv: Columns not used, because their headings say nothing here: Mow, Strim, Edge."
    ]


def test_known_headings_that_nothing_reads_are_named_as_not_used(read: Reader) -> None:
    found = read(
        "street,locality,start,Notes,Area (m2),Section No\n"
        "Main Street,Ashby,2026-04-07,Ask Mrs Hill for the key,120,4\n"
    )

    assert found.report.notes == ["a.csv: columns not used: Notes, Area (m2), Section No."]


def test_the_counts_say_what_became_of_the_rows(read: Reader) -> None:
    found = read(
        "street,locality,start\nMain Street,Ashby,2026-04-07\nMain Street,,2026-04-07\n"
        "Nowhere,,2026-04-07\nChurch Lane,,Contact Parish Council\n"
    )

    assert found.report.counts == {
        "rows read": 4,
        "matched": 2,
        "ambiguous": 1,
        "unknown": 1,
        "without a date": 1,
        "verges": 2,
        "rounds": 0,
        "cuts": 1,
    }
    assert 'with "Contact Parish Council" in its place: 1 row.' in found.report.notes[-1]


def test_a_reason_in_place_of_a_date_is_no_problem(read: Reader) -> None:
    found = read("street,start\nChurch Lane,N/A\n")

    assert found.cuts("105") == ['1: "N/A"']
    assert found.problems == []


def test_how_often_in_place_of_a_date_is_the_frequency(read: Reader) -> None:
    found = read("street,start\nChurch Lane,Every 3 weeks\n")

    assert found.verge("105")["frequency"] == "Every 3 weeks"
    assert found.cuts("105") == []


@pytest.mark.parametrize("heading", ["W/C", "Week Commencing", "week beginning"])
def test_a_day_in_a_column_of_weeks_is_its_week(read: Reader, heading: str) -> None:
    found = read(f"street,{heading}\nChurch Lane,15/06/2026\n")

    assert found.cuts("105") == ["1: 2026-06-15/2026-06-19"]


def test_a_number_of_cuts_is_put_into_words(read: Reader) -> None:
    found = read("street,Cuts per Year\nChurch Lane,12\nTopsham Road,2\n")

    assert found.schedule.verges["frequency"].tolist() == ["12 times a year", "twice a year"]


def test_cuts_without_a_number_are_numbered_by_their_dates(read: Reader) -> None:
    found = read(
        "street,start,end\nChurch Lane,2026-06-08,2026-06-12\nChurch Lane,13/04/2026,\n"
        "Church Lane,24 August - 28 August,\n"
    )

    assert found.cuts("105") == [
        "1: 2026-04-13/2026-04-13",
        "2: 2026-06-08/2026-06-12",
        "3: 2026-08-24/2026-08-28",
    ]


def test_every_so_many_weeks_from_a_day_gives_numbered_cuts(read: Reader) -> None:
    found = read("street,start\nChurch Lane,every 3 weeks from 8 April to 20 May 2026\n")

    assert found.cuts("105") == [
        "1: 2026-04-08/2026-04-08",
        "2: 2026-04-29/2026-04-29",
        "3: 2026-05-20/2026-05-20",
    ]


def test_rows_that_say_the_same_twice_are_folded(read: Reader) -> None:
    rows = "Church Lane,1,2026-04-07\n" * 2 + "church lane,,7 April 2026\n"

    found = read(f"street,cut,start\n{rows}")

    assert len(found.schedule.verges) == 1
    assert found.problems == []


def test_stretches_of_one_street_are_verges_of_their_own(read: Reader) -> None:
    found = read(
        "street,stretch,start\nChurch Lane,odd numbers,2026-04-07\nChurch Lane,even,2026-04-08\n"
        "Church Lane (between Main Street and the bridge),,2026-04-09\n"
    )

    assert sorted(found.schedule.verges["stretch"]) == [
        "between Main Street and the bridge",
        "even",
        "odd numbers",
    ]


def test_a_verge_may_lie_along_two_streets(read: Reader) -> None:
    found = read("usrn,verge,start\n101;103,V1,2026-04-07\n104,V1,2026-04-07\n")

    assert found.schedule.verges["streets"].tolist() == ["101;103;104"]


def test_a_row_that_names_a_round_and_no_street_states_its_cuts(read: Reader) -> None:
    rounds = "round,frequency,tracked,start,end\nA,every 9 weeks,yes,2026-04-07,2026-04-10\n"
    rounds += "A,,,2026-06-08,2026-06-12\n"
    streets = "street,round\nChurch Lane,a\nTopsham Road,A\n"

    for files in ((rounds, streets), (streets, rounds)):
        found = read(*files)

        assert found.cuts("105") == ["1: 2026-04-07/2026-04-10", "2: 2026-06-08/2026-06-12"]
        assert found.verge("104")["frequency"] == "every 9 weeks"
        assert found.verge("104")["tracked"] is True
        assert len(found.schedule.programmes) == 1
        assert found.problems == []


def test_rounds_and_streets_may_share_one_file(read: Reader) -> None:
    found = read("street,round,start\n,A,2026-04-07\nChurch Lane,A,\nTopsham Road,A,N/A\n")

    assert found.cuts("105") == ["1: 2026-04-07/2026-04-07"]
    assert found.cuts("104") == ['1: "N/A"']


def test_the_season_is_that_of_the_rows_unless_one_is_asked_for(read: Reader) -> None:
    assert read("street,start\nChurch Lane,2025-04-07\n").schedule.season == 2025
    assert read("street,start,season\nChurch Lane,7 April,2024\n").schedule.season == 2024
    assert read("street,start\nChurch Lane,7 April\n").schedule.season == 2026
    assert read("street,start\nChurch Lane,7 April\n", season=2023).cuts("105") == [
        "1: 2023-04-07/2023-04-07"
    ]


def test_a_cut_may_run_over_the_new_year(read: Reader) -> None:
    found = read("street,start,end\nChurch Lane,2026-11-15,2027-02-10\nTopsham Road,2027-01-05,\n")

    assert found.schedule.season in (2026, 2027)
    assert read("street,start\nTopsham Road,2027-01-05\n", season=2026).problems == []


def test_the_service_of_the_rows_is_taken_and_another_left_out(read: Reader) -> None:
    spraying = "street,service,start\nChurch Lane,weed spraying,2026-04-07\n"

    assert read(spraying).schedule.service == "weed spraying"
    both = spraying + "Church Lane,Grass cutting,2026-05-07\n"
    found = read(both)
    assert (found.schedule.service, found.cuts("105")) == (
        "Grass cutting",
        ["1: 2026-05-07/2026-05-07"],
    )


def test_the_same_file_gives_the_same_ids_in_any_order_of_rows(read: Reader) -> None:
    rows = ["Church Lane,odd,2026-04-07", "Church Lane,even,2026-04-07", "Topsham Road,,N/A"]

    first = read("\n".join(["street,stretch,start", *rows]))
    second = read("\n".join(["street,stretch,start", *rows[::-1]]))

    assert set(first.schedule.verges["id"]) == set(second.schedule.verges["id"])


def test_a_street_named_as_a_script_stays_text(read: Reader) -> None:
    found = read("street,start\nChurch Lane,2026-04-07\n<script>alert(1)</script>,2026-04-07\n")

    assert found.problems == [
        (
            'a.csv, row 3: There is no street "<script>alert(1)</script>" in the gazetteer. '
            "Correct the name or give the USRN."
        )
    ]


BAD_ROWS = [
    (
        "street,start\nChurch Lane,31/02/2026\n",
        (
            'row 2: "31/02/2026" cannot be a date: February 2026 has 28 days. '
            "Enter a date, like 07/04/2026 or 2026-04-07."
        ),
    ),
    (
        "street,start\nChurch Lane,2026-13-01\n",
        (
            'row 2: "2026-13-01" cannot be a date: there is no month 13. '
            "Enter a date, like 07/04/2026 or 2026-04-07."
        ),
    ),
    (
        "street,start\nChurch Lane,45123\n",
        (
            'row 2: "45123" cannot be a date: it is a bare number, which Excel might show as 16 '
            "July 2023. Format the cell as a date, or enter one, like 07/04/2026 or 2026-04-07."
        ),
    ),
    (
        "street,start,end\nChurch Lane,2026-04-10,2026-04-07\n",
        (
            "row 2: The end of this cut is wrong: 7 April 2026 is before its start, 10 April 2026. "
            "Correct the start or the end."
        ),
    ),
    (
        "street,start,end\nChurch Lane,2026-04-10,see map\n",
        (
            'row 2: The end "see map" cannot be read as a date. Write it as 2026-04-07, or leave '
            "it empty for a single day."
        ),
    ),
    (
        "street,start,end\nChurch Lane,,2026-04-10\n",
        "row 2: This row has an end (2026-04-10) and no start. Write its start.",
    ),
    (
        "street,cut,start\nChurch Lane,next,2026-04-10\n",
        (
            'row 2: The cut "next" cannot be read as a number. Write 1 for the first cut of the '
            "season."
        ),
    ),
    (
        "street,cut,start\nChurch Lane,1,2026-04-10\nChurch Lane,1,2026-05-10\n",
        (
            "row 3: Cut 1 of Church Lane, Barton, Exampleton has different dates in rows 2 and 3: "
            "10 April 2026, and 10 May 2026. The first is kept; correct one of them."
        ),
    ),
    (
        "street,keeper,start\nChurch Lane,CC,2026-04-10\nChurch Lane,PC,2026-05-10\n",
        (
            "row 3: Church Lane, Barton, Exampleton has two values in rows 2 and 3: "
            'keeper "CC" and "PC". The first is kept and this row left out. Correct it, or tell '
            "two verges apart in the column verge, kind or stretch."
        ),
    ),
    (
        "street,rest_from,rest_until,start\nChurch Lane,2026-04-10,,2026-07-07\n",
        (
            "row 2: The rest window has no date in rest_until. Write both rest_from and rest_until "
            "as dates."
        ),
    ),
    (
        "street,rest_from,rest_until,start\nChurch Lane,2026-06-10,2026-05-01,2026-07-07\n",
        (
            "row 2: The rest ends on 1 May 2026, before it starts on 10 June 2026. Correct one of "
            "them."
        ),
    ),
    (
        "street,keeper,start\nChurch Lane,XX,2026-04-10\nTopsham Road,XX,2026-04-10\n",
        (
            'row 2: No published keeper has the code "XX", so nobody can be told who that is. '
            "Correct the code, or publish it with mapsvc ingest keepers. The verges are kept."
        ),
    ),
    (
        "street,round,tracked,start\nChurch Lane,A,maybe,2026-04-10\n",
        'row 2: "maybe" does not say whether each cut is marked. Write yes or no.',
    ),
    (
        "street,start\nChurch Lane,2026-04-07\n,2026-04-08\n",
        "row 3: This row names no street, verge or round. Write the street or its USRN.",
    ),
    (
        "usrn,street,start\n105,Topsham Road,2026-04-07\n105,,2026-04-07\n",
        (
            "row 2: USRN 105 is Church Lane, Barton, Exampleton in the gazetteer, not Topsham "
            "Road. Correct the USRN or the name."
        ),
    ),
    (
        "usrn,start\n99999999,2026-04-07\n105,2026-04-07\n",
        (
            "row 2: There is no street with USRN 99999999 in the gazetteer. Correct the USRN, or "
            "publish the gazetteer that has it first."
        ),
    ),
    (
        "usrn,start\n12-34,2026-04-07\n105,2026-04-07\n",
        'row 2: "12-34" cannot be a USRN. Write a number of up to 8 digits.',
    ),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_value_and_the_next_step(
    read: Reader, text: str, sentence: str
) -> None:
    found = read(text)

    assert found.problems == [f"a.csv, {sentence}"]
    assert len(found.schedule.verges) >= 1


def test_a_start_outside_the_season_is_a_problem(read: Reader) -> None:
    rows = "street,start\n" + "Church Lane,2026-04-07\nTopsham Road,2026-04-08\n"

    found = read(rows + "Topsham Road,2025-04-07\n")

    assert found.problems == [
        (
            "a.csv, row 4: 2025-04-07 is not in season 2026. Correct the date, or read that season "
            "by itself with --season 2025."
        )
    ]


def test_one_date_of_american_order_decides_for_the_others_and_is_said(read: Reader) -> None:
    found = read("street,start\nChurch Lane,04/25/2026\nTopsham Road,03/04/2026\n")

    assert found.cuts("105") == ["1: 2026-04-25/2026-04-25"]
    assert found.cuts("104") == ["1: 2026-03-04/2026-03-04"]
    assert found.problems == []
    assert (
        "a.csv: the dates in start have the month before the day, as row 2 shows "
        '("04/25/2026"); all were read so.'
    ) in found.report.notes


def test_a_round_whose_rows_disagree_on_marking_is_not_tracked(read: Reader) -> None:
    found = read(
        "street,round,tracked,frequency,start\nChurch Lane,A,yes,weekly,2026-04-07\n"
        "Topsham Road,A,no,monthly,2026-04-07\n"
    )

    assert [one.tracked for one in found.schedule.rounds] == [False]
    assert found.schedule.verges["tracked"].tolist() == [False, False]
    assert found.schedule.verges["frequency"].tolist() == ["weekly", "monthly"]
    assert found.problems == [
        (
            'a.csv, row 3: Round A has two values of frequency in rows 2 and 3: "weekly" and '
            '"monthly". The first counts for the round; correct one of them.'
        ),
        (
            'a.csv, row 3: Round A has two values of tracked in rows 2 and 3: "yes" and "no". '
            "It counts as not tracked; correct one of them."
        ),
    ]


def test_a_keeper_may_be_given_by_name(read: Reader) -> None:
    found = read("street,keeper,start\nChurch Lane,ashby parish council,N/A\n")

    assert found.verge("105")["keeper"] == "PC"
    assert found.problems == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "usrn,name,locality,town,easting,northing\n101,Main Street,Ashby,,400000,300000\n",
            (
                "a.csv says nothing about cutting: its columns are usrn, name, locality, town, "
                "easting, northing. A schedule has a street and its round, start, frequency or "
                "keeper. If this is a file of streets, use: mapsvc ingest gazetteer a.csv"
            ),
        ),
        (
            "street,start\nNowhere Road,2026-04-07\n",
            (
                "No row of a.csv can be used. The first: a.csv, row 2: There is no street "
                '"Nowhere Road" in the gazetteer. Correct the name or give the USRN.'
            ),
        ),
        (
            "colour,smell\nred,sweet\n",
            (
                "a.csv has no column that names a street, verge or round; its columns are colour, "
                f"smell. Columns that always work: {HEADINGS}."
            ),
        ),
    ],
)
def test_a_file_that_is_no_schedule_is_refused_with_the_next_step(
    read: Reader, text: str, sentence: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        read(text)

    assert str(refused.value) == sentence


def test_a_picture_named_csv_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "verges.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    with pytest.raises(FileRefused, match=r"verges\.csv is a picture"):
        Read([file])


def test_files_with_several_services_ask_which(read: Reader) -> None:
    rows = "Church Lane,weeds,2026-04-07\nChurch Lane,sweeping,2026-04-08\n"

    with pytest.raises(FileRefused, match=r'2 services: weeds, sweeping.*--service "weeds"'):
        read(f"street,service,start\n{rows}")


def test_dates_of_rounds_without_streets_cannot_be_published(read: Reader) -> None:
    found = read("round,start\nA,2026-04-07\n")

    assert found.report.is_blocked
    assert "no street with its round" in found.problems[0]
