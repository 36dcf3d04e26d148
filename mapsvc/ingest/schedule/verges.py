"""The verges that placed lines add up to: which lines are one verge, and what they say of it.

One verge is the rows of one `verge` id; else of one street, kind and stretch; else one feature.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from shapely.geometry.base import BaseGeometry

from mapsvc.domain.schedule import Programme, Rest
from mapsvc.domain.schedule_columns import SAID_OF_A_VERGE
from mapsvc.ingest.matching.matcher import Matcher
from mapsvc.ingest.schedule.cuts import StatedCut, numbered, only_adds_a_cut, said_cuts
from mapsvc.ingest.schedule.line_matching import PlacedLine
from mapsvc.ingest.schedule.lines import ScheduleLine, where, yes_or_no
from mapsvc.ingest.schedule.rounds import RoundDraft, Rounds, frequency_of, rest_of
from mapsvc.problems import Problem, Report
from mapsvc.search.normalise import normalise

Values = dict[str, str]


@dataclass(slots=True)
class VergeDraft:
    """A verge while lines are read: the first word on each thing, and the line that had it."""

    first: ScheduleLine
    id: str = ""
    streets: list[str] = field(default_factory=list)
    said: dict[str, tuple[str, ScheduleLine]] = field(default_factory=dict)
    rest: tuple[Rest, ScheduleLine] | None = None
    geometry: BaseGeometry | None = None
    lines: list[ScheduleLine] = field(default_factory=list)
    cuts: list[StatedCut] = field(default_factory=list)
    programme: Programme = ()

    def get(self, name: str) -> str:
        return self.said[name][0] if name in self.said else ""

    @property
    def has_dates(self) -> bool:
        return any(cut.window for cut in self.programme)


def read_verges(
    placed: Iterable[PlacedLine], rounds: Rounds, matcher: Matcher, season: int, report: Report
) -> list[VergeDraft]:
    """The verges, in the order of their first lines, with their cuts numbered.

    A line that contradicts an earlier one on its verge is a problem and left out. A verge with
    neither dates nor a reason of its own has the cuts of its round.
    """
    book = _Book()
    before: ScheduleLine | None = None
    drafts: list[VergeDraft] = []
    for one in sorted(placed, key=_order):
        if not only_adds_a_cut(one.line, before):  # the cuts of one row are of the same verges
            drafts = book.drafts_for(one, report)
        before = one.line
        for draft in drafts:
            _take(draft, one, matcher, season, report)
    for draft in book.drafts:
        _finish(draft, rounds, matcher, season, report)
    return book.drafts


def _order(one: PlacedLine) -> int:
    """Features first, so that rows which speak of a street find the pieces of land along it."""
    return 0 if one.line.is_feature else 1 if one.streets else 2


class _Book:
    """The drafts so far, by what later lines may call them."""

    def __init__(self) -> None:
        self.drafts: list[VergeDraft] = []
        self._by_key: dict[Hashable, list[VergeDraft]] = defaultdict(list)
        self._features: dict[str, list[VergeDraft]] = defaultdict(list)

    def drafts_for(self, one: PlacedLine, report: Report) -> list[VergeDraft]:
        """The drafts that a line speaks of; a new one when it is the first to do so."""
        key = _key(one)
        is_known = bool(one.streets) or key in self._by_key
        if not is_known and not (one.line.is_outline and one.line.text("land_name")):
            report.add(_streetless(one.line))
            return []
        found = self._by_key[key] or ([] if one.line.is_feature else self._spoken_of(one))
        if one.line.geometry is not None and not one.line.text("verge"):
            found = _same_land(found, one.line)
        return found or [self._new(one, key)]

    def _spoken_of(self, one: PlacedLine) -> list[VergeDraft]:
        """The land along the street, for a row of another file that names just the street.

        Where the row names a class, the land of that class; or all of it, where the classes of
        the rows and those of the land are words of two lists that have none in common.
        """
        line = one.line
        if len(one.streets) != 1 or one.stretch or any(map(line.text, ("verge", "stretch"))):
            return []
        land = [d for d in self._features[one.streets[0]] if d.first.file != line.file]
        kind = _normalised(line.text("kind"))
        if not kind:
            return land
        own = [d for d in land if _normalised(d.get("kind")) in ("", kind)]
        return own if own or kind in self._kinds else land

    @cached_property
    def _kinds(self) -> set[str]:
        """The classes of all land; asked once all of it is read, see `_order`."""
        drafts = (draft for drafts in self._features.values() for draft in drafts)
        return {_normalised(draft.get("kind")) for draft in drafts}

    def _new(self, one: PlacedLine, key: Hashable) -> VergeDraft:
        draft = VergeDraft(one.line, one.line.text("verge"))
        self.drafts.append(draft)
        self._by_key[key].append(draft)
        if one.line.is_feature:
            base = _base_key(one)
            if base != key:
                self._by_key[base].append(draft)
            for street in one.streets:
                self._features[street].append(draft)
        return draft


_normalised = lru_cache(maxsize=100_000)(normalise)


def _key(one: PlacedLine) -> Hashable:
    if id := one.line.text("verge"):
        return "verge", id.casefold()
    if one.line.is_feature and one.line.geometry is not None:
        return "land", one.streets, one.line.geometry.wkb
    return _base_key(one)


def _base_key(one: PlacedLine) -> Hashable:
    kind, stretch = one.line.text("kind"), one.line.text("stretch") or one.stretch
    return tuple(sorted(one.streets)), _normalised(kind), _normalised(stretch)


def _same_land(drafts: list[VergeDraft], line: ScheduleLine) -> list[VergeDraft]:
    """Those whose geometry is that of the line or not yet known; a table may give one per row."""
    assert line.geometry is not None
    return [d for d in drafts if d.geometry is None or d.geometry.equals_exact(line.geometry)]


def _streetless(line: ScheduleLine) -> Problem:
    if not line.names_a_verge and not line.text("round"):
        sentence = "This row names no street, verge or round. Write the street or its USRN."
        return line.problem("no_street", "street", sentence)
    sentence = (
        f"No row says on which street verge {line.text('verge')} lies. Write its street or USRN."
    )
    return line.problem("no_street", "verge", sentence)


def _take(
    draft: VergeDraft, one: PlacedLine, matcher: Matcher, season: int, report: Report
) -> None:
    before = draft.lines[-1] if draft.lines else None
    if not only_adds_a_cut(one.line, before):
        problem = _take_attributes(draft, one, matcher, season, report)
        if problem is not None:
            report.add(problem)
            return
    draft.lines.append(one.line)
    draft.cuts.extend(said_cuts(one.line, season, report))


def _take_attributes(
    draft: VergeDraft, one: PlacedLine, matcher: Matcher, season: int, report: Report
) -> Problem | None:
    """What a row says of a verge besides its cuts; a problem, and nothing taken, where an earlier
    row says otherwise.
    """
    values = _values(one)
    if draft.first.is_feature and draft.get("kind") and not one.line.is_feature:
        values.pop("kind", None)  # the land knows its own class
    rest = rest_of(one.line, season, report)
    if (problem := _contradiction(draft, one.line, values, rest, matcher)) is not None:
        return problem
    for name, value in values.items():
        draft.said.setdefault(name, (value, one.line))
    if rest and not draft.rest:
        draft.rest = (rest, one.line)
    draft.streets = list(dict.fromkeys((*draft.streets, *one.streets)))
    draft.geometry = draft.geometry or _land(one.line)
    return None


def _land(line: ScheduleLine) -> BaseGeometry | None:
    """The geometry of a verge; a point only says where it is."""
    shape = line.geometry
    return None if shape is None or "Point" in shape.geom_type else shape


def _values(one: PlacedLine) -> Values:
    line = one.line
    values = {name: line.text(name) for name in (*SAID_OF_A_VERGE, "tracked")}
    values["stretch"] = values["stretch"] or one.stretch
    values["frequency"] = frequency_of(line)
    return {name: value for name, value in values.items() if value}


def _contradiction(
    draft: VergeDraft, line: ScheduleLine, values: Values, rest: Rest | None, matcher: Matcher
) -> Problem | None:
    name = name_of(draft, matcher)
    for attribute in SAID_OF_A_VERGE:
        value, said = values.get(attribute), draft.said.get(attribute)
        if value and said and said[0].casefold() != value.casefold():
            words = f'{attribute} "{said[0]}" and "{value}"'
            return _two_values(line, attribute, name, where(said[1], line), words)
    if rest and draft.rest and draft.rest[0] != rest:
        first = draft.rest[0].window
        words = f"rest windows from {first.start:%-d %B} and from {rest.window.start:%-d %B}"
        return _two_values(line, "rest_from", name, where(draft.rest[1], line), words)
    return None


def _two_values(line: ScheduleLine, column: str, name: str, rows: str, words: str) -> Problem:
    sentence = (
        f"{name} has two values in {rows}: {words}. The first is kept and this row left out. "
        "Correct it, or tell two verges apart in the column verge, kind or stretch."
    )
    return line.problem("two_values", column, sentence)


def name_of(draft: VergeDraft, matcher: Matcher) -> str:
    """A verge as sentences name it: its id, or its street with class and stretch."""
    if draft.id:
        return f"Verge {draft.id}"
    street = matcher.full_name(draft.streets[0]) if draft.streets else "This verge"
    parts = [part for part in (draft.get("kind"), draft.get("stretch")) if part]
    return f"{street} ({', '.join(parts)})" if parts else street


def _finish(
    draft: VergeDraft, rounds: Rounds, matcher: Matcher, season: int, report: Report
) -> None:
    """Cuts numbered; what the verge does not say taken from its round."""
    draft.programme = numbered(draft.cuts, season, name_of(draft, matcher), report)
    of_round = rounds.get(draft.get("round").casefold())
    if of_round is None:
        return
    if not draft.cuts:
        draft.programme = of_round.programme
    for name in ("frequency", "keeper"):
        if name not in draft.said and name in of_round.said:
            draft.said[name] = of_round.said[name]
    if draft.rest is None and of_round.rest:
        draft.rest = (of_round.rest, draft.first)


def tracked(draft: VergeDraft, rounds: Rounds) -> bool | None:
    """Whether each cut of a verge is marked: its round's word where rows disagree, or its own."""
    of_round: RoundDraft | None = rounds.get(draft.get("round").casefold())
    own = yes_or_no(draft.get("tracked"))
    if of_round is None:
        return own
    if "tracked" in of_round.contradicted or own is None:
        return of_round.tracked
    return own
