"""Answers and search results as the contract's JSON documents, for web and command line alike."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mapsvc.domain.answers import Answer, Group, SeasonRow
from mapsvc.domain.issues import ShownIssue, issues_in_words, open_issues
from mapsvc.domain.pauses import Layer
from mapsvc.domain.schedule import Round, Window
from mapsvc.domain.shares import Share
from mapsvc.domain.streets import AltName, Keeper, Street
from mapsvc.domain.wording import became_in_words, named_sentence, recorded, stretches_in_words
from mapsvc.published.atlas import FoundStreet
from mapsvc.services.answers.teller import StatusBoard
from mapsvc.services.state.issue_grid import Cluster

Document = dict[str, Any]


LISTED = ("usrn", "name", "locality", "town", "parish", "ward", "postcode_district")
"""What a list of streets says of each, besides its id and where it lies."""


def search_document(query: str, found: Sequence[FoundStreet]) -> Document:
    """What `/api/search` and `/api/near` answer; `distance_m` only where there is one."""
    return {"query": query, "results": [_result(street) for street in found]}


def _result(found: FoundStreet) -> Document:
    record = found.entry.record
    result = {
        "id": record.id,
        **{name: record.fields[name] for name in LISTED},
        "lat": _degrees(found.lat),
        "lon": _degrees(found.lon),
        "score": round(found.score, 4),
    }
    return result if found.distance_m is None else {**result, "distance_m": found.distance_m}


def _degrees(value: float) -> float | None:
    return None if value != value else round(value, 6)


def answer_document(answer: Answer) -> Document:
    """What `/api/streets/<id>` answers."""
    as_at = answer.as_at.isoformat(timespec="seconds")
    return answer_body(answer, as_at, recorded(answer.as_at))


def answer_body(answer: Answer, as_at: str, closing: str) -> Document:
    """The same with the record's time as text, so that what does not depend on it can be kept."""
    street = answer.street
    return {
        "street": street_document(street),
        "on": answer.on.isoformat(),
        "as_at": as_at,
        "holds_until": _day(answer.holds_until),
        "groups": [group_document(answer, group, closing) for group in answer.groups],
        "season": [_cut_document(row, answer.on) for row in answer.season],
        "notices": list(answer.notices),
        "issues": [issue_document(shown) for shown in answer.issues],
        "links": {
            "self": f"/api/streets/{street.id}",
            "page": f"/streets/{street.id}",
            "map": f"/map?street={street.id}",
        },
    }


def issue_document(shown: ShownIssue) -> Document:
    """An issue as everybody may see it: no person, and the text only once staff released it."""
    issue = shown.issue
    return {
        "reference": issue.reference,
        "category": issue.category,
        "label": shown.category,
        "state": issue.state.value,
        "sentence": shown.words,
        "text": issue.public_text,
        "where": issue.public_stretch,
        "reported": issue.at.isoformat(timespec="seconds"),
        "planned": _day(shown.planned),
        "noticed": issue.noticed,
        "page": f"/issues/{issue.reference}",
    }


def layer_document(
    shown: Sequence[ShownIssue],
    places: Mapping[int, tuple[float, float]],
    clusters: Sequence[Cluster] = (),
) -> Document:
    """What `/api/issues` answers: open issues as GeoJSON points for the map and for lists.

    Parameters
    ----------
    places : longitude and latitude of those that have a point, by id
    """
    features = [_feature(places.get(one.issue.id), _in_short(one)) for one in shown]
    features += [
        _feature(found.place, {"number": found.number, "sentence": open_issues(found.number)})
        for found in clusters
    ]
    return {"type": "FeatureCollection", "features": features}


def _in_short(shown: ShownIssue) -> Document:
    """What a map says of one issue."""
    return {
        "reference": shown.issue.reference,
        "label": shown.category,
        "state": shown.issue.state.value,
        "sentence": shown.words,
        "street": shown.issue.street,
    }


def _feature(place: tuple[float, float] | None, about: Document) -> Document:
    point = place and {"type": "Point", "coordinates": [round(degrees, 5) for degrees in place]}
    return {"type": "Feature", "geometry": point, "properties": about}


def street_document(street: Street) -> Document:
    """A street without its geometry; unknown fields are empty text."""
    return {
        "id": street.id,
        "usrn": street.usrn,
        "name": street.name,
        "alt_names": [_alt_name(name) for name in street.alt_names],
        "locality": street.locality,
        "town": street.town,
        "road_number": street.road_number,
        "postcode_district": street.postcode_district,
        "parish": street.parish,
        "ward": street.ward,
        "authority": street.authority,
    }


