"""What is said about files that staff send, their checks, and what was published."""

from mapsvc.messages.words import Wording

WORDS = {
    "check_broke_off": Wording(
        "The check did not come to its end.",
        "Send the table alone, saved as CSV; if that does not help either, tell whoever runs this "
        "service.",
    ),
    "edition_not_a_schedule": Wording("Edition {number} does not hold a schedule."),
    "edition_not_waiting": Wording("Edition {number} no longer waits to be published."),
    "edition_of_other_kind": Wording(
        "Edition {number} is a {kind} edition.",
        page="Put it back among those of its kind.",
        terminal="Write: mapsvc rollback {kind} {number}",
    ),
    "edition_published_meanwhile": Wording(
        "Somebody ({by}) published the {edition} on {day:day} at {time} UTC, after you read your "
        "files. Nothing of yours was published.",
        "Read your files again to see what they would change now.",
    ),
    "edition_taken_meanwhile": Wording(
        "Somebody took back the {edition} after you read your files. Nothing of yours was "
        "published.",
        "Read your files again to see what they would change now.",
    ),
    "files_not_kept": Wording(
        "The files of upload {upload} are no longer kept.", "Send them again."
    ),
    "files_of_one_name": Wording(
        "{first} and {second} have the same name, so nobody could tell their rows apart.",
        "Give one of them another name.",
    ),
    "kind_published_meanwhile": Wording(
        "Somebody published the {kind} after this file was checked. Nothing of yours was "
        "published.",
        "Check it again to see what it would change now.",
    ),
    "mark_recorded_meanwhile": Wording(
        "Somebody recorded a mark at this moment, so nothing was published.",
        "Look at the check again: it may concern your file.",
    ),
    "marks_undecided": Wording("Decide what becomes of {marks:mark|marks}."),
    "no_edition": Wording(
        "There is no edition {number}, or it is no longer kept: of each kind the newest {kept} are "
        "kept.",
        page="Look at the list of what was published.",
        terminal="Write mapsvc editions to see them.",
    ),
    "no_file": Wording("There is no file {file}.", "Check the name and the folder."),
    "no_file_chosen": Wording("Choose a file to send."),
    "no_file_of_edition": Wording("Edition {number} has no such file."),
    "no_job": Wording("There is no job {job}.", page="Look at the list of jobs."),
    "no_kind_chosen": Wording("Choose what the files hold."),
    "no_upload": Wording("There is no upload {upload}.", page="Look at the list of uploads."),
    "nothing_published": Wording("Nothing was published. {problem}"),
    "one_column_twice": Wording(
        'Both "{first}" and "{second}" are said to mean {column}.', "Choose one."
    ),
    "problems_not_accepted": Wording(
        "Rows with problems would be left out.",
        public="Tick that the rows with problems may be left out.",
    ),
    "schedule_too_long_to_send": Wording(
        "This schedule has {verges:verge|verges}, and a spreadsheet that is sent may have "
        "{most:row|rows}.",
        page="Ask whoever runs this service to publish it.",
        terminal="Publish it from the command line.",
    ),
    "schedule_without_gazetteer": Wording(
        "There is no gazetteer yet, so a schedule's streets cannot be found.",
        page="Publish one first.",
        terminal="Publish one first: mapsvc ingest gazetteer FILE --publish",
    ),
    "streets_without_position": Wording(
        "We do not know where these streets lie, so there is no map."
    ),
    "too_many_files": Wording("These are {files:file|files}.", "Send at most {most} at once."),
    "unknown_column": Wording('No file of this kind has a column "{column}".', "Choose another."),
    "update_without_gazetteer": Wording(
        "{file} holds changes to a gazetteer, and none is published yet.",
        "Publish a full supply first.",
    ),
    "upload_not_ready": Wording(
        "Upload {upload} is not ready to be published.", page="Look at its check."
    ),
    "upload_not_waiting": Wording("Upload {upload} no longer waits to be checked."),
    "upload_over": Wording("Upload {upload} was published or dropped already."),
}
