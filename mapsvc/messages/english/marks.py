"""What is said to crews and the office about marks, pauses, moved dates and notices."""

from mapsvc.messages.words import Wording

CHECK_MARK = "Check the cut and the day."
CHECK_COMMAND = "Check --cut and --on, or add --sure if it is so."

WORDS = {
    "bad_target": Wording(
        '"{value}" does not say what is meant.',
        page="Choose it again.",
        terminal="Write verge:ID, street:ID, round:CODE, kind:KIND, place:PLACE or all.",
    ),
    "delay_of_a_done_cut": Wording(
        "Cut {cut} of {season} is marked as done since {done:day}, so it cannot be delayed.",
        "Check the cut.",
        terminal="Check --cut, or add --sure if it is so.",
    ),
    "ends_before_it_begins": Wording(
        "It ends on {day:weekday}, before it begins.", "Check both days."
    ),
    "event_is_a_withdrawal": Wording(
        "Event {event} takes back event {of}, so it cannot be taken back itself.",
        "Record the mark again instead.",
    ),
    "event_withdrawn": Wording("Event {event} is withdrawn already."),
    "every_street_left": Wording(
        "Every street is named as left.",
        public="You ticked every street as left. Tap Started if nothing is done yet.",
    ),
    "expected_before_mark": Wording(
        "The new date, {day:weekday}, lies before the day of the mark, {on:weekday}.",
        "Give a later day.",
    ),
    "last_day_over": Wording("The last day, {day:weekday}, is over.", "Check it."),
    "left_long_over_years": Wording(
        "The weeks must lie within one year, {year}.", "Check both days."
    ),
    "mark_before_an_earlier_cut": Wording(
        "Cut {earlier} of {season} comes before cut {cut} and was done on {done:day}, "
        "after {on:day}.",
        CHECK_MARK,
        terminal=CHECK_COMMAND,
    ),
    "mark_before_its_cut": Wording(
        "{day:weekday} is too long ago for this cut.", "Check the year."
    ),
    "mark_long_ago": Wording("{on:day} is {days:day|days} ago."),
    "mark_long_before_its_cut": Wording(
        "Cut {cut} of {season} begins on {begins:day}, more than {days:day|days} after {on:day}.",
        CHECK_MARK,
        terminal=CHECK_COMMAND,
    ),
    "mark_of_another_cut": Wording(
        "The cut at hand is cut {at_hand}, and you are marking cut {cut}, planned from "
        "{begins:day}.",
    ),
    "mark_of_day_to_come": Wording(
        "{day:weekday} is still to come.", "Enter today, or a day that is over."
    ),
    "mark_of_no_single_cut": Wording(
        "{kind} speaks of one cut, so it needs a verge, a street or a round.",
        page="Choose one of those.",
        terminal="Write verge:ID, street:ID or round:CODE; {target} is for suspended and resumed.",
    ),
    "mark_of_several_rounds": Wording(
        "The grass of street {street} lies in several rounds ({rounds}), so a mark on the street "
        "would not say which.",
        page="Mark it in its round.",
        terminal="Mark round:CODE or verge:ID instead.",
    ),
    "mark_of_several_streets": Wording(
        "This mark speaks of several streets.", "Take it back and mark them again."
    ),
    "mark_to_come": Wording(
        "{on:day} is still to come, and only pauses can be recorded ahead.",
        "Write today, or a day that is over.",
    ),
    "mark_too_long_ago": Wording("{day:weekday} is too long ago for a mark.", "Check the year."),
    "mark_without_cut": Wording(
        "{target} has dated cuts, so {kind} must name one.",
        terminal="Add --cut with {cuts}.",
        public="Choose which cut you mean: {cuts}. Nothing was marked.",
    ),
    "new_date_over": Wording("The new date, {day:weekday}, is over.", "Enter a later one."),
    "no_cut_of_round": Wording("Round {round} no longer has cut {cut} of {season}."),
    "no_dated_cuts": Wording(
        "{target} has no dated cuts, so there is no cut {cut}.",
        page="Look at the round again.",
        terminal="Leave --cut out.",
    ),
    "no_event": Wording("There is no event {event}.", "The newest is {newest}."),
    "no_events": Wording("There is no event {event}: none was recorded yet."),
    "no_first_day_left_long": Wording("Enter the first day on which the grass is left long."),
    "no_grass_chosen": Wording("Choose the grass that you mean."),
    "no_grass_there": Wording(
        'No grass in the published schedules has the {level} "{target}".',
        page="Choose it again from the list.",
        terminal="Check the spelling: `mapsvc street ID --json` lists verges and rounds.",
    ),
    "no_last_day_left_long": Wording("Enter the last day on which the grass is left long."),
    "no_mark": Wording(
        "There is no mark {mark}, or it was taken back already.", page="Look at the round again."
    ),
    "no_notice": Wording("There is no notice {notice}, or it was removed before."),
    "no_open_pause": Wording(
        "There is no open pause {pause}. It may have ended:", "look at the list."
    ),
    "no_reason_chosen": Wording("Choose a reason from the list."),
    "no_reason_left_long": Wording("Enter the reason, in up to {most:character|characters}."),
    "no_round": Wording(
        'There is no round "{round}" in the published schedules. It may have another code since '
        "the last publication:",
        "look at the list of rounds.",
    ),
    "no_rounds_chosen": Wording("Choose the rounds that you mean."),
    "no_streets_chosen": Wording("Choose the streets that you mean first."),
    "no_streets_left_named": Wording("Choose the streets that are left."),
    "no_such_cut": Wording(
        "{target} has no cut {cut}. It has {cuts}.", page="Choose one of those."
    ),
    "nothing_happened_chosen": Wording("Choose what happened."),
    "nothing_left_long": Wording(
        "None of the council's grass fits your choice.", "Choose grass that is there."
    ),
    "nothing_paused": Wording("Choose what is paused."),
    "nothing_to_pause": Wording(
        "No verges are published, so there is nothing to pause.", "Publish a schedule first."
    ),
    "notice_too_long": Wording(
        "The notice has {characters:character|characters}.", "Use up to {most:,}."
    ),
    "notice_without_text": Wording("Enter what residents are to read."),
    "pause_far_away": Wording("{day:weekday} is more than a year away.", "Check the year."),
    "pause_over_with_its_year": Wording(
        "A pause from {day:weekday} without a last day ended with its year.", "Give the last day."
    ),
    "pause_overruled": Wording(
        "Work on this grass was resumed on {day:day}, after {on:day}, so this pause would hold "
        "nothing today.",
        "Write a later first day.",
        terminal="Write a later --on, or add --sure if it is so.",
    ),
    "pause_unchanged": Wording("Nothing is different yet.", "Change the last day or the reason."),
    "pause_with_cut": Wording(
        "{kind} speaks of days, not of a cut.",
        page="Choose no cut.",
        terminal="Leave --cut out.",
    ),
    "pause_without_reason": Wording("Enter the reason. Residents read it."),
    "reason_too_long": Wording(
        "The reason has {characters:character|characters}.", "Use up to {most:,}."
    ),
    "resumption_overruled": Wording(
        "This grass was paused again on {day:day}, after {on:day}, so nothing would go on today.",
        "Write a later day.",
        terminal="Write a later --on, or add --sure if it is so.",
    ),
    "round_is_paused": Wording("All of this round is paused. Is the pause over?"),
    "round_of_others": Wording(
        "You are signed in as {name}, and the round {round} is not yours. Nothing was changed.",
        "Ask your administrator if it should be.",
    ),
    "schedule_published_meanwhile": Wording(
        "Somebody published a schedule meanwhile, so the dates may be others now. Nothing was "
        "changed.",
        page="Go back and look again.",
    ),
    "street_not_in_round": Wording(
        "{street} is no longer in this round.", "Look at the list again."
    ),
    "too_late_to_undo": Wording(
        "It is more than ten minutes since this was marked, or somebody else marked it.",
        page="Open the mark and take it back or correct it there.",
    ),
    "unknown_area": Wording('"{value}" is not in the published schedules.', "Choose again."),
    "unknown_cut": Wording("Choose a cut from the list."),
    "unknown_mark": Wording('Nothing can be marked as "{value}".', "Use one of: {kinds}."),
    "until_before_mark": Wording(
        "The last day, {day:weekday}, lies before the first, {on:weekday}.", "Give a later day."
    ),
}