def group_document(answer: Answer, group: Group, closing: str) -> Document:
    """One group of a street's grass, with its whole sentence."""
    found = group.found
    return {
        "status": found.status.value,
        "label": group.label,
        "sentence": f"{spoken(answer, group)} {closing}",
        "where": group.where,
        "keeper": keeper_document(group.keeper),
        "round": _round_document(group.round),
        "kind": group.kind,
        "cut": found.cut,
        "season": found.season,
        "window": _window(found.window),
        "deadline": _day(found.deadline),
        "last_cut": _day(found.last_cut),
        "next": _window(found.next),
        "outstanding": list(found.outstanding),
        "reason": found.reason,
        "expected": _day(found.expected),
        "until": _day(found.until),
        "paused": list(map(_layer_document, found.paused)),
        "announced": list(map(_layer_document, found.announced)),
        "holds_until": _day(group.holds_until),
        "facts": [{"term": fact.term, "words": fact.words} for fact in group.facts],
        "verges": list(group.verges),
    }


def _layer_document(layer: Layer) -> Document:
    """A pause: its first day, its last as far as one is recorded, and why."""
    ends = layer.last if layer.until or layer.goes_on else None
    return {"since": layer.since.isoformat(), "until": _day(ends), "reason": layer.reason}


def sentence_of(answer: Answer, group: Group) -> str:
    """The group's sentence as it is read aloud: street and place first, the record's time last."""
    return f"{spoken(answer, group)} {recorded(answer.as_at)}"


def spoken(answer: Answer, group: Group) -> str:
    """The same without the record's time."""
    everywhere = [one.where for one in answer.groups]
    where = stretches_in_words([group.where], everywhere)
    return named_sentence(answer.street.full_name, where, group.words)


def keeper_document(keeper: Keeper) -> Document:
    """A keeper as the contract shows it."""
    return {
        "code": keeper.code,
        "name": keeper.name,
        "kind": keeper.kind,
        "ours": keeper.ours,
        "url": keeper.url,
        "phone": keeper.phone,
    }


def _cut_document(row: SeasonRow, on: date) -> Document:
    """One cut of the season; marks credit a role, never a person."""
    record = row.record
    return {
        "cut": record.cut.number,
        "season": record.cut.season,
        "where": ", ".join(row.where),
        "round": _round_document(row.round),
        "window": _window(record.cut.window),
        "reason": record.cut.reason,
        "state": record.state.value,
        "sentence": ". ".join(filter(None, became_in_words(record, on))),
        "marks": [
            {"kind": event.kind, "on": event.on.isoformat(), "reason": event.reason}
            for event in record.marks
        ],
    }


def _round_document(round_: Round | None) -> Document | None:
    return None if round_ is None else {"code": round_.code, "name": round_.name or round_.code}


def _window(window: Window | None) -> Document | None:
    if window is None:
        return None
    return {"from": window.start.isoformat(), "to": window.end.isoformat()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def board_document(board: StatusBoard) -> Document:
    """What `/api/status` answers."""
    return {
        "on": board.on.isoformat(),
        "as_at": board.as_at.isoformat(timespec="seconds"),
        "edition": board.edition,
        "rounds": {code: share.status.value for code, share in board.rounds.items()},
        "verges": {verge: status.value for verge, status in board.verges.items()},
        "areas": {
            key: {"status": share.status.value, **_share_document(share)}
            for key, share in board.areas.items()
        },
        "round_streets": {
            code: {"name": board.names.get(code, code), **_share_document(share)}
            for code, share in board.rounds.items()
        },
    }


def _share_document(share: Share) -> Document:
    """How the streets of a place or round divide; none stands for all of them."""
    return {
        "streets": share.streets,
        "due": share.due,
        "shares": {status.value: streets for status, streets in share.shares.items()},
    }


def answer_lines(answer: Answer) -> Iterator[str]:
    """The answer for a terminal or a telephone: a sentence per group, then notices and issues."""
    for group in answer.groups:
        yield f"[{group.label}] {sentence_of(answer, group)}"
    yield from answer.notices
    if answer.issues:
        yield issues_in_words(answer.issues)


def _alt_name(name: AltName) -> dict[str, Any]:
    return {"name": name.text, "lang": name.lang, "former": name.is_former}
