"""What is said about files that staff send, their checks, and what was published."""

from mapsvc.messages.words import Wording

WORDS = {
    "no_file_of_edition": Wording("Edition {number} has no such file."),
}
