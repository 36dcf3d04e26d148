"""What is said to residents who report something, and to staff who see to it."""

from mapsvc.messages.words import Wording

WORDS = {
    "bad_position_of_report": Wording(
        'The position "{lat}, {lon}" cannot be read.', "Choose a point, or leave it out."
    ),
    "cut_not_in_list": Wording(
        "This cut is over, or of another street.", "Choose one from the list."
    ),
    "issue_closed_or_elsewhere": Wording(
        "This issue is closed by now, or somewhere else.", "Start again."
    ),
    "no_next_state_chosen": Wording("Choose what becomes of it."),
    "no_such_step": Wording(
        "An issue that is “{state}” cannot become “{following}”.", "It can become: {choices}."
    ),
}
