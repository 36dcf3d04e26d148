"""What is said of files of streets."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_record": Wording(
        "This record of type {type} cannot be read: it has {fields:field|fields}, or text where "
        "numbers belong.",
        "Export the file again.",
    ),
    "far_from_all": Wording(
        "{street}, at {position}, lies {kilometres:,} km from all other streets of the file.",
        "It is left out: correct its coordinates, or take the row out.",
    ),
    "many_rows_lost": Wording(
        "{lost:,} of {rows:,} rows would be left out, which is more than one in a hundred.",
        page="Correct these rows or take them out of the file, and send it again.",
        terminal="Correct them, or publish without them with --accept-losses.",
    ),
    "name_without_record": Wording(
        "{street} has a name and no position: there is no record of type 11 for USRN {usrn}.",
        "It is left out.",
    ),
    "record_without_usrn": Wording(
        "This record names no street.", "Write its USRN in the fourth field."
    ),
    "street_to_change_unknown": Wording(
        "Street {street} is to be {change} and is not in the published gazetteer, or has no name "
        "or position in either. It is left out:",
        "ask for a full supply.",
    ),
    "swapped": Wording(
        "{street}, at {position}, looks as if its two coordinates were in the wrong order.",
        "It is left out: swap the two and try again.",
    ),
    "twin_usrn": Wording(
        "USRN {usrn} stands for {first} in row {first_row} and for {second} in row {second_row}.",
        "{second} is left out: give it its own USRN.",
    ),
}
