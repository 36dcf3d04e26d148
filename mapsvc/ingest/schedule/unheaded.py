"""The columns of a table of streets that has no headings, told by what is in them."""

from collections.abc import Mapping, Sequence

from mapsvc.ingest.matching.matcher import Matcher
from mapsvc.ingest.rows import Row, Sheet
from mapsvc.ingest.schedule.lines import ScheduleLine, text_of
from mapsvc.messages.catalogue import Message

LOOKED_AT = 200
"""Rows in which the column of streets is looked for."""

ENOUGH = 0.3
"""The part of a column's cells that must be streets of the gazetteer."""

Calendars = Mapping[str, set[str]]


def lines_without_headings(
    sheet: Sheet, rows: Sequence[Row], matcher: Matcher, calendars: Calendars
) -> list[ScheduleLine]:
    """A line per street and round; none when no column names streets, or the others cannot be told.

    The column of streets is the one with the most names of the gazetteer. The others are rounds:
    in the order of the calendars' columns, if codes agree; without calendars, there may be one.

    Parameters
    ----------
    calendars : service → the codes of its rounds, in the order of the calendar's columns
    """
    width = max((len(row.cells) for row in rows), default=0)
    street = _street_column(rows, width, matcher)
    if street is None:
        return []
    rounds = _round_columns(rows, [at for at in range(width) if at != street], calendars)
    return [
        _line(sheet, row, street, at, service)
        for row in rows
        for service, at in rounds.items()
        if _text(row, street)
    ]


def no_headings(file: str) -> Message:
    """What refuses such a table."""
    return Message("schedule_without_headings", file=file)


def _text(row: Row, at: int) -> str:
    return text_of(row.cells[at]) if at < len(row.cells) else ""


def _street_column(rows: Sequence[Row], width: int, matcher: Matcher) -> int | None:
    shares = {
        at: _share([_text(row, at) for row in rows[:LOOKED_AT]], matcher) for at in range(width)
    }
    best = max(shares, key=lambda at: shares[at], default=None)
    return best if best is not None and shares[best] >= ENOUGH else None


def _share(texts: Sequence[str], matcher: Matcher) -> float:
    different = {text for text in texts if text}
    return sum(map(matcher.knows, different)) / len(different) if different else 0.0


def _round_columns(
    rows: Sequence[Row], others: Sequence[int], calendars: Calendars
) -> dict[str, int]:
    """Service → column. Without calendars the service is "" and the column the only one."""
    if not calendars:
        return {"": others[0]} if len(others) == 1 else {}
    pairs = zip(calendars.items(), others, strict=False)
    return {service: at for (service, codes), at in pairs if _agreement(rows, at, codes) >= 0.5}


def _agreement(rows: Sequence[Row], at: int, codes: set[str]) -> float:
    texts = [text.casefold() for row in rows if (text := _text(row, at))]
    return sum(text in codes for text in texts) / len(texts) if texts else 0.0


def _line(sheet: Sheet, row: Row, street: int, at: int, service: str) -> ScheduleLine:
    return ScheduleLine(
        file=sheet.file,
        row=row.number,
        cells={"street": row.cells[street], "round": _text(row, at), "service": service},
        sheet=sheet.name,
        original={f"column {n + 1}": text_of(cell) for n, cell in enumerate(row.cells)},
    )
