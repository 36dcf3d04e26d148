"""What is said of files of streets."""

from mapsvc.messages.words import Wording

WORDS = {
    "areas_in_place_of_streets": Wording(
        "{file} holds {areas:area|areas} and no streets.",
        page="If these are parishes or wards, send them as boundaries.",
        terminal="For parishes and wards use: mapsvc ingest boundaries {file}",
    ),
    "bad_record": Wording(
        "This record of type {type} cannot be read: it has {fields:field|fields}, or text where "
        "numbers belong.",
        "Export the file again.",
    ),
    "column_empty": Wording(
        "The column {column} is empty in every row.",
        "Give a file with the streets' names, or say which column has them.",
    ),
    "far_from_all": Wording(
        "{street}, at {position}, lies {kilometres:,} km from all other streets of the file.",
        "It is left out: correct its coordinates, or take the row out.",
    ),
    "kept_without_usrn": Wording("{fault} The street is kept without it."),
    "many_rows_lost": Wording(
        "{lost:,} of {rows:,} rows would be left out, which is more than one in a hundred.",
        page="Correct these rows or take them out of the file, and send it again.",
        terminal="Correct them, or publish without them with --accept-losses.",
    ),
    "name_too_long": Wording(
        '"{name} …" is too long for a street\'s name ({letters:letter|letters}).',
        "Shorten it, or take the row out.",
    ),
    "name_without_record": Wording(
        "{street} has a name and no position: there is no record of type 11 for USRN {usrn}.",
        "It is left out.",
    ),
    "no_named_street": Wording(
        "There is no named street in {files} ({rows:row|rows} read, {nameless:,} without a name).",
        "Give a file with the streets' names and positions.",
    ),
    "no_position": Wording(
        "{name} has no position.", "Write its easting and northing, or its lon and lat."
    ),
    "not_drawn": Wording(
        "{name} has no line and no point in the layer.", "Draw it there, or take it out."
    ),
    "record_without_usrn": Wording(
        "This record names no street.", "Write its USRN in the fourth field."
    ),
    "records_without_names": Wording(
        "{files} has street records (type 11) and no names (type 15).",
        "Give the whole transfer file, usually named like 1234_LG.csv.",
    ),
    "row_without_name": Wording("This row has no street name.", "Write one, or take the row out."),
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
    "two_formats": Wording(
        "{file} is of the format {format} and {other} of {first}.",
        "Read files of one format at a time.",
    ),
    "unknown_format": Wording('There is no format "{value}".', "Use one of {formats}."),
    "usrns_without_names": Wording(
        "{files} has USRNs and no street names.",
        page="Send it together with a file of names, such as OS Open Roads.",
        terminal="Give it together with a file of names, such as OS Open Roads: mapsvc ingest "
        "gazetteer {files} oproad_gb.gpkg",
    ),
}
