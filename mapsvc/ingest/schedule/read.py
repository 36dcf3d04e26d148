"""Schedules in, verges with their cuts out. Nothing is published here.

`table_shapes` makes lines of files, `line_matching` ties them to streets, `rounds` and `verges`
add them up.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from mapsvc.config import NATIONS, Settings
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.reasons import KnownReasons
from mapsvc.domain.schedule import DEFAULT_SERVICE, Programme, Round
from mapsvc.domain.schedule_columns import SAID_OF_A_VERGE, VERGE_COLUMNS
from mapsvc.domain.streets import Keeper
from mapsvc.errors import FileRefused
from mapsvc.ingest.compare.identity import derived_verge_id, verge_key
from mapsvc.ingest.gazetteer.sources import OPEN_STREET_MAP, Credit
from mapsvc.ingest.matching.matcher import Matcher
from mapsvc.ingest.schedule.cuts import note_reasons
from mapsvc.ingest.schedule.date_order import with_day_first
from mapsvc.ingest.schedule.doubts import with_dittos, with_sure_dates, without_private_words
from mapsvc.ingest.schedule.files import lines_of
from mapsvc.ingest.schedule.judge import judge, say_unusual_days, with_one_code_for_a_round
from mapsvc.ingest.schedule.line_matching import place_lines
from mapsvc.ingest.schedule.lines import ScheduleLine, text_of
from mapsvc.ingest.schedule.rounds import Rounds, read_rounds
from mapsvc.ingest.schedule.verges import VergeDraft, name_of, read_verges, tracked
from mapsvc.ingest.values.refusals import none_usable
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report, counted


@dataclass(frozen=True)
class ScheduleRead:
    """What schedule files hold, ready to publish.

    Parameters
    ----------
    verges : VERGE_COLUMNS in the local CRS; `programme` is a position in `programmes`
    programmes : each different list of cuts once
    named : the ids of verges that the files give
    source, licence, attribution : preset for OpenStreetMap grass, else empty
    """

    verges: gpd.GeoDataFrame
    rounds: list[Round]
    programmes: list[Programme]
    season: int
    service: str
    named: frozenset[str] = frozenset()
    source: str = ""
    licence: str = ""
    attribution: str = ""


def read_schedule(
    files: Sequence[Path],
    *,
    season: int | None,
    service: str,
    day: date,
    streets: gpd.GeoDataFrame,
    keepers: Sequence[Keeper],
    suggest: Callable[[str], list[str]] | None,
    settled: Mapping[str, str] = MappingProxyType({}),
    settings: Settings,
    report: Report,
    known_reasons: KnownReasons,
) -> ScheduleRead:
    """The verges, rounds and cuts that one or several files state together.

    Parameters
    ----------
    season : the year; None to take it from the files, else that of `day`
    service : the default, or an empty one, gives way to the one that the files name
    streets : STREET_COLUMNS of the published gazetteer
    keepers : published; a code that is none of theirs is a problem, and the verge kept
    suggest : ids of streets with names near to one that is in no gazetteer
    settled : what people said before that names mean, see `Matcher`
    report : gets counts, problems, notes and questions
    known_reasons : texts in place of dates that residents may read without being asked about

    Raises
    ------
    FileRefused : when no file, or no row of theirs, can be used.
    """
    report.files = tuple(file.name for file in files)
    _begin_counts(report)
    matcher = Matcher(streets, suggest, settled)
    lines = lines_of(files, streets, matcher, settings, report)
    service = service_of(lines, service)
    season = season or season_of(lines, day)
    lines = _of_service_and_season(lines, service, season, report)
    lines = _of_files_of_the_season(lines, season, report)
    lines = with_one_code_for_a_round(with_dittos(lines, report), report)
    lines = with_day_first(lines, report)
    lines = with_sure_dates(lines, season, known_reasons, report)
    lines = without_private_words(lines, report)
    rounds = read_rounds(lines, season, report)
    placed = place_lines([line for line in lines if _is_about_land(line)], matcher, report)
    drafts = read_verges(placed, rounds, matcher, season, report)
    drafts = judge(drafts, rounds, lambda draft: name_of(draft, matcher), report)
    say_unusual_days(drafts, Calendar(NATIONS[settings.nation]), report)
    _check_keepers(drafts, rounds, keepers, report)
    _say_what_is_missing(drafts, report)
    report.problems[:] = _once(report.problems)
    _refuse_when_empty(drafts, rounds, report)
    return _assembled(drafts, rounds, season, service, _credit(lines), settings.crs, report)


def _begin_counts(report: Report) -> None:
    for word in ("rows read", "matched", "ambiguous", "unknown", "without a date"):
        report.counts.setdefault(word, 0)


def _is_about_land(line: ScheduleLine) -> bool:
    return line.names_a_verge or not line.text("round")


# Which service and season


def service_of(lines: Iterable[ScheduleLine], asked: str) -> str:
    """The service that is read: the one asked for, else the one that the files name.

    Raises
    ------
    FileRefused : when the files name several, and none of them was asked for.
    """
    named = list(dict.fromkeys(filter(None, (line.text("service") for line in lines))))
    known = {name.casefold(): name for name in named}
    if not named or asked.casefold() in known:
        return known.get(asked.casefold(), asked or DEFAULT_SERVICE)
    if asked.casefold() not in ("", DEFAULT_SERVICE):
        return asked
    if len(named) == 1:
        return named[0]
    listed = ", ".join(name[:40] for name in named[:12])
    raise FileRefused("several_services", services=len(named), listed=listed, first=named[0])


_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def season_of(lines: Sequence[ScheduleLine], day: date) -> int:
    """The year of most seasons that rows name, else of most starts, else in a file's name."""
    for texts in (
        (line.text("season") for line in lines),
        (text_of(line.cells.get("start")) for line in lines),
        (line.file for line in lines),
    ):
        years = Counter[int]()
        for text, count in Counter(texts).items():
            if found := _YEAR.search(text):
                years[int(found[1])] += count
        if years:
            return max(years, key=lambda year: (years[year], year))
    return day.year


