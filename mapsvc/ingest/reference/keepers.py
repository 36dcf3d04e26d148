"""Keepers from a table: who looks after grass, and which parishes and roads are theirs."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mapsvc.config import Settings
from mapsvc.domain.streets import Keeper
from mapsvc.ingest.records import Record, records_of, refuse_when_empty
from mapsvc.ingest.values.names import clean_text, road_numbers
from mapsvc.ingest.values.telephone import NoTelephone, telephone
from mapsvc.messages.catalogue import Message
from mapsvc.problems import Problem, Report
from mapsvc.search.place_names import is_code, names_of_several, place_key

YES = frozenset("yes y true t 1 ours us x we".split())
NO = frozenset("no n false f 0 theirs other not".split())

LONGEST_CODE = 40


def read_keepers(
    files: Sequence[Path],
    *,
    settings: Settings,
    report: Report,
    parishes: Sequence[tuple[str, str]] = (),
) -> list[Keeper]:
    """The keepers in the files, each code once, in their order.

    A row without code takes its name as code. An address that is not http or https, and a word
    for `ours` that is neither yes nor no, are problems and left out; the keeper is kept. So is a
    parish's name that fits two parishes, or that two keepers give.

    Parameters
    ----------
    parishes : name and code of those in the published boundaries

    Raises
    ------
    FileRefused : when no row names a keeper.
    """
    keepers: dict[str, Keeper] = {}
    known = _KnownParishes(parishes)
    for record in records_of("keepers", files, settings, None, report, ("name", "code")):
        keeper = _keeper(record, known, report)
        if keeper is None:
            continue
        if keeper.code.casefold() in keepers:
            report.add(_twice(record, keeper))
            continue
        keepers[keeper.code.casefold()] = keeper
    report.count("keepers", len(keepers))
    refuse_when_empty(keepers, "keepers", files, report)
    return list(keepers.values())


class _KnownParishes:
    """The parishes of the boundaries, and who was said to keep them."""

    def __init__(self, parishes: Sequence[tuple[str, str]]) -> None:
        self._names = {place_key(name) for name, _ in parishes}
        self._codes = {code for _, code in parishes} - {""}
        self._several = names_of_several(parishes)
        self._keeper_of: dict[str, str] = {}

    def usable(self, text: str, keeper: str, record: Record, report: Report) -> bool:
        """Whether a parish's name or code says which one it is; what does not is a problem."""
        key = text.upper() if is_code(text) else place_key(text)
        first = self._keeper_of.setdefault(key, keeper)
        sentence = ""
        if key in self._several:
            codes = " and ".join(filter(None, self._several[key])) or "without codes"
            sentence = (
                f"{text} fits {len(self._several[key])} parishes, {codes}. It is left out: write "
                "the code of the parish in place of its name."
            )
        elif first != keeper:
            sentence = (
                f"{text} is a parish of {first} already. Neither is named on its streets: write "
                "each parish once, or its code."
            )
        if sentence:
            report.add(record.problem("ambiguous_parish", "parishes", sentence))
            return False
        if self._names and key not in self._names | self._codes:
            sentence = f"No published boundary is called {text}. Correct the name of the parish."
            report.add(record.problem("unknown_parish", "parishes", sentence))
        return True


def _keeper(record: Record, known: _KnownParishes, report: Report) -> Keeper | None:
    name, code = record.text("name"), record.text("code")
    if not (name or code):
        report.add(record.problem("no_name", "name", "This row names no keeper. Write its name."))
        return None
    parishes = _listed(record, "parishes")
    return Keeper(
        code=_code(code or name),
        name=name or code,
        kind=record.text("kind").lower(),
        ours=_is_ours(record, report),
        url=_url(record, report),
        phone=_phone(record, report),
        parishes=tuple(one for one in parishes if known.usable(one, name or code, record, report)),
        roads=_roads(record, report),
    )


def _code(text: str) -> str:
    return text[:LONGEST_CODE].strip()


def _twice(record: Record, keeper: Keeper) -> Problem:
    sentence = f"The code {keeper.code} is used twice. This row is left out: give it its own code."
    return record.problem("twice", "code", sentence)


def _is_ours(record: Record, report: Report) -> bool:
    word = record.text("ours").casefold()
    if word in NO:
        return False
    if word and word not in YES:
        sentence = f"{record.text('ours')!r} is neither yes nor no; read as no. Write yes or no."
        report.add(record.problem("not_yes_or_no", "ours", sentence))
        return False
    return bool(word) or _sounds_ours(record)


def _sounds_ours(record: Record) -> bool:
    """Without a word, grass is ours unless the kind says that somebody else keeps it."""
    others = {"parish", "district", "national highways", "housing", "private", "town"}
    return record.text("kind").casefold() not in others


def _url(record: Record, report: Report) -> str:
    url = record.text("url")
    if not url or _is_web_address(url):
        return url
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", url, re.ASCII):
        return f"https://{url}"
    sentence = (
        f"{url[:60]!r} does not look like a web address and is left out. Enter one that begins "
        "https://."
    )
    report.add(record.problem("bad_url", "url", sentence))
    return ""


def _phone(record: Record, report: Report) -> str:
    """The number as it is dialled; what is none is a problem and left out."""
    text = record.text("phone")
    try:
        phone = telephone(text)
    except NoTelephone:
        report.add(record.problem("bad_phone", "phone", Message("bad_phone", phone=text[:40])))
        return ""
    if phone != text:
        where = f"{record.file}, row {record.row}"
        report.notes.append(f"{where}: the telephone {text} lacks its zero; read as {phone}.")
    return phone


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    has_odd_letters = bool(re.search(r"[\s<>\"'\\`]", url))
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_odd_letters


def _listed(record: Record, column: str) -> Iterable[str]:
    parts = re.split(r"[;|\r\n]", str(record.cells.get(column) or ""))
    return dict.fromkeys(filter(None, map(clean_text, parts)))


def _roads(record: Record, report: Report) -> tuple[str, ...]:
    listed = list(_listed(record, "roads"))
    known = road_numbers(";".join(listed))
    for part in listed:
        if not road_numbers(part):
            sentence = (
                f"{part[:40]!r} does not look like a road number, such as A46, and is left out."
            )
            report.add(record.problem("bad_road_number", "roads", sentence))
    return known
