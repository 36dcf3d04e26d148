"""What is said of files of a schedule, and of what publishing them would change."""

from mapsvc.messages.words import Wording

WORDS = {
    "file_of_other_season": Wording(
        "This file is of {year} by its name and others of {season}, so it was left out.",
        page="Send it by itself, with the streets of its rounds and the season {year}.",
        terminal="Read it by itself, with the streets of its rounds and --season {year}.",
    ),
    "many_lost": Wording(
        "{lost:,} of {had:,} streets with dates would have none any more. Publishing replaces the "
        "schedule:",
        "if this file holds a part of it, send the whole.",
    ),
    "marks_at_stake": Wording(
        "{marks:mark|marks} of crews would lose what they speak of, such as {first}: {effect}.",
        page="Decide what becomes of each.",
        terminal="Publish with --keep-marks to keep them, or let staff decide for each.",
    ),
    "no_streets_of_rounds": Wording(
        "There are dates for {rounds:round|rounds} and no street with its round in {files}.",
        "Give the file that says which street is in which round as well.",
    ),
    "row_of_other_season": Wording(
        "This row is of season {year}, not {season}.",
        page="Send that season by itself, with the season {year}.",
        terminal="Read that season by itself with --season {year}.",
    ),
}
