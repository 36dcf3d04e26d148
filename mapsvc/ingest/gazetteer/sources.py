"""What every reader of gazetteers hands over, and the credit that each source asks for."""

from dataclasses import dataclass, field

import geopandas as gpd

from mapsvc.domain.streets import Place
from mapsvc.ingest.gazetteer.merging import Piece


@dataclass(frozen=True, slots=True)
class Credit:
    """Where data comes from: shown wherever it is, unless `--attribution` overrides it."""

    source: str = ""
    licence: str = ""
    attribution: str = ""


OPEN_STREET_MAP = Credit("OpenStreetMap", "ODbL 1.0", "© OpenStreetMap contributors")
ORDNANCE_SURVEY = Credit(
    "Ordnance Survey", "OGL v3", "Contains OS data © Crown copyright and database right"
)
CODE_POINT_OPEN = Credit(
    "Code-Point Open",
    "OGL v3",
    "Contains OS data © Crown copyright and database right. "
    "Contains Royal Mail data © Royal Mail copyright and database right. "
    "Contains National Statistics data © Crown copyright and database right",
)
GEOPLACE = Credit(
    "Local Street Gazetteer (BS 7666)",
    "",
    "Contains data of the National Street Gazetteer © GeoPlace LLP and local authorities",
)


@dataclass(slots=True)
class Source:
    """What one or several files of one format held, in the local CRS, before it is merged.

    Parameters
    ----------
    settlements : places that give streets their locality and town
    areas : (name, kind, geometry) that give streets their parish and authority, or None
    grass : (name, kind, geometry) polygons, or None
    ids_are_streets : whether the `id` of a piece names a street and not a feature
    is_in_capitals : whether the format writes names in capitals
    deleted : ids of streets that an update takes away
    """

    pieces: list[Piece] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    settlements: list[Place] = field(default_factory=list)
    areas: gpd.GeoDataFrame | None = None
    grass: gpd.GeoDataFrame | None = None
    credit: Credit = Credit()
    ids_are_streets: bool = True
    is_in_capitals: bool = False
    deleted: list[str] = field(default_factory=list)
    is_update: bool = False
