"""Finding a street: by what somebody types, or by where they are."""

import math

from mapsvc import crs
from mapsvc.errors import BadRequest, WrongCrs
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.state.council import Council

LONGEST_QUERY = 200
"""Characters of a search that are looked at; no street's name and place need more."""


def search_streets(council: Council, text: str, limit: int = 10) -> list[FoundStreet]:
    """The streets that `text` may name, best first. Empty for text that fits nothing well."""
    return council.moment.atlas.search(text[:LONGEST_QUERY], limit)


def near_names(council: Council, text: str) -> list[FoundStreet]:
    """A few streets whose names look most like a text that found nothing: to ask, not to answer."""
    return council.moment.atlas.near_names(text[:LONGEST_QUERY])


def streets_near(council: Council, lat: float, lon: float, limit: int = 10) -> list[FoundStreet]:
    """The streets closest to a position (EPSG:4326), nearest first, with `distance_m`.

    Raises
    ------
    BadRequest : when the position is none on earth, or lies outside the local CRS
    """
    if not (math.isfinite(lat) and -90 <= lat <= 90):
        raise BadRequest("lat", "bad_latitude", value=str(lat))
    if not (math.isfinite(lon) and -180 <= lon <= 180):
        raise BadRequest("lon", "bad_longitude", value=str(lon))
    try:
        x, y = crs.point_to_local(lon, lat, council.settings.crs)
    except WrongCrs:
        raise BadRequest("lat", "outside_map", lat=str(lat), lon=str(lon)) from None
    return council.moment.atlas.near(x, y, limit)
