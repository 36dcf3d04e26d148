"""The answer for a street on a day, and today's colours for the map. Reads, never writes."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from mapsvc.domain.answers import Answer, Group, SeasonRow, grouped
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import Event, Notice
from mapsvc.domain.holding import LOOKED_AHEAD, Told, changes_of, holds_until
from mapsvc.domain.issues import Issue, ShownIssue, issue_in_words
from mapsvc.domain.pauses import Spell, spells_of
from mapsvc.domain.schedule import Cut, Round, Verge
from mapsvc.domain.season import CutRecord, season_of
from mapsvc.domain.shares import CountedVerge, Share, is_due_this_week, share_of
from mapsvc.domain.status import (
    CutKey,
    Status,
    VergeStatus,
    is_quiet_since,
    marks_that_count,
    status_on,
    verdict_of,
)
from mapsvc.domain.streets import Keeper, Street
from mapsvc.domain.wording import Voice, facts, label_of, sentence
from mapsvc.errors import NotFound, StreetMoved
from mapsvc.services.state.categories import category_name, is_about_cutting
from mapsvc.services.state.council import Council, Moment

KEPT_ANSWERS = 20_000
KEPT_DAYS = 8
KEPT_STATUSES = 200_000


@dataclass(frozen=True, slots=True)
class StatusBoard:
    """Today's colours: a share for each round and area, a status for each verge that differs.

    `edition` names what the map draws; tiles have it in their address. `names` are the rounds'.
    """

    on: date
    as_at: datetime
    edition: str
    rounds: dict[str, Share]
    names: dict[str, str]
    areas: dict[str, Share]
    verges: dict[str, Status]


class Answers:
    """The answers of one council. What was worked out for a street is kept until it changes."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self._found: dict[Hashable, tuple[Hashable, VergeStatus, CountedVerge]] = {}
        self._tellers: tuple[Hashable, dict[date, Teller]] = None, {}
        self._board: tuple[tuple[date, int], StatusBoard] | None = None
        self._kept: OrderedDict[Hashable, tuple[Hashable, tuple[Group, ...]]] = OrderedDict()

    def answer(self, street_id: str, on: date) -> Answer:
        """Everything that is known of a street's grass on a day.

        Raises
        ------
        NotFound : when no published gazetteer has the street
        StreetMoved : when it has another id now
        """
        teller = self._teller(on)
        moment = teller.moment
        street = find_street(moment, street_id)
        groups, issues = self._groups(teller, street), teller.issues_of(street)
        ends = [group.holds_until for group in groups]
        ends += self._ends_besides_grass(teller, street, bool(issues))
        return Answer(
            street=street,
            on=on,
            as_at=moment.as_at,
            groups=groups,
            season=teller.season_of(street),
            notices=_in_force(teller.notices_of(street), on),
            issues=issues,
            holds_until=min(filter(None, ends), default=None),
        )

    def _ends_besides_grass(
        self, teller: "Teller", street: Street, has_issues: bool
    ) -> list[date | None]:
        """The last days before notices come and go, and before a year that changes the rest."""
        found: list[date | None] = []
        for notice in teller.notices_of(street):
            begins = notice.starts - timedelta(days=1) if notice.starts else None
            found += [day for day in (begins, notice.ends) if day and day >= teller.on]
        if has_issues or teller.has_other_grass_next_year(street):
            found.append(date(teller.on.year, 12, 31))
        return [day for day in found if day and day < teller.on + LOOKED_AHEAD]

    def answer_stamp(self, street_id: str, on: date) -> Hashable:
        """A value that changes whenever the answer's facts do; `as_at` moves more often."""
        teller = self._teller(on)
        moment, stamp = teller.moment, teller.stamp(street_id)
        issues = moment.issues.of_street(moment.atlas.ids_of(street_id))
        return stamp, moment.notices, issues

    def _groups(self, teller: "Teller", street: Street) -> tuple[Group, ...]:
        key, stamp = (street.id, teller.on), teller.stamp(street.id)
        kept = self._kept.get(key)
        if kept and kept[0] == stamp:
            return kept[1]
        groups = teller.groups_of(street)
        self._kept[key] = stamp, groups
        if len(self._kept) > KEPT_ANSWERS:
            self._kept.popitem(last=False)
        return groups

    def _teller(self, on: date) -> "Teller":
        """What is true on a day now. Those of one moment share what they have worked out."""
        moment = self.council.moment
        now = moment.number, self.council.today()
        if self._tellers[0] != now:
            self._tellers = now, {}
        tellers = self._tellers[1]
        teller = tellers.get(on)
        if teller is None:
            if len(tellers) >= KEPT_DAYS:
                tellers.clear()
            teller = tellers[on] = Teller(self.council, moment, on)
        return teller

    def notices(self, on: date) -> tuple[str, ...]:
        """The sentences for residents in force on a day, of any grass."""
        return _in_force(self.council.moment.notices, on)

    def board(self, on: date) -> StatusBoard:
        """The status of every round and verge on a day, kept until anything changes."""
        moment = self.council.moment
        kept = self._board
        if kept is None or kept[0] != (on, moment.number):
            kept = self._board = (on, moment.number), self._board_of(moment, on)
        return kept[1]

    def _board_of(self, moment: Moment, on: date) -> StatusBoard:
        teller = Teller(self.council, moment, on)
        book, areas = moment.atlas.book(on.year), moment.atlas.areas(on.year)
        found = {verge.id: self._patch(teller, verge) for verge in book.verges.values()}
        by_area: dict[str, list[CountedVerge]] = {}
        for patch in found.values():
            for key in areas.of_streets(patch.streets):
                by_area.setdefault(key, []).append(patch)
        rounds = {
            code: share_of(found[verge.id] for verge in verges)
            for code, verges in book.by_round.items()
        }
        return StatusBoard(
            on=on,
            as_at=moment.as_at,
            edition=moment.atlas.shapes_name(on.year),
            rounds=rounds,
            names={code: round_.name or code for code, round_ in book.rounds.items()},
            areas={
                key: share_of(patches, frozenset(areas.by_key[key].streets))
                for key, patches in by_area.items()
            },
            verges={
                verge.id: found[verge.id].status
                for verge in book.verges.values()
                if not verge.round or found[verge.id].status != rounds[verge.round].status
            },
        )

    def found(self, teller: "Teller", verge: Verge) -> VergeStatus:
        """What is true for a verge, worked out anew only where something concerns it."""
        return self._kept_of(teller, verge)[1]

    def _patch(self, teller: "Teller", verge: Verge) -> CountedVerge:
        return self._kept_of(teller, verge)[2]

    def _kept_of(
        self, teller: "Teller", verge: Verge
    ) -> tuple[Hashable, VergeStatus, CountedVerge]:
        key, stamp = (verge.id, teller.on), teller.stamp_of(verge)
        kept = self._found.get(key)
        if kept is None or kept[0] != stamp:
            if len(self._found) > KEPT_STATUSES:
                self._found.clear()
            found = teller.status(verge)
            patch = CountedVerge(verge.streets, found.status, is_due_this_week(found))
            kept = self._found[key] = stamp, found, patch
        return kept


