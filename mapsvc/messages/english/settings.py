"""What is said to whoever runs the service: settings, ports, folders. Nobody else reads it."""

from mapsvc.messages.words import Wording

NOT_SET_UP = "This service is not set up right. Tell whoever runs it."

WORDS = {
    "bad_month_of_calls": Wording(
        '"{value}" cannot be read as a month and its calls.', "Enter them like 2026-05=412."
    ),
    "categories_unreadable": Wording(
        "{path} of MAPSVC_CATEGORIES cannot be read: {reason}.",
        "Save it as CSV in UTF-8.",
        public=NOT_SET_UP,
    ),
    "category_not_yes_or_no": Wording(
        "Row {row} of {path} cannot be used:", "write yes or no under {column}.", public=NOT_SET_UP
    ),
    "category_to_nobody": Wording(
        'The category "{category}" goes to "{recipient}", which MAPSVC_BACK_OFFICES does not list.',
        "Add it there, or write mailto: and an address.",
        public=NOT_SET_UP,
    ),
    "category_twice": Wording(
        '{path} has the code "{category}" twice.',
        "Give each category its own.",
        public=NOT_SET_UP,
    ),
    "category_unnamed": Wording(
        "Row {row} of {path} cannot be used:", "it needs a code and a name.", public=NOT_SET_UP
    ),
    "headings_missing": Wording(
        "{path} lacks headings or rows.",
        "It needs the headings {headings}, and rows below them.",
        public=NOT_SET_UP,
    ),
    "no_folder_of_statements": Wording(
        "MAPSVC_STATEMENTS={folder}: there is no such folder.",
        "Make it, or unset it.",
        public=NOT_SET_UP,
    ),
    "office_badly_named": Wording("its name needs letters, digits, dots and dashes"),
    "office_not_https": Wording(
        'the endpoint "{endpoint}" does not begin with https://',
        public="its endpoint is not encrypted",
    ),
    "office_not_yes_or_no": Wording("write yes or no under private"),
    "office_unusable": Wording("Row {row} of {path} cannot be used: {reason}.", public=NOT_SET_UP),
    "offices_unreadable": Wording(
        "{path} of MAPSVC_BACK_OFFICES cannot be read: {reason}.", public=NOT_SET_UP
    ),
    "other_demo": Wording(
        "{folder} holds {streets:street|streets}, and this demo has {asked:,}.",
        "Name another folder with --data.",
        public=NOT_SET_UP,
    ),
    "port_taken": Wording(
        "Port {port} of {host} cannot be had: {reason}.",
        "Stop what has it, or choose another one with --port.",
        public=NOT_SET_UP,
    ),
    "statement_unreadable": Wording(
        "{path} of MAPSVC_STATEMENTS cannot be read: {reason}.",
        "Save it as text in UTF-8.",
        public=NOT_SET_UP,
    ),
}
