"""What is said to those who ask: pages, map and API of residents."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_day_of_answer": Wording(
        'The day "{value}" cannot be read.', "Use a date like 2026-06-17."
    ),
    "bad_height": Wording("Enter a height from {least} to {most} pixels."),
    "bad_latitude": Wording('The latitude "{value}" cannot be.', "Use degrees, like 52.63."),
    "bad_longitude": Wording('The longitude "{value}" cannot be.', "Use degrees, like -1.13."),
    "bad_number": Wording(
        'The {name} "{value}" cannot be read as a number.', "Use one like 52.63."
    ),
    "bad_open311_status": Wording('The status "{value}" is not known.', "Use open or closed."),
    "bad_page_number": Wording(
        'The number "{value}" cannot be read.',
        public='The page "{value}" cannot be shown. Use a number from 1.',
    ),
    "bad_pixels": Wording(
        'The {name} "{value}" cannot be.', "Use a number of pixels, like {usual}."
    ),
    "bad_position": Wording(
        'The position "{lat}, {lon}" cannot be read.', "Use degrees, like 52.63, -1.13."
    ),
    "bad_time": Wording(
        'The {name} "{value}" cannot be read as a time.', "Use one like 2026-01-01T00:00:00Z."
    ),
    "bad_url": Wording('The address "{url}" cannot be read.'),
    "body_of_other_kind": Wording(
        "The parameters did not come as a form; no other body is read, XML neither.",
        "Send them as a form.",
    ),
    "day_before_records": Wording("{day:day} is before these records begin."),
    "day_to_come": Wording(
        "{day:day} is still to come. This map answers for today and earlier days."
    ),
    "edition_of_tiles_gone": Wording(
        'The edition "{edition}" is not current.',
        machine="The field `tiles` of the status names the one that is.",
    ),
    "format_not_offered": Wording("This format is not offered.", "Use format=json or format=xml."),
    "no_gazetteer": Wording("No gazetteer is published yet, so there are no streets."),
    "no_street": Wording(
        'There is no street "{street}" in the gazetteer of {day:day}.',
        "Search for the street by its name.",
    ),
    "no_street_of_that_id": Wording(
        "There is no street with such an id in the gazetteer of {day:day}.",
        "Search for the street by its name.",
    ),
    "no_tile": Wording(
        "There is no tile {tile}.", "Zooms go from {least} to {most}, x and y from 0."
    ),
    "not_to_be_embedded": Wording(
        'What is at "{url}" cannot be embedded.', page="Use the address of a street or the map."
    ),
    "nothing_to_search_for": Wording(
        "There is nothing to search for.", "Use q, like q=main+street."
    ),
    "outside_map": Wording(
        "Latitude {lat}, longitude {lon} lies outside this map.", "Check that they are not swapped."
    ),
    "place_not_in_list": Wording(
        'There is no place "{place}" in this list, or it has fewer streets.',
        page="See all places with grass.",
    ),
    "search_too_long": Wording(
        "The search has {characters:character|characters}.", "Use up to {most:,}."
    ),
    "service_code_missing": Wording("service_code was not given."),
    "street_moved": Wording("The street {street} has the id {new} now."),
    "street_without_position": Wording("We do not know where {street} lies, so there is no map."),
    "unknown_part": Wording('There is no part "{value}".', "Use {choices}, or leave it out."),
    "url_missing": Wording(
        "The url was not given.", page="Use the address of one of the pages of this map."
    ),
    "url_of_others": Wording('The address "{url}" does not belong to this map.'),
}
