"""The answer for a street on a day, and today's colours for the map. Reads, never writes."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mapsvc.domain.answers import Answer, CutRecord, Group, grouped
from mapsvc.domain.calendar import Calendar
from mapsvc.domain.events import Event
from mapsvc.domain.issues import Issue, ShownIssue, issue_in_words
from mapsvc.domain.pauses import Spell, spells_of
from mapsvc.domain.schedule import Round, Verge
from mapsvc.domain.shares import CountedVerge, Share, is_due_this_week, share_of
from mapsvc.domain.status import (
    Status,
    VergeStatus,
    is_quiet_since,
    marks_that_count,
    status_on,
)
from mapsvc.domain.streets import Keeper, Street
from mapsvc.domain.wording import Voice, sentence
from mapsvc.errors import NotFound, StreetMoved
from mapsvc.services.state.categories import category_name
from mapsvc.services.state.council import Council, Moment

KEPT_ANSWERS = 20_000
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
        self._board: tuple[tuple[date, int], StatusBoard] | None = None
        self._kept: OrderedDict[Hashable, tuple[Hashable, tuple[Group, ...]]] = OrderedDict()

    def answer(self, street_id: str, on: date) -> Answer:
        """Everything that is known of a street's grass on a day.

        Raises
        ------
        NotFound : when no published gazetteer has the street
        StreetMoved : when it has another id now
        """
        moment = self.council.moment
        street = find_street(moment, street_id)
        teller = Teller(self.council, moment, on)
        return Answer(
            street=street,
            on=on,
            as_at=moment.as_at,
            groups=self._groups(teller, street),
            season=teller.season_of(street),
            notices=self.notices(on, street),
            issues=teller.issues_of(street),
        )

    def answer_stamp(self, street_id: str, on: date) -> Hashable:
        """A value that changes whenever the answer's facts do; `as_at` moves more often."""
        moment = self.council.moment
        stamp = Teller(self.council, moment, on).stamp(street_id)
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

    def notices(self, on: date, street: Street | None = None) -> tuple[str, ...]:
        """The sentences for residents in force on a day; for one street, those that concern it."""
        moment = self.council.moment
        verges = moment.atlas.book(on.year).of_street(street.id) if street else ()
        rounds = {verge.round for verge in verges}
        return tuple(
            notice.text
            for notice in moment.notices
            if (notice.starts is None or notice.starts <= on)
            and (notice.ends is None or on <= notice.ends)
            and (street is None or _concerns(notice.area, street, rounds))
        )

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
            areas={key: share_of(patches) for key, patches in by_area.items()},
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
        raise NotFound("No gazetteer is published yet, so there are no streets.")
    day = gazetteer.at
    named = repr(street_id[:40]) if street_id.isprintable() else "with such an id"
    raise NotFound(
        f"There is no street {named} in the gazetteer of {day.day} {day:%B %Y}. "
        "Search for the street by its name."
    )


def edition_name(moment: Moment) -> str:
    """A name of everything that is published: new with each publication."""
    return "-".join(str(edition.number) for edition in moment.atlas.editions) or "0"


def _concerns(area: str, street: Street, rounds: Collection[str]) -> bool:
    level, _, code = area.partition(":")
    if level == "round":
        return code in rounds
    return level != "place" or code.casefold() in {place.casefold() for place in street.places}


