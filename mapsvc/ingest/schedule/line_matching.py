"""Lines tied to streets, by what they name or by where their verge lies; counts and problems."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mapsvc.ingest.matching.matcher import TIED, Matcher, Unmatched
from mapsvc.ingest.schedule.lines import ScheduleLine
from mapsvc.ingest.schedule.settling import settle_streets, wanted_by
from mapsvc.ingest.schedule.street_cells import StreetCell, read_street_cells, written_street
from mapsvc.problems import Problem, Report


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, the streets that it speaks of, and the stretch that its street's name spoke of."""

    line: ScheduleLine
    streets: tuple[str, ...]
    stretch: str = ""


def place_lines(
    lines: Sequence[ScheduleLine], matcher: Matcher, report: Report
) -> list[PlacedLine]:
    """The lines whose streets are certain. Lines that name a known verge alone have no streets.

    The others are problems. `report.counts` gets `matched`, `ambiguous` and `unknown` rows.
    """
    rows = _rows(lines)
    matcher.learn_places(
        wanted_by(row[0], "", row[0].text("street")) for row in rows if row[0].text("street")
    )
    cells = read_street_cells([row[0] for row in rows], matcher, report)
    names = [row[0] for row in rows if written_street(row[0]) not in cells]
    settle_streets(names, matcher, report)
    placed: list[PlacedLine] = []
    for row in rows:
        first = row[0]
        cell = cells.get(written_street(first))
        if cell is not None and cell.problem is None and not cell.names:
            continue  # left out, or nobody has answered yet
        found = _placed(first, matcher, cell)
        if isinstance(found, Problem):
            report.add(found)
            report.count("ambiguous" if found.kind == "ambiguous" else "unknown")
            continue
        if found.streets or first.text("verge") or found.line.text("land_name"):
            report.count("matched")
        placed.extend(_as_placed(line, found) for line in row)
    return placed


def _as_placed(line: ScheduleLine, first: PlacedLine) -> PlacedLine:
    """A line of a row whose first line was placed: on the same streets, under the same name."""
    if not first.line.text("land_name"):
        return PlacedLine(line, first.streets, first.stretch)
    named = {name: first.line.cells.get(name) for name in ("street", "land_name")}
    return PlacedLine(replace(line, cells={**line.cells, **named}), first.streets, first.stretch)


def _rows(lines: Iterable[ScheduleLine]) -> list[list[ScheduleLine]]:
    """The lines by the row they come from: one row is matched once."""
    rows: dict[tuple[str, str, int], list[ScheduleLine]] = defaultdict(list)
    for line in lines:
        rows[line.place].append(line)
    return list(rows.values())


def _placed(line: ScheduleLine, matcher: Matcher, cell: StreetCell | None) -> PlacedLine | Problem:
    if cell is not None and cell.problem is not None:
        return line.problem("left_over", "street", cell.problem)
    if line.names_a_street:
        found = _by_name(line, matcher, cell or StreetCell())
        is_site = line.is_outline and not line.text("usrn") and isinstance(found, Problem)
        return _by_outline(line, matcher) or found if is_site else found
    if line.geometry is not None:
        return _by_position(line, matcher)
    return PlacedLine(line, ())


def _by_outline(line: ScheduleLine, matcher: Matcher) -> PlacedLine | None:
    """Land with a name of its own, on the street that it lies along, or on none.

    None where a street of the gazetteer is called so: then the name or the outline is wrong.
    """
    name = line.text("street")
    if matcher.knows(name):
        return None
    assert line.geometry is not None
    ((street, metres),) = matcher.nearest([line.geometry])
    named = replace(line, cells={**line.cells, "street": None, "land_name": name})
    return PlacedLine(named, (street,) if metres <= TIED else ())


def _by_name(line: ScheduleLine, matcher: Matcher, cell: StreetCell) -> PlacedLine | Problem:
    """A cell may name several streets: divided by `;`, or in a list that somebody confirmed."""
    usrns, names = _listed(line.text("usrn")), list(cell.names) or _listed(line.text("street"))
    streets, stretches = [], []
    for usrn, name in _paired(usrns, names):
        found = matcher.match(replace(wanted_by(line, usrn, name), geometry=line.geometry))
        if isinstance(found, Unmatched):
            return line.problem(found.kind, found.column, found.sentence, found.value)
        streets.append(found.street)
        stretches.append(found.stretch)
    stretch = next(filter(None, stretches), cell.stretch)
    return PlacedLine(line, tuple(dict.fromkeys(streets)), stretch)


def _paired(usrns: list[str], names: list[str]) -> list[tuple[str, str]]:
    """Each USRN with its name, where there are as many; several USRNs need no names."""
    if len(usrns) == len(names):
        return list(zip(usrns, names, strict=True))
    if not usrns:
        return [("", name) for name in names]
    return [(usrn, "; ".join(names) if len(usrns) == 1 else "") for usrn in usrns]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _by_position(line: ScheduleLine, matcher: Matcher) -> PlacedLine | Problem:
    assert line.geometry is not None
    ((street, metres),) = matcher.nearest([line.geometry])
    if metres <= TIED:
        return PlacedLine(line, (street,))
    near = matcher.full_name(street) or street
    sentence = (
        f"This verge lies {metres:,.0f} m from the nearest street, {near}. Name its street, or "
        "give a gazetteer that has it."
        if street
        else "This verge has no street: the gazetteer is empty. Publish a gazetteer first."
    )
    return line.problem("no_street_near", "street", sentence)