def find_street(moment: Moment, street_id: str) -> Street:
    """The street with this id in the published gazetteer; errors as in `Answers.answer`."""
    found = moment.atlas.street(street_id)
    if found:
        return found.street
    new_id = moment.atlas.moved(street_id)
    if new_id:
        raise StreetMoved(street_id, new_id)
    gazetteer = moment.atlas.edition("gazetteer")
    if gazetteer is None:
        raise NotFound("no_gazetteer")
    if not street_id.isprintable():
        raise NotFound("no_street_of_that_id", day=gazetteer.at.date())
    raise NotFound("no_street", street=street_id[:40], day=gazetteer.at.date())


def edition_name(moment: Moment) -> str:
    """A name of everything that is published: new with each publication."""
    return "-".join(str(edition.number) for edition in moment.atlas.editions) or "0"


def _in_force(notices: Iterable[Notice], on: date) -> tuple[str, ...]:
    return tuple(
        notice.text
        for notice in notices
        if (notice.starts is None or notice.starts <= on)
        and (notice.ends is None or on <= notice.ends)
    )


def _concerns(area: str, street: Street, rounds: Collection[str]) -> bool:
    level, _, code = area.partition(":")
    if level == "round":
        return code in rounds
    return level != "place" or code.casefold() in {place.casefold() for place in street.places}


