"""The open issues on the streets of a round: what its crew is told, and may say is done too."""

from mapsvc.domain.issues import ShownIssue
from mapsvc.services.answers.teller import Answers, Teller
from mapsvc.services.marks.round_view import Work


def open_issues_of(answers: Answers, work: Work) -> list[tuple[str, ShownIssue]]:
    """Each open issue of the round's streets with the street's name; those whose grass was cut
    since come first.
    """
    council = answers.council
    teller = Teller(council, council.moment, council.today())
    found: dict[int, tuple[str, ShownIssue]] = {}
    for part in work.parts:
        street = council.moment.atlas.street(part.target.code)
        if part.target.level == "street" and street:
            for shown in teller.issues_of(street.street):
                found[shown.issue.id] = part.name, shown
    return sorted(found.values(), key=lambda pair: (pair[1].cut_since is None, pair[1].issue.id))
