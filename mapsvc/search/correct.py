"""Corrections: names and places that look like what was typed, weighed together.

The groups of letters bring candidates, the distance in letters decides. See `scores` for what a
likeness is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mapsvc.search.grams import Floats, Ints, best
from mapsvc.search.query import Query, Reading
from mapsvc.search.shelf import Shelf

MOST_NAMES, MOST_PLACES = 64, 24
"""Candidates whose distance in letters is taken."""
MOST_READINGS = 5
LEAST_PLACE = 0.6
"""A place less like than this is not taken to be meant."""
LEAST = 0.5


def corrected(shelf: Shelf, query: Query, limit: int) -> list[tuple[int, float, bool]]:
    """Labels that look like what was typed: number, likeness from 0 to 1, whether by other name."""
    if not query.readings or not len(shelf.names):
        return []
    names = best(shelf.names.likeness(query.street), MOST_NAMES)
    places = best(shelf.places.likeness(query.street), MOST_PLACES)
    if not len(names):
        return []
    readings, place_like = _likely_readings(shelf, query, places)
    name_like = cdist(
        [reading.name for reading in readings],
        shelf.names.texts(names),
        scorer=OSA.normalized_similarity,
        dtype=np.float32,
    )
    uses = shelf.uses_of(names)
    which = np.searchsorted(names, uses.name)
    scores = np.zeros(len(uses.at))
    for number, reading in enumerate(readings):
        score = name_like[number][which]
        if reading.place:
            sets = shelf.likeness_of_sets(places, place_like[number])
            share = len(reading.name) / (len(reading.name) + len(reading.place))
            score = share * score + (1 - share) * sets[shelf.row_sets[uses.at]]
        np.maximum(scores, score, out=scores)
    chosen = np.argsort(-scores, kind="stable")[:limit]
    return [
        (int(uses.at[at]), float(scores[at]), bool(uses.alt[at]))
        for at in chosen.tolist()
        if scores[at] >= LEAST
    ]


def _likely_readings(shelf: Shelf, query: Query, places: Ints) -> tuple[list[Reading], Floats]:
    """The readings of which a known place is part, or none at all; with each place's likeness."""
    readings = list(query.readings)
    like = cdist(
        [reading.place for reading in readings],
        shelf.places.texts(places),
        scorer=OSA.normalized_similarity,
        dtype=np.float32,
    )
    if not len(places):
        return readings[:1], like
    closest = like.max(axis=1)
    closest[[not reading.place for reading in readings]] = 1
    order = [at for at in np.argsort(-closest, kind="stable") if closest[at] >= LEAST_PLACE]
    order = order[:MOST_READINGS]
    return [readings[at] for at in order], like[order]
