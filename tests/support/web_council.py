"""A council for tests of the web: every kind of answer on one day, and names that would harm."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from mapsvc.services.state.council import Council
from mapsvc.web.app import create_app
from tests.support.copies import copy_of
from tests.support.councils import KEEPERS, make_council, mark, open_council

SCRIPT, TEMPLATE, AMPERSAND = "<script>alert(1)</script>", "${window.pwn=1}", "George & Dragon Lane"

GAZETTEER = f"""\
usrn,name,alt_names,locality,town,road_number,parish,postcode_district,wkt
10000001,Main Street,cy:Stryd Fawr,Little Example,Exampleton,,Little Example,EX1,"LINESTRING (450000 300000, 450200 300000)"
10000002,Main Street,,Great Example,Exampleton,,Great Example,EX2,"LINESTRING (452000 300000, 452300 300050)"
10000003,Church Lane,,Great Example,Exampleton,,Great Example,EX2,"LINESTRING (452250 300100, 452250 300300)"
10000004,High Road,,,Exampleton,A38,,EX3,"LINESTRING (455000 301000, 456000 301000)"
10000005,Mill Road,,,Exampleton,,,EX3,"LINESTRING (455100 301100, 455300 301100)"
10000006,{SCRIPT},,Great Example,Exampleton,,,EX2,"LINESTRING (452000 300200, 452200 300200)"
10000007,{TEMPLATE},,Great Example,Exampleton,,,EX2,"LINESTRING (452000 300250, 452200 300250)"
10000008,{AMPERSAND},,Great Example,Exampleton,,,EX2,"LINESTRING (452000 300300, 452200 300300)"
10000009,Twin Lane,,,Exampleton,,North Parish,EX3,"LINESTRING (457000 301100, 457100 301100)"
10000010,Twin Lane,,,Exampleton,,South Parish,EX3,"LINESTRING (459000 301100, 459100 301100)"
"""  # noqa: E501

SCHEDULE = f"""\
usrn,verge,kind,stretch,keeper,round,frequency,tracked,cut,start,end,rest_from,rest_until,rest_reason
10000002,V1,urban,north side,CC,R1,,yes,1,2026-05-11,2026-05-15,,,
10000002,V1,urban,north side,CC,R1,,yes,2,2026-06-08,2026-06-12,,,
10000002,V1,urban,north side,CC,R1,,yes,3,2026-07-06,2026-07-10,,,
10000002,V2,urban,south side,CC,R2,,no,1,2026-05-18,2026-05-22,,,
10000003,V3,urban,,CC,R1,,yes,1,2026-05-11,2026-05-15,,,
10000003,V3,urban,,CC,R1,,yes,2,2026-06-08,2026-06-12,,,
10000003,V3,urban,,CC,R1,,yes,3,2026-07-06,2026-07-10,,,
10000005,V4,rural,,CC,R3,every 15 working days from March to October,,,,,,,
10000006,V5,urban,{TEMPLATE},CC,R1,,yes,1,2026-05-11,2026-05-15,,,
10000007,V6,wildflower,,CC,R4,,yes,1,2026-07-06,2026-07-10,2026-05-01,2026-06-30,so wild flowers can seed
10000008,V7,<b>urban</b>,,CC,R5,,no,1,,,,,
"""  # noqa: E501

FILES = {"keepers": KEEPERS, "gazetteer": GAZETTEER, "schedule": SCHEDULE}


def make_web_council(folder: Path, **settings: object) -> Council:
    """The council above, with a cut that was marked."""
    said = {"council_phone": "01632 960000", **settings}
    if "database_url" in said:
        return _made(folder, said)
    copy_of(f"web {sorted(said.items())}", lambda made: _made(made, said), folder)
    return open_council(folder, **said)


def _made(folder: Path, settings: Mapping[str, object]) -> Council:
    council = make_council(folder, FILES, **settings)
    mark(council, "verge:V3", "done", "2026-06-10", cut=2)
    return council


def copied_council(made: Path, folder: Path, **settings: object) -> Council:
    """The council that `make_web_council(made)` made, as a copy in `folder`: in milliseconds."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return open_council(folder, council_phone="01632 960000", **settings)


def make_app(folder: Path, **settings: object) -> Flask:
    """The real application over it."""
    council = make_web_council(folder, **settings)
    return create_app(council.settings, council)


def council_of(app: Flask) -> Council:
    """The council that an application serves."""
    council: Council = app.extensions["council"]
    return council
