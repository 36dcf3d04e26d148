"""What a new council should know of its own streets: those that nobody can tell apart or place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from mapsvc.config import Settings
from mapsvc.domain.streets import divided_places
from mapsvc.errors import MapsvcError
from mapsvc.problems import counted
from mapsvc.published.atlas import Atlas
from mapsvc.search.normalise import street_key
from mapsvc.search.place_names import is_code, place_key
from mapsvc.services.state.council import Council

SHOWN = 3
"""Names of one kind that a sentence gives; the rest is a number."""

LEAST_STREETS = 5
"""Streets of a place from which on it should have a label."""

_COLUMNS = ("name", "locality", "town", "parish")


def examined(atlas: Atlas) -> list[str]:
    """A sentence for each weakness of the published streets, keepers and places; none if sound."""
    return list(_sentences(atlas))


def examined_in_store(settings: Settings) -> list[str]:
    """The same of the store of these settings; nothing where none can be opened."""
    try:
        council = Council.open(settings, create=False)
    except MapsvcError:
        return []
    try:
        return examined(council.atlas())
    finally:
        council.close()


def _sentences(atlas: Atlas) -> Iterator[str]:
    streets = [_fields(found.entry.record.fields) for found in atlas.all_streets()]
    yield from _placeless(streets)
    yield from _alike(streets)
    yield from _without_a_label(streets, atlas)
    yield from _strange_parishes(streets, atlas)


def _fields(fields: dict[str, str]) -> tuple[str, ...]:
    return tuple(fields[name] for name in _COLUMNS)


def _placeless(streets: Iterable[tuple[str, ...]]) -> Iterator[str]:
    number = sum(not any(places) for _, *places in streets)
    if number:
        yield (
            f"{counted(number, 'streets')} in one area without a name: no parish, village or town "
            "is known for them. Publish boundaries that name it, or a gazetteer with localities."
        )


def _alike(streets: Iterable[tuple[str, ...]]) -> Iterator[str]:
    together = Counter((street_key(name), *places) for name, *places in streets)
    shown = {street_key(name): name for name, *_ in streets}
    alike: Counter[str] = Counter()
    for (key, *_), number in together.items():
        alike[key] += number if number > 1 else 0
    worst = [(key, number) for key, number in alike.most_common() if number]
    for key, number in worst[:SHOWN]:
        yield f"{number:,} streets called {shown[key]} cannot be told apart by their place."
    if len(worst) > SHOWN:
        rest = sum(number for _, number in worst[SHOWN:])
        yield f"So it is with {rest:,} streets of {len(worst) - SHOWN:,} other names."


def _without_a_label(streets: Iterable[tuple[str, ...]], atlas: Atlas) -> Iterator[str]:
    known = {place_key(place.name) for place in atlas.places if place.kind != "postcode"}
    sizes: Counter[str] = Counter()
    for _, locality, town, parish in streets:
        sizes.update(filter(None, (locality, town)) if locality or town else divided_places(parish))
    missing = [
        name
        for name, number in sizes.most_common()
        if number >= LEAST_STREETS and place_key(name) not in known
    ]
    if missing:
        has = "has" if len(missing) == 1 else "have"
        yield (
            f"{_listed(missing)} {has} no label on the map and cannot be searched for. Publish "
            "places that name them with their positions."
        )


def _strange_parishes(streets: Iterable[tuple[str, ...]], atlas: Atlas) -> Iterator[str]:
    known = {place_key(one) for *_, parish in streets for one in divided_places(parish)}
    strange: dict[str, list[str]] = defaultdict(list)
    for keeper in atlas.keepers:
        for parish in keeper.parishes:
            if not is_code(parish) and place_key(parish) not in known:
                strange[keeper.name].append(parish)
    for name, parishes in strange.items():
        yield f"{name} keeps {_listed(parishes)}, and no street is known to lie there."


def _listed(names: list[str]) -> str:
    more = len(names) - SHOWN
    if more > 1:
        return f"{', '.join(names[:SHOWN])} and {more:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
