"""What is asked about a file before it is published, and the answers to choose from."""

from mapsvc.messages.words import Wording

WORDS = {
    # What is asked
    "ask_dates": Wording('"{text}" can mean different dates. Which are meant?'),
    "ask_if_date": Wording('"{text}" is not certain. Is the cut planned for {dates}?'),
    "ask_beside_date": Wording(
        '"{text}" says "{left_over}" beside the date. Is the cut planned for {dates}?',
        "The words are kept for staff; residents do not read them.",
    ),
    "ask_reason": Wording(
        '"{text}" stands in place of a date. May residents read these words?',
    ),
    "ask_private": Wording(
        'Residents would read "{text}" from the column {column}, and {why}. May they read it?',
    ),
    "has_telephone": Wording("it holds a telephone number"),
    "has_address": Wording("it holds an address of e-mail or of a web site"),
    "says_done": Wording("it says that work was done"),
    "may_name_person": Wording("it may name a person"),
    "ask_order": Wording(
        'The dates in {column} can be read in two ways. Is "{text}" {day_first} or {month_first}?',
    ),
    "ask_order_contradicted": Wording(
        'The dates in {column} are written in two ways: in "{one}" the day comes first, and in '
        '"{other}" the month. Is "{text}" {day_first} or {month_first}?',
    ),
    "ask_turned": Wording(
        'The column {column} holds text such as "{text}" beside real dates such as {day:day}. A '
        "spreadsheet may have exchanged their day and month. Is {day:day} right, or is "
        "{other:day} meant?",
    ),
    "ask_several_streets": Wording(
        '"{text}" names {streets:street|streets}. Is each of them meant?'
    ),
    "ask_beside_street": Wording(
        '"{left_over}" in "{text}" is not a place that the gazetteer has. Does it say where the '
        "grass is?"
    ),
    "left_over_of_street": Wording(
        '"{left_over}" in "{text}" is not part of a street\'s name or place.',
        "Take the words out of the cell, or the row out of the file.",
    ),
    "ask_cut_order": Wording(
        "The cuts of {named} are not in the order of their numbers: cut {number} is on {date} and "
        "cut {other} on {other_date}. Are the dates right?",
    ),
    "ask_long_windows": Wording(
        "{windows:window is|windows are} far longer than the others, such as {date}: {days} days, "
        "where {usual} are usual. Is that right?",
    ),
    "ask_counting_up": Wording(
        "The dates of round {named} count up from row to row, from {first} to {last}, as when a "
        "cell is dragged down. Are the dates of these {rows:row|rows} right?",
    ),
    "ask_rounds_apart": Wording(
        "Rounds {idle} have dates and no street, and {streets:street is|streets are} of rounds "
        "{bare}, which have none. Is that right?",
    ),
    "ask_rounds_bare": Wording(
        "{streets:street is|streets are} of rounds {bare}, which have no dates, where others have. "
        "Is that right?",
    ),
    "ask_smaller": Wording(
        "Replacing what is published would take the dates from {lost:,} of {had:,} streets that "
        "have some; the file has {verges:piece|pieces} of grass.",
        page="Is it a part of the schedule?",
        terminal="Give --add to keep what it does not name, or --replace.",
    ),
    # What can be answered
    "add_to_published": Wording("Add it to what is published. Grass that it does not name stays."),
    "replace_published": Wording(
        "Replace the whole schedule. {lost:street loses|streets lose} all their dates.",
    ),
    "number_by_date": Wording("Number the cuts in the order of their dates."),
    "keep_numbers": Wording("The dates are right, and so are the numbers."),
    "windows_right": Wording("The long ones are right."),
    "take_first_dates": Wording("All rows of the round have the dates of its first row."),
    "rows_right": Wording("Each row has its own dates."),
    "rounds_right": Wording("Yes. Those streets have no dates, and those rounds no street."),
    "take_each_street": Wording("Yes: {names}."),
    "beside_says_where": Wording('Yes. Residents may read "{left_over}" beside the street.'),
    "order_day_first": Wording("The day comes first: {day}."),
    "order_month_first": Wording("The month comes first: {day}."),
    "leave_out_these_dates": Wording("Leave these dates out."),
    "dates_turned": Wording("Day and month were exchanged: {day:day} is meant."),
    "dates_as_typed": Wording("The real dates are right: {day:day}."),
    "take_dates": Wording("Take it as {dates}."),
    "leave_out_dates": Wording("Leave it out. Residents read that there are no dates."),
    "show_reason": Wording('Yes. Residents read: Our schedule says "{text}".'),
    "show_words": Wording("Yes, show it as it is."),
    "leave_out_words": Wording("No. Leave out the words and use the rest of the row."),
    "ask_where_grass_goes": Wording(
        "{street} is not in the new gazetteer, and {verges:verge lies|verges lie} there. Where "
        "does this grass go?"
    ),
    "grass_goes_to": Wording("It is grass of {street}."),
    "grass_goes_nowhere": Wording("Nowhere: residents no longer read of it."),
    "ask_which_street": Wording('Which street is "{text}"?'),
    "leave_out_rows": Wording("Leave out {rows:row|rows}."),
    # What is refused
    "choose_answer": Wording("Choose an answer."),
    "no_reason": Wording('"{text}" cannot be confirmed as a reason: {why}.'),
    "open_questions": Wording(
        "Nothing was published: {questions:question|questions} to answer. The first: {first}",
        terminal="Print them with --json, write a choice for each into that document, and give it "
        "with --answers.",
    ),
    "answer_questions_first": Wording("Answer the questions about your file first."),
    "answers_no_json": Wording(
        "{path} is not a JSON document: {why}.",
        public="This is not a JSON document.",
    ),
    "answers_of_other_form": Wording(
        "These are not the answers to questions about a file.",
        terminal="Give the document that --json printed, with the id of one of the choices in "
        '"choice" of each question.',
        page="Choose an answer to each question.",
    ),
    "answer_not_a_choice": Wording(
        '"{choice}" is not a choice of the question {question}. Its choices are: {choices}.'
    ),
    "reason_withdrawn_already": Wording("This reason was withdrawn already."),
}
