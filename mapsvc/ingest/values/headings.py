"""Which column a heading means. The headings in the wild are data: geodata/reference/columns.csv.

A heading matches without regard to case, accents, spaces and punctuation. In the data `{n}`
stands for a number (`Cut 2`), `{nth}` for an ordinal (`2nd cut`), `{month}` for a month's name.
"""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mapsvc.domain.schedule_columns import FIELDS
from mapsvc.problems import Report, SheetHeadings
from mapsvc.resources import geodata_dir

KINDS = ("gazetteer", "schedule", "keepers", "places", "boundaries")
ANY = "any"
IGNORED = "ignored"
"""Our column for what programs add by themselves: not used, and not worth a word."""

POSITIONS = ("easting", "northing", "lon", "lat", "wkt")

READ_IN: Mapping[str, frozenset[str]] = {
    "gazetteer": frozenset(
        "usrn id name name_prefix name_type name_suffix name_cy name_gv name_gd alt_names "
        "locality town parish ward division authority postcode postcode_district road_number "
        "highway start_easting start_northing end_easting end_northing".split()
    ).union(POSITIONS),
    "schedule": frozenset({*FIELDS, *POSITIONS, "cut", "month", "month_number", "days"}),
    "keepers": frozenset("code name kind ours url phone parishes roads".split()),
    "places": frozenset("name name_cy kind postcode locality town".split()).union(POSITIONS),
}
"""The first word of our columns that files of a kind are read for; boundaries are for all."""

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
             "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}  # fmt: skip
_MONTHS = {month[:3]: number for number, month in enumerate(
    "january february march april may june july august september october november december"
    .split(), start=1)}  # fmt: skip
_PATTERNS = {
    "{n}": r"(?P<n>\d{1,2})",
    "{nth}": rf"(?P<nth>\d{{1,2}}(?=st|nd|rd|th)|{'|'.join(_ORDINALS)})(?:st|nd|rd|th)?",
    "{month}": r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:20\d\d|\d\d)?",
}
_NEAR = 78.0
"""Likeness (0–100) from which a known heading is worth naming as the nearest."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the headings of a sheet mean.

    Parameters
    ----------
    columns : our column → index of the heading
    unrecognised : (heading as written, nearest known heading or "") of those that mean nothing
    ambiguous : our column → headings that all mean it; the first of them is the one in `columns`
    """

    columns: Mapping[str, int]
    unrecognised: list[tuple[str, str]] = field(default_factory=list)
    ambiguous: Mapping[str, list[str]] = field(default_factory=dict)

    def ambiguous_sentences(self) -> Iterator[str]:
        """Which of several columns that mean the same was used: the first."""
        for column, headings in self.ambiguous.items():
            if len(set(headings)) == 1:
                yield f"Of the columns headed {headings[0]!r} the first was used."
            else:
                mean = "both mean" if len(headings) == 2 else "all mean"
                yield f"{' and '.join(headings)} {mean} {column}; {headings[0]} was used."

    def unrecognised_sentences(self) -> list[str]:
        """A sentence for each that is near to a known heading, and one for all the others."""
        near = [
            f"The heading {heading!r} was not recognised and its column not used. "
            f"Did you mean {nearest!r}?"
            for heading, nearest in self.unrecognised
            if nearest
        ]
        strange = [heading for heading, nearest in self.unrecognised if not nearest]
        if len(strange) == 1:
            near.append(f"The heading {strange[0]!r} was not recognised and its column not used.")
        elif strange:
            shown = ", ".join(strange[:8]) + (" …" if len(strange) > 8 else "")
            near.append(f"Columns not used, because their headings say nothing here: {shown}.")
        return near

    def numbered(self, column: str) -> dict[int, int]:
        """Number → index for a column with a number, such as `cut {n}` or `cut {n} start`."""
        pattern = re.compile(re.escape(column).replace(re.escape("{n}"), r"(\d+)"))
        found = ((pattern.fullmatch(name), index) for name, index in self.columns.items())
        return dict(sorted((int(match[1]), index) for match, index in found if match))


