"""The child's messages turned into sheets: the parent's half of the row protocol.

The other half is `formats`. A message is one of `{"sheet": {name, headings, crs}}`,
`{"rows": [[number, cells, wkb?] ...]}`, `{"note": sentence}` and `{"problem": {...}}`; the last
three belong to the sheet before them. A problem is the record of its `Message`, with its kind and
place. A date is `{"d": "2026-04-24"}`, WKB is base64.
"""

import base64
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from mapsvc.errors import FileRefused
from mapsvc.ingest.rows import Cell, Row, Sheet
from mapsvc.messages.catalogue import Message, message_of, said
from mapsvc.messages.words import Reader
from mapsvc.problems import Problem

Messages = Iterator[dict[str, Any]]


def sheets_of(messages: Messages, name: str, *, keep: bool) -> Iterator[Sheet]:
    """The sheets of one file, in its order.

    Parameters
    ----------
    keep : True reads each sheet whole before it is handed over; False streams, and rows not read
        when the next sheet is asked for are lost

    Raises
    ------
    FileRefused : when the messages have not the shape that the readers give them.
    """
    stream = _Stream(messages, name)
    while (head := stream.next_head()) is not None:
        notes: list[str] = []
        problems: list[Problem] = []
        title = str(head.get("name", ""))
        rows = stream.rows(notes, problems, title)
        sheet = Sheet(
            file=name,
            name=title,
            headings=tuple(str(heading) for heading in head.get("headings", ())),
            rows=iter(list(rows)) if keep else rows,
            crs=str(head.get("crs", "")),
            notes=notes,
            problems=problems,
        )
        yield sheet
        for _ in rows:
            pass


class _Stream:
    """The messages, with one looked at ahead: where a sheet ends, the next has begun."""

    def __init__(self, messages: Messages, name: str) -> None:
        self._messages = messages
        self._name = name
        self._head: dict[str, Any] | None = None

    def next_head(self) -> dict[str, Any] | None:
        if self._head is None:
            for message in self._messages:
                if "sheet" in message:
                    self._head = message["sheet"]
                    break
        head, self._head = self._head, None
        return head

    def rows(self, notes: list[str], problems: list[Problem], sheet: str) -> Iterator[Row]:
        for message in self._messages:
            if "sheet" in message:
                self._head = message["sheet"]
                return
            if "note" in message:
                notes.append(str(message["note"]))
            elif "problem" in message:
                problems.append(self._problem(message["problem"], sheet))
            else:
                yield from self._batch(message.get("rows", ()))

    def _batch(self, batch: Any) -> list[Row]:
        try:
            geometries = _geometries([row[2] if len(row) > 2 else None for row in batch])
            return [
                Row(int(row[0]), _cells(row[1]), geometry)
                for row, geometry in zip(batch, geometries, strict=True)
            ]
        except (TypeError, ValueError, KeyError, IndexError):
            raise FileRefused("file_unreadable", file=self._name) from None

    def _problem(self, fields: Any, sheet: str) -> Problem:
        return Problem(
            kind=str(fields.get("kind", "")),
            message=heard(fields),
            file=self._name,
            sheet=sheet,
            row=int(fields.get("row", 0)),
            column=str(fields.get("column", "")),
            value=str(fields.get("value", "")),
        )


def heard(record: Any) -> Message:
    """A message that the child wrote; what is none of ours is the text that it is."""
    clean = _clean(record)
    if not isinstance(clean, dict):
        return said(str(clean))
    sentence = str(clean.get("sentence", ""))
    try:
        message = message_of(clean, sentence)
        for reader in Reader:
            message.told(reader)
    except (KeyError, TypeError, ValueError, RecursionError):
        return said(sentence)
    return message


def _clean(record: Any) -> Any:
    """Each text in it as one line that can be printed, however the child came to write it."""
    if isinstance(record, dict):
        return {str(name): _clean(value) for name, value in record.items()}
    if isinstance(record, list):
        return [_clean(value) for value in record]
    if isinstance(record, str):
        return "".join(c if c.isprintable() else " " for c in record[:1000])
    return record


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _cells(cells: list[Any]) -> list[Cell]:
    """The cells themselves in most rows: a million rows pass here."""
    return cells if _PLAIN.issuperset(map(type, cells)) else [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["d"])
    if type(cell) in _PLAIN:
        return cast(Cell, cell)
    raise TypeError(f"{cell!r} is no cell")


def _geometries(texts: list[str | None]) -> list[Any]:
    """Shapely geometries of base64 WKB, open rings closed; None for what GEOS cannot build."""
    if not any(texts):
        return [None] * len(texts)
    import shapely

    wkb = [base64.b64decode(text) if text else None for text in texts]
    return list(shapely.from_wkb(wkb, on_invalid="fix"))