def _of_service_and_season(
    lines: Iterable[ScheduleLine], service: str, season: int, report: Report
) -> list[ScheduleLine]:
    """The lines of this service and season; those of another season are problems."""
    kept, others = [], Counter[str]()
    for line in lines:
        own, said = line.text("service"), line.text("season")
        year = _YEAR.search(said) if said else None
        if own and own.casefold() != service.casefold():
            others[own] += 1
        elif year and int(year[1]) != season:
            report.add(_other_season(line, year[1], season))
        else:
            kept.append(line)
    for name, count in others.items():
        report.notes.append(
            f"{counted(count, 'lines')} about {name} left out. Read them by themselves, with the "
            f'service "{name}".'
        )
    return kept


def _of_files_of_the_season(
    lines: list[ScheduleLine], season: int, report: Report
) -> list[ScheduleLine]:
    """Without the files that by their names are of another year than others given with them.

    Their days have no year of their own as a rule, and would be taken for this season's.
    """
    files = dict.fromkeys(line.file for line in lines)
    years = {file: found[1] for file in files if (found := _YEAR.search(file))}
    if len(set(years.values())) < 2:
        return lines
    for file, year in years.items():
        if int(year) != season:
            message = Message("file_of_other_season", year=year, season=season)
            report.add(Problem("wrong_season", message, file=file, value=year))
    return [line for line in lines if int(years.get(line.file, season)) == season]


def _other_season(line: ScheduleLine, year: str, season: int) -> Problem:
    message = Message("row_of_other_season", year=year, season=season)
    return line.problem("wrong_season", "season", message)


# Checks over all lines


def _check_keepers(
    drafts: Iterable[VergeDraft], rounds: Rounds, keepers: Sequence[Keeper], report: Report
) -> None:
    """Codes as published, also where a row has the name; one problem for each unknown code."""
    known = {keeper.name.casefold(): keeper.code for keeper in keepers}
    known |= {keeper.code.casefold(): keeper.code for keeper in keepers}
    unknown: set[str] = set()
    for draft in drafts:
        if not (said := draft.said.get("keeper")):
            continue
        code, line = said
        draft.said["keeper"] = (known.get(code.casefold(), code), line)
        if code.casefold() not in known and code.casefold() not in unknown:
            unknown.add(code.casefold())
            report.add(_unknown_keeper(code, line))


def _unknown_keeper(code: str, line: ScheduleLine) -> Problem:
    return line.problem("unknown_keeper", "keeper", Message("unknown_keeper", code=code))


