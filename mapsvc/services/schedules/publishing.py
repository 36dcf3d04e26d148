"""From files to a published edition: read, say what would change, publish, roll back.

`propose_*` read and change nothing. `publish` takes a proposal as it was checked: when somebody
published in between, it is refused whole.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely import normalize, to_wkb

from mapsvc.domain.schedule import DEFAULT_SERVICE, Verge
from mapsvc.errors import FileRefused, NotFound
from mapsvc.ingest.compare.changes import (
    CHANGE,
    changed_streets,
    entry_changes,
    gazetteer_changes,
    named_changes,
    street_changes,
)
from mapsvc.ingest.compare.identity import carry_street_ids, carry_verge_ids, with_outlines
from mapsvc.ingest.compare.succession import with_former_names
from mapsvc.ingest.gazetteer.read import GazetteerRead, read_gazetteer
from mapsvc.ingest.gazetteer.sources import Credit
from mapsvc.ingest.gazetteer.updates import with_update
from mapsvc.ingest.reference.boundaries import read_boundaries
from mapsvc.ingest.reference.keepers import read_keepers
from mapsvc.ingest.reference.places import read_places
from mapsvc.ingest.schedule.read import ScheduleRead, read_schedule
from mapsvc.ingest.values.headings import plain
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, QuestionAnswers, Report
from mapsvc.published.located import streets_in_their_places
from mapsvc.services.schedules.adding import settled
from mapsvc.services.schedules.gone_streets import grass_moved
from mapsvc.services.schedules.reasons import confirm_reasons, known_with
from mapsvc.services.state.council import Council
from mapsvc.store.editions import Edition, EditionDraft, ScheduleContent

Bounds = tuple[float, float, float, float]


MOST_LOST = 100
"""One row in so many may be left out of a gazetteer without a question."""


@dataclass(frozen=True)
class Proposal:
    """An edition that could be published, the edition it was checked against, and the report."""

    draft: EditionDraft
    base: int | None
    report: Report


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may say besides the files; empty means: as the reader finds it."""

    format: str | None = None
    season: int | None = None
    service: str = DEFAULT_SERVICE
    attribution: str = ""
    corrected: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    answers: QuestionAnswers = field(default_factory=QuestionAnswers)
    reasons: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    how: str = ""


def propose(
    council: Council, kind: str, files: Sequence[Path], options: Options = Options()
) -> Proposal:
    """The edition of `kind` that `files` make.

    Raises
    ------
    FileRefused : when nothing in them is usable, with the file, the row and the next step
    """
    for file in files:
        if not file.is_file():
            raise FileRefused("no_file", file=str(file))
    _require_names_of_their_own(files)
    report = Report(
        kind,
        tuple(file.name for file in files),
        corrected=options.corrected,
        answers=options.answers,
        named=options.named,
    )
    try:
        return propose_into(report, council, files, options)
    finally:
        _require_named_headings(report)


def _require_named_headings(report: Report) -> None:
    """A heading that a person named and no file has is a slip: nothing is read as was meant."""
    headings = {plain(one) for sheet in report.headings for one in sheet.headings}
    for heading in report.named:
        if plain(heading) not in headings:
            raise FileRefused(Message("no_such_heading", heading=heading))


def _require_names_of_their_own(files: Sequence[Path]) -> None:
    """A row is told by its file's name, in every sentence and wherever rows are put together."""
    known: dict[str, Path] = {}
    for file in files:
        first = known.setdefault(file.name, file)
        if first is not file:
            raise FileRefused("files_of_one_name", first=str(first), second=str(file))


def propose_into(
    report: Report, council: Council, files: Sequence[Path], options: Options
) -> Proposal:
    """As `propose`, with a report that its owner has even where the files are refused."""
    kind = report.kind
    proposal = PROPOSERS[kind](council, list(files), options, report)
    if options.attribution:
        proposal = replace(proposal, draft=replace(proposal.draft, attribution=options.attribution))
    return proposal


def publish(
    council: Council, proposal: Proposal, *, by: str, at: datetime | None = None
) -> Edition:
    """The proposal as the current edition. EditionConflict when somebody published in between."""
    if proposal.report.is_blocked:
        first = next(problem for problem in proposal.report.problems if problem.blocks)
        raise FileRefused("nothing_published", problem=first.in_place)
    if questions := proposal.report.open_questions:
        raise FileRefused("open_questions", questions=len(questions), first=questions[0].message)
    at = at or council.now()
    confirm_reasons(council, proposal.report.confirmed, by=by, at=at)
    council.store.settled.remember(proposal.report.settled, by=by, at=at)
    return council.store.editions.publish(proposal.draft, base=proposal.base, by=by, at=at)


