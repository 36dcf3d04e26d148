"""The stock of invented names, for places and for streets; nothing here knows where they lie."""

import random
from collections.abc import Iterator, Sequence


def _words(text: str) -> tuple[str, ...]:
    """The words of a stock, which are divided by commas where one holds a space."""
    return tuple(text.split("," if "," in text else None))


COUNCIL = "Rivershire County Council"

TOWNS = ("Averminster", "Calderwick Regis", "Stannermouth", "Hexenbury")
WELSH_VILLAGES = ("Llanfedrog-y-Bont", "Pentrewynant")
VILLAGES = (
    "Great Osmerley",
    "Little Osmerley",
    "Wexenbourne",
    "Tanglewick",
    "Peverstoke",
    "Fenwardine",
    "Upper Dunsel",
    "Nether Dunsel",
    "Harrowmere St Mary",
    "Quillingford",
    "Brackenholt",
    "Saltersby-on-Aver",
    "Thrupcombe",
    "Mossop Green",
    "Long Ketterley",
    "Ivelthorpe",
    "Cold Ravenham",
    "Ousebridge Magna",
    "Yarlingstone",
    *WELSH_VILLAGES,
)
SUBURBS = ("Castle Fields", "Eastover", "Milbrook Park", "St Osric's", "Weir End")

HEADS = _words(
    "Osmer Wexen Tangle Pever Fenwar Harrow Quilling Bracken Salter Thrup Mossop Ketter Ivel "
    "Raven Ouse Yarling Tolver Grendle Hawksel Marlin Pendle Rushen Swithen Tarrant Umber "
    "Vexel Wendle Aldren Burtle Corven Delmer Ellin Farrin Gosmer Hollin Isen Jarrow Kelmer "
    "Lorven Mindle"
)
TAILS = _words("bourne wick stoke ford holt combe mere ley thorpe ham stone bury by ton dean hurst")
BEFORE = ("", "", "", "", "Great ", "Little ", "Upper ", "Nether ", "Long ", "Cold ")
AFTER = ("", "", "", "", "", " Green", " St Mary", " Regis", " Magna", " Parva")

FIRST_NAMES = _words(
    "Harold Albert Edith Florence Stanley Victoria Winifred Arthur Beatrice Cedric Dorothy "
    "Edwin Frederick Gladys Herbert Ivy Mabel Percy Reginald Sybil Walter Agatha Leonard Maud "
    "Cuthbert"
)
TREES = _words(
    "Oak Ash Beech Birch Cedar Chestnut Elm Hawthorn Hazel Holly Juniper Larch Laurel Lime "
    "Linden Maple Poplar Rowan Sycamore Willow Yew Alder Aspen Blackthorn Hornbeam Magnolia "
    "Spruce Walnut"
)
BIRDS = _words(
    "Kestrel Heron Skylark Plover Curlew Lapwing Nightingale Kingfisher Swallow Martin Wren "
    "Linnet Goldfinch Partridge Osprey Falcon Merlin Teal Mallard Wagtail Dunnock Redwing "
    "Fieldfare Avocet"
)
FLOWERS = _words(
    "Primrose Bluebell Foxglove Cowslip Campion Clover Heather Lavender Meadowsweet Poppy "
    "Speedwell Teasel Yarrow Bryony Celandine Harebell Honeysuckle Marigold Orchid Snowdrop "
    "Sorrel Tansy"
)
POETS = _words(
    "Wordsworth Tennyson Keats Shelley Byron Coleridge Browning Chaucer Milton Dryden Southey "
    "Blake Hardy Masefield Kipling Rossetti Spenser Marlowe Betjeman Housman Bridges Brooke"
)
SURNAMES = _words(
    "Abbott Ainsley Barlow Bentham Carver Chadwick Dalby Dawlish Eccles Elwood Fairfax Fenner "
    "Garrick Gresham Hadley Hargrave Ingram Jessop Kendrick Kershaw Lambton Lowther Maddox "
    "Marsden Naylor Norbury Orton Oxley Pargeter Penrose Quayle Radcliffe Ridley Saxby Selwyn "
    "Tarleton Thackeray Underhill Vaughan Vernon Wainwright Wardle Yardley Astley Bramwell "
    "Cobden Delamere"
)
FIELDS = _words(
    "Long Meadow,Orchard,Highfield,Brookside,Glebe,Paddock,Barn,Mill Race,Priory,Manor,"
    "Hillcrest,Sandpit,Quarry,Weavers,Tanyard,Coppice,Spinney,Upper Field,Lower Field,"
    "Broadacre,Hop Yard,Windmill,Dovecote,Rectory,Smithy,Pinfold,Ten Acre,Gorse,Fallow,"
    "Larkfield,Stonepit,Abbey,Friars,Pilgrim,Saddlers,Coopers,Fletcher,Thatchers,Wharf,Lock,"
    "Millstone,Beacon,Ridge,Dell"
)
THEMES: tuple[Sequence[str], ...] = (
    FIRST_NAMES,
    TREES,
    BIRDS,
    FLOWERS,
    POETS,
    SURNAMES,
    SURNAMES,
    FIELDS,
    FIELDS,
)

