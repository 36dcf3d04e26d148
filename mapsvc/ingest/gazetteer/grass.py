"""Grass polygons that come with a gazetteer, each tied to the street that it lies along."""

import geopandas as gpd
import numpy as np
import shapely

GRASS_REACH = 30.0
"""Grass further than this from every street is a field or a park, and has no street."""

GRASS_COLUMNS = ("name", "kind", "street", "geometry")


def with_nearest_streets(grass: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same polygons with `street`, the id of the street within `GRASS_REACH`, or "".

    Distance is from the edge of the grass to the line of the street. Of several streets that
    are equally near, that with the smallest id has it.
    """
    nearest = np.full(len(grass), "", dtype=object)
    if len(grass) and len(streets):
        ordered = streets.sort_values("id", kind="stable")
        tree = shapely.STRtree(ordered.geometry.to_numpy())
        shapes = grass.geometry.to_numpy()
        grass_at, street_at = tree.query_nearest(shapes, max_distance=GRASS_REACH, all_matches=True)
        ids = ordered["id"].to_numpy()
        for at, street in sorted(zip(grass_at.tolist(), street_at.tolist(), strict=True))[::-1]:
            nearest[at] = ids[street]
    return grass.assign(street=nearest)[list(GRASS_COLUMNS)]
