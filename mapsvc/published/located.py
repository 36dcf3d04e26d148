"""The streets of a gazetteer in their parishes, wards and villages, as everything speaks of them.

Search, matching, sentences and the map's labels have their places from here: boundaries may be
published after the gazetteer, and outlines say more than the nearest point.
"""

import geopandas as gpd

from mapsvc.ingest.gazetteer.localities import with_localities
from mapsvc.ingest.gazetteer.parish_lookup import with_areas
from mapsvc.ingest.gazetteer.sources import OPEN_STREET_MAP
from mapsvc.search.place_names import shown_place
from mapsvc.store.database import Store
from mapsvc.store.editions import Edition


def streets_in_their_places(
    store: Store, gazetteer: Edition, boundaries: Edition | None
) -> gpd.GeoDataFrame:
    """The streets of a gazetteer with the places that boundaries give them.

    Returns
    -------
    STREET_COLUMNS and `parish_code`, see `with_areas`
    """
    streets = _as_said(store.editions.streets(gazetteer.number))
    if boundaries is None:
        return streets.assign(parish_code="")
    areas = store.editions.boundaries(boundaries.number)
    if gazetteer.source == OPEN_STREET_MAP.source:
        settlements = store.editions.places(gazetteer.number)
        if settlements and (areas["kind"] == "parish").any():
            nowhere = streets.assign(locality="", town="")
            streets = with_localities(nowhere, settlements, areas)
    return with_areas(streets, areas)


def _as_said(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Parishes and wards without `CP` and the like, as boundaries give them too."""
    columns = {}
    for column in ("parish", "ward"):
        written = set(streets[column])
        columns[column] = streets[column].map({text: shown_place(text) for text in written})
    return streets.assign(**columns)