def losses_problem(report: Report) -> Iterator[Problem]:
    """One that blocks, where a gazetteer would lose more than a row in a hundred."""
    rows = report.counts.get("rows read", 0)
    if report.kind == "gazetteer" and report.lost * MOST_LOST > rows:
        message = Message("many_rows_lost", lost=report.lost, rows=rows)
        yield Problem("many_rows_lost", message, blocks=True)


def roll_back(council: Council, kind: str, number: int, *, by: str) -> Edition:
    """An earlier edition as the current one again. NotFound when it is none of `kind`."""
    edition = council.store.editions.get(number)
    if edition.kind != kind:
        raise NotFound("edition_of_other_kind", number=number, kind=edition.kind)
    return council.store.editions.roll_back(number, by=by, at=council.now())


# One proposer per kind


def _gazetteer(council: Council, files: list[Path], options: Options, report: Report) -> Proposal:
    current = council.store.editions.current("gazetteer")
    before = council.store.editions.streets(current.number) if current else None
    read = read_gazetteer(
        files,
        format=options.format,
        settings=council.settings,
        bounds=council.settings.bounds or (None if before is None else _bounds(before)),
        report=report,
    )
    streets, moved = _carried(read, before, files, report)
    if before is not None:
        moved |= grass_moved(streets, before, moved, _by_street(council), report)
        streets = with_former_names(streets, before, moved)
    with_grass = {id: verges for id, verges in _by_street(council).items() if id not in moved}
    report.changes.update(gazetteer_changes(streets, before, with_grass))
    settlements = [place for place in read.places if place.kind != "postcode"]
    draft = _draft(
        "gazetteer", files, report, streets=streets, moved=moved, places=settlements or None
    )
    return Proposal(_credited(draft, read), current.number if current else None, report)


def _by_street(council: Council) -> dict[str, tuple[Verge, ...]]:
    """The verges of this year's schedules and of the next year's, which is published in winter."""
    atlas, year = council.atlas(), council.today().year
    return {**atlas.book(year).by_street, **atlas.book(year + 1).by_street}


