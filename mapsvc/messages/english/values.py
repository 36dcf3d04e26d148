"""What is said of one cell: a USRN, a day, a position, a name."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_phone": Wording(
        '"{phone}" is not a telephone number that can be dialled, so it was left out.',
        "Write it as text with its zero, like 01632 960123.",
    ),
    "bad_usrn": Wording(
        '"{value}" cannot be a USRN.', "Write a number of up to {digits:digit|digits}."
    ),
    "shortened_usrn": Wording(
        '"{value}" is a USRN that the spreadsheet has shortened.',
        "Format the column as text and write the number again.",
    ),
}
