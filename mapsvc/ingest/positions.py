"""Where the rows of a sheet lie, in the local CRS: claims checked, mistakes named by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.config import Settings
from mapsvc.crs import WGS84, looks_like, to_local
from mapsvc.ingest.coordinates import Written, written_position
from mapsvc.ingest.rows import Cell, Row, Sheet
from mapsvc.problems import Problem

Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class Placed:
    """Geometry for each row in the local CRS, None where there is none that can be used."""

    geometries: list[BaseGeometry | None]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
