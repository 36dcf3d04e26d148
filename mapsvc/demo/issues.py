"""What the residents of the invented council reported: every category, every state of life."""

from typing import NamedTuple

from mapsvc.domain.issues import State


class Reported(NamedTuple):
    """One report: how many days before the demo's day, and the states that it went through.

    `sentence` is what everybody reads about its last step.
    """

    category: str
    text: str
    stretch: str
    days_ago: int
    states: tuple[State, ...] = ()
    sentence: str = ""
    noticed: int = 0
    is_released: bool = False


REPORTED = (
    Reported("grass-too-long", "It is up to my knees along the whole row.", "by the bus stop", 2),
    Reported(
        "grass-too-long",
        "The corner was left out when the rest was cut.",
        "corner with the green",
        14,
        (State.TRIAGED, State.PLANNED),
        "We have put the corner on the list of the next cut.",
        noticed=4,
        is_released=True,
    ),
    Reported("view-blocked", "I cannot see cars from the left.", "at the junction", 1, noticed=2),
    Reported(
        "view-blocked",
        "Cow parsley hides the bend.",
        "",
        9,
        (State.IN_PROGRESS,),
        "A crew is on its way round the junctions of this parish.",
    ),
    Reported(
        "path-blocked", "My pram does not get through.", "between 4 and 10", 6, (State.TRIAGED,)
    ),
    Reported(
        "path-blocked",
        "Brambles hang over the pavement.",
        "behind the school",
        30,
        (State.TRIAGED, State.FIXED),
        "Our crew cut it back.",
        is_released=True,
    ),
    Reported("sign-hidden", "The 30 sign is behind a bush.", "coming from the north", 4),
    Reported(
        "cuttings-left",
        "The gully is full of cuttings.",
        "",
        11,
        (State.NO_ACTION,),
        "We looked and found the gully clear.",
    ),
    Reported("damage", "The mower took a piece out of our kerb.", "outside number 31", 8),
    Reported(
        "cut-too-early",
        "The cowslips were in flower.",
        "",
        25,
        (State.NOT_OURS,),
        "This is not our grass. We have told those who look after it.",
    ),
    Reported("other", "Could this be a place for wild flowers?", "", 18, (State.TRIAGED,)),
    Reported(
        "grass-too-long",
        "Long grass by the bus stop.",
        "",
        1,
        (State.DUPLICATE,),
        "This was reported before.",
    ),
)