class Teller:
    """What is true on one day at one moment, from the records up to the day `known_on`.

    It is today for today and for days to come, the day itself for an earlier one: a pause that
    was recorded since was not told then.
    """

    def __init__(
        self, council: Council, moment: Moment, on: date, known_on: date | None = None
    ) -> None:
        self.council, self.moment, self.on = council, moment, on
        self.known_on = known_on or min(on, council.today())
        self._known_until = self._end_of(self.known_on) if self.known_on < council.today() else None
        self.book = moment.atlas.book(on.year)
        self._edition = edition_name(moment)
        self._quiet: dict[str, bool] = {}
        self._alike: dict[Hashable, VergeStatus] = {}
        self._words: dict[tuple[VergeStatus, Keeper], str] = {}
        self._spells: dict[tuple[Event, ...], tuple[Spell, ...]] = {}
        self._later: dict[date, Teller] = {}
        self._ends: dict[Hashable, date | None] = {}

    @property
    def calendar(self) -> Calendar:
        return self.council.calendar

    def stamp(self, street_id: str) -> Hashable:
        """Changes whenever something that concerns the street's grass does."""
        verges = self.book.of_street(street_id)
        heard = {v.service: self._heard_of(v.service) for v in verges}
        return self._edition, *heard.values(), *map(self.stamp_of, verges)

    def stamp_of(self, verge: Verge) -> Hashable:
        """Changes whenever something that concerns the verge does."""
        ledger = self.moment.ledger
        return (
            self._edition,
            ledger.pauses_version,
            self.moment.reasons,
            ledger.version_of(verge.id),
            self.is_gone_quiet(verge.service),
        )

    def groups_of(self, street: Street) -> tuple[Group, ...]:
        """The street's grass in groups; one without verges where none is recorded."""
        verges = self.book.of_street(street.id)
        if not verges:
            return self._without_verges(street)
        groups = grouped(((verge, self.status(verge)) for verge in verges), self._group)
        return tuple(map(self._with_end, groups))

    def _with_end(self, group: Group) -> Group:
        """The group with the last day on which the words of all its grass stand."""
        ends = (self.holds_until(self.book.verges[verge]) for verge in group.verges)
        return replace(group, holds_until=min(filter(None, ends), default=None))

    def _group(self, verge: Verge, found: VergeStatus) -> Group:
        keeper = self.keeper_of(verge)
        return Group(
            found=found,
            keeper=keeper,
            round=self._round(verge),
            where=verge.where,
            kind=verge.kind,
            label=label_of(found),
            words=self.words(verge, found),
            facts=facts(found) if keeper.ours else (),
            verges=(verge.id,),
        )

    def holds_until(self, verge: Verge) -> date | None:
        """The last day on which a verge's words stand if nothing is recorded, None for a year."""
        plan = verge.programme, verge.rest, verge.frequency, verge.service, verge.keeper
        key = *plan, self.is_said_to_be_tracked(verge), tuple(self.events_of(verge))
        if key not in self._ends:
            self._ends[key] = holds_until(self.on, lambda day: self._on(day)._told(verge.id))
        return self._ends[key]

    def _on(self, day: date) -> "Teller":
        """What will be true on another day if nothing is recorded."""
        if day == self.on:
            return self
        if day not in self._later:
            self._later[day] = Teller(self.council, self.moment, day, self.known_on)
        return self._later[day]

    def _told(self, verge_id: str) -> Told:
        verge = self.book.verges.get(verge_id)
        if verge is None:
            return Told(None, ())
        found, events = self.status(verge), self.events_of(verge)
        heard = self._heard_days(verge.service) if self.is_said_to_be_tracked(verge) else ()
        return Told(
            (verge.where, label_of(found), self.words(verge, found)),
            changes_of(found, verge, events, heard, self.calendar),
        )

    def has_other_grass_next_year(self, street: Street) -> bool:
        """Whether what is published for the year after has other verges on a street."""
        following = self.moment.atlas.book(self.on.year + 1)
        if following is self.book:
            return False
        ids = [{v.id for v in b.of_street(street.id)} for b in (self.book, following)]
        return ids[0] != ids[1]

    def notices_of(self, street: Street) -> list[Notice]:
        """The notices that concern a street, of any day."""
        rounds = {verge.round for verge in self.book.of_street(street.id)}
        return [n for n in self.moment.notices if _concerns(n.area, street, rounds)]

    def words(self, verge: Verge, found: VergeStatus) -> str:
        """What residents read of a verge of which `found` is true, put in words once for all."""
        key = found, self.keeper_of(verge)
        words = self._words.get(key)
        if words is None:
            words = self._words[key] = sentence(found, self._voice(key[1]))
        return words

    def _without_verges(self, street: Street) -> tuple[Group, ...]:
        """A group for the keeper of the street's road or parish; of two parishes, one for each."""
        keepers = self.moment.atlas.keepers_of_street(street) or {NOBODY: ()}
        is_one = len(keepers) == 1
        return tuple(
            self._of_keeper(keeper, "" if is_one else f"in {' and '.join(parishes)}")
            for keeper, parishes in keepers.items()
        )

    def _of_keeper(self, keeper: Keeper, where: str) -> Group:
        is_ours = keeper is NOBODY or keeper.ours
        found = self._status(Verge(id=""), is_ours, events=())
        return Group(
            found=found,
            keeper=keeper,
            round=None,
            where=where,
            kind="",
            label=label_of(found),
            words=sentence(found, self._voice(keeper, has_verges=False)),
        )

    def _voice(self, keeper: Keeper, *, has_verges: bool = True) -> Voice:
        return Voice(keeper, self.council.settings.council_phone, has_verges)

    def status(
        self, verge: Verge, supposed: Sequence[Event] = (), *, without: Collection[int] = ()
    ) -> VergeStatus:
        """The status of one verge, also if events were recorded that are not, or taken back."""
        ledger = self.moment.ledger
        known = [event for event in self.events_of(verge) if event.id not in without]
        events = [*known, *map(ledger.spelled, supposed)]
        return self._status(verge, self.keeper_of(verge).ours, events)

    def events_of(self, verge: Verge) -> list[Event]:
        """What concerns a verge, of what counted or was recorded by the day that is known."""
        events, until = self.moment.ledger.events_of(verge), self._known_until
        if until is None:
            return events
        return [event for event in events if event.on <= self.known_on or event.at < until]

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), self.council.zone)

    def spells_of(self, verge: Verge) -> tuple[Spell, ...]:
        """When each pause that concerns a verge holds, as known on the day."""
        said = tuple(e for e in self.moment.ledger.pauses_of(verge) if e.on <= self.on)
        found = self._spells.get(said)
        if found is None:
            found = self._spells[said] = spells_of(said)
        return found

    def marks_of(self, verge: Verge) -> list[Event]:
        """The marks that count for a verge on the day, the newest last."""
        return marks_that_count(self.on, verge, self.events_of(verge))

    def _status(self, verge: Verge, is_ours: bool, events: Sequence[Event]) -> VergeStatus:
        """The status, worked out once for all verges of which the same is recorded."""
        plan = verge.programme, verge.rest, verge.frequency, verge.service
        key = *plan, is_ours, self.is_tracked(verge), tuple(events)
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = self._worked_out(verge, is_ours, events)
        return found

    def _worked_out(self, verge: Verge, is_ours: bool, events: Sequence[Event]) -> VergeStatus:
        return status_on(
            self.on,
            self._with_known_reasons(verge),
            events,
            is_ours=is_ours,
            is_tracked=self.is_tracked(verge),
            tolerance=self.council.settings.tolerance_of(verge.service),
            calendar=self.calendar,
        )

    def _with_known_reasons(self, verge: Verge) -> Verge:
        """The verge without the texts in place of dates that nobody may read (any more)."""
        programme = tuple(map(self._with_known_reason, verge.programme))
        return verge if programme == verge.programme else replace(verge, programme=programme)

    def _with_known_reason(self, cut: Cut) -> Cut:
        is_known = not cut.reason or cut.reason in self.moment.reasons
        return cut if is_known else replace(cut, reason="")

    def keeper_of(self, verge: Verge) -> Keeper:
        """The verge's keeper; one that no list names is taken as ours under its code."""
        atlas = self.moment.atlas
        if not verge.keeper:
            return atlas.default_keeper or self.council.own_keeper
        return atlas.keeper(verge.keeper) or Keeper(verge.keeper, verge.keeper)

    def is_tracked(self, verge: Verge) -> bool:
        return self.is_said_to_be_tracked(verge) and not self.is_gone_quiet(verge.service)

    def is_said_to_be_tracked(self, verge: Verge) -> bool:
        """Whether crews are to mark every cut, also where they have gone quiet."""
        round_ = self._round(verge)
        said = round_.tracked if round_ and round_.tracked is not None else verge.tracked
        return verge.service in self.council.settings.tracked if said is None else said

    def is_gone_quiet(self, service: str) -> bool:
        """Whether no crew of the service was heard of for ten working days."""
        known = self._quiet.get(service)
        if known is None:
            known = self._quiet[service] = self._is_gone_quiet(service)
        return known

    def _is_gone_quiet(self, service: str) -> bool:
        return is_quiet_since(self._heard_of(service), self.on, self.calendar)

    def _heard_of(self, service: str) -> date | None:
        """The newest day on which a service was heard of, as far as is known."""
        return max((d for d in self._heard_days(service) if d <= self.on), default=None)

    def _heard_days(self, service: str) -> list[date]:
        """The newest day on which a service was heard of, and those recorded for days to come."""
        ledger, known = self.moment.ledger, min(self.on, self.known_on)
        newest = ledger.newest_day(service, known)
        ahead = ledger.days_ahead(service, known, self._known_until)
        return ([newest] if newest else []) + ahead

    def _round(self, verge: Verge) -> Round | None:
        return self.book.rounds.get(verge.round) if verge.round else None

    def season_of(self, street: Street) -> tuple[SeasonRow, ...]:
        """The season's cuts of the street with what became of each, by their days.

        It is that of the day's year, else the last that has any.
        """
        verges = [v for v in self.book.of_street(street.id) if self.keeper_of(v).ours]
        seasons = {cut.season for v in verges for cut in v.programme if cut.season <= self.on.year}
        stretches: dict[tuple[CutRecord, str], dict[str, None]] = {}
        for verge in verges:
            for record in self.records_of(verge, max(seasons, default=self.on.year)):
                stretches.setdefault((record, verge.round), {})[verge.where] = None
        rows = [
            SeasonRow(record, self.book.rounds.get(code), tuple(filter(None, where)))
            for (record, code), where in stretches.items()
        ]
        return tuple(sorted(rows, key=_by_window))

    def records_of(self, verge: Verge, season: int) -> tuple[CutRecord, ...]:
        """What became of each cut of a verge in a season."""
        shown = self._with_known_reasons(verge)
        return season_of(self.status(verge), shown, self.events_of(verge), season)

    def issues_of(self, street: Street) -> tuple[ShownIssue, ...]:
        """The street's open issues that were reported by the day, as everybody may see them."""
        issues = self.moment.issues.of_street(self.moment.atlas.ids_of(street.id))
        return tuple(self.shown(issue) for issue in issues if self._day(issue.at) <= self.on)

    def shown(self, issue: Issue) -> ShownIssue:
        """An issue as everybody may see it."""
        category = category_name(self.council.categories, issue.category)
        cut_since = self.cut_since(issue)
        planned = None if cut_since else self._planned(issue)
        words = issue_in_words(issue, category, self._day(issue.at), self.on, planned, cut_since)
        return ShownIssue(issue, category, words, planned, cut_since)

    def cut_since(self, issue: Issue) -> date | None:
        """The day by which all grass that an open issue is about was cut since: for the cut that it
        is planned for; for any, where a cut answers its category. None where some was not.
        """
        is_answered_by_any = is_about_cutting(self.council.categories, issue.category)
        if issue.is_closed or (issue.cut is None and not is_answered_by_any):
            return None
        grass = [
            verge
            for verge in self._grass_of(issue)
            if self.keeper_of(verge).ours and _has_cut(verge, issue)
        ]
        days = [self._cut_for(issue, verge) for verge in grass]
        return max(filter(None, days)) if days and all(days) else None

    def _grass_of(self, issue: Issue) -> Sequence[Verge]:
        if issue.verge in self.book.verges:
            return (self.book.verges[issue.verge],)
        return self.book.of_street(self.moment.atlas.moved(issue.street) or issue.street)

    def _cut_for(self, issue: Issue, verge: Verge) -> date | None:
        """The newest day on which a verge was cut for an issue, by the marks that won."""
        by_cut: dict[CutKey, list[Event]] = {}
        for mark in self.marks_of(verge):
            by_cut.setdefault((mark.season, mark.cut), []).append(mark)
        if issue.cut is not None and issue.season is not None:
            wanted = (issue.season, issue.cut)
            by_cut = {key: marks for key, marks in by_cut.items() if key == wanted}
        won = filter(None, map(verdict_of, by_cut.values()))
        reported = self._day(issue.at), issue.at
        done = [mark.on for mark in won if mark.kind == "done" and (mark.on, mark.at) > reported]
        return max(done, default=None)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.council.zone).date()

    def _planned(self, issue: Issue) -> date | None:
        """The first day of the cut that an issue is planned for, where one is published."""
        if issue.cut is None:
            return None
        verges = self.book.of_street(issue.street)
        key = issue.season, issue.cut
        windows = [
            cut.window
            for verge in verges
            for cut in verge.programme
            if (cut.season, cut.number) == key
        ]
        return min((window.start for window in windows if window), default=None)


NOBODY = Keeper("", "", ours=False)
"""The keeper of a street where no grass is recorded and nobody names it."""


def _has_cut(verge: Verge, issue: Issue) -> bool:
    """Whether the verge has the cut that an issue is planned for; any has, where it is for none."""
    if issue.cut is None:
        return True
    return (issue.season, issue.cut) in {(cut.season, cut.number) for cut in verge.dated_cuts}


def _by_window(row: SeasonRow) -> tuple[date, tuple[str, ...], int]:
    window = row.record.cut.window
    return (window.start if window else date.max), row.where, row.record.cut.number
