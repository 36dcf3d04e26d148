"""What is said of files of a schedule, and of what publishing them would change."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_cut": Wording(
        'The cut "{value}" cannot be read as a number.',
        "Write 1 for the first cut of the season.",
    ),
    "date_of_other_season": Wording(
        "{day:iso} is not in season {season}.",
        page="Correct the date, or send that season by itself, with the season {year}.",
        terminal="Correct the date, or read that season by itself with --season {year}.",
    ),
    "end_not_a_date": Wording(
        'The end "{value}" cannot be read as a date.',
        "Write it as 2026-04-07, or leave it empty for a single day.",
    ),
    "end_without_start": Wording("This row has an end ({end}) and no start.", "Write its start."),
    "file_of_other_season": Wording(
        "This file is of {year} by its name and others of {season}, so it was left out.",
        page="Send it by itself, with the streets of its rounds and the season {year}.",
        terminal="Read it by itself, with the streets of its rounds and --season {year}.",
    ),
    "marks_at_stake": Wording(
        "{marks:mark|marks} of crews would lose what they speak of, such as {first}: {effect}.",
        page="Decide what becomes of each.",
        terminal="Publish with --keep-marks to keep them, or let staff decide for each.",
    ),
    "no_column_of_a_schedule": Wording(
        "{file} has no column that names a street, verge or round; its columns are {columns}.",
        "Columns that always work: {examples}.",
    ),
    "no_column_of_a_schedule_but_one_near": Wording(
        "{file} has no column that names a street, verge or round; its columns are {columns}.",
        'Did you mean "{known}" by "{heading}"? Columns that always work: {examples}.',
    ),
    "no_streets_of_rounds": Wording(
        "There are dates for {rounds:round|rounds} and no street with its round in {files}.",
        "Give the file that says which street is in which round as well.",
    ),
    "nothing_about_cutting": Wording(
        "{file} says nothing about cutting: its columns are {columns}. A schedule has a street and "
        "its round, start, frequency or keeper.",
        page="If this is a file of {noun}, send it as {kind}.",
        terminal="If this is a file of {noun}, use: mapsvc ingest {kind} {file}",
    ),
    "row_of_other_season": Wording(
        "This row is of season {year}, not {season}.",
        page="Send that season by itself, with the season {year}.",
        terminal="Read that season by itself with --season {year}.",
    ),
    "schedule_without_headings": Wording(
        "{file} has no heading row, and its columns cannot be told.",
        "Put a row of headings at the top, such as street,locality,town,round, or give the file of "
        "the rounds' dates too.",
    ),
    "schedule_without_rows": Wording(
        "{file} has no rows.", "Give a file with a row of headings and a row per verge."
    ),
    "several_services": Wording(
        "The files hold {services:service|services}: {listed}.",
        page='Send one at a time, with its name as the service, such as "{first}".',
        terminal='Read one at a time, such as --service "{first}".',
    ),
    "unknown_keeper": Wording(
        'No published keeper has the code "{code}", so nobody can be told who that is.',
        page="Correct the code, or publish it by sending a file of keepers. The verges are kept.",
        terminal="Correct the code, or publish it with mapsvc ingest keepers. The verges are kept.",
    ),
}
