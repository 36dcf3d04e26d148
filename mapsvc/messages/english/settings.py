"""What is said to whoever runs the service: settings, ports, folders. Nobody else reads it."""

from mapsvc.messages.words import Wording

NOT_SET_UP = "This service is not set up right. Tell whoever runs it."

WORDS = {
    "no_folder_of_statements": Wording(
        "MAPSVC_STATEMENTS={folder}: there is no such folder.",
        "Make it, or unset it.",
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
