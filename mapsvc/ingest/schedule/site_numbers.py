"""Exports of grounds software: the code of a site is its USRN, and features count within a site.

Confirm and Alloy give a row per feature. `Feature ID` is GV01 for the first of every site, so it
names a verge only together with the site.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from mapsvc.ingest.schedule.lines import ScheduleLine, text_of
from mapsvc.ingest.schedule.table_shapes import HeadedTable, with_cells
from mapsvc.ingest.values.headings import plain
from mapsvc.problems import Report

SITE_CODES = frozenset({"sitecode", "sitenumber", "siteno", "siteid", "streetcode"})

PER_SITE = frozenset({"featureid", "featureno", "featurenumber", "feature", "item", "itemid"})
"""Headings under which programs count the features of each site anew."""

_USRN = re.compile(r"\d{7,8}")


def with_usrns_of_sites(table: HeadedTable, report: Report) -> HeadedTable:
    """The table with its column of site codes read as USRNs, where each code can be one."""
    at = next((at for at, h in enumerate(table.sheet.headings) if plain(h) in SITE_CODES), None)
    codes = [code for row in table.rows if (code := text_of(table.at(row, at)))]
    if at is None or table.has("usrn") or not codes or not all(map(_USRN.fullmatch, codes)):
        return table
    heading = table.sheet.headings[at]
    known = {name: other for name, other in table.columns.columns.items() if other != at}
    unrecognised = [one for one in table.columns.unrecognised if one[0] != heading]
    report.notes.append(f"{table.sheet.file}: the column {heading} was read as the USRN.")
    columns = replace(table.columns, columns={**known, "usrn": at}, unrecognised=unrecognised)
    return replace(table, columns=columns)


def with_ids_per_site(lines: Sequence[ScheduleLine], report: Report) -> list[ScheduleLine]:
    """The lines with ids of their own, where one number of a feature stands on several sites."""
    sites: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if _is_numbered(line):
            sites[line.text("verge").casefold()].add(line.text("usrn"))
    if not any(len(usrns) > 1 for usrns in sites.values()):
        return list(lines)
    heading = next(line.headings["verge"] for line in lines if _is_numbered(line))
    report.notes.append(
        f"{lines[0].file}: {heading} counts within a site, so it names a verge with its USRN."
    )
    return [
        with_cells(line, verge=f"{line.text('usrn')}-{line.text('verge')}")
        if _is_numbered(line)
        else line
        for line in lines
    ]


def _is_numbered(line: ScheduleLine) -> bool:
    """Whether a row of a table gives a feature's number and the USRN of its site."""
    if line.is_feature or not (line.text("verge") and line.text("usrn")):
        return False
    return plain(line.headings.get("verge", "")) in PER_SITE
