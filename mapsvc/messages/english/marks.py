"""What is said of a mark or a pause that cannot be recorded as given."""

from mapsvc.messages.words import Wording

CHECK_MARK = "Check the cut and the day."
CHECK_COMMAND = "Check --cut and --on, or add --sure if it is so."

WORDS = {
    "mark_to_come": Wording(
        "{on:day} is still to come, and only pauses can be recorded ahead.",
        "Write today, or a day that is over.",
    ),
    "mark_long_before_its_cut": Wording(
        "Cut {cut} of {season} begins on {begins:day}, more than {days:day|days} after {on:day}.",
        CHECK_MARK,
        terminal=CHECK_COMMAND,
    ),
    "mark_before_an_earlier_cut": Wording(
        "Cut {earlier} of {season} comes before cut {cut} and was done on {done:day}, "
        "after {on:day}.",
        CHECK_MARK,
        terminal=CHECK_COMMAND,
    ),
    "mark_of_another_cut": Wording(
        "The cut at hand is cut {at_hand}, and you are marking cut {cut}, planned from "
        "{begins:day}.",
    ),
    "mark_long_ago": Wording("{on:day} is {days:day|days} ago."),
    "round_is_paused": Wording("All of this round is paused. Is the pause over?"),
    "delay_of_a_done_cut": Wording(
        "Cut {cut} of {season} is marked as done since {done:day}, so it cannot be delayed.",
        "Check the cut.",
        terminal="Check --cut, or add --sure if it is so.",
    ),
    "pause_overruled": Wording(
        "Work on this grass was resumed on {day:day}, after {on:day}, so this pause would hold "
        "nothing today.",
        "Write a later first day.",
        terminal="Write a later --on, or add --sure if it is so.",
    ),
    "resumption_overruled": Wording(
        "This grass was paused again on {day:day}, after {on:day}, so nothing would go on today.",
        "Write a later day.",
        terminal="Write a later --on, or add --sure if it is so.",
    ),
}