@dataclass(frozen=True, slots=True)
class _Known:
    column: str
    heading: str
    rank: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    column: str
    expression: re.Pattern[str]
    rank: int


def plain(heading: str) -> str:
    """The heading as it is compared: lower case letters and digits alone."""
    letters = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    path = geodata_dir() / "reference" / "columns.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((row["kind"], row["column"], row["heading"]) for row in csv.DictReader(file))


@lru_cache(maxsize=8)
def _known(kind: str) -> dict[str, _Known]:
    """Compared heading → column for a kind. Earlier rows of the data win over later ones."""
    known: dict[str, _Known] = {}
    for rank, column, heading in _of_kind(kind):
        if "{" not in heading:
            for written in (heading, column):
                known.setdefault(plain(written), _Known(column, written, rank))
    return known


def _of_kind(kind: str) -> list[tuple[int, str, str]]:
    """Rank, column and heading: rows of the kind before those of any kind."""
    own = [row[1:] for row in _rows() if row[0] == kind]
    shared = [row[1:] for row in _rows() if row[0] == ANY]
    return [(rank, column, heading) for rank, (column, heading) in enumerate(own + shared)]


@lru_cache(maxsize=8)
def _patterns(kind: str) -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(column, _expression(heading), rank)
        for rank, column, heading in _of_kind(kind)
        if "{" in heading
    )


