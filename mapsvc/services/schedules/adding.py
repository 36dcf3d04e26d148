"""What becomes of the grass that a schedule does not name: it goes, or it stays as it is."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from mapsvc.ingest.compare.changes import left_without_dates
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Question, QuestionChoice, Report
from mapsvc.store.editions import ScheduleContent

ADD, REPLACE = "add", "replace"


def settled(
    content: ScheduleContent, before: ScheduleContent, how: str, report: Report
) -> ScheduleContent:
    """The content to publish: the file's alone, or with what it does not name.

    A file that would take the dates from more than a third of the streets that have some is asked
    about, once all else that was asked of it is answered: cells without an answer have no dates.

    Parameters
    ----------
    how : ADD, REPLACE, or empty where nobody said
    """
    lost, had = left_without_dates(content, before)
    if not how and 3 * lost > had and not report.open_questions:
        how = report.ask(_question(lost, had, len(content.verges)))
    if how != ADD:
        return content
    added = _with_others(content, before)
    if stay := len(added.verges) - len(content.verges):
        report.notes.append(f"{stay:,} pieces of grass that no row names stay as they are.")
    return added


def _question(lost: int, had: int, verges: int) -> Question:
    return Question(
        "smaller",
        "",
        Message("ask_smaller", lost=lost, had=had, verges=verges),
        (
            QuestionChoice(ADD, Message("add_to_published")),
            QuestionChoice(REPLACE, Message("replace_published", lost=lost)),
        ),
        preselected=ADD,
        likelier=ADD,
    )


def _with_others(content: ScheduleContent, before: ScheduleContent) -> ScheduleContent:
    """The content and, of the edition before, the verges and rounds that it does not name.

    A row that names a street and neither a class nor a stretch speaks of all its grass.
    """
    verges, old = content.verges, before.verges
    is_whole = (verges["kind"] == "") & (verges["stretch"] == "")
    spoken_of = {street for listed in verges["streets"][is_whole] for street in listed.split(";")}
    is_kept = [
        id not in named and spoken_of.isdisjoint(listed.split(";"))
        for named in [set(verges["id"])]
        for id, listed in zip(old["id"], old["streets"], strict=True)
    ]
    kept = old.loc[is_kept, list(verges.columns)].copy()
    kept["programme"] += len(content.programmes)
    both = pd.concat([verges.astype(object), kept.astype(object)], ignore_index=True)
    frame = gpd.GeoDataFrame(both, geometry="geometry", crs=verges.crs)
    frame["programme"] = frame["programme"].astype(int)
    codes = {known.code.casefold() for known in content.rounds}
    others = (known for known in before.rounds if known.code.casefold() not in codes)
    return replace(
        content,
        verges=frame,
        rounds=(*content.rounds, *others),
        programmes=(*content.programmes, *before.programmes),
    )