def _say_what_is_missing(drafts: Sequence[VergeDraft], report: Report) -> None:
    """Counts the rows without a date, and notes why."""
    reasons: Counter[str] = Counter()
    regular: set[tuple[str, str, int]] = set()
    rows: set[tuple[str, str, int]] = set()
    for draft in drafts:
        undated = {cut.line.place: cut.reason for cut in draft.cuts if cut.window is None}
        reasons.update(undated.values())
        rows.update(undated)
        if not draft.has_dates:
            rows.update(line.place for line in draft.lines)
            if draft.get("frequency") and not draft.programme:
                regular.update(line.place for line in draft.lines)
    report.counts["without a date"] = len(rows)
    _say_bare_land(drafts, report)
    note_reasons(reasons, len(regular), report)


def _say_bare_land(drafts: Sequence[VergeDraft], report: Report) -> None:
    """Shapes alone may be parks or conservation areas: nothing says that they are cut."""
    words = ("keeper", "round", "frequency")
    bare = sum(
        not draft.cuts and not draft.programme and not any(map(draft.get, words))
        for draft in drafts
    )
    if bare and bare == len(drafts):
        report.notes.append(
            "No column says when, how often or by whom this grass is cut. Check that the file is "
            "a schedule, or give a file of dates by street with it."
        )


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once: a row with four cuts says its keeper four times."""
    unique = {(p.kind, p.file, p.sheet, p.row, p.column, p.sentence): p for p in problems}
    return list(unique.values())


def _refuse_when_empty(drafts: Sequence[VergeDraft], rounds: Rounds, report: Report) -> None:
    if drafts or report.open_questions:
        return
    if rounds and not (report.counts["ambiguous"] or report.counts["unknown"]):
        message = Message("no_streets_of_rounds", rounds=len(rounds), files=report.files)
        report.add(Problem("no_streets", message, file=report.files[0], blocks=True))
        return
    raise FileRefused(none_usable(report.files, report))


# The frame


def _assembled(
    drafts: Sequence[VergeDraft],
    rounds: Rounds,
    season: int,
    service: str,
    credit: Credit,
    crs: str,
    report: Report,
) -> ScheduleRead:
    programmes: dict[Programme, int] = {}
    rows = [
        _row(draft, id, rounds, programmes) for draft, id in zip(drafts, _ids(drafts), strict=True)
    ]
    verges = gpd.GeoDataFrame(rows, columns=list(VERGE_COLUMNS), geometry="geometry", crs=crs)
    verges["tracked"] = verges["tracked"].astype(object)
    report.counts["verges"] = len(verges)
    report.counts["rounds"] = len(rounds)
    planned = (cut for draft in drafts or rounds.values() for cut in draft.programme)
    report.counts["cuts"] = sum(cut.window is not None for cut in planned)
    return ScheduleRead(
        verges=verges,
        rounds=[draft.as_round(service) for draft in rounds.values()],
        programmes=list(programmes),
        season=season,
        service=service,
        named=frozenset(draft.id for draft in drafts if draft.id),
        source=credit.source,
        licence=credit.licence,
        attribution=credit.attribution,
    )


def _row(
    draft: VergeDraft, id: str, rounds: Rounds, programmes: dict[Programme, int]
) -> dict[str, object]:
    rest = draft.rest[0] if draft.rest else None
    code = draft.get("round")
    return {
        **{name: draft.get(name) for name in SAID_OF_A_VERGE},
        "id": id,
        "streets": ";".join(draft.streets),
        "round": rounds[code.casefold()].code if code else "",
        "rest_from": rest.window.start if rest else None,
        "rest_until": rest.window.end if rest else None,
        "rest_reason": rest.reason if rest else "",
        "tracked": tracked(draft, rounds),
        "programme": programmes.setdefault(draft.programme, len(programmes)),
        "geometry": draft.geometry,
    }


def _ids(drafts: Sequence[VergeDraft]) -> list[str]:
    """Given ids as they are; derived ones counted from south to north, in any order of rows."""
    ids = [draft.id for draft in drafts]
    taken = Counter[tuple[str, str, str]]()
    for at in sorted(range(len(drafts)), key=lambda at: _position(drafts[at].geometry)):
        if not ids[at]:
            draft = drafts[at]
            key = verge_key(";".join(draft.streets), draft.get("kind"), draft.get("stretch"))
            ids[at] = derived_verge_id(*key, ordinal=taken[key])
            taken[key] += 1
    return ids


def _position(shape: BaseGeometry | None) -> tuple[float, float]:
    if shape is None or shape.is_empty:
        return float("-inf"), float("-inf")
    west, south, _, _ = shapely.bounds(shape)
    return float(south), float(west)


def _credit(lines: Iterable[ScheduleLine]) -> Credit:
    return OPEN_STREET_MAP if any(line.is_grass for line in lines) else Credit()