class Teller:
    """What is true on one day at one moment."""

    def __init__(self, council: Council, moment: Moment, on: date) -> None:
        self.council, self.moment, self.on = council, moment, on
        self.book = moment.atlas.book(on.year)
        self._edition = edition_name(moment)
        self._quiet: dict[str, bool] = {}
        self._alike: dict[Hashable, VergeStatus] = {}
        self._words: dict[tuple[VergeStatus, Keeper], str] = {}
        self._spells: dict[tuple[Event, ...], tuple[Spell, ...]] = {}

    @property
    def calendar(self) -> Calendar:
        return self.council.calendar

    def stamp(self, street_id: str) -> Hashable:
        """Changes whenever something that concerns the street's grass does."""
        return self._edition, *map(self.stamp_of, self.book.of_street(street_id))

    def stamp_of(self, verge: Verge) -> Hashable:
        """Changes whenever something that concerns the verge does."""
        ledger = self.moment.ledger
        return (
            self._edition,
            ledger.pauses_version,
            ledger.version_of(verge.id),
            self.is_gone_quiet(verge.service),
        )

    def groups_of(self, street: Street) -> tuple[Group, ...]:
        """The street's grass in groups; one without verges where none is recorded."""
        verges = self.book.of_street(street.id)
        if not verges:
            return self._without_verges(street)
        return grouped(((verge, self.status(verge)) for verge in verges), self._group)

    def _group(self, verge: Verge, found: VergeStatus) -> Group:
        keeper = self.keeper_of(verge)
        return Group(
            found=found,
            keeper=keeper,
            round=self._round(verge),
            where=verge.stretch,
            kind=verge.kind,
            words=self.words(verge, found),
            verges=(verge.id,),
        )

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
            words=sentence(found, self._voice(keeper, has_verges=False)),
        )

    def _voice(self, keeper: Keeper, *, has_verges: bool = True) -> Voice:
        return Voice(keeper, self.council.settings.council_phone, has_verges)

    def status(
        self, verge: Verge, supposed: Sequence[Event] = (), *, without: Collection[int] = ()
    ) -> VergeStatus:
        """The status of one verge, also if events were recorded that are not, or taken back."""
        ledger = self.moment.ledger
        known = [event for event in ledger.events_of(verge) if event.id not in without]
        events = [*known, *map(ledger.spelled, supposed)]
        return self._status(verge, self.keeper_of(verge).ours, events)

    def spells_of(self, verge: Verge) -> tuple[Spell, ...]:
        """When each pause that concerns a verge holds, as known on the day."""
        said = tuple(e for e in self.moment.ledger.pauses_of(verge) if e.on <= self.on)
        found = self._spells.get(said)
        if found is None:
            found = self._spells[said] = spells_of(said)
        return found

    def marks_of(self, verge: Verge) -> list[Event]:
        """The marks that count for a verge on the day, the newest last."""
        return marks_that_count(self.on, verge, self.moment.ledger.events_of(verge))

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
            verge,
            events,
            is_ours=is_ours,
            is_tracked=self.is_tracked(verge),
            tolerance=self.council.settings.tolerance_of(verge.service),
            calendar=self.calendar,
        )

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
        newest = self.moment.ledger.newest_day(service, self.on)
        return is_quiet_since(newest, self.on, self.calendar)

    def _round(self, verge: Verge) -> Round | None:
        return self.book.rounds.get(verge.round) if verge.round else None

    def season_of(self, street: Street) -> tuple[CutRecord, ...]:
        """The season's cuts of the street with what was marked for each, by window."""
        stretches: dict[CutRecord, dict[str, None]] = {}
        for verge in self.book.of_street(street.id):
            for record in self._season_of(verge):
                stretches.setdefault(record, {})[verge.stretch] = None
        records = (
            replace(record, where=", ".join(filter(None, where)))
            for record, where in stretches.items()
        )
        return tuple(sorted(records, key=_by_window))

    def issues_of(self, street: Street) -> tuple[ShownIssue, ...]:
        """The street's open issues that were reported by the day, as everybody may see them."""
        issues = self.moment.issues.of_street(self.moment.atlas.ids_of(street.id))
        return tuple(self.shown(issue) for issue in issues if self._day(issue.at) <= self.on)

    def shown(self, issue: Issue) -> ShownIssue:
        """An issue as everybody may see it."""
        category = category_name(self.council.categories, issue.category)
        planned = self._planned(issue)
        words = issue_in_words(issue, category, self._day(issue.at), self.on, planned)
        return ShownIssue(issue, category, words, planned)

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

    def _season_of(self, verge: Verge) -> Iterator[CutRecord]:
        marks = self.marks_of(verge)
        round_, is_tracked = self._round(verge), self.is_tracked(verge)
        for cut in verge.programme:
            if cut.season == self.on.year:
                key = cut.season, cut.number
                of_cut = tuple(event for event in marks if (event.season, event.cut) == key)
                yield CutRecord(cut, "", round_, of_cut, is_tracked)


NOBODY = Keeper("", "", ours=False)
"""The keeper of a street where no grass is recorded and nobody names it."""


def _by_window(record: CutRecord) -> tuple[date, str, int]:
    window = record.cut.window
    return (window.start if window else date.max), record.where, record.cut.number