def _carried(
    read: GazetteerRead, before: gpd.GeoDataFrame | None, files: list[Path], report: Report
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """The streets read with the ids that they had, and which ids became which."""
    if before is None and read.is_update:
        raise FileRefused("update_without_gazetteer", file=files[0].name)
    if before is None:
        return read.streets, {}
    if read.is_update:
        return with_update(before, read.streets, read.deleted, report), {}
    return carry_street_ids(read.streets, before)


def _bounds(streets: gpd.GeoDataFrame) -> Bounds | None:
    """The box of the published streets; stray ones were refused before they got here."""
    bounds = tuple(float(edge) for edge in streets.total_bounds)
    west, south, east, north = bounds
    return (west, south, east, north) if west <= east and south <= north else None


def _schedule(council: Council, files: list[Path], options: Options, report: Report) -> Proposal:
    atlas = council.atlas()
    gazetteer = atlas.edition("gazetteer")
    if gazetteer is None:
        raise FileRefused("schedule_without_gazetteer")
    keepers = atlas.edition("keepers")
    boundaries = atlas.edition("boundaries")
    streets = streets_in_their_places(council.store, gazetteer, boundaries)
    read = read_schedule(
        files,
        season=options.season,
        service=options.service,
        day=council.today(),
        streets=streets,
        keepers=council.store.editions.keepers(keepers.number) if keepers else [],
        suggest=atlas.suggest,
        settled=atlas.as_they_are_now(council.store.settled.all()),
        settings=council.settings,
        report=report,
        known_reasons=known_with(council, options.reasons, report),
    )
    current = council.store.editions.current("schedule", read.service, read.season)
    before = council.store.editions.schedule(current.number) if current else None
    verges = read.verges
    if before:
        verges = with_outlines(verges, before.verges, read.named)
        verges = carry_verge_ids(verges, before.verges)
    content = ScheduleContent(verges, tuple(read.rounds), tuple(read.programmes))
    if before:
        content = settled(content, before, options.how, report)
    _say_changes(report, content, before, streets)
    draft = _draft(
        "schedule", files, report, service=read.service, season=read.season, schedule=content
    )
    return Proposal(_credited(draft, read), current.number if current else None, report)


def _keepers(council: Council, files: list[Path], options: Options, report: Report) -> Proposal:
    boundaries = council.store.editions.current("boundaries")
    parishes = council.store.editions.parishes(boundaries.number) if boundaries else []
    keepers = read_keepers(files, settings=council.settings, report=report, parishes=parishes)
    return _plain(council, _draft("keepers", files, report, keepers=keepers), report)


def _places(council: Council, files: list[Path], options: Options, report: Report) -> Proposal:
    settings = council.settings
    places, credit = read_places(files, settings=settings, bounds=settings.bounds, report=report)
    draft = _draft("places", files, report, places=places)
    return _plain(council, _credited(draft, credit), report)


def _boundaries(council: Council, files: list[Path], options: Options, report: Report) -> Proposal:
    boundaries = read_boundaries(
        files, settings=council.settings, bounds=council.settings.bounds, report=report
    )
    return _plain(council, _draft("boundaries", files, report, boundaries=boundaries), report)


PROPOSERS = {
    "gazetteer": _gazetteer,
    "schedule": _schedule,
    "keepers": _keepers,
    "places": _places,
    "boundaries": _boundaries,
}


def _plain(council: Council, draft: EditionDraft, report: Report) -> Proposal:
    current = council.store.editions.current(draft.kind)
    before = entries_of(council, current) if current else None
    report.changes.update(entry_changes(_entries(draft), before))
    return Proposal(draft, current.number if current else None, report)


def entries_of(council: Council, edition: Edition) -> dict[str, Hashable]:
    """Name → all that an edition of keepers, places or boundaries says of it."""
    editions, number = council.store.editions, edition.number
    if edition.kind == "boundaries":
        return _entries(EditionDraft(edition.kind, boundaries=editions.boundaries(number)))
    if edition.kind == "keepers":
        return _entries(EditionDraft(edition.kind, keepers=editions.keepers(number)))
    return _entries(EditionDraft(edition.kind, places=editions.places(number)))


def _entries(draft: EditionDraft) -> dict[str, Hashable]:
    if draft.boundaries is not None:
        frame = draft.boundaries
        shapes = to_wkb(normalize(frame.geometry.to_numpy()))
        named = list(zip(frame["name"], frame["kind"], strict=True))
        times = Counter(named)
        codes = [
            code if times[own] > 1 else "" for own, code in zip(named, frame["code"], strict=True)
        ]
        words = (
            f"{name} ({' '.join(filter(None, (kind, code)))})"
            for (name, kind), code in zip(named, codes, strict=True)
        )
        return dict(zip(words, shapes, strict=True))
    if draft.keepers is not None:
        return {f"{keeper.name} ({keeper.code})": keeper for keeper in draft.keepers}
    found: dict[str, Hashable] = {}
    for place in draft.places or ():
        found.setdefault(f"{place.name} ({place.kind})", place)
    return found


def compare(council: Council, edition: Edition, before: Edition | None) -> Report:
    """What an edition changed against another of the same kind, service and season."""
    report = Report(edition.kind, edition.files, counts=edition.counts)
    editions, old = council.store.editions, before.number if before else None
    if edition.kind == "schedule":
        gazetteer = editions.current("gazetteer")
        if gazetteer is not None:
            content = editions.schedule(edition.number)
            was = None if old is None else editions.schedule(old)
            _say_changes(report, content, was, editions.streets(gazetteer.number))
    elif edition.kind == "gazetteer":
        streets = None if old is None else editions.streets(old)
        report.changes.update(gazetteer_changes(editions.streets(edition.number), streets))
    else:
        entries = entries_of(council, before) if before else None
        report.changes.update(entry_changes(entries_of(council, edition), entries))
    return report


def _say_changes(
    report: Report,
    content: ScheduleContent,
    before: ScheduleContent | None,
    streets: gpd.GeoDataFrame,
) -> None:
    found = street_changes(content, before)
    report.changes.update(named_changes(found, streets))
    report.places = {word: sorted(of_word) for word, of_word in found.items() if of_word}
    report.places[CHANGE] = changed_streets(content, before)


def _draft(kind: str, files: list[Path], report: Report, **content: Any) -> EditionDraft:
    return EditionDraft(
        kind=kind,
        files=tuple(file.name for file in files),
        sha256=_sha256(files),
        counts=dict(report.counts),
        problems=len(report.problems),
        **content,
    )


def _credited(draft: EditionDraft, read: GazetteerRead | ScheduleRead | Credit) -> EditionDraft:
    return replace(draft, source=read.source, licence=read.licence, attribution=read.attribution)


def _sha256(files: list[Path]) -> str:
    """The hash of one file, or of the hashes of several."""
    hashes = []
    for file in files:
        with file.open("rb") as content:
            hashes.append(hashlib.file_digest(content, "sha256").hexdigest())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