CORE = _words(
    "High Street,Bridge Street,Church Street,Market Place,Castle Street,Sheep Street,"
    "Mill Street,St John's Street,Corn Hill,Priory Street,Friar Gate,Quay Street,New Street,"
    "Queen Street,King Street,Well Street,Silver Street,Tanners Lane,Back Lane,Chapel Street,"
    "Union Street,George Street,Swan Lane,Butter Market,Abbey Street,West Street,North Street,"
    "East Street,Bath Street,Salter's Row,Weaver Street,Albion Street,Foundry Street,"
    "Railway Street"
)
VILLAGE_CORE = _words(
    "Church Lane,Mill Road,Station Road,School Lane,Chapel Street,Back Lane,Green Lane,"
    "Mill Lane,Church Road,Well Lane,The Green,Manor Lane,Pound Lane,New Road,Rectory Lane,"
    "Bridge Street,Park Road,Hill Street,Post Office Lane,Forge Lane,Brook Lane,Glebe Road,"
    "Vicarage Road"
)
VILLAGE_SPINE = ("Main Street", "Main Street", "Main Street", "High Street", "The Street")
LANES = _words(
    "Hollow Lane,Gallows Lane,Drift Lane,Sandy Lane,Watery Lane,Featherbed Lane,Clay Lane,"
    "Moor Lane,Long Lane,Cuckoo Lane,Common Lane,Ridge Lane,Packhorse Lane,Dark Lane,"
    "Green Lane,Mill Lane,Ford Lane,Copse Lane,Heath Road,Furze Lane,Stocks Lane,Toll Bar Road,"
    "Coach Road,Salters Lane"
)
FARMS = _words(
    "Hill,Manor,Grange,Lodge,Home,Park,Wood,Moat,Lower,Upper,Church,Bank,Brook,Heath,Hall,"
    "Warren,Marsh,Valley,Springs,Poplars,Elms,Limes,Rookery,Laurels"
)
TRUNK = ("Fosse Straight", "Ridge Way", "Beacon Bank", "Monks Causeway", "Long Reach", "Toll Bar")

SUFFIXES: dict[str, Sequence[str]] = {
    "core": ("Street", "Street", "Road", "Terrace", "Row"),
    "collector": ("Road", "Avenue", "Way", "Drive", "Lane"),
    "local": ("Road", "Avenue", "Drive", "Street", "Grove", "Way", "Rise", "Gardens"),
    "crescent": ("Crescent", "Crescent", "Drive", "Circle"),
    "close": ("Close", "Close", "Close", "Court", "Place", "Mews", "Walk", "View", "Croft"),
}

WELSH = {
    "Main Street": "Y Stryd Fawr",
    "High Street": "Stryd Fawr",
    "Church Lane": "Lôn yr Eglwys",
    "Church Road": "Heol yr Eglwys",
    "Mill Road": "Heol y Felin",
    "Mill Lane": "Lôn y Felin",
    "Station Road": "Heol yr Orsaf",
    "School Lane": "Lôn yr Ysgol",
    "Chapel Street": "Stryd y Capel",
    "Bridge Street": "Stryd y Bont",
    "Back Lane": "Lôn Gefn",
    "Green Lane": "Lôn Las",
    "Well Lane": "Lôn y Ffynnon",
    "New Road": "Heol Newydd",
    "Park Road": "Heol y Parc",
    "Hill Street": "Stryd y Bryn",
    "Forge Lane": "Lôn yr Efail",
    "Brook Lane": "Lôn y Nant",
    "Vicarage Road": "Heol y Ficerdy",
}


def place_names(rng: random.Random, count: int, towns: int) -> list[str]:
    """`count` names, towns first: the fixed ones of the demonstration, then compounds."""
    made = _compounds(rng, {*TOWNS, *VILLAGES})
    names = list(TOWNS[:towns])
    names += [next(made) for _ in range(towns - len(names))]
    names += VILLAGES[: count - len(names)]
    return names + [next(made) for _ in range(count - len(names))]


def _compounds(rng: random.Random, taken: set[str]) -> Iterator[str]:
    while True:
        stem = rng.choice(HEADS) + rng.choice(TAILS)
        name = f"{rng.choice(BEFORE)}{stem}{rng.choice(AFTER)}"
        if name not in taken:
            taken.add(name)
            yield name


class StreetNames:
    """The names given out in one settlement: no two streets of one place share one."""

    def __init__(self, rng: random.Random, is_town: bool) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._stock = list(CORE if is_town else VILLAGE_CORE)
        if is_town:
            rng.shuffle(self._stock)

    def take(self, name: str) -> str | None:
        """`name`, or None where the settlement has it already."""
        if name in self._taken:
            return None
        self._taken.add(name)
        return name

    def stock(self) -> str | None:
        """The next of the old names every place has, until they are used up."""
        while self._stock:
            if name := self.take(self._stock.pop(0)):
                return name
        return None

    def stem_like(self, theme: int) -> str:
        """A word of the estate's theme: trees, birds, poets …"""
        return self._rng.choice(THEMES[theme % len(THEMES)])

    def family(self, stem: str, kind: str) -> str | None:
        """`stem` with a suffix of this kind of street, if one is free (Harold Avenue, Close …)."""
        suffixes = list(SUFFIXES[kind])
        self._rng.shuffle(suffixes)
        return next((name for s in suffixes if (name := self.take(f"{stem} {s}"))), None)

    def fresh(self, theme: int, kind: str) -> tuple[str, str]:
        """A free (stem, name) of the theme; where that is used up, of any theme."""
        for attempt in range(60):
            stem = self.stem_like(theme if attempt < 8 else self._rng.randrange(len(THEMES)))
            if name := self.family(stem, kind):
                return stem, name
        return self._double(kind)

    def _double(self, kind: str) -> tuple[str, str]:
        """In a city, two words: Fairfax Meadow Close."""
        while True:
            stem = f"{self._rng.choice(SURNAMES)} {self._rng.choice(FIELDS)}"
            if name := self.family(stem, kind):
                return stem, name
