"""Streets with grass that a new gazetteer has no more: asked where their grass goes, never lost."""

from collections.abc import Mapping, Sequence

import geopandas as gpd

from mapsvc.domain.schedule import Verge
from mapsvc.ingest.compare.succession import successors
from mapsvc.ingest.matching.street_index import StreetIndex
from mapsvc.messages.catalogue import Message
from mapsvc.problems import LEAVE_OUT, Question, QuestionChoice, Report


def grass_moved(
    new: gpd.GeoDataFrame,
    before: gpd.GeoDataFrame,
    moved: Mapping[str, str],
    with_grass: Mapping[str, Sequence[Verge]],
    report: Report,
) -> dict[str, str]:
    """The ids of streets that are gone → those of the streets that have their grass now.

    Each is a question while nobody says; nothing is published before it is answered. The old
    address then leads to the new street, which is found by the old name too.

    Parameters
    ----------
    new, before : STREET_COLUMNS, same CRS, ids carried over
    moved : ids of before that became others anyway
    with_grass : the verges of current schedules by the ids of their streets
    """
    known, now = set(before["id"]), set(new["id"])
    gone = [id for id in with_grass if id in known and id not in now and id not in moved]
    if not gone:
        return {}
    old_names, new_names = StreetIndex(before), StreetIndex(new)
    found: dict[str, str] = {}
    for id in gone:
        candidates = successors(id, new, before, known)
        name = old_names.full_name(old_names.by_id[id])
        words = new_names.told_apart([new_names.by_id[one] for one in candidates])
        choices = [
            QuestionChoice(one, Message("grass_goes_to", street=word))
            for one, word in zip(candidates, words, strict=True)
        ]
        choices.append(QuestionChoice(LEAVE_OUT, Message("grass_goes_nowhere")))
        question = Question(
            "gone_street",
            id,
            Message("ask_where_grass_goes", street=name, verges=len(with_grass[id])),
            tuple(choices),
            value=id,
            likelier=candidates[0] if candidates else "",
        )
        choice = report.ask(question)
        if choice and choice != LEAVE_OUT:
            found[id] = choice
    return found
