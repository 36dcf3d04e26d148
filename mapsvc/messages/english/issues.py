"""What is said to residents who report something, and to staff who see to it."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_box": Wording(
        'The box "{value}" cannot be read.', "Use west,south,east,north in degrees."
    ),
    "bad_email": Wording("Enter an email address, like name@example.com, or leave it empty."),
    "bad_position_of_report": Wording(
        'The position "{lat}, {lon}" cannot be read.', "Choose a point, or leave it out."
    ),
    "cut_not_in_list": Wording(
        "This cut is over, or of another street.", "Choose one from the list."
    ),
    "description_too_long": Wording(
        "Your description has {characters:character|characters}.", "Use up to {most:,}."
    ),
    "empty_sentence": Wording("Enter the sentence that people are to read."),
    "far_from_streets": Wording("{lat}, {lon} is more than 500 m from every street of ours."),
    "far_point": Wording(
        "The point on the map is far from {street}.",
        "Move it to the street, leave it out, or report it on the street where it is.",
    ),
    "grass_of_others": Wording(
        "{keeper} looks after the grass there, not we.", "Contact {contact}."
    ),
    "grass_of_others_unreached": Wording("{keeper} looks after the grass there, not we."),
    "issue_closed": Wording("{reference} is closed by now.", "Report what you see as a new issue."),
    "issue_closed_or_elsewhere": Wording(
        "This issue is closed by now, or somewhere else.", "Start again."
    ),
    "news_link_broken": Wording(
        "What you opened is not whole.",
        public="This link is not whole. Open it from the mail again, or copy all of it.",
    ),
    "news_link_used": Wording(
        "What you opened was used before, or it is older than 48 hours.",
        public="This link was used before, or it is older than 48 hours. If you still want news, "
        "report the problem again: we then know that it is still there.",
    ),
    "no_address_to_erase": Wording("Enter the email address to erase."),
    "no_category_chosen": Wording("Choose what it is from the list."),
    "no_cut_chosen": Wording("Choose the cut that it is planned for."),
    "no_description": Wording("Say in a few words what is wrong."),
    "no_email": Wording("Enter an email address, like name@example.com."),
    "no_issue": Wording("There is no issue {issue}."),
    "no_issue_of_reference": Wording(
        'There is no issue "{reference}".', "Check its letters and numbers."
    ),
    "no_next_state_chosen": Wording("Choose what becomes of it."),
    "no_one_street": Wording(
        '"{address}" names no one street.', "Send lat and long, or the address_id of a street."
    ),
    "no_place": Wording("No place came.", "Send lat and long, or the address_id of a street."),
    "no_public_sentence": Wording(
        "Say in a sentence that everybody may read why nothing more happens:",
        "choose a saved reply, or write your own.",
    ),
    "no_reference": Wording("Enter the reference of the issue that this one repeats."),
    "no_service": Wording(
        "service_code {service} was not found.", machine="GET services lists them all."
    ),
    "no_such_step": Wording(
        "An issue that is “{state}” cannot become “{following}”.", "It can become: {choices}."
    ),
    "nothing_chosen_to_report": Wording("Select what the problem is."),
    "point_km_away": Wording(
        "The point on the map is {km:,.1f} km from {street}.",
        "Move it to the street, leave it out, or report it on the street where it is.",
    ),
    "repeats_a_repetition": Wording(
        "{reference} repeats another issue itself.", "Enter the reference of that one."
    ),
    "repeats_itself": Wording("{reference} cannot repeat itself.", "Enter the other reference."),
    "report_not_whole": Wording(
        "The form did not arrive whole. Nothing was sent.", "Send it again."
    ),
    "report_too_old": Wording(
        "What you filled in was opened more than 12 hours ago. Nothing was sent.",
        "Check that what you wrote is still so, and send it again.",
    ),
    "sentence_too_long": Wording(
        "The sentence has {characters:character|characters}.", "Use up to {most:,}."
    ),
    "span_too_long": Wording(
        "start_date and end_date are more than 90 days apart.", "Ask for less at once."
    ),
    "too_many_reports": Wording(
        "More reports came in the last hour than we take this way. Nothing was sent.",
        "Try again in an hour.",
    ),
    "too_many_reports_call": Wording(
        "More reports came in the last hour than we take this way. Nothing was sent.",
        "Try again in an hour, or call us on {phone}.",
    ),
    "trap_not_empty": Wording("The last field must stay empty. Nothing was sent."),
    "unknown_state": Wording('An issue cannot be "{value}".', "Choose a state from the list."),
    "where_too_long": Wording(
        "Where it is has {characters:character|characters}.", "Use up to {most:,}."
    ),
}
