"""What is said about a form of our own that did not come as it was sent out."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_day": Wording("Enter a date, like 17/6/2026."),
    "bad_season": Wording("Enter a year, like 2026."),
    "day_of_no_record": Wording(
        "{day:day} lies outside these records.", "Enter a day from {year}."
    ),
    "form_not_whole": Wording(
        "This form did not come whole. Nothing was changed.", page="Reload it and send it again."
    ),
    "form_of_earlier_session": Wording(
        "This form is from an earlier session, or did not come whole. Nothing was changed.",
        page="Go back, reload the page and send it again.",
    ),
    "form_of_other_site": Wording("This form was sent from another site. Nothing was changed."),
    "last_day_before_first": Wording(
        "The last day, {last:day}, is before the first, {first:day}.", "Check both days."
    ),
    "no_such_list": Wording("This file has no such list."),
    "number_out_of_range": Wording(
        '"{value}" cannot be used.', "Enter a number from {least} to {most}."
    ),
    "unknown_activity": Wording('"{value}" cannot be chosen.', "Choose one of: {choices}."),
}
