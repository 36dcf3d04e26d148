"""What is said of files of streets."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_record": Wording(
        "This record of type {type} cannot be read: it has {fields:field|fields}, or text where "
        "numbers belong.",
        "Export the file again.",
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
    "twin_usrn": Wording(
        "USRN {usrn} stands for {first} in row {first_row} and for {second} in row {second_row}.",
        "{second} is left out: give it its own USRN.",
    ),
}