def _expression(heading: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", heading)
    return re.compile("".join(_PATTERNS.get(part) or re.escape(plain(part)) for part in parts))


def _meaning(kind: str, heading: str) -> tuple[str, int] | None:
    """The column that a heading means and its rank in the data, lower is surer."""
    written = plain(heading)
    if not written:
        return None
    if known := _known(kind).get(written):
        return known.column, known.rank - (len(_rows()) if written == plain(known.column) else 0)
    for pattern in _patterns(kind):  # in the order of the data
        if match := pattern.expression.fullmatch(written):
            return _filled_in(pattern.column, match), pattern.rank
    return None


def _filled_in(column: str, match: re.Match[str]) -> str:
    for group, text in match.groupdict().items():
        column = column.replace(f"{{{group}}}", str(_number(group, text)))
    return column.replace("{n}", str(_number("nth", match.groupdict().get("nth", ""))))


def _number(group: str, text: str) -> int:
    if group == "month":
        return _MONTHS[text[:3]]
    return _ORDINALS.get(text) or int(text or 0)


def recognise(kind: str, headings: Sequence[str]) -> Recognised:
    """What the headings of a sheet of that kind mean; blank ones mean nothing.

    Where several headings mean one column, the one that stands higher in the data wins, then
    the one further left.
    """
    claims: dict[str, list[tuple[int, int]]] = {}
    unrecognised = []
    for index, heading in enumerate(headings):
        meaning = _meaning(kind, heading)
        if meaning and meaning[0] == IGNORED:
            continue
        if meaning:
            claims.setdefault(meaning[0], []).append((meaning[1], index))
        elif plain(heading):
            unrecognised.append((heading, nearest(kind, heading)))
    return Recognised(
        columns={column: min(found)[1] for column, found in claims.items()},
        unrecognised=unrecognised,
        ambiguous={
            column: [headings[index] for _, index in sorted(found)]
            for column, found in claims.items()
            if len(found) > 1
        },
    )


def recognised_for(report: Report, file: str, sheet: str, headings: Sequence[str]) -> Recognised:
    """As `recognise` for the kind of the report, with what a person corrected; it is noted."""
    shape = shape_of(headings)
    found = recognise(report.kind, headings)
    named = {plain(heading): column for heading, column in report.named.items()}
    said = {at: named[plain(one)] for at, one in enumerate(headings) if plain(one) in named}
    if said := {**report.corrected.get(shape, {}), **said}:
        found = corrected(found, headings, said)
    columns = {index: column for column, index in found.columns.items()}
    report.headings.append(SheetHeadings(file, sheet, shape, tuple(headings), columns))
    return found


def shape_of(headings: Sequence[str]) -> str:
    """A short text that is the same for the same headings in the same order."""
    written = "\x1f".join(map(plain, headings))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def corrected(found: Recognised, headings: Sequence[str], said: Mapping[int, str]) -> Recognised:
    """What was recognised, but for the columns (by number) of which a person said the meaning."""
    kept = {name: at for name, at in found.columns.items() if at not in said}
    spoken = {headings[at] for at in said if at < len(headings)}
    return Recognised(
        columns=kept | {name: at for at, name in said.items() if name and at < len(headings)},
        unrecognised=[one for one in found.unrecognised if one[0] not in spoken],
        ambiguous={
            name: all_of for name, all_of in found.ambiguous.items() if not spoken & {*all_of}
        },
    )


MOST_CUTS = 12


def columns_of(kind: str) -> list[str]:
    """Every column that files of this kind are read for, for a list to choose from."""
    names = dict.fromkeys(column for _, column, _ in _of_kind(kind) if is_read(kind, column))
    return [one for name in names for one in _numbered_names(name)]


def is_read(kind: str, column: str) -> bool:
    """Whether what stands in a column of ours is used in files of that kind."""
    return column != IGNORED and column.split()[0] in READ_IN.get(kind, {column.split()[0]})


def unread_headings(kind: str, headings: Sequence[str], columns: Recognised) -> list[str]:
    """The headings whose meaning is known, and that no step asks for: `Notes`, `Area (m2)`."""
    known = sorted((at, name) for name, at in columns.columns.items())
    return [headings[at] for at, name in known if not is_read(kind, name)]


def _numbered_names(name: str) -> list[str]:
    if "{n}" in name:
        return [name.replace("{n}", str(n)) for n in range(1, MOST_CUTS + 1)]
    return [name.replace("{month}", str(n)) for n in range(1, 13)] if "{" in name else [name]


def nearest(kind: str, heading: str, columns: Sequence[str] = ()) -> str:
    """The known heading most like an unknown one, or "" when none is near.

    Parameters
    ----------
    columns : ours, of which it must be one; any when empty
    """
    from rapidfuzz import fuzz, process  # only reports need it, the child does not

    known = {
        key: one
        for key, one in _known(kind).items()
        if one.column != IGNORED and (not columns or one.column in columns)
    }
    found = process.extractOne(plain(heading), list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return known[found[0]].heading if found else ""


def names_a_calendar(columns: Recognised) -> bool:
    """Whether headings are a date and nothing else of a schedule, beside columns of their own.

    Such a table has a row per day and a column per service or round.
    """
    known = {"usrn", "street", "verge", "round", "cut", "end", "frequency", "keeper", "wkt"}
    return (
        "start" in columns.columns
        and not known & columns.columns.keys()
        and bool(columns.unrecognised)
    )


@lru_cache(maxsize=4096)
def is_known(heading: str) -> bool:
    """Whether the text is a heading of any kind of file."""
    return len(heading) < 80 and any(_meaning(kind, heading) for kind in KINDS)


def looks_like_kind(headings: Sequence[str]) -> str | None:
    """The kind of file whose own headings these are, or None when no kind stands out.

    Headings that several kinds share (`Street`, `Town`) say nothing; one of its own is chance
    where the others are strange.
    """
    scores = {kind: len(_own_columns(kind, headings)) for kind in KINDS}
    best = max(scores, key=lambda kind: scores[kind])
    others = max(score for kind, score in scores.items() if kind != best)
    is_chance = scores[best] == 1 and len(recognise(best, headings).columns) < 5
    return best if scores[best] > others and not is_chance else None


def _own_columns(kind: str, headings: Sequence[str]) -> set[str]:
    return {
        heading
        for heading in headings
        if _meaning(kind, heading)
        and not any(_meaning(other, heading) for other in KINDS if other != kind)
    }
